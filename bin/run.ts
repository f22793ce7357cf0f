import yargs from 'yargs'
import { BadUsage } from './bad-usage.js'
import type { Command } from './commands/command.js'
import { usageMessage } from './usage-message.js'
import { version } from './version.js'

interface Entry {
  /** Name and positional arguments, as yargs takes them. */
  command: string
  describe: string
  load: () => Promise<{ command: Command }>
}

/** All commands, in the order of `--help`. A new one is a file under `commands/`, and an entry here. */
const commands: Entry[] = [
  {
    command: 'map [root]',
    describe: 'Draw the map: which service reads and writes whose tables',
    load: () => import('./commands/map.js'),
  },
  {
    command: 'explain <subject> [root]',
    describe: 'Tell all about one table, service or file:line, and what to do',
    load: () => import('./commands/explain.js'),
  },
]

/** Widest help text. */
const HELP_WIDTH = 100

/**
 * Runs one command line, without the program's name.
 *
 * @throws BadUsage for a command line that can't be understood, and whatever the command throws
 */
export async function run(words: string[]): Promise<void> {
  const cli = yargs(words)
    .scriptName('seamripper')
    .usage('$0 <command> [root]\n\nFinds every query that reaches into the tables of another service.')
    .locale('en')
    .parserConfiguration({ 'duplicate-arguments-array': false })
    .wrap(Math.min(HELP_WIDTH, process.stdout.columns ?? HELP_WIDTH))
    .exitProcess(false)
    .strict()
    .recommendCommands()
    .demandCommand(1, 'Which command?')
    .option('color', {
      type: 'boolean',
      describe: 'Colour, also where there is no terminal; --no-color for none',
    })
    .help()
    .alias('help', 'h')
    .version(version)
    .epilogue('Each command has its own --help, with examples.')
    .fail((message, error) => {
      throw error ?? new BadUsage(usageMessage(message, words, optionNames))
    })
  let optionNames: string[] = ['help', 'version', 'color']
  for (const { command, describe, load } of commands) {
    cli.command(
      command,
      describe,
      async parser => {
        const { options, examples, positionals } = (await load()).command
        optionNames = [...optionNames, ...Object.keys(options)]
        for (const [name, positional] of Object.entries(positionals)) parser.positional(name, positional)
        return parser.options(options).example(examples).epilogue('')
      },
      async args => (await load()).command.handler(args),
    )
  }
  await cli.parseAsync()
}
