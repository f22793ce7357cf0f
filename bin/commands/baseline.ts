import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { BaselineUpdate } from '../../analyzers/gate/index.js'
import { command as commandLine } from '../../reports/text/shell.js'
import { count, first, number, place } from '../../reports/text/words.js'
import { type AnalysisArguments, loadFolder } from '../analysis.js'
import { BadUsage } from '../bad-usage.js'
import { writeOutput } from '../output.js'
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
    const repository = await loadFolder(given)
    const { pruneBaseline, writeBaseline } = await import('../../analyzers/gate/index.js')
    const update = await (write ? writeBaseline : pruneBaseline)(repository)
    for (const { file, text } of update.changes) {
      if (text === null) rmSync(join(root, file))
      else writeOutput(join(root, file), text)
    }
    process.stdout.write(told(update, root))
  },
}

/** What was done, a line each file, and what is left. */
function told({ changes, listed, before, refused }: BaselineUpdate, root: string): string {
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
  if (refused.length > 0) {
    lines.push(
      `Not accepted, because a service is separated: ${first(refused.map(place), FIRST_REFUSED)}. See ${commandLine(['check'], root)}.`,
    )
  }
  return `${lines.join('\n')}\n`
}
