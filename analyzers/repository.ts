import { realpathSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import {
  type CacheStore,
  cachedMap,
  keyOf,
  keyOfFiles,
  type Namespace,
  openCache,
  type Shape,
} from './cache/index.js'
import type { AccessSite } from './link/access-site.js'
import type { CallGraph } from './link/call-graph.js'
import type { link as Link, LinkOptions, MapSources } from './link/index.js'
import type { Reach } from './link/reach.js'
import type { DependencyMap } from './model.js'
import { loadWorkspace } from './workspace/index.js'
import type { ReadFile, Workspace } from './workspace/types.js'

/** More would add little, for tracing stays on one thread, and 40 MiB each. */
const MOST_THREADS = 8

export interface AnalyzeOptions {
  /** Folder of the monorepo. */
  root: string
  /** Path of the configuration; `seamripper.yml` of the root if absent. */
  configFile?: string
  /** Owners by the ids of tables, for those of which the configuration says none. */
  owners?: Record<string, string>
  /**
   * Folder for results of earlier runs, so that a run does only what changed: made if it isn't there, several runs
   * may use it at once. `true`: `node_modules/.cache/seamripper` in the root, if there is a `node_modules`. Without it
   * nothing is written anywhere.
   */
  cacheDir?: string | true
  /** Folder whose cache it is, if not the root: an earlier state of a repository lies in a folder of its own. */
  cacheRoot?: string
  /** Threads to share the work among; 1: no other than this one. As many as processors, eight at most, if absent. */
  jobs?: number
  /** Called while files are read: the stage, and how much of it is done. */
  onProgress?: (stage: string, done: number, total: number) => void
  /** Called after each stage with the time that it took. */
  onTiming?: (stage: string, milliseconds: number) => void
  /** Called when something went wrong that changes nothing in the result. */
  onWarning?: (message: string) => void
}

/** A monorepo after the analysis: its map, and what the gate and the codemods read besides. */
export interface Repository {
  map: DependencyMap
  workspace: Workspace
  read: ReadFile
}

/** The same with the cache, for what is made of the map; null without one. */
export interface CachedRepository extends Repository {
  cache: CacheStore | null
}

/**
 * Analyses a monorepo, see `analyze`.
 *
 * @throws ConfigError when the root is no folder or the configuration is wrong
 */
export async function analyzeRepository(options: AnalyzeOptions): Promise<CachedRepository> {
  const { workspace, read, cache, hooks } = await openRepository(options)
  if (cache === null) return { map: await link(workspace, read, hooks), workspace, read, cache }
  return closing(cache, async () => {
    const map = await linkWith(cache, keyOfFiles(workspace, read), workspace, read, hooks)
    saveCache(cache, hooks)
    return { map, workspace, read, cache }
  })
}

/** What a later stage makes of the analysis for reports: kept in the cache beside the map. */
export interface Addition<T> {
  namespace: Namespace
  shape: Shape<T>
  /** What it is made from besides the files of the workspace. */
  inputs: (root: string) => string
  make: (input: RewriteInput) => Promise<T>
}

/**
 * The same with an addition. Where the cache has both, neither is made.
 *
 * @throws ConfigError when the root is no folder or the configuration is wrong
 */
export async function analyzeWith<T>(
  options: AnalyzeOptions,
  addition: Addition<T>,
): Promise<Repository & { addition: T }> {
  const opened = await openRepository(options)
  return closing(opened.cache, () => makeWith(opened, addition))
}

async function makeWith<T>(
  { workspace, read, cache, hooks }: Awaited<ReturnType<typeof openRepository>>,
  { namespace, shape, inputs, make }: Addition<T>,
): Promise<Repository & { addition: T }> {
  const files = cache === null ? '' : keyOfFiles(workspace, read)
  const key = keyOf(files, inputs(workspace.root))
  const known = cache?.get(namespace, key, shape) ?? null
  if (cache !== null && known !== null) {
    const map = await linkWith(cache, files, workspace, read, hooks)
    saveCache(cache, hooks)
    return { map, workspace, read, addition: known }
  }
  const beside = besideMap()
  const map =
    cache === null
      ? await link(workspace, read, { ...hooks, ...beside.hooks })
      : await linkWith(cache, files, workspace, read, { ...hooks, ...beside.hooks }, true)
  const start = performance.now()
  const addition = await make({ map, workspace, read, ...beside.found() })
  hooks.onTiming(namespace, performance.now() - start)
  if (cache !== null) {
    cache.put(namespace, key, addition)
    saveCache(cache, hooks)
  }
  return { map, workspace, read, addition }
}

async function closing<T>(cache: CacheStore | null, run: () => Promise<T>): Promise<T> {
  try {
    return await run()
  } finally {
    cache?.close()
  }
}

async function openRepository(options: AnalyzeOptions) {
  const { onProgress = () => {}, onTiming = () => {}, onWarning = () => {} } = options
  const start = performance.now()
  const { workspace, read } = await loadWorkspace(
    options.root,
    options.configFile === undefined ? {} : { configFile: options.configFile },
  )
  // The first entry that fits decides.
  workspace.config.owners = { ...workspace.config.owners, ...options.owners }
  onTiming('workspace', performance.now() - start)
  const hooks: LinkOptions = {
    jobs: options.jobs ?? Math.min(availableParallelism(), MOST_THREADS),
    onProgress,
    onTiming,
    onWarning,
  }
  const cache = cacheFor({ ...options, root: workspace.root })
  if (cache !== null && 'reason' in cache) {
    onTiming(`no cache: ${cache.reason}`, 0)
    // The usual place may be missing; one that was asked for is expected to be used.
    if (options.cacheDir !== true) onWarning(`No cache is kept: ${cache.reason}.`)
    return { workspace, read, hooks, cache: null }
  }
  return { workspace, read, hooks, cache }
}

/** The cache that an analysis uses, or why it has none; null where none is wanted. */
export function cacheFor({
  root,
  cacheRoot = root,
  cacheDir,
}: Pick<AnalyzeOptions, 'root' | 'cacheRoot' | 'cacheDir'>): ReturnType<typeof openCache> | null {
  return cacheDir === undefined ? null : openCache(realpathSync(cacheRoot), cacheDir)
}

function saveCache(cache: CacheStore, { onTiming }: LinkOptions): void {
  const start = performance.now()
  cache.save()
  onTiming('save the cache', performance.now() - start)
}

/** A monorepo, the places of its accesses by their ids, who calls what and runs which files: what the codemods read. */
export interface RewriteInput extends Repository {
  sites: Map<string, AccessSite>
  calls: CallGraph
  /** Services that can execute the code of a file. */
  servicesOf: Reach['servicesOf']
}

/** What linking tells beside the map. */
function besideMap() {
  const sites = new Map<string, AccessSite>()
  let calls: CallGraph = { callsOf: () => [], sharedIn: () => [] }
  let servicesOf: Reach['servicesOf'] = () => []
  return {
    hooks: {
      onAccess: (id: string, site: AccessSite) => sites.set(id, site),
      onCalls: (found: CallGraph) => {
        calls = found
      },
      onReach: (found: Reach) => {
        servicesOf = found.servicesOf
      },
    },
    found: () => ({ sites, calls, servicesOf }),
  }
}

/**
 * Analyses a monorepo for the codemods, always anew: no cache has the places.
 *
 * @throws ConfigError when the root is no folder or the configuration is wrong
 */
export async function analyzeForRewrite(options: AnalyzeOptions): Promise<RewriteInput> {
  const { workspace, read, hooks } = await openRepository(options)
  const beside = besideMap()
  return {
    map: await link(workspace, read, { ...hooks, ...beside.hooks }),
    ...beside.found(),
    workspace,
    read,
  }
}

/**
 * What a cache holds is not trusted: if the analysis fails with it, it is done again with an empty one.
 *
 * @param isAnew for hooks that have to see every access: steps may come from the cache, the map may not
 */
async function linkWith(
  cache: CacheStore,
  key: string,
  workspace: Workspace,
  read: ReadFile,
  hooks: LinkOptions,
  isAnew = false,
): Promise<DependencyMap> {
  const earlier = async () => {
    const { earlierMap } = await import('./cache/earlier-map.js')
    return earlierMap(cache, workspace, read)
  }
  const make = async () => {
    const { keepBasis } = await import('./cache/earlier-map.js')
    const onSources = (sources: MapSources) => keepBasis(cache, key, workspace, read, sources)
    return link(workspace, read, { ...hooks, onSources }, cache)
  }
  try {
    return await cachedMap(cache, key, earlier, make, isAnew)
  } catch {
    cache.clear()
    return await cachedMap(cache, key, earlier, make, true)
  }
}

/** Loaded only here: with the map of an earlier run nothing is linked. */
async function link(...inputs: Parameters<typeof Link>): Promise<DependencyMap> {
  const stage = await import('./link/index.js')
  return stage.link(...inputs)
}
