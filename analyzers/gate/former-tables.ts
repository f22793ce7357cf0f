import type { Table } from '../model.js'

/** Gives the present id of a table by one that it may have had, before migrations renamed it. */
export type PresentTable = (id: string) => string

/** A name that several tables had, or that another one has now, tells of none. */
export function presentTables(tables: readonly Table[]): PresentTable {
  const present = new Map<string, string | null>()
  for (const { id, formerIds = [] } of tables) {
    for (const former of formerIds) present.set(former, present.has(former) ? null : id)
  }
  for (const { id } of tables) present.delete(id)
  return id => present.get(id) ?? id
}
