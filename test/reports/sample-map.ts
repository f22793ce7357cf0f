/** Hand-written maps that the tests of graph, reports and command line share. */
import { edgesOf } from '../../analyzers/graph/index.js'
import type {
  Access,
  AccessTable,
  DependencyMap,
  Op,
  OwnerConfidence,
  Service,
  Table,
} from '../../analyzers/model.js'

/** A map with nothing in it. */
export function emptyMap(): DependencyMap {
  return {
    schemaVersion: 1,
    services: [],
    datastores: [],
    tables: [],
    accesses: [],
    unresolved: [],
    unusedFiles: [],
    foreignKeys: [],
    transactions: [],
    schemaStatements: [],
    edges: [],
    coverage: { files: 0, lines: 0, leftOut: {} },
    diagnostics: [],
  }
}

export function service(name: string, path: string, kind: Service['kind'] = 'service'): Service {
  return { name, path, kind, evidence: [{ file: `${path}/package.json`, line: 1, reason: 'npm workspace' }] }
}

/** The sample with so many more services that own no table and use none. */
export function withIdle(count: number): DependencyMap {
  const map = sampleMap()
  const idle = Array.from({ length: count }, (_, at) => service(`idle-${at + 1}`, `services/idle-${at + 1}`))
  return { ...map, services: [...map.services, ...idle] }
}

export function table(
  id: string,
  owner: string | null,
  ownerConfidence: OwnerConfidence,
  more: Partial<Table> = {},
): Table {
  const [datastore = '', ...rest] = id.split('/')
  return {
    id,
    datastore,
    schema: rest.length > 1 ? rest[0]! : null,
    name: rest.at(-1) ?? '',
    kind: 'table',
    owner,
    ownerConfidence,
    evidence: [],
    columns: [],
    primaryKey: [],
    definedAt: null,
    ...more,
  }
}

/**
 * The tables of an access in short: `read nilecare/patients clinical`, with `-` for an open owner, `!` before
 * the id for a table of another service, and `via v` at the end for one that lies under the view `v`.
 */
export function uses(...lines: string[]): AccessTable[] {
  return lines.map(line => {
    const [op, marked, owner, , via] = line.split(' ') as [Op, string, string, string?, string?]
    const id = marked.replace('!', '')
    return {
      table: id.split('/').at(-1)!,
      schema: null,
      id,
      op,
      owner: owner === '-' ? null : owner,
      crossService: marked.startsWith('!'),
      ...(via === undefined ? {} : { via }),
    }
  })
}

export function access(place: string, service: string, more: Partial<Access> = {}): Access {
  const [file = '', line = '1', endLine = line] = place.split(':')
  return {
    id: `${file.split('/').at(-1)!.replace(/\W/g, '-')}-${line}`,
    service,
    reachedBy: [service],
    reachedVia: 'own',
    file,
    line: Number(line),
    column: 5,
    endLine: Number(endLine),
    sqlLine: Number(line),
    sqlFile: file,
    driver: 'mysql2',
    kind: 'sql',
    sql: null,
    confidence: 'exact',
    transaction: null,
    datastore: 'nilecare',
    crossServiceJoin: false,
    tables: [],
    ...more,
  }
}

const BILLING = 'microservices/billing-service'
const PAYMENT = 'microservices/payment-gateway-service'
const CLINICAL = 'microservices/clinical'
const LAB = 'microservices/lab-service'
const MAIN = 'microservices/main-nilecare'

/** Six services and two libraries around one MySQL database and one PostgreSQL database. */
export function sampleMap(): DependencyMap {
  const map: DependencyMap = {
    ...emptyMap(),
    services: [
      service('auth-service', 'microservices/auth-service'),
      service('billing-service', BILLING),
      service('clinical', CLINICAL),
      service('lab-service', LAB),
      service('main-nilecare', MAIN),
      service('payment-gateway-service', PAYMENT),
      service('@nilecare/queries', 'packages/queries', 'library'),
      service('@nilecare/legacy', 'packages/legacy', 'library'),
    ],
    datastores: [
      {
        id: 'nilecare',
        dialect: 'mysql',
        evidence: [{ file: `${BILLING}/.env.example`, line: 3, reason: 'DB_NAME=nilecare' }],
      },
      { id: 'lab', dialect: 'postgresql', evidence: [] },
    ],
    tables: [
      table('nilecare/auth_users', 'auth-service', 'migration', {
        evidence: [
          {
            file: 'microservices/auth-service/migrations/V1__auth.sql',
            line: 1,
            reason: 'created by its migration',
          },
        ],
        definedAt: { file: 'microservices/auth-service/migrations/V1__auth.sql', line: 1 },
      }),
      table('nilecare/invoices', 'billing-service', 'migration', {
        evidence: [
          { file: `${BILLING}/migrations/V1__billing.sql`, line: 4, reason: 'created by its migration' },
        ],
        columns: [
          { name: 'id', type: 'char(36)', nullable: false },
          { name: 'patient_id', type: 'char(36)', nullable: false },
        ],
        primaryKey: ['id'],
        definedAt: { file: `${BILLING}/migrations/V1__billing.sql`, line: 4 },
      }),
      table('nilecare/charge_master', 'billing-service', 'config', {
        evidence: [{ file: 'seamripper.yml', line: 12, reason: 'set in the configuration' }],
      }),
      table('nilecare/patients', 'clinical', 'migration', {
        evidence: [
          { file: `${CLINICAL}/migrations/V1__clinical.sql`, line: 2, reason: 'created by its migration' },
        ],
        definedAt: { file: `${CLINICAL}/migrations/V1__clinical.sql`, line: 2 },
      }),
      table('nilecare/active_patients', 'clinical', 'migration', {
        kind: 'view',
        evidence: [
          { file: `${CLINICAL}/migrations/V2__views.sql`, line: 1, reason: 'created by its migration' },
        ],
        definedAt: { file: `${CLINICAL}/migrations/V2__views.sql`, line: 1 },
      }),
      table('nilecare/payments', 'payment-gateway-service', 'only-writer', {
        evidence: [
          { file: `${PAYMENT}/src/payments.ts`, line: 40, reason: 'only payment-gateway-service writes it' },
        ],
      }),
      table('nilecare/audit_logs', null, 'open', {
        evidence: [
          { file: `${BILLING}/src/audit.ts`, line: 9, reason: 'billing-service writes it' },
          { file: `${PAYMENT}/src/audit.ts`, line: 9, reason: 'payment-gateway-service writes it' },
        ],
      }),
      table('lab/results/lab_results', 'lab-service', 'database', {
        evidence: [
          { file: `${LAB}/docker-compose.yml`, line: 7, reason: 'only lab-service connects to database lab' },
        ],
      }),
    ],
    accesses: [
      access(`${BILLING}/src/audit.ts:9`, 'billing-service', {
        sql: 'INSERT INTO audit_logs (service, action) VALUES (?, ?)',
        tables: uses('write nilecare/audit_logs -'),
      }),
      access(`${BILLING}/src/invoices.ts:40:44`, 'billing-service', {
        sql: 'SELECT i.id, p.name FROM invoices i JOIN patients p ON p.id = i.patient_id WHERE i.id = ?',
        crossServiceJoin: true,
        tables: uses('read nilecare/invoices billing-service', 'read !nilecare/patients clinical'),
      }),
      access(`${BILLING}/src/invoices.ts:61`, 'billing-service', {
        sql: 'SELECT * FROM active_patients WHERE id = ?',
        tables: uses(
          'read !nilecare/active_patients clinical',
          'read !nilecare/patients clinical via active_patients',
        ),
      }),
      access(`${BILLING}/src/invoices.ts:80`, 'billing-service', {
        sql: 'INSERT INTO invoices (id, patient_id) VALUES (?, ?)',
        tables: uses('write nilecare/invoices billing-service'),
      }),
      access(`${LAB}/src/results.ts:15`, 'lab-service', {
        driver: 'pg',
        datastore: 'lab',
        sql: 'SELECT * FROM results.lab_results WHERE patient_id = $1',
        tables: uses('read lab/results/lab_results lab-service'),
      }),
      access(`${LAB}/src/results.ts:22`, 'lab-service', {
        driver: 'pg',
        datastore: 'lab',
        confidence: 'tokens',
        sql: "SELECT 1 FROM information_schema.tables WHERE table_name = 'lab_results'",
        tables: [
          {
            table: 'tables',
            schema: 'information_schema',
            id: null,
            op: 'read',
            owner: null,
            crossService: false,
            system: true,
          },
        ],
      }),
      access(`${MAIN}/src/dashboard.ts:12`, 'main-nilecare', {
        sql: 'SELECT COUNT(*) FROM patients',
        tables: uses('read !nilecare/patients clinical'),
      }),
      access(`${MAIN}/src/dashboard.ts:16`, 'main-nilecare', {
        sql: 'SELECT COUNT(*) FROM invoices WHERE status = ${status}',
        confidence: 'partial',
        tables: uses('read !nilecare/invoices billing-service'),
      }),
      access(`${PAYMENT}/src/audit.ts:9`, 'payment-gateway-service', {
        sql: 'INSERT INTO audit_logs (service, action) VALUES (?, ?)',
        tables: uses('write nilecare/audit_logs -'),
      }),
      access(`${PAYMENT}/src/payments.ts:40`, 'payment-gateway-service', {
        sql: 'INSERT INTO payments (id, invoice_id) VALUES (?, ?)',
        transaction: `${PAYMENT}/src/payments.ts:38`,
        tables: uses('write nilecare/payments payment-gateway-service'),
      }),
      access(`${PAYMENT}/src/payments.ts:45:48`, 'payment-gateway-service', {
        sql: 'UPDATE invoices SET status = ? WHERE id = ?',
        transaction: `${PAYMENT}/src/payments.ts:38`,
        tables: uses('write !nilecare/invoices billing-service'),
      }),
      access('packages/legacy/src/charges.ts:5', '@nilecare/legacy', {
        reachedBy: [],
        reachedVia: 'import',
        sql: 'DELETE FROM charge_master',
        tables: uses('write nilecare/charge_master billing-service'),
      }),
      access('packages/queries/src/users.ts:8', '@nilecare/queries', {
        reachedBy: ['auth-service', 'billing-service', 'lab-service'],
        reachedVia: 'import',
        sql: 'SELECT * FROM auth_users WHERE id = ?',
        tables: uses('read !nilecare/auth_users auth-service'),
      }),
      access(`${PAYMENT}/migrations/003-backfill.ts:6`, 'payment-gateway-service', {
        migration: true,
        driver: 'knex',
        sql: 'UPDATE invoices SET paid = 1',
        tables: uses('write !nilecare/invoices billing-service'),
      }),
    ],
    unresolved: [
      {
        file: `${MAIN}/src/search.ts`,
        line: 7,
        service: 'main-nilecare',
        reason: 'table name comes from a parameter',
        text: 'SELECT * FROM ${table}',
      },
      {
        file: `${MAIN}/src/search.ts`,
        line: 31,
        service: 'main-nilecare',
        reason: 'table name comes from a parameter',
        text: 'SELECT COUNT(*) FROM ${table}',
      },
      {
        file: `${LAB}/src/import.ts`,
        line: 90,
        service: 'lab-service',
        reason: 'the SQL text comes from a file that is not in the repository',
        text: 'readFileSync(path)',
      },
    ],
    unusedFiles: [
      { file: `${BILLING}/src/audit.ts`, service: 'billing-service', importedBy: [] },
      {
        file: `${MAIN}/src/dashboard.ts`,
        service: 'main-nilecare',
        importedBy: [`${MAIN}/src/index.old.ts`],
      },
    ],
    foreignKeys: [
      {
        from: 'nilecare/invoices',
        fromColumns: ['patient_id'],
        to: 'nilecare/patients',
        toColumns: ['id'],
        crossService: true,
        file: `${BILLING}/migrations/V1__billing.sql`,
        line: 9,
      },
      {
        from: 'nilecare/payments',
        fromColumns: ['invoice_id'],
        to: 'nilecare/invoices',
        toColumns: ['id'],
        crossService: true,
        file: `${PAYMENT}/migrations/V1__payment.sql`,
        line: 14,
      },
    ],
    transactions: [
      {
        service: 'payment-gateway-service',
        begin: `${PAYMENT}/src/payments.ts:38`,
        owners: ['billing-service', 'payment-gateway-service'],
        tables: ['nilecare/invoices', 'nilecare/payments'],
        accesses: ['payments-ts-40', 'payments-ts-45'],
      },
    ],
    schemaStatements: [
      {
        service: 'billing-service',
        file: `${BILLING}/migrations/V2__names.sql`,
        line: 3,
        verb: 'UPDATE',
        tables: uses('write nilecare/invoices billing-service', 'read !nilecare/patients clinical'),
      },
    ],
    coverage: { files: 84, lines: 12_345, leftOut: { tests: 31, declarations: 4, 'compiled twins': 2 } },
    diagnostics: [
      {
        severity: 'warning',
        code: 'syntax-error',
        message: 'Expected `}` but found end of file; what comes before it was read',
        file: `${LAB}/src/broken.ts`,
        line: 101,
      },
    ],
  }
  return { ...map, edges: edgesOf(map) }
}

/** Text that breaks a format that does not escape: quotes, markup, control characters, formulas, entities. */
export const HOSTILE = [
  'a"b',
  "a'b",
  'a`b``c',
  'a|b',
  'a\\b',
  'a\nb',
  'a\r\nb',
  '\u001b[31mred\u001b[0m',
  '\u001b]8;;https://evil.example\u0007link\u001b]8;;\u0007',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '</code></td>',
  ']]>',
  '&amp;',
  '#quot;',
  '[x](javascript:alert(1))',
  '![x](https://evil.example/x.png)',
  'https://evil.example',
  '=cmd|calc!A0',
  '+1',
  '-1',
  '@SUM(1)',
  '\t=1',
  'end',
  'subgraph',
  'click a callback',
  '%%{init: {}}%%',
  '--> b',
  '];c-->d',
  '__proto__',
  'constructor',
  'toString',
  '',
  ' ',
  '\u202eevil',
  '\u0000\u0007\u007f\u009b',
  '\ud800',
  '表',
  '👩‍⚕️',
  '1. first',
  '- item',
  '# title',
  '*bold* _em_ ~~del~~',
  '$x^2$',
  ':smile:',
  'a/b:c',
  '\\N \\G',
  '${x}',
  'x'.repeat(300),
]

/** A map in which every name, path, text and reason is one of the hostile texts. */
export function hostileMap(): DependencyMap {
  const services = HOSTILE.map(name => service(`s${name}`, `services/${name}`))
  const tables = HOSTILE.map((name, index) => ({
    ...table(`db/${index}`, `s${HOSTILE[(index + 1) % HOSTILE.length]}`, 'migration' as const),
    id: `db/${name}`,
    datastore: `db${name}`,
    name,
    evidence: [{ file: name, line: 1, reason: name }],
    columns: [{ name, type: name, nullable: true }],
    primaryKey: [name],
  }))
  const map: DependencyMap = {
    ...emptyMap(),
    services,
    datastores: HOSTILE.map(name => ({ id: `db${name}`, dialect: 'mysql', evidence: [] })),
    tables: [...tables, { ...table('db/open', null, 'open'), id: `open${HOSTILE[0]}`, evidence: [] }],
    accesses: HOSTILE.map((name, index) => ({
      ...access('x.ts:1', `s${name}`),
      id: name,
      file: `services/${name}/x.ts`,
      sqlFile: `services/${name}/x.ts`,
      driver: name,
      sql: name,
      transaction: `${name}:1`,
      crossServiceJoin: true,
      tables: [
        {
          table: name,
          schema: name,
          id: `db/${name}`,
          op: 'write',
          owner: tables[index]!.owner,
          crossService: true,
          via: name,
        },
        { table: name, schema: name, id: null, op: 'read', owner: `s${name}`, crossService: false },
      ],
    })),
    unresolved: HOSTILE.map(name => ({ file: name, line: 1, service: `s${name}`, reason: name, text: name })),
    unusedFiles: HOSTILE.map(name => ({ file: name, service: `s${name}`, importedBy: [name] })),
    foreignKeys: HOSTILE.map((name, index) => ({
      from: `db/${name}`,
      fromColumns: [name],
      to: tables[(index + 1) % tables.length]!.id,
      toColumns: [name],
      crossService: true,
      file: name,
      line: 1,
    })),
    transactions: HOSTILE.map(name => ({
      service: `s${name}`,
      begin: `${name}:1`,
      owners: [name, 'b'],
      tables: [`db/${name}`],
      accesses: [name],
    })),
    schemaStatements: HOSTILE.map((name, index) => ({
      service: `s${name}`,
      file: name,
      line: 1,
      verb: name,
      tables: [
        {
          table: name,
          schema: null,
          id: `db/${name}`,
          op: 'ddl',
          owner: tables[index]!.owner,
          crossService: true,
        },
      ],
    })),
    coverage: { files: 1, lines: 1, leftOut: Object.fromEntries(HOSTILE.map(name => [name, 1])) },
    diagnostics: HOSTILE.map(name => ({ severity: 'error', code: name, message: name, file: name, line: 1 })),
  }
  return { ...map, edges: edgesOf(map) }
}

/** A map of many services that all cross into each other: `services`² accesses to one table of each. */
export function largeMap(services: number): DependencyMap {
  const names = Array.from({ length: services }, (_, index) => `service-${String(index).padStart(3, '0')}`)
  const map: DependencyMap = {
    ...emptyMap(),
    services: names.map(name => service(name, `services/${name}`)),
    datastores: [{ id: 'db', dialect: 'postgresql', evidence: [] }],
    tables: names.map(name => table(`db/${name}_rows`, name, 'migration')),
    accesses: names.flatMap(from =>
      names.map((to, index) =>
        access(`services/${from}/src/queries.ts:${index + 1}`, from, {
          id: `${from}-${to}`,
          sql: `SELECT * FROM ${to}_rows`,
          tables: uses(`read ${from === to ? '' : '!'}db/${to}_rows ${to}`),
        }),
      ),
    ),
  }
  return { ...map, edges: edgesOf(map) }
}
