/** Where the cache of a repository lies, and whether it may. */
import { lstatSync, mkdirSync, realpathSync, statSync } from 'node:fs'
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path'
import { readTrackedPaths } from '../workspace/git-index.js'

/**
 * A folder that may be used, made if it can be; or why there is none. Without a folder of the user's own it is
 * `node_modules/.cache/seamripper`, the place that other tools use too; where the root has no `node_modules` none is
 * made, for npm and git would take notice.
 *
 * @param root real path of the repository's folder
 * @param wanted the user's own folder, relative to the working directory; true: the usual one
 */
export function cacheFolder(root: string, wanted: string | true): { path: string } | { reason: string } {
  const path = wanted === true ? defaultFolder(root) : ownFolder(wanted)
  if (path === null) return { reason: 'there is no node_modules folder to keep it in; give --cache-dir' }
  if (typeof path !== 'string') return path
  if (isTracked(root, path)) {
    return { reason: `${path} is under version control: what it holds was not left there by a run` }
  }
  return { path }
}

/** A repository may come with links: where one stands in the way nothing is written through it. */
function defaultFolder(root: string): string | null | { reason: string } {
  let path = join(root, 'node_modules')
  if (!isFolder(path)) return null
  for (const name of ['.cache', 'seamripper']) {
    path = join(path, name)
    try {
      mkdirSync(path)
    } catch {
      // It is there already, or can't be made.
    }
    if (!isFolder(path)) return { reason: `${path} can't be made, or is no folder` }
  }
  return path
}

function ownFolder(wanted: string): string | { reason: string } {
  if (statSync(wanted, { throwIfNoEntry: false })?.isDirectory() === false) {
    return { reason: `${wanted} is no folder` }
  }
  try {
    makeFolders(resolve(wanted))
    return realpathSync(wanted)
  } catch (error) {
    return { reason: error instanceof Error ? error.message : String(error) }
  }
}

/** Node's own `recursive` never comes back where a file system says that a folder to be made does not exist (/proc). */
function makeFolders(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return
  makeFolders(dirname(path))
  try {
    mkdirSync(path)
  } catch (error) {
    // Another run may have made it in the meantime.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

/**
 * Whoever may commit a cache could make the gate see what is not there. The analysed folder may be a part of a
 * repository, so its index is looked for above it too.
 */
function isTracked(root: string, path: string): boolean {
  for (let top = root; ; top = dirname(top)) {
    const inside = relative(top, path)
    const isInside = inside !== '' && !isAbsolute(inside) && inside.split(sep)[0] !== '..'
    if (isInside && readTrackedPaths(top).has(inside.split(sep).join('/'))) return true
    if (top === dirname(top)) return false
  }
}
