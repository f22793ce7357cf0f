/** Names of services: what people call them, which is the name of the folder. */
import { stringAt } from './json.js'
import type { Manifests } from './manifests.js'
import type { Config } from './types.js'

/**
 * A unique name for each folder: the config's; else the folder's, with as many folders above it as make it
 * unique (`auth`, or `services/auth` beside `packages/auth`). One called `src` has the name of the folder it lies in,
 * where that is no service itself. The root has the name of its package.
 */
export function nameServices(
  folders: readonly string[],
  manifests: Manifests,
  config: Config,
): Map<string, string> {
  const names = new Map<string, string>()
  for (const [name, { path }] of [...Object.entries(config.services), ...Object.entries(config.libraries)]) {
    names.set(path, name)
  }
  const taken = new Set(names.values())
  const unnamed = folders.filter(folder => !names.has(folder))
  const inners = unnamed.filter(folder => folder !== '.')
  const uses = countSuffixes(inners.map(folder => namingFolder(folder, folders)))
  for (const folder of inners) {
    const name = suffixesOf(namingFolder(folder, folders)).find(
      suffix => uses.get(suffix) === 1 && !taken.has(suffix),
    )
    names.set(folder, name ?? folder)
  }
  if (unnamed.includes('.')) names.set('.', rootName(manifests, new Set(names.values())))
  return names
}

function namingFolder(folder: string, folders: readonly string[]): string {
  const above = folder.replace(/\/src$/, '')
  return folders.includes(above) ? folder : above
}

/** `c`, `b/c`, `a/b/c` for `a/b/c`. */
function suffixesOf(folder: string): string[] {
  const segments = folder.split('/')
  return segments.map((_, index) => segments.slice(index).join('/')).reverse()
}

function countSuffixes(folders: readonly string[]): Map<string, number> {
  const uses = new Map<string, number>()
  for (const suffix of folders.flatMap(suffixesOf)) uses.set(suffix, (uses.get(suffix) ?? 0) + 1)
  return uses
}

function rootName(manifests: Manifests, taken: ReadonlySet<string>): string {
  const manifest = manifests.packages.find(({ path }) => path === 'package.json')
  const name =
    (manifest && stringAt(manifest.value, 'name'))?.replace(/^@[^/]*\//, '') || manifests.rootFolder
  return taken.has(name) ? `${name} (root)` : name
}
