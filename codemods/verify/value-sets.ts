/** The values that a unit is called with. */
import type { Table } from '../../analyzers/model.js'
import type { Operation, OperationUse, StatementPart } from '../operation.js'
import type { Repository } from '../repository/index.js'
import { type ParameterUse, parametersOf } from '../sql/parameters.js'
import { readStatement } from '../sql/read.js'
import { NotVerified } from './not-verified.js'
import { positional } from './old-statement.js'
import { type Parameterised, parameterSets, type Values } from './parameters.js'
import type { Row } from './rows.js'
import type { Unit } from './units.js'
import { textOf } from './way.js'
import { typingOf } from './whole-statement.js'

/** @throws NotVerified where the type of a value is not known */
export function valueSetsOf(unit: Unit, tables: Table[], rows: Row[], repository: Repository): Values[] {
  const { use, operations } = unit
  return use.split && !use.split.first?.grows
    ? parameterSets(placeholdersOf(unit, tables, repository), tables, rows)
    : setsFor(operations[0]!, use, tables, rows, repository)
}

/** Values for what the call site hands over. */
function setsFor(
  operation: Operation,
  use: OperationUse,
  tables: Table[],
  rows: Row[],
  repository: Repository,
): Values[] {
  const byCode = new Map<string, string[]>()
  for (const { name, code } of use.before!.arguments) byCode.set(code, [...(byCode.get(code) ?? []), name])
  return parameterSets(
    { ...operation, ...meantBy(operation, tables, repository) },
    tables,
    rows,
    [...byCode.values()].filter(names => names.length > 1),
  )
}

/** What of a date the parameters of an operation meet, and which are a new row's key. */
function meantBy(
  { dialect, statement }: Operation,
  tables: Table[],
  { parsers }: Repository,
): Required<Pick<Parameterised, 'dateParts' | 'newKeys'>> {
  const names: string[] = []
  const write = (part: StatementPart): string => {
    if (part.kind === 'text') return part.text
    if (part.kind === 'choice') return ''
    if (part.kind === 'joined') return part.parts.map(write).join(part.separator)
    if (part.kind !== 'parameter') return part.parts.map(write).join('')
    names.push(part.parameter)
    return dialect === 'mysql' ? '?' : `$${names.length}`
  }
  const tree = readStatement(statement.map(write).join(''), dialect, parsers)
  const found = tree ? parametersOf(tree, typingOf(dialect, tables)) : new Map<number, ParameterUse>()
  // What does something else for a key that is there is to meet one.
  const inserts = tree?.kind === 'insert' && !tree.onConflict && !tree.ignore && !tree.replace
  const target = inserts ? tree.target.table : null
  const key = tables.find(({ name }) => name.toLowerCase() === target?.toLowerCase())?.primaryKey ?? []
  const dateParts = new Map<string, string>()
  const newKeys = new Set<string>()
  for (const [index, name] of names.entries()) {
    const { role, column, part } = found.get(index) ?? {}
    if (part !== undefined) dateParts.set(name, part)
    if (role === 'write' && column && key.includes(column)) newKeys.add(name)
  }
  return { dateParts, newKeys }
}

/** The values of a statement that was taken apart as parameters: each is called as its placeholder is. */
function placeholdersOf({ dialect, use }: Unit, tables: Table[], { parsers }: Repository): Parameterised {
  const { text, names } = positional(textOf(use, dialect), dialect)
  const statement = readStatement(text, dialect, parsers)
  const found = statement ? parametersOf(statement, typingOf(dialect, tables)) : new Map()
  const dateParts = new Map<string, string>()
  const parameters = new Map(
    names.map((name, index) => {
      const { type, role, column, part } = (found.get(index) ?? { type: null }) as ParameterUse
      if (part !== undefined) dateParts.set(name, part)
      if (type === null) throw new NotVerified(`the type of its parameter ${index + 1} is not known`)
      const isOfList = role === 'list' || role === 'unlisted'
      const isList = isOfList && dialect === 'mysql' && use.split?.method === 'query'
      const whole = isList && type.kind !== 'array' ? ({ kind: 'list', of: type } as const) : type
      return [name, { name, type: whole, optional: false, column }]
    }),
  )
  return { dialect, parameters: [...parameters.values()], dateParts }
}
