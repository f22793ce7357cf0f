import type { Token } from '../tokenizer.js'

/** Stands for the unknown pieces of a statement that is put together at run time. */
export const DYNAMIC = 'seamripper_dynamic_x'

const isOp = (token: Token | undefined, value: string) => token?.kind === 'op' && token.value === value

/**
 * The statement that `EXECUTE` runs, as far as its text can be read: literals, concatenations (`||`, `+`),
 * `format('… %I', 'literal')`, `concat(…)`, `sp_executesql N'…', …`. What is not known is `DYNAMIC`.
 * `from` is the token after the verb; `next` the one after the expression. Null text if no literal is in it.
 */
export function dynamicStatement(
  tokens: readonly Token[],
  from: number,
  to: number,
): { text: string | null; next: number } {
  let next = from
  let depth = 0
  let hasCase = false
  for (; next < to; next++) {
    const token = tokens[next]!
    if (token.kind === 'end') break
    if (isOp(token, '(')) depth++
    else if (isOp(token, ')')) {
      if (depth === 0) break
      depth--
    } else if (depth > 0) continue
    else if (token.upper === 'CASE') hasCase = true
    else if (AFTER_EXPRESSION.has(token.upper) || (token.upper === 'END' && !hasCase)) break
  }
  let start = from
  let end = next
  if (isOp(tokens[start], '(') && isOp(tokens[end - 1], ')')) {
    start++
    end--
  }
  if (!tokens.slice(start, end).some(token => token.kind === 'string')) return { text: null, next }
  const name = tokens[start]?.upper ?? ''
  if (name === 'SP_EXECUTESQL') {
    return { text: concatenation(tokens, ...argumentsOf(tokens, start + 1, end)[0]!), next }
  }
  if (name === 'FORMAT' && isOp(tokens[start + 1], '(')) {
    return { text: formatted(tokens, argumentsOf(tokens, start + 2, end)), next }
  }
  if (name === 'CONCAT' && isOp(tokens[start + 1], '(')) {
    return {
      text: argumentsOf(tokens, start + 2, end)
        .map(range => concatenation(tokens, ...range))
        .join(''),
      next,
    }
  }
  return { text: concatenation(tokens, start, end), next }
}

/** Words that go on after the expression, and those of T-SQL's next statement. */
const AFTER_EXPRESSION = new Set(
  'USING INTO LOOP SELECT INSERT UPDATE DELETE MERGE EXEC EXECUTE IF DECLARE SET'.split(' '),
)

type Range = [from: number, to: number]

/** Ranges between the commas at the level of `from`, up to the parenthesis that closes it. */
function argumentsOf(tokens: readonly Token[], from: number, to: number): Range[] {
  const ranges: Range[] = []
  let depth = 0
  let start = from
  let i = from
  for (; i < to; i++) {
    const token = tokens[i]!
    if (isOp(token, '(')) depth++
    else if (isOp(token, ')')) {
      if (depth === 0) break
      depth--
    } else if (depth === 0 && isOp(token, ',')) {
      ranges.push([start, i])
      start = i + 1
    }
  }
  ranges.push([start, i])
  return ranges
}

/** Literals joined; whatever else stands between operators is one unknown piece. */
function concatenation(tokens: readonly Token[], from: number, to: number): string {
  let text = ''
  let unknown = false
  let depth = 0
  for (let i = from; i < to; i++) {
    const token = tokens[i]!
    if (isOp(token, '(')) depth++
    else if (isOp(token, ')')) depth--
    else if (depth === 0 && (isOp(token, '||') || isOp(token, '+'))) {
      if (unknown) text += DYNAMIC
      unknown = false
    } else if (token.kind === 'string' && (depth === 0 || tokens[i - 2]?.upper === 'QUOTE_IDENT'))
      text += token.value
    else if (token.upper !== 'QUOTE_IDENT' || tokens[i + 2]?.kind !== 'string') unknown = true
  }
  return unknown ? text + DYNAMIC : text
}

/** `format('… %I … %s … %L … %2$I', a, b)` with the literals among its arguments put in. */
function formatted(tokens: readonly Token[], [template, ...values]: Range[]): string {
  let count = 0
  return concatenation(tokens, ...template!).replace(
    /%(?:(\d+)\$)?-?\d*([sIL%])/g,
    (_all, position, kind) => {
      if (kind === '%') return '%'
      const value = values[position ? Number(position) - 1 : count++]
      if (kind === 'L') return "''"
      return value && value[1] - value[0] === 1 && tokens[value[0]]!.kind === 'string'
        ? tokens[value[0]]!.value
        : DYNAMIC
    },
  )
}
