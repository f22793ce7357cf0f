/**
 * Calls that run statements of modules which are made of `.sql` files and are not there (`evaluator/made-of-sql.ts`). What
 * such a module exports depends on the tool, so three things run a statement: its own call (`findUser(client, values)`), a
 * method of it that is called like one that runs (`findUser.run(values, client)`), and any call that gets it, or what another
 * of its methods gives (`db.run(findUser.bind(values))`).
 */

import { unknownDriver } from '../drivers/index.js'
import { pgtyped } from '../drivers/pgtyped.js'
import type { CallFacts, FileFacts, NodeId } from '../extract/facts.js'
import { untyped } from '../extract/untyped.js'
import { blockOf, madeModule, madeStatement } from './evaluator/made-of-sql.js'
import type { Evaluator } from './evaluator/state.js'
import type { Sink } from './sinks/index.js'
import { type Target, targetsOf } from './targets.js'

/** Names of methods that run the statement that they are one of. */
const RUNS = /^(?:run|exec|execute|query|all|get|one|many|first|each|iterate|stream)$/
/** What gets a statement to show it. */
const SHOWS = /^(?:log|info|warn|error|debug|trace|stringify|assign|keys|values|entries)$/
const MAX_DEPTH = 30

/** What tells the statements that a call of a file runs; null where the file imports no such module. */
export function createMadeStatements(
  e: Evaluator,
  facts: FileFacts,
): ((call: CallFacts, targets: Target[]) => Sink[]) | null {
  const modules = new Set(
    Object.values(facts.imports)
      .map(({ module }) => module)
      .filter(module => madeModule(e, facts.file, module) !== null),
  )
  if (modules.size === 0) return null
  const calls = new Map(facts.calls.map(call => [call.node, call]))
  return (call, targets) => {
    const node = facts.nodes[call.node]
    if (node.kind !== 'call') return []
    const callee = untyped(facts, node.callee)
    if (isStatement(node.callee)) return [sinkOf(node.callee)]
    if (callee.kind === 'member' && RUNS.test(callee.name)) {
      const own = statementsIn(callee.of)
      if (own.length > 0) return own.map(sinkOf)
    }
    if ((callee.kind === 'member' && SHOWS.test(callee.name)) || givesObjects(e, targets)) return []
    return node.args.flatMap(arg => statementsIn(arg)).map(sinkOf)
  }

  /** Whether it is an export of such a module. */
  function isStatement(id: NodeId): boolean {
    const node = untyped(facts, id)
    if (node.kind === 'member') {
      const of = untyped(facts, node.of)
      const made = of.kind === 'import' ? madeStatement(e, facts, of.name) : null
      return made?.kind === 'sql-file' && blockOf(e, made, node.name) !== null
    }
    return (
      node.kind === 'import' &&
      modules.has(facts.imports[node.name]?.module) &&
      madeStatement(e, facts, node.name)?.kind === 'text'
    )
  }

  /** The statements that a node is, or is made of by their methods. */
  function statementsIn(id: NodeId, depth = 0): NodeId[] {
    if (depth > MAX_DEPTH) return []
    if (isStatement(id)) return [id]
    const node = untyped(facts, id)
    const inner = (each: NodeId): NodeId[] => statementsIn(each, depth + 1)
    switch (node.kind) {
      case 'member':
        return RUNS.test(node.name) ? [] : inner(node.of)
      case 'variable':
        return Object.hasOwn(facts.variables, node.name) ? inner(facts.variables[node.name]) : []
      case 'choice':
        return node.of.flatMap(inner)
      case 'call': {
        // What its own call gives are rows.
        if (isStatement(node.callee)) return []
        const call = calls.get(id)
        const isGivenBack = call !== undefined && givesObjects(e, targetsOf(e, facts, call))
        return [...inner(node.callee), ...(isGivenBack ? node.args.flatMap(inner) : [])]
      }
      default:
        return []
    }
  }

  function sinkOf(sql: NodeId): Sink {
    const node = untyped(facts, sql)
    const of = node.kind === 'member' ? untyped(facts, node.of) : node
    const module = of.kind === 'import' ? facts.imports[of.name].module : ''
    const driver = /\.(?:queries|types)(?:\.[cm]?[jt]s)?$/.test(module) ? pgtyped : unknownDriver
    return { driver, origin: null, sql, keys: [], values: null, certainty: 'known' }
  }
}

/** Whether it is a function of the repository that gives an object made of what it gets: it runs nothing by itself. */
function givesObjects(e: Evaluator, targets: Target[]): boolean {
  return targets.some(target => {
    if (target.kind !== 'function') return false
    const facts = e.program.facts(target.file)
    const returns = facts?.functions[target.fn]?.returns ?? []
    return returns.length > 0 && returns.every(id => facts !== null && untyped(facts, id).kind === 'object')
  })
}
