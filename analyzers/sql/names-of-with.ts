import { BEGINS_QUERY } from './token-walk/keywords.js'
import type { Token } from './tokenizer.js'

/**
 * Names that WITH gives to queries anywhere in a statement, in lower case: those of `name AS (SELECT`, whatever is
 * open around it. Where they are visible is not asked.
 */
export function namesOfWith(tokens: readonly Token[], from: number, to: number): string[] {
  const names: string[] = []
  for (let i = from + 2; i < to; i++) {
    if (tokens[i]!.upper !== 'AS') continue
    let open = i + 1
    while (open < to && ['NOT', 'MATERIALIZED'].includes(tokens[open]!.upper)) open++
    const first = tokens[open + 1]
    if (tokens[open]?.value !== '(' || open + 1 >= to) continue
    if (!BEGINS_QUERY.has(first!.upper) && first!.value !== '(' && first!.kind !== 'hole') continue
    let at = i - 1
    if (tokens[at]!.value === ')') {
      while (at > from && tokens[at]!.value !== '(') at--
      at--
    }
    const name = tokens[at]
    const before = tokens[at - 1]
    if (at <= from || (name!.kind !== 'word' && name!.kind !== 'name')) continue
    if (before!.value === ',' || before!.upper === 'WITH' || before!.upper === 'RECURSIVE')
      names.push(name!.value.toLowerCase())
  }
  return names
}
