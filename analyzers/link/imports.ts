/** Imports and exports of a file by its text alone: enough to follow who uses what, without parsing every file. */

export interface ImportScan {
  /** Modules imported, with the exported names; `*` for a namespace, a default, a side effect or `require`. */
  imports: { module: string; names: string[] }[]
  /** `export { a as b } from 'm'`; both `*` for `export * from`. */
  reexports: { module: string; name: string; as: string }[]
}

/*
 * The clause between the keyword and `from` holds names, braces, commas and comments, never a quote or `;`, so the
 * scan can't run on into other code. Imports inside of comments count too: at worst something is reached that isn't.
 */
const STATIC = /\b(import|export)\s+(?:type\s+)?([^'"`;()=]{0,4000}?)\s*\bfrom\s*['"]([^'"\n]+)['"]/g
const BARE = /\bimport\s*['"]([^'"\n]+)['"]/g
const DYNAMIC = /\b(?:import|require)\s*(?:<[^<>()]{0,200}>)?\(\s*['"]([^'"\n]+)['"]/g

/** Scans the text of one file. */
export function scanImports(text: string): ImportScan {
  const scan: ImportScan = { imports: [], reexports: [] }
  for (const [, keyword, clause, module] of text.matchAll(STATIC)) {
    const names = namesOf(clause)
    if (keyword === 'import') scan.imports.push({ module, names: names.map(([name]) => name) })
    else if (names.length === 0) scan.reexports.push({ module, name: '*', as: '*' })
    else for (const [name, as] of names) scan.reexports.push({ module, name, as })
  }
  for (const [, module] of text.matchAll(BARE)) scan.imports.push({ module, names: ['*'] })
  for (const [, module] of text.matchAll(DYNAMIC)) scan.imports.push({ module, names: ['*'] })
  return scan
}

/** `Default, { a as b, type C }` -> [['default', 'Default'], ['a', 'b'], ['C', 'C']]; `* as x` -> [['*', 'x']]. */
function namesOf(clause: string): [string, string][] {
  const names: [string, string][] = []
  const plain = clause.replace(/\/\*[^*]*\*\/|\/\/[^\n]*/g, '')
  const braces = /\{([^}]*)\}/.exec(plain)
  for (const part of (braces?.[1] ?? '').split(',')) {
    const words = part
      .trim()
      .replace(/^type\s+/, '')
      .split(/\s+as\s+/)
    if (words[0]) names.push([words[0], words[1] ?? words[0]])
  }
  const outside = plain.replace(/\{[^}]*\}/, '')
  const namespace = /\*\s*as\s+(\w+)/.exec(outside)
  if (namespace) names.push(['*', namespace[1]])
  else {
    const local = /[\w$]+/.exec(outside)
    if (local) names.push(['default', local[0]])
  }
  return names
}
