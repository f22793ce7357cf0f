/**
 * Calls of node-pg-migrate's builder, as the DDL that they write: as far as their code tells. From what node-pg-migrate 9
 * writes, for PostgreSQL alone.
 */
import type { CallExpression, Node, Program } from '@oxc-project/types'
import { methodCalls } from './calls.js'
import { type BuilderCall, ddlOf, noChanges, quotedName, type TableChanges, type TableName } from './ddl.js'
import { type Literal, literalOf, namesIn } from './literals.js'
import { entriesOf, itemsOf, type Reader as NodeReader, plain, readerOf } from './nodes.js'

interface Reader extends NodeReader {
  /** Names that the file gives types of its own (`exports.shorthands = { money: { … } }`); null where not all are known. */
  ownTypes: ReadonlySet<string> | null
}

const METHODS =
  /^(?:createTable|dropTable|renameTable|addColumns?|dropColumns?|renameColumn|alterColumn|(?:add|create|drop)Constraint)$/

/** Whether a file may use the builder. */
export const MAY_BE_NODE_PG_MIGRATE = /\bnode-pg-migrate\b|\bpgm\s*\./

/** @returns calls in the order in which they run */
export function readNodePgMigrateSchema(program: Program, textOf: Reader['textOf']): BuilderCall[] {
  const nodes = readerOf(program, textOf)
  const reader = { ...nodes, ownTypes: ownTypesIn(program, nodes) }
  return methodCalls(program, METHODS).flatMap(({ call, object, method, at, isUndone }): BuilderCall[] => {
    const [first, ...rest] = call.arguments
    const table = object.type === 'Identifier' && first ? tableIn(first, reader) : null
    if (!table) return []
    const sql = ddlOf(
      method,
      table,
      () => (rest[0] ? (tableIn(rest[0], reader)?.name ?? null) : null),
      dialect => {
        const changes = noChanges()
        return dialect === 'postgresql' && apply(method, table, rest, changes, reader) ? changes : null
      },
    )
    return [{ at, isUndone, table, creates: method === 'createTable', sql }]
  })
}

/** @returns false where it is not understood */
function apply(
  method: string,
  table: TableName,
  [first, second]: CallExpression['arguments'],
  changes: TableChanges,
  reader: Reader,
): boolean {
  const text = (node: Node | undefined): string | null => (node ? reader.textOf(node) : null)
  switch (method) {
    case 'createTable':
      return addColumns(first, changes, reader) && (!second || addOptions(second, table, changes, reader))
    case 'addColumn':
    case 'addColumns':
      return addColumns(first, changes, reader)
    case 'dropColumn':
    case 'dropColumns': {
      const names = first && (namesOf(first, reader) ?? keysOf(first, reader))
      changes.dropped.push(...(names ?? []))
      return !!names
    }
    case 'renameColumn': {
      const [from, to] = [text(first), text(second)]
      if (from === null || to === null) return false
      changes.renamed.push([from, to])
      return true
    }
    case 'alterColumn':
      return alterColumn(text(first), second, changes, reader)
    case 'dropConstraint': {
      const name = text(first)
      if (name !== null) changes.constraints.push(name)
      return true
    }
    default:
      return addConstraint(text(first), second, table, changes, reader)
  }
}

function addColumns(node: Node | undefined, changes: TableChanges, reader: Reader): boolean {
  const columns = node && entriesOf(node, reader.constantOf)
  return !!columns && [...columns].every(([name, column]) => addColumn(name, column, changes, reader))
}

function addColumn(name: string, node: Node, changes: TableChanges, reader: Reader): boolean {
  const shorthand = reader.textOf(node)
  const options = shorthand === null ? entriesOf(node, reader.constantOf) : new Map<string, Node>()
  if (!options) return false
  const said = (option: string): Literal | undefined => literalIn(options, option, reader)
  const given = shorthand ?? said('type')
  const flags = ['primaryKey', 'notNull'].filter(flag => options.has(flag))
  // An identity is told in a way of its own; a type of the project may bring a key along.
  if (typeof given !== 'string' || options.has('sequenceGenerated') || isOwnType(given, reader)) return false
  if (flags.some(flag => typeof said(flag) !== 'boolean')) return false
  const array = said('array')
  if (options.has('array') && typeof array !== 'boolean' && typeof array !== 'number') return false
  const isPrimary = given === 'id' || said('primaryKey') === true
  const type = `${typeNamed(given)}${array === true ? ' ARRAY' : typeof array === 'number' ? ` ARRAY[${array}]` : ''}`
  const nullable = said('notNull') !== true && !isPrimary
  changes.columns.push({ name, types: { postgresql: type, mysql: type }, nullable, isChange: false })
  if (isPrimary) changes.primaryKey = [...(changes.primaryKey ?? []), name]
  if (!options.has('references')) return true
  return addReference(changes, [name], options, null, reader)
}

/** `{ constraints: { primaryKey, foreignKeys } }`; what another table gives it is not known. */
function addOptions(node: Node, table: TableName, changes: TableChanges, reader: Reader): boolean {
  const options = entriesOf(node, reader.constantOf)
  if (!options || options.has('like') || options.has('inherits')) return false
  const constraints = options.get('constraints')
  return !constraints || addKeys(constraints, null, table, changes, reader)
}

/** `addConstraint('t', 'name', { foreignKeys: … })`, or its SQL. */
function addConstraint(
  name: string | null,
  node: Node | undefined,
  table: TableName,
  changes: TableChanges,
  reader: Reader,
): boolean {
  const sql = node ? reader.textOf(node) : null
  if (sql === null) return node !== undefined && addKeys(node, name, table, changes, reader)
  changes.added.push(name === null ? sql : `CONSTRAINT ${quotedName(name)} ${sql}`)
  return true
}

/** Of constraints only keys say something of the schema. */
function addKeys(
  node: Node,
  name: string | null,
  table: TableName,
  changes: TableChanges,
  reader: Reader,
): boolean {
  const constraints = entriesOf(node, reader.constantOf)
  if (!constraints) return false
  const primary = constraints.get('primaryKey')
  if (primary) {
    changes.primaryKey = namesOf(primary, reader)
    if (changes.primaryKey === null) return false
  }
  const foreign = constraints.get('foreignKeys')
  if (!foreign) return true
  return (itemsOf(foreign, reader.constantOf) ?? [foreign]).every(each => {
    const key = entriesOf(each, reader.constantOf)
    const columns = key?.get('columns') && namesOf(key.get('columns')!, reader)
    if (!key || !columns) return false
    return addReference(changes, columns, key, name ?? `${table.name}_fk_${columns.join('_')}`, reader)
  })
}

/** @param constraint the name that the key has if its options name none */
function addReference(
  changes: TableChanges,
  columns: string[],
  options: Map<string, Node>,
  constraint: string | null,
  reader: Reader,
): boolean {
  const node = options.get('references')
  const target = node ? referenceIn(node, reader) : null
  if (!target) return false
  const named = literalIn(options, 'referencesConstraintName', reader)
  const name = typeof named === 'string' ? named : constraint
  changes.foreignKeys.push({ name, columns, ...target })
  return true
}

const REFERENCE = /^(?:"?(\w+)"?\.)?"?(\w+)"?\s*(?:\(([\w",\s]+)\))?$/

/** `'users'`, `'"users"'`, `'shop.users(id)'`, `{ schema: 'shop', name: 'users' }`; without columns it is the primary key. */
function referenceIn(node: Node, reader: Reader): { to: TableName; toColumns: string[] } | null {
  const text = reader.textOf(node)
  if (text === null) {
    const to = tableIn(node, reader)
    return to && { to, toColumns: [] }
  }
  const match = REFERENCE.exec(text)
  if (!match) return null
  const toColumns = match[3]?.split(',').map(column => column.trim().replaceAll('"', '')) ?? []
  return { to: { schema: match[1] ?? null, name: match[2]! }, toColumns }
}

function alterColumn(
  column: string | null,
  node: Node | undefined,
  changes: TableChanges,
  reader: Reader,
): boolean {
  const options = node && entriesOf(node, reader.constantOf)
  if (column === null || !options || options.has('sequenceGenerated')) return false
  const type = literalIn(options, 'type', reader)
  const [isRequired, isAllowed] = ['notNull', 'allowNull'].map(each => literalIn(options, each, reader))
  if (options.has('type') && (typeof type !== 'string' || isOwnType(type, reader))) return false
  if ([isRequired, isAllowed].some(each => each !== undefined && typeof each !== 'boolean')) return false
  if (typeof type === 'string') changes.retyped.push({ column, type: typeNamed(type) })
  const nullable = isRequired === undefined ? isAllowed : !isRequired
  if (typeof nullable === 'boolean') changes.nullability.push({ column, nullable })
  return true
}

/** Names of its own that the builder has for types. */
const TYPES: Record<string, string> = {
  id: 'serial',
  int: 'integer',
  string: 'text',
  float: 'real',
  double: 'double precision',
  datetime: 'timestamp',
  bool: 'boolean',
}

const typeNamed = (type: string): string => (Object.hasOwn(TYPES, type) ? TYPES[type]! : type)

function isOwnType(type: string, { ownTypes }: Reader): boolean {
  return ownTypes === null || ownTypes.has(type)
}

/** `exports.shorthands = undefined`, as the template of a migration has it, gives none. */
function ownTypesIn(program: Program, { constantOf }: NodeReader): Reader['ownTypes'] {
  const given = program.body.flatMap(shorthandsIn).at(-1)
  if (!given || (given.type === 'Identifier' && given.name === 'undefined')) return new Set()
  const entries = entriesOf(given, constantOf)
  return entries && new Set(entries.keys())
}

function shorthandsIn(statement: Program['body'][number]): Node[] {
  if (statement.type === 'ExpressionStatement' && statement.expression.type === 'AssignmentExpression') {
    const { left, right } = statement.expression
    const named = left.type === 'MemberExpression' ? left.property : left
    return named.type === 'Identifier' && named.name === 'shorthands' ? [right] : []
  }
  const declaration = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement
  if (declaration?.type !== 'VariableDeclaration') return []
  return declaration.declarations.flatMap(({ id, init }) =>
    id.type === 'Identifier' && id.name === 'shorthands' && init ? [init] : [],
  )
}

/** `'users'`, `{ schema: 'shop', name: 'users' }` */
function tableIn(node: Node, reader: Reader): TableName | null {
  const text = reader.textOf(node)
  if (text !== null) return { schema: null, name: text }
  const entries = entriesOf(node, reader.constantOf)
  const named = entries?.get('name')
  const name = named ? reader.textOf(named) : null
  const placed = entries?.get('schema')
  const schema = placed ? reader.textOf(placed) : null
  return name === null || (placed && schema === null) ? null : { schema, name }
}

function literalIn(entries: Map<string, Node>, key: string, reader: Reader): Literal | undefined {
  const node = entries.get(key)
  return node && literalOf(plain(node, reader.constantOf), reader.textOf)
}

function namesOf(node: Node, { constantOf, textOf }: Reader): string[] | null {
  return namesIn([literalOf(plain(node, constantOf), textOf)])
}

function keysOf(node: Node, { constantOf }: Reader): string[] | null {
  const entries = entriesOf(node, constantOf)
  return entries && [...entries.keys()]
}
