import type { Rule } from './rule.js'

/** Services whose separation is done: nothing may tie them to others again. */
export const rule: Rule = {
  title: 'Separated service',
  help: 'The config says that this service is separated: nothing may cross into its tables or out of it. Neither the baseline nor an allowance accepts it.',
  level: 'error',
  strict: true,
  // Migrations run once: those of the time before the separation stay in the repository.
  forbids: ({ kind, crosses, service, owner }, { isSeparated }) =>
    kind !== 'migration' && crosses && (isSeparated(service) || isSeparated(owner!)),
  message: ({ service, op, table, owner }) =>
    `${service} reaches ${table} of ${owner} (${op}), and one of the two is separated: nothing may cross between them.`,
  advice: ({ owner }) => `Use the API of ${owner}. This can't be put on the baseline.`,
}
