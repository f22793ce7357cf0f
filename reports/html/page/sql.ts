import { h } from './dom.js'

/** Words that give a statement its form. */
const KEYWORDS = new Set(
  'add all alter and any as asc between by call case cast check column commit conflict constraint create cross cube current database default delete desc distinct do drop duplicate else end escape except exists explain false fetch filter first for foreign from full function group having if ignore ilike in index inner insert intersect interval into is join key last lateral left like limit lock merge natural not nothing null nulls of offset on only or order outer over partition primary procedure recursive references replace returning right rollback row rows select set show table temporary then true truncate union unique update upsert using values view when where window with'.split(
    ' ',
  ),
)

const TOKENS =
  /(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>'(?:[^'\\]|''|\\.)*')|(?<hole>\$\{[^{}]*\}|\$\d+|\?\??|\$\([^()]*\)|(?<![:\w]):\w+)|(?<number>\b\d+(?:\.\d+)?\b)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)/gu

/** SQL as code with its parts coloured, and the named tables marked. */
export function sqlBlock(sql: string, tables: string[]): HTMLElement {
  const marked = new Set(tables.map(name => name.toLowerCase()))
  const code = h('code')
  let end = 0
  for (const match of sql.matchAll(TOKENS)) {
    const kind = kindOf(match.groups!, marked)
    if (kind === null) continue
    code.append(
      sql.slice(end, match.index),
      h(kind === 'table' ? 'mark' : 'span', { class: `sql-${kind}` }, match[0]),
    )
    end = match.index + match[0].length
  }
  code.append(sql.slice(end))
  return h('pre', { class: 'sql', tabindex: 0, 'aria-label': 'SQL' }, code)
}

function kindOf(groups: Record<string, string | undefined>, marked: Set<string>): string | null {
  const kind = Object.keys(groups).find(name => groups[name] !== undefined)!
  if (kind !== 'word') return kind
  const word = groups.word!.toLowerCase()
  if (marked.has(word)) return 'table'
  return KEYWORDS.has(word) ? 'keyword' : null
}
