import { describe, expect, test } from 'vitest'
import {
  crossForeignKeys,
  crossings,
  crossJoins,
  cycles,
  edgesOf,
  foreignMigrations,
  matrix,
  openTables,
  rankServices,
  rankTables,
  separationOrder,
  tally,
  unreachedAccesses,
  unresolvedByReason,
} from '../../analyzers/graph/index.js'
import type { Access, DependencyMap } from '../../analyzers/model.js'
import { access, emptyMap, sampleMap, uses } from '../reports/sample-map.js'

/** A map of accesses in short: `a read b.t` is an access of service a that reads table t of service b. */
function mapOf(...lines: string[]): DependencyMap {
  const accesses = lines.map((line, index): Access => {
    const [service, op, dotted] = line.split(' ') as [string, string, string]
    const [owner] = dotted.split('.')
    return access(`${service}.ts:${index + 1}`, service, { tables: uses(`${op} db/${dotted} ${owner}`) })
  })
  return { ...emptyMap(), accesses }
}

const edge = (from: string, to: string, table: string, reads: number, writes: number, joins: number) => ({
  from,
  to,
  table: `nilecare/${table}`,
  reads,
  writes,
  ddl: 0,
  joins,
})

describe('edges', () => {
  test('sum the crossing accesses of the sample by service, owner and table', () => {
    expect(edgesOf(sampleMap())).toEqual([
      edge('billing-service', 'auth-service', 'auth_users', 1, 0, 0),
      edge('billing-service', 'clinical', 'active_patients', 1, 0, 0),
      edge('billing-service', 'clinical', 'patients', 2, 0, 1),
      edge('lab-service', 'auth-service', 'auth_users', 1, 0, 0),
      edge('main-nilecare', 'billing-service', 'invoices', 1, 0, 0),
      edge('main-nilecare', 'clinical', 'patients', 1, 0, 0),
      edge('payment-gateway-service', 'billing-service', 'invoices', 0, 1, 0),
    ])
  })

  test.each<[what: string, of: Partial<Access>, expected: unknown[]]>([
    ['its own table', { tables: uses('read db/t a') }, []],
    ['an open owner', { tables: uses('read db/t -') }, []],
    ['no table', { tables: [] }, []],
    ['a migration', { tables: uses('write db/t b'), migration: true }, []],
    ['code that nobody reaches', { tables: uses('read db/t b'), reachedBy: [] }, []],
    ['a system table', { tables: [{ ...uses('read db/t b')[0]!, system: true }] }, []],
    [
      'reading and writing one table counts in both columns',
      { tables: uses('write db/t b', 'read db/t b') },
      [{ from: 'a', to: 'b', table: 'db/t', reads: 1, writes: 1, ddl: 0, joins: 0 }],
    ],
    [
      'a table twice, itself and through a view, counts once',
      { tables: uses('read db/t b', 'read db/t b via v') },
      [{ from: 'a', to: 'b', table: 'db/t', reads: 1, writes: 0, ddl: 0, joins: 0 }],
    ],
    [
      'DDL',
      { tables: uses('ddl db/t b') },
      [{ from: 'a', to: 'b', table: 'db/t', reads: 0, writes: 0, ddl: 1, joins: 0 }],
    ],
    [
      'a library counts for those who reach it, not for the owner and not for itself',
      { tables: uses('read db/t b'), service: 'lib', reachedBy: ['a', 'b', 'c'], reachedVia: 'import' },
      [
        { from: 'a', to: 'b', table: 'db/t', reads: 1, writes: 0, ddl: 0, joins: 0 },
        { from: 'c', to: 'b', table: 'db/t', reads: 1, writes: 0, ddl: 0, joins: 0 },
      ],
    ],
    [
      'a join, and a table that is apart from it',
      {
        crossServiceJoin: true,
        tables: [...uses('read db/own a', 'read db/t b'), { ...uses('read db/u c')[0]!, apart: true }],
      },
      [
        { from: 'a', to: 'b', table: 'db/t', reads: 1, writes: 0, ddl: 0, joins: 1 },
        { from: 'a', to: 'c', table: 'db/u', reads: 1, writes: 0, ddl: 0, joins: 0 },
      ],
    ],
    [
      'an open datastore: the name stands for the id',
      { tables: [{ ...uses('read db/t b')[0]!, id: null, schema: 's' }] },
      [{ from: 'a', to: 'b', table: 's.t', reads: 1, writes: 0, ddl: 0, joins: 0 }],
    ],
  ])('%s', (_, of, expected) => {
    expect(edgesOf({ accesses: [access('x.ts:1', 'a', of)] })).toEqual(expected)
  })
})

test('of a cross-service join the tables that are joined', () => {
  const tables = [
    ...uses('read db/own a', 'read db/t b'),
    { ...uses('read db/u c')[0]!, apart: true as const },
  ]
  const map = { ...emptyMap(), accesses: [access('x.ts:1', 'a', { crossServiceJoin: true, tables })] }
  expect(crossJoins(map).map(({ owners }) => owners)).toEqual([
    [
      { owner: 'a', tables: ['db/own'] },
      { owner: 'b', tables: ['db/t'] },
    ],
  ])
})

describe('tally', () => {
  test('counts an access once, however many tables it crosses into', () => {
    const map = {
      accesses: [access('x.ts:1', 'a', { tables: uses('read db/t b', 'read db/u c', 'write db/u c') })],
    }
    expect(tally(crossings(map))).toEqual({ accesses: 1, reads: 1, writes: 1, ddl: 0, joins: 0 })
  })

  test('counts an access of a library once for all services that reach it', () => {
    const map = {
      accesses: [access('x.ts:1', 'lib', { reachedBy: ['a', 'b'], tables: uses('read db/t c') })],
    }
    expect(tally(crossings(map)).accesses).toBe(1)
  })
})

describe('ranking', () => {
  test('services of the sample, most crossing accesses first, writers before readers', () => {
    expect(
      rankServices(sampleMap()).map(rank => [rank.service, rank.accesses, rank.reads, rank.writes]),
    ).toEqual([
      ['billing-service', 3, 3, 0],
      ['main-nilecare', 2, 2, 0],
      ['payment-gateway-service', 1, 0, 1],
      ['lab-service', 1, 1, 0],
    ])
  })

  test('whom a service reaches into', () => {
    expect(rankServices(sampleMap())[0]!.into.map(part => [part.owner, part.accesses, part.joins])).toEqual([
      ['clinical', 2, 1],
      ['auth-service', 1, 0],
    ])
  })

  test('tables of the sample, those that most services use first', () => {
    expect(
      rankTables(sampleMap()).map(rank => [rank.table, rank.owner, rank.by.map(part => part.service)]),
    ).toEqual([
      ['nilecare/patients', 'clinical', ['billing-service', 'main-nilecare']],
      ['nilecare/invoices', 'billing-service', ['main-nilecare', 'payment-gateway-service']],
      ['nilecare/auth_users', 'auth-service', ['billing-service', 'lab-service']],
      ['nilecare/active_patients', 'clinical', ['billing-service']],
    ])
  })
})

test('matrix of the sample', () => {
  const { services, owners, cells } = matrix(sampleMap())
  expect(owners).toEqual(['auth-service', 'billing-service', 'clinical'])
  expect(services.map((service, row) => [service, ...cells[row]!.map(cell => cell?.accesses ?? 0)])).toEqual([
    ['billing-service', 1, 0, 2],
    ['lab-service', 1, 0, 0],
    ['main-nilecare', 0, 1, 1],
    ['payment-gateway-service', 0, 1, 0],
  ])
})

describe('cycles', () => {
  test.each<[string, string[], string[][]]>([
    ['none', ['a read b.t', 'b read c.t'], []],
    ['own accesses are no cycle', ['a read a.t'], []],
    ['two that need each other', ['a read b.t', 'b write a.t'], [['a', 'b']]],
    [
      'three round about, and a bystander',
      ['a read b.t', 'b read c.t', 'c read a.t', 'd read a.t'],
      [['a', 'b', 'c']],
    ],
    [
      'larger groups first',
      ['a read b.t', 'b read a.t', 'x read y.t', 'y read z.t', 'z read x.t'],
      [
        ['x', 'y', 'z'],
        ['a', 'b'],
      ],
    ],
  ])('%s', (_, lines, expected) => {
    expect(cycles(mapOf(...lines))).toEqual(expected)
  })
})

describe('order of separation', () => {
  const order = (map: DependencyMap) =>
    separationOrder(map).map(step => `${step.service} ${step.incoming}/${step.outgoing}`)

  test.each<[string, string[], string[]]>([
    ['nothing crosses', ['a read a.t'], []],
    ['who is not reached into goes first', ['a read b.t'], ['a 0/1', 'b 0/0']],
    ['a chain from its beginning', ['a read b.t', 'b read c.t'], ['a 0/1', 'b 0/1', 'c 0/0']],
    [
      'in a cycle the one with the fewest incoming',
      ['a read b.t', 'a read b.u', 'b read a.t'],
      ['a 1/2', 'b 0/0'],
    ],
    [
      'among equals the one that reaches out least',
      ['a read c.t', 'a read c.u', 'b read c.t'],
      ['b 0/1', 'a 0/2', 'c 0/0'],
    ],
    ['then by name', ['b read c.t', 'a read c.t'], ['a 0/1', 'b 0/1', 'c 0/0']],
  ])('%s', (_, lines, expected) => {
    expect(order(mapOf(...lines))).toEqual(expected)
  })

  test('a statement on tables of two owners is one of its service, and one with each of them', () => {
    const tables = uses('read db/b.t b', 'read db/c.t c')
    const map = { ...emptyMap(), accesses: [access('a.ts:1', 'a', { tables })] }
    expect(separationOrder(map)[0]).toEqual({
      service: 'a',
      incoming: 0,
      outgoing: 1,
      by: [],
      into: [
        { service: 'b', accesses: 1 },
        { service: 'c', accesses: 1 },
      ],
      transactions: 0,
      foreignKeys: 0,
    })
  })

  test('says who is in the way: those that come later, most first', () => {
    const map = mapOf('a read d.t', 'b read d.t', 'b read d.u', 'd read b.t', 'd read c.t', 'd write c.t')
    expect(separationOrder(map).map(({ service, by, into }) => ({ service, by, into }))).toEqual([
      { service: 'a', by: [], into: [{ service: 'd', accesses: 1 }] },
      {
        service: 'b',
        by: [{ service: 'd', accesses: 1 }],
        into: [{ service: 'd', accesses: 2 }],
      },
      { service: 'd', by: [], into: [{ service: 'c', accesses: 2 }] },
      { service: 'c', by: [], into: [] },
    ])
  })

  /** What ties by other things than accesses: `a: b c` is a transaction of a with writes to tables of b and c. */
  const tied = (transactions: string[], foreignKeys: string[], libraries: string[] = []) => {
    const owned = ['a', 'b', 'c'].map(owner => ({ ...sampleMap().tables[0]!, id: `db/${owner}`, owner }))
    return separationOrder({
      ...mapOf(),
      services: libraries.map(name => ({ ...sampleMap().services[0]!, name, kind: 'library' })),
      tables: owned,
      transactions: transactions.map(line => {
        const [service, ...owners] = line.split(/[: ]+/) as [string, ...string[]]
        return { service, begin: 'a.ts:1', owners, tables: [], accesses: [] }
      }),
      foreignKeys: foreignKeys.map(line => {
        const [from, to] = line.split(' ').map(owner => `db/${owner}`) as [string, string]
        return { from, to, fromColumns: [], toColumns: [], crossService: true, file: 'a.sql', line: 1 }
      }),
    }).map(step => `${step.service} ${step.transactions} ${step.foreignKeys}`)
  }

  test.each<[string, string[], string[], string[]]>([
    ['a foreign key ties both of its ends', [], ['a b'], ['a 0 1', 'b 0 0']],
    ['the fewest ties go first', [], ['a b', 'a c'], ['b 0 1', 'a 0 1', 'c 0 0']],
    ['a transaction ties who begins it and whose tables it writes', ['a: a b'], [], ['a 1 0', 'b 0 0']],
    ['one over two others is done with the first of them', ['b: a c'], [], ['a 1 0', 'c 0 0', 'b 0 0']],
    ['that of a service which is separated is gone', ['a: b c'], [], ['a 1 0', 'b 0 0', 'c 0 0']],
  ])('%s', (_, transactions, foreignKeys, expected) => {
    expect(tied(transactions, foreignKeys)).toEqual(expected)
  })

  test('a library that begins a transaction is no service to separate', () => {
    expect(tied(['lib: a b'], [], ['lib'])).toEqual(['a 1 0', 'b 0 0'])
  })
})

describe('findings of the sample', () => {
  const map = sampleMap()

  test('joins', () => {
    expect(crossJoins(map).map(({ access, owners }) => ({ line: access.line, owners }))).toEqual([
      {
        line: 40,
        owners: [
          { owner: 'billing-service', tables: ['nilecare/invoices'] },
          { owner: 'clinical', tables: ['nilecare/patients'] },
        ],
      },
    ])
  })

  test('foreign keys', () => {
    expect(crossForeignKeys(map).map(({ fromOwner, toOwner }) => [fromOwner, toOwner])).toEqual([
      ['billing-service', 'clinical'],
      ['payment-gateway-service', 'billing-service'],
    ])
  })

  test('tables with an open owner', () => {
    expect(openTables(map).map(({ table, writers, readers }) => [table.id, writers, readers])).toEqual([
      ['nilecare/audit_logs', ['billing-service', 'payment-gateway-service'], []],
    ])
  })

  test('migrations in SQL and in TypeScript', () => {
    expect(
      foreignMigrations(map).map(({ service, line, verb, tables }) => [service, line, verb, tables]),
    ).toEqual([
      ['billing-service', 3, 'UPDATE', [{ table: 'nilecare/patients', owner: 'clinical' }]],
      ['payment-gateway-service', 6, 'write', [{ table: 'nilecare/invoices', owner: 'billing-service' }]],
    ])
  })

  test('a migration of a library, which no service runs, is of all that use it', () => {
    const migration = map.accesses.find(access => access.migration)!
    const tables = migration.tables.map(table => ({ ...table, crossService: false }))
    const access = { ...migration, service: 'db', reachedBy: [], tables }
    expect(foreignMigrations({ ...map, schemaStatements: [], accesses: [access] })).toEqual([])
  })

  test('accesses that nobody reaches', () => {
    expect(unreachedAccesses(map).map(({ file }) => file)).toEqual(['packages/legacy/src/charges.ts'])
  })

  test('accesses that nobody reaches: system catalogues are not told', () => {
    const [unreached] = unreachedAccesses(map)
    const catalogue = {
      ...unreached!.tables[0]!,
      table: 'tables',
      schema: 'information_schema',
      system: true as const,
    }
    const accesses = [
      { ...unreached!, tables: [catalogue] },
      { ...unreached!, tables: [catalogue, ...unreached!.tables] },
    ]
    expect(unreachedAccesses({ ...map, accesses }).map(({ tables }) => tables)).toEqual([unreached!.tables])
  })

  test('unresolved places by reason', () => {
    expect(
      unresolvedByReason(map).map(({ reason, places }) => [reason, places.map(each => each.line)]),
    ).toEqual([
      ['table name comes from a parameter', [7, 31]],
      ['the SQL text comes from a file that is not in the repository', [90]],
    ])
  })

  test.each<[what: string, reasons: string[], expected: string[]]>([
    ['reasons that quote other code are one', ['from `a`', 'from `b.c`', 'from `a`'], ['3 from `…`']],
    ['a reason that quotes the same code keeps it', ['from `a`', 'from `a`'], ['2 from `a`']],
    ['other words are another reason', ['from `a`', 'to `a`'], ['1 from `a`', '1 to `a`']],
  ])('%s', (_, reasons, expected) => {
    const unresolved = reasons.map(reason => ({ ...map.unresolved[0]!, reason }))
    const groups = unresolvedByReason({ ...map, unresolved })
    expect(groups.map(({ reason, places }) => `${places.length} ${reason}`)).toEqual(expected)
  })
})
