import { link } from './link/index.js'
import type { DependencyMap } from './model.js'
import { loadWorkspace } from './workspace/index.js'
import type { ReadFile, Workspace } from './workspace/types.js'

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

/** A monorepo after the analysis: its map, and what the gate and the codemods read besides. */
export interface Repository {
  map: DependencyMap
  workspace: Workspace
  read: ReadFile
}

/**
 * Analyses a monorepo, see `analyze`.
 *
 * @throws ConfigError when the root is no folder or the configuration is wrong
 */
export async function analyzeRepository(options: AnalyzeOptions): Promise<Repository> {
  const { onProgress = () => {}, onTiming = () => {} } = options
  const start = performance.now()
  const { workspace, read } = await loadWorkspace(
    options.root,
    options.configFile === undefined ? {} : { configFile: options.configFile },
  )
  onTiming('workspace', performance.now() - start)
  return { map: await link(workspace, read, { onProgress, onTiming }), workspace, read }
}
