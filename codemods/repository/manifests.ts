/** package.json and tsconfig.json, which are no files of the workspace, read from the disk. */
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { join, posix, sep } from 'node:path'
import { type JsonObject, parseJson } from '../../analyzers/workspace/json.js'

const LARGEST = 1024 * 1024

/** The object in a file of the root; null for none, one that is too large, and a link that leads out of the root. */
export function readManifest(root: string, path: string): JsonObject | null {
  try {
    const real = realpathSync(join(root, path))
    if (!real.startsWith(root + sep) || statSync(real).size > LARGEST) return null
    return parseJson(path, readFileSync(real, 'utf8')).value
  } catch {
    return null
  }
}

/** The nearest file of a name in the folders above a file. */
export function manifestAbove(root: string, path: string, name: string): string | null {
  for (let folder = posix.dirname(path); ; folder = posix.dirname(folder)) {
    const found = posix.join(folder, name)
    if (readManifest(root, found) !== null) return found
    if (folder === '.' || folder === '/') return null
  }
}
