/** Blocks of `.sql` texts: statements with names, as marks in comments give them. */

export interface SqlBlock {
  name: string
  text: string
  line: number
}

/*
 * Marks that begin a block: `-- BLOCK x` with nothing behind it, `-- name: x` (aiosql, sqlc, yesql), `-- query: x`,
 * `-- @name x`, `/* @name x` (pgtyped), `-- :name x :?` (HugSQL). Those of pg_dump (`-- Name: t; Type: TABLE`) are none.
 */
const BLOCK_MARK =
  /^\s*(?:--+|\/\*+)\s*(?:(?:[:@](?:name|query|sql|snip|block)\b\s*:?|(?:name|query|sql)\s*:)\s*([\w.-]+)(?!.*;\s*Type:)|block\b\s*:?\s*([\w.-]+)\s*(?:\*\/)?\s*$)/i

/** A comment over several lines in which a block is named, as pgtyped has it. */
const NAMING_COMMENT = /\/\*\s*\n?(?:\s*\*?\s*@[^\n]*\n)+\s*\*\//g

/** Blocks of a `.sql` text; one without a name, where no mark begins any. */
export function splitBlocks(text: string): SqlBlock[] {
  const blocks: SqlBlock[] = []
  let current: SqlBlock = { name: '', text: '', line: 1 }
  const lines = text
    .replace(NAMING_COMMENT, comment => comment.replace(/^\s*(?:\/\*\s*|\*\/|\*)?/gm, '-- '))
    .split('\n')
  lines.forEach((line, index) => {
    const mark = BLOCK_MARK.exec(line)
    if (!mark) {
      current.text += `${line}\n`
      return
    }
    if (current.name !== '' || hasStatement(current.text)) blocks.push(current)
    current = { name: mark[1] ?? mark[2], text: '', line: index + 2 }
  })
  if (current.name !== '' || blocks.length === 0) blocks.push(current)
  return blocks
}

/** `-- selectHeight`, or `--selectHeight`: nothing but a word. */
const HEADING = /^\s*--+\s*([A-Za-z_][\w.-]*)\s*$/

/**
 * Parts of a text under headings of nothing but a name, each behind an empty line. In most texts these are for readers, so
 * it is what asks for a part by its name that makes it one. Empty where something is executed before the first.
 */
export function splitSections(text: string): SqlBlock[] {
  const sections: SqlBlock[] = []
  const lines = text.split('\n')
  for (const [index, line] of lines.entries()) {
    const name = index === 0 || lines[index - 1].trim() === '' ? HEADING.exec(line)?.[1] : undefined
    const current = sections.at(-1)
    if (name !== undefined) sections.push({ name, text: '', line: index + 2 })
    else if (current) current.text += `${line}\n`
    else if (hasStatement(line)) return []
  }
  return sections
}

export function hasStatement(text: string): boolean {
  return text.split('\n').some(line => /^\s*[a-z(]/i.test(line))
}
