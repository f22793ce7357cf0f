import type { Rule } from './rule.js'

export const rule: Rule = {
  title: 'Cross-service migration',
  help: 'A migration or schema script of one service reads, writes or changes a table of another.',
  level: 'error',
  forbids: ({ kind, crosses }) => kind === 'migration' && crosses,
  message: ({ service, op, table, owner }) =>
    `A migration of ${service} ${op === 'ddl' ? 'changes' : op === 'read' || op === 'join' ? 'reads' : 'writes'} ${table}, which belongs to ${owner}.`,
  advice: ({ owner }) => `Move the statement to the migrations of ${owner}.`,
}
