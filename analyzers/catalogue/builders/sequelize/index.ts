/** Calls of Sequelize's query interface, as the DDL that they write: as far as their code tells. */
import type { CallExpression, Node, Program } from '@oxc-project/types'
import { methodCalls } from '../calls.js'
import {
  type BuilderCall,
  type BuilderDialect,
  ddlOf,
  noChanges,
  type TableChanges,
  type TableName,
} from '../ddl.js'
import { literalOf, namesIn, type TextOf } from '../literals.js'
import { entriesOf, plain, type Reader, readerOf } from '../nodes.js'
import { type DataType, typeIn } from './types.js'

const METHODS =
  /^(?:createTable|dropTable|renameTable|addColumn|removeColumn|changeColumn|renameColumn|addConstraint|removeConstraint)$/

/** Whether a file may use the query interface. */
export const MAY_BE_SEQUELIZE = /sequelize/i

/** What a call changes; null where it is not understood. */
type Changes = TableChanges | null

/** @returns calls in the order in which they run */
export function readSequelizeSchema(program: Program, textOf: TextOf): BuilderCall[] {
  const reader = readerOf(program, textOf)
  return methodCalls(program, METHODS).flatMap(({ call, method, at, isUndone }): BuilderCall[] => {
    const [first, ...rest] = call.arguments
    const table = first && tableIn(first, reader, method === 'createTable' ? rest[1] : undefined)
    if (!table) return []
    const isKnown = (dialect: BuilderDialect): boolean => dialect === 'postgresql' || table.schema === null
    const sql = ddlOf(
      method,
      table,
      () => (rest[0] ? (tableIn(rest[0], reader)?.name ?? null) : null),
      dialect => (isKnown(dialect) ? changesOf(method, table, rest, reader, dialect) : null),
    )
    return [{ at, isUndone, table, creates: method === 'createTable', sql }]
  })
}

function changesOf(
  method: string,
  table: TableName,
  [first, second]: CallExpression['arguments'],
  reader: Reader,
  dialect: BuilderDialect,
): Changes {
  const changes = noChanges()
  const text = (node: Node | undefined): string | null => (node ? reader.textOf(node) : null)
  switch (method) {
    case 'createTable': {
      const columns = first && entriesOf(first, reader.constantOf)
      if (!columns) return null
      const isKnown = [...columns].every(([key, node]) =>
        addColumn(changes, table, key, node, method, reader, dialect),
      )
      return isKnown ? changes : null
    }
    case 'addColumn':
    case 'changeColumn': {
      const name = text(first)
      const isKnown =
        name !== null &&
        second !== undefined &&
        addColumn(changes, table, name, second, method, reader, dialect)
      return isKnown ? changes : null
    }
    case 'removeColumn': {
      const name = text(first)
      if (name === null) return null
      changes.dropped.push(name)
      return changes
    }
    case 'renameColumn': {
      const names = [text(first), text(second)]
      if (names[0] === null || names[1] === null) return null
      changes.renamed.push([names[0]!, names[1]!])
      return changes
    }
    case 'addConstraint':
      return addConstraint(changes, table, [first, second], reader)
    default: {
      const name = text(first)
      if (name !== null) changes.constraints.push(name)
      return changes
    }
  }
}

/** @returns false where it is not understood */
function addColumn(
  changes: TableChanges,
  table: TableName,
  key: string,
  node: Node,
  method: string,
  reader: Reader,
  dialect: BuilderDialect,
): boolean {
  const isChange = method === 'changeColumn'
  const entries = entriesOf(node, reader.constantOf)
  const given = entries ? entries.get('type') : node
  const said = (name: string): boolean | undefined => {
    const entry = entries?.get(name)
    const value = entry && literalOf(plain(entry, reader.constantOf), reader.textOf)
    return typeof value === 'boolean' ? value : entry === undefined ? false : undefined
  }
  const [isPrimary, isNumbered] = [said('primaryKey'), said('autoIncrement')]
  const isNullable = entries?.has('allowNull') ? said('allowNull') : true
  const field = entries?.get('field')
  const name = field === undefined ? key : reader.textOf(field)
  if (given === undefined || name === null) return false
  if (isPrimary === undefined || isNumbered === undefined || isNullable === undefined) return false
  const type = columnType(given, { table, column: name, isNumbered }, reader, dialect)
  if (type === null) return false
  const references = entries?.get('references')
  const nullable = isNullable && !isPrimary
  // A change to a column that refers to another one adds the key, and nothing else.
  if (!isChange || !references)
    changes.columns.push({ name, types: { postgresql: type, mysql: type }, nullable, isChange })
  if (isPrimary && !isChange) changes.primaryKey = [...(changes.primaryKey ?? []), name]
  const keyName = method === 'addColumn' && dialect === 'mysql' ? `${table.name}_${name}_foreign_idx` : null
  return references === undefined || addReference(changes, name, keyName, references, reader)
}

/** `references: { model: 'users', key: 'id' }`, `references: 'users'` */
function addReference(
  changes: TableChanges,
  column: string,
  name: string | null,
  node: Node,
  reader: Reader,
): boolean {
  const entries = entriesOf(node, reader.constantOf)
  const model = entries ? (entries.get('model') ?? entries.get('table')) : node
  const to = model && tableIn(model, reader)
  const key = entries?.get('key')
  const toColumn = key === undefined ? 'id' : reader.textOf(key)
  if (!to || toColumn === null) return false
  changes.foreignKeys.push({ name, columns: [column], to, toColumns: [toColumn] })
  return true
}

/** `addConstraint('t', { type, fields, references, name })`; before version 5 the fields came first. */
function addConstraint(
  changes: TableChanges,
  table: TableName,
  [first, second]: (Node | undefined)[],
  { constantOf, textOf }: Reader,
): Changes {
  const listed = first && entriesOf(first, constantOf) === null ? first : undefined
  const given = listed ? second : first
  const options = given && entriesOf(given, constantOf)
  const text = (node: Node | undefined): string | null => (node ? textOf(node) : null)
  const kind = text(options?.get('type'))?.toLowerCase()
  // Others say nothing of columns and keys.
  if (!options || (kind !== 'foreign key' && kind !== 'primary key')) return changes
  const names = (node: Node | undefined): string[] | null =>
    node ? namesIn([literalOf(plain(node, constantOf), textOf)]) : null
  const columns = names(listed ?? options.get('fields'))
  if (columns === null) return null
  if (kind === 'primary key') {
    changes.primaryKey = columns
    return changes
  }
  const references = options.get('references')
  const target = references && entriesOf(references, constantOf)
  const to = target?.get('table') && tableIn(target.get('table')!, { constantOf, textOf })
  const toColumns = names(target?.get('fields') ?? target?.get('field'))
  if (!to || toColumns === null) return null
  const name = options.has('name')
    ? text(options.get('name'))
    : `${table.name}_${columns.join('_')}_${to.name}_fk`
  changes.foreignKeys.push({ name, columns, to, toColumns })
  return changes
}

/** `'users'`, `{ tableName: 'users', schema: 'app' }`; `options` may have the schema as well. */
function tableIn(node: Node, { constantOf, textOf }: Reader, options?: Node): TableName | null {
  const text = textOf(node)
  const entries = text === null ? entriesOf(node, constantOf) : options && entriesOf(options, constantOf)
  const placed = entries?.get('schema')
  const schema = placed ? textOf(placed) : null
  if (placed && schema === null) return null
  const named = text === null ? entries?.get('tableName') : undefined
  const name = text ?? (named ? textOf(named) : null)
  return name === null ? null : { schema, name }
}

function columnType(
  node: Node,
  of: { table: TableName; column: string; isNumbered: boolean },
  reader: Reader,
  dialect: BuilderDialect,
): string | null {
  const written = reader.textOf(node)
  if (written !== null) return written
  const type = dataTypeOf(node, reader)
  return type && typeIn(dialect, type, of)
}

const CAPITALS = /^[A-Z]+$/

/** `DataTypes.STRING(50)`, `Sequelize.INTEGER.UNSIGNED`, `Sequelize.DataTypes.DATE`; null for anything else. */
function dataTypeOf(node: Node, reader: Reader): DataType | null {
  const names: string[] = []
  let args: CallExpression['arguments'] = []
  for (let at = plain(node, reader.constantOf); ; ) {
    if (at.type === 'CallExpression') {
      // What a name behind the type is called with (`STRING(5).BINARY()`) says nothing.
      args = at.arguments
      at = at.callee
    } else if (at.type === 'MemberExpression' && at.property.type === 'Identifier' && !at.computed) {
      if (!CAPITALS.test(at.property.name)) break
      names.unshift(at.property.name)
      at = at.object
    } else break
  }
  const [name, ...behind] = names
  if (name === undefined) return null
  const [first] = args
  return {
    name,
    behind,
    args: args.map(each => literalOf(plain(each, reader.constantOf), reader.textOf)),
    item: name === 'ARRAY' && first ? dataTypeOf(first, reader) : null,
  }
}
