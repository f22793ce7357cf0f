/** Imports and exports of a file by its text alone: enough to follow who uses what, without parsing every file. */
import { createPathReader } from './path-imports.js'

/** A place where a file names another module. */
export interface ImportStatement {
  /** `import … from`, `export … from`, `import 'm'`, or a call of `import` or `require`. */
  kind: 'import' | 'export' | 'effect' | 'call'
  module: string
  /** What stands before `from`, or the names that a call's module is asked for; read it with `specifiersOf`. */
  clause: string
}

/** A name of another module or of this file, and what it is called from here on. */
export interface Specifier {
  /** `*` for the module as a whole. */
  name: string
  as: string
  /** Types run no code. */
  isType: boolean
}

/** An export of another module. */
export interface Origin {
  module: string
  name: string
  isType: boolean
}

/** What a file imports and hands on, and where it exports something of its own. */
export interface ImportScan {
  statements: ImportStatement[]
  /** Offsets after each `export` and `exports` that is no re-export: read them with `scanExports`. */
  exportsAt: number[]
}

/** What a file exports. */
export interface ExportScan {
  /** Names that the file itself declares, and whether they are nothing but types. */
  declared: Map<string, { isType: boolean }>
  /** By name, what it hands on from other modules, also where it takes an import and an export. */
  reexports: Map<string, Origin[]>
  /** `export * from 'm'` */
  stars: { module: string; isType: boolean }[]
}

/** What a file imports, exports and hands on, as plain data. */
export interface ModuleScan {
  imports: ImportStatement[]
  declared: [name: string, { isType: boolean }][]
  reexports: [as: string, Origin[]][]
  stars: { module: string; isType: boolean }[]
}

/** All imports and exports of a file. */
export function scanModule(text: string): ModuleScan {
  const imports = scanImports(text)
  const { declared, reexports, stars } = scanExports(text, imports)
  return { imports: imports.statements, declared: [...declared], reexports: [...reexports], stars }
}

/*
 * The text is searched once for keywords, and what follows each is read by expressions that are tied to that place
 * and stop at the next brace, so that the time is linear. Imports inside of comments count too: at worst something
 * is reached that isn't.
 */
const KEYWORD = /\b(?:import|exports?|require)\b/g
/** `type Default, { a as b } from 'm'`, `* as ns from 'm'`: clause, module. */
const FROM =
  /\s*((?:type\b\s*(?!from\b|,))?(?:[\w$]+\s*(?:,\s*)?)?(?:\*\s*(?:as\s+(?:[\w$]+|'[^'\n]*'|"[^"\n]*")\s*)?|\{[^{}]*\}\s*)?)\bfrom\s*['"]([^'"\n]+)['"]/y
/** `'m'` */
const EFFECT = /\s*['"]([^'"\n]+)['"]/y
/** `('m')`, also with a type argument before or a comment for the bundler inside. */
const CALL = /\s*(?:<[^<>]{0,200}>\s*)?\(\s*(?:\/\*[^*]*\*\/\s*)?(?:'([^'\n]+)'|"([^"\n]+)"|`([^`$\n]+)`)/y
/** `).name` behind `require('m'`, `)).name` behind `(await import('m'`: the name. */
const PROPERTY_OF = { require: /\s*\)\s*\??\.\s*([\w$]+)/y, import: /\s*\)\s*\)\s*\??\.\s*([\w$]+)/y }
/** `const x`, `default async function x`, `abstract class X`, `const enum E`: default, kind, name. */
const DECLARATION =
  /\s+(default\b\s*)?(?:declare\s+)?(?:abstract\s+)?(?:async\s+)?(?:(const|let|var|function|class|enum|interface|type|namespace|module)\b\s*\*?\s*(?:enum\s+)?([\w$]+)?)?/y
/** `{ a, b as c }`, `type { T }` or the pattern of `const { a, b: c } = …`: keyword, what is inside. */
const BRACES = /\s*(?:(type|const|let|var)\b\s*)?\{([^{}]*)\}/y
/** `exports.a`, `module.exports.a`: the name. */
const PROPERTY = /\.([\w$]+)/y
/** A clause: type, default, star, namespace, names. */
const CLAUSE =
  /^(?:(type)\b\s*(?=[\w$*{]))?(?:([\w$]+)\s*(?:,\s*)?)?(?:(\*)\s*(?:as\s+([\w$]+|'[^']*'|"[^"]*")\s*)?|\{([^{}]*)\}\s*)?$/

/** All imports and re-exports of a file. */
export function scanImports(text: string): ImportScan {
  const scan: ImportScan = { statements: [], exportsAt: [] }
  const pathAt = createPathReader(text)
  KEYWORD.lastIndex = 0
  for (let match = KEYWORD.exec(text); match; match = KEYWORD.exec(text)) {
    const at = KEYWORD.lastIndex
    if (match[0] === 'import') {
      const statement =
        fromAt('import', text, at) ?? effectAt(text, at) ?? callAt('import', text, match.index)
      // `typeof import('m')` is a type.
      const isType = text
        .slice(Math.max(0, match.index - 8), match.index)
        .trimEnd()
        .endsWith('typeof')
      if (statement && !isType) scan.statements.push(statement)
    } else if (match[0] === 'require') {
      const statement = callAt('require', text, match.index)
      const path = statement ? null : pathAt(at)
      if (statement) scan.statements.push(statement)
      else if (path !== null) scan.statements.push({ kind: 'call', clause: '', module: path })
    } else {
      const statement = match[0] === 'export' ? fromAt('export', text, at) : null
      if (statement) scan.statements.push(statement)
      else scan.exportsAt.push(at)
    }
  }
  return scan
}

function fromAt(kind: 'import' | 'export', text: string, at: number): ImportStatement | null {
  const match = matchAt(FROM, text, at)
  return match && { kind, clause: match[1], module: match[2] }
}

function effectAt(text: string, at: number): ImportStatement | null {
  const match = matchAt(EFFECT, text, at)
  return match && { kind: 'effect', clause: '', module: match[1] }
}

/** @param at where the keyword stands */
function callAt(keyword: 'import' | 'require', text: string, at: number): ImportStatement | null {
  const match = matchAt(CALL, text, at + keyword.length)
  if (!match) return null
  const property = matchAt(PROPERTY_OF[keyword], text, CALL.lastIndex)?.[1]
  const names = property === undefined ? namesBefore(text, at) : [property]
  return {
    kind: 'call',
    clause: names === null ? '' : `{ ${names.join(', ')} }`,
    module: match[1] ?? match[2] ?? match[3],
  }
}

/** A pattern that is longer than this counts as one that asks for the whole module. */
const MAX_PATTERN = 1_000

/**
 * Names that a pattern before a call takes of its result: `const { a, b: c } = await ` -> a, b. Null where there is none, or
 * where it takes more than names that can be told.
 */
function namesBefore(text: string, at: number): string[] | null {
  const before = text.slice(Math.max(0, at - MAX_PATTERN), at).trimEnd()
  const pattern = /^(.*\})\s*=$/s.exec(before.endsWith('await') ? before.slice(0, -5).trimEnd() : before)?.[1]
  const open = pattern?.lastIndexOf('{') ?? -1
  if (pattern === undefined || open === -1) return null
  const names = withoutComments(pattern.slice(open + 1, -1))
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(part => /^([\w$]+)\s*(?:[:=]|$)/.exec(part)?.[1])
  return names.some(name => name === undefined) ? null : names.map(name => name!)
}

/** `Default, { a as b, type C }` -> default as Default, a as b, C as C (a type); `* as x` -> * as x. */
export function specifiersOf({ kind, clause }: ImportStatement): Specifier[] {
  if (kind === 'effect' || (kind === 'call' && clause === '')) return [{ name: '*', as: '*', isType: false }]
  const match = CLAUSE.exec(clause)
  if (!match) return []
  const [, type, local, star, namespace, names] = match
  const isType = type !== undefined
  const found = names === undefined ? [] : specifiersIn(names, isType)
  if (local) found.push({ name: 'default', as: local, isType })
  if (star) found.push({ name: '*', as: unquote(namespace ?? '*'), isType })
  return found
}

/** What a file exports: the text that `scanImports` read, and what it found. */
export function scanExports(text: string, { statements, exportsAt }: ImportScan): ExportScan {
  const scan: ExportScan = { declared: new Map(), reexports: new Map(), stars: [] }
  const imported = new Map<string, Origin>()
  for (const statement of statements) {
    const { kind, module } = statement
    if (kind === 'effect' || kind === 'call') continue
    for (const { name, as, isType } of specifiersOf(statement)) {
      if (kind === 'import') imported.set(as, { module, name, isType })
      else if (as === '*') scan.stars.push({ module, isType })
      else addReexport(scan, as, { module, name, isType })
    }
  }
  for (const at of exportsAt) {
    const property = matchAt(PROPERTY, text, at)
    const braces = property ? null : matchAt(BRACES, text, at)
    if (property) declare(scan, property[1], false)
    else if (!braces) declareOne(text, at, scan)
    else if (braces[1] && braces[1] !== 'type') {
      for (const name of boundNames(braces[2])) declare(scan, name, false)
    } else {
      for (const { name, as, isType } of specifiersIn(braces[2], braces[1] === 'type')) {
        const origin = imported.get(name)
        if (origin) addReexport(scan, as, { ...origin, isType: isType || origin.isType })
        else declare(scan, as, isType)
      }
    }
  }
  return scan
}

function declareOne(text: string, at: number, scan: ExportScan): void {
  const [, isDefault, kind, name] = matchAt(DECLARATION, text, at) ?? []
  const as = isDefault ? 'default' : name
  if (as) declare(scan, as, kind === 'interface' || kind === 'type')
}

/** `interface A` may stand beside `const A`. */
function declare(scan: ExportScan, name: string, isType: boolean): void {
  if (!isType || !scan.declared.has(name)) scan.declared.set(name, { isType })
}

function addReexport(scan: ExportScan, as: string, origin: Origin): void {
  const known = scan.reexports.get(as)
  if (known) known.push(origin)
  else scan.reexports.set(as, [origin])
}

function specifiersIn(names: string, isType: boolean): Specifier[] {
  const found: Specifier[] = []
  for (const part of withoutComments(names).split(',')) {
    const words = part.trim().split(/\s+/)
    const isTypeItself = words.length > 1 && words[0] === 'type' && words[1] !== 'as'
    const [name, , as = name] = isTypeItself ? words.slice(1) : words
    if (name) found.push({ name: unquote(name), as: unquote(as), isType: isType || isTypeItself })
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
