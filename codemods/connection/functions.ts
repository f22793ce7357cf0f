/** Functions and calls of the source, as the linker resolved them. */
import type { LinkedCall } from '../../analyzers/link/call-graph.js'
import type { Repository } from '../repository/index.js'
import { isFunction } from '../site/bindings.js'
import { type Node, visit } from '../site/parse.js'
import { bare, type SourceFile } from '../site/source-file.js'

/** A function with the file that it is written in. */
export interface FoundFunction {
  file: SourceFile
  fn: Node
}

/** `file:line` of something in the source. */
export function placeIn(file: SourceFile, { start }: Node): string {
  if (file.made) return file.made.placeOf(start)
  return `${file.path}:${lineOf(file, start)}`
}

export function lineOf({ text }: SourceFile, offset: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at !== -1 && at < offset; at = text.indexOf('\n', at + 1)) line++
  return line
}

/** Calls of a file by their first and last offset: a large file has thousands, and each is asked for. */
const byPlace = new WeakMap<LinkedCall[], Map<string, LinkedCall>>()

/** What a call may run; null for one that the linker does not know. */
export function linkedCall({ path }: SourceFile, call: Node, { calls }: Repository): LinkedCall | null {
  const list = calls.callsOf(path)
  let places = byPlace.get(list)
  if (!places) {
    places = new Map(list.map(each => [`${each.start} ${each.end}`, each]))
    byPlace.set(list, places)
  }
  return places.get(`${call.start} ${call.end}`) ?? null
}

/** The functions that a call runs, as far as they are found in the source. */
export function functionsRun({ runs }: LinkedCall, repository: Repository): (FoundFunction | null)[] {
  return runs.map(({ file: path, name, line }) => {
    const file = repository.sourceOf(path)
    // The linker has private names with their `#`.
    const found =
      file === null ? [] : functionsNamed(file, name.replace(/^#/, '')).filter(fn => startsAt(file, fn, line))
    return file && found.length === 1 ? { file, fn: found[0]! } : null
  })
}

/** A method's line is that of its parameters. */
function startsAt(file: SourceFile, fn: Node, line: number): boolean {
  return lineOf(file, fn.start) <= line && line <= lineOf(file, fn.body.start)
}

/** Functions of a file by their names. */
const byName = new WeakMap<SourceFile, Map<string, Node[]>>()

function functionsNamed(file: SourceFile, name: string): Node[] {
  const known = byName.get(file)
  if (known) return known.get(name) ?? []
  const found = new Map<string, Node[]>()
  visit(file.program, node => {
    if (!isFunction(node) || !node.body) return
    const own = nameOf(file, node) ?? ''
    found.set(own, [...(found.get(own) ?? []), node])
  })
  byName.set(file, found)
  return found.get(name) ?? []
}

/** Name that a function is called by: its own, or of the variable, property or method that holds it. */
export function nameOf(file: SourceFile, fn: Node): string | null {
  const own = fn.id?.name ?? keyName(fn)
  if (own) return own
  const around = file.bindings.around(fn)
  const parent = around.findLast(each => bare(each) !== fn)
  switch (parent?.type) {
    case 'VariableDeclarator':
      return parent.id.name ?? null
    case 'ObjectProperty':
    case 'ClassProperty':
    case 'ClassPrivateProperty':
      return keyName(parent)
    case 'AssignmentExpression':
      return parent.left.type === 'MemberExpression' ? keyName(parent.left) : (parent.left.name ?? null)
    default:
      return null
  }
}

/** Name of a key that is written as one: of a property, a method, or `x.key`. */
export function keyName(node: Node): string | null {
  if (node.computed) return null
  const key = node.key ?? node.property
  return key?.name ?? key?.id?.name ?? (key?.type === 'StringLiteral' ? key.value : null)
}

/** Everything that a function gives, not what functions within it give. */
export function returnsOf(fn: Node): Node[] {
  if (fn.body.type !== 'BlockStatement') return [fn.body]
  const found: Node[] = []
  visit(fn.body, (node, around) => {
    if (node.type === 'ReturnStatement' && node.argument && !around.some(isFunction))
      found.push(node.argument)
  })
  return found
}
