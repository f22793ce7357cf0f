/**
 * Seamripper's programmatic interface: what the command line uses, and nothing else.
 *
 * @example
 * import { analyze } from 'seamripper'
 * const map = await analyze({ root: '.' })
 * for (const edge of map.edges) console.log(edge.from, '->', edge.to, edge.table)
 */
import { link } from './link/index.js'
import type { DependencyMap } from './model.js'
import { loadWorkspace } from './workspace/index.js'

export type * from './model.js'
export { ConfigError } from './workspace/index.js'

export interface AnalyzeOptions {
  /** Folder of the monorepo. */
  root: string
  /** Path of the configuration; `seamripper.yml` of the root if absent. */
  configFile?: string
  /** Called while files are read: the stage, and how much of it is done. */
  onProgress?: (stage: string, done: number, total: number) => void
  /** Called after each stage with the time that it took. */
  onTiming?: (stage: string, milliseconds: number) => void
}

/**
 * Analyses a monorepo: every table access, who owns the table, and which services reach it. Runs none of its code.
 *
 * @returns the linked model; what could not be read, parsed or resolved is in its `diagnostics` and `unresolved`
 * @throws ConfigError when the root is no folder or the configuration is wrong
 */
export async function analyze(options: AnalyzeOptions): Promise<DependencyMap> {
  const { onProgress = () => {}, onTiming = () => {} } = options
  const start = performance.now()
  const { workspace, read } = await loadWorkspace(
    options.root,
    options.configFile === undefined ? {} : { configFile: options.configFile },
  )
  onTiming('workspace', performance.now() - start)
  return link(workspace, read, { onProgress, onTiming })
}
