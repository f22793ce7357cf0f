import type { Dialect } from '../model.js'
import { qualifiersOf, readName } from '../sql/token-walk/names.js'
import type { Token } from '../sql/tokenizer.js'
import type { WrittenName } from './types.js'

/** A name as DDL has it, folded as the database folds it. */
export interface Name extends Omit<WrittenName, 'name'> {
  /** Null if it holds a placeholder (`${schema}` of Flyway, a hole of a template): not known. */
  name: string | null
}

/** Reads the tokens of one statement from left to right. Never moves past its end. */
export class Cursor {
  readonly tokens: readonly Token[]
  readonly dialect: Dialect
  at: number
  readonly end: number

  constructor(tokens: readonly Token[], at: number, end: number, dialect: Dialect) {
    this.tokens = tokens
    this.at = at
    this.end = end
    this.dialect = dialect
  }

  get done(): boolean {
    return this.at >= this.end
  }

  /** Upper-case keyword or operator at a distance from here; '' for quoted names, strings and the end. */
  peek(distance = 0): string {
    const token = this.token(distance)
    return token && (token.kind === 'word' || token.kind === 'op') ? token.upper : ''
  }

  token(distance = 0): Token | undefined {
    return this.at + distance < this.end ? this.tokens[this.at + distance] : undefined
  }

  /** Steps over the words if they all stand here, in this order. */
  eat(...words: string[]): boolean {
    if (!words.every((word, distance) => this.peek(distance) === word)) return false
    this.at += words.length
    return true
  }

  /** Steps over one of the words and returns it; '' if none stands here. */
  eatOneOf(...words: string[]): string {
    const word = this.peek()
    if (word === '' || !words.includes(word)) return ''
    this.at++
    return word
  }

  /** True if the word stands anywhere from here on. */
  restHas(word: string): boolean {
    for (let at = this.at; at < this.end; at++) {
      const token = this.tokens[at]!
      if (token.kind === 'word' && token.upper === word) return true
    }
    return false
  }

  /** Steps behind the next such word, or to the end. */
  skipBehind(word: string): void {
    while (!this.done && this.peek() !== word) this.at++
    if (!this.done) this.at++
  }

  /** One part of a name: a word, a quoted name. Null (and no step) if none stands here. */
  part(): { text: string; known: boolean } | null {
    const token = this.token()
    if (!token) return null
    if (token.kind === 'placeholder' || token.kind === 'hole') {
      this.at++
      return { text: token.value, known: false }
    }
    // Without holes of their own, scripts write `${name}`: three tokens where `$` is part of a word.
    if (token.value === '$' && this.peek(1) === '{') {
      while (!this.done && this.peek() !== '}') this.at++
      this.at++
      return { text: '', known: false }
    }
    // `part_${name}`: the placeholder is a token behind the word.
    const next = this.token(1)
    if (next?.kind === 'placeholder' && next.start === token.end && token.value.endsWith('$')) {
      this.at += 2
      return { text: '', known: false }
    }
    if (token.kind === 'word') {
      this.at++
      return {
        text: folds(this.dialect) ? token.value.toLowerCase() : token.value,
        known: token.hole === null,
      }
    }
    // MySQL in ANSI mode and sqlite take `"x"` and `'x'` for a name where only a name can stand.
    if (token.kind === 'name' || token.kind === 'string') {
      this.at++
      // `[$(DB_NAME)]` of sqlcmd likewise.
      return { text: token.value, known: token.hole === null && !/\$[{(]/.test(token.value) }
    }
    return null
  }

  /** `a`, `a.b`, `a.b.c`, `a..c`. */
  name(): Name | null {
    if (this.dialect === 'bigquery' && this.peek() !== '$') return this.path()
    const first = this.part()
    if (!first) return null
    const parts = [first]
    while (this.peek() === '.' || this.peek() === '..') {
      const isLeftOut = this.peek() === '..'
      this.at++
      const next = this.part()
      if (!next) break
      if (isLeftOut) parts.push({ text: '', known: true })
      parts.push(next)
    }
    const last = parts.at(-1)!
    return {
      ...qualifiersOf(parts.map(part => (part.known ? part.text : null))),
      name: last.known && last.text !== '' ? last.text : null,
    }
  }

  /** The same where it is known. */
  knownName(): WrittenName | null {
    const { name = null, ...qualifiers } = this.name() ?? {}
    return name === null ? null : { schema: null, ...qualifiers, name }
  }

  /** A table's name in BigQuery, where `` `project.dataset.table` `` has three parts. */
  private path(): Name | null {
    const path = readName(this.tokens, this.at, this.end, '', true)
    if (!path) return null
    this.at = path.next
    const { schema, database, name, unknown } = path
    return { schema, database, name: unknown || name === '' ? null : name }
  }

  /** Steps over `( … )` if one begins here and returns a cursor over what is inside. */
  group(): Cursor | null {
    if (this.peek() !== '(') return null
    const from = this.at + 1
    let depth = 0
    for (; this.at < this.end; this.at++) {
      const word = this.peek()
      if (word === '(') depth++
      else if (word === ')' && --depth === 0) break
    }
    const inside = new Cursor(this.tokens, from, this.at, this.dialect)
    if (!this.done) this.at++
    return inside
  }

  /** Cursors over the pieces between commas that stand in no parentheses of this cursor's own. */
  items(): Cursor[] {
    const items: Cursor[] = []
    let depth = 0
    let from = this.at
    for (let at = this.at; at <= this.end; at++) {
      const token = at < this.end ? this.tokens[at]! : null
      if (token?.kind === 'op') {
        if (token.value === '(' || token.value === '[') depth++
        else if (token.value === ')' || token.value === ']') depth--
      }
      if (token === null || (depth === 0 && token.kind === 'op' && token.value === ',')) {
        if (at > from) items.push(new Cursor(this.tokens, from, at, this.dialect))
        from = at + 1
      }
    }
    return items
  }

  /** Names of a list `(a, b(10), c DESC)`; expressions in it are left out. */
  nameList(): string[] {
    const inside = this.group()
    if (!inside) return []
    return inside.items().flatMap(item => {
      const part = item.part()
      return part?.known && part.text !== '' ? [part.text] : []
    })
  }
}

/** True where the database reads unquoted names as lower case. */
function folds(dialect: Dialect): boolean {
  return dialect === 'postgresql'
}
