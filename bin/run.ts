import { nearest } from '../reports/text/nearest.js'
import { BadUsage } from './bad-usage.js'
import { type Given, readWords } from './command-line.js'
import { type Command, commonOptions } from './commands/command.js'
import type { Help } from './help.js'
import { program } from './program.js'
import { version } from './version.js'

interface Entry {
  /** Name and positional arguments, as `--help` shows them. */
  usage: string
  describe: string
  load: () => Promise<{ command: Command }>
}

/** All commands by name, in the order of `--help`. A new one is a file under `commands/`, and an entry here. */
const commands: Record<string, Entry> = {
  init: {
    usage: 'init [root]',
    describe: 'Write seamripper.yml with what was found, and why',
    load: () => import('./commands/init.js'),
  },
  map: {
    usage: 'map [root]',
    describe: 'Draw the map: which service reads and writes whose tables',
    load: () => import('./commands/map.js'),
  },
  explain: {
    usage: 'explain <subject> [root]',
    describe: 'Tell all about a table, a service or a file:line, and what to do',
    load: () => import('./commands/explain.js'),
  },
  check: {
    usage: 'check [root]',
    describe: 'Fail on crossings that are neither known nor allowed, for CI',
    load: () => import('./commands/check.js'),
  },
  baseline: {
    usage: 'baseline [root]',
    describe: 'Accept the crossings of today, or take off what is mended',
    load: () => import('./commands/baseline.js'),
  },
  progress: {
    usage: 'progress [root]',
    describe: 'Compare revisions: crossings left, services separated, tables moved',
    load: () => import('./commands/progress.js'),
  },
  rewrite: {
    usage: 'rewrite [root]',
    describe: "Turn queries of other services' tables into calls of their owners",
    load: () => import('./commands/rewrite.js'),
  },
  verify: {
    usage: 'verify [root]',
    describe: 'Run rewritten queries the old way and the new on a real database, and compare',
    load: () => import('./commands/verify.js'),
  },
}

/** The tool itself, for `--help` without a command. */
const tool: Help = {
  usage: '<command> [root]',
  describe: 'Finds every query that reaches into the tables of another service.',
  commands: Object.values(commands).map(({ usage, describe }) => [usage, describe]),
  hint: 'Each command has its own --help, with examples.',
}

/** Widest help text. */
const HELP_WIDTH = 100

/**
 * Runs one command line, given without the program's name.
 *
 * @throws BadUsage for a command line that can't be understood, and whatever the command throws
 */
export async function run(words: string[]): Promise<void> {
  const at = words.findIndex(word => !word.startsWith('-'))
  if (at < 0) {
    const given = understood(words, { positionals: {}, options: {} })
    if ('wants' in given) return tell(given.wants, tool)
    throw new BadUsage(`Which command?\n\n${await textOf(tool)}`)
  }
  const name = words[at]!
  // As git and npm take it: `seamripper help map`.
  if (name === 'help') return run([...words.toSpliced(at, 1), '--help'])
  if (!Object.hasOwn(commands, name)) throw refusal(unknownCommand(name))
  const { usage, describe, load } = commands[name]!
  const { command } = await load()
  const rest = words.toSpliced(at, 1)
  let args: Record<string, unknown> | null = null
  try {
    const given = understood(rest, command, name)
    if ('wants' in given) return await tell(given.wants, { usage, describe, ...command })
    args = given.args
    return await command.handler(args)
  } catch (error) {
    await command.refused?.(error, rest, args)
    throw error
  }
}

function understood(
  words: string[],
  { positionals, options }: Pick<Command, 'positionals' | 'options'>,
  command?: string,
): Given {
  try {
    return readWords(words, { positionals, options: { ...commonOptions, ...options } })
  } catch (error) {
    throw error instanceof BadUsage ? refusal(error.message, command) : error
  }
}

async function tell(wanted: 'help' | 'version', help: Help): Promise<void> {
  process.stdout.write(`${wanted === 'version' ? version : await textOf(help)}\n`)
}

async function textOf(help: Help): Promise<string> {
  const { helpOf } = await import('./help.js')
  return helpOf(help, Math.min(HELP_WIDTH, process.stdout.columns ?? HELP_WIDTH))
}

function unknownCommand(name: string): string {
  const [meant] = nearest(name, Object.keys(commands))
  return meant === undefined
    ? `Don't know what to do with "${name}".`
    : `Unknown command. Did you mean "${program} ${meant}"?`
}

/** What is wrong with a command line, and where help is. */
function refusal(message: string, command?: string): BadUsage {
  return new BadUsage(`${message}\nSee ${program} ${command === undefined ? '' : `${command} `}--help.`)
}
