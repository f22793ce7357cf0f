/** Names that a query builder gives to parts of its own statement: no tables, in raw SQL that the builder contains. */
import type { FileFacts, FunctionId } from '../extract/facts.js'
import type { CallSite } from './calls.js'
import type { ExecutedSql } from './statements.js'

/** Methods of builders that name a common table expression, as knex, Kysely and Drizzle have them. */
const NAMING_METHOD = /^(?:\$?with)(?:Recursive|Materialized|NotMaterialized)*$/

/** An executed statement without the names of the builder around it. */
export function withoutBuilderNames(executed: ExecutedSql, { facts, call }: CallSite): ExecutedSql {
  const names = builderNames(facts, call.fn)
  if (!executed.tables.some(({ schema, name }) => schema === null && names.has(name.toLowerCase())))
    return executed
  return {
    ...executed,
    tables: executed.tables.filter(({ schema, name }) => schema !== null || !names.has(name.toLowerCase())),
  }
}

/** Names given within the outermost function around a call: a builder is often put together over several statements. */
function builderNames(facts: FileFacts, fn: FunctionId | null): Set<string> {
  const names = new Set<string>()
  const around = outermost(facts, fn)
  for (const call of facts.calls) {
    const node = facts.nodes[call.node]
    if (node.kind !== 'call' || node.args.length < 2) continue
    const callee = facts.nodes[node.callee]
    if (callee.kind !== 'member' || !NAMING_METHOD.test(callee.name)) continue
    const name = facts.nodes[node.args[0]]
    if (name.kind === 'text' && outermost(facts, call.fn) === around) names.add(name.text.toLowerCase())
  }
  return names
}

function outermost(facts: FileFacts, fn: FunctionId | null): FunctionId | null {
  let at = fn
  while (at !== null && facts.functions[at].parent !== null) at = facts.functions[at].parent
  return at
}
