import type { ArgumentsCamelCase, Options, PositionalOptions } from 'yargs'

/** One command of the tool. */
export interface Command {
  /** Positional arguments by name. */
  positionals: Record<string, PositionalOptions>
  /** Options by name, without the ones that all commands have. */
  options: Record<string, Options>
  /** Pairs of command line and what it does, for `--help`. */
  examples: [commandLine: string, describe: string][]
  /**
   * Runs it: results to stdout, all else to stderr.
   *
   * @throws BadUsage or ConfigError for what the user can mend
   */
  handler(args: ArgumentsCamelCase): Promise<void>
}

/** The analysed folder, the same for all commands. */
export const rootPositional: PositionalOptions = {
  type: 'string',
  default: '.',
  describe: 'Folder of the monorepo',
}

/** Where results go, of every command whose results can be a file. */
export const outputOption: Options = {
  alias: 'o',
  type: 'string',
  requiresArg: true,
  describe: 'Write to this file instead of stdout',
}

/** Options of every command that analyses. */
export const analysisOptions: Record<string, Options> = {
  config: {
    type: 'string',
    requiresArg: true,
    describe: 'Configuration, if it is not seamripper.yml in the root',
  },
  cache: {
    type: 'boolean',
    default: true,
    describe:
      'Keep results for the next run, which then does only what changed; --no-cache: neither read nor write',
  },
  'cache-dir': {
    type: 'string',
    requiresArg: true,
    describe: 'Where to keep them, if not in node_modules/.cache/seamripper of the root',
  },
  jobs: {
    type: 'number',
    requiresArg: true,
    describe:
      'Threads to share the work among; as many as processors, eight at most, if absent; 1: no further ones',
  },
  timings: { type: 'boolean', default: false, describe: 'Print to stderr where the time went' },
}
