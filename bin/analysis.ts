import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { DependencyMap } from '../analyzers/model.js'
import type { AnalyzeOptions, CachedRepository, Repository } from '../analyzers/repository.js'
import type { ConfigProblem } from '../analyzers/workspace/config-error.js'
import { configNames } from '../analyzers/workspace/config-names.js'
import type { Outlook } from '../codemods/forecast.js'
import { nearest } from '../reports/text/nearest.js'
import { plain } from '../reports/text/plain.js'
import { leftOutFiles } from '../reports/text/words.js'
import { BadUsage } from './bad-usage.js'
import { repositoryPrefix } from './ci.js'
import { tuneEngine } from './engine.js'
import { program } from './program.js'
import { progressLine } from './progress.js'

/** What every command that analyses is given; see `analysisOptions`. */
export interface AnalysisArguments {
  root: string
  config: string | undefined
  cache: boolean
  cacheDir: string | undefined
  /** Folder whose cache is used, if not that of `root`: of an earlier state in a temporary folder. */
  cacheRoot?: string
  /** See `AnalyzeOptions`. */
  owners?: Record<string, string>
  jobs: number | undefined
  timings: boolean
}

/**
 * Analyses a folder: progress on stderr if that is a terminal, and stage times there if wanted.
 *
 * @throws BadUsage if the folder is none, and what `analyze` throws
 */
export async function analyzeFolder(args: AnalysisArguments): Promise<DependencyMap> {
  return (await loadFolder(args)).map
}

/** The same with all that the gate reads besides the map. */
export async function loadFolder(args: AnalysisArguments): Promise<CachedRepository> {
  const { analyzeRepository } = await import('../analyzers/repository.js')
  return withFeedback(args, analyzeRepository)
}

/**
 * The map, and what `rewrite` would do with what crosses in it.
 *
 * @param most crossings to plan; with more, none is
 */
export async function loadOutlook(
  args: AnalysisArguments,
  most = Number.MAX_SAFE_INTEGER,
): Promise<Repository & { outlook: Outlook }> {
  const { analyzeWith } = await import('../analyzers/repository.js')
  const { outlookOf } = await import('../codemods/outlook.js')
  const { addition, ...repository } = await withFeedback(args, options =>
    analyzeWith(options, outlookOf(most)),
  )
  return { ...repository, outlook: addition }
}

/** What was told already: a command may analyse several states of one repository. */
const warned = new Set<string>()

/** Runs an analysis: progress on stderr if that is a terminal, and stage times there if wanted. */
async function withFeedback<T>(
  args: AnalysisArguments,
  analyze: (options: AnalyzeOptions) => Promise<T>,
): Promise<T> {
  checkFolder(args.root)
  if (args.jobs !== undefined && (!Number.isInteger(args.jobs) || args.jobs < 1))
    throw new BadUsage('--jobs takes a whole number from 1.')
  tuneEngine()
  const times: [stage: string, milliseconds: number][] = []
  const progress = progressLine(process.stderr)
  try {
    return await analyze({
      root: args.root,
      ...(args.config === undefined ? {} : { configFile: args.config }),
      ...(args.cache ? { cacheDir: args.cacheDir ?? true } : {}),
      ...(args.cacheRoot === undefined ? {} : { cacheRoot: args.cacheRoot }),
      ...(args.owners === undefined ? {} : { owners: args.owners }),
      ...(args.jobs === undefined ? {} : { jobs: args.jobs }),
      onProgress: progress.show,
      onTiming: (stage, milliseconds) => times.push([stage, milliseconds]),
      onWarning: message => {
        if (warned.has(message)) return
        warned.add(message)
        progress.clear()
        process.stderr.write(`${plain(message)}\n`)
      },
    })
  } finally {
    progress.clear()
    if (args.timings) process.stderr.write(timesTable(times))
  }
}

/**
 * A gate over nothing would pass for ever.
 *
 * @throws BadUsage if no source file was read in the root
 */
export function checkNotEmpty({ map, workspace }: Repository, root: string): void {
  if (workspace.files.some(({ kind }) => kind === 'source' || kind === 'sql')) return
  const leftOut = leftOutFiles(map.coverage)
  const hint = leftOut.total === 0 ? '' : ` (left out: ${leftOut.reasons})`
  throw new BadUsage(
    `No source file to read in ${root === '.' ? 'this folder' : root}${hint}. Give the folder that holds the services.`,
  )
}

/**
 * On stderr, what the config says of nothing on the map: behind a misspelt owner crossings would pass without a word.
 *
 * @returns the same, with its places
 */
export function tellConfigDoubts({ map, workspace }: Repository): ConfigProblem[] {
  const doubts = map.diagnostics.flatMap(({ file, line, message }) =>
    file !== null && file === workspace.config.file ? [{ file, line, message }] : [],
  )
  for (const { file, line, message } of doubts)
    process.stderr.write(`${plain(`${file}:${line ?? 1}: ${message}`)}\n`)
  return doubts
}

/**
 * In a part of a repository whose config lies above, owners and baseline would be others: a gate there would pass
 * whatever crosses, and what it writes would go over the files of the whole.
 *
 * @throws BadUsage if the root has no config, and a folder around it in the same repository has one
 */
export function checkConfigIsHere({ root, config }: Pick<AnalysisArguments, 'root' | 'config'>): void {
  if (config !== undefined) return
  let above = ''
  for (const folder of ['', ...repositoryPrefix(root).split('/').slice(0, -1)]) {
    if (folder !== '') above += '../'
    const name = configNames.find(each => existsSync(join(root, above, each)))
    if (name === undefined) continue
    if (above === '') return
    const whole = join(root, above)
    throw new BadUsage(
      `${join(whole, name)} is the config of more than this folder. Give the folder that it lies in, ${whole.replace(/[/\\]$/, '')}; or \`${program} init\` writes a config for this part alone.`,
    )
  }
}

/** @throws BadUsage if the folder is none */
export function checkFolder(root: string): void {
  if (root === '') throw new BadUsage('The folder is an empty word. Is a variable of a script not set?')
  const stats = statSync(root, { throwIfNoEntry: false })
  if (stats?.isDirectory()) return
  if (stats) throw new BadUsage(`${root} is a file. Give the folder that holds the services.`)
  const parent = dirname(resolve(root))
  const [meant] = nearest(basename(resolve(root)), foldersIn(parent))
  const hint = meant === undefined ? '' : ` Did you mean ${root.replace(/[^/\\]+[/\\]*$/, meant)}?`
  throw new BadUsage(`There is no folder ${root}.${hint}`)
}

function foldersIn(parent: string): string[] {
  try {
    return readdirSync(parent, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(entry => entry.name)
  } catch {
    return []
  }
}

function timesTable(times: [string, number][]): string {
  const total: [string, number] = ['total', times.reduce((sum, [, milliseconds]) => sum + milliseconds, 0)]
  const width = Math.max(...times.map(([stage]) => stage.length), total[0].length)
  return [...times, total]
    .map(([stage, milliseconds]) => `${stage.padEnd(width)}  ${milliseconds.toFixed(0).padStart(7)} ms\n`)
    .join('')
}
