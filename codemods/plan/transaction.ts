/** Statements of a transaction, which would no longer commit or roll back with it. */
import type { Access } from '../../analyzers/model.js'
import type { Node } from '../site/parse.js'
import { Refusal } from '../site/refusal.js'
import { codeOf, type SourceFile } from '../site/source-file.js'
import type { AccessPlan, PlanOptions } from './plan.js'

/** @throws Refusal where that is not asked for */
export function refuseTransaction(access: Access, plan: AccessPlan, options: PlanOptions): void {
  if (access.transaction === null) return
  plan.lost.push(
    `it no longer commits or rolls back with the transaction that begins at ${access.transaction}`,
  )
  if (options.inTransactions) return
  throw new Refusal(
    `it runs in the transaction that begins at ${access.transaction}`,
    'move it before or after the transaction, make the change with a saga or an event, or ask for it with --in-transactions',
  )
}

/**
 * A connection that the caller hands over is handed over for its transaction.
 *
 * @throws Refusal
 */
export function refuseHandedConnection(file: SourceFile, call: Node): void {
  let receiver: Node | undefined = call.callee?.object ?? call.tag
  while (receiver?.type === 'MemberExpression' && receiver.object.type !== 'ThisExpression')
    receiver = receiver.object
  if (receiver?.type !== 'Identifier') return
  const binding = file.bindings.of(receiver)
  if (binding?.kind !== 'param') return
  const type = binding.identifier.typeAnnotation as Node | undefined
  const told = `${receiver.name} ${type ? codeOf(file, type) : ''}`
  if (/\bPool\b(?!\s*\|)/.test(told) || (/pool|^db\b|^database\b/i.test(receiver.name) && !type)) return
  throw new Refusal(
    `it runs on \`${receiver.name}\`, which its caller hands over, maybe for a transaction`,
    'move it out of what the connection is handed over for, and run it on the pool',
  )
}
