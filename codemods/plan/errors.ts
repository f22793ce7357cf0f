/** Errors that the code around a call asks for what those of a client do not have, or an event's. */
import { placeIn } from '../connection/functions.js'
import type { Repository } from '../repository/index.js'
import { type Asked, askedOfErrors, throwsOthers } from '../site/asked-of-errors.js'
import { Refusal } from '../site/refusal.js'
import type { Wrapper } from '../wrapper/wrapper.js'
import type { AccessPlan } from './plan.js'
import type { readSite } from './site.js'

type Site = Pick<ReturnType<typeof readSite>, 'file' | 'call' | 'wrapper'>

/** @throws Refusal where what the code does then would depend on that */
export function refuseAskedErrors(site: Site, plan: AccessPlan, repository: Repository): void {
  for (const asked of askedOfErrors(site.file, site.call, repository)) {
    if (asked.answered === 'no')
      throw new Refusal(
        `its errors are asked for what those of a client do not have: ${written(asked)}`,
        'ask for `code`, which a client has from the database, and run this again',
      )
    const lost = `errors of the connection, which ${written(asked)} looks for, are an UnavailableError of the client`
    if (asked.answered === 'connection' && !plan.lost.includes(lost)) plan.lost.push(lost)
  }
  if (site.wrapper) refuseErrorsMadeBy(site.wrapper.name, site.wrapper, repository)
}

/** A function between the call and the driver that makes errors of its own, by what the driver's say. */
function refuseErrorsMadeBy(name: string, { runs }: Pick<Wrapper, 'runs'>, repository: Repository): void {
  for (const { file, call, inner } of runs) {
    const [asked] = throwsOthers(file, call) ? askedOfErrors(file, call, repository) : []
    if (asked)
      throw new Refusal(
        `it is executed by ${name}, which makes errors of its own by ${written(asked)}`,
        'call the client in its place by hand, and make these errors there',
      )
    if (inner) refuseErrorsMadeBy(name, inner, repository)
  }
}

/** @throws Refusal where the code looks at the database's errors, which come when the event is applied */
export function refuseAskedOfEvent({ file, call }: Site, repository: Repository): void {
  const [asked] = askedOfErrors(file, call, repository)
  if (asked)
    throw new Refusal(
      `its errors are looked at, which an event does not have: ${written(asked)}`,
      'let the owner make the change at once, or check before the event is published',
    )
}

function written({ file, node, what }: Asked): string {
  return `\`${what}\` at ${placeIn(file, node)}`
}
