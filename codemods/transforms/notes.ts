/** Comments that stand beside the values of a call, which are about them and not about the call that goes. */
import type { Node } from '../site/parse.js'
import { codeOf, declaredWith, type SourceFile } from '../site/source-file.js'

export interface Notes {
  /** On lines of their own above it. */
  above: string[]
  /** Behind it, on its line. */
  behind: string | null
}

const COMMENT = /\/\/[^\n\r]*|\/\*[\s\S]*?\*\//g

/** By the code of each value that has some, in the list or the object that the call is handed. */
export function notesOf(file: SourceFile, call: Node): Map<string, Notes> {
  const found = new Map<string, Notes>()
  for (const given of call.arguments ?? []) {
    const list = listOf(file, given)
    if (list) addNotes(file, list, found)
  }
  return found
}

/** A list or an object that is written at the call, or that a variable is declared with. */
function listOf(file: SourceFile, given: Node): Node | null {
  const node = declaredWith(file, given)
  return node.type === 'ArrayExpression' || node.type === 'ObjectExpression' ? node : null
}

function addNotes(file: SourceFile, list: Node, found: Map<string, Notes>): void {
  const parts: Node[] = (list.elements ?? list.properties).filter(Boolean)
  const notes = parts.map((): Notes => ({ above: [], behind: null }))
  for (let at = 0; at <= parts.length; at++) {
    const from = parts[at - 1]?.end ?? list.start + 1
    const between = file.text.slice(from, parts[at]?.start ?? list.end - 1)
    for (const { 0: comment, index } of between.matchAll(COMMENT)) {
      const isBehind = at > 0 && !between.slice(0, index).includes('\n') && !comment.includes('\n')
      if (isBehind && notes[at - 1]!.behind === null) notes[at - 1]!.behind = comment
      else notes[at]?.above.push(comment)
    }
  }
  parts.forEach((part, at) => {
    const code = codeOf(file, part.type === 'ObjectProperty' ? part.value : part)
    const { above, behind } = notes[at]!
    if ((above.length > 0 || behind !== null) && !found.has(code)) found.set(code, { above, behind })
  })
}
