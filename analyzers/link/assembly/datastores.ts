/** The datastores of the map. */
import { type Datastore, type Dialect, NO_CONNECTION_MEANS_IT, type Table } from '../../model.js'
import { compare } from '../../order.js'
import type { Placement } from '../placement.js'

/** Datastores that only a qualifier or a script names are datastores too, of the dialect of the accesses that name them. */
export function withUnknown(
  datastores: Datastore[],
  tables: Table[],
  accesses: Placement['accesses'],
): Datastore[] {
  const known = new Map(datastores.map(each => [each.id, each]))
  const unknown = new Map<string, Datastore>()
  for (const table of tables) {
    if (known.has(table.datastore) || unknown.has(table.datastore)) continue
    const place = table.definedAt ?? table.evidence[0]
    unknown.set(table.datastore, {
      id: table.datastore,
      dialect: 'unknown',
      evidence: place ? [{ file: place.file, line: place.line, reason: NO_CONNECTION_MEANS_IT }] : [],
    })
  }
  const spoken = unknown.size > 0 ? dialectsOf(tables, accesses) : new Map<string, Set<Dialect>>()
  const told = [...unknown.values()].map(each => {
    const [dialect, ...others] = spoken.get(each.id) ?? []
    return dialect === undefined || others.length > 0 ? each : { ...each, dialect }
  })
  return [...datastores, ...told].sort((a, b) => compare(a.id, b.id))
}

/** The dialects in which accesses name the tables of each datastore. */
function dialectsOf(tables: Table[], accesses: Placement['accesses']): Map<string, Set<Dialect>> {
  const datastoreOf = new Map(tables.map(({ id, datastore }) => [id, datastore]))
  const spoken = new Map<string, Set<Dialect>>()
  for (const { draft, place } of accesses) {
    for (const { table } of place.tables) {
      const datastore = table.id === null ? undefined : datastoreOf.get(table.id)
      if (datastore === undefined) continue
      spoken.set(datastore, (spoken.get(datastore) ?? new Set()).add(draft.dialect))
    }
  }
  return spoken
}
