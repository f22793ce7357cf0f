import type { Rule } from './rule.js'

/** Services such as orchestrators, which work through the APIs of others only. */
export const rule: Rule = {
  title: 'Service without a database',
  help: 'The config says that this service must have no database at all, so it runs no SQL, not even over tables of its own.',
  level: 'error',
  forbids: ({ kind, service }, { hasNoDatabase }) =>
    (kind === 'access' || kind === 'unresolved') && hasNoDatabase(service),
  message: ({ service, op, table, owner }) =>
    table === null
      ? `${service} must have no database, and runs SQL.`
      : `${service} must have no database, and runs SQL over ${table}${owner === null || owner === service ? '' : ` of ${owner}`} (${op}).`,
  advice: ({ service, owner }) =>
    owner === null || owner === service
      ? 'Move the statement to the service that the data belongs to, and call its API.'
      : `Call the API of ${owner} instead.`,
}
