/**
 * Statements made by chance, lifted and split, give what they gave: on MariaDB and on PostgreSQL, by the generated
 * client and server. `RUNS=200 SEED=3` makes more of them, and others.
 */
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { rewrite } from '../../codemods/index.js'
import { verify } from '../../codemods/verify/index.js'
import { renderVerification } from '../../reports/rewrite/verification.js'
import { platformFiles, writeFolder } from '../codemods/platform.js'
import { INSTALL_TIMEOUT, mariadbDatabase } from '../support/databases.js'

const runs = Number(process.env.RUNS ?? 8)
const seed = Number(process.env.SEED ?? 7)
const project = fileURLToPath(new URL('../..', import.meta.url))

type Dialect = 'mysql' | 'postgresql'

/** `?` stands for a value in all of them. */
interface Column {
  sql: string
  /** Literals that it may be compared with. */
  literals: string[]
  isText?: true
}

const column = (sql: string, ...literals: string[]): Column => ({ sql, literals })
const text = (sql: string, ...literals: string[]): Column => ({ sql, literals, isText: true })

const P = [
  text('p.mrn', "'a'", "'1'", "''"),
  text('p.first_name', "'Ünal'", "'a'"),
  text('p.last_name', "'b'"),
  column('p.visits', '1', '0', '9007199254740993'),
  column('p.balance', '12.50', '0.01'),
  column('p.born', "'2024-02-29'"),
]
const E = [
  column('e.id', '1', '5'),
  text('e.status', "'a'", "'open'"),
  column('e.started_at', "'2024-02-29 00:00:00'"),
  column('e.ward_id', '1', '0'),
]
const W = [column('w.id', '1', '0'), text('w.name', "'a'", "'日本'")]
const O = [column('o.id', '1', '5'), column('o.total', '12.50', '0')]

function conditionOn(columns: Column[]): fc.Arbitrary<string> {
  const compared = fc.constantFrom(...columns).chain(({ sql, literals, isText }) =>
    fc.oneof(
      fc.constantFrom('=', '<>', '<', '<=', '>', '>=').map(op => `${sql} ${op} ?`),
      fc
        .tuple(fc.constantFrom('=', '<>', '<', '>='), fc.constantFrom(...literals))
        .map(([op, value]) => `${sql} ${op} ${value}`),
      fc.constantFrom(
        `${sql} IS NULL`,
        `${sql} IS NOT NULL`,
        `${sql} BETWEEN ? AND ?`,
        `${sql} IN (?, ?)`,
        `NOT (${sql} = ?)`,
      ),
      fc.constantFrom(...literals).map(value => `${sql} IN (${value}, ${literals[0]})`),
      ...(isText ? [fc.constantFrom(`${sql} LIKE ?`, `${sql} LIKE '%a%'`, `${sql} NOT LIKE 'a%'`)] : []),
    ),
  )
  return fc.oneof(
    compared,
    fc.tuple(compared, fc.constantFrom('AND', 'OR'), compared).map(([a, op, b]) => `(${a} ${op} ${b})`),
    fc.tuple(compared, compared, compared).map(([a, b, c]) => `${a} AND (${b} OR ${c})`),
  )
}

const FROM: [sql: string, columns: Column[], key: string][] = [
  ['patients p', P, 'p.id'],
  ['encounters e', E, 'e.id'],
  ['encounters e JOIN patients p ON p.id = e.patient_id', [...E, ...P], 'e.id'],
  ['encounters e LEFT JOIN patients p ON p.id = e.patient_id', [...E, ...P], 'e.id'],
  [
    "patients p LEFT JOIN encounters e ON e.patient_id = p.id AND e.status <> 'a'",
    [...P, ...E],
    'p.id, e.id',
  ],
  ['encounters e LEFT JOIN wards w ON w.id = e.ward_id', [...E, ...W], 'e.id'],
  [
    'encounters e JOIN patients p ON p.id = e.patient_id LEFT JOIN wards w ON w.id = e.ward_id',
    [...E, ...P, ...W],
    'e.id',
  ],
]

const where = (columns: Column[]): fc.Arbitrary<string> =>
  fc.option(conditionOn(columns), { nil: '', freq: 4 }).map(sql => (sql === '' ? '' : ` WHERE ${sql}`))

const selected = (columns: Column[]): fc.Arbitrary<string> =>
  fc
    .subarray(columns, { minLength: 1 })
    .map(list => list.map(({ sql }) => `${sql} AS ${sql.replace('.', '_')}`).join(', '))

const lifted: fc.Arbitrary<string> = fc.constantFrom(...FROM).chain(([from, columns, key]) => {
  const [first] = columns
  return fc.oneof(
    fc
      .tuple(
        selected(columns),
        where(columns),
        fc.constantFrom('', ' DESC'),
        fc.constantFrom('', ' LIMIT 3', ' LIMIT 2 OFFSET 1', ' LIMIT ?'),
      )
      .map(([items, filter, direction, limit]) => {
        const order = key
          .split(', ')
          .map(name => `${name}${direction}`)
          .join(', ')
        return `SELECT ${items} FROM ${from}${filter} ORDER BY ${order}${limit}`
      }),
    fc
      .tuple(selected(columns), where(columns))
      .map(([items, filter]) => `SELECT DISTINCT ${items} FROM ${from}${filter}`),
    fc
      .tuple(fc.constantFrom(...columns), where(columns))
      .map(
        ([{ sql }, filter]) =>
          `SELECT COUNT(*) AS n, COUNT(DISTINCT ${sql}) AS d, MIN(${sql}) AS low, MAX(${sql}) AS high FROM ${from}${filter}`,
      ),
    fc
      .tuple(fc.constantFrom(...columns), where(columns), fc.constantFrom('', ' HAVING COUNT(*) > 1'))
      .map(
        ([{ sql }, filter, having]) =>
          `SELECT ${sql} AS grouped, COUNT(*) AS n, MAX(${first!.sql}) AS high FROM ${from}${filter} GROUP BY ${sql}${having}`,
      ),
  )
})

const split: fc.Arbitrary<string> = fc
  .record({
    join: fc.constantFrom('JOIN', 'LEFT JOIN'),
    own: selected(O),
    foreign: selected(P),
    filter: where(O),
    direction: fc.constantFrom('', ' DESC'),
    limit: fc.boolean(),
  })
  .map(({ join, own, foreign, filter, direction, limit }) => {
    const limited = limit && join === 'LEFT JOIN' ? ' LIMIT 5' : ''
    return `SELECT ${own}, ${foreign} FROM orders o ${join} patients p ON p.id = o.patient_id${filter} ORDER BY o.id${direction}${limited}`
  })

/** A function that runs a statement, its values handed over by its caller. */
function functionOf(sql: string, at: number, dialect: Dialect, method: string): string {
  let count = 0
  const written = sql.replace(/\?/g, () => {
    count++
    return dialect === 'mysql' ? '?' : `$${count}`
  })
  const names = Array.from({ length: count }, (_, index) => `v${index}`)
  const result = dialect === 'mysql' ? '[rows]' : '{ rows }'
  return `export async function case${at}(${names.map(name => `${name}: any`).join(', ')}) {
  const ${result} = await db.${method}(${JSON.stringify(written)}, [${names.join(', ')}])
  return rows
}
`
}

it.each(['mysql', 'postgresql'] as const)(
  'statements of %s',
  async dialect => {
    const statements = [
      ...fc.sample(lifted, { numRuns: runs, seed }),
      ...fc.sample(split, { numRuns: Math.ceil(runs / 2), seed }),
    ]
    const code = statements.map((sql, at) =>
      functionOf(sql, at, dialect, dialect === 'mysql' && at % 2 === 0 ? 'execute' : 'query'),
    )
    const root = writeFolder({
      ...platformFiles(dialect),
      'shop/src/calls.ts': `import { db } from './db'\n\n${code.join('\n')}`,
    })
    symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'), 'junction')
    try {
      const { operations, plan, repository } = await rewrite({ root, inTransactions: false })
      const left = plan.accesses.filter(({ edit }) => edit === null)
      const mysqlUrl = dialect === 'mysql' ? await serverUrl() : null
      const verified = await verify({ operations, repository, mysqlUrl })
      const told = `${renderVerification(verified, false)}${left.map(({ line, reason }) => `${line}: ${reason}\n`).join('')}`
      if (process.env.RUNS !== undefined) console.log(told)
      expect(verified.filter(({ outcome }) => outcome.kind === 'different').length, told).toBe(0)
      // Statements that find nothing, and those that are left by hand, prove nothing.
      const equal = verified.filter(({ outcome }) => outcome.kind === 'equal')
      expect(equal.length, told).toBeGreaterThan(statements.length / 2)
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  },
  INSTALL_TIMEOUT,
)

async function serverUrl(): Promise<string> {
  const { host, port, user } = await mariadbDatabase()
  return `mysql://${user}@${host}:${port}`
}
