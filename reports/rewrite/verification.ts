/** What `verify` found, for people. */
import pc from 'picocolors'
import { groupBy } from '../../analyzers/graph/group-by.js'
import type { Difference } from '../../codemods/verify/compare.js'
import { linesOf } from '../../codemods/verify/difference.js'
import type { Verification } from '../../codemods/verify/index.js'
import { plain, plainLines } from '../text/plain.js'

export function renderVerification(verified: Verification[], colour: boolean): string {
  const paint = pc.createColors(colour)
  const groups = groupBy(verified, each =>
    each.outcome.kind === 'not verified' ? each.outcome.reason : each,
  )
  return `${[...groups.values()].map(group => renderGroup(group, paint)).join('')}\n${countLine(verified)}\n`
}

const LABEL = {
  equal: 'equal       ',
  different: 'different   ',
  'not verified': 'not verified',
}
const HOW = { lift: 'called by', split: 'joined by', event: 'published by' }

/** One, or several that could not be verified for the same reason (a server that is not there): it is told once. */
function renderGroup(group: Verification[], paint: ReturnType<typeof pc.createColors>): string {
  const { outcome } = group[0]!
  const label = LABEL[outcome.kind]
  const line = (label: string, end: string) =>
    group.map(each => `${label}  ${plain(nameOf(each))}${end}\n`).join('')
  switch (outcome.kind) {
    case 'equal':
      return line(paint.green(label), `: ${outcome.calls} calls, ${outcome.rows} rows${byWhat(outcome)}`)
    case 'different':
      return `${line(paint.red(label), '')}${renderDifference(outcome.difference)}`
    case 'not verified':
      return group.length === 1
        ? line(paint.yellow(label), `: ${plain(outcome.reason)}`)
        : `${line(paint.yellow(label), '')}${' '.repeat(label.length)}  ${plain(outcome.reason)}\n`
  }
}

/** Whether it is compared with what its code says, or with what was kept of that alone. */
function byWhat({ kept }: { kept: string | null }): string {
  return kept === null ? '' : plain(`; by what was kept of the call, not by its code: ${kept}`)
}

function nameOf({ operations, alone, consumer, strategy }: Verification): string {
  if (alone) return `a statement of ${alone.file}, by ${consumer} alone`
  const called = operations.map(({ owner, name }) => `${owner}.${name}`).join(' and ')
  return `${called}, ${HOW[strategy]} ${consumer}`
}

/** `3 equal, 1 different, 2 not verified` */
function countLine(verified: Verification[]): string {
  const count = (kind: Verification['outcome']['kind']): string =>
    `${verified.filter(({ outcome }) => outcome.kind === kind).length} ${kind}`
  return `${count('equal')}, ${count('different')}, ${count('not verified')}`
}

function renderDifference(difference: Difference): string {
  return linesOf(difference)
    .map(line => `    ${plainLines(line).replaceAll('\n', '\n    ')}\n`)
    .join('')
}
