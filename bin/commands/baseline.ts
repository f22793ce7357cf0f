import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { BaselineUpdate } from '../../analyzers/gate/index.js'
import { wrap } from '../../reports/terminal/columns.js'
import { command as commandLine } from '../../reports/text/shell.js'
import { count, first, number, place } from '../../reports/text/words.js'
import {
  type AnalysisArguments,
  checkConfigIsHere,
  checkFolder,
  checkNotEmpty,
  loadFolder,
  tellConfigDoubts,
} from '../analysis.js'
import { BadUsage } from '../bad-usage.js'
import { writeOutput } from '../output.js'
import { program } from '../program.js'
import { widthOf } from '../screen.js'
import { analysisOptions, type Command, rootPositional } from './command.js'

interface BaselineArguments extends AnalysisArguments {
  write: boolean
  prune: boolean
}

/** Places named of what no baseline accepts. */
const FIRST_REFUSED = 3

/** `seamripper baseline`: writes the violations that are accepted for now, or takes off what is mended. */
export const command: Command = {
  positionals: { root: rootPositional },
  options: {
    write: {
      type: 'boolean',
      default: false,
      describe: 'Accept all violations of today, in a seam-todo.yml beside each service',
    },
    prune: {
      type: 'boolean',
      default: false,
      describe: 'Take off what is mended; adds nothing, and joins both sides of a merge conflict',
    },
    ...analysisOptions,
  },
  examples: [
    ['seamripper baseline --write', 'Begin with the crossings of today: check then fails on new ones only'],
    ['seamripper baseline --prune', 'After mending some'],
  ],
  async handler(args) {
    const given = args as unknown as BaselineArguments
    const { root, write, prune } = given
    if (write === prune) {
      throw new BadUsage(
        write
          ? '--write accepts all of today, --prune takes off what is mended: give one of them.'
          : 'Give --write to accept all violations of today, or --prune to take off what is mended.',
      )
    }
    checkFolder(root)
    checkConfigIsHere(given)
    const repository = await loadFolder(given)
    checkNotEmpty(repository, root)
    tellConfigDoubts(repository)
    const { pruneBaseline, writeBaseline } = await import('../../analyzers/gate/index.js')
    const update = await (write ? writeBaseline : pruneBaseline)(repository)
    for (const { file, text } of update.changes) {
      if (text === null) rmSync(join(root, file))
      else writeOutput(join(root, file), text)
    }
    process.stdout.write(told(update, root))
  },
}

/** What they are: the map counts only what crosses for sure, so its number is another one. */
function rulesTold(byRule: NonNullable<BaselineUpdate['byRule']>): string[] {
  const rules = Object.entries(byRule).sort(([x, a], [y, b]) => b - a || (x < y ? -1 : 1))
  const open = byRule['unowned-table'] ?? 0
  return [
    ...wrap(
      `By rule: ${rules.map(([rule, amount]) => `${number(amount)} ${rule}`).join(', ')}.`,
      widthOf(process.stdout),
    ),
    ...(open > 0
      ? [
          `${number(open)} ${open === 1 ? 'is a use of a table' : 'are uses of tables'} whose owner is open: set the owners in seamripper.yml, then write it again.`,
        ]
      : []),
  ]
}

/** What is off the baseline and may be there still: no later check can tell where it was. */
function movedTold(moved: BaselineUpdate['moved'], root: string): string[] {
  const write = commandLine(['baseline', '--write'], { program, root })
  return [
    'Taken off, and new elsewhere, as code that was moved is:',
    ...moved.map(({ from, to, count: uses }) => `  ${count(uses, 'use')} in ${from}: now in ${to}`),
    ...wrap(
      `If the code only moved, ${write} lists it at its new place, and accepts all else that is new.`,
      widthOf(process.stdout),
    ),
  ]
}

/** What was done, a line each file, and what is left. */
function told({ changes, listed, before, byRule, refused, moved }: BaselineUpdate, root: string): string {
  const lines = changes.map(({ file, text, listed }) =>
    text === null ? `Deleted ${file}: nothing is left on it` : `Wrote ${file}: ${count(listed, 'violation')}`,
  )
  const than =
    before === listed
      ? ''
      : before < listed
        ? `, ${number(listed - before)} more than before`
        : `, ${number(before - listed)} fewer than before`
  lines.push(
    changes.length === 0
      ? `Nothing to change: ${count(listed, 'violation')} on the baseline.`
      : `${count(listed, 'violation')} on the baseline${than}.`,
  )
  if (byRule !== null && listed > 0) lines.push(...rulesTold(byRule))
  if (moved.length > 0) lines.push(...movedTold(moved, root))
  if (refused.length > 0) {
    lines.push(
      `Not accepted, because a service is separated: ${first(refused.map(place), FIRST_REFUSED)}. See ${commandLine(['check'], { program, root })}.`,
    )
  }
  return `${lines.join('\n')}\n`
}
