/** The text of a statement as it is kept: without the call site's indentation, comments and trailing semicolon. */
import type { OptionalPart, TemplatePart } from '../site/template.js'
import { tokensOf } from '../sql/read.js'
import type { RewriteDialect } from '../wire.js'

/** Blanks, comments and the indentation of the call site go; strings keep every character. */
export function tidy(parts: TemplatePart[], dialect: RewriteDialect): TemplatePart[] {
  const walk = (list: TemplatePart[]): TemplatePart[] =>
    list.map(part => {
      if (part.kind === 'text') return { kind: 'text' as const, text: tidyText(part.text, dialect) }
      if (part.kind === 'optional') return walkOptional(part)
      if (part.kind !== 'joined') return part
      return {
        ...part,
        separator: tidyText(part.separator, dialect),
        parts: part.parts.map(walkOptional),
      }
    })
  const walkOptional = (part: OptionalPart): OptionalPart => ({ ...part, parts: walk(part.parts) })
  const tidied = walk(parts)
  const [first] = tidied
  if (first?.kind === 'text') first.text = first.text.trimStart()
  const last = tidied.at(-1)
  if (last?.kind === 'text') last.text = last.text.trimEnd()
  return tidied.filter(part => part.kind !== 'text' || part.text !== '')
}

function tidyText(text: string, dialect: RewriteDialect): string {
  const tokens = tokensOf(text, dialect).filter(token => token.kind !== 'end')
  if (tokens.length === 0) return /\s/.test(text) ? ' ' : ''
  let result = /^\s/.test(text) ? ' ' : ''
  tokens.forEach((token, at) => {
    const gap = at === 0 ? '' : text.slice(tokens[at - 1]!.end, token.start)
    if (gap !== '') result += /\n/.test(gap) ? '\n' : ' '
    result += text.slice(token.start, token.end)
  })
  return result + (/\s$/.test(text) ? ' ' : '')
}
