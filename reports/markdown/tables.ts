import {
  type Crossing,
  crossings,
  executors,
  groupBy,
  orderBy,
  tableKey,
} from '../../analyzers/graph/index.js'
import type { DependencyMap, Evidence, OwnerConfidence, Table } from '../../analyzers/model.js'
import { code, cutTable, placeLink, text } from '../text/markdown.js'
import type { Frame } from './frame.js'

const KNOWN_BY: Record<OwnerConfidence, string> = {
  config: 'the configuration',
  migration: 'its migrations',
  database: 'its database',
  'only-writer': 'being the only writer',
  'only-adder': 'being the only one that adds rows',
  open: 'open',
}

/** All tables by datastore, those that are crossed most first: owner, how it is known, and who reads and writes. */
export function tables(map: DependencyMap, { template, most }: Frame): string[] {
  if (map.tables.length === 0) return []
  const users = usersOf(map)
  const crossed = groupBy(crossings(map), ({ table }) => table)
  const parts = groupBy(map.tables, each => each.datastore)
  return [
    '',
    '## Tables and their owners',
    ...[...parts].flatMap(([datastore, entries]) => [
      '',
      `### Datastore ${code(datastore)}`,
      '',
      ...cutTable(
        ['Table', 'Owner', 'Known by', 'Evidence', 'Read by', 'Written by'],
        mostCrossedFirst(entries, crossed).map(each => [
          code(each.schema === null ? each.name : `${each.schema}.${each.name}`) +
            (each.kind === 'view' ? ' (view)' : ''),
          each.owner === null ? '**open**' : code(each.owner),
          KNOWN_BY[each.ownerConfidence],
          each.evidence.map(item => evidence(item, template)).join('; '),
          names(users.get(each.id)?.read),
          names(users.get(each.id)?.write),
        ]),
        most,
      ),
    ]),
  ]
}

function mostCrossedFirst(tables: Table[], crossed: Map<string, Crossing[]>): Table[] {
  return tables.toSorted(orderBy(({ id }) => -(crossed.get(id)?.length ?? 0)))
}

/** Services that read and write each table at run time, by table id. */
function usersOf(map: DependencyMap): Map<string, Record<'read' | 'write' | 'ddl', Set<string>>> {
  const users = new Map<string, Record<'read' | 'write' | 'ddl', Set<string>>>()
  for (const access of map.accesses) {
    if (access.migration) continue
    for (const used of access.tables) {
      const key = tableKey(used)
      if (!users.has(key)) users.set(key, { read: new Set(), write: new Set(), ddl: new Set() })
      for (const service of executors(access)) users.get(key)![used.op].add(service)
    }
  }
  return users
}

function evidence(item: Evidence, template: string): string {
  return `${text(item.reason)} ${placeLink(item, template)}`
}

function names(of: Set<string> | undefined): string {
  return [...(of ?? [])].sort().map(code).join(', ')
}
