/** Names that a query builder gives to parts of its own statement: no tables, in raw SQL that the builder contains. */
import type { CallFacts, FileFacts } from '../extract/facts.js'
import type { CallSite } from './calls.js'
import { outermost } from './evaluator/wrapped.js'
import type { ExecutedSql } from './statements.js'

/** Methods of builders that name a common table expression, as knex, Kysely and Drizzle have them. */
const NAMING_METHOD = /^(?:\$?with)(?:Recursive|Materialized|NotMaterialized)*$/

/**
 * An executed statement without the names of the builder around it.
 *
 * @param namesOfFile all names that builders give in the file of the call
 */
export function withoutBuilderNames(
  executed: ExecutedSql,
  site: CallSite,
  namesOfFile: string[],
): ExecutedSql {
  const isNamed = (names: { has(name: string): boolean }) =>
    executed.tables.some(({ schema, name }) => schema === null && names.has(name.toLowerCase()))
  if (namesOfFile.length === 0 || !isNamed(new Set(namesOfFile))) return executed
  const names = namesAround(site)
  if (!isNamed(names)) return executed
  const { tables, routines } = executed
  const isTable = ({ schema, name }: (typeof tables)[number]): boolean =>
    schema !== null || !names.has(name.toLowerCase())
  // Parts are places among the tables and, behind these, the routines.
  const places = [...tables, ...routines].flatMap((_, place) =>
    place >= tables.length || isTable(tables[place]) ? [place] : [],
  )
  const placeNow = new Map(places.map((place, now) => [place, now]))
  const parts = executed.parts?.map(part => part.flatMap(place => placeNow.get(place) ?? []))
  return { ...executed, tables: tables.filter(isTable), ...(parts && { parts }) }
}

/** All names that builders give in a file. */
export function builderNamesIn(facts: FileFacts): string[] {
  return [...new Set(facts.calls.flatMap(call => nameGiven(facts, call) ?? []))]
}

/** Names given within the outermost function around a call: a builder is often put together over several statements. */
function namesAround({ facts, call }: CallSite): Set<string> {
  const around = outermost(facts, call.fn)
  return new Set(
    facts.calls.flatMap(each => (outermost(facts, each.fn) === around ? (nameGiven(facts, each) ?? []) : [])),
  )
}

/** The name that a call gives to a part of a statement, in lower case. */
function nameGiven(facts: FileFacts, call: CallFacts): string | null {
  const node = facts.nodes[call.node]
  if (node.kind !== 'call' || node.args.length < 2) return null
  const callee = facts.nodes[node.callee]
  if (callee.kind !== 'member') return null
  // TypeORM's has the name behind the query.
  const isBehind = callee.name === 'addCommonTableExpression'
  if (!isBehind && !NAMING_METHOD.test(callee.name)) return null
  const name = facts.nodes[node.args[isBehind ? 1 : 0]]
  return name.kind === 'text' ? name.text.toLowerCase() : null
}
