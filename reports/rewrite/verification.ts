/** What `verify` found, for people. */
import pc from 'picocolors'
import type { Difference } from '../../codemods/verify/compare.js'
import { linesOf } from '../../codemods/verify/difference.js'
import type { Verification } from '../../codemods/verify/index.js'
import { plain, plainLines } from '../text/plain.js'

export function renderVerification(verified: Verification[], colour: boolean): string {
  const paint = pc.createColors(colour)
  return `${verified.map(each => renderOne(each, paint)).join('')}\n${countLine(verified)}\n`
}

const HOW = { lift: 'called by', split: 'joined by', event: 'published by' }

function renderOne(
  { operations, consumer, strategy, outcome }: Verification,
  paint: ReturnType<typeof pc.createColors>,
): string {
  const called = operations.map(({ owner, name }) => `${owner}.${name}`).join(' and ')
  const name = plain(`${called}, ${HOW[strategy]} ${consumer}`)
  if (outcome.kind === 'equal') {
    return `${paint.green('equal       ')}  ${name}: ${outcome.calls} calls, ${outcome.rows} rows\n`
  }
  if (outcome.kind === 'not verified') {
    return `${paint.yellow('not verified')}  ${name}: ${plain(outcome.reason)}\n`
  }
  return `${paint.red('different   ')}  ${name}\n${renderDifference(outcome.difference)}`
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
