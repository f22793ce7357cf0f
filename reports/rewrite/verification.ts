/** What `verify` found, for people. */
import { inspect } from 'node:util'
import pc from 'picocolors'
import type { Difference, Outcome } from '../../codemods/verify/compare.js'
import type { Verification } from '../../codemods/verify/index.js'
import { plain, plainLines } from '../text/plain.js'

export function renderVerification(verified: Verification[], colour: boolean): string {
  const paint = pc.createColors(colour)
  return `${verified.map(each => renderOne(each, paint)).join('')}\n${countLine(verified)}\n`
}

function renderOne(
  { operation, consumer, outcome }: Verification,
  paint: ReturnType<typeof pc.createColors>,
): string {
  const name = plain(`${operation.owner}.${operation.name}, called by ${consumer}`)
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

function renderDifference({ values, rows, before, after }: Difference): string {
  const told: [string, unknown][] = [
    ['with', values],
    ...rows.map(({ table, cells }): [string, unknown] => [`row of ${table}`, Object.fromEntries(cells)]),
    ['before', shownOf(before)],
    ['after', shownOf(after)],
  ]
  return told
    .map(([title, value]) => {
      const shown = plainLines(inspect(value, { depth: 6, breakLength: 100, colors: false }))
      return `    ${plain(title)}: ${shown.replaceAll('\n', '\n    ')}\n`
    })
    .join('')
}

function shownOf(outcome: Outcome): unknown {
  return 'rows' in outcome ? outcome.rows : outcome
}
