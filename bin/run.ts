import yargs from 'yargs'
import { BadUsage } from './bad-usage.js'
import type { Command } from './commands/command.js'
import { usageMessage } from './usage-message.js'
import { version } from './version.js'

interface Entry {
  /** Name and positional arguments, as yargs takes them. */
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

/** Widest help text. */
const HELP_WIDTH = 100

/**
 * Runs one command line, given without the program's name.
 *
 * @throws BadUsage for a command line that can't be understood, and whatever the command throws
 */
export async function run(words: string[]): Promise<void> {
  const known = { command: '', options: ['help', 'version', 'color'] }
  const refusal = (message: string) => new BadUsage(usageMessage(message, words, known))
  const cli = yargs(words)
    .scriptName('seamripper')
    .usage('$0 <command> [root]\n\nFinds every query that reaches into the tables of another service.')
    .locale('en')
    .parserConfiguration({ 'duplicate-arguments-array': false })
    .wrap(Math.min(HELP_WIDTH, process.stdout.columns ?? HELP_WIDTH))
    .exitProcess(false)
    .strict()
    .recommendCommands()
    .demandCommand(1)
    .option('color', {
      type: 'boolean',
      describe: 'Colour, also where there is no terminal; --no-color: none',
    })
    .help()
    .alias('help', 'h')
    .version(version)
    .epilogue('Each command has its own --help, with examples.')
    .fail((message, error) => {
      throw error ?? refusal(message)
    })
  for (const [name, { usage, describe, load }] of Object.entries(commands)) {
    cli.command(
      usage,
      describe,
      async parser => {
        const { positionals, options, examples } = (await load()).command
        known.command = name
        known.options.push(...Object.keys(options))
        for (const [positional, definition] of Object.entries(positionals)) {
          parser.positional(positional, definition)
        }
        return parser.options(options).example(examples).epilogue('')
      },
      async args => (await load()).command.handler(args),
    )
  }
  if (words.length === 0) throw new BadUsage(`Which command?\n\n${await cli.getHelp()}`)
  try {
    await cli.parseAsync()
  } catch (error) {
    // yargs throws some of its refusals past the handler above.
    if (error instanceof Error && error.name === 'YError') throw refusal(error.message)
    throw error
  }
}
