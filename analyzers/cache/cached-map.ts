/** The whole map of an earlier run, where nothing changed that it was made from. */
import type { DependencyMap } from '../model.js'
import type { ReadFile, ReadResult, Workspace } from '../workspace/types.js'
import { type Cache, keyOf } from './cache.js'
import { mapShape } from './map-shape.js'

/**
 * The map of a workspace, remembered or made.
 *
 * @param key from `keyOfFiles`
 * @param earlier the map of an earlier run that is the same, which is not kept again: to write it takes longer than that
 * @param isAnew make it in any case
 */
export async function cachedMap(
  cache: Cache,
  key: string,
  earlier: () => Promise<DependencyMap | null>,
  make: () => Promise<DependencyMap>,
  isAnew: boolean,
): Promise<DependencyMap> {
  const known = isAnew ? null : (cache.get('map', key, mapShape) ?? (await earlier()))
  if (known !== null) return known
  const map = await make()
  cache.put('map', key, map)
  return map
}

/**
 * The key of what is made from a workspace. Linking reads nothing but the workspace (config, services, packages,
 * paths) and the texts of its files.
 *
 * Every file is read and hashed. git tells unchanged files by size and time of change, and pays for it with files whose
 * times it must not trust; in a CI job's fresh checkout every time is new. To read and hash 1,877 files took 75 ms.
 */
export function keyOfFiles(workspace: Workspace, read: ReadFile): string {
  return keyOf(keyOfWorkspace(workspace), ...workspace.files.map(({ path }) => hashOfContent(read(path))))
}

/** The same without the texts. */
export function keyOfWorkspace({ root: _, ...inputs }: Workspace): string {
  return keyOf(JSON.stringify(inputs))
}

const hashes = new WeakMap<ReadResult, string>()

/** Hash of what a file holds, made once: 144 bits, none too few to tell texts apart. */
export function hashOfContent(content: ReadResult): string {
  let hash = hashes.get(content)
  if (hash === undefined) {
    const isPlain = 'text' in content && content.warning === undefined
    hash = keyOf(isPlain ? content.text : JSON.stringify(content)).slice(0, 24)
    hashes.set(content, hash)
  }
  return hash
}
