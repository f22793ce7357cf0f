import { existsSync, lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { configNames } from '../../analyzers/workspace/config-names.js'
import { command as commandLine } from '../../reports/text/shell.js'
import { count } from '../../reports/text/words.js'
import { type AnalysisArguments, checkNotEmpty, loadFolder } from '../analysis.js'
import { BadUsage } from '../bad-usage.js'
import { writeOutput } from '../output.js'
import { program } from '../program.js'
import { analysisOptions, type Command, rootPositional } from './command.js'

interface InitArguments extends AnalysisArguments {
  force: boolean
  dryRun: boolean
}

const fileName = 'seamripper.yml'
/** Those of every analysis, but for the place of the config: it is the one that is written. */
const { config: _, ...options } = analysisOptions
/** The schema of the version that the project has installed, which needs no network. */
const installedSchema = './node_modules/seamripper/schemas/config.schema.json'

/** `seamripper init`: writes what was inferred as a config, with the evidence as comments. */
export const command: Command = {
  positionals: { root: rootPositional },
  options: {
    force: { type: 'boolean', default: false, describe: `Overwrite an existing ${fileName}` },
    'dry-run': { type: 'boolean', default: false, describe: 'Print it to stdout and write nothing' },
    ...options,
  },
  examples: [
    ['seamripper init', `Write ${fileName} for the monorepo in the current folder`],
    ['seamripper init --dry-run | less', 'Look at what would be written'],
    ['seamripper init --force', `Write it anew, with what ${fileName} says now taken as given`],
  ],
  async handler(args) {
    const given = args as unknown as InitArguments
    const { root, force, dryRun } = given
    const existing = configNames.find(name => isThere(join(root, name)))
    const file = join(root, existing ?? fileName)
    if (!force && !dryRun && existing !== undefined) {
      throw new BadUsage(`${file} exists already. Use --force to write it anew, or --dry-run to look first.`)
    }
    const repository = await loadFolder({ ...given, config: undefined })
    checkNotEmpty(repository, root)
    const { map } = repository
    const { loadConfig, renderConfig } = await import('../../analyzers/workspace/index.js')
    const schema = existsSync(join(root, installedSchema)) ? installedSchema : undefined
    const text = renderConfig(map, await loadConfig(root, undefined), schema)
    if (dryRun) {
      process.stdout.write(text)
      return
    }
    const previous = existsSync(file) ? readFileSync(file, 'utf8') : ''
    writeOutput(file, text)
    const dropped = droppedComments(previous, text)
    if (dropped.length > 0) {
      process.stderr.write(
        `Comments of the file before that are not in the new one:\n${dropped.map(line => `  ${line}\n`).join('')}`,
      )
    }
    const open = map.tables.filter(table => table.owner === null).length
    const hint =
      open === 0
        ? ''
        : ` ${open} of ${count(map.tables.length, 'table')} ${open === 1 ? 'has' : 'have'} no owner yet: see its end.`
    process.stderr.write(
      `Wrote ${file}.${hint}\nNext, when its owners are right: ${commandLine(['baseline', '--write'], { program, root })}\n`,
    )
  },
}

/** Whatever it is: a link to nothing was put there by someone, too. */
function isThere(file: string): boolean {
  return lstatSync(file, { throwIfNoEntry: false }) !== undefined
}

/** Comments that people wrote: evidence, which ends in its place, and the list of open tables are made anew. */
function droppedComments(before: string, after: string): string[] {
  const comments = (text: string): string[] =>
    [...text.matchAll(/(?<=^|\s)#.*$/gm)].map(([comment]) => comment.trim())
  const kept = new Set(comments(after))
  return comments(before).filter(
    comment =>
      !kept.has(comment) && !/\(\S+:\d+\)$|^#(?:\s*$| {2}| Open[:,] | or give it null)/.test(comment),
  )
}
