import type { SeparationStep } from '../analyzers/graph/index.js'
import { listed } from '../analyzers/listed.js'
import { count } from './text/words.js'

/** What ties a service to those behind it in the order of separation, beside accesses: `1 transaction and 2 foreign keys`. */
export function beside({ transactions, foreignKeys }: SeparationStep): string {
  return listed([
    ...(transactions > 0 ? [count(transactions, 'transaction')] : []),
    ...(foreignKeys > 0 ? [count(foreignKeys, 'foreign key')] : []),
  ])
}

/** Whether all that tied it was to services before it. */
export function isFree({ incoming, outgoing, transactions, foreignKeys }: SeparationStep): boolean {
  return incoming + outgoing + transactions + foreignKeys === 0
}
