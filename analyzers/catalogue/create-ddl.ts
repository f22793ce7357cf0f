/** CREATE of everything that the catalogue holds. */
import { addDdl, type Statement, touchedBy } from './statement.js'
import { readCreateTable } from './table-ddl.js'
import type { RoutineTable } from './types.js'

/** Kinds of things that hold no table's name that we would want. */
const OTHER_KINDS =
  /^(SCHEMA|EXTENSION|TYPE|DOMAIN|SEQUENCE|ROLE|USER|LOGIN|PUBLICATION|SUBSCRIPTION|SERVER|COLLATION|CAST|OPERATOR|AGGREGATE|POLICY|LANGUAGE|TABLESPACE|TEXT|STATISTICS|MACRO|DICTIONARY)$/

/** The words of MySQL's `ALGORITHM=… DEFINER=… SQL SECURITY …`, and then some. */
const MAX_WORDS_BEFORE_KIND = 16

/**
 * Behind `CREATE`.
 * @returns false if it is something that the catalogue does not hold, so that the SQL stage may say what it touches
 */
export function readCreate(statement: Statement): boolean {
  const { cursor } = statement
  let temporary = false
  let replaces = false
  let materialized = false
  for (let words = 0; words < MAX_WORDS_BEFORE_KIND && !cursor.done; words++) {
    if (cursor.eat('TABLE')) return createTable(statement, { temporary, replaces })
    if (cursor.eat('VIEW')) return createView(statement, materialized)
    if (cursor.dialect === 'mssql' && cursor.eat('SYNONYM')) return createSynonym(statement)
    if (cursor.eatOneOf('FUNCTION', 'PROCEDURE', 'PROC') !== '') return createRoutine(statement)
    if (cursor.eat('TRIGGER')) return createTrigger(statement)
    if (cursor.eat('INDEX')) return createIndex(statement)
    if (cursor.eat('DATABASE') || (cursor.dialect === 'mysql' && cursor.eat('SCHEMA')))
      return createDatabase(statement)
    const word = cursor.peek()
    if (OTHER_KINDS.test(word)) return true
    // A materialized view of TimescaleDB, an event or a rule of its own: the SQL stage knows.
    if (word === 'EVENT' || word === 'RULE') return false
    if (word === 'TEMP' || word === 'TEMPORARY') temporary = true
    if (word === 'REPLACE') replaces = true
    if (word === 'MATERIALIZED') materialized = true
    cursor.at++
  }
  return false
}

function createTable(
  statement: Statement,
  { temporary, replaces }: { temporary: boolean; replaces: boolean },
): boolean {
  const { cursor, reading, line } = statement
  const change = readCreateTable(cursor, temporary, statement)
  if (!change) return false
  const { schema, database, name } = change
  if (replaces) reading.changes.push({ kind: 'drop-table', schema, database, name, line })
  reading.changes.push(change)
  const fromQuery = cursor.restHas('SELECT') ? readsOf(statement) : []
  const own = { schema, database, name, op: 'ddl' as const }
  reading.statements.push({ line, verb: 'CREATE TABLE', tables: [own, ...fromQuery] })
  return true
}

function createView(statement: Statement, materialized: boolean): boolean {
  const { cursor, reading, line } = statement
  cursor.eat('IF', 'NOT', 'EXISTS')
  const name = cursor.knownName()
  if (name === null) return false
  const tables = readsOf(statement)
  const reads = tables.map(({ op: _, ...table }) => table)
  reading.changes.push({ kind: 'create-view', ...name, reads, line, ...(materialized && { materialized }) })
  reading.statements.push({ line, verb: 'CREATE VIEW', tables: [{ ...name, op: 'ddl' }, ...tables] })
  return true
}

/** `SYNONYM x FOR billing.dbo.y` of T-SQL: another name for a table, and so a view of all of it. */
function createSynonym(statement: Statement): boolean {
  const { cursor, reading, line } = statement
  const name = cursor.knownName()
  const table = cursor.eat('FOR') ? cursor.knownName() : null
  if (name === null || table === null) return false
  reading.changes.push({ kind: 'create-view', ...name, reads: [table], line })
  reading.statements.push({
    line,
    verb: 'CREATE SYNONYM',
    tables: [
      { ...name, op: 'ddl' },
      { ...table, op: 'read' },
    ],
  })
  return true
}

function createRoutine(statement: Statement): boolean {
  const { cursor, reading, line } = statement
  cursor.eat('IF', 'NOT', 'EXISTS')
  const name = cursor.knownName()
  if (name === null) return false
  const { tables, parts, calls } = touchedBy(statement)
  reading.changes.push({
    kind: 'create-routine',
    ...name,
    tables,
    ...(parts && { parts }),
    calls: calls.filter(call => call !== name.name),
    changes: [],
    line,
  })
  return true
}

/** `TRIGGER x BEFORE INSERT ON t … EXECUTE FUNCTION f()`, or with a body of its own (MySQL, sqlite, T-SQL). */
function createTrigger(statement: Statement): boolean {
  const { cursor, reading, line } = statement
  cursor.eat('IF', 'NOT', 'EXISTS')
  const trigger = cursor.name()
  cursor.skipBehind('ON')
  const of = cursor.knownName()
  if (!trigger?.name || of === null) return false
  const { name: table, ...qualifiers } = of
  let routine: string | null = null
  let tables: RoutineTable[] = []
  if (cursor.restHas('EXECUTE') && !cursor.restHas('BEGIN')) {
    cursor.skipBehind('EXECUTE')
    cursor.eatOneOf('FUNCTION', 'PROCEDURE')
    routine = cursor.name()?.name ?? null
  } else {
    tables = touchedBy(statement).tables.filter(item => !(item.op === 'ddl' && item.name === table))
  }
  reading.changes.push({
    kind: 'create-trigger',
    name: trigger.name,
    table,
    ...qualifiers,
    routine,
    tables,
    line,
  })
  addDdl(statement, 'CREATE TRIGGER', of)
  return true
}

function createIndex(statement: Statement): boolean {
  const { cursor } = statement
  cursor.skipBehind('ON')
  cursor.eat('ONLY')
  const name = cursor.knownName()
  if (name !== null) addDdl(statement, 'CREATE INDEX', name)
  return true
}

function createDatabase({ cursor, reading, line }: Statement): boolean {
  cursor.eat('IF', 'NOT', 'EXISTS')
  const name = cursor.name()?.name
  if (name) reading.changes.push({ kind: 'create-database', name, line })
  return true
}

function readsOf(statement: Statement): RoutineTable[] {
  return touchedBy(statement).tables.filter(table => table.op === 'read')
}
