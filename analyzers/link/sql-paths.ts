/** Paths of `.sql` files and of the folders that they are in, as code names them. */
import { matchesGlob } from '../workspace/glob.js'

export interface NamedFiles {
  all: Set<string>
  /** By name without the folder. */
  byName: Map<string, string[]>
  /** All files below a folder, in any depth. */
  folders: Map<string, string[]>
  /** Such folders by name without those around. */
  foldersByName: Map<string, string[]>
}

export function namedFiles(paths: string[]): NamedFiles {
  const named: NamedFiles = {
    all: new Set(paths),
    byName: new Map(),
    folders: new Map(),
    foldersByName: new Map(),
  }
  for (const path of paths) {
    const parts = path.split('/')
    addTo(named.byName, parts.at(-1) ?? '', path)
    for (let depth = 1; depth < parts.length; depth++) {
      const folder = parts.slice(0, depth).join('/')
      if (!named.folders.has(folder)) addTo(named.foldersByName, parts[depth - 1], folder)
      addTo(named.folders, folder, path)
    }
  }
  return named
}

function addTo(map: Map<string, string[]>, key: string, value: string): void {
  const known = map.get(key)
  if (known) known.push(value)
  else map.set(key, [value])
}

/** A path without `.` and `..`. */
export function normalized(parts: string[]): string {
  const own: string[] = []
  for (const part of parts) {
    if (part === '..') own.pop()
    else if (part !== '.' && part !== '') own.push(part)
  }
  return own.join('/')
}

/** Names are compared without case and separators: `select_user`, `selectUser`, `select-user`. */
export function plainName(name: string): string {
  return name
    .replace(/\.sql$/i, '')
    .replace(/[-_.\s]/g, '')
    .toLowerCase()
}

/** Whether a text that is written looks like the path of a folder, and not like any other word. */
export function isPath(text: string): boolean {
  return /^[^\s;'"]+$/.test(text) && /^\.{1,2}$|\/|sql|quer/i.test(text)
}

/** A file or a folder of this name, or under this path, in a folder. */
export function inFolder(
  { folders }: NamedFiles,
  folder: string,
  name: string,
): { file?: string; folder?: string } {
  const depth = folder.split('/').length
  const wanted = normalized(name.split('/')).split('/')
  const isWanted = (parts: string[]): boolean =>
    wanted.every((part, at) => parts[at] !== undefined && plainName(parts[at]) === plainName(part))
  const files = (folders.get(folder) ?? []).map(file => file.split('/').slice(depth))
  const file = files.find(parts => parts.length === wanted.length && isWanted(parts))
  if (file) return { file: `${folder}/${file.join('/')}` }
  const inner = files.find(parts => parts.length > wanted.length && isWanted(parts))
  return inner ? { folder: `${folder}/${inner.slice(0, wanted.length).join('/')}` } : {}
}

/** Files that a glob matches, seen from the folder of a source file; of one that begins with `/`, from any. */
export function globbed({ all }: NamedFiles, glob: string, fromFile: string): string[] {
  const isOfRoot = glob.startsWith('/')
  const folder = isOfRoot || all.size === 0 ? [] : fromFile.split('/').slice(0, -1)
  const pattern = normalized([...folder, ...glob.split('/')])
  const below = isOfRoot ? `**/${pattern}` : pattern
  const found = [...all].filter(path => matchesGlob(below, path))
  if (found.length > 0 || isOfRoot) return found
  // A path from the folder that the program runs in.
  return [...all].filter(path => matchesGlob(`**/${normalized(glob.split('/'))}`, path))
}

/** Folders with `.sql` files that a path written in a source file means. */
export function foldersAt({ folders, foldersByName }: NamedFiles, path: string, fromFile: string): string[] {
  const folder = normalized(path.split('/'))
  if (folders.has(folder) && !path.startsWith('.')) return [folder]
  const beside = normalized([...fromFile.split('/').slice(0, -1), ...path.split('/')])
  return folders.has(beside) ? [beside] : nearestWithTail(path, fromFile, foldersByName)
}

/** The file or folder whose path ends as `tail` does; of several, the first that shares the longest folder with the source file. */
export function nearestWithTail(tail: string, fromFile: string, byName: Map<string, string[]>): string[] {
  return allNearestWithTail(tail, fromFile, byName).slice(0, 1)
}

/** All files or folders whose path ends as `tail` does, and that share the longest folder with the source file. */
export function allNearestWithTail(tail: string, fromFile: string, byName: Map<string, string[]>): string[] {
  const parts = tail.split('/').filter(part => part !== '' && part !== '.')
  const upwards = parts.lastIndexOf('..')
  const suffix = parts.slice(upwards + 1)
  const candidates = (byName.get(suffix.at(-1) ?? '') ?? []).filter(path => {
    const own = path.split('/')
    return suffix.every((part, index) => own[own.length - suffix.length + index] === part)
  })
  if (candidates.length <= 1) return candidates
  const shared = (path: string): number => {
    const a = path.split('/')
    const b = fromFile.split('/')
    let n = 0
    while (n < a.length && a[n] === b[n]) n++
    return n
  }
  const best = Math.max(...candidates.map(shared))
  return candidates.filter(path => shared(path) === best)
}
