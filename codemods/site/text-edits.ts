/** Where the text of a call is written, so that a part of it can be changed. */

import { quoted, templateText } from '../generate/text.js'
import { layoutOf } from '../transforms/layout.js'
import { applyEdits } from '../transforms/text-edits.js'
import type { Node } from './parse.js'
import { isPure } from './purity.js'
import type { TextEdit } from './result.js'
import { bare, type SourceFile } from './source-file.js'

/**
 * Edits of the file that change the text of a call.
 *
 * @param index of the argument that has the text
 * @param text as it is now
 * @param edits of the text
 * @returns null where it is written in no expression of its own, or another place uses that too
 */
export function textEdits(
  file: SourceFile,
  call: Node,
  index: number,
  text: string,
  edits: TextEdit[],
): TextEdit[] | null {
  const node = expressionOf(file, call, index)
  if (!node) return null
  const start = node.start + 1
  const isPlain =
    node.type === 'StringLiteral' || (node.type === 'TemplateLiteral' && node.expressions.length === 0)
  const { newline, quote } = layoutOf(file)
  const offsetOf = isPlain ? offsetsIn(file.text.slice(start, node.end - 1), text) : null
  if (offsetOf) {
    return edits.map(edit => ({
      start: start + offsetOf(edit.start),
      end: start + offsetOf(edit.end),
      text: edit.text.replaceAll('\n', newline),
    }))
  }
  // Put together out of pieces: written out in one, with the indentation that it has.
  if (!isPlain && node.type !== 'TemplateLiteral' && node.type !== 'BinaryExpression') return null
  if (!isPure(node)) return null
  const changed = applyEdits(text, edits)
  const isOneLine = !changed.includes('\n')
  const code = isOneLine ? quoted(changed, quote) : `\`${templateText(changed).replaceAll('\n', newline)}\``
  return [{ start: node.start, end: node.end, text: code }]
}

/**
 * The same of a text that grows: edits of the literal that it begins with, which stays where it is.
 *
 * @param text with all of its parts
 * @returns null where that literal does not have all that is changed, or another text begins with it too
 */
export function headEdits(
  file: SourceFile,
  call: Node,
  index: number,
  text: string,
  edits: TextEdit[],
): TextEdit[] | null {
  const argument: Node | undefined = call.arguments?.[index]
  const node = argument ? headOf(file, bare(argument)) : null
  const quasi = node?.type === 'TemplateLiteral' ? node.quasis[0] : null
  const head: string | null = quasi ? (quasi.value.cooked ?? null) : (node?.value ?? null)
  if (!node || head === null || !text.startsWith(head) || edits.some(({ end }) => end > head.length))
    return null
  const start: number = node.start + 1
  const offsetOf = offsetsIn(file.text.slice(start, quasi ? quasi.end : node.end - 1), head)
  if (!offsetOf) return null
  const { newline } = layoutOf(file)
  return edits.map(edit => ({
    start: start + offsetOf(edit.start),
    end: start + offsetOf(edit.end),
    text: edit.text.replaceAll('\n', newline),
  }))
}

/** The literal that a text begins with, through variables that are only added to and read for it. */
function headOf(file: SourceFile, node: Node): Node | null {
  if (node.type === 'StringLiteral' || node.type === 'TemplateLiteral') return node
  if (node.type === 'BinaryExpression') return node.operator === '+' ? headOf(file, bare(node.left)) : null
  const binding = node.type === 'Identifier' ? file.bindings.of(node) : null
  if (!binding || binding.isAmbiguous || !/^(?:const|let)$/.test(binding.kind)) return null
  const { init } = binding.declaration
  const isAddedTo = (parent: Node, each: Node): boolean =>
    parent.type === 'AssignmentExpression' && parent.operator === '+=' && parent.left === each
  const others = binding.references.filter(
    each => each.node !== node && !isAddedTo(each.around.at(-1)!, each.node),
  )
  const isExported = file.bindings.around(binding.declaration).at(-2)?.type === 'ExportNamedDeclaration'
  return init && others.length === 0 && !isExported ? headOf(file, bare(init)) : null
}

/**
 * Offsets of a text in the code that writes it; null where that is not character by character. What a program sees of
 * `\r\n` in a template is `\n`.
 */
function offsetsIn(code: string, text: string): ((offset: number) => number) | null {
  if (code === text) return offset => offset
  if (code.replaceAll('\r\n', '\n') !== text) return null
  const offsets: number[] = []
  for (let at = 0; at < code.length; at++) if (!code.startsWith('\r\n', at)) offsets.push(at)
  return offset => {
    const at = offsets[offset] ?? code.length
    // A line feed begins with its carriage return.
    return code[at] === '\n' && code[at - 1] === '\r' ? at - 1 : at
  }
}

/** The expression of the text: the argument, its property, or the constant that only this call uses. */
function expressionOf(file: SourceFile, call: Node, index: number): Node | null {
  const argument = call.arguments?.[index]
  if (!argument) return null
  const node = bare(argument)
  const text = node.type === 'ObjectExpression' ? textProperty(node) : node
  if (text?.type !== 'Identifier') return text
  const binding = file.bindings.of(text)
  const isOnlyHere = binding?.references.length === 1 && !binding.isAmbiguous
  const isExported =
    binding && file.bindings.around(binding.declaration).at(-2)?.type === 'ExportNamedDeclaration'
  const init: Node | null = binding?.declaration.init ?? null
  return isOnlyHere && !isExported && binding.kind === 'const' && init ? bare(init) : null
}

function textProperty(object: Node): Node | null {
  const found = object.properties.find((each: Node) => each.key?.name === 'text' || each.key?.name === 'sql')
  return found ? bare(found.value) : null
}
