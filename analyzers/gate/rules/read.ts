import type { Rule } from './rule.js'

export const rule: Rule = {
  title: 'Cross-service read',
  help: 'A service reads a table of another service. The owner can neither change nor move the table without breaking it.',
  level: 'error',
  forbids: ({ kind, crosses, op }) => kind === 'access' && crosses && (op === 'read' || op === 'join'),
  message: ({ service, table, owner }) => `${service} reads ${table}, which belongs to ${owner}.`,
  advice: ({ owner }) =>
    `Read it through an API client of ${owner} instead of SQL; cache what seldom changes.`,
}
