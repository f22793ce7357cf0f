/** The statement as the call site had it. */
import type { Table } from '../../analyzers/model.js'
import type { Operation, StatementPart } from '../operation.js'
import type { Repository } from '../repository/index.js'
import { chosenText } from '../site/template.js'
import { readStatement } from '../sql/read.js'
import type { Statement } from '../sql/tree.js'
import { columnsOfQuery, rootEnvironment, type Typing } from '../sql/typing.js'
import type { RewriteDialect } from '../wire.js'
import { positional } from './old-statement.js'
import { type Order, orderOf } from './order.js'
import type { Inserted } from './schema.js'
import type { Unit } from './units.js'
import { textOf } from './way.js'

/** As text and as a tree; of an operation without its values. */
export function treeOf(
  { dialect, operations, use }: Unit,
  { parsers }: Repository,
): { text: string; tree: Statement | null } {
  const write = (parts: StatementPart[]): string =>
    parts
      .map(part => {
        if (part.kind === 'text') return part.text
        if (part.kind === 'choice') return chosenIn(operations[0]!, part.parameter)
        if (part.kind === 'joined') return part.parts.map(each => write([each])).join(part.separator)
        return part.kind === 'parameter' ? 'NULL' : write(part.parts)
      })
      .join('')
  const text = use.split ? positional(textOf(use, dialect), dialect).text : write(operations[0]!.statement)
  return { text, tree: readStatement(text, dialect, parsers) }
}

/** A text that may stand for a parameter of that kind. */
function chosenIn({ parameters }: Operation, name: string): string {
  const type = parameters.find(parameter => parameter.name === name)?.type
  return type?.kind === 'choice' ? chosenText(type, type.values[0]!) : ''
}

/** What an INSERT gives values for, and what has to be unique for it. */
export function insertedBy(text: string, tree: Statement | null): Inserted | null {
  if (tree?.kind !== 'insert' || tree.columns.length === 0) return null
  const target = /\bON\s+CONFLICT\s*\(([\w\s,"]*)\)/i.exec(text)?.[1] ?? ''
  return { columns: tree.columns, unique: target.match(/\w+/g) ?? [] }
}

/** The order that rows are asked for in; null where there is none, or where not all columns are told. */
export function orderedBy(
  { dialect, operations, use }: Unit,
  tree: Statement | null,
  tables: Table[],
): Order | null {
  if (tree?.kind !== 'select') return null
  const columns = use.split
    ? columnsOfQuery(tree.query, rootEnvironment(typingOf(dialect, tables)), true)
    : operations[0]!.columns
  return (
    columns &&
    orderOf(
      tree.query,
      columns.map(({ name }) => name),
    )
  )
}

export function typingOf(dialect: RewriteDialect, tables: Table[]): Typing {
  const findTable = (_schema: string | null, name: string) =>
    tables.find(table => table.name.toLowerCase() === name.toLowerCase()) ?? null
  return { dialect, findTable, itemText: () => '' }
}
