/** Names of services: what people call them, which is the name of the folder. */
import { stringAt } from './json.js'
import type { Manifests } from './manifests.js'
import type { Config } from './types.js'

/**
 * A unique name for each folder: the config's; else the folder's, with as many folders above it as make it
 * unique (`auth`, or `services/auth` beside `packages/auth`). The root has the name of its package.
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
  for (const folder of inners) {
    const segments = folder.split('/')
    const suffixes = segments.map((_, index) => segments.slice(index).join('/')).reverse()
    const isUnique = (suffix: string): boolean =>
      !taken.has(suffix) &&
      inners.every(other => other === folder || (other !== suffix && !other.endsWith(`/${suffix}`)))
    names.set(folder, suffixes.find(isUnique) ?? folder)
  }
  if (unnamed.includes('.')) names.set('.', rootName(manifests, new Set(names.values())))
  return names
}

function rootName(manifests: Manifests, taken: ReadonlySet<string>): string {
  const manifest = manifests.packages.find(({ path }) => path === 'package.json')
  const name =
    (manifest && stringAt(manifest.value, 'name'))?.replace(/^@[^/]*\//, '') || manifests.rootFolder
  return taken.has(name) ? `${name} (root)` : name
}
