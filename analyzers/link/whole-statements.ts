/** Texts of a file that are statements as they stand, whatever is done with them. */
import type { ExprNode, FileFacts, NodeId } from '../extract/facts.js'
import { lineAt } from '../extract/positions.js'
import { looksLikeSql } from '../sql/looks-like-sql.js'

/** Lines that the begin of a statement stands on, up to what is not written there. */
export interface StatementPlace {
  line: number
  endLine: number
}

/** A statement, wherever in the file it is written: of equal texts that a choice is one of, only one is kept. */
export type WholeStatement = StatementPlace[]

/** A text of more parts is put together by code, which says more of it than its parts do. */
const MAX_PARTS = 500

/** Statements that name a table. */
export function wholeStatements({ nodes, lineStarts }: FileFacts): WholeStatement[] {
  const parts = new Set(nodes.flatMap(node => (node.kind === 'concat' ? node.parts : [])))
  const found = new Map<string, StatementPlace[]>()
  for (let id = 0; id < nodes.length; id++) {
    const texts = parts.has(id) ? null : textsOf(nodes, id)
    if (texts === null || !isStatement(texts.written)) continue
    const { at, text } = texts.first
    const place = { line: lineAt(lineStarts, at), endLine: lineAt(lineStarts, at + text.length) }
    const known = found.get(texts.written)
    if (known) known.push(place)
    else found.set(texts.written, [place])
  }
  return [...found.values()]
}

function isStatement(text: string): boolean {
  return looksLikeSql(text) && NAMES_TABLE.test(text) && !NAMES_SYSTEM.test(text)
}

const NAMES_TABLE = /\b(?:from|join|into|update|truncate|table|using)\s+["`[\w]/i

/** What databases say of themselves is no table of the map. */
const NAMES_SYSTEM = /\b(?:from|join)\s+["`[]?(?:information_schema|pg_\w+|sqlite_\w+|sys|mysql)\b/i

type Text = ExprNode & { kind: 'text' }

/** A text with `${}` for all that is not written there; null where it begins with no text, or has too many parts. */
function textsOf(nodes: ExprNode[], id: NodeId): { written: string; first: Text } | null {
  let written = ''
  let first: Text | null = null
  const open = [id]
  let left = MAX_PARTS
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const node = nodes[next]!
    if (--left < 0) return null
    if (node.kind === 'concat') open.push(...node.parts.toReversed())
    else if (node.kind === 'text') {
      written += node.text
      first ??= node
    } else if (first === null) return null
    else written += '${}'
  }
  return first && { written, first }
}
