import { type CacheStore, cachedMap, openCache } from './cache/index.js'
import type { AccessSite } from './link/access-site.js'
import { type LinkHooks, link } from './link/index.js'
import type { DependencyMap } from './model.js'
import { loadWorkspace } from './workspace/index.js'
import type { ReadFile, Workspace } from './workspace/types.js'

export interface AnalyzeOptions {
  /** Folder of the monorepo. */
  root: string
  /** Path of the configuration; `seamripper.yml` of the root if absent. */
  configFile?: string
  /**
   * Folder for results of earlier runs, so that a run does only what changed: made if it isn't there, several runs
   * may use it at once. `true`: `node_modules/.cache/seamripper` in the root, if there is a `node_modules`. Without it
   * nothing is written anywhere.
   */
  cacheDir?: string | true
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
  const hooks = { onProgress, onTiming }
  const cache = options.cacheDir === undefined ? null : openCache(workspace.root, options.cacheDir)
  if (cache === null || 'reason' in cache) {
    if (cache !== null) onTiming(`no cache: ${cache.reason}`, 0)
    return { map: await link(workspace, read, hooks), workspace, read }
  }
  const map = await linkWith(cache, workspace, read, hooks)
  const beforeSaving = performance.now()
  cache.save()
  onTiming('save the cache', performance.now() - beforeSaving)
  return { map, workspace, read }
}

/** A monorepo, and the places of its accesses by their ids: what the codemods read. */
export interface RewriteInput extends Repository {
  sites: Map<string, AccessSite>
}

/**
 * Analyses a monorepo for the codemods, always anew: no cache has the places.
 *
 * @throws ConfigError when the root is no folder or the configuration is wrong
 */
export async function analyzeForRewrite(options: AnalyzeOptions): Promise<RewriteInput> {
  const { onProgress = () => {}, onTiming = () => {} } = options
  const { workspace, read } = await loadWorkspace(
    options.root,
    options.configFile === undefined ? {} : { configFile: options.configFile },
  )
  const sites = new Map<string, AccessSite>()
  const onAccess = (id: string, site: AccessSite) => sites.set(id, site)
  return { map: await link(workspace, read, { onProgress, onTiming, onAccess }), sites, workspace, read }
}

/** What a cache holds is not trusted: if the analysis fails with it, it is done again without. */
async function linkWith(
  cache: CacheStore,
  workspace: Workspace,
  read: ReadFile,
  hooks: LinkHooks,
): Promise<DependencyMap> {
  try {
    return await cachedMap(cache, workspace, read, () => link(workspace, read, hooks, cache))
  } catch {
    cache.clear()
    return link(workspace, read, hooks)
  }
}
