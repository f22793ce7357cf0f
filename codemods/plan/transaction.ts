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
    inTransactionAdvice(access),
  )
}

/**
 * A connection that the caller hands over is handed over for its transaction.
 *
 * @throws Refusal
 */
export function refuseHandedConnection(access: Access, file: SourceFile, call: Node): void {
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
    `if no caller has a transaction open, run it on the pool here; else ${inTransactionAdvice(access)}`,
  )
}

function inTransactionAdvice({ tables }: Access): string {
  const foreign = tables.filter(table => table.crossService && table.owner !== null)
  const written = foreign.filter(table => table.op === 'write')
  const [owner] = (written.length > 0 ? written : foreign).map(table => table.owner)
  const names = [...new Set((written.length > 0 ? written : foreign).map(({ table }) => table))].join(', ')
  return written.length > 0
    ? `let ${owner} apply the change of ${names} by an event that the transaction writes (\`rewrite.later\`), or give it a call that takes the change back; --in-transactions gives up that they commit together`
    : `read ${names} from ${owner} before the transaction begins; --in-transactions gives up that they are seen at one moment`
}
