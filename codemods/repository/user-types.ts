/** Enumerations and domains of PostgreSQL, which the catalogue only has the names of. */
import { dialects } from '../../analyzers/sql/dialects/index.js'
import { type Token, tokenize } from '../../analyzers/sql/tokenizer.js'

/** What a type is by its name, without schema and quotes: `text` for an enumeration, a domain's base type. */
export type UserTypes = ReadonlyMap<string, string>

/** Words that end the base type in CREATE DOMAIN. */
const AFTER_BASE = new Set(['NOT', 'NULL', 'CHECK', 'DEFAULT', 'CONSTRAINT', 'COLLATE'])

/** @param texts of schema scripts, and of code that may hold some */
export function userTypesIn(texts: Iterable<string>): UserTypes {
  const found = new Map<string, Set<string>>()
  for (const text of texts) {
    if (!/\bCREATE\s+(?:TYPE|DOMAIN)\b/i.test(text)) continue
    for (const [name, base] of definitionsIn(text)) found.set(name, (found.get(name) ?? new Set()).add(base))
  }
  // A name that means two things in two databases means nothing here.
  return new Map([...found].flatMap(([name, bases]) => (bases.size === 1 ? [[name, [...bases][0]!]] : [])))
}

/** The type that values of a column have: its own, or what its enumeration or domain is made of. */
export function baseType(type: string, types: UserTypes): string {
  let base = type
  for (let depth = 0; depth < 10; depth++) {
    const next = types.get(plainName(base))
    if (next === undefined) return base
    base = next
  }
  return type
}

function* definitionsIn(text: string): Generator<[name: string, base: string]> {
  const tokens = tokenize(text, dialects.postgresql)
  for (const [at, token] of tokens.entries()) {
    const kind = tokens[at + 1]?.upper
    if (token.upper !== 'CREATE' || (kind !== 'TYPE' && kind !== 'DOMAIN')) continue
    let next = at + 2
    while (tokens[next + 1]?.value === '.') next += 2
    const name = tokens[next]?.value.toLowerCase()
    if (name === undefined) continue
    next++
    if (tokens[next]?.upper === 'AS') next++
    if (kind === 'TYPE') {
      if (tokens[next]?.upper === 'ENUM') yield [name, 'text']
      continue
    }
    const base = baseText(text, tokens.slice(next))
    if (base !== '') yield [name, base]
  }
}

function baseText(text: string, tokens: Token[]): string {
  const end = tokens.findIndex(token => token.kind === 'end' || AFTER_BASE.has(token.upper))
  const own = end === -1 ? tokens : tokens.slice(0, end)
  return own.length === 0 ? '' : text.slice(own[0]!.start, own.at(-1)!.end)
}

/** `public."Mood"` by its last part. Arrays keep their brackets: drivers give arrays of such types as text. */
function plainName(type: string): string {
  return type.replaceAll('"', '').split('.').at(-1)!.trim().toLowerCase()
}
