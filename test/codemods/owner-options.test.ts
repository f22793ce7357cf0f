/**
 * The pool that an owner runs its operations on has options of its own, for its own code: what callers get, and what is
 * written, does not depend on them.
 */
import type { PoolOptions } from 'mysql2/promise'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { INSTALL_TIMEOUT } from '../support/databases.js'
import { inserts, MYSQL, SCHEMAS } from './drivers/columns.js'
import { type BothWays, bothWays } from './drivers/running.js'
import { SUBJECTS } from './drivers/subjects.js'
import { type TestDatabase, testDatabase } from './support/database.js'

process.env.TZ = 'America/St_Johns'

/** Title and options. */
const POOLS: [string, PoolOptions][] = [
  ['numbers for decimals', { decimalNumbers: true }],
  ['texts for big numbers, of keys too', { supportBigNumbers: true, bigNumberStrings: true }],
  ['JSON as text, dates of UTC as text', { jsonStrings: true, dateStrings: ['DATE'], timezone: 'Z' }],
  ['rows as lists', { rowsAsArray: true }],
  ['rows by table', { nestTables: true }],
  ['values of its own', { typeCast: field => `cast ${field.string()}` }],
  [
    'truth for TINYINT(1)',
    { typeCast: (field, next) => (field.type === 'TINY' ? field.string() === '1' : next()) },
  ],
  ['named placeholders, several statements', { namedPlaceholders: true, multipleStatements: true }],
]

const subject = SUBJECTS.find(({ name }) => name === 'mysql2')!
const columns = Object.keys(MYSQL).filter(name => !subject.refused.includes(name))
const bodies: Record<string, string> = {
  ...Object.fromEntries(
    columns.map(name => [`read_${name}`, subject.read(`SELECT ${name} FROM samples ORDER BY id`)]),
  ),
  ...Object.fromEntries(
    columns.map(name => [
      `bound_${name}`,
      `const [rows] = await db.execute(${JSON.stringify(`SELECT ${name} FROM samples ORDER BY id`)})\n  return rows`,
    ]),
  ),
  inserted: subject.shapes.inserted!,
  result: subject.shapes.result!,
  updated: subject.shapes.updated!,
}
const calls = `import { db } from './db'\n${Object.entries(bodies)
  .map(([name, body]) => `export async function ${name}() {\n  ${body}\n}\n`)
  .join('\n')}`

let database: TestDatabase

beforeAll(async () => {
  database = await testDatabase('mysql', [SCHEMAS.mysql])
  for (const statement of inserts(MYSQL)) await database.pool.query(statement)
}, INSTALL_TIMEOUT)
afterAll(() => database?.pool.end())

describe.each(POOLS)('an owner with %s', (_, options) => {
  let ways: BothWays<Record<string, () => Promise<unknown>>>
  beforeAll(async () => {
    ways = await bothWays(subject, database.address, SCHEMAS.mysql, calls, options)
  }, INSTALL_TIMEOUT)
  afterAll(() => ways?.end())

  test.each(Object.keys(bodies))('%s', async name => {
    const run = async (way: 'before' | 'after'): Promise<unknown> => {
      await database.pool.query('TRUNCATE notes')
      await database.pool.query("INSERT INTO notes (body, hits) VALUES ('first', 5), ('second', 0)")
      return JSON.parse(JSON.stringify(await ways[way][name]!(), (_key, value) => value ?? null))
    }
    expect(await run('after')).toStrictEqual(await run('before'))
  })
})
