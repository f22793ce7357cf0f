/** Statements whose clauses lie beside them, in the object that holds their text: `{ query: 'UPDATE t', set, where }`. */
import type { Piece } from '../evaluator/pieces.js'
import { roughText } from '../evaluator/pieces.js'
import type { Value } from '../evaluator/values.js'

/** Clauses that a statement can't do without: the names of what holds it, and what stands around that. */
const CLAUSES: { begin: RegExp; key: RegExp; before: string; behind: string }[] = [
  { begin: /^\s*update\s+[\w."`]+\s*$/i, key: /^(?:\w+_)?(?:set|merge)$/i, before: ' SET ', behind: ' = ?' },
  { begin: /^\s*insert\s+into\s+[\w."`]+\s*$/i, key: /^values$/i, before: ' VALUES (', behind: ')' },
]

/** A text with the clause behind it that it lacks, and the object that holds it has; any other text as it is. */
export function withClauses(text: Piece[], { entries }: Value & { kind: 'object' }): Piece[] {
  const rough = roughText(text, 200)
  for (const { begin, key, before, behind } of CLAUSES) {
    const held = begin.test(rough) ? [...entries.keys()].find(name => key.test(name)) : undefined
    if (held === undefined) continue
    return [...text, known(before), { kind: 'hole', code: held }, known(behind)]
  }
  return text
}

function known(text: string): Piece {
  return { kind: 'text', text, file: '', line: 0 }
}
