import { type Crossing, crossings, groupBy, orderBy, tally } from '../../analyzers/graph/index.js'
import type { DependencyMap, Service } from '../../analyzers/model.js'
import { mostFirst } from '../most-first.js'
import { code, cutTable, placeLink } from '../text/markdown.js'
import { first, operations } from '../text/words.js'
import type { Frame } from './frame.js'

/** One part a service, those that reach into others most first: what it owns, what it takes from others and where, and who takes from it. */
export function services(map: DependencyMap, frame: Frame): string[] {
  const all = crossings(map)
  const outgoing = groupBy(all, crossing => crossing.service)
  const incoming = groupBy(all, crossing => crossing.owner)
  const count = (of: Map<string, Crossing[]>, name: string) => tally(of.get(name) ?? []).accesses
  const deployed = map.services
    .filter(service => service.kind === 'service')
    .sort(
      orderBy(
        ({ name }) => -count(outgoing, name),
        ({ name }) => -count(incoming, name),
        ({ name }) => name,
      ),
    )
  if (deployed.length === 0) return []
  return [
    '',
    '## Services',
    ...deployed.flatMap(service =>
      part(map, service, outgoing.get(service.name) ?? [], incoming.get(service.name) ?? [], frame),
    ),
  ]
}

function part(
  map: DependencyMap,
  { name, path }: Service,
  outgoing: Crossing[],
  incoming: Crossing[],
  { template, most }: Frame,
): string[] {
  const owned = map.tables.filter(each => each.owner === name).map(each => code(each.id))
  return [
    '',
    `### ${code(name)}`,
    '',
    `In ${code(path)}. ${owned.length > 0 ? `Owns ${first(owned, most)}.` : 'Owns no table.'}`,
    ...summed('Reaches into', outgoing, crossing => crossing.owner),
    ...(outgoing.length > 0
      ? [
          '',
          ...cutTable(
            ['Where', 'Does', 'Table', 'Owner', 'Notes'],
            mostFirst(outgoing, ({ owner }) => owner).map(crossing => row(crossing, template)),
            most,
          ),
        ]
      : []),
    ...summed('Is reached into by', incoming, crossing => crossing.service),
  ]
}

/** `Reaches into `clinical` (2 reads), `auth` (1 read).` */
function summed(title: string, all: Crossing[], by: (crossing: Crossing) => string): string[] {
  if (all.length === 0) return []
  const parts = [...groupBy(all, by)]
    .map(([name, group]) => ({ name, ...tally(group) }))
    .sort(
      orderBy(
        each => -each.accesses,
        each => each.name,
      ),
    )
  return ['', `${title} ${parts.map(each => `${code(each.name)} (${operations(each)})`).join(', ')}.`]
}

function row(crossing: Crossing, template: string): string[] {
  const { access, table: id, owner, read, write, ddl } = crossing
  const does = [read ? 'read' : '', write ? 'write' : '', ddl ? 'ddl' : ''].filter(each => each !== '')
  const views = new Set(
    access.tables.filter(each => each.via !== undefined && each.id === id).map(each => each.via!),
  )
  const notes = [
    access.crossServiceJoin ? 'join' : '',
    access.transaction === null ? '' : `in the transaction of ${code(access.transaction)}`,
    ...[...views].map(view => `through ${code(view)}`),
    access.reachedVia === 'import' ? `in ${code(access.service)}` : '',
    access.confidence === 'partial' ? 'partly unknown' : '',
    access.confidence === 'tokens' ? 'no parser took it' : '',
  ].filter(each => each !== '')
  return [placeLink(access, template), does.join(', '), code(id), code(owner), notes.join(', ')]
}
