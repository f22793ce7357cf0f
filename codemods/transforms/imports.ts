/** Imports added once, and taken away where nothing uses them. */

import type { Node } from '../site/parse.js'
import type { TextEdit } from '../site/result.js'
import { isCommonJs, requiredModule, type SourceFile } from '../site/source-file.js'
import { importsOf, layoutOf } from './layout.js'
import { removal } from './text-edits.js'

export interface WantedImport {
  name: string
  module: string
}

/** Name under which each wanted import is there: its own, unless the file means something else by that. */
export function localNames(file: SourceFile, wanted: WantedImport[]): Map<string, string> {
  const names = new Map<string, string>()
  for (const { name, module } of wanted) {
    const existing = localOf(file, { name, module })
    if (existing) names.set(name, existing.name)
    else {
      let local = name
      for (let number = 2; file.bindings.names.has(local); number++) local = `${name}${number}`
      names.set(name, local)
    }
  }
  return names
}

/** The local name of something that is imported or required already. */
function localOf(file: SourceFile, { name, module }: WantedImport): Node | null {
  for (const declaration of importsOf(file.program)) {
    if (declaration.source.value !== module || declaration.importKind === 'type') continue
    const found = declaration.specifiers.find((each: Node) => each.imported?.name === name)
    if (found) return found.local
  }
  for (const statement of file.program.body as Node[]) {
    if (requiredModule(statement) !== module) continue
    const { id } = statement.declarations[0]
    const found =
      id.type === 'ObjectPattern' ? id.properties.find((each: Node) => each.key?.name === name) : null
    if (found?.value.type === 'Identifier') return found.value
  }
  return null
}

/** Edits that add imports and take spent ones away. */
export function importEdits(
  file: SourceFile,
  wanted: WantedImport[],
  locals: Map<string, string>,
  spent: Node[],
): TextEdit[] {
  const { quote, semicolon, newline } = layoutOf(file)
  const isRequired = isCommonJs(file)
  const byModule = new Map<string, string[]>()
  for (const { name, module } of wanted.filter(each => !localOf(file, each))) {
    const local = locals.get(name)!
    const specifiers = byModule.get(module) ?? []
    const renamed = isRequired ? `${name}: ${local}` : `${name} as ${local}`
    byModule.set(module, [...specifiers, name === local ? name : renamed])
  }
  const sorted = [...byModule].toSorted(([a], [b]) => (a < b ? -1 : 1))
  const lines = sorted.map(([module, specifiers]) =>
    isRequired
      ? `const { ${specifiers.join(', ')} } = require(${quote}${module}${quote})${semicolon}`
      : `import { ${specifiers.join(', ')} } from ${quote}${module}${quote}${semicolon}`,
  )
  const edits: TextEdit[] = []
  const declarations = importsOf(file.program)
  for (const declaration of declarations) {
    const gone = declaration.specifiers.filter((each: Node) => spent.includes(each))
    if (gone.length === 0) continue
    if (gone.length === declaration.specifiers.length) edits.push(removal(file.text, declaration))
    else edits.push(...gone.map((specifier: Node) => withoutSpecifier(file, declaration, specifier, gone)))
  }
  if (lines.length === 0) return edits
  const last = isRequired ? lastOfFirstRequires(file) : declarations.at(-1)
  const added = lines.join(newline)
  if (!last) {
    const at = afterPrologue(file)
    return [...edits, { start: at, end: at, text: `${added}${newline}` }]
  }
  const goes = edits.findIndex(edit => edit.start <= last.start && edit.end >= last.end)
  if (goes !== -1) {
    // The last import goes: the new one takes its place.
    edits[goes] = { start: last.start, end: last.end, text: added }
    return edits
  }
  return [...edits, { start: last.end, end: last.end, text: `${newline}${added}` }]
}

/**
 * The last `require` of the first that stand together. What is required further down is not there yet for code in
 * between that runs while the file is loaded.
 */
function lastOfFirstRequires({ program }: SourceFile): Node | undefined {
  const statements = program.body as Node[]
  const first = statements.findIndex(each => requiredModule(each) !== null)
  if (first === -1) return undefined
  const next = statements.findIndex((each, at) => at > first && requiredModule(each) === null)
  return statements[(next === -1 ? statements.length : next) - 1]
}

/** A specifier with the comma that separates it from those that stay. */
function withoutSpecifier(file: SourceFile, declaration: Node, specifier: Node, gone: Node[]): TextEdit {
  const named = declaration.specifiers.filter((each: Node) => each.type === 'ImportSpecifier')
  if (specifier.type !== 'ImportSpecifier' || named.every((each: Node) => gone.includes(each))) {
    return defaultOrNamed(file, declaration, specifier, named)
  }
  const index = named.indexOf(specifier)
  const later = named.slice(index + 1).find((each: Node) => !gone.includes(each))
  if (later) return { start: specifier.start, end: named[index + 1].start, text: '' }
  const previous = named[index - 1]
  return { start: previous.end, end: specifier.end, text: '' }
}

/** `import a, { b } from 'm'`: one of the halves. */
function defaultOrNamed(file: SourceFile, declaration: Node, specifier: Node, named: Node[]): TextEdit {
  const braceOpen = file.text.indexOf('{', declaration.start)
  const braceClose = file.text.indexOf('}', declaration.start)
  if (specifier.type !== 'ImportSpecifier') return { start: specifier.start, end: braceOpen, text: '' }
  if (specifier !== named[0]) return { start: specifier.end, end: specifier.end, text: '' }
  const before = declaration.specifiers.find((each: Node) => each.type === 'ImportDefaultSpecifier')
  return { start: before.end, end: braceClose + 1, text: '' }
}

/** After `#!`, a comment at the head and directives. */
function afterPrologue(file: SourceFile): number {
  const first = file.program.body[0] as Node | undefined
  const directive = file.program.directives?.at(-1) as Node | undefined
  if (directive) return file.text.indexOf('\n', directive.end) + 1 || file.text.length
  return first ? file.text.lastIndexOf('\n', first.start - 1) + 1 : file.text.length
}
