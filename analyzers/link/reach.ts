/** Which services reach which files, through their imports of libraries. Barrels are followed by name. */
import type { Service } from '../model.js'
import type { WorkspaceFile } from '../workspace/types.js'
import type { ImportScan } from './imports.js'
import { scanImports } from './imports.js'

export interface Reach {
  /** Services that can execute the code of a file, sorted. */
  servicesOf(file: string): string[]
  /** For each service, the libraries of which it reaches some file. */
  libraries: Record<string, string[]>
  /** For each library, the services that reach some file of it. */
  services: Record<string, string[]>
}

/** Part of a file: what leads to one of its exports, or (`*`) all of it. */
interface Spot {
  file: string
  name: string
}

const MAX_BARRELS = 40

/**
 * @param text text of a source file
 * @param resolve file that an import means, or null
 */
export function findReach(
  services: Service[],
  files: WorkspaceFile[],
  text: (path: string) => string | null,
  resolve: (fromFile: string, specifier: string) => string | null,
): Reach {
  const sources = files.filter(file => file.kind === 'source')
  const ownerOf = new Map(sources.map(file => [file.path, file.owner]))
  const kinds = new Map(services.map(service => [service.name, service.kind]))
  const scans = new Map<string, ImportScan>()
  const scan = (file: string): ImportScan => {
    let found = scans.get(file)
    if (!found) {
      found = scanImports(text(file) ?? '')
      scans.set(file, found)
    }
    return found
  }

  /** Spots that running a file (with all of its exports) leads to. */
  const next = new Map<string, Spot[]>()
  const leadsTo = (file: string): Spot[] => {
    let found = next.get(file)
    if (!found) {
      const { imports, reexports } = scan(file)
      found = imports.flatMap(({ module, names }) => {
        const target = resolve(file, module)
        return target ? names.map(name => ({ file: target, name })) : []
      })
      for (const { module, name } of reexports) {
        const target = resolve(file, module)
        if (target) found.push({ file: target, name })
      }
      next.set(file, found)
    }
    return found
  }

  /** Files that hold what a spot names: a barrel leads on to where the name is declared. */
  const homes = new Map<string, string[]>()
  const homesOf = (spot: Spot, depth = 0): string[] => {
    if (spot.name === '*' || spot.name === 'default' || depth > MAX_BARRELS) return [spot.file]
    const key = `${spot.file}\0${spot.name}`
    const known = homes.get(key)
    if (known) return known
    homes.set(key, []) // barrels may import each other
    const { reexports } = scan(spot.file)
    const found: string[] = []
    for (const reexport of reexports) {
      if (reexport.as !== spot.name && reexport.as !== '*') continue
      if (reexport.as === '*' && declares(text(spot.file) ?? '', spot.name)) break
      const target = resolve(spot.file, reexport.module)
      if (!target) continue
      const name = reexport.as === '*' ? spot.name : reexport.name
      const below = homesOf({ file: target, name }, depth + 1)
      if (reexport.as === spot.name) {
        found.push(...below)
        break
      }
      found.push(...below.filter(file => declares(text(file) ?? '', name)))
    }
    const result = found.length > 0 ? [...new Set(found)] : [spot.file]
    homes.set(key, result)
    return result
  }

  const reachers = new Map<string, Set<string>>()
  for (const service of services) {
    if (service.kind !== 'service') continue
    const seen = new Set<string>()
    const queue = sources.filter(file => file.owner === service.name).map(file => file.path)
    for (const file of queue) seen.add(file)
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
      for (const spot of leadsTo(file)) {
        for (const home of homesOf(spot)) {
          // Importing from another service's folder runs its code here too.
          if (seen.has(home)) continue
          seen.add(home)
          queue.push(home)
        }
      }
    }
    for (const file of seen) {
      const set = reachers.get(file)
      if (set) set.add(service.name)
      else reachers.set(file, new Set([service.name]))
    }
  }

  const libraries: Record<string, string[]> = {}
  const byLibrary: Record<string, string[]> = {}
  for (const [file, names] of reachers) {
    const owner = ownerOf.get(file)
    if (!owner || kinds.get(owner) !== 'library') continue
    for (const name of names) {
      addOnce(libraries, name, owner)
      addOnce(byLibrary, owner, name)
    }
  }
  for (const list of [...Object.values(libraries), ...Object.values(byLibrary)]) list.sort()
  return {
    servicesOf: file => [...(reachers.get(file) ?? [])].sort(),
    libraries,
    services: byLibrary,
  }
}

function addOnce(lists: Record<string, string[]>, key: string, value: string): void {
  if (!Object.hasOwn(lists, key)) lists[key] = []
  if (!lists[key].includes(value)) lists[key].push(value)
}

/** Whether a file exports a name of its own. */
function declares(text: string, name: string): boolean {
  if (!/^[\w$]+$/.test(name) || !text.includes(name)) return false
  const escaped = name.replaceAll('$', '\\$')
  return new RegExp(
    `\\bexport\\s+(?:default\\s+)?(?:declare\\s+)?(?:abstract\\s+)?(?:async\\s+)?(?:const|let|var|function\\*?|class|enum|interface|type|namespace)\\s+(?:enum\\s+)?${escaped}\\b|\\bexport\\s*\\{[^}]*\\b${escaped}\\b[^}]*\\}(?!\\s*from)|\\bexport\\s+(?:const|let|var)\\s*\\{[^}]*\\b${escaped}\\b|\\bexports\\.${escaped}\\b`,
  ).test(text)
}
