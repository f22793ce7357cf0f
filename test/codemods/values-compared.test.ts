/**
 * A call site hands over what it likes: a number for a text, a text for a number, a list for one value. The database has
 * to compare it as it did when the consumer's own driver sent it, or the client has to say no. Never other rows.
 */
import mysql from 'mysql2/promise'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parameterConversion } from '../../codemods/generate/client/values.js'
import { kindOf } from '../../codemods/generate/kinds.js'
import * as parameters from '../../codemods/runtime/parameters.js'
import { mysqlDatabase } from '../../codemods/runtime/server/database-mysql2.js'
import { pgDatabase } from '../../codemods/runtime/server/database-pg.js'
import {
  createServer,
  type Database,
  list,
  type OperationSpec,
  sql,
} from '../../codemods/runtime/server/server.js'
import { wireTypeOf } from '../../codemods/sql/column-types.js'
import { INSTALL_TIMEOUT, mariadbDatabase, postgresDatabase } from '../support/databases.js'
import { fill, MYSQL, named, numbered, POSTGRESQL, VALUES } from './drivers/kinds.js'

/** Where the parameter stands: each tells apart other ways to compare. */
const PLACES = ['c = ?', 'c IN (?)', 'COALESCE(?, c) = c', 'c > ?', 'c IN (?, ?)']

interface Case {
  operation: OperationSpec
  column: string
  place: string
  text: string
}

/** One operation for each column and place. */
function casesOf(
  table: Record<string, [string, string[]]>,
  dialect: 'mysql' | 'postgresql',
  method: 'query' | 'execute',
): Case[] {
  return Object.keys(table).flatMap(column =>
    (dialect === 'mysql' ? PLACES : PLACES.slice(0, 3)).map((place, at): Case => {
      const isList = place === 'c IN (?)' && method === 'query' && dialect === 'mysql'
      const text = `SELECT id FROM t WHERE ${place.replaceAll('c', column).replace(`${column.toUpperCase()}OALES`, 'COALES')} ORDER BY id`
      const pieces = text.split('?')
      const strings = Object.assign(pieces, { raw: pieces })
      const kind = kindOf(wireTypeOf(table[column]![0], dialect)!).replace(/\(.*/, '')
      const operation: OperationSpec = {
        name: `${column}${at}${method}`,
        kind: 'rows',
        method,
        parameters: { value: { kind: kind as 'text', ...(isList ? { list: true } : {}) } },
        columns: { id: 'integer' },
        statement: ({ value }) =>
          sql(
            strings as unknown as TemplateStringsArray,
            ...pieces.slice(1).map(() => (isList ? list(value) : value)),
          ),
      }
      return { operation, column, place, text }
    }),
  )
}

/** What the client makes of a value; `refused` where it makes nothing. The rest of the way is that of values.test.ts. */
function encoded(
  { operation, column }: Case,
  { table, dialect }: Subject,
  value: unknown,
): object | 'refused' {
  const type = wireTypeOf(table[column]![0], dialect)!
  const isList = operation.parameters.value!.list === true
  const { code } = parameterConversion(isList ? { kind: 'list', of: type } : type)
  const encode = new Function('parameters', `return ${code}`)(parameters) as parameters.Encode
  const prepared = dialect === 'mysql' && operation.method === 'execute' ? { prepared: true as const } : {}
  try {
    return parameters.encodeParameters(
      { value },
      { value: encode },
      { dialect, timezone: 'local', ...prepared },
    )
  } catch {
    return 'refused'
  }
}

interface Subject {
  table: Record<string, [string, string[]]>
  dialect: 'mysql' | 'postgresql'
  owner: Database
  /** By the consumer's driver. */
  old: (text: string, values: unknown[]) => Promise<{ id: number }[]>
}

/** Values that the client refuses though the driver took them, and the columns that they were for. */
async function refusals(cases: Case[], subject: Subject): Promise<Record<string, Set<string>>> {
  const answer = createServer({
    database: subject.owner,
    operations: cases.map(each => each.operation),
    apiKeys: ['key'],
  })
  const refused: Record<string, Set<string>> = {}
  for (const each of cases) {
    const places = each.text.split('?').length - 1
    for (const value of VALUES) {
      // mysql2 throws for these with its connection in the middle of a request, which is then of no more use.
      if (each.operation.method === 'execute' && (value instanceof Map || named(value) === 'no date'))
        continue
      const before = await subject
        .old(
          each.text,
          Array.from({ length: places }, () => value),
        )
        .then(
          rows => rows.map(({ id }) => id),
          () => 'error',
        )
      const sent = encoded(each, subject, value)
      if (sent === 'refused') {
        if (before !== 'error') {
          refused[named(value)] ??= new Set()
          refused[named(value)]!.add(each.column)
        }
        continue
      }
      const body: unknown = JSON.parse(JSON.stringify(sent))
      const { status, body: got } = await answer({ operation: each.operation.name, apiKey: 'key', body })
      const after = status === 200 ? (got as { rows: { id: number }[] }).rows.map(({ id }) => id) : 'error'
      expect([each.text, named(value), after]).toEqual([each.text, named(value), before])
    }
  }
  return refused
}

describe.each(['query', 'execute'] as const)('%s of mysql2', method => {
  let owner: mysql.Pool
  let consumer: mysql.Pool
  beforeAll(async () => {
    const address = await mariadbDatabase()
    owner = mysql.createPool({ ...address, connectionLimit: 1 })
    consumer = mysql.createPool({ ...address, connectionLimit: 1 })
    await fill(MYSQL, 'INT AUTO_INCREMENT PRIMARY KEY', (text, values) => owner.query(text, values))
  }, INSTALL_TIMEOUT)
  afterAll(async () => {
    await owner.end()
    await consumer.end()
  })

  test('the same rows, or a refusal', async () => {
    const cases = casesOf(MYSQL, 'mysql', method)
    const old: Subject['old'] = async (text, values) => {
      const [rows] = await (method === 'query'
        ? consumer.query(text, values as string[])
        : consumer.execute(text, values as string[]))
      return rows as unknown as { id: number }[]
    }
    const refused = await refusals(cases, {
      table: MYSQL,
      dialect: 'mysql',
      owner: mysqlDatabase(owner),
      old,
    })
    const all = Object.keys(MYSQL)
    const but = (...columns: string[]) => new Set(all.filter(column => !columns.includes(column)))
    expect(refused).toEqual({
      // mysql2 makes a list of values or a text of them, for which there is no one value.
      'a list': method === 'query' ? but() : but('doc'),
      object: method === 'query' ? but() : but('doc'),
      symbol: but(),
      'a buffer': but('raw'),
      ...(method === 'query'
        ? // No number of JSON is exact beyond 2^53; of an invalid date mysql2 makes NULL.
          { 'a map': but(), 'no date': but(), bigint: but('big'), 'a date': new Set(['doc']) }
        : // Bound as a moment, which is compared in another way than its text; MariaDB takes a NaN.
          { 'a date': but('day', 'moment'), 'no number': but() }),
    })
  }, 240_000)
})

describe('pg', () => {
  let pool: pg.Pool
  beforeAll(async () => {
    pool = new pg.Pool({ ...(await postgresDatabase()), max: 2 })
    await fill(POSTGRESQL, 'serial PRIMARY KEY', (text, values) => pool.query(numbered(text), values))
  }, INSTALL_TIMEOUT)
  afterAll(() => pool.end())

  test('the same rows, or a refusal', async () => {
    const cases = casesOf(POSTGRESQL, 'postgresql', 'query')
    const old: Subject['old'] = async (text, values) => (await pool.query(numbered(text), values)).rows
    const refused = await refusals(cases, {
      table: POSTGRESQL,
      dialect: 'postgresql',
      owner: pgDatabase(pool),
      old,
    })
    expect(refused).toEqual({
      // pg makes `{"1"}` of a list, and of what is no date `0NaN-NaN…`, which these columns take.
      'a list': new Set(['name', 'raw', 'doc']),
      'a map': new Set(['name', 'raw', 'doc']),
      'a buffer': new Set(['name']),
      'no date': new Set(['name', 'raw']),
      symbol: new Set(['name', 'raw']),
    })
  }, 240_000)
})
