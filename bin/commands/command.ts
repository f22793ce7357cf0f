/** One command of the tool. */
export interface Command {
  /** Positional arguments by name, in their order. */
  positionals: Record<string, Positional>
  /** Options by name, without the ones that all commands have. */
  options: Record<string, Option>
  /** Pairs of command line and what it does, for `--help`. */
  examples: [commandLine: string, describe: string][]
  /**
   * Runs it: results to stdout, all else to stderr.
   *
   * @param args positionals and options by name in camel case; what was not given has its default
   * @throws BadUsage or ConfigError for what the user can mend
   */
  handler(args: Record<string, unknown>): Promise<void>
  /**
   * Tells on stdout as well that it could not run, where a program reads that. The message goes to stderr in any case.
   *
   * @param words the command line, without the command's name
   * @param args as for `handler`; null if the words can't be understood
   */
  refused?(error: unknown, words: string[], args: Record<string, unknown> | null): Promise<void>
}

export interface Positional {
  /** For `--help`. */
  describe: string
  default?: string
  /** What is told where it is missing; without, it may be. */
  missing?: string
}

export interface Option {
  /** What it takes; a boolean takes nothing, and is false as `--no-…`. */
  type: 'string' | 'number' | 'boolean'
  /** For `--help`. */
  describe: string
  /** A letter, or another name. */
  alias?: string
  default?: string | number | boolean | readonly string[]
  /** The values that it takes, with a description each where `--help` shall list them. */
  choices?: readonly string[] | Record<string, { describe: string }>
  /** Its values are a list: of all that it is given, or of all words that follow it as well. */
  list?: 'given' | 'following'
}

/** Options of every command. */
export const commonOptions = {
  color: { type: 'boolean', describe: 'Colour, also where there is no terminal; --no-color: none' },
  help: { type: 'boolean', alias: 'h', describe: 'Show help' },
  version: { type: 'boolean', describe: 'Show version number' },
} satisfies Record<string, Option>

/** The analysed folder, the same for all commands. */
export const rootPositional: Positional = { default: '.', describe: 'Folder of the monorepo' }

/** Where results go, of every command whose results can be a file. */
export const outputOption: Option = {
  alias: 'o',
  type: 'string',
  describe: 'Write to this file instead of stdout',
}

/** Options of every command that analyses. */
export const analysisOptions = {
  config: { type: 'string', describe: 'Configuration, if it is not seamripper.yml in the root' },
  cache: {
    type: 'boolean',
    default: true,
    describe:
      'Keep results for the next run, which then does only what changed; --no-cache: neither read nor write',
  },
  'cache-dir': {
    type: 'string',
    describe: 'Where to keep them, if not in node_modules/.cache/seamripper of the root',
  },
  jobs: {
    type: 'number',
    describe:
      'Threads to share the work among; as many as processors, eight at most, if absent; 1: no further ones',
  },
  timings: { type: 'boolean', default: false, describe: 'Print to stderr where the time went' },
} satisfies Record<string, Option>
