/** The tables of the summary, one function each: rows from the linked model, nothing if there are none. */
import {
  crossForeignKeys,
  crossJoins,
  cycles,
  type ForeignMigration,
  foreignMigrations,
  groupBy,
  openTables,
  orderBy,
  rankServices,
  rankTables,
  separationOrder,
  unreachedAccesses,
  unresolvedByReason,
  unusedCode,
} from '../../analyzers/graph/index.js'
import { listed } from '../../analyzers/listed.js'
import type { Access, DependencyMap, Evidence } from '../../analyzers/model.js'
import { mostFirst } from '../most-first.js'
import { beside, isFree } from '../separation.js'
import { type Cell, type LastCell, NO_BREAK_SPACE, type Row } from '../terminal/columns.js'
import { type Screen, section } from '../terminal/section.js'
import { count, first, number, operations, place } from '../text/words.js'

/** Places shown for each reason of an unresolved one. */
const FIRST_PLACES = 3
/** Tables of one access named in one row. */
const FIRST_TABLES = 6
/** Services named in one row. */
const FIRST_NAMES = 12
/** Services named beside a table whose owner is open: enough to know which it is, `explain` tells all of them. */
const FIRST_USERS = 4
/** Migrations of one service that have a row each: a package with everybody's has hundreds. */
const SEPARATE_MIGRATIONS = 3

export function services(map: DependencyMap, screen: Screen): string[] {
  const rows = rankServices(map).map(
    (rank): Row => [
      { text: rank.service, paint: screen.colours.cyan },
      amount(rank.accesses),
      amount(rank.reads),
      amount(rank.writes),
      amount(rank.joins),
      {
        text: first(
          rank.into.map(part => together(`${part.owner} (${operations(part)})`)),
          FIRST_NAMES,
        ),
      },
    ],
  )
  const headings = ['service', 'accesses', 'reads', 'writes', 'joins', 'into tables of']
  return section('Services that reach into others', headings, rows, screen)
}

export function mutual(map: DependencyMap, screen: Screen): string[] {
  const rows = cycles(map).map((group): Row => [{ text: first(group, FIRST_NAMES, ' ⇄ ') }])
  return section('Services that depend on each other', [], rows, screen)
}

export function tables(map: DependencyMap, screen: Screen): string[] {
  const rows = rankTables(map).map(
    (rank): Row => [
      { text: rank.table, paint: screen.colours.cyan },
      { text: rank.owner },
      amount(rank.by.length),
      amount(rank.reads),
      amount(rank.writes),
      amount(rank.joins),
      because(rank.entry?.evidence ?? []),
    ],
  )
  const headings = ['table', 'owner', 'services', 'reads', 'writes', 'joins', 'why that owner']
  return section('Most crossed tables', headings, rows, screen)
}

export function joins(map: DependencyMap, screen: Screen): string[] {
  const rows = mostFirst(crossJoins(map), ({ access }) => access.reachedBy.join(', ')).map(
    ({ access, owners }): Row => [
      { text: access.reachedBy.join(', ') || `${access.service} (nobody)`, paint: screen.colours.cyan },
      {
        text: owners.map(part => `${part.tables.join(', ')} of ${part.owner}`).join(' + '),
        place: place(access),
      },
    ],
  )
  return section('Cross-service joins', ['service', 'tables'], rows, screen)
}

export function transactions(map: DependencyMap, screen: Screen): string[] {
  const rows = mostFirst(map.transactions, ({ service }) => service).map(
    ({ service, begin, owners, tables }): Row => [
      { text: service, paint: screen.colours.cyan },
      { text: `writes to ${listed(owners)}: ${tables.join(', ')}`, place: begin },
    ],
  )
  return section('Cross-service transactions', [], rows, screen)
}

export function foreignKeys(map: DependencyMap, screen: Screen): string[] {
  const rows = mostFirst(crossForeignKeys(map), ({ fromOwner }) => fromOwner ?? '').map(
    ({ key, fromOwner, toOwner }): Row => [
      { text: `${fromOwner ?? 'open'} → ${toOwner ?? 'open'}`, paint: screen.colours.cyan },
      {
        text: `${key.from}(${key.fromColumns.join(', ')}) → ${key.to}(${key.toColumns.join(', ')})`,
        place: place(key),
      },
    ],
  )
  return section('Cross-service foreign keys', [], rows, screen)
}

export function open(map: DependencyMap, screen: Screen): string[] {
  const rows = openTables(map).map(
    ({ table, writers, readers }): Row => [
      { text: table.id, paint: screen.colours.yellow },
      {
        text:
          [
            writers.length > 0 ? `written by ${first(writers, FIRST_USERS)}` : '',
            readers.length > 0 ? `read by ${first(readers, FIRST_USERS)}` : '',
          ]
            .filter(part => part !== '')
            .join('; ') || 'no access',
      },
    ],
  )
  return section('Tables whose owner is open', [], rows, screen)
}

export function migrations(map: DependencyMap, screen: Screen): string[] {
  const all = mostFirst(foreignMigrations(map), ({ service }) => service)
  const rows = [...groupBy(all, ({ service }) => service)].flatMap(([service, of]): Row[] => {
    const name: Cell = { text: service, paint: screen.colours.cyan }
    if (of.length > SEPARATE_MIGRATIONS) return [[name, ...migrationsTogether(of)]]
    return of.map(({ verb, tables, ...at }): Row => {
      const named = tables.map(({ table, owner }) => `${table} of ${owner}`)
      return [name, { text: verb }, { text: first(named, FIRST_NAMES), place: place(at) }]
    })
  })
  return section("Migrations that touch other services' tables", [], rows, screen)
}

/** How many they are, how many tables of whom, and where the first stands. */
function migrationsTogether(all: ForeignMigration[]): [Cell, LastCell] {
  const tables = new Map(all.flatMap(each => each.tables).map(({ table, owner }) => [table, owner]))
  const owners = [...groupBy(tables, ([, owner]) => owner)]
    .map(([owner, of]) => ({ owner, tables: of.length }))
    .sort(
      orderBy(
        ({ tables }) => -tables,
        ({ owner }) => owner,
      ),
    )
  const counts = owners.map(({ owner, tables }) => `${number(tables)} of ${owner}`)
  return [
    { text: count(all.length, 'statement') },
    { text: `tables: ${first(counts, FIRST_NAMES)}; the first`, place: place(all[0]!) },
  ]
}

export function unreached(map: DependencyMap, screen: Screen): string[] {
  const rows = unreachedAccesses(map).map(
    (access): Row => [
      { text: access.service, paint: screen.colours.dim },
      { text: usesOf(access), place: place(access) },
    ],
  )
  return section('Accesses that no service reaches', [], rows, screen)
}

/** `read orders, items; write orders`; a script that empties all tables names many. */
function usesOf({ tables }: Access): string {
  return [...groupBy(tables, ({ op }) => op)]
    .map(([op, of]) => `${op} ${first([...new Set(of.map(({ table }) => table))], FIRST_TABLES)}`)
    .join('; ')
}

export function unused(map: DependencyMap, screen: Screen): string[] {
  const rows = unusedCode(map).map(
    ({ service, file, accesses, crossing, importedBy }): Row => [
      { text: service, paint: screen.colours.cyan },
      amount(accesses),
      amount(crossing),
      { text: `${file}: ${importersOf(importedBy)}` },
    ],
  )
  const headings = ['service', 'accesses', 'crossing', 'file']
  return section('Files that nothing is seen to run', headings, rows, screen)
}

function importersOf(importedBy: string[]): string {
  return importedBy.length === 0
    ? 'nothing imports or names it'
    : `imported by nothing but ${first(importedBy, FIRST_PLACES)}`
}

export function separation(map: DependencyMap, screen: Screen): string[] {
  const rows = separationOrder(map).map(
    (step, index): Row => [
      amount(index + 1),
      { text: step.service, paint: screen.colours.cyan },
      amount(step.incoming),
      amount(step.outgoing),
      { text: isFree(step) ? 'nothing left to replace by then' : also(beside(step)) },
    ],
  )
  const headings = ['', 'service', 'others into it', 'it into others', '']
  return section('Order of separation, and accesses to replace', headings, rows, screen)
}

function also(what: string): string {
  return what === '' ? '' : `also ${what}`
}

export function unresolved(map: DependencyMap, screen: Screen): string[] {
  const rows = unresolvedByReason(map).map(
    ({ reason, places }): Row => [
      { ...amount(places.length), paint: screen.colours.yellow },
      { text: `${reason}: ${first(places.map(place), FIRST_PLACES)}` },
    ],
  )
  return section('Unresolved, by reason', [], rows, screen)
}

/** The gravest first; what says the same of several places is one row. */
export function diagnostics(map: DependencyMap, screen: Screen): string[] {
  const { red, yellow, dim } = screen.colours
  const paints = { error: red, warning: yellow, info: dim }
  const groups = groupBy(map.diagnostics, ({ severity, message }) => JSON.stringify([severity, message]))
  const rows = [...groups.values()]
    .sort(orderBy(([first]) => Object.keys(paints).indexOf(first!.severity)))
    .map((group): Row => {
      const { severity, message } = group[0]!
      const places = group.flatMap(({ file, line }) =>
        file === null ? [] : [line === null ? file : place({ file, line })],
      )
      const [only] = places
      return [
        { text: severity, paint: paints[severity] },
        places.length > 1
          ? { text: `${message.replace(/\.$/, '')}: ${first(places, FIRST_PLACES)}` }
          : { text: message, ...(only === undefined ? {} : { place: only }) },
      ]
    })
  return section('Diagnostics', [], rows, screen)
}

/** The same text, kept on one line. */
function together(text: string): string {
  return text.replaceAll(' ', NO_BREAK_SPACE)
}

function amount(value: number): Cell {
  return { text: value === 0 ? '·' : number(value), align: 'right' }
}

/** The first piece of evidence, and where it is. */
function because(evidence: Evidence[]): LastCell {
  const first = evidence[0]
  return first ? { text: first.reason, place: place(first) } : { text: '' }
}
