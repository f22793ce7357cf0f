/** Functions within functions that give names of the outer one other values: what they do is done where they are called. */
import type { ArrowFunctionExpression, Function as FunctionSyntax } from '@oxc-project/types'
import type { Env } from './env.js'
import { joinEnvs } from './environment.js'
import type { FunctionId, NodeId } from './facts.js'
import { namesWritten } from './loops.js'
import { allocateFunction, lowerBody } from './lower-function.js'
import type { Lowering, Scope } from './lowering.js'
import { scopeOf } from './lowering.js'

export interface Closure {
  syntax: FunctionSyntax | ArrowFunctionExpression
  scope: Scope
  fn: FunctionId | null
}

/** Notes a function that a local name holds, if it writes to names around it. */
export function noteClosure(l: Lowering, name: string, syntax: Closure['syntax']): void {
  const scope = scopeOf(l, name)
  const binding = scope?.names.get(name)
  if (!scope || binding === undefined || scope === l.moduleScope) return
  for (const written of namesWritten(l.source.slice(syntax.start, syntax.end))) {
    const home = scopeOf(l, written)
    if (!home || home === l.moduleScope || written === name) continue
    l.closures.set(binding, { syntax, scope: l.scope, fn: l.fn })
    return
  }
}

const MAX_DEPTH = 3

/** Does what a local function does to the names around it when it is called. */
export function runClosure(l: Lowering, name: string, args: NodeId[]): void {
  const binding = scopeOf(l, name)?.names.get(name)
  const closure = binding === undefined ? undefined : l.closures.get(binding)
  if (!closure || !l.env || l.running.length >= MAX_DEPTH || l.running.includes(closure)) return
  const calls = l.calls.length
  const { scope, fn } = l
  l.running.push(closure)
  l.scope = closure.scope
  l.fn = closure.fn
  const inner = allocateFunction(l, closure.syntax, name)
  const before = l.env
  const end = lowerBody(l, inner, closure.syntax, argumentsFor(l, closure.syntax, args), true)
  l.scope = scope
  l.fn = fn
  l.running.pop()
  // Its own calls are those of the function as it stands.
  l.calls.length = calls
  l.env = end ? onlyKnown(before, end) : joinEnvs(l, before, end)
}

/** What the arguments are, one for each parameter: a missing one is not known. */
function argumentsFor(l: Lowering, { params }: Closure['syntax'], args: NodeId[]): NodeId[] {
  return params.map((param, index) =>
    param.type === 'RestElement'
      ? l.add({ kind: 'array', items: args.slice(index) })
      : (args[index] ?? l.add({ kind: 'unknown', code: 'undefined' })),
  )
}

/** The names that were known before, as they are now. */
function onlyKnown(before: Env, now: Env): Env {
  const env = before.copy()
  for (const [binding, value] of now.changesFrom(before))
    if (before.get(binding) !== undefined) env.set(binding, value)
  return env
}
