/** Reads the function that a call of knex's schema builder gets: what it does to its table. */
import type { CallExpression, Node } from '@oxc-project/types'
import { type BuilderDialect, noChanges, type TableChanges } from '../ddl.js'
import { isEntries, type Literal, literalOf, namesIn, splitLast, type TextOf } from '../literals.js'
import { columnMethods, NUMBERING } from './columns.js'

/** One call of a chain. */
interface Step {
  method: string
  /** Undefined for what is not written out. */
  args: (Literal | undefined)[]
}

/** Methods of the table that say nothing of its columns. */
const IGNORED =
  /^(?:index|unique|comment|engine|charset|collate|inherits|check\w*|dropIndex|dropUnique|dropChecks|queryContext)$/
/** Methods behind a column: those that are read, and those that say nothing of its type. */
const BEHIND =
  /^(?:unsigned|notNullable|notNull|nullable|primary|alter|references|inTable|on|withKeyName|index|unique|comment|collate|after|first|check\w*|default(?:To)?|onDelete|onUpdate|deferrable)$/

/**
 * @param tableName of which the names of keys are made
 * @returns null where something that it does is not understood
 */
export function readTable(
  given: CallExpression['arguments'][number],
  tableName: string,
  textOf: TextOf,
): TableChanges | null {
  if (given.type !== 'ArrowFunctionExpression' && given.type !== 'FunctionExpression') return null
  const [param] = given.params
  const lines = expressionsOf(given.body)
  if (param?.type !== 'Identifier' || lines === null) return null
  const changes = noChanges()
  const isKnown = lines.every(line => {
    const steps = stepsOf(line, param.name, textOf)
    return steps !== null && apply(steps, changes, tableName)
  })
  return isKnown ? changes : null
}

/** What a function's lines evaluate one after the other; null where there is anything else. */
function expressionsOf(body: Node | null): Node[] | null {
  if (body === null) return null
  if (body.type !== 'BlockStatement') return [body]
  const found: Node[] = []
  for (const statement of body.body) {
    if (statement.type === 'ExpressionStatement') found.push(statement.expression)
    else if (statement.type === 'ReturnStatement' && statement.argument) found.push(statement.argument)
    else if (statement.type !== 'EmptyStatement' && statement.type !== 'ReturnStatement') return null
  }
  return found
}

/** `t.string('name', 50).notNullable()` as its calls, the first one first; null for what is no chain on the table. */
function stepsOf(expression: Node, table: string, textOf: TextOf): Step[] | null {
  const steps: Step[] = []
  let at: Node = expression.type === 'AwaitExpression' ? expression.argument : expression
  while (at.type === 'CallExpression') {
    if (at.callee.type !== 'MemberExpression' || at.callee.property.type !== 'Identifier') return null
    const { name: method } = at.callee.property
    steps.unshift({ method, args: at.arguments.map(argument => literalOf(argument, textOf)) })
    at = at.callee.object
  }
  return at.type === 'Identifier' && at.name === table && steps.length > 0 ? steps : null
}

/** @returns false where it is not understood */
function apply([first, ...rest]: Step[], changes: TableChanges, table: string): boolean {
  const { method, args } = first!
  const [name, second] = args
  if (Object.hasOwn(columnMethods, method)) return addColumn(first!, rest, changes, table)
  switch (method) {
    case 'timestamps':
    case 'dropTimestamps':
      return changeTimestamps(method, args, changes)
    case 'primary':
      changes.primaryKey = namesIn([name])
      return changes.primaryKey !== null
    case 'dropPrimary':
      changes.primaryKey = []
      return true
    case 'foreign':
      return addForeignKey(namesIn([name]), textOr(second), rest, changes, table)
    case 'dropForeign': {
      const columns = namesIn([name])
      if (columns === null) return false
      changes.constraints.push(textOr(second) ?? foreignKeyName(table, columns))
      return true
    }
    case 'dropColumn':
    case 'dropColumns': {
      const names = namesIn(args)
      changes.dropped.push(...(names ?? []))
      return names !== null
    }
    case 'renameColumn':
      if (typeof name !== 'string' || typeof second !== 'string') return false
      changes.renamed.push([name, second])
      return true
    case 'setNullable':
    case 'dropNullable':
      if (typeof name !== 'string') return false
      changes.nullability.push({ column: name, nullable: method === 'setNullable' })
      return true
    default:
      return IGNORED.test(method)
  }
}

function addColumn({ method, args }: Step, rest: Step[], changes: TableChanges, table: string): boolean {
  const numbers = NUMBERING.has(method)
  const [name, ...options] = numbers && typeof args[0] !== 'string' ? ['id', ...args] : args
  if (typeof name !== 'string' || !options.every(isWritten)) return false
  const types = typesOf(method, options)
  if (types === null || !rest.every(step => BEHIND.test(step.method))) return false
  if (rest.some(step => step.method === 'unsigned')) types.mysql += ' unsigned'
  const last = (methods: RegExp) => rest.findLast(step => methods.test(step.method))
  const { primaryKey } = options.find(isEntries) ?? {}
  const isPrimary = (numbers ? primaryKey !== false : primaryKey === true) || last(/^primary$/) !== undefined
  const said = last(/^(?:notNullable|notNull|nullable)$/)
  const isRequired = said !== undefined && (said.method !== 'nullable' || said.args[0] === false)
  changes.columns.push({
    name,
    types,
    nullable: !isPrimary && !isRequired && !numbers,
    isChange: last(/^alter$/) !== undefined,
  })
  if (isPrimary) changes.primaryKey = [name]
  return last(/^references$/) === undefined || addForeignKey([name], null, rest, changes, table)
}

function isWritten(argument: Literal | undefined): argument is Literal {
  return argument !== undefined
}

function typesOf(method: string, options: Literal[]): Record<BuilderDialect, string> | null {
  const { postgresql, mysql } = columnMethods[method]!
  const types = { postgresql: postgresql(options), mysql: mysql(options) }
  return types.postgresql === null || types.mysql === null
    ? null
    : { postgresql: types.postgresql, mysql: types.mysql }
}

/** `.references('id').inTable('users')`, `.references('users.id')` */
function addForeignKey(
  columns: string[] | null,
  name: string | null,
  steps: Step[],
  changes: TableChanges,
  table: string,
): boolean {
  const argumentOf = (method: RegExp) => steps.findLast(step => method.test(step.method))?.args[0]
  const referenced = namesIn([argumentOf(/^references$/)])
  if (columns === null || referenced === null || referenced.length === 0) return false
  const parts = referenced.map(splitLast)
  const to = textOr(argumentOf(/^(?:inTable|on)$/)) ?? parts[0]![0]
  if (to === null) return false
  const [schema, last] = splitLast(to)
  changes.foreignKeys.push({
    name: textOr(argumentOf(/^withKeyName$/)) ?? name ?? foreignKeyName(table, columns),
    columns,
    to: { schema, name: last },
    toColumns: parts.map(([, column]) => column),
  })
  return true
}

/** What knex calls a foreign key that was given no name. */
function foreignKeyName(table: string, columns: string[]): string {
  return `${table}_${columns.join('_')}_foreign`.toLowerCase().replaceAll(/[.-]/g, '_')
}

/** `timestamps(useTimestamps, defaultToNow, useCamelCase)`, or these as entries; `dropTimestamps(useCamelCase)`. */
function changeTimestamps(method: string, args: (Literal | undefined)[], changes: TableChanges): boolean {
  if (!args.every(isWritten)) return false
  const [first, defaultToNow, useCamelCase] = args
  if (method === 'dropTimestamps') {
    changes.dropped.push(...timestampNames(first === true))
    return true
  }
  const options = isEntries(first) ? first : { useTimestamps: first, defaultToNow, useCamelCase }
  const types = { postgresql: 'timestamptz', mysql: options.useTimestamps ? 'timestamp' : 'datetime' }
  for (const name of timestampNames(options.useCamelCase === true))
    changes.columns.push({ name, types: { ...types }, nullable: !options.defaultToNow, isChange: false })
  return true
}

function timestampNames(isCamelCase: boolean): string[] {
  return isCamelCase ? ['createdAt', 'updatedAt'] : ['created_at', 'updated_at']
}

function textOr(value: Literal | undefined): string | null {
  return typeof value === 'string' ? value : null
}
