/** Finds the comments that allow something, and the code that each is about. */
import type { Program } from '@oxc-project/types'
import { parseSource } from '../../extract/parse.js'
import { lineAt, lineStartsOf } from '../../extract/positions.js'
import { splitScript } from '../../sql/split.js'
import { isSqlFile } from '../incidents.js'
import { MARKER } from './grammar.js'

/** One comment that begins with the marker. */
export interface AllowComment {
  file: string
  /** Its first and its last line. */
  line: number
  endLine: number
  /** The words after the marker. */
  text: string
  /** Line of the first code below, if the comment has its lines for itself and code follows at once; else null. */
  nextLine: number | null
}

export interface CommentedFile {
  comments: AllowComment[]
  /**
   * First line of the innermost statement around a place, without a column around the first code of the line; the
   * line itself where that can't be told.
   */
  statementLine(line: number, column?: number): number
}

/** Comments of one file; null if there are none. */
export function findComments(file: string, text: string): CommentedFile | null {
  if (!text.includes(MARKER)) return null
  const lines = text.split('\n')
  const byLine = (pattern: RegExp) => commentsByLine(file, lines, pattern)
  if (isSqlFile(file)) return { comments: byLine(IN_SQL), statementLine: scriptStatementLines(text) }

  const parsed = parseSource(file, text)
  const lineStarts = lineStartsOf(text)
  const inCode = parsed.comments()?.flatMap(({ value, start, end }): AllowComment[] => {
    const words = wordsOf(value)
    if (words === null) return []
    const line = lineAt(lineStarts, start)
    const endLine = lineAt(lineStarts, end)
    const before = text.slice(lineStarts[line - 1], start).trim()
    // `{/* … */}`: the only way to write a comment in JSX.
    const isAlone = ['', '{}'].includes(before + restOf(text, end))
    return [{ file, line, endLine, text: words, nextLine: isAlone ? nextCode(file, lines, endLine) : null }]
  })
  return {
    comments: [
      ...(inCode ?? byLine(IN_BROKEN_CODE)),
      ...(parsed.program === null
        ? byLine(IN_SQL_OF_BROKEN_CODE)
        : commentsByLine(file, lines, IN_SQL, textsOnly(text, parsed.program).split('\n'))),
    ].sort((a, b) => a.line - b.line),
    statementLine: parsed.program === null ? line => line : statementLines(parsed.program, lines, lineStarts),
  }
}

/** In SQL, of files and of texts, `--`, `#` and block comments. */
const IN_SQL = new RegExp(`(?:^|[\\s;])(?:--|#|/\\*)\\s*${MARKER}(?![\\w-])(.*)$`)
/** Where it is not known what is text, only at the beginning of a line. */
const IN_SQL_OF_BROKEN_CODE = new RegExp(`^\\s*--\\s*${MARKER}(?![\\w-])(.*)$`)
/** Code that does not parse has no list of comments. */
const IN_BROKEN_CODE = new RegExp(`^\\s*(?://|/\\*+)\\s*${MARKER}(?![\\w-])(.*)$`)

/** The words after the marker, if the comment begins with it. */
function wordsOf(comment: string): string | null {
  const [, words] = new RegExp(`^[\\s*]*${MARKER}(?![\\w-])(.*)$`, 's').exec(comment) ?? []
  return words === undefined ? null : words.replace(/\s*\n[\s*]*/g, ' ').trim()
}

function restOf(text: string, from: number): string {
  const end = text.indexOf('\n', from)
  return text.slice(from, end === -1 ? text.length : end).trim()
}

/**
 * Comments that a pattern finds, its group being the words after the marker.
 *
 * @param searched the lines, without what is not to be searched
 */
function commentsByLine(file: string, lines: string[], pattern: RegExp, searched = lines): AllowComment[] {
  return searched.flatMap((text, index) => {
    const found = pattern.exec(text)
    if (found === null) return []
    const line = index + 1
    const isAlone = lines[index]!.slice(0, found.index).trim() === ''
    const words = found[1]!.replace(/\*\/.*$/, '').trim()
    return [
      { file, line, endLine: line, text: words, nextLine: isAlone ? nextCode(file, lines, line) : null },
    ]
  })
}

/** The same text with spaces in the place of code: left are its strings and templates, on their lines. */
function textsOnly(text: string, program: Program): string {
  const places: Span[] = []
  visitNodes(program, ({ type, start, end, value }) => {
    if (type === 'TemplateElement' || (type === 'Literal' && typeof value === 'string'))
      places.push({ start, end })
  })
  let only = ''
  for (const { start, end } of places.sort((a, b) => a.start - b.start)) {
    // A tree may hold a node in two places.
    if (start >= only.length) only += blank(text.slice(only.length, start)) + text.slice(start, end)
  }
  return only + blank(text.slice(only.length))
}

function blank(text: string): string {
  return text.replace(/[^\n]/g, ' ')
}

/** Lines of comments only; `#` begins one in SQL, and the name of a private field in code. */
const COMMENT_LINE = /^(?:\/\/|\{?\/\*|--\s|\*(?:[\s/]|$))/
const SQL_COMMENT_LINE = /^(?:--|#|\/\*|\*(?:[\s/]|$))/

/** Line (from 1) of the first code after a line, comments skipped; null after an empty line. */
function nextCode(file: string, lines: string[], after: number): number | null {
  const comment = isSqlFile(file) ? SQL_COMMENT_LINE : COMMENT_LINE
  for (let index = after; index < lines.length; index++) {
    const line = lines[index]!.trim()
    if (line === '') return null
    if (!comment.test(line)) return index + 1
  }
  return null
}

/** The same over the statements of a script: a foreign key stands inside of the one that creates its table. */
function scriptStatementLines(text: string): CommentedFile['statementLine'] {
  const starts = splitScript(text, 'unknown').map(({ line }) => line)
  return line => starts.findLast(start => start <= line) ?? line
}

/** Offsets in the text. */
interface Span {
  start: number
  end: number
}

interface Node extends Span {
  type: string
  value?: unknown
}

/** All nodes of a tree, each before those in it. */
function visitNodes(value: unknown, visit: (node: Node) => void): void {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value) && typeof (value as Partial<Node>).type === 'string') visit(value as Node)
  for (const child of Array.isArray(value) ? value : Object.values(value)) visitNodes(child, visit)
}

/** A look-up of the innermost statement, over the statements of a file. */
function statementLines(
  program: Program,
  lines: string[],
  lineStarts: number[],
): CommentedFile['statementLine'] {
  const statements: Span[] = []
  visitNodes(program, ({ type, start, end }) => {
    if (/Statement$|Declaration$|^PropertyDefinition$/.test(type)) statements.push({ start, end })
  })
  return (line, column) => {
    const offset = (lineStarts[line - 1] ?? 0) + (column ?? lines[line - 1]!.search(/\S|$/) + 1) - 1
    let innermost: Span | null = null
    for (const statement of statements) {
      if (statement.start > offset || statement.end <= offset) continue
      if (innermost === null || statement.end - statement.start < innermost.end - innermost.start)
        innermost = statement
    }
    return innermost === null ? line : lineAt(lineStarts, innermost.start)
  }
}
