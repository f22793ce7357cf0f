/** Results of rewritten calls that are read where other rewritten calls stand: their values are written anew. */
import { isFunction } from '../site/bindings.js'
import { type Node, visit } from '../site/parse.js'
import type { TextEdit } from '../site/result.js'
import { codeOf, type SourceFile } from '../site/source-file.js'

/** `found.rows` that becomes `found`, in the block that has `found`. */
export interface ReadResult {
  before: string
  after: string
  scope: { start: number; end: number }
}

/** What edits of results make of the expressions that read them. */
export function readResults(file: SourceFile, edits: TextEdit[]): ReadResult[] {
  if (edits.length === 0) return []
  const found: ReadResult[] = []
  visit(file.program, node => {
    if (node.type !== 'MemberExpression' && node.type !== 'OptionalMemberExpression') return
    const edit = edits.find(
      ({ start, end }) =>
        (start === node.start && end === node.end) ||
        (start === node.property.start && end === node.property.end),
    )
    const binding = node.object.type === 'Identifier' ? file.bindings.of(node.object) : null
    if (!edit || !binding) return
    const around = file.bindings.around(binding.declaration)
    const scope = around.findLast(each => /^(?:BlockStatement|Program)$/.test(each.type) || isFunction(each))
    const code = codeOf(file, node)
    const after =
      code.slice(0, edit.start - node.start) + edit.text + code.slice(code.length - (node.end - edit.end))
    found.push({ before: code, after, scope: scope ?? file.program })
  })
  return found
}

/** The same edits, with `users: users.rows` becoming `users`. */
export function shortened(file: SourceFile, edits: TextEdit[]): TextEdit[] {
  if (edits.length === 0) return []
  const properties = new Map<number, Node>()
  visit(file.program, node => {
    const isNamed = node.type === 'ObjectProperty' && !node.computed && node.key.type === 'Identifier'
    if (isNamed && node.value) properties.set(node.value.start, node)
  })
  return edits.map(edit => {
    const property = properties.get(edit.start)
    const isWhole = property?.value.end === edit.end && property?.end === edit.end
    return isWhole && property.key.name === edit.text ? { ...edit, start: property.start } : edit
  })
}

/** An expression that a call hands over, with the results in it as they are now. */
export function withResults(code: string, call: Node, results: ReadResult[]): string {
  let now = code
  for (const { before, after, scope } of results) {
    if (call.start < scope.start || call.end > scope.end || !now.includes(before)) continue
    const escaped = before.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    now = now.replace(new RegExp(`(?<![\\w$.])${escaped}(?![\\w$])`, 'g'), () => after)
  }
  return now
}
