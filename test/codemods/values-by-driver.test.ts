/**
 * What values-compared.test.ts shows for mysql2 and pg, for call sites of the other drivers: a value of any kind for a
 * column of any kind gives the rows that it gave by the real package, or the client says no. Never other rows.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { INSTALL_TIMEOUT } from '../support/databases.js'
import { fill, MYSQL, named, numbered, POSTGRESQL, VALUES } from './drivers/kinds.js'
import { type BothWays, bothWays } from './drivers/running.js'
import { SUBJECTS, type Subject } from './drivers/subjects.js'
import { type TestDatabase, testDatabase } from './support/database.js'

process.env.TZ = 'America/St_Johns'

const TABLES = { mysql: MYSQL, postgresql: POSTGRESQL }
const KEY = { mysql: 'INT AUTO_INCREMENT PRIMARY KEY', postgresql: 'serial PRIMARY KEY' }

const databases = {} as Record<Subject['dialect'], TestDatabase>

beforeAll(async () => {
  for (const dialect of ['mysql', 'postgresql'] as const) {
    const database = await testDatabase(dialect)
    databases[dialect] = database
    const { pool } = database
    await fill(TABLES[dialect], KEY[dialect], (text, values) =>
      pool.query(dialect === 'mysql' ? text : numbered(text), values),
    )
  }
}, INSTALL_TIMEOUT)
afterAll(async () => {
  for (const { pool } of Object.values(databases)) await pool.end()
})

type Find = Record<string, (value: unknown) => Promise<{ id: number }[]>>

const all = Object.keys(MYSQL)
const but = (...columns: string[]) => all.filter(column => !columns.includes(column))

interface Expected {
  /** Values that gave rows, for which the client says no, by what they are called. */
  refused: Record<string, string[]>
  /** Values that gave rows, or none, for which the database says no now. */
  failing?: Record<string, string[]>
  /** Columns whose statement is not rewritten: the driver reads a value for them in a way of its own. */
  left?: string[]
  /** More is an error there: where values are written into the text PostgreSQL has no `name = 1`. */
  isLooser?: true
}

/** Of a list, an object and a Map these make more than one value; of no date NULL, or a text that no column takes. */
const MYSQL_REFUSED = {
  'a list': all,
  object: all,
  'a map': all,
  'no date': all,
  'a buffer': but('raw'),
  'a date': ['doc'],
  // No number of JSON is exact beyond 2^53.
  bigint: but('big'),
}
const WITH_SYMBOLS = { ...MYSQL_REFUSED, symbol: all }
const POSTGRESQL_REFUSED = {
  'a list': ['name', 'raw', 'doc'],
  'a map': ['name', 'raw', 'doc'],
  'a buffer': ['name'],
  'no date': ['name', 'raw'],
}
const OF_PG = { ...POSTGRESQL_REFUSED, symbol: ['name', 'raw'] }
/** It writes a date by a format of its own, and has no way to write an object and a symbol. */
const SEQUELIZE_LEFT = ['day', 'moment']
const writable = all.filter(column => !SEQUELIZE_LEFT.includes(column))
const SEQUELIZE_MYSQL_REFUSED = {
  'a list': writable,
  'no date': writable,
  'a date': writable,
  'a buffer': writable.filter(column => column !== 'raw'),
  bigint: writable.filter(column => column !== 'big'),
}
const SEQUELIZE_REFUSED = {
  'a list': ['num', 'big', 'money', 'ratio'],
  'no date': ['name', 'raw'],
  'a date': ['name', 'clock', 'raw'],
  'a buffer': ['name'],
}
/** `num = 1.5` compares numbers; `num = $1` takes a whole number only. */
const NO_INTEGERS = {
  '0.1': ['num', 'big'],
  '1.5': ['num', 'big'],
  '100000000000000000000': ['num', 'big'],
  '9007199254740992': ['num'],
  bigint: ['num', 'big'],
}

/** postgres.js takes whatever is not true for false; a bigint, a date and a Buffer it says to be no boolean. */
const NO_BOOLEANS = Object.fromEntries(
  VALUES.filter(value => !['boolean', 'bigint', 'undefined'].includes(typeof value) && value !== null)
    .map(named)
    .filter(name => !['a date', 'no date', 'a buffer'].includes(name))
    .map(name => [name, ['flag']]),
)

const EXPECTED: Record<string, Expected> = {
  mariadb: { refused: MYSQL_REFUSED },
  'knex on mysql': { refused: WITH_SYMBOLS },
  'typeorm on mysql': { refused: WITH_SYMBOLS },
  'pg-promise': { refused: POSTGRESQL_REFUSED, failing: NO_INTEGERS, isLooser: true },
  'knex on postgresql': { refused: OF_PG },
  'typeorm on postgresql': { refused: OF_PG },
  'sequelize on mysql': { refused: SEQUELIZE_MYSQL_REFUSED, left: SEQUELIZE_LEFT },
  'sequelize on postgresql': { refused: SEQUELIZE_REFUSED, failing: NO_INTEGERS, isLooser: true },
  'postgres.js': {
    refused: {
      ...NO_BOOLEANS,
      'a list': ['name', 'num', 'big', 'money', 'ratio', 'flag', 'instant', 'raw'],
      'a map': ['name', 'flag', 'doc'],
      object: ['name', 'flag'],
    },
    failing: { bigint: ['num'] },
    left: ['day', 'moment'],
    isLooser: true,
  },
  prisma: {
    refused: {
      'a list': ['name', 'raw', 'doc'],
      'a map': ['name', 'raw', 'doc'],
      'a buffer': ['name'],
      'a date': ['name', 'clock', 'raw'],
      symbol: Object.keys(POSTGRESQL),
    },
    // Its JSON has no NaN, and so it sends NULL, which finds no rows.
    failing: { 'no number': ['num', 'big', 'flag', 'day', 'moment', 'instant', 'clock', 'key', 'doc'] },
  },
}

const subjects = SUBJECTS.filter(({ name }) => name in EXPECTED)

describe.each(subjects.map(each => [each.name, each] as const))('%s', (_, subject) => {
  const { dialect } = subject
  const columns = Object.keys(TABLES[dialect])
  let ways: BothWays<Find>
  beforeAll(async () => {
    const definitions = Object.entries(TABLES[dialect]).map(([name, [type]]) => `${name} ${type}`)
    const bodies = columns.map(
      name =>
        `export async function ${name}(value: any) {\n  ${subject.find!(`SELECT id FROM t WHERE ${name} = ? ORDER BY id`)}\n}\n`,
    )
    if (dialect === 'postgresql') {
      // The zone of the server; Prisma's adapter is right in UTC only, and Sequelize has one of its own.
      const zone = subject.name === 'prisma' ? 'UTC' : 'Asia/Kolkata'
      const { pool, address } = databases.postgresql
      await pool.query(`ALTER DATABASE ${address.database} SET timezone TO '${zone}'`)
    }
    ways = await bothWays(
      subject,
      databases[dialect].address,
      `CREATE TABLE t (id ${KEY[dialect]}, ${definitions.join(', ')});\n`,
      `import { db } from './db'\n${subject.imports ?? ''}\n${bodies.join('\n')}`,
    )
  }, INSTALL_TIMEOUT)
  afterAll(() => ways?.end())

  test('the same rows, or a refusal', async () => {
    const { refused, failing = {}, left = [], isLooser = false } = EXPECTED[subject.name]!
    const open = ways.made.plan.accesses.filter(({ file, edit }) => file.startsWith('shop') && edit === null)
    expect(
      open.map(({ reason }) => /reads a value of type \w+ in a way of its own \((\w+)\)$/.exec(reason)?.[1]),
    ).toEqual(left)
    const found = { refused: new Columns(), failing: new Columns() }
    for (const column of columns.filter(name => !left.includes(name))) {
      // All in one request.
      const answers = await Promise.all(VALUES.map(value => given(() => ways.after[column]!(value))))
      for (const [at, value] of VALUES.entries()) {
        const before = await given(() => ways.before[column]!(value))
        if (before === 'error') await ways.settle()
        const after = answers[at]!
        const what = [column, named(value)]
        if (before === 'error') {
          if (!isLooser) expect([...what, Array.isArray(after)]).toEqual([...what, false])
        } else if (after === 'refused') found.refused.note(value, column)
        else if (after === 'error') found.failing.note(value, column)
        else expect([...what, after]).toEqual([...what, before])
      }
    }
    expect({ refused: found.refused.byValue, failing: found.failing.byValue }).toEqual({ refused, failing })
  }, 240_000)
})

/** Columns by what a value is called. */
class Columns {
  readonly byValue: Record<string, string[]> = {}

  note(value: unknown, column: string): void {
    const name = named(value)
    this.byValue[name] = [...new Set([...(this.byValue[name] ?? []), column])]
  }
}

async function given(call: () => Promise<{ id: number }[]>): Promise<number[] | 'error' | 'refused'> {
  try {
    return (await call()).map(({ id }) => Number(id))
  } catch (error) {
    const { name, httpStatus } = error as { name: string; httpStatus?: number }
    return name === 'RejectedError' && httpStatus === 0 ? 'refused' : 'error'
  }
}
