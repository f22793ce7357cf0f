/** Maps of platforms that don't exist, as large as wanted; the same seed gives the same map. */
import { edgesOf } from '../../analyzers/graph/index.js'
import type { Access, DependencyMap, Op } from '../../analyzers/model.js'
import { access, emptyMap, service, table } from '../reports/sample-map.js'

const DOMAINS =
  'account auth billing booking campaign cart catalogue checkout claims compliance content currency delivery device document export facility feature feedback fleet fraud identity import inventory invoice ledger loyalty media messaging notification order partner payment pricing product promotion quote rating refund report returns routing schedule search settlement shipping stock subscription supplier support tax team tenant tracking user wallet warehouse workflow'.split(
    ' ',
  )
const SUFFIXES = ['', '-service', '-service', '-service', '-api', '-worker']
const NOUNS =
  '_records _items _lines _events _history _settings _audit_log _attempts _rules _tags _links _documents _snapshots _approvals _attachments _sync_state _contacts _permissions _daily_totals _webhooks _reasons _versions _comments _limits _templates _exports'.split(
    ' ',
  )

interface Size {
  services: number
  tables: number
  seed: number
}

/**
 * A platform of services that own about as many tables as each other, where a few (identity, facilities, …) are used
 * by nearly all, most reach into two or three neighbours, and two reach nearly everywhere.
 */
export function platformMap({ services, tables, seed }: Size): DependencyMap {
  const random = createRandom(seed)
  const names = DOMAINS.map(domain => ({ domain, at: random() }))
    .sort((a, b) => a.at - b.at)
    .slice(0, services)
    .map(({ domain }) => ({ domain, name: domain + SUFFIXES[Math.floor(random() * SUFFIXES.length)]! }))
  const owned = names.map(({ domain }, index) => {
    const share = Math.floor(((index + 1) * tables) / services) - Math.floor((index * tables) / services)
    return Array.from({ length: share }, (_, at) => `shop/${domain}${NOUNS[at] ?? `_part_${at}`}`)
  })
  const accesses: Access[] = []
  const add = (from: number, ids: [id: string, owner: number, op: Op][]) => {
    const { name } = names[from]!
    const line = 10 + accesses.length
    const file = `services/${name}/src/${ids[0]![0].split('/')[1]}.ts`
    accesses.push(
      access(`${file}:${line}:${line + 5}`, name, {
        id: `a${accesses.length}`,
        driver: 'pg',
        datastore: 'shop',
        sql: sqlOf(ids.map(([id, , op]) => [id.split('/')[1]!, op])),
        crossServiceJoin: new Set(ids.map(([, owner]) => owner)).size > 1,
        tables: ids.map(([id, owner, op]) => ({
          table: id.split('/')[1]!,
          schema: null,
          id,
          op,
          owner: names[owner]!.name,
          crossService: owner !== from,
        })),
      }),
    )
  }
  const some = (owner: number) =>
    owned[owner]![Math.floor(random() ** 2.5 * Math.min(5, owned[owner]!.length))]
  for (const [from, own] of owned.entries()) {
    for (const id of own) {
      add(from, [[id, from, 'read']])
      add(from, [[id, from, 'write']])
    }
    const everywhere = from < 2
    for (const to of owned.keys()) {
      const central = to >= services - 3
      const near = Math.abs(from - to) <= 2
      const chance = everywhere ? 0.7 : central ? 0.6 : near ? 0.5 : 0.02
      if (from === to || random() > chance) continue
      for (let times = 1 + Math.floor(random() ** 2 * 5); times > 0; times--) {
        const id = some(to)
        const joined = some(from)
        if (id === undefined) continue
        if (random() < 0.18) add(from, [[id, to, 'write']])
        else if (random() < 0.4 && joined !== undefined)
          add(from, [
            [joined, from, 'read'],
            [id, to, 'read'],
          ])
        else add(from, [[id, to, 'read']])
      }
    }
  }
  const map: DependencyMap = {
    ...emptyMap(),
    services: names
      .map(({ name }) => service(name, `services/${name}`))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    datastores: [{ id: 'shop', dialect: 'postgresql', evidence: [] }],
    tables: owned
      .flatMap((ids, owner) => ids.map(id => table(id, names[owner]!.name, 'migration')))
      .sort((a, b) => (a.id < b.id ? -1 : 1)),
    accesses,
    coverage: { files: services * 40, lines: services * 4000, leftOut: {} },
  }
  return { ...map, edges: edgesOf(map) }
}

function sqlOf(uses: [name: string, op: Op][]): string {
  const [[name, op], joined] = uses as [[string, Op], [string, Op]?]
  if (joined)
    return `SELECT a.*, b.name\nFROM ${name} a\nJOIN ${joined[0]} b ON b.id = a.${joined[0]}_id\nWHERE a.id = $1`
  return op === 'write'
    ? `UPDATE ${name} SET status = $1, updated_at = now() WHERE id = $2`
    : `SELECT * FROM ${name} WHERE id = $1`
}

/** Numbers from 0 to 1 that a seed repeats on every machine (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
