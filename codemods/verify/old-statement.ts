/** The statement as the call site ran it, with values for its expressions. */

import type { CallStatement, Operation } from '../operation.js'
import { chosenText, type OptionalPart, optionalParts, type TemplatePart } from '../site/template.js'
import { tokensOf } from '../sql/read.js'
import type { RewriteDialect } from '../wire.js'
import { NotVerified } from './not-verified.js'
import type { Values } from './parameters.js'

export interface Statement {
  text: string
  values: unknown[]
}

/** Of an operation's use: each value is found by the expression that stood at the call. */
export function oldStatement(before: CallStatement, operation: Operation, values: Values): Statement {
  const given = (code: string, test: string | null = null): unknown => {
    const same = before.arguments.filter(each => [code, `(${code})`].includes(expressionOf(each.code)))
    // One value may stand under several conditions, and is handed over for each.
    const found = same.find(each => isUnder(each.code, code, test)) ?? same[0]
    if (!found)
      throw new NotVerified(`nothing that is handed over now is \`${code}\`, which the call site had`)
    return values[found.name]
  }
  if (before.values) {
    const [part] = before.parts
    return { text: part?.kind === 'text' ? part.text : '', values: before.values.map(code => given(code)) }
  }
  const flags = operation.parameters.filter(({ type }) => type.kind === 'flag').map(({ name }) => name)
  let text = ''
  const bound: unknown[] = []
  const numbers = new Map<number, number>()
  const bind = (value: unknown): string => {
    bound.push(value ?? null)
    return operation.dialect === 'mysql' ? '?' : `$${bound.length}`
  }
  const isThere = (part: OptionalPart): boolean => {
    // What has no value may be there with one that has.
    const first = firstValue(
      optionalParts(before.parts).flatMap(other => (other.test === part.test ? other.parts : [])),
    )
    if (first) return given(first.code, part.test) !== undefined
    const flag = before.arguments.find(
      ({ name, code }) => flags.includes(name) && code === `Boolean(${part.test})`,
    )
    return flag !== undefined && values[flag.name] === true
  }
  const write = (parts: TemplatePart[], test: string | null): void => {
    for (const part of parts) {
      if (part.kind === 'joined') {
        for (const [at, each] of part.parts.filter(isThere).entries()) {
          if (at > 0) text += part.separator
          write(each.parts, each.test)
        }
        continue
      }
      if (part.kind === 'rows') {
        for (const [at, row] of (given(part.code) as unknown[][]).entries()) {
          if (at > 0) text += ', '
          let cell = 0
          for (const each of part.parts) text += each.kind === 'text' ? each.text : bind(row[cell++])
        }
        continue
      }
      if (part.kind === 'text') text += part.text
      else if (part.kind === 'optional') {
        if (isThere(part)) write(part.parts, part.test)
      } else if (part.kind === 'choice') text += chosenText(part, String(given(part.code, test)))
      else if (part.list) text += [given(part.code, test)].flat().map(bind).join(', ')
      else if (operation.dialect === 'mysql') text += bind(given(part.code, test))
      else {
        if (!numbers.has(part.slot)) {
          bind(given(part.code, test))
          numbers.set(part.slot, bound.length)
        }
        text += `$${numbers.get(part.slot)}`
      }
    }
  }
  write(before.parts, null)
  return { text, values: bound }
}

/** Whether what is handed over for a value is for its place under a test. */
function isUnder(handed: string, code: string, test: string | null): boolean {
  if (test === null) return handed === code
  const isItsOwn = handed === code && test === `${code} !== undefined`
  return isItsOwn || handed === `${test} || undefined` || handed.startsWith(`${test} ? `)
}

/** `status` of `status || undefined` and of `status ? (status ?? null) : undefined`. */
function expressionOf(code: string): string {
  const either = /^([\s\S]*) \|\| undefined$/.exec(code)?.[1]
  if (either !== undefined) return either
  const [, then] = /^[\s\S]*? \? ([\s\S]*) : undefined$/.exec(code) ?? []
  if (then === undefined) return code
  return /^\(([\s\S]*) \?\? null\)$/.exec(then)?.[1] ?? then
}

function firstValue(parts: TemplatePart[]): { code: string } | undefined {
  for (const part of parts) {
    if (part.kind === 'value' || part.kind === 'choice') return part
    const inner = part.kind === 'optional' || part.kind === 'joined' ? firstValue(part.parts) : undefined
    if (inner) return inner
  }
  return undefined
}

/** A text with `?` for the values that have names, and the name of each value in order; its number where it has none. */
export function positional(text: string, dialect: RewriteDialect): { text: string; names: string[] } {
  const placeholders = tokensOf(text, dialect).filter(token => token.kind === 'placeholder')
  if (dialect === 'postgresql') {
    const count = Math.max(0, ...placeholders.map(({ value }) => Number(value.slice(1)) || 0))
    return { text, names: Array.from({ length: count }, (_, index) => String(index)) }
  }
  let result = ''
  let at = 0
  const names = placeholders.map(({ start, end, value }, index) => {
    result += `${text.slice(at, start)}?`
    at = end
    return value === '?' ? String(index) : value
  })
  return { text: result + text.slice(at), names }
}

/** The text without names of databases in front of tables: all tables are in the one that was made for them. */
export function withoutDatabases(text: string, dialect: RewriteDialect): string {
  if (dialect !== 'mysql') return text
  const tokens = tokensOf(text, dialect)
  const isName = (index: number): boolean => tokens[index]?.kind === 'word' || tokens[index]?.kind === 'name'
  const isQualifier = (index: number): boolean =>
    isName(index) && tokens[index + 1]?.value === '.' && isName(index + 2)
  const databases = new Set(
    tokens.flatMap(({ value }, index) =>
      isQualifier(index) &&
      /^(?:FROM|JOIN|INTO|UPDATE|,)$/.test(tokens[index - 1]?.upper ?? '') &&
      !isAlias(value, tokens)
        ? [value]
        : [],
    ),
  )
  let result = ''
  let at = 0
  for (const [index, token] of tokens.entries()) {
    if (!isQualifier(index) || !databases.has(token.value) || tokens[index - 1]?.value === '.') continue
    result += text.slice(at, token.start)
    at = tokens[index + 1]!.end
  }
  return result + text.slice(at)
}

/** The name of a table or an alias of it: what stands in front of a column. */
function isAlias(name: string, tokens: ReturnType<typeof tokensOf>): boolean {
  return tokens.some(
    ({ value }, index) =>
      value === name &&
      tokens[index + 1]?.value !== '.' &&
      tokens[index - 1]?.upper !== 'SELECT' &&
      tokens[index]!.kind !== 'string',
  )
}
