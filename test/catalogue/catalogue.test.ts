import { describe, expect, test } from 'vitest'
import {
  buildCatalogue,
  type Catalogue,
  createCatalogue,
  placeSets,
} from '../../analyzers/catalogue/index.js'
import type { DatastoreResult } from '../../analyzers/datastores/index.js'
import type { Dialect } from '../../analyzers/model.js'
import { migrationsOf, setsOf, show } from './helpers.js'

/** `auth: nilecare mysql` for each service, its main datastore first. */
function datastores(services: Record<string, string[]>): DatastoreResult {
  const byService = Object.fromEntries(
    Object.entries(services).map(([service, stores]) => [
      service,
      stores.map(text => {
        const [datastore, dialect, ...connections] = text.split(' ') as [string, Dialect]
        return { datastore, dialect, source: 'code' as const, connections, searchPaths: [], evidence: [] }
      }),
    ]),
  )
  const all = new Map(
    Object.values(byService)
      .flat()
      .map(store => [store.datastore, store.dialect]),
  )
  return {
    byService,
    datastores: [...all].map(([id, dialect]) => ({ id, dialect, evidence: [] })),
    diagnostics: [],
  }
}

function catalogue(
  files: Record<string, string>,
  services: Record<string, string[]>,
  dialect: Dialect = 'mysql',
): Catalogue {
  const result = datastores(services)
  const { sets } = buildCatalogue(migrationsOf(files, dialect).folders)
  return createCatalogue(placeSets({ sets, datastores: result, reachedBy: {}, usedOn: new Map() }), result)
}

describe('the datastore of a set of scripts', () => {
  const place = (
    files: Record<string, string>,
    services: Record<string, string[]>,
    rest: { reachedBy?: Record<string, string[]>; usedOn?: Record<string, string[]> } = {},
    dialect: Dialect = 'mysql',
  ) =>
    placeSets({
      sets: setsOf(files, dialect),
      datastores: datastores(services),
      reachedBy: rest.reachedBy ?? {},
      usedOn: new Map(Object.entries(rest.usedOn ?? {}).map(([table, ids]) => [table, new Set(ids)])),
    }).map(({ datastore, reason }) => `${datastore}: ${reason}`)

  const ddl = 'CREATE TABLE t (a INT); CREATE TABLE u (a INT); CREATE TABLE v (a INT);'
  test.each<[string, Parameters<typeof place>, string[]]>([
    [
      'its service',
      [{ 'services/a/migrations/1.sql': ddl }, { a: ['x mysql', 'y mysql'] }],
      ['x: a connects to it'],
    ],
    [
      'of the dialect',
      [{ 'services/a/migrations/1.sql': ddl }, { a: ['x postgresql', 'y mysql'] }],
      ['y: a connects to it'],
    ],
    [
      'named by the script',
      [{ 'services/a/migrations/1.sql': `USE z; ${ddl}` }, { a: ['x mysql'] }],
      ['z: its scripts name the database z'],
    ],
    [
      'in another case',
      [{ 'services/a/migrations/1.sql': `USE X; ${ddl}` }, { a: ['x mysql'] }],
      ['x: its scripts name the database X'],
    ],
    [
      'folder of a datastore',
      [{ 'db/nilecare_lab/1.sql': ddl }, { a: ['nilecare_lab mysql'], b: ['x mysql'] }],
      ['nilecare_lab: its folder db/nilecare_lab is named after it'],
    ],
    [
      'folder of a connection',
      [{ 'services/a/product/migrations/1.sql': ddl }, { a: ['x mysql db', 'product-db mysql productDb'] }],
      ['product-db: its folder services/a/product/migrations is named after it'],
    ],
    [
      'the only one',
      [{ 'db/1.sql': ddl }, { a: ['x mysql'], b: ['x mysql'], c: ['y postgresql'] }],
      ['x: it is the only one of its dialect'],
    ],
    [
      'where its tables are used',
      [{ 'db/1.sql': ddl }, { a: ['x mysql'], b: ['y mysql'] }, { usedOn: { t: ['x'], u: ['x', 'y'] } }],
      ['x: most of its tables are used on it'],
    ],
    [
      'scripts named after datastores, one each',
      [
        { 'db/shop_auth_db.sql': ddl, 'db/shop_users_db.sql': ddl, 'db/shop_geo_db.sql': ddl },
        { auth: ['shop_auth_db mysql'], users: ['shop_users_db mysql'] },
        { usedOn: { t: ['shop_auth_db'], u: ['shop_auth_db'] } },
      ],
      [
        'shop_auth_db: its script db/shop_auth_db.sql is named after it',
        'null: no file tells which database these scripts are for',
        'shop_users_db: its script db/shop_users_db.sql is named after it',
      ],
    ],
    [
      'scripts that only sound so',
      [
        { 'db/main_db.sql': ddl, 'db/old_db.sql': ddl },
        { a: ['x mysql'], b: ['y mysql'] },
        { usedOn: { t: ['x'] } },
      ],
      ['x: most of its tables are used on it', 'x: most of its tables are used on it'],
    ],
    [
      'used on both',
      [{ 'db/1.sql': ddl }, { a: ['x mysql'], b: ['y mysql'] }, { usedOn: { t: ['x'], u: ['y'] } }],
      ['null: no file tells which database these scripts are for'],
    ],
    [
      'used nowhere',
      [{ 'db/1.sql': ddl }, { a: ['x mysql'], b: ['y mysql'] }],
      ['null: no file tells which database these scripts are for'],
    ],
    [
      'a library of services that agree',
      [
        { 'services/lib/migrations/1.sql': ddl },
        { a: ['x mysql'], b: ['y mysql'] },
        { reachedBy: { lib: ['b'] } },
      ],
      ['y: the services that use lib connect to it'],
    ],
  ])('%s', (_, input, expected) => expect(place(...input)).toEqual(expected))
})

describe('tables of several sets', () => {
  test('of one datastore: one table, two definitions, firm before IF NOT EXISTS', () => {
    const result = catalogue(
      {
        'services/a/migrations/1.sql': 'CREATE TABLE IF NOT EXISTS t (x INT, y INT)',
        'services/b/migrations/1.sql': 'CREATE TABLE t (x INT)',
      },
      { a: ['nilecare mysql'], b: ['nilecare mysql'] },
    )
    expect(result.tables.map(table => `${table.id} ${show(table)} ${table.service}`)).toEqual([
      'nilecare/t t(x int, y int) b',
    ])
    expect(result.tables[0]!.definitions.map(item => `${item.service} ${item.ifNotExists}`)).toEqual([
      'b false',
      'a true',
    ])
  })

  test('of two datastores: two tables', () => {
    const result = catalogue(
      {
        'services/a/migrations/1.sql': 'CREATE TABLE t (x INT)',
        'services/b/migrations/1.sql': 'CREATE TABLE t (x INT)',
      },
      { a: ['one mysql'], b: ['two mysql'] },
    )
    expect(result.tables.map(table => table.id)).toEqual(['one/t', 'two/t'])
  })

  test('ALTER by another service is applied, its foreign keys are its own', () => {
    const result = catalogue(
      {
        'services/a/migrations/1.sql': 'CREATE TABLE t (id INT PRIMARY KEY)',
        'services/b/migrations/1.sql':
          'CREATE TABLE u (id INT PRIMARY KEY);\nALTER TABLE t ADD u_id INT, ADD FOREIGN KEY (u_id) REFERENCES u (id);',
      },
      { a: ['nilecare mysql'], b: ['nilecare mysql'] },
    )
    expect(result.tables.map(show)).toEqual([
      't(id int!, u_id int) pk(id) fk(u_id -> u.id)',
      'u(id int!) pk(id)',
    ])
    expect(result.foreignKeys).toEqual([
      {
        from: 'nilecare/t',
        fromColumns: ['u_id'],
        to: 'nilecare/u',
        toColumns: ['id'],
        file: 'services/b/migrations/1.sql',
        line: 2,
        service: 'b',
      },
    ])
  })

  test('foreign keys of a table that no script creates', () => {
    const result = catalogue(
      { 'services/a/migrations/1.sql': 'ALTER TABLE ghosts ADD FOREIGN KEY (t_id) REFERENCES t (id)' },
      { a: ['nilecare mysql'] },
    )
    expect(result.foreignKeys.map(key => `${key.from} ${key.to}`)).toEqual(['nilecare/ghosts nilecare/t'])
    expect(result.tables).toEqual([])
  })

  test('foreign keys without columns mean the primary key; those to another database lead there', () => {
    const result = catalogue(
      {
        'services/a/migrations/1.sql': 'CREATE TABLE p (id INT PRIMARY KEY)',
        'services/b/migrations/1.sql':
          'CREATE TABLE q (a INT REFERENCES two.p, FOREIGN KEY (a) REFERENCES one.p (id))',
      },
      { a: ['one mysql'], b: ['two mysql'] },
    )
    expect(result.foreignKeys.map(key => `${key.from} -> ${key.to} (${key.toColumns})`)).toEqual([
      'two/q -> two/p ()',
      'two/q -> one/p (id)',
    ])
  })
})

describe('finding a name', () => {
  const result = catalogue(
    {
      'services/a/migrations/1.sql':
        'CREATE TABLE Users (id int); CREATE TABLE "memberIds" (id int); CREATE TABLE audit.logs (id int); CREATE TABLE audit.t (id int); CREATE TABLE t (id int)',
    },
    { a: ['app postgresql'] },
    'postgresql',
  )
  test.each<[string | null, string, string, boolean]>([
    [null, 'users', 'app/users', true],
    [null, 'USERS', 'app/users', true],
    ['public', 'users', 'app/users', true],
    [null, 'memberIds', 'app/memberIds', true],
    [null, 'memberids', 'app/memberIds', true],
    ['audit', 'logs', 'app/audit/logs', true],
    [null, 'logs', 'app/audit/logs', true],
    [null, 't', 'app/t', true],
    ['audit', 't', 'app/audit/t', true],
    ['other', 'users', 'app/other/users', false],
    [null, 'nowhere', 'app/nowhere', false],
  ])('%s.%s is %s', (schema, name, id, known) => {
    const found = result.resolve('app', { schema, name }, 'postgresql')
    expect([found.id, found.table !== null]).toEqual([id, known])
  })

  test('a table that no script creates has one id, however it is spelled', () => {
    expect(result.resolve('app', { schema: null, name: 'Ghosts' }, 'postgresql').id).toBe('app/Ghosts')
    expect(result.resolve('app', { schema: null, name: 'ghosts' }, 'postgresql').id).toBe('app/Ghosts')
    expect(result.resolve('app', { schema: 's', name: 'ghosts' }, 'postgresql').id).toBe('app/s/ghosts')
  })

  test('in MySQL the qualifier is the database', () => {
    const shared = catalogue(
      { 'services/a/migrations/1.sql': 'CREATE TABLE t (id INT)' },
      { a: ['one mysql'], b: ['two mysql'] },
    )
    expect(shared.resolve('two', { schema: 'one', name: 't' }, 'mysql')).toMatchObject({
      id: 'one/t',
      datastore: 'one',
      schema: null,
    })
    expect(shared.resolve('two', { schema: null, name: 't' }, 'mysql')).toMatchObject({
      id: 'two/t',
      table: null,
    })
    expect(shared.resolve('two', { schema: 'new', name: 't' }, 'mysql')).toMatchObject({
      id: 'new/t',
      datastore: 'new',
      table: null,
    })
  })

  test('a table that is not where it is looked for, but elsewhere', () => {
    const shared = catalogue(
      { 'services/a/migrations/1.sql': 'CREATE TABLE t (id INT)' },
      { a: ['one mysql'], b: ['two mysql'] },
    )
    const resolved = shared.resolve('two', { schema: null, name: 'T' }, 'mysql')
    expect(shared.elsewhere(resolved, 'mysql').map(table => table.id)).toEqual(['one/t'])
    expect(shared.elsewhere(resolved, 'postgresql')).toEqual([])
  })
})

describe('what lies under', () => {
  const result = catalogue(
    {
      'services/a/migrations/1.sql': `CREATE TABLE a (x int); CREATE TABLE b (x int);
        CREATE VIEW v AS SELECT * FROM a JOIN ghosts g ON g.x = a.x;
        CREATE VIEW w AS SELECT * FROM v, b;
        CREATE VIEW one AS SELECT * FROM two; CREATE VIEW two AS SELECT * FROM one, a;
        CREATE FUNCTION inner_one() RETURNS void AS $$ BEGIN INSERT INTO b VALUES (1); PERFORM outer_one(); END $$ LANGUAGE plpgsql;
        CREATE FUNCTION outer_one() RETURNS void AS $$ BEGIN DELETE FROM a; PERFORM inner_one(); END $$ LANGUAGE plpgsql;`,
    },
    { a: ['app postgresql'] },
    'postgresql',
  )
  const under = (name: string) =>
    result.under(result.resolve('app', { schema: null, name }, 'postgresql').table!).map(table => table.id)

  test.each<[string, string[]]>([
    ['v', ['app/a', 'app/ghosts']],
    ['w', ['app/a', 'app/ghosts', 'app/b']],
    ['one', ['app/a']],
    ['two', ['app/a']],
    ['a', []],
  ])('view %s: %j', (name, expected) => expect(under(name)).toEqual(expected))

  test('routines, through the routines that they call, which may call them back', () => {
    expect(result.routine('app', 'OUTER_ONE')!.tables.map(item => `${item.table.id} ${item.op}`)).toEqual([
      'app/a write',
      'app/b write',
    ])
    expect(result.routine('app', 'inner_one')!.tables.map(item => `${item.table.id} ${item.op}`)).toEqual([
      'app/b write',
      'app/a write',
    ])
    expect(result.routine('app', 'nobody')).toBeNull()
  })
})
