/** The database that a statement runs on. */
import type { Access } from '../../analyzers/model.js'
import type { DescribeContext } from '../describe/describe.js'
import type { Repository } from '../repository/index.js'
import { Refusal } from '../site/refusal.js'
import type { FindTable } from '../sql/typing.js'
import type { RewriteDialect } from '../wire.js'

/** @throws Refusal for one whose statements are not moved */
export function dialectOf(access: Access, { map }: Repository): RewriteDialect {
  const dialect = map.datastores.find(each => each.id === access.datastore)?.dialect
  if (dialect === 'mysql' || dialect === 'postgresql') return dialect
  throw new Refusal(
    dialect === undefined || dialect === 'unknown'
      ? 'it is not known which database it runs on'
      : `statements of ${dialect} are not moved`,
  )
}

/** What describing its statement needs. */
export function describeContext(
  access: Access,
  dialect: RewriteDialect,
  repository: Repository,
): DescribeContext {
  const findTable = tablesOf(access, repository)
  const uncreated = access.tables
    .filter(
      table => table.id !== null && !table.via && findTable(table.schema, table.table)?.columns.length === 0,
    )
    .map(table => table.table)
  return { dialect, parsers: repository.parsers, findTable, uncreated: [...new Set(uncreated)] }
}

/** The tables of the catalogue that the names of its statement mean. */
function tablesOf(access: Access, { table }: Repository): FindTable {
  return (schema, name) => {
    const found = access.tables.find(
      table =>
        table.table.toLowerCase() === name.toLowerCase() && (schema === null || table.schema === schema),
    )
    return found?.id ? table(found.id) : null
  }
}
