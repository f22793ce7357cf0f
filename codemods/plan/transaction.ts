/** Statements bound to their connection: in a transaction they would no longer commit or roll back with it. */
import type { Access } from '../../analyzers/model.js'
import type { Bond } from '../connection/bond.js'
import type { Frame } from '../connection/frame.js'
import type { Repository } from '../repository/index.js'
import type { Node } from '../site/parse.js'
import { Refusal } from '../site/refusal.js'
import { bare, codeOf, type SourceFile } from '../site/source-file.js'
import { propertyOf } from '../wrapper/options.js'
import type { Wrapper } from '../wrapper/wrapper.js'
import { partsOf } from './advice.js'
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
 * What binds a statement to its connection: a transaction that a caller has open, or settings of the session.
 *
 * @throws Refusal where that is not given up, or can't be
 */
export function refuseBoundConnection(
  access: Access,
  site: Site,
  plan: AccessPlan,
  options: PlanOptions,
  repository: Repository,
): void {
  const receivers = receiversAt(site)
  const bound = receivers.flatMap(each => {
    const isRead = each.receiver === site.object
    const bonds = each.isTransaction
      ? repository.connections.transactionsOf(each.file, each.receiver, each.frame)
      : repository.connections.bondsOf(each.file, each.receiver, each.frame, isRead)
    return bonds.length === 0 ? [] : [{ receiver: each, bonds }]
  })
  const bonds = bound.flatMap(each => each.bonds)
  const receiver = bound[0]?.receiver
  const name = receiver ? shortened(codeOf(receiver.file, receiver.receiver)) : ''
  const open = bonds.filter(({ kind }) => kind === 'transaction')
  const [first, ...others] = open
  const more = others.length === 0 ? '' : `, as ${others.length} more do`
  if (first) {
    const begins = first.by === null ? first.at : `${first.at}, which ${first.by} hands over${more}`
    plan.lost.push(`it no longer commits or rolls back with the transaction that begins at ${begins}`)
    if (options.inTransactions) {
      refuseSettings(name, bonds)
      return
    }
    throw new Refusal(
      first.by === null
        ? `it runs on \`${name}\` in the transaction that begins at ${first.at}`
        : `it runs on \`${name}\`, which ${first.by} hands over in the transaction that begins at ${first.at}${more}`,
      inTransactionAdvice(access),
    )
  }
  refuseSettings(name, bonds)
  const current = bonds.find(({ kind }) => kind === 'current')
  const unseen = current ?? bonds.find(({ kind }) => kind === 'unknown')
  if (!unseen) return
  plan.lost.push(`it no longer commits or rolls back with a transaction that a caller may have open`)
  if (options.inTransactions) return
  const place = unseen.by === unseen.at || unseen.by === null ? unseen.at : `${unseen.at}, by ${unseen.by}`
  throw new Refusal(
    current
      ? `it runs on \`${name}\`, which is that of a transaction where one is open: ${unseen.why} (${place})`
      : `it runs on \`${name}\`, which its caller hands over, maybe for a transaction: ${unseen.why} (${place})`,
    `if no caller has a transaction open, run it on the pool here; else ${inTransactionAdvice(access)}`,
  )
}

/** @throws Refusal */
function refuseSettings(name: string, bonds: Bond[]): void {
  const settings = bonds.find(({ kind }) => kind === 'settings')
  if (settings) {
    throw new Refusal(
      `it runs on \`${name}\`, whose session has settings of its own (${settings.at}), which the owner's has not`,
      'let the operation take as parameters what the settings hold, such as the tenant, and filter by it',
    )
  }
}

interface Receiver {
  file: SourceFile
  receiver: Node
  /** It is named as the transaction to run in. */
  isTransaction: boolean
  frame: Frame | null
}

interface Site {
  file: SourceFile
  call: Node
  wrapper: Wrapper | null
  /** What has the method of an interface that is called. */
  object: Node | null
}

function receiversAt({ file, call, wrapper, object }: Site): Receiver[] {
  if (!wrapper) {
    const options = (call.arguments ?? []).map(bare).filter((each: Node) => each.type === 'ObjectExpression')
    const transaction = options
      .map((each: Node) => propertyOf(each, 'transaction'))
      .find((each: Node) => each)
    return receiversOf(file, call, transaction ?? null, null)
  }
  const inside = receiversIn(wrapper, call, file, null)
  if (!object) return inside
  // Of the one object that is meant, not of all that are ever made.
  return [
    { file, receiver: object, isTransaction: false, frame: null },
    ...inside.filter(({ receiver }) => !isOfThis(receiver)),
  ]
}

function isOfThis(node: Node): boolean {
  return node.type === 'ThisExpression' || (node.object ? isOfThis(bare(node.object)) : false)
}

/** What a call runs on, which for a function of a module is nothing, and the transaction among its options. */
function receiversOf(
  file: SourceFile,
  { callee, tag }: Node,
  transaction: Node | null,
  frame: Frame | null,
): Receiver[] {
  const on: Node | undefined = callee?.object ?? tag
  return [
    ...(on ? [{ file, receiver: on, isTransaction: false, frame }] : []),
    ...(transaction ? [{ file, receiver: transaction, isTransaction: true, frame }] : []),
  ]
}

/** What the driver's calls run on that functions between make, seen from the call. */
function receiversIn(
  { runs }: Pick<Wrapper, 'runs'>,
  call: Node,
  caller: SourceFile,
  outer: Frame | null,
): Receiver[] {
  return runs.flatMap(({ file, fn, call: run, transaction, inner }) => {
    const frame: Frame = { file, fn, call, caller, outer }
    return inner ? receiversIn(inner, run, file, frame) : receiversOf(file, run, transaction, frame)
  })
}

function shortened(code: string): string {
  const line = code.replace(/\s+/g, ' ')
  return line.length > 40 ? `${line.slice(0, 39)}…` : line
}

function inTransactionAdvice({ tables }: Access): string {
  const foreign = tables.filter(table => table.crossService && table.owner !== null)
  const written = foreign.filter(table => table.op === 'write')
  const parts = partsOf(written.length > 0 ? written : foreign)
  const changes = parts.map(part => `${part.owner} apply the change of ${part.tables}`).join(', ')
  const reads = parts.map(part => `${part.tables} from ${part.owner}`).join(', ')
  return written.length > 0
    ? `let ${changes} by an event that the transaction writes (\`rewrite.later\`), or give it a call that takes the change back; --in-transactions gives up that they commit together`
    : `read ${reads} before the transaction begins; --in-transactions gives up that they are seen at one moment`
}
