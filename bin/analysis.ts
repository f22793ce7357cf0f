import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import type { DependencyMap } from '../analyzers/model.js'
import { nearest } from '../reports/text/nearest.js'
import { BadUsage } from './bad-usage.js'
import { progressLine } from './progress.js'

/**
 * Analyses a folder: progress on stderr if that is a terminal, and stage times there if wanted.
 *
 * @throws BadUsage if the folder is none, and what `analyze` throws
 */
export async function analyzeFolder(args: {
  root: string
  config: string | undefined
  timings: boolean
}): Promise<DependencyMap> {
  checkFolder(args.root)
  const { analyze } = await import('../analyzers/index.js')
  const times: [stage: string, milliseconds: number][] = []
  const progress = progressLine(process.stderr)
  try {
    return await analyze({
      root: args.root,
      ...(args.config === undefined ? {} : { configFile: args.config }),
      onProgress: progress.show,
      onTiming: (stage, milliseconds) => times.push([stage, milliseconds]),
    })
  } finally {
    progress.clear()
    if (args.timings) process.stderr.write(timesTable(times))
  }
}

function checkFolder(root: string): void {
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
