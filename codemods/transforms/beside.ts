/** An event that is published right after a write that stays. */
import type { Node } from '../site/parse.js'
import type { TextEdit } from '../site/result.js'
import type { SourceFile } from '../site/source-file.js'
import { indentationAt, layoutOf } from './layout.js'

/** The statement after which the event can be published: it waits for the write and does nothing else. */
export function publishPlace(file: SourceFile, call: Node): Node | null {
  const around = file.bindings.around(call)
  if (around.at(-1)?.type !== 'AwaitExpression') return null
  const parent = around.at(-2)
  const [statement, block] =
    parent?.type === 'VariableDeclarator'
      ? [around.at(-3), around.at(-4)]
      : parent?.type === 'AssignmentExpression'
        ? [around.at(-3), around.at(-4)]
        : [parent, around.at(-3)]
  const isAlone =
    statement?.type === 'ExpressionStatement' ||
    (statement?.type === 'VariableDeclaration' && statement.declarations.length === 1)
  const isInBlock = block?.type === 'BlockStatement' || block?.type === 'Program'
  return isAlone && isInBlock ? statement! : null
}

/** @param code of the call that publishes */
export function besideEdits(file: SourceFile, call: Node, code: string): TextEdit[] {
  const statement = publishPlace(file, call)
  // A second run finds the call that the first one made.
  if (
    !statement ||
    file.text
      .slice(statement.end)
      .trimStart()
      .startsWith(`await ${code.split('(')[0]}(`)
  )
    return []
  const { newline } = layoutOf(file)
  const end = file.text[statement.end - 1] === ';' ? ';' : ''
  const text = `${newline}${indentationAt(file.text, statement.start)}await ${code}${end}`
  return [{ start: statement.end, end: statement.end, text }]
}
