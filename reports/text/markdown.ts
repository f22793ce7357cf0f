/** Text of the analysed code as GitHub-flavoured Markdown: what it says is shown, none of it is obeyed. */
import { linkTo } from './link.js'
import { plain } from './plain.js'
import { number } from './words.js'

/** Text that a code span shows as it is, in a table as well. */
const SAFE_IN_CODE = /^(?! )[\p{L}\p{M}\p{N} _./:;,@()=<>*?'"!$%&{}[\]#~^+-]+(?<! )$/u

/** Inline text. Addresses are kept from becoming links. */
export function text(value: string): string {
  return plain(value).replace(/[\\|&$`*_[\]<>~#]|:(?=\/\/)|(?<=www)\./gi, character =>
    BACKSLASH_WORKS.has(character) ? `\\${character}` : entity(character),
  )
}

/** Of the others, some mean something even after a backslash: in tables, in GitHub's mathematics. */
const BACKSLASH_WORKS = new Set('`*_[]<>~#')

/** Inline code: a name, a piece of SQL. */
export function code(value: string): string {
  const line = plain(value)
  if (SAFE_IN_CODE.test(line)) return `\`${line}\``
  return `<code>${line.replace(/[^\p{L}\p{M}\p{N} ]/gu, entity)}</code>`
}

/** A link to a line of a file of the repository, with the place as its text. */
export function placeLink(at: { file: string; line: number }, template: string): string {
  return `[${code(`${at.file}:${at.line}`)}](${linkTo(at, template)})`
}

/** A table; cells are inline Markdown already. Nothing if there are no rows. Columns from `numbersFrom` on stand right. */
export function table(headings: string[], rows: string[][], numbersFrom = headings.length): string[] {
  if (rows.length === 0) return []
  const line = headings.map((_, index) => (index < numbersFrom ? '---' : '---:'))
  return [headings, line, ...rows].map(row => `| ${row.join(' | ')} |`)
}

/** A table of the first rows, and how many more there are. */
export function cutTable(headings: string[], rows: string[][], most: number): string[] {
  const hidden = rows.length - most
  return [
    ...table(headings, rows.slice(0, most)),
    ...(hidden > 0 ? ['', `… and ${number(hidden)} more.`] : []),
  ]
}

function entity(character: string): string {
  return `&#${character.codePointAt(0)};`
}
