/** Columns of a view, by the query that makes it. */
import type { Column, Table } from '../../analyzers/model.js'
import type { Parsers } from '../../analyzers/sql/parsers.js'
import { resultOf } from '../sql/parameters.js'
import { readStatement, tokensOf } from '../sql/read.js'
import type { FindTable } from '../sql/typing.js'
import type { RewriteDialect, ScalarKind, WireType } from '../wire.js'

/**
 * @param text of the file that defines it
 * @param findTable among all tables of its datastore
 * @returns null where its query is not understood, or not all of its columns have a known type
 */
export function viewColumns(
  view: Table,
  text: string,
  dialect: RewriteDialect,
  parsers: Parsers,
  findTable: FindTable,
): Column[] | null {
  const query = viewQuery(view.name, text, dialect)
  const statement = query === null ? null : readStatement(query, dialect, parsers)
  if (statement?.kind !== 'select') return null
  const columns = resultOf(statement, { dialect, findTable, itemText: () => null })
  const typed = columns?.map(({ name, type, nullable }) => ({
    name,
    type: type && definitionOf(type, dialect),
    nullable,
  }))
  return typed?.every((column): column is typeof column & { type: string } => column.type !== null)
    ? typed
    : null
}

/** The query of `CREATE VIEW name AS …`: of the last one, where a file has several. */
export function viewQuery(name: string, text: string, dialect: RewriteDialect): string | null {
  const tokens = tokensOf(text, dialect)
  let query: string | null = null
  for (const [at, token] of tokens.entries()) {
    if (token.upper !== 'VIEW') continue
    let last = at + 1
    if (tokens[last]?.upper === 'IF') last += 3
    while (tokens[last + 1]?.value === '.') last += 2
    if (tokens[last]?.value.toLowerCase() !== name.toLowerCase() || tokens[last + 1]?.upper !== 'AS') continue
    const end = tokens.findIndex(
      ({ kind, value }, index) => index > last && (value === ';' || kind === 'end'),
    )
    query = text.slice(tokens[last + 2]!.start, tokens[end]?.start ?? text.length)
  }
  return query
}

/** A type of the catalogue whose values travel in this form. */
function definitionOf(type: WireType, dialect: RewriteDialect): string | null {
  if (type.kind === 'array') {
    const element = definitionOf(type.of, dialect)
    return element && `${element}[]`
  }
  if (type.kind === 'decimal')
    return 'scale' in type && type.scale !== null ? `decimal(38,${type.scale})` : 'decimal'
  if (type.native) return type.native
  const isMysql = dialect === 'mysql'
  const names: Record<ScalarKind, string> = {
    boolean: 'boolean',
    integer: 'int',
    bigint: 'bigint',
    float: isMysql ? 'double' : 'double precision',
    text: 'text',
    uuid: 'uuid',
    date: 'date',
    time: 'time',
    timestamp: isMysql ? 'datetime' : 'timestamp',
    instant: 'timestamptz',
    bytes: isMysql ? 'blob' : 'bytea',
    json: 'json',
  }
  return names[type.kind]
}
