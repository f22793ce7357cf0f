import type { Rule } from './rule.js'

export const rule: Rule = {
  title: 'Table without a known owner',
  help: 'Nothing says clearly which service owns this table, so it can not be told whether using it crosses a seam.',
  level: 'warn',
  forbids: ({ kind, table, owner, openOnPurpose }) =>
    kind === 'access' && table !== null && owner === null && !openOnPurpose,
  message: ({ service, table }) => `${service} uses ${table}, whose owner is not known.`,
  advice: ({ table, service }) =>
    `Say in seamripper.yml whose it is, under owners: "${table}: ${service}" or another service, or null to leave it open on purpose.`,
}
