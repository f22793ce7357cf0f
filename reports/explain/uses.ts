import { executors, tableKey } from '../../analyzers/graph/index.js'
import type { Access, DependencyMap, Dialect } from '../../analyzers/model.js'
import type { Statement, Use } from './explanation.js'

/** Who uses which table where, at run time: one entry a service and table, in the order of the map. */
export function usesOf(map: DependencyMap): Use[] {
  const uses = new Map<string, Use>()
  for (const access of map.accesses) {
    if (access.migration) continue
    for (const used of access.tables) {
      if (used.system) continue
      const table = tableKey(used)
      for (const service of executors(access)) {
        const key = JSON.stringify([service, table])
        const crossService = access.reachedBy.length > 0 && used.owner !== null && used.owner !== service
        const use = uses.get(key) ?? {
          service,
          table,
          owner: used.owner,
          crossService,
          reads: [],
          writes: [],
          ddl: [],
        }
        uses.set(key, use)
        const places = { read: use.reads, write: use.writes, ddl: use.ddl }[used.op]
        const { file, line } = access
        if (!places.some(place => place.file === file && place.line === line)) places.push({ file, line })
      }
    }
  }
  return [...uses.values()]
}

/** An access as `explain` shows it. */
export function statementOf(access: Access, map: DependencyMap): Statement {
  return {
    id: access.id,
    service: access.service,
    reachedBy: access.reachedBy,
    file: access.file,
    line: access.line,
    endLine: access.endLine,
    sqlFile: access.sqlFile,
    sqlLine: access.sqlLine,
    driver: access.driver,
    confidence: access.confidence,
    transaction: access.transaction,
    crossServiceJoin: access.crossServiceJoin,
    dialect: dialectOf(map, access.datastore),
    sql: access.sql,
    tables: access.tables,
  }
}

/** Dialect of a datastore; null where that is open. */
export function dialectOf(map: DependencyMap, datastore: string | null): Dialect | null {
  return map.datastores.find(each => each.id === datastore)?.dialect ?? null
}
