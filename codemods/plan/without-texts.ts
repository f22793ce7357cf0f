/** What a call site ran, without the texts that its expressions hold: they may be secret, and go into no other file. */
import type { CallStatement } from '../operation.js'
import type { OptionalPart, TemplatePart } from '../site/template.js'

/** Texts of JavaScript, and regular by far: one that is read wrongly is still the same wherever it stands. */
const TEXT = /'(?:\\[\s\S]|[^'\\])*'|"(?:\\[\s\S]|[^"\\])*"|`(?:\\[\s\S]|[^`\\])*`/g

/**
 * The same statement with `'text 1'`, `'text 2'`, … for the texts in its expressions: equal ones get the same number,
 * so that an expression of the call is still found among what is handed over now. The SQL stays as it is.
 */
export function withoutTexts(statement: CallStatement): CallStatement {
  const known = new Map<string, string>()
  const replaced = (code: string): string =>
    code.replace(TEXT, text => {
      const name = known.get(text) ?? `'text ${known.size + 1}'`
      known.set(text, name)
      return name
    })
  const partsOf = (parts: TemplatePart[]): TemplatePart[] =>
    parts.map(part => {
      if (part.kind === 'value' || part.kind === 'choice' || part.kind === 'rows')
        return { ...part, code: replaced(part.code) }
      if (part.kind === 'optional') return optionalOf(part)
      return part.kind === 'joined' ? { ...part, parts: part.parts.map(optionalOf) } : part
    })
  const optionalOf = (part: OptionalPart): OptionalPart => ({
    ...part,
    test: replaced(part.test),
    parts: partsOf(part.parts),
  })
  return {
    parts: partsOf(statement.parts),
    ...(statement.values === undefined ? {} : { values: statement.values.map(replaced) }),
    arguments: statement.arguments.map(({ name, code }) => ({ name, code: replaced(code) })),
  }
}
