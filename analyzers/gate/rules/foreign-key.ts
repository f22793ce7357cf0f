import type { Rule } from './rule.js'

export const rule: Rule = {
  title: 'Cross-service foreign key',
  help: 'A foreign key leads from a table of one service to a table of another. No database can hold it once they lie apart.',
  level: 'error',
  forbids: ({ kind, crosses }) => kind === 'foreign-key' && crosses,
  message: ({ service, table, owner }) =>
    `A table of ${service} has a foreign key to ${table}, which belongs to ${owner}.`,
  advice: ({ owner }) =>
    `Keep the column as a plain id without the key, and let the API of ${owner} check it when a row is written.`,
}
