import { createHash } from 'node:crypto'
import {
  ALLOW_FORM,
  type GateResult,
  type Hint,
  type RelatedPlace,
  rules,
  type Violation,
  type ViolationState,
} from '../../analyzers/gate/index.js'
import type { Invocation } from '../text/shell.js'
import { hintText } from './hint.js'
import { ownerReason } from './owner-line.js'
import { staleAdvice, staleFate, staleUse } from './stale.js'

/** One thing to tell at one place, as CI systems know it: a violation, or what is left to tidy. */
export interface Finding {
  /** Name in `findingKinds`. */
  kind: string
  severity: Violation['severity']
  state: ViolationState
  file: string
  line: number
  endLine: number
  /** Null where the line is all that is known. */
  column: number | null
  /** What is wrong, as one sentence. */
  message: string
  /** What to do, as one or two sentences. */
  advice: string
  /** Stays the same while lines move; no two are equal. */
  fingerprint: string
  related: RelatedPlace[]
  /** What most likely happened, if it is new because a baseline does not fit. */
  hints: Hint[]
  /** Null for what is none. */
  violation: Violation | null
}

interface FindingKind {
  title: string
  help: string
  /** True if neither the baseline nor an allowance can accept it. */
  strict?: true
}

const LEFTOVERS = {
  'stale-entry': {
    title: 'Stale entry of a baseline',
    help: 'A seam-todo.yml lists more than there is: it is mended, moved to another file, allowed, or no violation of that kind any more, but still listed. "seamripper baseline --prune" takes it off.',
  },
  'unclear-allowance': {
    title: 'Allowance that can not be understood',
    help: 'A comment is meant to allow something, but does not say what, or why.',
  },
  'unused-allowance': {
    title: 'Unused allowance',
    help: 'A comment or an entry of the config allows something that is not there any more.',
  },
} satisfies Record<string, FindingKind>

/** All that a check can tell, by name: its rules, and what is left to tidy. */
export const findingKinds: Record<string, FindingKind> = { ...rules, ...LEFTOVERS }

/** All of a result, in its order: violations in every state, then what is left to tidy. */
export function findings({ violations, stale, unusedAllows, problems, hints }: GateResult): Finding[] {
  const seen = new Map<string, number>()
  const leftover = (
    kind: keyof typeof LEFTOVERS,
    severity: Finding['severity'],
    { file, line }: { file: string; line: number },
    key: string,
    message: string,
    advice: string,
  ): Finding => ({
    kind,
    severity,
    state: 'new',
    file,
    line,
    endLine: line,
    column: null,
    message,
    advice,
    fingerprint: fingerprintOf(JSON.stringify([kind, file, key]), seen),
    related: [],
    hints: [],
    violation: null,
  })
  return [
    ...violations.map(violation => ({
      kind: violation.rule,
      severity: violation.severity,
      state: violation.state,
      file: violation.file,
      line: violation.line,
      endLine: violation.endLine,
      column: violation.column,
      message: violation.message,
      advice: violation.advice,
      fingerprint: violation.fingerprint,
      related: violation.related,
      hints: hints.filter(hint => hint.violations.includes(violation.fingerprint)),
      violation,
    })),
    ...stale.map(entry => {
      const what = staleUse(entry)
      return leftover(
        'stale-entry',
        'error',
        entry,
        what,
        `${what} ${staleFate(entry)}, but still listed.`,
        staleAdvice(entry),
      )
    }),
    ...problems.map(problem =>
      leftover(
        'unclear-allowance',
        'error',
        problem,
        problem.message,
        problem.message.replace(` ${ALLOW_FORM}.`, ''),
        `${ALLOW_FORM}.`,
      ),
    ),
    ...unusedAllows.map(allow =>
      leftover(
        'unused-allowance',
        'warning',
        allow,
        allow.text,
        `${allow.text}: ${allow.message.replace(/ Remove it\.$/, '')}`,
        'Remove or correct it.',
      ),
    ),
  ]
}

/** All that a system gets which shows one text beside the code. */
export function textOf({ message, violation, advice, hints }: Finding, invocation: Invocation): string {
  const reason = violation === null ? null : ownerReason(violation)
  const known = hints.map(hint => hintText(hint, invocation))
  return [message, reason, advice, ...known].filter(sentence => sentence !== null).join(' ')
}

/** `seen` counts equal ones. */
function fingerprintOf(key: string, seen: Map<string, number>): string {
  const count = seen.get(key) ?? 0
  seen.set(key, count + 1)
  return createHash('sha256').update(`${key}\0${count}`).digest('hex').slice(0, 16)
}
