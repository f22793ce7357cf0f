import { groupBy } from '../graph/index.js'
import type { Measured } from './measure.js'
import type { MovedTable } from './types.js'

/**
 * Follows tables from one map to the next. A table has moved if it lies in one other datastore than the one where it
 * was first seen alone; while it is in both, it has not. A datastore that is only called otherwise moves nothing.
 */
export class TableMoves {
  private readonly homes = new Map<string, string>()
  private before = new Map<string, Set<string>>()

  /** The tables of the next map that have moved until then, by name. */
  next(map: Pick<Measured, 'tables'>): MovedTable[] {
    const now = tablesByDatastore(map)
    this.followNames(now)
    this.before = now
    const places = groupBy(
      [...now].flatMap(([datastore, names]) => [...names].map(name => ({ datastore, name }))),
      ({ name }) => name,
    )
    const moved: MovedTable[] = []
    for (const [table, found] of places) {
      if (found.length !== 1) continue
      const to = found[0]!.datastore
      const from = this.homes.get(table)
      if (from === undefined) this.homes.set(table, to)
      else if (from !== to) moved.push({ table, from, to })
    }
    return moved.sort((a, b) => (a.table < b.table ? -1 : 1))
  }

  /** A datastore that is gone and a new one with nothing but its tables are one. */
  private followNames(now: Map<string, Set<string>>): void {
    const gone = [...this.before].filter(([datastore]) => !now.has(datastore))
    for (const [datastore, names] of now) {
      if (this.before.has(datastore) || names.size === 0) continue
      const former = gone.find(([, old]) => [...names].every(name => old.has(name)))
      if (former === undefined) continue
      const others = [...now].filter(([other]) => other !== datastore && !this.before.has(other))
      // Several new ones with its tables: they were split, not renamed.
      if (others.some(([, of]) => [...of].some(name => former[1].has(name)))) continue
      for (const [table, home] of this.homes) if (home === former[0]) this.homes.set(table, datastore)
    }
  }
}

function tablesByDatastore({ tables }: Pick<Measured, 'tables'>): Map<string, Set<string>> {
  const named = groupBy(
    tables.filter(({ kind }) => kind === 'table'),
    ({ datastore }) => datastore,
  )
  return new Map(
    [...named].map(([datastore, of]) => [
      datastore,
      new Set(of.map(({ schema, name }) => (schema === null ? name : `${schema}.${name}`))),
    ]),
  )
}
