/**
 * What a file shares with whatever handles requests, by way of a web framework's application or of the request itself:
 * `fastify.decorate('db', pool)`, `app.locals.db = pool`, `app.set('db', pool)`, `req.db = pool`.
 */
import type { AssignmentTarget, CallExpression, Expression, Statement } from '@oxc-project/types'
import type { NodeId } from './facts.js'
import type { Lowering } from './lowering.js'
import { isHolder } from './shared-names.js'
import { fieldTypesOf } from './types-of.js'

const DECORATES = /^decorate(?:Request|Reply)?$/

/** Notes what a call shares. */
export function noteSharedByCall(l: Lowering, { callee }: CallExpression, args: NodeId[]): void {
  if (callee.type !== 'MemberExpression' || callee.computed || args.length !== 2) return
  const method = 'name' in callee.property ? callee.property.name : ''
  const isPut = DECORATES.test(method) || (method === 'set' && isHolder(lastName(callee.object)))
  const name = isPut ? l.nodes[args[0]] : null
  if (name?.kind === 'text' && !name.number) share(l, name.text, getterOf(l, args[1]))
}

/** A function without a name is called by that which it is shared under. */
function share(l: Lowering, name: string, value: NodeId): void {
  const node = l.nodes[value]
  if (node.kind === 'function') l.functions[node.fn].name ||= name
  l.shared.push([name, value])
}

/** Fastify gives what the getter of an object gives: `decorateRequest('db', { getter() { return pool } })`. */
function getterOf(l: Lowering, value: NodeId): NodeId {
  const node = l.nodes[value]
  const getter = node.kind === 'object' ? node.entries.find(([key]) => key === 'getter')?.[1] : undefined
  return getter === undefined
    ? value
    : l.add({ kind: 'call', callee: getter, args: [], at: 'at' in node ? node.at : 0, types: [] })
}

/** Notes what an assignment shares. */
export function noteSharedByAssignment(l: Lowering, target: AssignmentTarget, value: NodeId): void {
  if (target.type !== 'MemberExpression' || target.computed || target.property.type !== 'Identifier') return
  if (target.object.type !== 'ThisExpression' && isHolder(lastName(target.object)))
    share(l, target.property.name, value)
}

/** Interfaces of web frameworks to which a project adds the fields that it shares. */
const ADDED_TO =
  /^(?:Fastify(?:Instance|Request|Reply)|Request|Response|Application|Locals|DefaultState|DefaultContext|(?:Base)?Context|ContextVariableMap)$/

/** Notes the types of what is shared: `declare module 'fastify' { interface FastifyInstance { db: Pool } }`. */
export function noteSharedTypes(l: Lowering, body: readonly Statement[]): void {
  for (const each of body) {
    const declared = each.type === 'ExportNamedDeclaration' ? each.declaration : each
    if (declared?.type === 'TSInterfaceDeclaration' && ADDED_TO.test(declared.id.name))
      Object.assign(l.sharedTypes, fieldTypesOf(declared.body.body))
  }
}

function lastName(expression: Expression): string {
  if (expression.type === 'Identifier') return expression.name
  if (expression.type !== 'MemberExpression' || expression.computed) return ''
  return 'name' in expression.property ? expression.property.name : ''
}
