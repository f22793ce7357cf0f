/** One thing that is wrong with a config, where it stands and what to do about it. */
export interface ConfigProblem {
  file: string
  line: number | null
  message: string
}

/** Bad usage: the config, or the root, is not what it has to be. The command line ends with status 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(formatProblem).join('\n'))
  }
}

/** `seamripper.yml:4: …` */
function formatProblem({ file, line, message }: ConfigProblem): string {
  return `${file}${line === null ? '' : `:${line}`}: ${message}`
}
