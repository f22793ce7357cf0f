import {
  executors,
  groupBy,
  orderBy,
  rankServices,
  rankTables,
  tableKey,
} from '../../analyzers/graph/index.js'
import type { DependencyMap, Table } from '../../analyzers/model.js'
import { plain } from '../text/plain.js'
import { count } from '../text/words.js'
import { type Card, SIZES } from './board.js'
import { subtitle } from './draw.js'
import { squaresIn } from './squares.js'
import { fitted, textWidth } from './text-width.js'

/** Up to so many tables on the map, those that only their owner uses are named as well, so many a card. */
const NAMED_TABLES = 160
const NAMED_QUIET = 8
/** Named rows of a card; of a datastore whose tables nobody owns there may be hundreds. */
const MOST_ROWS = 20
const NARROWEST = 190
const WIDEST = 268
/** The service that reaches into others most has a body of this height at least: it may own no tables. */
const BODY = 48
/** Room for the number at the end of a row. */
const NUMBER = 30

/** For measuring; the title is bold, which is wider. */
export const FONT = { title: 15.5, row: 12 } as const

type Content = Omit<Card, 'x' | 'y' | 'width' | 'height' | 'colour' | 'rows' | 'squares'> & {
  named: { table: string; label: string; uses: number }[]
  unnamed: string[]
}

/** The cards with their sizes, all of one width, rows and squares placed from a card's own corner. */
export function cardsOf(map: DependencyMap): Omit<Card, 'x' | 'y' | 'colour'>[] {
  const contents = contentsOf(map)
  const widest = Math.max(
    0,
    ...contents.flatMap(({ title, named }) => [
      textWidth(title, FONT.title),
      ...named.map(({ label }) => textWidth(label, FONT.row) + NUMBER),
    ]),
  )
  const width = Math.ceil(Math.min(WIDEST, Math.max(NARROWEST, widest + 2 * SIZES.padding)))
  const mostOut = Math.max(1, ...contents.map(content => content.out))
  return contents.map(content => sized(content, width, Math.round((BODY * content.out) / mostOut)))
}

function contentsOf(map: DependencyMap): Content[] {
  const uses = new Map(rankTables(map).map(({ table, accesses }) => [table, accesses]))
  const open = usesOfOpenTables(map)
  const out = new Map(rankServices(map).map(({ service, accesses }) => [service, accesses]))
  const into = intoOwners(map)
  const byOwner = groupBy(map.tables, table => table.owner)
  const quietNames = map.tables.length <= NAMED_TABLES ? NAMED_QUIET : 0
  const names = new Set([
    ...map.services.filter(({ kind }) => kind === 'service').map(({ name }) => name),
    // Owners that only the configuration or a database names, and code that crosses from an unlisted place.
    ...[...byOwner.keys()].filter(owner => owner !== null),
    ...out.keys(),
    ...into.keys(),
  ])
  const services = [...names].sort().map(name => ({
    key: `service:${name}`,
    service: name,
    title: plain(name),
    subtitle: subtitle(out.get(name) ?? 0, into.get(name) ?? 0, byOwner.get(name)?.length ?? 0),
    out: out.get(name) ?? 0,
    into: into.get(name) ?? 0,
    ...split(byOwner.get(name) ?? [], uses, quietNames),
  }))
  const stores = groupBy(byOwner.get(null) ?? [], table => table.datastore)
  const unowned = [...stores].sort(orderBy(([datastore]) => datastore)).map(([datastore, tables]) => ({
    key: `open:${datastore}`,
    service: null,
    title: plain(datastore),
    subtitle: `${count(tables.length, 'table')}, owner open`,
    out: 0,
    into: 0,
    ...split(tables, open, quietNames),
  }))
  return [...services, ...unowned]
}

/** Accesses of others to the tables of each owner, each once. */
function intoOwners(map: DependencyMap): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { into } of rankServices(map))
    for (const { owner, accesses } of into) counts.set(owner, (counts.get(owner) ?? 0) + accesses)
  return counts
}

/** Accesses to tables whose owner is open, where two services or more use the table: these are what has to be decided. */
function usesOfOpenTables(map: DependencyMap): Map<string, number> {
  const users = new Map<string, { services: Set<string>; accesses: number }>()
  for (const access of map.accesses) {
    if (access.migration) continue
    for (const table of new Set(access.tables.filter(each => each.owner === null).map(tableKey))) {
      const use = users.get(table) ?? { services: new Set(), accesses: 0 }
      for (const service of executors(access)) use.services.add(service)
      use.accesses += 1
      users.set(table, use)
    }
  }
  return new Map([...users].map(([table, use]) => [table, use.services.size > 1 ? use.accesses : 0]))
}

/** The tables in the order of the card, those that others use first; and what has no room to be named. */
function split(
  tables: Table[],
  uses: Map<string, number>,
  quietNames: number,
): Pick<Content, 'named' | 'unnamed'> {
  const all = tables
    .map(({ id, schema, name }) => ({
      table: id,
      label: plain(schema === null ? name : `${schema}.${name}`),
      uses: uses.get(id) ?? 0,
    }))
    .sort(
      orderBy(
        each => -each.uses,
        each => each.label,
        each => each.table,
      ),
    )
  const used = all.filter(each => each.uses > 0).length
  const rows = Math.min(MOST_ROWS, used + quietNames)
  // One more row takes less room than a single square.
  const named = all.length === rows + 1 && quietNames > 0 ? all : all.slice(0, rows)
  return { named, unnamed: all.slice(named.length).map(each => each.table) }
}

function sized(
  { named, unnamed, ...content }: Content,
  width: number,
  body: number,
): Omit<Card, 'x' | 'y' | 'colour'> {
  const { padding, header, row } = SIZES
  const inner = width - 2 * padding
  const rows = named.map(({ table, label, uses }, index) => ({
    table,
    label: fitted(label, FONT.row, inner - NUMBER),
    y: header + 4 + index * row,
    uses,
  }))
  const top = header + 4 + rows.length * row + (rows.length > 0 ? 4 : 2)
  const filled = squaresIn(unnamed.length, width, top)
  const squares = unnamed.map((table, index) => ({ table, ...filled.squares[index]! }))
  const needed =
    rows.length + squares.length === 0
      ? content.subtitle === ''
        ? SIZES.bare
        : header
      : top + filled.height + (squares.length > 0 ? padding : 2)
  const height = body > 0 ? Math.max(needed, header + body) : needed
  return { ...content, title: fitted(content.title, FONT.title, inner), width, height, rows, squares }
}
