import type { Access, DependencyMap } from '../../analyzers/model.js'
import type { Board } from '../board/index.js'
import { layOut } from '../explain/sql.js'
import type { ReportContext } from '../report.js'

/** What a violation of the gate is in, of what the page shows. */
export type State = 'new' | 'baseline' | 'allowed'

/** What is embedded in the page as JSON. */
export interface PageData {
  /** The map, with SQL laid out and without the parts that the page does not show. */
  map: DependencyMap
  board: Board
  /** See `text/link.ts`. */
  linkTemplate: string
  /** Of each use of another service's table, where the gate tells more than that it is new. */
  states: { access: string; service: string; table: string; state: State }[]
}

/** Gathers it. */
export function pageData(
  map: DependencyMap,
  board: Board,
  { linkTemplate, states }: ReportContext,
): PageData {
  const dialects = new Map(map.datastores.map(({ id, dialect }) => [id, dialect]))
  return {
    map: {
      ...map,
      tables: map.tables.map(table => ({ ...table, columns: [], primaryKey: [] })),
      accesses: map.accesses.filter(isShown).map(access => ({
        ...access,
        sql:
          access.sql === null
            ? null
            : layOut(access.sql, (access.datastore === null ? null : dialects.get(access.datastore)) ?? null),
      })),
      schemaStatements: [],
      edges: [],
    },
    board,
    linkTemplate,
    states: states ?? [],
  }
}

/** All but what a migration does to tables of its own service: nothing on the page tells it, and it may be most of a map. */
function isShown({ migration, tables }: Access): boolean {
  return !migration || tables.some(({ crossService }) => crossService)
}
