/** Modules required by a path that a file puts together from its own folder: `require(path.join(__dirname, '..', 'db'))`. */
import { posix } from 'node:path'

/** `path.join(shared, 'config', 'db')`: what it begins with, and the rest. */
const JOINED =
  /\s*(?:path\.)?(?:join|resolve)\(\s*([\w$]+)((?:\s*,\s*(?:'[^'\n]*'|"[^"\n]*"))*)(?:\s*,)?\s*\)/y
/** `` `${shared}/db` `` */
const TEMPLATE = /\s*`\$\{([\w$]+)\}([^`$\n]*)`/y
/** `shared`, `__dirname + '/db'`, as the only argument. */
const ADDED = /\s*([\w$]+)(?:\s*\+\s*('[^'\n]*'|"[^"\n]*"))?(?=\s*\))/y
const QUOTED = /'([^'\n]*)'|"([^"\n]*)"/g
const DECLARED = /\b(?:const|let|var)\s+([\w$]+)\s*=/g
const OPENS = /\s*\(/y

/**
 * Reads such paths in a text: given the offset behind `require`, the specifier that means the same. What the file calls its
 * folders is looked up only where it is asked for.
 */
export function createPathReader(text: string): (at: number) => string | null {
  let folders: Map<string, string> | undefined
  return at => {
    OPENS.lastIndex = at
    if (!OPENS.test(text)) return null
    folders ??= foldersIn(text)
    return pathAt(text, OPENS.lastIndex, folders, [JOINED, TEMPLATE, ADDED])
  }
}

/** `const shared = path.join(__dirname, '..', 'shared')`, and what is made of it further on. */
function foldersIn(text: string): Map<string, string> {
  const folders = new Map([['__dirname', '.']])
  DECLARED.lastIndex = 0
  for (let match = DECLARED.exec(text); match; match = DECLARED.exec(text)) {
    const path = pathAt(text, DECLARED.lastIndex, folders, [JOINED, TEMPLATE])
    if (path !== null && !folders.has(match[1])) folders.set(match[1], path)
  }
  return folders
}

function pathAt(text: string, at: number, folders: Map<string, string>, forms: RegExp[]): string | null {
  for (const form of forms) {
    form.lastIndex = at
    const match = form.exec(text)
    if (!match) continue
    const folder = folders.get(match[1])
    if (folder === undefined) return null
    const rest = form === TEMPLATE ? [match[2]] : quotedIn(match[2] ?? '')
    return relative(posix.join(folder, ...rest))
  }
  return null
}

function quotedIn(text: string): string[] {
  return [...text.matchAll(QUOTED)].map(([, single, double]) => single ?? double)
}

function relative(path: string): string {
  return path.startsWith('.') ? path : `./${path}`
}
