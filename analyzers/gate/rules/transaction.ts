import type { Rule } from './rule.js'

/** One transaction that writes to tables of two owners: it can't stay atomic. */
export const rule: Rule = {
  title: 'Cross-service transaction',
  help: 'A transaction writes to tables of two services. Once these lie in two databases it can no longer be atomic.',
  level: 'error',
  forbids: ({ kind, crosses, op }) => kind === 'access' && crosses && op === 'transaction',
  message: ({ service, table, owner }) =>
    `${service} writes ${table} of ${owner} in one transaction with tables of another owner.`,
  advice: ({ owner }) =>
    `Let ${owner} write it: call its API, or publish an event, after the commit (an outbox), idempotent, and say how it is undone.`,
}
