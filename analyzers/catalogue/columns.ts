/** Columns and constraints as CREATE TABLE and ALTER TABLE write them. */
import type { Column } from '../model.js'
import type { Cursor } from './cursor.js'
import type { ForeignKeyDef } from './types.js'

/** What one item of a table's definition gives. */
export interface TableItem {
  column: Column | null
  primaryKey: string[] | null
  foreignKeys: ForeignKeyDef[]
  /** `LIKE t INCLUDING ALL` as an item (PostgreSQL). */
  like: { schema: string | null; name: string; loose: boolean; keys: boolean } | null
}

/** Words that end a column's type. */
const AFTER_TYPE = new Set(
  (
    'NOT NULL DEFAULT PRIMARY UNIQUE REFERENCES CHECK CONSTRAINT COLLATE GENERATED AUTO_INCREMENT AUTOINCREMENT ' +
    'COMMENT ON KEY AS STORED VIRTUAL IDENTITY CHARSET ENCODE CODEC TTL FIRST AFTER INVISIBLE VISIBLE STORAGE ' +
    'COMPRESSION SPARSE ROWGUIDCOL SRID INITIALLY DEFERRABLE USING MATERIALIZED ALIAS EPHEMERAL PERSISTED COLUMN_FORMAT ' +
    'OPTIONS MASKED HIDDEN FOREIGN'
  ).split(' '),
)

/** Types whose columns take no NULL although none says so. */
const SERIAL = /^(small|big)?serial[248]?$/

/**
 * Reads one item between the commas of a table's definition: a column, or a constraint. Clauses that say
 * nothing of names, types and keys are stepped over, whatever they are: no list of vendors' options is needed.
 */
export function readTableItem(item: Cursor, text: string, lineOf: (offset: number) => number): TableItem {
  const nothing: TableItem = { column: null, primaryKey: null, foreignKeys: [], like: null }
  const line = lineOf(item.token()?.start ?? 0)
  let constraint: string | null = null
  if (item.peek() === 'CONSTRAINT' && item.token()!.kind === 'word') {
    item.at++
    // MySQL lets the name out: `CONSTRAINT FOREIGN KEY …`.
    if (!startsConstraint(item)) constraint = item.part()?.text ?? null
  }
  if (item.eat('PRIMARY', 'KEY')) {
    skipTo(item, '(')
    return { ...nothing, primaryKey: item.nameList() }
  }
  if (item.eat('FOREIGN', 'KEY')) {
    item.eat('IF', 'NOT', 'EXISTS')
    // MySQL takes the name of the index for that of the key if it has none of its own.
    const index = item.peek() === '(' ? null : item.part()
    constraint ??= index?.text ?? null
    const columns = item.nameList()
    const target = item.eat('REFERENCES') ? readReference(item) : null
    return target ? { ...nothing, foreignKeys: [{ name: constraint, columns, ...target, line }] } : nothing
  }
  if (item.eat('LIKE')) {
    const name = item.name()
    const keys = item.restHas('ALL') || item.restHas('INDEXES')
    return name?.name
      ? { ...nothing, like: { schema: name.schema, name: name.name, loose: false, keys } }
      : nothing
  }
  if (constraint !== null || startsConstraint(item) || isIndex(item)) return nothing
  return readColumn(item, text, line)
}

function startsConstraint(item: Cursor): boolean {
  const first = item.peek()
  const second = item.peek(1)
  if (item.token()?.kind !== 'word') return false
  if (first === 'PRIMARY' || first === 'FOREIGN') return second === 'KEY'
  if (first === 'UNIQUE')
    return second === '(' || /^(KEY|INDEX|NULLS|CLUSTERED|NONCLUSTERED)$/.test(second) || isIndex(item)
  if (first === 'CHECK') return second === '('
  if (first === 'EXCLUDE') return second === 'USING' || second === '('
  if (first === 'PERIOD') return second === 'FOR'
  return false
}

/**
 * True for `KEY name (a, b)`, `INDEX (a)`, `FULLTEXT KEY n (a)`, `PROJECTION p (…)`. A column may be called `key`
 * too: then a type follows, whose parentheses hold numbers if it has any.
 */
function isIndex(item: Cursor): boolean {
  if (item.token()?.kind !== 'word') return false
  const first = item.peek()
  if (first === 'FULLTEXT' || first === 'SPATIAL') return true
  if (first !== 'KEY' && first !== 'INDEX' && first !== 'UNIQUE' && first !== 'PROJECTION') return false
  let distance = 1
  if (item.peek(distance) === 'IF') distance += 3
  if (item.peek(distance) !== '(') distance++
  if (item.peek(distance) === 'USING') distance += 2
  if (item.peek(distance) === 'TYPE') return true
  if (item.peek(distance) !== '(') return false
  const inside = item.token(distance + 1)
  return inside !== undefined && inside.kind !== 'number' && inside.kind !== 'string'
}

/** A column with its own keys: `id INT UNSIGNED NOT NULL REFERENCES t (id)`. */
export function readColumn(item: Cursor, text: string, line: number): TableItem {
  const nothing: TableItem = { column: null, primaryKey: null, foreignKeys: [], like: null }
  const name = item.part()
  if (!name?.known || name.text === '') return nothing
  const type = readType(item, text)
  const column: Column = { name: name.text, type, nullable: !SERIAL.test(type) }
  const result: TableItem = { ...nothing, column }
  let constraint: string | null = null
  while (!item.done) {
    if (item.eat('CONSTRAINT')) {
      constraint = item.part()?.text ?? null
    } else if (item.eat('NOT', 'NULL')) {
      column.nullable = false
    } else if (item.eat('AS', 'IDENTITY') || item.eat('IDENTITY')) {
      column.nullable = false
    } else if (item.eat('PRIMARY', 'KEY') || isBareKey(item)) {
      column.nullable = false
      result.primaryKey = [name.text]
      constraint = null
    } else if (item.eat('UNIQUE')) {
      item.eat('KEY')
    } else if (item.eat('FOREIGN', 'KEY')) {
      // T-SQL: `a INT FOREIGN KEY REFERENCES t (id)`.
    } else if (item.eat('REFERENCES')) {
      const target = readReference(item)
      if (target) result.foreignKeys.push({ name: constraint, columns: [name.text], ...target, line })
      constraint = null
    } else if (item.peek() === '(') {
      item.group()
    } else {
      item.at++
    }
  }
  return result
}

/** MySQL: `id INT AUTO_INCREMENT KEY` makes it the primary key. */
function isBareKey(item: Cursor): boolean {
  return item.dialect === 'mysql' && item.token()?.kind === 'word' && item.eat('KEY')
}

/** Type as written, in lower case, with single spaces: `varchar(50)`, `int unsigned`, `timestamp with time zone`. */
export function readType(item: Cursor, text: string): string {
  let type = ''
  while (!item.done) {
    const token = item.token()!
    const word = item.peek()
    if (token.kind === 'word' && AFTER_TYPE.has(word)) break
    if (token.kind === 'word' && word === 'CHARACTER' && item.peek(1) === 'SET') break
    if (token.kind === 'word' && (word === 'WITH' || word === 'WITHOUT') && item.peek(1) !== 'TIME') break
    if (word === ':=' || word === '=') break
    const from = item.at
    if (word === '(') item.group()
    else item.at++
    for (let at = from; at < item.at; at++) {
      const piece = item.tokens[at]!
      const raw = text.slice(piece.start, piece.end)
      const tight = /^[(),.[\]]$/.test(raw) || type === '' || /[(,.[]$/.test(type)
      type += tight ? raw : ` ${raw}`
    }
  }
  return type.toLowerCase().replace(/ \(/g, '(')
}

/** What stands behind REFERENCES: a table and, if given, its columns. */
function readReference(item: Cursor): Pick<ForeignKeyDef, 'to' | 'toSchema' | 'toColumns'> | null {
  const name = item.name()
  if (!name?.name) return null
  return { to: name.name, toSchema: name.schema, toColumns: item.nameList() }
}

function skipTo(item: Cursor, word: string): void {
  while (!item.done && item.peek() !== word) item.at++
}
