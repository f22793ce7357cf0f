/**
 * The call sites of each driver run through the real package, on a real server, and rewritten through the generated
 * client, over HTTP: the same values of the same types, in the same shape, for columns of every type.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { INSTALL_TIMEOUT } from '../support/databases.js'
import { inserts, MYSQL, POSTGRESQL, SCHEMAS } from './drivers/columns.js'
import { type BothWays, bothWays } from './drivers/running.js'
import { SUBJECTS, type Subject } from './drivers/subjects.js'
import { type TestDatabase, testDatabase } from './support/database.js'

// A clock that is none of a server's, with summer time.
process.env.TZ = 'America/St_Johns'

const COLUMNS = { mysql: MYSQL, postgresql: POSTGRESQL }

type Functions = Record<string, () => Promise<unknown>>

const databases = {} as Record<Subject['dialect'], TestDatabase>

beforeAll(async () => {
  for (const dialect of ['mysql', 'postgresql'] as const) {
    const database = await testDatabase(dialect, [SCHEMAS[dialect]])
    for (const statement of inserts(COLUMNS[dialect])) await database.pool.query(statement)
    if (dialect === 'postgresql') {
      // Sessions show moments in a zone that is not the process's either.
      await database.pool.query(`ALTER DATABASE ${database.address.database} SET timezone TO 'Asia/Kolkata'`)
    }
    databases[dialect] = database
  }
}, INSTALL_TIMEOUT)
afterAll(async () => {
  for (const { pool } of Object.values(databases)) await pool.end()
})

describe.each(SUBJECTS.map(subject => [subject.name, subject] as const))('%s', (_, subject) => {
  const { dialect } = subject
  const columns = Object.keys(COLUMNS[dialect])
  const bodies: Record<string, string> = {
    ...Object.fromEntries(
      columns.map(name => [`read_${name}`, subject.read(`SELECT ${name} FROM samples ORDER BY id`)]),
    ),
    ...subject.shapes,
  }
  const calls = `import { db } from './db'\n${subject.imports ?? ''}\n${Object.entries(bodies)
    .map(([name, body]) => `export async function ${name}() {\n  ${body}\n}\n`)
    .join('\n')}`
  let ways: BothWays<Functions>

  beforeAll(async () => {
    ways = await bothWays(subject, databases[dialect].address, SCHEMAS[dialect], calls)
  }, INSTALL_TIMEOUT)
  afterAll(() => ways?.end())

  test('what is left alone', () => {
    const lines = calls.split('\n')
    const nameAt = (line: number): string =>
      lines
        .slice(0, line)
        .flatMap(text => /^export async function (\w+)/.exec(text)?.[1] ?? [])
        .at(-1)!
    const left = ways.made.plan.accesses.filter(
      ({ file, edit }) => file === 'shop/src/calls.ts' && edit === null,
    )
    expect(Object.fromEntries(left.map(({ line, reason }) => [nameAt(line), reason]))).toEqual(
      Object.fromEntries(
        subject.refused.map(name => [columns.includes(name) ? `read_${name}` : name, expect.any(String)]),
      ),
    )
  })

  test.each(columns.filter(name => !subject.refused.includes(name)))('column %s', async name => {
    expect(rowsOf(await ways.after[`read_${name}`]!())).toStrictEqual(
      rowsOf(await ways.before[`read_${name}`]!()),
    )
  })

  test.each(Object.keys(subject.shapes).filter(name => !subject.refused.includes(name)))(
    'shape %s',
    async name => {
      const old = await outcomeOf(ways.before[name]!, subject)
      expect(await outcomeOf(ways.after[name]!, subject)).toStrictEqual(old)
    },
  )
})

const NOTES = "INSERT INTO notes (body, hits) VALUES ('first', 9007199254740993), ('second', 0), ('third', 7)"

/** What a call gives, or the code of its error, and the table afterwards. */
async function outcomeOf(call: () => Promise<unknown>, { dialect, ownErrors }: Subject): Promise<unknown> {
  const { pool, rows } = databases[dialect]
  await pool.query(dialect === 'mysql' ? 'TRUNCATE notes' : 'TRUNCATE notes RESTART IDENTITY')
  await pool.query(NOTES)
  const given = await call().then(
    value => ({ value: rowsOf(value) }),
    (error: { code?: unknown; name: string }) => ({ error: ownErrors ? true : (error.code ?? error.name) }),
  )
  return { ...given, table: (await rows('SELECT * FROM notes ORDER BY id')).map(row => ({ ...row })) }
}

/** Lists and rows without the classes that drivers give them; values stay what they are. */
function rowsOf(value: unknown): unknown {
  if (Array.isArray(value)) return Array.from(value, rowsOf)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Date || ArrayBuffer.isView(value)) return value
  return Object.fromEntries(Object.entries(value))
}
