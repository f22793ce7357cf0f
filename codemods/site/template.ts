/** The SQL of a call site: text, bound values and parts under conditions, in order. */
import type { RewriteDialect } from '../wire.js'

/** Expressions are kept as source text, which is what the rewritten call hands over. */
export type TemplatePart =
  | { kind: 'text'; text: string }
  /** `slot`: the same for one value in several places. `list`: of a place in `IN (…)` that takes an array. */
  | { kind: 'value'; slot: number; code: string; list?: true }
  | { kind: 'optional'; test: string; parts: TemplatePart[] }

export type TemplateValue = TemplatePart & { kind: 'value' }

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
        if (part.kind === 'optional') return write(part.parts)
        const known = slots.indexOf(part.slot)
        if (dialect === 'mysql' || known === -1) slots.push(part.slot)
        return dialect === 'mysql' ? '?' : `$${known === -1 ? slots.length : known + 1}`
      })
      .join('')
  return { text: write(parts), slots }
}

/** The same without the parts under conditions of which `keep` says no. */
export function withOptional(
  parts: readonly TemplatePart[],
  keep: (index: number) => boolean,
): TemplatePart[] {
  let index = 0
  return parts.flatMap(part => (part.kind === 'optional' ? (keep(index++) ? part.parts : []) : [part]))
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
    }
  }
  walk(parts, null)
  return found
}
