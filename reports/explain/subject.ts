import { tableKey } from '../../analyzers/graph/index.js'
import type { DependencyMap } from '../../analyzers/model.js'
import { nearest } from '../text/nearest.js'

/** What the user wants to know about. */
export type Subject =
  | { kind: 'table'; id: string }
  | { kind: 'service'; name: string }
  | { kind: 'file'; file: string }
  | { kind: 'place'; file: string; line: number }

/** A word that is no subject: what it may mean, in words that `explain` takes. */
export interface NoSubject {
  kind: 'ambiguous' | 'unknown'
  candidates: string[]
}

/**
 * Finds what a word names: `file:line` (a column after it is ignored), `table:…`, `service:…`, the id of a table,
 * its name with or without schema and database, or a service. Case counts only where two names differ by it.
 */
export function findSubject(map: DependencyMap, word: string): Subject | NoSubject {
  const at = /^(.+?):(\d+)(?::\d+)?$/s.exec(word)
  if (at) return { kind: 'place', file: at[1]!, line: Number(at[2]) }
  const [, only, name] = /^(table|service):(.+)$/s.exec(word) ?? [undefined, undefined, word]
  const named = namedThings(map).filter(({ subject }) => only === undefined || subject.kind === only)
  const same = (fold: (text: string) => string) =>
    named.filter(thing => thing.names.some(each => fold(each) === fold(name!)))
  const id = named.filter(({ subject }) => subject.kind === 'table' && subject.id === name)
  const exact = same(text => text)
  for (const found of [
    exact.length > 1 && id.length === 1 && !isService(exact) ? id : exact,
    same(lowerCase),
  ]) {
    if (found.length === 1) return found[0]!.subject
    if (found.length > 1)
      return { kind: 'ambiguous', candidates: found.map(({ subject }) => wordOf(subject)) }
  }
  return {
    kind: 'unknown',
    // Of what has several names the nearest one.
    candidates: nearest(
      name!,
      named.flatMap(thing => nearest(name!, thing.names).slice(0, 1)),
    ),
  }
}

interface NamedThing {
  subject: Exclude<Subject, { kind: 'file' | 'place' }>
  names: string[]
}

function namedThings(map: DependencyMap): NamedThing[] {
  const tables = new Map<string, Set<string>>()
  for (const { id, datastore, schema, name } of map.tables) {
    const qualified =
      schema === null ? [] : [`${schema}.${name}`, `${schema}/${name}`, `${datastore}.${schema}.${name}`]
    tables.set(id, new Set([id, name, `${datastore}.${name}`, ...qualified]))
  }
  const datastores = new Map(map.tables.map(({ id, datastore }) => [id, datastore]))
  for (const used of map.accesses.flatMap(access => access.tables)) {
    const key = tableKey(used)
    if (used.system) continue
    const names = tables.get(key) ?? new Set([key, used.table])
    tables.set(key, names)
    // `dbo` as a statement has it is the default schema, which the id leaves out.
    if (used.schema !== null && datastores.has(key))
      names.add(`${datastores.get(key)}.${used.schema}.${used.table}`)
  }
  return [
    ...[...tables].map(([id, names]): NamedThing => ({ subject: { kind: 'table', id }, names: [...names] })),
    ...map.services.map(({ name }): NamedThing => ({ subject: { kind: 'service', name }, names: [name] })),
  ]
}

function isService(things: NamedThing[]): boolean {
  return things.some(({ subject }) => subject.kind === 'service')
}

function wordOf(subject: NamedThing['subject']): string {
  return subject.kind === 'table' ? `table:${subject.id}` : `service:${subject.name}`
}

function lowerCase(text: string): string {
  return text.toLowerCase()
}
