/** `seamripper-allow read patients -- why, until 2027-01-31`: the words after the marker. */
import { isDay } from '../../workspace/dates.js'
import { gateOps, isGateOp } from '../../workspace/gate-names.js'
import { didYouMean } from '../../workspace/suggest.js'
import type { GateOp } from '../types.js'

export const MARKER = 'seamripper-allow'

/** What a comment allows. */
export interface AllowWords {
  ops: GateOp[]
  /** Names, ids or patterns; empty for places that have no table. */
  tables: string[]
  reason: string
  until: string | null
}

/** How a comment has to look, as a sentence without its full stop. */
export const ALLOW_FORM = `Write it as "${MARKER} read patients -- why, until 2027-01-31"`

/** Reads the words; what is wrong with them is one sentence. */
export function parseAllow(text: string): AllowWords | { problem: string } {
  const problem = (message: string) => ({ problem: `${message}. ${ALLOW_FORM}.` })
  const [, what = '', why] = /^(.*?)(?:(?:^|\s)--(?:\s+(.*))?)?$/s.exec(text.trim())!
  const [opWords = '', ...tableWords] = what.trim().split(/\s+/)
  if (opWords === '') return problem('The comment does not say what it allows')
  const ops = splitList(opWords)
  const unknown = ops.find(op => !isGateOp(op))
  if (unknown !== undefined) {
    return problem(
      `The comment allows "${unknown}".${didYouMean(unknown, gateOps)} Known: ${gateOps.join(', ')}`,
    )
  }
  const tables = splitList(tableWords.join(' '))
  if (tables.length === 0 && ops.some(op => op !== 'unresolved')) {
    return problem(`The comment does not say which table it allows to ${ops[0]}`)
  }
  const [, reason = '', until] = /^(.*?)[\s,;]*(?:\buntil\s+(\S*\d\S*?)\.?)?$/s.exec(why?.trim() ?? '')!
  if (reason.trim() === '') return problem('The comment gives no reason')
  if (until !== undefined && !isDay(until)) {
    return problem(`The comment ends with "until ${until}", which is no day`)
  }
  return { ops: ops.filter(isGateOp), tables, reason: reason.trim(), until: until ?? null }
}

function splitList(text: string): string[] {
  return text.split(/[\s,]+/).filter(word => word !== '')
}
