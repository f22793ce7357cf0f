import { listed } from '../../listed.js'
import type { Rule } from './rule.js'

export const rule: Rule = {
  title: 'Cross-service join',
  help: 'One statement is over tables of two services or more. It has to be split before they can lie in two databases.',
  level: 'error',
  forbids: ({ kind, crosses, op, join }) => kind === 'access' && crosses && join && op !== 'ddl',
  message: ({ service, table, owner }) => `${service} joins with ${table}, which belongs to ${owner}.`,
  advice: ({ table, owner }) =>
    `Query the other tables without ${table} and get its rows by their keys from the API of ${owner}, or ask ${owner} for an endpoint that answers the whole question.`,
  adviceForAll: uses => {
    const tables = [...new Set(uses.map(({ table }) => table))]
    const owners = [...new Set(uses.map(({ owner }) => owner))]
    const [apis, asked] = owners.length > 1 ? ['APIs', 'one of them'] : ['API', owners[0]]
    return `Take ${listed(tables)} out of the statement and get their rows by their keys from the ${apis} of ${listed(owners)}, or ask ${asked} for an endpoint that answers the whole question.`
  },
}
