/** package.json and tsconfig.json, which are no files of the workspace, read from the disk. */
import { readFileSync, realpathSync, statSync } from 'node:fs'
import { join, posix, sep } from 'node:path'
import { type JsonObject, objectAt, parseJson, stringAt } from '../../analyzers/workspace/json.js'

const LARGEST = 1024 * 1024
const MAX_EXTENDS = 5

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

/** Whether a file is an ES module by the package that it is of. */
export function isModulePackage(root: string, path: string): boolean {
  const manifest = manifestAbove(root, path, 'package.json')
  return manifest !== null && stringAt(readManifest(root, manifest) ?? {}, 'type') === 'module'
}

/** The folder outside of which a tsconfig.json compiles nothing, relative to the root; null where it names none below its own. */
export function rootDirOf(root: string, path: string): string | null {
  const named = stringAt(objectAt(readManifest(root, path) ?? {}, 'compilerOptions'), 'rootDir')
  const folder = posix.normalize(`${named ?? '.'}/`).slice(0, -1)
  return /^(?:\.\.?(?:\/|$)|\/)|^$/.test(folder) ? null : posix.join(posix.dirname(path), folder)
}

/** Whether what is compiled by a tsconfig.json may be JavaScript. */
export function allowsJs(root: string, path: string, hops = MAX_EXTENDS): boolean {
  const value = readManifest(root, path) ?? {}
  const options = objectAt(value, 'compilerOptions')
  if (typeof options.allowJs === 'boolean') return options.allowJs
  if (options.checkJs === true) return true
  const base = stringAt(value, 'extends')
  if (base === null || !base.startsWith('.') || hops === 0) return false
  const next = posix.join(posix.dirname(path), base)
  return allowsJs(root, next.endsWith('.json') ? next : `${next}.json`, hops - 1)
}
