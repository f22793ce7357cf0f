import type { Rule } from './rule.js'

export const rule: Rule = {
  title: 'Cross-service write',
  help: "A service writes to a table of another service, or defines or changes it. The owner's rules for its data don't hold, and nobody can change the table alone.",
  level: 'error',
  forbids: ({ kind, crosses, op }) =>
    kind === 'access' && crosses && (op === 'write' || op === 'transaction' || op === 'ddl'),
  message: ({ service, op, table, owner }) =>
    `${service} ${op === 'ddl' ? 'defines or changes' : 'writes'} ${table}, which belongs to ${owner}.`,
  advice: ({ op, owner, table }) =>
    op === 'ddl'
      ? `Move what defines or changes ${table} to the migrations of ${owner}.`
      : `Let ${owner} write it: call its API, or publish an event that it handles.`,
}
