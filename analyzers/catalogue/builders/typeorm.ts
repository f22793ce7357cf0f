/**
 * Calls of TypeORM's query runner, as the DDL that they write: as far as their code tells. From what TypeORM 1.1 writes;
 * test/catalogue/typeorm.test.ts compares them.
 */
import { createHash } from 'node:crypto'
import type { CallExpression, Node, Program } from '@oxc-project/types'
import { methodCalls } from './calls.js'
import {
  type BuilderCall,
  type BuilderDialect,
  ddlOf,
  noChanges,
  quotedName,
  type TableChanges,
  type TableName,
} from './ddl.js'
import { type Literal, literalOf, namesIn, splitLast, type TextOf } from './literals.js'
import { entriesOf, itemsOf, plain, type Reader, readerOf } from './nodes.js'

const METHODS =
  /^(?:createTable|dropTable|renameTable|addColumns?|dropColumns?|renameColumn|changeColumn|createForeignKeys?|dropForeignKey|createPrimaryKey|dropPrimaryKey)$/

/** Whether a file may use the query runner. */
export const MAY_BE_TYPEORM = /typeorm|QueryRunner/

/** @returns calls in the order in which they run */
export function readTypeormSchema(program: Program, textOf: TextOf): BuilderCall[] {
  const reader = readerOf(program, textOf)
  return methodCalls(program, METHODS).flatMap(({ call, method, at, isUndone }): BuilderCall[] => {
    const [first, ...rest] = call.arguments
    const table = first && tableIn(first, reader)
    // Which key is dropped is asked of the database: nothing is known of it, and nothing less of the columns.
    if (!table || (method === 'dropForeignKey' && !(rest[0] && reader.textOf(rest[0])))) return []
    const creates = method === 'createTable'
    const sql = ddlOf(
      method,
      table,
      () => (rest[0] ? (tableIn(rest[0], reader)?.name ?? null) : null),
      dialect => {
        const changes = noChanges()
        return apply(method, table, creates ? [first] : rest, changes, reader, dialect) ? changes : null
      },
    )
    return [{ at, isUndone, table, creates, sql }]
  })
}

/** @returns false where it is not understood */
function apply(
  method: string,
  table: TableName,
  [first, second]: CallExpression['arguments'],
  changes: TableChanges,
  reader: Reader,
  dialect: BuilderDialect,
): boolean {
  const text = (node: Node | undefined): string | null => (node ? reader.textOf(node) : null)
  const names = (node: Node | undefined): string[] | null =>
    node ? namesIn([literalOf(plain(node, reader.constantOf), reader.textOf)]) : null
  const add = (node: Node, isChange = false): boolean =>
    addColumn(changes, table, node, isChange, reader, dialect)
  const list = (node: Node | undefined): Node[] | null => (node ? itemsOf(node, reader.constantOf) : null)
  switch (method) {
    case 'createTable': {
      const options = first && optionsOf(first, reader)
      const columns = list(options?.get('columns'))
      const keys = options?.has('foreignKeys') ? list(options.get('foreignKeys')) : []
      if (!columns?.every(column => add(column))) return false
      return keys?.every(key => addForeignKey(changes, table, key, reader)) === true
    }
    case 'addColumn':
      return first !== undefined && add(first) && changes.primaryKey === null
    case 'addColumns':
      return list(first)?.every(column => add(column)) === true && changes.primaryKey === null
    case 'dropColumn': {
      const name = first && columnName(first, reader)
      if (!name) return false
      changes.dropped.push(name)
      return true
    }
    case 'dropColumns': {
      const dropped = list(first)?.map(column => columnName(column, reader)) ?? [null]
      changes.dropped.push(...dropped.filter(name => name !== null))
      return !dropped.includes(null)
    }
    case 'renameColumn': {
      const from = first && columnName(first, reader)
      const to = second && columnName(second, reader)
      if (!from || !to) return false
      changes.renamed.push([from, to])
      return true
    }
    case 'changeColumn': {
      const from = first && columnName(first, reader)
      if (!from || !second || !add(second, true)) return false
      const to = changes.columns[0]!.name
      if (from !== to) changes.renamed.push([from, to])
      return changes.primaryKey === null
    }
    case 'createForeignKey':
      return first !== undefined && addForeignKey(changes, table, first, reader)
    case 'createForeignKeys':
      return list(first)?.every(key => addForeignKey(changes, table, key, reader)) === true
    case 'dropForeignKey':
      changes.constraints.push(text(first)!)
      return true
    case 'createPrimaryKey':
      changes.primaryKey = names(first)
      return changes.primaryKey !== null
    default:
      changes.primaryKey = []
      return true
  }
}

/** `new TableColumn({ … })`, or its options alone. */
function optionsOf(node: Node, { constantOf }: Reader): Map<string, Node> | null {
  const made = plain(node, constantOf)
  if (made.type !== 'NewExpression') return entriesOf(made, constantOf)
  return made.arguments[0] ? entriesOf(made.arguments[0], constantOf) : null
}

/** `'users'`, `'app.users'`, `new Table({ name })`, `await queryRunner.getTable('users')` */
function tableIn(node: Node, reader: Reader): TableName | null {
  const held = plain(node, reader.constantOf)
  const given = held.type === 'AwaitExpression' ? held.argument : held
  if (given.type === 'CallExpression') {
    const { callee, arguments: args } = given
    const isAsked =
      callee.type === 'MemberExpression' &&
      callee.property.type === 'Identifier' &&
      callee.property.name === 'getTable'
    return isAsked && args[0] ? tableIn(args[0], reader) : null
  }
  const options = given.type === 'NewExpression' ? optionsOf(given, reader) : null
  const named = options?.get('name')
  const name = named ? reader.textOf(named) : reader.textOf(node)
  if (name === null) return null
  const [path, last] = splitLast(name)
  const placed = options?.get('schema')
  return {
    schema: path === null ? (placed ? reader.textOf(placed) : null) : splitLast(path)[1],
    name: last,
  }
}

function columnName(node: Node, reader: Reader): string | null {
  const text = reader.textOf(node)
  if (text !== null) return text
  const named = optionsOf(node, reader)?.get('name')
  return named ? reader.textOf(named) : null
}

/** @returns false where it is not understood */
function addColumn(
  changes: TableChanges,
  table: TableName,
  node: Node,
  isChange: boolean,
  reader: Reader,
  dialect: BuilderDialect,
): boolean {
  const options = optionsOf(node, reader)
  const name = options && columnName(node, reader)
  if (!options || name === null) return false
  const optionOf = (option: string): Literal | undefined => {
    const given = options.get(option)
    return given && literalOf(plain(given, reader.constantOf), reader.textOf)
  }
  const flags = ['isPrimary', 'isNullable', 'isGenerated', 'isArray', 'unsigned']
  if (flags.some(flag => options.has(flag) && typeof optionOf(flag) !== 'boolean')) return false
  const type = typeIn(dialect, table.name, name, optionOf, options.has('length'))
  if (type === null) return false
  const isPrimary = optionOf('isPrimary') === true
  const nullable = optionOf('isNullable') === true && !isPrimary
  changes.columns.push({ name, types: { postgresql: type, mysql: type }, nullable, isChange })
  if (isPrimary) changes.primaryKey = [...(changes.primaryKey ?? []), name]
  return true
}

/** Integers that PostgreSQL numbers by itself. */
const SERIAL: [RegExp, string][] = [
  [/^(?:int|int4|integer)$/i, 'SERIAL'],
  [/^(?:smallint|int2)$/i, 'SMALLSERIAL'],
  [/^(?:bigint|int8)$/i, 'BIGSERIAL'],
]

/** The column's type as it is written; null where it is not known. A length that is not known is left out. */
function typeIn(
  dialect: BuilderDialect,
  table: string,
  column: string,
  optionOf: (option: string) => Literal | undefined,
  hasLength: boolean,
): string | null {
  const type = optionOf('type')
  if (typeof type !== 'string') return null
  const isPostgres = dialect === 'postgresql'
  if (/^(?:simple-)?enum$/i.test(type)) return enumIn(isPostgres, table, column, optionOf)
  if (isPostgres && optionOf('isGenerated') === true && optionOf('generationStrategy') !== 'uuid') {
    const serial = SERIAL.find(([of]) => of.test(type))
    if (serial) return serial[1]
  }
  if (!isPostgres && type === 'uuid') return 'varchar(36)'
  const full = withSize(type, isPostgres, optionOf, hasLength)
  return `${full}${isPostgres && optionOf('isArray') === true ? ' array' : ''}${!isPostgres && optionOf('unsigned') === true ? ' UNSIGNED' : ''}`
}

function withSize(
  type: string,
  isPostgres: boolean,
  optionOf: (option: string) => Literal | undefined,
  hasLength: boolean,
): string {
  const [length, precision, scale] = ['length', 'precision', 'scale'].map(optionOf)
  if (length) return `${type}(${length})`
  const size =
    typeof precision !== 'number'
      ? ''
      : typeof scale === 'number'
        ? `(${precision},${scale})`
        : `(${precision})`
  const zoned = /^(time(?:stamp)?) (with(?:out)?) time zone$/i.exec(type)
  // Without a time zone is what PostgreSQL takes them for.
  if (zoned && isPostgres) return `${zoned[1]}${size}${/^with$/i.test(zoned[2]!) ? ' with time zone' : ''}`
  return !isPostgres && /^varchar$/i.test(type) && !hasLength ? `${type}(255)` : `${type}${size}`
}

function enumIn(
  isPostgres: boolean,
  table: string,
  column: string,
  optionOf: (option: string) => Literal | undefined,
): string | null {
  if (isPostgres) {
    const named = optionOf('enumName')
    // A type of its own, which is made before the table.
    return quotedName(typeof named === 'string' ? named : `${table}_${column.toLowerCase()}_enum`)
  }
  const values = optionOf('enum')
  return Array.isArray(values) && values.every(value => typeof value === 'string')
    ? `enum (${values.map(value => `'${value.replaceAll("'", "''")}'`).join(', ')})`
    : null
}

/** `new TableForeignKey({ columnNames, referencedTableName, referencedColumnNames })`, or its options alone. */
function addForeignKey(changes: TableChanges, table: TableName, node: Node, reader: Reader): boolean {
  const options = optionsOf(node, reader)
  const list = (option: string): string[] | null => {
    const given = options?.get(option)
    return given ? namesIn([literalOf(plain(given, reader.constantOf), reader.textOf)]) : null
  }
  const [columns, toColumns] = [list('columnNames'), list('referencedColumnNames')]
  const [referenced, placed, named] = ['referencedTableName', 'referencedSchema', 'name'].map(option =>
    options?.get(option),
  )
  const to = referenced ? tableIn(referenced, reader) : null
  if (columns === null || toColumns === null || to === null) return false
  const schema = placed ? reader.textOf(placed) : null
  changes.foreignKeys.push({
    name: (named && reader.textOf(named)) ?? foreignKeyName(table.name, columns),
    columns,
    to: { schema: to.schema ?? schema, name: to.name },
    toColumns,
  })
  return true
}

/** What TypeORM calls a foreign key that was given no name. */
function foreignKeyName(table: string, columns: string[]): string {
  const key = `${table}_${[...columns].sort().join('_')}`
  return `FK_${createHash('sha1').update(key).digest('hex').slice(0, 27)}`
}
