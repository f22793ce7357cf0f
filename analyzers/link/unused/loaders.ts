/** Code that runs other files without importing them: by a path in a text, or by one that it puts together. */
import { groupBy } from '../../graph/index.js'
import { folderOf } from '../../workspace/paths.js'
import { stemOf } from './entry-points.js'

/** A file that may be run so. */
export interface Wanted {
  path: string
  /** Its service. */
  owner: string
  /** Folders between its service's and it, without `src`. */
  folders: string[]
  /** Files that import it. */
  importedBy: string[]
}

/** `require(path.join(dir, name))`, `import(file)`, `fork(script)`, `new Worker(url)`, a pattern of paths. */
const loadsByName =
  /\b(?:require|import)\s*\((?!\s*(?:'[^'\n]*'|"[^"\n]*"|`[^`$\n]*`)\s*[),])|\b(?:fork|autoload|require\.context|import\.meta\.glob)\b|\bnew\s+(?:Worker|Piscina|Bree|Tinypool)\b|\*\*\/\*|\/\*[.{]/i
/** A program that is started by its own name, whatever imports it. */
const startsItself = /^#!|\brequire\.main\b|\bimport\.meta\.main\b|\bprocess\.argv\b/
/** A text that is nothing but the path of a module: relative, by an alias, or with its extension. */
const modulePath = /^(?:\.|@\/|~|#|(?:\.\/)?(?:src|dist|build|lib)\/)|\.[cm]?[jt]sx?$/
/** Longer paths are no one's. */
const MAX_PATH = 200

/** Tells which of some files a text seems to run. `resolve` says what an import of this text means. */
export type LoadedBy = (file: string, text: string, resolve: (specifier: string) => string | null) => Wanted[]

/** Made once for many texts. What a path means as an import is imported, and so no other file of that name. */
export function createLoadedBy(wanted: Wanted[]): LoadedBy {
  const byToken = groupBy(wanted, ({ path }) => tokenOf(path))
  const ends = endsWith([...byToken.keys()])
  return (file, text, resolve) => {
    const found = byName(file, text, wanted)
    for (const { token, path } of pathsIn(text, ends)) {
      const means = resolve(path)
      for (const each of byToken.get(token)!)
        if (means === null ? modulePath.test(path) : means === each.path && !each.importedBy.includes(file))
          found.add(each)
    }
    return [...found].filter(({ path }) => path !== file)
  }
}

/** Tells of a text whether it may run any of some files, whatever imports mean in its file. */
export function createMayLoad(wanted: Wanted[]): (text: string) => boolean {
  const ends = endsWith([...new Set(wanted.map(({ path }) => tokenOf(path)))])
  return text => loadsByName.test(text) || text.search(ends) !== -1
}

/** What code that loads modules by names may mean: what lies beside it, or whose name or folder it has in its text. */
function byName(file: string, text: string, wanted: Wanted[]): Set<Wanted> {
  const found = new Set<Wanted>()
  if (loadsByName.test(text)) {
    const dotted = text.match(/[\w$-]+(?:\.[\w$-]+)*/g) ?? []
    const words = new Set([...dotted, ...dotted.flatMap(word => word.split('.'))])
    for (const each of wanted) {
      const isNear = folderOf(each.path) === folderOf(file)
      const stem = stemOf(each.path)
      // `user.entity` is meant by `*.entity.ts` too.
      const names = [tokenOf(each.path), stem, ...stem.split('.').slice(1), ...each.folders]
      if (isNear || names.some(name => words.has(name))) found.add(each)
    }
  }
  return found
}

/** Whether the text of a file says that it is a program. */
export function isProgram(text: string): boolean {
  return startsItself.test(text)
}

/** What an import of a file ends with: its folder's name for an index. */
function tokenOf(path: string): string {
  const stem = stemOf(path)
  const folder = folderOf(path)
  return stem === 'index' && folder !== '.' ? stemOf(`${folder}.`) : stem
}

/** Where a text in quotes ends with one of some names. */
function endsWith(tokens: string[]): RegExp {
  const names = tokens.map(token => token.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')
  return new RegExp(`(?<![\\w$-])(${names})(?:/index)?(?:\\.[cm]?[jt]sx?)?(?=['"\`])`, 'g')
}

/** These texts, from where they begin. */
function* pathsIn(text: string, ends: RegExp): Generator<{ token: string; path: string }> {
  for (const match of text.matchAll(ends)) {
    let start = match.index
    while (start > 0 && match.index - start < MAX_PATH && !/[\s'"`(,]/.test(text[start - 1]!)) start--
    yield { token: match[1]!, path: text.slice(start, match.index + match[0].length) }
  }
}
