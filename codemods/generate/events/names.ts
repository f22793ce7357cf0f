/** What events, topics and the functions that publish them are called. */
import { camel, singular, wordsOf } from '../../names/words.js'
import type { Operation } from '../../operation.js'
import { clientNames } from '../client/names.js'

/** By the first word of an operation's name. */
const DONE: Record<string, string> = {
  create: 'created',
  update: 'updated',
  upsert: 'saved',
  delete: 'deleted',
}

/**
 * `billing.charge.created` for `createCharge` of billing-service; `billing.invoice.statusUpdatedById` where
 * `billing.invoice.updated` is taken.
 *
 * @param services all of them
 * @param taken types of other operations
 */
export function eventTypeOf(
  operation: Operation,
  services: readonly string[],
  taken: ReadonlySet<string>,
): string {
  const { file } = clientNames(operation.owner, services)
  const [table = 'row'] = operation.tables.map(id => id.split(/[/.]/).at(-1) ?? '')
  const nouns = wordsOf(table)
  const entity = camel([...nouns.slice(0, -1), singular(nouns.at(-1) ?? 'row')])
  const [verb = '', ...words] = wordsOf(operation.name)
  const done = DONE[verb] ?? `${verb}Done`
  const by = words.indexOf('by')
  const rest = (by === -1 ? words : words.slice(0, by)).filter(
    word => !nouns.includes(word) && word !== singular(nouns.at(-1) ?? ''),
  )
  const behind = by === -1 ? [] : words.slice(by)
  const candidates = [done, camel([...rest, done]), camel([...rest, done, ...behind])].map(
    action => `${file}.${entity}.${action}`,
  )
  const free = candidates.find(type => !taken.has(type))
  if (free !== undefined) return free
  for (let number = 2; ; number++) {
    const type = `${candidates.at(-1)}${number}`
    if (!taken.has(type)) return type
  }
}

/** `billing.events`: one for each owner, so that events of different types keep their order. */
export function topicOf(owner: string, services: readonly string[]): string {
  return `${clientNames(owner, services).file}.events`
}

/** `chargeCreated` of `billing.charge.created`. */
export function publisherOf(type: string): string {
  return camel(type.split('.').slice(1).flatMap(wordsOf))
}

/** `billingEvents`. */
export function publisherName(owner: string, services: readonly string[]): string {
  return clientNames(owner, services).client.replace(/Client$/, 'Events')
}
