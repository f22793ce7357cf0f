import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GateResult } from '../../analyzers/gate/index.js'
import type { CachedRepository } from '../../analyzers/repository.js'
import {
  type CheckContext,
  type CheckFormat,
  checkReports,
  type GivenProblem,
} from '../../reports/check/index.js'
import {
  type AnalysisArguments,
  checkConfigIsHere,
  checkFolder,
  checkNotEmpty,
  loadFolder,
  tellConfigDoubts,
} from '../analysis.js'
import { BadUsage } from '../bad-usage.js'
import { addToJobPage, forLog, repositoryLink, repositoryPrefix } from '../ci.js'
import { formatFor } from '../format.js'
import { renderWithLayouts } from '../layouts.js'
import { checkOutput, writeOutput } from '../output.js'
import { program } from '../program.js'
import { formatAskedFor, fromTop, tellRefusal } from '../refusal.js'
import { wantsColour, widthOf } from '../screen.js'
import { version } from '../version.js'
import { analysisOptions, type Command, outputOption, rootPositional } from './command.js'

interface CheckArguments extends AnalysisArguments {
  since: string | undefined
  format: CheckFormat | undefined
  output: string | undefined
  top: number
  color: boolean | undefined
}

/** Exit status for violations. */
const VIOLATIONS = 1

/** `seamripper check`: fails on crossings that are neither known nor allowed. */
export const command: Command = {
  positionals: { root: rootPositional },
  options: {
    since: {
      type: 'string',
      describe: 'Judge only what the work since this revision introduces (a branch, a tag, a commit)',
    },
    format: {
      alias: 'f',
      type: 'string',
      choices: checkReports,
      describe: 'What to write; without it, what the ending of --output says, else pretty',
    },
    output: outputOption,
    top: {
      type: 'number',
      default: 10,
      describe: 'Violations that are shown in full; the rest is counted',
    },
    ...analysisOptions,
  },
  examples: [
    ['seamripper check', 'Judge the monorepo in the current folder'],
    ['seamripper check --since origin/main', 'Only what this branch introduces'],
    ['seamripper check -f json -o check.json', 'The whole result, for a script'],
  ],
  async handler(args) {
    const given = args as unknown as CheckArguments
    const { root, since, output, top, config, color } = given
    if (!Number.isInteger(top) || top < 1) throw new BadUsage('--top takes a whole number from 1.')
    const format = formatFor(checkReports, given.format, output)
    if (output !== undefined) checkOutput(output)
    checkFolder(root)
    checkConfigIsHere(given)
    const { report } = await checkReports[format].load()
    const { checkGate } = await import('../../analyzers/gate/index.js')
    let cache: CachedRepository['cache'] = null
    let doubts: GivenProblem[] = []
    const result = await checkGate({
      root,
      ...(since === undefined ? {} : { since }),
      ...(config === undefined ? {} : { configFile: config }),
      tellChange: report.tellsChange ?? false,
      load: async (folder, configFile, owners) => {
        const repository = await loadFolder({
          ...given,
          root: folder,
          cacheRoot: root,
          config: configFile,
          ...(owners === undefined ? {} : { owners }),
        })
        if (folder === root && owners === undefined) {
          checkNotEmpty(repository, root)
          doubts = fromTop(tellConfigDoubts(repository), root)
        }
        cache = repository.cache
        return repository
      },
    })
    const stream = output === undefined ? process.stdout : {}
    const context: CheckContext = {
      program,
      root,
      width: widthOf(stream),
      colour: wantsColour(stream, color, process.env),
      top,
      prefix: repositoryPrefix(root),
      link: repositoryLink(process.env),
      version,
      lines: file => linesOf(join(root, file)),
      layOut: sql => sql,
    }
    const rendered =
      report.showsSql && hasNew(result)
        ? await renderWithLayouts(cache, layOut => report.render(result, { ...context, layOut }))
        : report.render(result, context)
    const text = `${report.doubts?.(doubts) ?? ''}${rendered}`
    if (output === undefined) process.stdout.write(format === 'pretty' ? forLog(text, process.env) : text)
    else {
      writeOutput(output, text)
      process.stderr.write(`Wrote ${output}\n`)
    }
    const { jobSummary } = report
    if (jobSummary) addToJobPage(() => jobSummary(result, context))
    if (!result.passed) process.exitCode = VIOLATIONS
  },
  async refused(error, words, args) {
    const { root = '.', output, format } = (args ?? {}) as Partial<CheckArguments>
    const wanted = format ?? formatAskedFor(words) ?? formatOfOutput(output)
    await tellRefusal(error, { format: wanted, output, root })
  },
}

function formatOfOutput(output: string | undefined): CheckFormat | null {
  try {
    return formatFor<CheckFormat>(checkReports, undefined, output)
  } catch {
    return null
  }
}

function hasNew({ violations }: GateResult): boolean {
  return violations.some(({ state }) => state === 'new')
}

function linesOf(path: string): string[] | null {
  try {
    return readFileSync(path, 'utf8').split(/\r\n|\n|\r/)
  } catch {
    return null
  }
}
