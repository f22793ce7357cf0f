import { describe, expect, test } from 'vitest'
import { measure } from '../../analyzers/progress/measure.js'
import { TableMoves } from '../../analyzers/progress/moves.js'
import { generatedCounts } from '../../analyzers/progress/operations.js'
import { access, emptyMap, sampleMap, service, table, uses } from '../reports/sample-map.js'

test('the sample: crossings of the map, and nothing is separated that a key or a statement ties', () => {
  const { byService, ...numbers } = measure(sampleMap()).numbers
  expect(numbers).toEqual({
    crossings: { accesses: 6, reads: 5, writes: 1, ddl: 0, joins: 1 },
    foreignKeys: 2,
    services: 6,
    separated: [],
    tables: sampleMap().tables.length,
    openTables: sampleMap().tables.filter(({ owner }) => owner === null).length,
    unresolved: 3,
  })
  expect(byService.map(({ service, accesses }) => `${service} ${accesses}`)).toContain('main-nilecare 2')
})

test('separated: uses its own tables, and no statement and no key leads in or out', () => {
  const map = {
    ...emptyMap(),
    services: ['a', 'b', 'c', 'd', 'static-site'].map(name => service(name, `services/${name}`)),
    tables: ['a', 'b', 'c', 'd'].map(name => table(`db/${name}`, name, 'migration')),
    accesses: [
      access('services/a/x.ts:1', 'a', { tables: uses('read db/a a') }),
      access('services/b/x.ts:1', 'b', { tables: uses('read !db/c c') }),
      access('services/d/x.ts:1', 'd', { tables: uses('write db/d d') }),
    ],
  }
  expect(measure(map).numbers).toMatchObject({ services: 4, separated: ['a', 'd'] })
  const key = {
    from: 'db/a',
    fromColumns: ['x'],
    to: 'db/d',
    toColumns: ['x'],
    crossService: true,
    file: 'x',
    line: 1,
  }
  expect(measure({ ...map, foreignKeys: [key] }).numbers).toMatchObject({
    separated: [],
    foreignKeys: 1,
  })
})

describe('tables moved', () => {
  const map = (...ids: string[]) => ({ tables: ids.map(id => table(id, null, 'open')) })
  const moves = (...maps: ReturnType<typeof map>[]) => {
    const followed = new TableMoves()
    return maps.map(each => followed.next(each).map(({ table, from, to }) => `${table} ${from} ${to}`))
  }

  test('at once, and through a time in both', () => {
    expect(moves(map('old/a', 'old/b'), map('old/a', 'new/b'), map('new/a', 'new/b'))).toEqual([
      [],
      ['b old new'],
      ['a old new', 'b old new'],
    ])
    expect(moves(map('old/a', 'old/b'), map('old/a', 'new/a', 'old/b'), map('new/a', 'old/b'))).toEqual([
      [],
      [],
      ['a old new'],
    ])
  })

  test('and back again is where it was', () => {
    expect(moves(map('old/a', 'old/b'), map('new/a', 'old/b'), map('old/a', 'old/b'))[2]).toEqual([])
  })

  test('a datastore that is called otherwise moves nothing; one that is split does', () => {
    expect(moves(map('old/a', 'old/b'), map('new/a', 'new/b'), map('new/a', 'next/b'))).toEqual([
      [],
      [],
      ['b new next'],
    ])
    expect(moves(map('old/a', 'old/b'), map('x/a', 'y/b'))[1]).toEqual(['a old x', 'b old y'])
  })

  test('new and dropped tables have not moved', () => {
    expect(moves(map('old/a'), map('old/a', 'new/b'), map('new/b'))).toEqual([[], [], []])
  })
})

describe('what rewrite generated', () => {
  const operation = (owner: string, event: string | null, ...uses: string[]) => ({
    owner,
    event,
    name: 'ignored',
    uses: uses.map(use => ({ service: use.split(' ')[0], strategy: use.split(' ')[1] })),
  })

  test('a client is a pair of services, an event an operation', () => {
    const operations = [
      operation('clinical', null, 'billing lift', 'billing split', 'lab lift'),
      operation('clinical', null, 'billing lift'),
      operation('auth', 'auth.login', 'billing event', 'lab lift'),
    ]
    expect(generatedCounts(JSON.stringify({ schemaVersion: 1, operations }))).toEqual({
      clients: 3,
      events: 1,
    })
  })

  test.each<[string, string | null | undefined, number | null]>([
    ['no file', null, 0],
    ['not known', undefined, null],
    ['broken', '{', null],
    ['something else', '{"operations":[{"owner":1}]}', null],
    ['nothing in it', '{"schemaVersion":1,"operations":[]}', 0],
  ])('%s', (_, file, count) => {
    expect(generatedCounts(file)).toEqual({ clients: count, events: count })
  })
})
