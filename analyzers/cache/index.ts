/** Results of earlier runs, kept by what they were made from. Stages get a `Cache` and know nothing of files. */
import { cacheFolder } from './folder.js'
import { type CacheStore, createCacheStore } from './store.js'
import { toolKey } from './tool-key.js'

export { type Cache, keyOf, type Namespace, noCache } from './cache.js'
export { cachedMap, hashOfContent, keyOfFiles } from './cached-map.js'
export { type CachedSteps, cachedSteps } from './layers.js'
export type { Shape } from './shape.js'
export type { CacheStore } from './store.js'

/**
 * The cache of a repository, or why it has none.
 *
 * @param root real path of the repository's folder
 * @param wanted the user's own folder; true: `node_modules/.cache/seamripper` of the root
 */
export function openCache(root: string, wanted: string | true): CacheStore | { reason: string } {
  const folder = cacheFolder(root, wanted)
  return 'reason' in folder ? folder : createCacheStore(folder.path, toolKey())
}
