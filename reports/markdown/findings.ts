/** Parts of the document that are lists of findings; each is left out where it has none. */
import {
  crossForeignKeys,
  crossJoins,
  foreignMigrations,
  unreachedAccesses,
  unresolvedByReason,
  unusedCode,
} from '../../analyzers/graph/index.js'
import type { DependencyMap } from '../../analyzers/model.js'
import { mostFirst } from '../most-first.js'
import { code, cutTable, placeLink, text } from '../text/markdown.js'
import { count } from '../text/words.js'
import type { Frame } from './frame.js'

export function joins(map: DependencyMap, { template, most }: Frame): string[] {
  const rows = mostFirst(crossJoins(map), ({ access }) => access.reachedBy.join(', ')).map(
    ({ access, owners }) => [
      placeLink(access, template),
      access.reachedBy.map(code).join(', ') || 'no service',
      owners.map(each => `${each.tables.map(code).join(', ')} of ${code(each.owner)}`).join('; '),
    ],
  )
  return part('Cross-service joins', cutTable(['Where', 'Run by', 'Tables'], rows, most))
}

export function transactions(map: DependencyMap, { template, most }: Frame): string[] {
  const accesses = new Map(map.accesses.map(access => [access.id, access]))
  const rows = mostFirst(map.transactions, ({ service }) => service).map(
    ({ service, begin, tables, owners, accesses: ids }) => [
      beginLink(begin, template),
      code(service),
      tables.map(code).join(', '),
      owners.map(code).join(', '),
      ids
        .flatMap(id => accesses.get(id) ?? [])
        .map(access => placeLink(access, template))
        .join(', '),
    ],
  )
  return part(
    'Cross-service transactions',
    cutTable(['Begins', 'Service', 'Writes', 'Of', 'Statements'], rows, most),
  )
}

export function foreignKeys(map: DependencyMap, { template, most }: Frame): string[] {
  const rows = mostFirst(crossForeignKeys(map), ({ fromOwner }) => fromOwner ?? '').map(
    ({ key, fromOwner, toOwner }) => [
      code(`${key.from} (${key.fromColumns.join(', ')})`),
      fromOwner === null ? '**open**' : code(fromOwner),
      code(`${key.to} (${key.toColumns.join(', ')})`),
      toOwner === null ? '**open**' : code(toOwner),
      placeLink(key, template),
    ],
  )
  return part('Cross-service foreign keys', cutTable(['From', 'Owner', 'To', 'Owner', 'Where'], rows, most))
}

export function migrations(map: DependencyMap, { template, most }: Frame): string[] {
  const rows = mostFirst(foreignMigrations(map), ({ service }) => service).map(
    ({ service, verb, tables, ...at }) => [
      placeLink(at, template),
      code(service),
      text(verb),
      tables.map(each => `${code(each.table)} of ${code(each.owner)}`).join(', '),
    ],
  )
  return part(
    "Migrations that touch other services' tables",
    cutTable(['Where', 'Service', 'Does', 'Tables'], rows, most),
  )
}

export function unreached(map: DependencyMap, { template, most }: Frame): string[] {
  const rows = mostFirst(unreachedAccesses(map), ({ service }) => service).map(access => [
    placeLink(access, template),
    code(access.service),
    access.tables.map(each => `${each.op} ${code(each.table)}`).join(', '),
  ])
  return part('Accesses that no service reaches', cutTable(['Where', 'Library', 'Tables'], rows, most))
}

export function unused(map: DependencyMap, { template, most }: Frame): string[] {
  const rows = unusedCode(map).map(({ file, service, accesses, crossing, importedBy }) => [
    placeLink({ file, line: 1 }, template),
    code(service),
    String(accesses),
    String(crossing),
    importedBy.map(code).join(', ') || 'nothing',
  ])
  return part(
    'Files that nothing is seen to run',
    cutTable(['File', 'Service', 'Accesses', 'Crossing', 'Imported by'], rows, most),
  )
}

export function unresolved(map: DependencyMap, { template, most }: Frame): string[] {
  const groups = unresolvedByReason(map)
  return part(
    'Unresolved',
    groups.flatMap(({ reason, places }, index) => [
      ...(index > 0 ? [''] : []),
      `**${text(reason)}** (${count(places.length, 'place')})`,
      '',
      ...cutTable(
        ['Where', 'In', 'Text'],
        places.map(each => [
          placeLink(each, template),
          code(each.service),
          each.text === '' ? '' : code(each.text),
        ]),
        most,
      ),
    ]),
  )
}

export function diagnostics(map: DependencyMap, { template, most }: Frame): string[] {
  const rows = map.diagnostics.map(({ severity, message, file, line }) => [
    severity,
    file === null ? '' : line === null ? code(file) : placeLink({ file, line }, template),
    text(message),
  ])
  return part('Diagnostics', cutTable(['', 'Where', 'Message'], rows, most))
}

function part(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines]
}

/** A transaction's `file:line` as a link. */
function beginLink(begin: string, template: string): string {
  const at = /^(.+):(\d+)$/s.exec(begin)
  return at ? placeLink({ file: at[1]!, line: Number(at[2]) }, template) : code(begin)
}
