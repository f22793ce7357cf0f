/** Connections of which the files of a repository say different things. */
import { groupBy } from '../graph/group-by.js'
import type { Diagnostic, Service } from '../model.js'
import type { Named } from './connection.js'

/** A connection for which the sources name more than one database. */
export interface Doubt {
  taken: Named
  others: Named[]
}

/** Names of services that a message lists. */
const MAX_NAMED = 3

/**
 * Once for each database that was taken, however many connections and files are about it; of services of which the same
 * files say the same, be it at lines of their own, once for all.
 */
export function disagreements(doubts: ReadonlyMap<Service, Doubt[]>): Diagnostic[] {
  const told = [...doubts].flatMap(([service, own]) =>
    [...groupBy(own, ({ taken }) => taken.database).values()].map(group => ({
      service,
      taken: group[0]!.taken,
      doubts: group,
    })),
  )
  const groups = groupBy(told, ({ taken, doubts }) => `${taken.database}\0${filesOf(doubts)}`)
  return [...groups.values()].map((group): Diagnostic => {
    const { taken } = group[0]!
    const rest = othersOf(group.flatMap(({ doubts }) => doubts))
    const services = group.map(({ service }) => service)
    const configurable = services.filter(({ kind }) => kind === 'service').map(({ name }) => name)
    const advice = configurable
      .slice(0, MAX_NAMED)
      .map(name => `services.${name}.datastore`)
      .join(', ')
    return {
      severity: 'warning',
      code: 'datastore-disagreement',
      message:
        `the database of ${listed(services.map(({ name }) => name))} is taken to be ${taken.database}, but other files ` +
        `say ${rest}: deployments override .env files, these override example files, and these override defaults in code.` +
        (advice === '' ? '' : ` If it is another one, say so in seamripper.yml: ${advice}`) +
        (configurable.length > MAX_NAMED ? ', and so on' : ''),
      file: taken.evidence.file,
      line: taken.evidence.line,
    }
  })
}

/** The other databases and the files that name them, as a key. */
function filesOf(doubts: Doubt[]): string {
  const named = doubts
    .flatMap(doubt => doubt.others)
    .map(({ database, evidence }) => `${database}\0${evidence.file}`)
  return [...new Set(named)].sort().join('\0')
}

/** The other databases, each with the first place that names it. */
function othersOf(doubts: Doubt[]): string {
  const others = groupBy(
    doubts.flatMap(doubt => doubt.others),
    other => other.database,
  )
  return [...others]
    .map(([database, named]) => {
      const places = new Set(named.map(({ evidence }) => `${evidence.file}:${evidence.line}`))
      const [first] = places
      return `${database} (${first}${places.size > 1 ? ` and ${places.size - 1} more` : ''})`
    })
    .join(', ')
}

function listed(names: string[]): string {
  if (names.length <= MAX_NAMED) return names.join(', ')
  return `${names.slice(0, MAX_NAMED).join(', ')} and ${names.length - MAX_NAMED} more`
}
