import { describe, expect, test } from 'vitest'
import { namesMatch } from '../../analyzers/datastores/names.js'
import type { ServiceDatastore } from '../../analyzers/datastores/types.js'
import type { Service } from '../../analyzers/model.js'
import {
  decideOwners,
  type OwnedTable,
  type OwnerInput,
  ownersWithoutTable,
  type TableModel,
} from '../../analyzers/owners/index.js'
import { matchesTable } from '../../analyzers/owners/patterns.js'

const service = (name: string, kind: Service['kind'] = 'service'): Service => ({
  name,
  path: `${kind === 'service' ? 'services' : 'libs'}/${name}`,
  kind,
  evidence: [],
})

const SERVICES = ['auth', 'billing', 'clinical', 'lab', 'migrator'].map(name => service(name))

/** `create billing`, `create? billing` (IF NOT EXISTS), `create -` (no service), `create? database a.ts billing,lab` (a library's, which they run), `write lab`, `change lab`, `delete lab`, `read lab`, `fill lab` (where it makes tables). */
function table(name: string, ...facts: string[]): OwnedTable {
  const [datastore, bare] = name.includes('/') ? name.split('/') : ['nilecare', name]
  const result: OwnedTable = {
    id: `${datastore}/${bare}`,
    datastore: datastore!,
    schema: null,
    name: bare!,
    creations: [],
    uses: [],
    models: [],
  }
  for (const [index, fact] of facts.entries()) {
    const [verb, who, path, runners] = fact.split(' ') as [string, string, string?, string?]
    const place = { file: path ?? `services/${who}/x.sql`, line: index + 1 }
    if (verb.startsWith('create')) {
      const runBy = runners?.split(',')
      const ifNotExists = verb.endsWith('?')
      result.creations.push({
        ...place,
        service: who === '-' ? null : who,
        ...(runBy && { runBy }),
        ifNotExists,
      })
    } else {
      const op = verb === 'read' ? 'read' : 'write'
      const adds = verb === 'write' || verb === 'fill'
      const script = verb === 'fill' ? { scriptOf: who } : {}
      result.uses.push({ ...place, service: who, op, adds, changes: adds || verb === 'change', ...script })
    }
  }
  return result
}

const connected = (datastore: string, source: ServiceDatastore['source'] = 'code'): ServiceDatastore => ({
  datastore,
  dialect: 'mysql',
  source,
  connections: [],
  searchPaths: [],
  evidence: [{ file: 'db.ts', line: 1, reason: 'connects' }],
})

function owners(tables: OwnedTable[], rest: Partial<OwnerInput> = {}): string[] {
  const result = decideOwners({
    config: { owners: {}, file: null, lines: {} },
    services: SERVICES,
    connections: {},
    unread: new Map(),
    modelled: new Set(),
    tables,
    ...rest,
  })
  return [...result.values()].map(item => `${item.owner} (${item.confidence})`)
}

const shared = (...names: string[]) => Object.fromEntries(names.map(name => [name, [connected('nilecare')]]))

test('entries of the config that are about no table are told', () => {
  const owners = {
    'nilecare/patient': 'clinical',
    'lab_*': 'lab',
    'nilecare/bills': null,
    '*/beds': 'lab',
    people: 'clinical',
  }
  const config = {
    owners,
    file: 'conf.yml',
    lines: { 'owners.nilecare/patient': 3, 'owners.nilecare/bills': 5, 'owners.people': 7 },
  }
  const tables = [
    { id: 'nilecare/patients', formerIds: ['nilecare/people'] },
    { id: 'nilecare/lab_orders' },
    { id: 'ehr/beds' },
  ]
  const told = ownersWithoutTable(config, tables)
  expect(told.map(({ message, file, line }) => `${file}:${line} ${message}`)).toEqual([
    'conf.yml:3 owners has "nilecare/patient", and no table of the map is called so. Did you mean "nilecare/patients"?',
    'conf.yml:5 owners has "nilecare/bills", and no table of the map is called so.',
    'conf.yml:7 owners has "people", and no table of the map is called so. Migrations renamed it: write "nilecare/patients".',
  ])
})

describe('one table', () => {
  test.each<[string, string[], string]>([
    ['its own migration', ['create billing'], 'billing (migration)'],
    ['migration before writers', ['create billing', 'write lab', 'write auth'], 'billing (migration)'],
    ['IF NOT EXISTS of its only script', ['create? billing'], 'billing (migration)'],
    ['another one only if it is missing', ['create billing', 'create? lab'], 'billing (migration)'],
    [
      'the other way round',
      ['create? billing', 'create lab', 'write billing', 'read lab'],
      'lab (migration)',
    ],
    [
      'a script of one whose code leaves it alone',
      ['create? billing', 'create lab', 'write billing', 'read auth'],
      'billing (migration)',
    ],
    [
      'a script of one whose code leaves it alone, as two others write',
      ['create? billing', 'create lab', 'write billing', 'write auth'],
      'lab (migration)',
    ],
    [
      'two firm scripts, one of them writes',
      ['create billing', 'create lab', 'write lab'],
      'lab (migration)',
    ],
    [
      'two firm scripts, both write',
      ['create billing', 'create lab', 'write lab', 'write billing'],
      'null (open)',
    ],
    [
      'two firm scripts, a third writes too',
      ['create billing', 'create lab', 'write lab', 'write auth'],
      'null (open)',
    ],
    ['the only writer', ['write billing', 'write billing', 'read lab'], 'billing (only-writer)'],
    ['two writers', ['write billing', 'write lab'], 'null (open)'],
    [
      'one adds rows, others change them',
      ['change auth', 'write billing', 'change lab'],
      'billing (only-adder)',
    ],
    ['two that only change rows', ['change billing', 'change lab'], 'null (open)'],
    ['two that add rows, a third changes them', ['write billing', 'write lab', 'change auth'], 'null (open)'],
    ['the only one that changes rows', ['change billing', 'read lab'], 'billing (only-writer)'],
    ['the only one that deletes rows, which another reads', ['delete billing', 'read lab'], 'null (open)'],
    [
      'the only one that deletes rows, which it alone reads',
      ['delete billing', 'read billing'],
      'billing (only-writer)',
    ],
    ['a seeder beside the writer', ['write lab scripts/seed.ts', 'write billing'], 'billing (only-writer)'],
    [
      'seeders of many names',
      [
        'write lab db/seeders/users.js',
        'write auth prisma/seedUsers.ts',
        'write clinical src/users.seeder.mjs',
        'write lab tools/db-seed.js',
        'delete billing',
        'change billing',
      ],
      'billing (only-writer)',
    ],
    ['a seeder alone', ['write lab scripts/seed.ts', 'read billing'], 'lab (only-writer)'],
    [
      'what makes it fills it, another makes and writes it',
      ['create lab', 'fill lab', 'create billing', 'write billing'],
      'null (open)',
    ],
    ['what is about seeds', ['write lab src/seeds.controller.ts', 'write billing'], 'null (open)'],
    ['only readers', ['read billing'], 'null (open)'],
    ['nobody', [], 'null (open)'],
    ['script of no service', ['create - db/schema.sql', 'write lab'], 'lab (only-writer)'],
    [
      'script of no service, two writers',
      ['create - db/schema.sql', 'write lab', 'write auth'],
      'null (open)',
    ],
    [
      'central folder named after it',
      ['create - db/billing/001.sql', 'write billing', 'write lab'],
      'billing (migration)',
    ],
    [
      'central file named after it',
      ['create - db/V3__billing.sql', 'write billing', 'write lab'],
      'billing (migration)',
    ],
    [
      'central file with a suffix',
      ['create - db/03_billing-schema.sql', 'read billing', 'write lab', 'write auth'],
      'billing (migration)',
    ],
    [
      'central file with the name in the plural',
      ['create - db/04_labs.sql', 'write lab', 'write auth', 'write billing'],
      'lab (migration)',
    ],
    ['named after one that never uses it', ['create - db/billing/001.sql', 'write lab'], 'lab (only-writer)'],
    [
      'own script beside a central one',
      ['create - db/schema.sql', 'create billing', 'write lab'],
      'billing (migration)',
    ],
    ['a service that is not seen to use it', ['create clinical', 'write lab'], 'clinical (migration)'],
  ])('%s', (_, facts, expected) => expect(owners([table('t', ...facts)])).toEqual([expected]))

  test.each<[string, string[], string]>([
    [
      "several run a library's, one has its own",
      ['create? database a.ts billing,lab', 'create? lab', 'write lab', 'write billing'],
      'null (open)',
    ],
    [
      'as before, and only one writes',
      ['create? database a.ts billing,lab', 'create? lab', 'write billing'],
      'billing (migration)',
    ],
    [
      'as before, and its own is firm',
      ['create? database a.ts billing,lab', 'create lab', 'write lab', 'write billing'],
      'lab (migration)',
    ],
    [
      "only the one that has its own runs the library's",
      ['create? database a.ts lab', 'create? lab', 'write lab', 'write billing'],
      'lab (migration)',
    ],
    [
      'as is usual, and both fill it',
      ['create? database a.ts billing,lab', 'create? lab', 'fill lab', 'fill billing', 'read auth'],
      'null (open)',
    ],
    [
      'what the one that has its own fills counts no more than what they all do',
      ['create? database a.ts billing,lab', 'create? lab', 'fill lab', 'write billing'],
      'billing (migration)',
    ],
    [
      'none has its own',
      ['create? database a.ts billing,lab', 'write lab', 'read billing'],
      'lab (only-writer)',
    ],
  ])("scripts in a library's code: %s", (_, facts, expected) => {
    const services = [...SERVICES, service('database', 'library')]
    expect(owners([table('t', ...facts)], { services })).toEqual([expected])
  })

  test('scripts of a library are central', () => {
    const services = [...SERVICES, service('database', 'library')]
    expect(owners([table('t', 'create database', 'write lab')], { services })).toEqual(['lab (only-writer)'])
  })
})

describe('by database', () => {
  test.each<[string, string, Record<string, ServiceDatastore[]>, string]>([
    ['only one connects', 'x/t', { lab: [connected('x')], auth: [connected('y')] }, 'lab (database)'],
    ['by name, none connects', 'nilecare_billing/t', shared('auth', 'billing'), 'billing (database)'],
    [
      'by name, another connects beside its own',
      'nilecare_billing/t',
      {
        lab: [connected('nilecare_lab'), connected('nilecare_billing')],
        billing: [connected('nilecare_billing')],
      },
      'billing (database)',
    ],
    [
      'by name, but it is the main one of another',
      'nilecare_billing/t',
      { lab: [connected('nilecare_billing')], billing: [connected('nilecare_billing')] },
      'null (open)',
    ],
    ['shared', 'nilecare/t', shared('auth', 'billing', 'lab'), 'null (open)'],
    ['only inferred', 'default/t', { lab: [connected('default', 'default')] }, 'null (open)'],
    [
      'one sure, one inferred',
      'x/t',
      { lab: [connected('x')], auth: [connected('x', 'only-one')] },
      'null (open)',
    ],
  ])('%s', (_, name, connections, expected) =>
    expect(owners([table(name, 'write auth', 'write lab')], { connections })).toEqual([expected]),
  )

  test('a migration says more', () => {
    expect(owners([table('nilecare_billing/t', 'create lab')])).toEqual(['lab (migration)'])
  })

  describe('an only writer, where another service reaches tables in ways that are not read', () => {
    const model = (who: string, rest: Partial<TableModel> = {}): TableModel => ({
      service: who,
      isOwn: true,
      by: 'model of Prisma',
      write: null,
      file: `${who}.prisma`,
      line: 3,
      ...rest,
    })
    const byPrisma: OwnerInput['unread'] = new Map([['billing', { how: 'models of Prisma', isNamed: true }]])
    const byKnex: OwnerInput['unread'] = new Map([
      ['billing', { how: 'query builder of knex', isNamed: false }],
    ])
    function told(facts: string[], models: TableModel[], rest: Partial<OwnerInput> = {}): string[] {
      const { owner, evidence } = decideOwners({
        config: { owners: {}, file: null, lines: {} },
        services: SERVICES,
        connections: shared('lab', 'billing'),
        unread: byPrisma,
        modelled: new Set(['billing']),
        tables: [{ ...table('nilecare/t', ...facts), models }],
        ...rest,
      }).get('nilecare/t')!
      return [String(owner), ...evidence.map(({ reason }) => reason)]
    }

    test('whose models are known, and none names the table: certain', () => {
      expect(told(['write lab'], [])).toEqual(['lab', 'only lab writes it'])
    })

    test('of whose models nothing is known, or which builds queries: not certain', () => {
      expect(told(['write lab'], [], { modelled: new Set() })).toEqual([
        'lab',
        'only lab writes it',
        'not certain: billing may write it too, by the models of Prisma, not read here',
      ])
      expect(told(['write lab'], [], { unread: byKnex })).toEqual([
        'lab',
        'only lab writes it',
        'not certain: billing may write it too, by the query builder of knex, not read here',
      ])
    })

    test('on another database: certain', () => {
      const rest = { unread: byKnex, connections: shared('lab', 'auth') }
      expect(told(['write lab'], [], rest)).toEqual(['lab', 'only lab writes it'])
    })

    test('which alone has a model of it: open', () => {
      expect(told(['write lab'], [model('billing')])).toEqual([
        'null',
        'open: billing has a model of Prisma for it',
        'open: lab writes it',
      ])
    })

    test('where both have one, or a library that both reach: not certain', () => {
      expect(told(['write lab'], [model('lab'), model('billing')])).toEqual([
        'lab',
        'only lab writes it',
        'not certain: billing has a model of Prisma for it, which may write it',
      ])
      expect(told(['write lab'], [model('billing', { isOwn: false })])).toEqual([
        'lab',
        'only lab writes it',
        'not certain: billing has a model of Prisma for it, which may write it',
      ])
    })

    test('a table that no statement writes belongs to the only service with a model of it', () => {
      expect(told(['read lab'], [model('billing')])).toEqual([
        'billing',
        'only billing has a model of Prisma for it, and no statement writes it',
      ])
      expect(told(['read lab'], [model('billing'), model('auth')])).toEqual(['null', 'open: lab reads it'])
      expect(told(['read lab'], [model('billing', { by: 'query builder', write: 'change' })])).toEqual([
        'null',
        'open: lab reads it',
      ])
    })
  })

  test('the name is told in the evidence', () => {
    const result = decideOwners({
      config: { owners: {}, file: null, lines: {} },
      services: SERVICES,
      connections: {},
      unread: new Map(),
      modelled: new Set(),
      tables: [table('nilecare_billing/t')],
    })
    expect(result.get('nilecare_billing/t')!.evidence[0]!.reason).toBe(
      'the name of the database nilecare_billing is that of billing',
    )
  })

  test.each<[string, string, boolean]>([
    ['nilecare_billing', 'billing-service', true],
    ['nilecare_payment', 'payment-gateway-service', true],
    ['nilecare_devices', 'device-integration-service', true],
    ['nilecare_notifications', 'notification-service', true],
    ['nilecare_facility', 'facilities', true],
    ['ehr_service', 'ehr-service', true],
    ['billing', 'billing-service', true],
    ['billing_db', 'billing', true],
    ['nilecare', 'main-nilecare', false],
    ['nilecare_interop', 'hl7-service', false],
    ['nilecare_lab', 'lab-service', true],
    ['nilecare_lab', 'label-service', false],
    ['nilecare', 'billing-service', false],
    ['payment', 'payment-gateway-service', false],
  ])('%s and %s: %s', (database, name, expected) =>
    expect(namesMatch(database, service(name))).toBe(expected),
  )
})

describe('central scripts', () => {
  const uses = (...names: string[]) =>
    names.map((name, index) => table(`t${index}`, 'create auth', ...name.split(',')))

  test('a service that creates everything while others write half of it or more', () => {
    const tables = uses(
      'write lab',
      'write billing',
      'write lab,write auth',
      'read lab',
      'write auth',
      'read auth',
    )
    expect(owners(tables)).toEqual([
      'lab (only-writer)',
      'billing (only-writer)',
      'null (open)',
      'null (open)',
      'auth (migration)',
      'auth (migration)',
    ])
  })

  test('a program that is named after migrations owns nothing, whatever it fills', () => {
    const tables = [
      table('a', 'create migrator', 'write migrator', 'write lab'),
      table('b', 'create migrator', 'write migrator', 'read lab'),
      table('c', 'create migrator'),
    ]
    expect(owners(tables)).toEqual(['lab (only-writer)', 'null (open)', 'null (open)'])
  })

  test('what they fill tells no owner where another writes it', () => {
    const tables = uses('fill auth,write lab', 'write billing', 'write lab', 'fill auth,read lab')
    expect(owners(tables)).toEqual([
      'lab (only-writer)',
      'billing (only-writer)',
      'lab (only-writer)',
      'auth (only-writer)',
    ])
  })

  test('two tables make no central place', () => {
    expect(owners(uses('write lab', 'write billing'))).toEqual(Array(2).fill('auth (migration)'))
  })

  test('others write less than half: its own', () => {
    const tables = uses('write auth', 'write auth', 'write auth', 'write lab', 'write billing')
    expect(owners(tables)).toEqual(Array(5).fill('auth (migration)'))
  })

  test('one other service makes no shared database', () => {
    expect(owners(uses('write lab', 'write lab', 'write lab'))).toEqual(Array(3).fill('auth (migration)'))
  })

  test('where others bring scripts for the same datastore, each has its own', () => {
    const tables = [...uses('write lab', 'write lab', 'write billing'), table('u', 'create lab')]
    expect(owners(tables)).toEqual([
      'auth (migration)',
      'auth (migration)',
      'auth (migration)',
      'lab (migration)',
    ])
  })

  describe('at the root, around the other services', () => {
    const services = [...SERVICES, { ...service('web'), path: '.' }]
    const created = (...facts: string[]) =>
      facts.map((fact, index) => table(`t${index}`, 'create web supabase/1.sql', fact))

    test('a frontend that uses no table: its scripts are the repository’s', () => {
      const tables = created('write lab', 'read lab', 'read billing')
      expect(owners(tables, { services })).toEqual(['lab (only-writer)', 'null (open)', 'null (open)'])
    })

    test('a script of the root that reads one table of many: still the repository’s', () => {
      const tables = [
        ...created('read web', ...Array(11).fill('read lab')),
        table('t', 'create web x.sql', 'write lab'),
      ]
      expect(owners(tables, { services }).at(-1)).toBe('lab (only-writer)')
    })

    test('tables that nobody uses do not make its scripts its own', () => {
      const app = ['create web data/all.sql', 'write web old/app.js']
      const tables = [
        table('users', ...app, 'write auth a.ts'),
        table('bills', ...app, 'write billing a.ts'),
        table('tests', ...app, 'write lab a.ts'),
        ...['a', 'b', 'c', 'd', 'e'].map(name => table(name, 'create web data/all.sql')),
      ]
      expect(owners(tables, { services }).slice(0, 3)).toEqual(Array(3).fill('null (open)'))
    })

    test('a table that another one has a script for too: its own, if it adds rows', () => {
      const app = ['create? web setup.js', 'write web setup.js', 'write web app.ts']
      const tables = [
        table('bills', ...app, 'create? billing a.ts', 'write billing b.ts', 'change lab c.ts'),
        table('plans', ...app, 'create? billing a.ts', 'change billing b.ts'),
        table('tests', ...app, 'create? billing a.ts', 'write billing b.ts', 'create? lab c.ts'),
        table('firm', 'create web x.sql', 'write web app.ts', 'create? billing a.ts', 'write billing b.ts'),
      ]
      expect(owners(tables, { services })).toEqual([
        'billing (migration)',
        'web (only-adder)',
        'null (open)',
        'web (migration)',
      ])
    })

    describe('a schema that is named after a service', () => {
      const inSchema = (schema: string, name: string, ...facts: string[]): OwnedTable => ({
        ...table(name, ...facts),
        id: `nilecare/${schema}/${name}`,
        schema,
      })

      test('which uses some table of it: all of it is its own', () => {
        const tables = [
          inSchema('billing', 'plans', 'create web x.sql', 'read billing', 'write web', 'write lab'),
          inSchema('billing', 'unused', 'create web x.sql'),
          inSchema('lab', 'results', 'write billing', 'write lab'),
          table('plans', 'create web x.sql', 'read billing', 'write web'),
        ]
        expect(owners(tables, { services })).toEqual([
          'billing (database)',
          'billing (database)',
          'lab (database)',
          'web (migration)',
        ])
      })

      test('which uses none of it, or no service is called so: nothing follows', () => {
        const tables = [
          inSchema('billing', 'plans', 'create web x.sql', 'write web'),
          inSchema('crm', 'leads', 'create web x.sql', 'write web', 'read lab'),
        ]
        expect(owners(tables, { services })).toEqual(['web (migration)', 'web (migration)'])
      })

      test('which connects to its database, though no statement of it is seen: all of it is its own', () => {
        const tables = [
          inSchema('billing', 'plans', 'create - db/dump.sql', 'read lab'),
          inSchema('crm', 'leads', 'create - db/dump.sql', 'read lab'),
        ]
        const given = { services, connections: shared('billing', 'lab') }
        expect(owners(tables, given)).toEqual(['billing (database)', 'null (open)'])
        const inferred = {
          billing: [connected('nilecare', 'default')],
          lab: [connected('nilecare', 'default')],
        }
        expect(owners(tables, { services, connections: inferred })).toEqual(['null (open)', 'null (open)'])
      })

      test('of two services: the scripts at the root are the repository’s', () => {
        const tables = [
          inSchema('billing', 'plans', 'create web x.sql', 'read billing'),
          inSchema('lab', 'results', 'create web x.sql', 'read lab'),
          inSchema('crm', 'leads', 'create web x.sql', 'write auth', 'write web'),
        ]
        expect(owners(tables, { services })).toEqual(['billing (database)', 'lab (database)', 'null (open)'])
      })

      test('a service beside it that creates the table has it', () => {
        const tables = [
          inSchema('billing', 'plans', 'create auth', 'read billing'),
          inSchema('billing', 'rates', 'read billing'),
        ]
        expect(owners(tables, { services })).toEqual(['auth (migration)', 'billing (database)'])
      })
    })

    test('an application that uses some: its own', () => {
      const tables = created('write lab', 'read web')
      expect(owners(tables, { services })).toEqual(['web (migration)', 'web (migration)'])
    })

    test('where no one uses any: its own', () => {
      expect(owners([table('t', 'create web supabase/1.sql')], { services })).toEqual(['web (migration)'])
    })
  })

  test('the reason is in the evidence', () => {
    const tables = uses('write lab', 'write lab', 'write billing', 'write auth')
    const result = decideOwners({
      config: { owners: {}, file: null, lines: {} },
      services: SERVICES,
      connections: {},
      unread: new Map(),
      modelled: new Set(),
      tables,
    })
    expect(result.get('nilecare/t1')!.evidence.map(item => item.reason)).toEqual([
      'only lab writes it',
      'created by a central script, which tells no owner: auth alone creates the tables of nilecare, but 2 others write 3 of these 4',
    ])
  })
})

describe('evidence', () => {
  const evidence = (...facts: string[]) =>
    decideOwners({
      config: { owners: {}, file: null, lines: {} },
      services: SERVICES,
      connections: {},
      unread: new Map(),
      modelled: new Set(),
      tables: [table('t', ...facts)],
    })
      .get('nilecare/t')!
      .evidence.map(item => `${item.file}:${item.line} ${item.reason}`)

  test.each<[string, string[], string[]]>([
    ['migration', ['create billing'], ['services/billing/x.sql:1 created by a script of billing']],
    [
      'others too',
      ['create? lab', 'create billing'],
      [
        'services/billing/x.sql:2 created by a script of billing',
        'services/lab/x.sql:1 created by a script of lab too, if it is not there',
      ],
    ],
    [
      'only writer',
      ['write lab', 'read auth', 'read billing'],
      ['services/lab/x.sql:1 only lab writes it, 2 others read it'],
    ],
    [
      'open: writers',
      ['write lab', 'write auth', 'write lab', 'read billing'],
      ['services/auth/x.sql:2 open: auth writes it', 'services/lab/x.sql:1 open: lab writes it'],
    ],
    ['open: readers', ['read lab'], ['services/lab/x.sql:1 open: lab reads it']],
  ])('%s', (_, facts, expected) => expect(evidence(...facts)).toEqual(expected))
})

describe('configuration', () => {
  const config = {
    file: 'seamripper.yml',
    owners: { 'nilecare/lab_*': 'lab', audit_logs: 'auth', 'nilecare/open_*': null, '**': 'clinical' },
    lines: { 'owners.nilecare/lab_*': 7 },
  }
  test.each([
    ['lab_results', 'lab (config)'],
    ['audit_logs', 'auth (config)'],
    ['open_points', 'null (config)'],
    ['other', 'clinical (config)'],
  ])('%s: %s', (name, expected) =>
    expect(owners([table(name, 'create billing')], { config })).toEqual([expected]),
  )

  test('with its line', () => {
    const result = decideOwners({
      config,
      services: SERVICES,
      connections: {},
      unread: new Map(),
      modelled: new Set(),
      tables: [table('lab_x')],
    })
    expect(result.get('nilecare/lab_x')!.evidence).toEqual([
      { file: 'seamripper.yml', line: 7, reason: 'the configuration says so (nilecare/lab_*)' },
    ])
  })

  test.each<[string, string, boolean]>([
    ['patients', 'nilecare/patients', true],
    ['patients', 'nilecare/patients_old', false],
    ['lab_*', 'nilecare/lab_orders', true],
    ['*_log', 'nilecare/billing_audit_log', true],
    ['nilecare/*', 'nilecare/patients', true],
    ['nilecare/*', 'nilecare/app/patients', false],
    ['nilecare/**', 'nilecare/app/patients', true],
    ['*/patients', 'nilecare/patients', true],
    ['nilecare/a*b*c', 'nilecare/aXXbYYc', true],
    ['nilecare/a*b*c', 'nilecare/aXXbYY', false],
    ['**', 'a/b/c', true],
    ['a.b', 'x/aXb', false],
    ['*'.repeat(30), 'nilecare/x', true],
    [`${'a*'.repeat(30)}b`, `x/${'a'.repeat(60)}`, false],
  ])('%s matches %s: %s', (pattern, id, expected) => expect(matchesTable(pattern, id)).toBe(expected))
})
