/** Imports and exports of a file by its text alone: enough to follow who uses what, without parsing every file. */

export interface ImportScan {
  /** Modules imported, with the exported names; `*` for a namespace, a side effect or `require`. No types. */
  imports: { module: string; names: string[] }[]
  /** Modules imported for what running them does: `import './setup'`. They are among `imports` too. */
  effects: string[]
  /** `export { a as b } from 'm'`, also in two steps; both `*` for `export * from`; types run no code. */
  reexports: { module: string; name: string; as: string; isType: boolean }[]
  /** Names that the file declares and exports itself, and whether they are nothing but types. */
  exports: Map<string, { isType: boolean }>
}

/*
 * The text is searched for the three keywords, and what follows each is read by expressions that are tied to that
 * place and stop at the next brace, so that the time is linear. Imports inside of comments count too: at worst
 * something is reached that isn't.
 */
const KEYWORDS = ['import', 'export', 'require'] as const
/** `Default, { a as b } from 'm'`, `* as ns from 'm'`: type, default, namespace or star, names, module. */
const FROM =
  /\s*(?:(type)\b\s*(?!from\b|,))?(?:([\w$]+)\s*(?:,\s*)?)?(?:(\*)\s*(?:as\s+([\w$]+|'[^'\n]*'|"[^"\n]*")\s*)?|\{([^{}]*)\}\s*)?\bfrom\s*['"]([^'"\n]+)['"]/y
/** `import 'm'` */
const BARE = /\s*['"]([^'"\n]+)['"]/y
/** `('m')` of `import` or `require`, also with a type argument or a comment for the bundler. */
const CALL = /\s*(?:<[^<>()]{0,200}>\s*)?\(\s*(?:\/\*[^*]*\*\/\s*)?(?:'([^'\n]+)'|"([^"\n]+)"|`([^`$\n]+)`)/y
/** `const x`, `default async function x`, `abstract class X`, `const enum E`: default, kind, name. */
const DECLARATION =
  /\s+(default\b\s*)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:(?:(const|let|var|function|class|enum|interface|type|namespace|module)\b\s*\*?\s*(?:enum\s+)?)([\w$]+)?)?/y
/** `{ a, b as c }`, `type { T }` or the pattern of `const { a, b: c } = …`. */
const BRACES = /\s*(?:(type|const|let|var)\b\s*)?\{([^{}]*)\}/y
/** `exports.a`, `module.exports.a` */
const COMMONJS = /s\.([\w$]+)/y

/** Scans the text of one file. */
export function scanImports(text: string): ImportScan {
  const scan: ImportScan = { imports: [], effects: [], reexports: [], exports: new Map() }
  /** What local names stand for, and the local names that are exported. */
  const imported = new Map<string, { module: string; name: string; isType: boolean }>()
  const exportedLocals: Specifier[] = []
  for (const keyword of KEYWORDS) {
    for (let at = text.indexOf(keyword); at !== -1; at = text.indexOf(keyword, at + keyword.length)) {
      const end = at + keyword.length
      if (isWord(text.charCodeAt(at - 1))) continue
      if (isWord(text.charCodeAt(end))) {
        const property = keyword === 'export' ? matchAt(COMMONJS, text, end) : null
        if (property) scan.exports.set(property[1], { isType: false })
      } else if (keyword === 'require') scanCall(text, end, scan)
      else if (keyword === 'import') scanImport(text, end, scan, imported)
      else scanExport(text, end, scan, exportedLocals)
    }
  }
  for (const { name, as, isType } of exportedLocals) {
    const origin = imported.get(name)
    if (origin) {
      scan.reexports.push({
        module: origin.module,
        name: origin.name,
        as,
        isType: isType || origin.isType,
      })
    } else if (!scan.exports.has(as)) scan.exports.set(as, { isType })
  }
  return scan
}

function scanImport(
  text: string,
  at: number,
  scan: ImportScan,
  imported: Map<string, { module: string; name: string; isType: boolean }>,
): void {
  const clause = matchAt(FROM, text, at)
  if (!clause) {
    const bare = matchAt(BARE, text, at)
    if (!bare) return scanCall(text, at, scan)
    scan.imports.push({ module: bare[1], names: ['*'] })
    scan.effects.push(bare[1])
    return
  }
  const module = clause[6]
  const specifiers = specifiersOf(clause)
  for (const { name, as, isType } of specifiers) imported.set(as, { module, name, isType })
  const names = specifiers.filter(({ isType }) => !isType).map(({ name }) => name)
  if (names.length > 0) scan.imports.push({ module, names })
}

function scanCall(text: string, at: number, scan: ImportScan): void {
  const call = matchAt(CALL, text, at)
  if (call) scan.imports.push({ module: call[1] ?? call[2] ?? call[3], names: ['*'] })
}

function scanExport(text: string, at: number, scan: ImportScan, exportedLocals: Specifier[]): void {
  const clause = matchAt(FROM, text, at)
  if (clause) {
    const module = clause[6]
    if (clause[3] && !clause[4]) scan.reexports.push({ module, name: '*', as: '*', isType: !!clause[1] })
    else for (const specifier of specifiersOf(clause)) scan.reexports.push({ module, ...specifier })
    return
  }
  const braces = matchAt(BRACES, text, at)
  if (braces) {
    const [, keyword, inside] = braces
    if (!keyword || keyword === 'type') exportedLocals.push(...specifiersIn(inside, keyword === 'type'))
    else for (const name of boundNames(inside)) scan.exports.set(name, { isType: false })
    return
  }
  const declaration = matchAt(DECLARATION, text, at)
  if (!declaration) return
  const [, isDefault, kind, name] = declaration
  const isType = kind === 'interface' || kind === 'type'
  const as = isDefault ? 'default' : name
  // `interface A` beside `const A`: one name for both.
  if (as && !(isType && scan.exports.has(as))) scan.exports.set(as, { isType })
}

/** A name of another module or of this file, and what it is called from here on. */
interface Specifier {
  name: string
  as: string
  isType: boolean
}

/** `Default, { a as b, type C } from` -> default as Default, a as b, C as C (a type); `* as x` -> * as x. */
function specifiersOf(clause: RegExpExecArray): Specifier[] {
  const [, type, local, , namespace, inside] = clause
  const found = inside === undefined ? [] : specifiersIn(inside, !!type)
  if (local) found.push({ name: 'default', as: local, isType: !!type })
  if (namespace) found.push({ name: '*', as: unquote(namespace), isType: !!type })
  return found
}

function specifiersIn(inside: string, isType: boolean): Specifier[] {
  const found: Specifier[] = []
  for (const part of withoutComments(inside).split(',')) {
    const words = part.trim().split(/\s+/)
    const isOfType = words.length > 1 && words[0] === 'type' && words[1] !== 'as'
    if (isOfType) words.shift()
    if (words[0]) {
      found.push({
        name: unquote(words[0]),
        as: unquote(words[2] ?? words[0]),
        isType: isType || isOfType,
      })
    }
  }
  return found
}

/** `a, b: c = 1, ...d` -> a, c, d. Names inside of nested patterns are missed. */
function boundNames(pattern: string): string[] {
  return withoutComments(pattern)
    .split(',')
    .map(part => /([\w$]+)\s*$/.exec(part.split('=', 1)[0])?.[1])
    .filter(name => name !== undefined)
}

function withoutComments(text: string): string {
  return text.includes('/') ? text.replace(/\/\*[^*]*\*\/|\/\/[^\n]*/g, '') : text
}

function unquote(name: string): string {
  return /^['"]/.test(name) ? name.slice(1, -1) : name
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function isWord(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    code === 0x5f
  )
}
