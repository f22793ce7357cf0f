/** The SQL of a call site: text, bound values and parts under conditions, in order. */
import type { RewriteDialect } from '../wire.js'

/** Expressions are kept as source text, which is what the rewritten call hands over. */
export type TemplatePart =
  | { kind: 'text'; text: string }
  /** `slot`: the same for one value in several places. `list`: of a place in `IN (…)` that takes an array. */
  | { kind: 'value'; slot: number; code: string; list?: true }
  | { kind: 'optional'; test: string; parts: TemplatePart[] }
  /** Optional parts, of which at least one is there, with the separator between those that are. */
  | { kind: 'joined'; separator: string; parts: OptionalPart[] }
  | ChosenPart
  /** Once for each row of a list: `code` gives them as lists of the values that stand in it, which have no code of their own. */
  | RowsPart

/** See `rows.ts`. */
export interface RowsPart {
  kind: 'rows'
  code: string
  parts: TemplatePart[]
}

/** One of several texts, as it is or in quotes. `slot`: as of values, which share the numbers. */
export interface ChosenPart {
  kind: 'choice'
  slot: number
  code: string
  values: string[]
  isQuoted?: true
  /** That it is none but these is told by a type. */
  isTold?: true
  /** The compiler does not know it to be one of these. */
  isWide?: true
}

export type OptionalPart = { kind: 'optional'; test: string; parts: TemplatePart[] }

export type TemplateValue = TemplatePart & { kind: 'value' }

/** A value of a choice as the text has it. */
export function chosenText({ isQuoted }: { isQuoted?: true }, value: string): string {
  return isQuoted ? `'${value}'` : value
}

/** The text with every part in it, and the slot of each placeholder: `?` in order, or `$1` by slot. */
export function fullText(
  parts: readonly TemplatePart[],
  dialect: RewriteDialect,
): { text: string; slots: number[] } {
  const slots: number[] = []
  const write = (list: readonly TemplatePart[]): string =>
    list
      .map(part => {
        if (part.kind === 'text') return part.text
        if (part.kind === 'optional' || part.kind === 'rows') return write(part.parts)
        if (part.kind === 'joined') return part.parts.map(each => write([each])).join(part.separator)
        if (part.kind === 'choice') return chosenText(part, part.values[0]!)
        const known = slots.indexOf(part.slot)
        if (dialect === 'mysql' || known === -1) slots.push(part.slot)
        return dialect === 'mysql' ? '?' : `$${known === -1 ? slots.length : known + 1}`
      })
      .join('')
  return { text: write(parts), slots }
}

/** Where in the full text stands what is there under conditions. */
export function optionalRanges(
  parts: readonly TemplatePart[],
  dialect: RewriteDialect,
): { start: number; end: number }[] {
  const lengthOf = (count: number): number => fullText(parts.slice(0, count), dialect).text.length
  return parts.flatMap(({ kind }, at) =>
    kind === 'optional' || kind === 'joined' ? [{ start: lengthOf(at), end: lengthOf(at + 1) }] : [],
  )
}

/** The parts under conditions, in order; those of a joined one among them. */
export function optionalParts(parts: readonly TemplatePart[]): OptionalPart[] {
  return parts.flatMap(part => (part.kind === 'optional' ? [part] : part.kind === 'joined' ? part.parts : []))
}

/** The same without the parts under conditions of which `keep` says no; the first of joined ones stays for none. */
export function withOptional(
  parts: readonly TemplatePart[],
  keep: (part: OptionalPart) => boolean,
): TemplatePart[] {
  return parts.flatMap((part): TemplatePart[] => {
    if (part.kind === 'optional') return keep(part) ? part.parts : []
    if (part.kind !== 'joined') return [part]
    const kept = part.parts.filter(keep)
    return [{ ...part, parts: kept.length > 0 ? kept : part.parts.slice(0, 1) }]
  })
}

/** The pieces that are one of several texts, by slot, with the condition and the text that they stand behind. */
export function choicesIn(
  parts: readonly TemplatePart[],
  test: string | null = null,
): Map<number, { choice: ChosenPart; test: string | null; before: string }> {
  const found = parts.flatMap((part, at) => {
    if (part.kind === 'choice') {
      const before = parts[at - 1]
      return [
        [part.slot, { choice: part, test, before: before?.kind === 'text' ? before.text : '' }] as const,
      ]
    }
    if (part.kind === 'optional') return [...choicesIn(part.parts, part.test)]
    return part.kind === 'joined' ? [...choicesIn(part.parts, test)] : []
  })
  return new Map(found)
}

/** The same with one of its values in a choice's place. */
export function withChosen(parts: readonly TemplatePart[], slot: number, value: string): TemplatePart[] {
  return parts.map((part): TemplatePart => {
    if (part.kind === 'choice') {
      return part.slot === slot ? { kind: 'text', text: chosenText(part, value) } : part
    }
    if (part.kind === 'optional') return { ...part, parts: withChosen(part.parts, slot, value) }
    return part.kind === 'joined'
      ? { ...part, parts: withChosen(part.parts, slot, value) as OptionalPart[] }
      : part
  })
}

/** Values by slot, with the condition that they stand under. */
export function valuesIn(
  parts: readonly TemplatePart[],
): Map<number, { value: TemplateValue; test: string | null }> {
  const found = new Map<number, { value: TemplateValue; test: string | null }>()
  const walk = (list: readonly TemplatePart[], test: string | null): void => {
    for (const part of list) {
      if (part.kind === 'value' && !found.has(part.slot)) found.set(part.slot, { value: part, test })
      else if (part.kind === 'optional') walk(part.parts, part.test)
      else if (part.kind === 'joined' || part.kind === 'rows') walk(part.parts, test)
    }
  }
  walk(parts, null)
  return found
}
