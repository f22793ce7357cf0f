/** The database that a statement runs on. */
import type { Access } from '../../analyzers/model.js'
import type { DescribeContext } from '../describe/describe.js'
import { givesAtOnce } from '../drivers/index.js'
import type { Repository } from '../repository/index.js'
import { isFunction } from '../site/bindings.js'
import { Refusal } from '../site/refusal.js'
import { callAt } from '../site/source-file.js'
import type { FindTable } from '../sql/typing.js'
import type { RewriteDialect } from '../wire.js'
import type { Wrapper } from '../wrapper/wrapper.js'

/** @throws Refusal for one whose statements are not moved */
export function dialectOf(access: Access, repository: Repository): RewriteDialect {
  const dialect = repository.map.datastores.find(each => each.id === access.datastore)?.dialect
  if (dialect === 'mysql' || dialect === 'postgresql') return dialect
  if (dialect === undefined || dialect === 'unknown')
    throw new Refusal('it is not known which database it runs on')
  const reason = `statements of ${dialect} are not moved, for operations run on MySQL and PostgreSQL`
  const owner = access.tables.find(table => table.crossService)?.owner ?? 'the owner'
  if (!givesAtOnce(access.driver))
    throw new Refusal(reason, `give ${owner} an endpoint for it, and call that by hand`)
  throw new Refusal(
    `${reason}; and ${access.driver} gives its result at once, which a call over the network can't`,
    isInAsync(access, repository)
      ? `give ${owner} an endpoint for it; the function is async already, so that it can await a call of that`
      : `give ${owner} an endpoint for it, and make this function async, and all that call it, up to where a promise is awaited`,
  )
}

/** Whether the function around it gives a promise. */
function isInAsync({ id, file: path }: Access, { sites, sourceOf }: Repository): boolean {
  const [site, file] = [sites.get(id), sourceOf(path)]
  const call = site && file ? callAt(file, site.start, site.end) : null
  return (call && file!.bindings.around(call).findLast(isFunction)?.async) === true
}

/** Files in which the driver is called: its own, or those of the functions that hand its text on. */
export function driverCalledIn({ file }: Access, wrapper: Wrapper | null): string[] {
  return wrapper === null ? [file] : [...new Set(runIn(wrapper))]
}

function runIn({ runs }: Pick<Wrapper, 'runs'>): string[] {
  return runs.flatMap(({ file, inner }) => (inner === null ? [file.path] : runIn(inner)))
}

/** What describing its statement needs. */
export function describeContext(
  access: Access,
  dialect: RewriteDialect,
  repository: Repository,
): DescribeContext {
  const findTable = tablesOf(access, repository)
  const unknown = new Map(
    access.tables.flatMap(({ id, via, schema, table: name }) => {
      const table = id !== null && !via ? findTable(schema, name) : null
      return table?.columns.length === 0 ? [[name, table.definedAt] as const] : []
    }),
  )
  const uncreated = [...unknown].flatMap(([name, at]) => (at === null ? [name] : []))
  const unread = [...unknown].flatMap(([name, at]) =>
    at === null ? [] : [`${name} (${at.file}:${at.line})`],
  )
  return { dialect, parsers: repository.parsers, findTable, uncreated, unread }
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
