import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import { crossings } from '../../analyzers/graph/index.js'
import type { DependencyMap } from '../../analyzers/model.js'
import type { Strategy } from '../../codemods/operation.js'
import { report } from '../../reports/summary/index.js'
import { context } from './context.js'
import { emptyMap, hostileMap, largeMap, sampleMap, table, uses } from './sample-map.js'

/** Statements that cross nothing. */
const withoutTables = sampleMap().accesses.map(access => ({ ...access, tables: [] }))

test('the sample, as a person reads it', async () => {
  await expect(report.render(sampleMap(), context({ root: 'fixtures/nilecare' }))).toMatchFileSnapshot(
    'expected/summary.txt',
  )
})

test('an empty map says so, and suggests nothing that would not help', () => {
  expect(report.render(emptyMap(), context())).toBe(`Dependency map
  Services    0
  Datastores  none found
  Tables      0
  Accesses    0
  Crossing    can't be told: no source file was found
  Unresolved  none
  Files       0 read, 0 lines
`)
})

test('joins, transactions, keys and migrations: who has most of them stands first', () => {
  const map = sampleMap()
  const join = map.accesses.find(({ crossServiceJoin }) => crossServiceJoin)!
  const joins = ['a', 'b', 'b'].map((service, line) => ({
    ...join,
    id: `${line}`,
    service,
    reachedBy: [service],
    line,
  }))
  const [transaction] = map.transactions
  const text = report.render(
    {
      ...map,
      accesses: joins,
      transactions: ['a', 'b', 'b'].map(service => ({ ...transaction!, service })),
      foreignKeys: [...map.foreignKeys, ...map.foreignKeys.slice(-1)],
    },
    context(),
  )
  const column = (heading: string) =>
    [
      ...(text.split(`${heading}`)[1]?.split('\n\n')[0] ?? '').matchAll(
        /^ {2}(a|b|[\w-]+ → [\w-]+)(?: {2}|$)/gm,
      ),
    ].map(match => match[1])
  expect(column('Cross-service joins')).toEqual(['b', 'b', 'a'])
  expect(column('Cross-service transactions')).toEqual(['b', 'b', 'a'])
  const last = map.foreignKeys.at(-1)!
  const owner = (id: string) => map.tables.find(each => each.id === id)!.owner
  expect(column('Cross-service foreign keys')[0]).toBe(`${owner(last.from)} → ${owner(last.to)}`)
})

test('a script that empties all tables names the first of them', () => {
  const map = emptyMap()
  const tables = 'abcdefgh'.split('').map(name => uses(`write db/${name} -`)[0]!)
  const reads = uses('read db/a -')
  const access = {
    ...sampleMap().accesses[0]!,
    service: 'scripts',
    reachedBy: [],
    tables: [...tables, ...reads],
  }
  expect(report.render({ ...map, accesses: [access] }, context())).toContain(
    '  scripts  write a, b, c, d, e, f, and 2 more; read a  ',
  )
})

test('where no SQL is, no crossing says nothing', () => {
  const map = { ...emptyMap(), coverage: { files: 3, lines: 90, leftOut: {} } }
  expect(report.render(map, context())).toContain(
    "  Crossing    can't be told: no SQL was found that a known driver runs\n",
  )
})

test('where a query builder is, no crossing is no proof', () => {
  const unread = { severity: 'warning', code: 'not-read', message: 'Only raw SQL of knex is read.' } as const
  const map = {
    ...emptyMap(),
    accesses: withoutTables,
    diagnostics: [{ ...unread, file: 'package.json', line: null }],
  }
  const text = report.render(map, context())
  expect(text).toContain('  Crossing    none among what was read\n')
  expect(text).toContain('  Not read    what 1 package does without SQL text: see Diagnostics\n')
})

describe('what rewrite would do', () => {
  const crossing = crossings(sampleMap()).map(({ access }) => access.id)
  const forecast = (access: string, strategy: Strategy) => ({
    access,
    strategy,
    operations: [],
    reason: '',
    advice: null,
    lost: [],
  })

  test('is counted, of what crosses only', () => {
    const accesses = [
      forecast(crossing[0]!, 'by hand'),
      forecast(crossing[1]!, 'lift'),
      forecast(crossing[2]!, 'event'),
      forecast('nobody reaches it', 'lift'),
    ]
    const outlook = { problem: null, isTooMany: false, accesses }
    expect(report.render(sampleMap(), context({ outlook, width: 140, root: '../shop' }))).toContain(
      '  Rewrite     of 3 crossings: 1 can be lifted, 1 made events, 1 by hand; see seamripper rewrite --plan ../shop\n',
    )
  })

  test('is not told where nothing crosses', () => {
    const outlook = { problem: null, isTooMany: false, accesses: [] }
    expect(report.render(emptyMap(), context({ outlook }))).not.toContain('Rewrite')
  })

  test('is only named where there is too much to plan', () => {
    const outlook = { problem: null, isTooMany: true, accesses: [] }
    expect(report.render(sampleMap(), context({ outlook, root: '../shop' }))).toContain(
      '  Rewrite     what can be rewritten of these: seamripper rewrite --plan ../shop\n',
    )
  })

  test("is said to be unknown where it can't be planned", () => {
    const outlook = { problem: 'x is broken.', isTooMany: false, accesses: [] }
    expect(report.render(sampleMap(), context({ outlook }))).toContain(
      "  Rewrite     can't be planned: x is broken.\n",
    )
  })
})

describe('width', () => {
  test.each([60, 80, 100, 160])('%i columns hold every line that is not one long word', width => {
    for (const line of report.render(sampleMap(), context({ width })).split('\n')) {
      if (/^\s*(\S+|seamripper .*)$/.test(line)) continue
      expect(stringWidth(line), line).toBeLessThanOrEqual(width)
    }
  })

  test('100 columns hold every line of the sample', () => {
    const widths = report
      .render(sampleMap(), context())
      .split('\n')
      .map(line => stringWidth(line))
    expect(Math.max(...widths)).toBeLessThanOrEqual(100)
  })
})

describe('top', () => {
  const map = largeMap(12)

  test('shows so many rows a section and counts the rest', () => {
    const text = report.render(map, context({ top: 5 }))
    const part = text.slice(text.indexOf('Most crossed tables (12)'))
    expect(
      part
        .split('\n')
        .slice(0, 13)
        .map(line => line.trimEnd()),
    ).toEqual([
      'Most crossed tables (12)',
      '  table                owner        services  reads  writes  joins  why that owner',
      ...[0, 1, 2, 3, 4].map(
        index => `  db/service-00${index}_rows  service-00${index}        11     11       ·      ·`,
      ),
      '  … 7 more (--top 12 shows all)',
      '',
      'Order of separation, and accesses to replace (12)',
      '     service      others into it  it into others',
      '  1  service-000              11              11',
      '  2  service-001              10              10',
    ])
  })

  test('counts nothing where all rows are shown', () => {
    expect(report.render(map, context({ top: 12 }))).not.toContain('more (')
  })
})

describe('colour', () => {
  test('is there if wanted', () => {
    expect(report.render(sampleMap(), context({ colour: true }))).toContain(
      '\u001b[1mDependency map\u001b[22m',
    )
  })

  test('changes nothing but the colour', () => {
    const coloured = report.render(sampleMap(), context({ colour: true }))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the colours
    expect(coloured.replace(/\u001b\[\d+m/g, '')).toBe(report.render(sampleMap(), context()))
  })
})

test('of a table whose owner is open four that write it are named, and four that read it', () => {
  const [access] = sampleMap().accesses
  const by = (op: 'read' | 'write', count: number) =>
    Array.from({ length: count }, (_, at) => ({
      ...access!,
      id: `${op}${at}`,
      service: `${op}-${at}`,
      reachedBy: [`${op}-${at}`],
      tables: [{ table: 't', schema: null, id: 'd/t', op, owner: null, crossService: false }],
    }))
  const map = {
    ...emptyMap(),
    tables: [table('d/t', null, 'open')],
    accesses: [...by('write', 6), ...by('read', 5)],
  }
  expect(report.render(map, context()).replace(/\s+/g, ' ')).toContain(
    'written by write-0, write-1, write-2, write-3, and 2 more; read by read-0, read-1, read-2, read-3, and 1 more',
  )
})

test('hostile names reach the terminal as text', () => {
  const text = report.render(hostileMap(), context({ top: 1000 }))
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e]/u)
})

test('one service alone crosses into nothing', () => {
  const { services, accesses } = sampleMap()
  const alone = { ...emptyMap(), services: services.slice(0, 1), accesses: [{ ...accesses[0]!, tables: [] }] }
  expect(services[0]!.kind).toBe('service')
  expect(report.render(alone, context({ width: 140 }))).toContain(
    "  Crossing    can't be told of one service alone: give the folder of all, or name them under `services` in seamripper.yml\n",
  )
})

test('diagnostics: the gravest first, and once what is told of several places', () => {
  const told = (severity: 'info' | 'warning', message: string, line: number) => ({
    severity,
    code: 'x',
    message,
    file: 'db/V1.sql',
    line,
  })
  const diagnostics = [
    told('info', 'the name is not known', 3),
    told('info', 'the name is not known', 5),
    told('warning', 'not read', 4),
    told('info', 'the name is not known', 7),
    told('info', 'the name is not known', 9),
  ]
  expect(report.render({ ...emptyMap(), diagnostics }, context())).toContain(`
Diagnostics (2)
  warning  not read  db/V1.sql:4
  info     the name is not known: db/V1.sql:3, db/V1.sql:5, db/V1.sql:7, and 1 more
`)
})

test('migrations of one package that touch the tables of many are one row', () => {
  const statement = (
    line: number,
    owner: string,
    ...names: string[]
  ): DependencyMap['schemaStatements'][number] => ({
    ...sampleMap().schemaStatements[0]!,
    service: 'migrations',
    file: 'db/V1.sql',
    line,
    tables: names.map(name => ({
      table: name,
      schema: null,
      id: `db/${name}`,
      op: 'ddl',
      owner,
      crossService: true,
    })),
  })
  const schemaStatements = [
    statement(2, 'orders', 'orders', 'items'),
    statement(5, 'billing', 'invoices'),
    statement(6, 'orders', 'orders'),
    statement(9, 'orders', 'parcels'),
  ]
  expect(report.render({ ...emptyMap(), schemaStatements }, context())).toContain(`
Migrations that touch other services' tables
  migrations  4 statements  tables: 3 of orders, 1 of billing; the first  db/V1.sql:2
`)
})

describe('nothing crosses', () => {
  const open = table('db/t', null, 'open')
  const used = table('db/v', null, 'open')
  const owned = table('db/u', 'a', 'migration')
  const reading: DependencyMap['accesses'][number] = {
    ...sampleMap().accesses[0]!,
    tables: [{ table: 'v', schema: null, id: 'db/v', op: 'read', owner: null, crossService: false }],
  }
  test.each([
    [
      'all owners open',
      [open],
      "1, all with an open owner: uses of these don't count as crossing (no service is seen to use them)",
      "can't be told: no table has an owner yet",
    ],
    [
      'some owners open',
      [open, used, owned],
      "3, 2 of them with an open owner: uses of these don't count as crossing (no service is seen to use 1 of them)",
      'none among the tables whose owner is known',
    ],
    ['no owner open', [owned], '1', 'none: no service reaches into the tables of another'],
  ])('%s', (_, tables, told, crossing) => {
    const text = report.render(
      { ...emptyMap(), tables, accesses: [...withoutTables, reading] },
      context({ width: 140 }),
    )
    expect(text).toContain(`  Tables      ${told}\n`)
    expect(text).toContain(`  Crossing    ${crossing}\n`)
    expect(text.includes('seamripper init')).toBe(tables.includes(open))
  })
})
