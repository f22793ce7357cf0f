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
import { code, placeLink, table, text } from '../text/markdown.js'
import { count } from '../text/words.js'

export function joins(map: DependencyMap, template: string): string[] {
  const rows = crossJoins(map).map(({ access, owners }) => [
    placeLink(access, template),
    access.reachedBy.map(code).join(', ') || 'no service',
    owners.map(each => `${each.tables.map(code).join(', ')} of ${code(each.owner)}`).join('; '),
  ])
  return part('Cross-service joins', table(['Where', 'Run by', 'Tables'], rows))
}

export function transactions(map: DependencyMap, template: string): string[] {
  const accesses = new Map(map.accesses.map(access => [access.id, access]))
  const rows = map.transactions.map(({ service, begin, tables, owners, accesses: ids }) => [
    beginLink(begin, template),
    code(service),
    tables.map(code).join(', '),
    owners.map(code).join(', '),
    ids
      .flatMap(id => accesses.get(id) ?? [])
      .map(access => placeLink(access, template))
      .join(', '),
  ])
  return part('Cross-service transactions', table(['Begins', 'Service', 'Writes', 'Of', 'Statements'], rows))
}

export function foreignKeys(map: DependencyMap, template: string): string[] {
  const rows = crossForeignKeys(map).map(({ key, fromOwner, toOwner }) => [
    code(`${key.from} (${key.fromColumns.join(', ')})`),
    fromOwner === null ? '**open**' : code(fromOwner),
    code(`${key.to} (${key.toColumns.join(', ')})`),
    toOwner === null ? '**open**' : code(toOwner),
    placeLink(key, template),
  ])
  return part('Cross-service foreign keys', table(['From', 'Owner', 'To', 'Owner', 'Where'], rows))
}

export function migrations(map: DependencyMap, template: string): string[] {
  const rows = foreignMigrations(map).map(({ service, verb, tables, ...at }) => [
    placeLink(at, template),
    code(service),
    text(verb),
    tables.map(each => `${code(each.table)} of ${code(each.owner)}`).join(', '),
  ])
  return part(
    "Migrations that touch other services' tables",
    table(['Where', 'Service', 'Does', 'Tables'], rows),
  )
}

export function unreached(map: DependencyMap, template: string): string[] {
  const rows = unreachedAccesses(map).map(access => [
    placeLink(access, template),
    code(access.service),
    access.tables.map(each => `${each.op} ${code(each.table)}`).join(', '),
  ])
  return part('Accesses that no service reaches', table(['Where', 'Library', 'Tables'], rows))
}

export function unused(map: DependencyMap, template: string): string[] {
  const rows = unusedCode(map).map(({ file, service, accesses, crossing, importedBy }) => [
    placeLink({ file, line: 1 }, template),
    code(service),
    String(accesses),
    String(crossing),
    importedBy.map(code).join(', ') || 'nothing',
  ])
  return part(
    'Files that nothing is seen to run',
    table(['File', 'Service', 'Accesses', 'Crossing', 'Imported by'], rows),
  )
}

export function unresolved(map: DependencyMap, template: string): string[] {
  const groups = unresolvedByReason(map)
  return part(
    'Unresolved',
    groups.flatMap(({ reason, places }, index) => [
      ...(index > 0 ? [''] : []),
      `**${text(reason)}** (${count(places.length, 'place')})`,
      '',
      ...table(
        ['Where', 'In', 'Text'],
        places.map(each => [
          placeLink(each, template),
          code(each.service),
          each.text === '' ? '' : code(each.text),
        ]),
      ),
    ]),
  )
}

export function diagnostics(map: DependencyMap, template: string): string[] {
  const rows = map.diagnostics.map(({ severity, message, file, line }) => [
    severity,
    file === null ? '' : line === null ? code(file) : placeLink({ file, line }, template),
    text(message),
  ])
  return part('Diagnostics', table(['', 'Where', 'Message'], rows))
}

function part(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines]
}

/** A transaction's `file:line` as a link. */
function beginLink(begin: string, template: string): string {
  const at = /^(.+):(\d+)$/s.exec(begin)
  return at ? placeLink({ file: at[1]!, line: Number(at[2]) }, template) : code(begin)
}
