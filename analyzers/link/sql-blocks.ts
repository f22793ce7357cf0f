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

/**
 * Parts of a text under headings of nothing but a name, each behind an empty line (`-- selectHeight`), or in a frame
 * (`-- [get]`, `-- ==== get ====`). In most texts these are for readers, so it is what asks for a part by its name that makes
 * it one. Empty where something is executed before the first. The first tells what they all look like: a note is none.
 */
export function splitSections(text: string): SqlBlock[] {
  const sections: SqlBlock[] = []
  let frame: string | null = null
  const lines = text.split('\n')
  for (const [index, line] of lines.entries()) {
    const found = headingOf(line)
    const begins = found !== null && (found.frame !== '' || index === 0 || lines[index - 1].trim() === '')
    const current = sections.at(-1)
    if (begins) frame ??= found.frame
    if (begins && frame === found.frame) sections.push({ name: found.name, text: '', line: index + 2 })
    else if (current) current.text += `${line}\n`
    else if (hasStatement(line)) return []
  }
  return sections
}

const LONGEST_HEADING = 200

/** A comment that is nothing but a name, and what stands around that: of several characters that are alike one. */
function headingOf(line: string): { name: string; frame: string } | null {
  const comment = line.trim()
  if (!/^(?:--|\/\*)/.test(comment) || comment.length > LONGEST_HEADING) return null
  const inner = comment.replace(/^(?:--|\/\*)\s*/, '').replace(/\s*\*\/$/, '')
  const found = /^([^\w\s]*)\s*([A-Za-z_][\w.-]*?)\s*([^\w\s]*)$/.exec(inner)
  if (found === null) return null
  const [, before, name, behind] = found
  // `---- get` is a comment that begins with more of its own characters.
  const frame = `${before.replace(/^-+$/, '')}${behind}`.replace(/(.)\1+/g, '$1')
  return { name, frame }
}

export function hasStatement(text: string): boolean {
  return text.split('\n').some(line => /^\s*[a-z(]/i.test(line))
}
