/**
 * The values that a client gives are those that the driver gave, and what it sends means what it meant: the same
 * statement by the driver, and by client, HTTP and the owner's server, on real databases.
 */
import { createServer as createHttpServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import mysql from 'mysql2/promise'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { faceOf } from '../../../codemods/faces.js'
import { columnConversion, parameterConversion } from '../../../codemods/generate/client/values.js'
import { kindOf } from '../../../codemods/generate/kinds.js'
import type { DriverOptions } from '../../../codemods/operation.js'
import { opened } from '../../../codemods/repository/connection-options.js'
import * as columns from '../../../codemods/runtime/columns.js'
import type { Driver } from '../../../codemods/runtime/dates.js'
import * as parameters from '../../../codemods/runtime/parameters.js'
import { mysqlDatabase } from '../../../codemods/runtime/server/database-mysql2.js'
import { pgDatabase } from '../../../codemods/runtime/server/database-pg.js'
import {
  createServer,
  type Database,
  type OperationSpec,
  sql,
} from '../../../codemods/runtime/server/server.js'
import { type Operation, Service } from '../../../codemods/runtime/service.js'
import type { WireType } from '../../../codemods/wire.js'
import {
  type DatabaseAddress,
  INSTALL_TIMEOUT,
  mariadbDatabase,
  postgresDatabase,
} from '../../support/databases.js'

/** A zone that is hours and a half away from that of the servers, with summer time. */
process.env.TZ = 'America/St_Johns'

type Column = [name: string, definition: string, type: WireType]
const kind = (
  kind:
    | 'text'
    | 'integer'
    | 'bigint'
    | 'float'
    | 'boolean'
    | 'uuid'
    | 'date'
    | 'time'
    | 'timestamp'
    | 'instant'
    | 'bytes'
    | 'json',
): WireType => ({ kind })

const MYSQL: Column[] = [
  ['tiny', 'TINYINT(1)', kind('integer')],
  ['small', 'SMALLINT UNSIGNED', kind('integer')],
  ['num', 'INT', kind('integer')],
  ['big', 'BIGINT', kind('bigint')],
  ['ubig', 'BIGINT UNSIGNED', kind('bigint')],
  ['money', 'DECIMAL(20,4)', { kind: 'decimal', scale: 4 }],
  ['single_', 'FLOAT', kind('float')],
  ['double_', 'DOUBLE', kind('float')],
  ['year_', 'YEAR', kind('integer')],
  ['day', 'DATE', kind('date')],
  ['clock', 'TIME(2)', kind('time')],
  ['moment', 'DATETIME', kind('timestamp')],
  ['moment6', 'DATETIME(6)', kind('timestamp')],
  ['stamp', 'TIMESTAMP(3) NULL', kind('timestamp')],
  ['name', 'VARCHAR(100)', kind('text')],
  ['fixed', 'CHAR(5)', kind('text')],
  ['long_', 'LONGTEXT', kind('text')],
  ['choice', "ENUM('a','b''c')", kind('text')],
  ['choices', "SET('x','y')", kind('text')],
  ['raw', 'VARBINARY(20)', kind('bytes')],
  ['lob', 'BLOB', kind('bytes')],
  ['doc', 'JSON', kind('json')],
]

const POSTGRES: Column[] = [
  ['flag', 'boolean', kind('boolean')],
  ['num', 'integer', kind('integer')],
  ['big', 'bigint', kind('bigint')],
  ['money', 'numeric(20,4)', { kind: 'decimal', scale: 4 }],
  ['any_number', 'numeric', { kind: 'decimal', scale: null }],
  ['single_', 'real', kind('float')],
  ['double_', 'double precision', kind('float')],
  ['day', 'date', kind('date')],
  ['clock', 'time', kind('time')],
  ['moment', 'timestamp', kind('timestamp')],
  ['instant', 'timestamptz', kind('instant')],
  ['name', 'text', kind('text')],
  ['fixed', 'char(5)', kind('text')],
  ['key', 'uuid', kind('uuid')],
  ['raw', 'bytea', kind('bytes')],
  ['doc', 'jsonb', kind('json')],
  ['doc_text', 'json', kind('json')],
  ['tags', 'text[]', { kind: 'array', of: kind('text') }],
  ['nums', 'integer[]', { kind: 'array', of: kind('integer') }],
  ['bigs', 'bigint[]', { kind: 'array', of: kind('bigint') }],
  ['moneys', 'numeric[]', { kind: 'array', of: { kind: 'decimal', scale: null } }],
  ['days', 'date[]', { kind: 'array', of: kind('date') }],
  ['instants', 'timestamptz[]', { kind: 'array', of: kind('instant') }],
  ['flags', 'boolean[]', { kind: 'array', of: kind('boolean') }],
  ['docs', 'jsonb[]', { kind: 'array', of: kind('json') }],
  ['raws', 'bytea[]', { kind: 'array', of: kind('bytes') }],
]

/** SQL of values, by column: each becomes a row of its own. */
const MYSQL_ROWS: [string, string][] = [
  ['tiny', '1'],
  ['tiny', '-128'],
  ['small', '65535'],
  ['num', '-2147483648'],
  ['big', '9007199254740991'],
  ['big', '9007199254740993'],
  ['big', '-9223372036854775808'],
  ['ubig', '18446744073709551615'],
  ['ubig', '12345678901234567'],
  ['money', '12.5'],
  ['money', '-0.0001'],
  ['money', '1234567890123456.7891'],
  ['single_', '0.1'],
  ['single_', '1234567.891'],
  ['double_', '0.1'],
  ['double_', '1e-300'],
  ['double_', '123456789012345680000'],
  ['year_', '2024'],
  ['day', "'2024-02-29'"],
  ['day', "'1969-12-31'"],
  ['day', "'1000-01-01'"],
  ['clock', "'-838:59:59'"],
  ['clock', "'13:45:00.5'"],
  ['moment', "'2024-07-01 23:59:59'"],
  ['moment6', "'2024-07-01 23:59:59.123456'"],
  ['moment6', "'2024-03-31 02:30:00.999999'"],
  ['stamp', "'2024-10-27 01:30:00.001'"],
  ['name', "'Ünal 日本 😀'"],
  ['name', "''"],
  ['fixed', "'ab '"],
  ['long_', "REPEAT('ab''\\n', 1000)"],
  ['choice', "'b''c'"],
  ['choices', "'x,y'"],
  ['raw', "X'00FF0A'"],
  ['raw', "''"],
  ['lob', "X'C328'"],
  ['doc', '\'{"a": [1, null, "ü"], "b": {"c": 1.5}}\''],
  ['doc', "'null'"],
  ['doc', '\'"text"\''],
]

const POSTGRES_ROWS: [string, string][] = [
  ['flag', 'true'],
  ['flag', 'false'],
  ['num', '-2147483648'],
  ['big', '-9223372036854775808'],
  ['money', '12.5'],
  ['any_number', '12.500'],
  ['any_number', "'NaN'"],
  ['any_number', '1e30'],
  ['single_', '0.1'],
  ['double_', '0.1'],
  ['double_', "'NaN'"],
  ['double_', "'-Infinity'"],
  ['double_', '1e-300'],
  ['day', "'2024-02-29'"],
  ['day', "'0099-03-01'"],
  ['day', "'0044-03-15 BC'"],
  ['day', "'infinity'"],
  ['clock', "'13:45:00.5'"],
  ['moment', "'2024-07-01 23:59:59.123456'"],
  ['moment', "'-infinity'"],
  ['moment', "'2024-03-31 02:30:00'"],
  ['instant', "'2024-07-01 23:59:59.999999+02'"],
  ['instant', "'1900-01-01 00:00:00+00'"],
  ['instant', "'0044-03-15 12:00:00+00 BC'"],
  ['instant', "'infinity'"],
  ['name', "'Ünal 日本 😀'"],
  ['name', "''"],
  ['fixed', "'ab'"],
  ['key', "'6F1C2F3E-8A54-4D7E-9C1B-0A1B2C3D4E5F'"],
  ['raw', "'\\x00ff0a'"],
  ['raw', "''"],
  ['doc', '\'{"a": [1, null, "ü"], "b": {"c": 1.50}}\''],
  ['doc', "'null'"],
  ['doc', '\'"text"\''],
  ['doc_text', '\'{"b":1, "a":2, "b":3}\''],
  ['tags', `ARRAY['x', 'y "z"', NULL, '', 'NULL', E'a\\\\b', '{}']`],
  ['tags', "'{}'"],
  ['nums', "'{{1,2},{NULL,4}}'"],
  ['bigs', "'{9007199254740993,-9007199254740993}'"],
  ['moneys', "'{12.50,NULL}'"],
  ['days', "'{2024-02-29}'"],
  ['instants', "'{2024-07-01 12:00:00+00,NULL}'"],
  ['flags', "'{t,f,NULL}'"],
  ['docs', `ARRAY['{"a": 1}'::jsonb, 'null'::jsonb, NULL]`],
  ['raws', `ARRAY['\\x00ff'::bytea]`],
]

let current: { database: Database; operations: OperationSpec[] }
let http: Server

beforeAll(async () => {
  http = createHttpServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const answer = createServer({ ...current, apiKeys: ['key'] })
    const [, name = null] = /operations\/(\w+)$/.exec(request.url ?? '') ?? []
    const apiKey = request.headers['x-api-key'] as string
    const {
      status,
      contentType,
      body: sent,
    } = await answer({ operation: name, apiKey, body: JSON.parse(body) })
    response.writeHead(status, { 'content-type': contentType }).end(JSON.stringify(sent))
  })
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve))
  process.env.CLINICAL_API_URL = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  process.env.CLINICAL_API_KEY = 'key'
})

afterAll(() => {
  http.closeAllConnections()
  http.close()
})

/** What the generated code says, as a value. */
function evaluated<T>(code: string): T {
  return new Function('columns', 'parameters', `return ${code}`)(columns, parameters)
}

const statement = (text: string): OperationSpec['statement'] => {
  const strings = Object.assign([text], { raw: [text] })
  return () => sql(strings)
}

function readAll(list: Column[], method: OperationSpec['method']): OperationSpec {
  const kinds = Object.fromEntries(list.map(([name, , type]) => [name, kindOf(type)]))
  return {
    name: 'listEverything',
    kind: 'rows',
    method,
    parameters: {},
    columns: { id: 'integer', ...kinds } as OperationSpec['columns'],
    statement: statement('SELECT * FROM everything ORDER BY id'),
  }
}

function clientOf(list: Column[], driver: 'mysql2' | 'pg', options: DriverOptions): Operation {
  const decoders = list.map(([name, , type]) => [
    name,
    evaluated<columns.Decode>(
      columnConversion(
        type,
        faceOf(type, driver, opened(options), driver === 'mysql2' ? 'mysql' : 'postgresql'),
      ).code,
    ),
  ])
  return {
    name: 'listEverything',
    parameters: {},
    columns: { id: columns.number, ...Object.fromEntries(decoders) },
  }
}

/** A single row that is inserted, by the driver or by the client. */
function insertOf(name: string, type: WireType, text: string): { spec: OperationSpec; operation: Operation } {
  const [before = '', after = ''] = text.split('?')
  const strings = Object.assign([before, after], { raw: [before, after] })
  const spec: OperationSpec = {
    name: 'createOne',
    kind: 'write',
    method: 'execute',
    parameters: { value: { kind: kindOf(type).replace(/\(.*/, '') as 'text' } },
    columns: {},
    statement: ({ value }) => sql(strings, value),
  }
  const encode = evaluated<parameters.Encode>(parameterConversion(type).code)
  return {
    spec,
    operation: { name: 'createOne', parameters: { value: encode }, columns: { [name]: columns.string } },
  }
}

function service(driver: Driver): Service {
  return new Service({ name: 'clinical', environment: 'CLINICAL', driver })
}

describe('mysql2', () => {
  let address: DatabaseAddress
  let owner: mysql.Pool

  beforeAll(async () => {
    address = await mariadbDatabase()
    owner = mysql.createPool(address)
    const definitions = MYSQL.map(([name, type]) => `${name} ${type}`).join(', ')
    await owner.query(
      `CREATE TABLE everything (id INT AUTO_INCREMENT PRIMARY KEY, ${definitions}) CHARSET utf8mb4`,
    )
    await owner.query('INSERT INTO everything (id) VALUES (1)')
    for (const [name, value] of MYSQL_ROWS)
      await owner.query(`INSERT INTO everything (${name}) VALUES (${value})`)
    await owner.query("SET SESSION sql_mode = ''")
  }, INSTALL_TIMEOUT)

  afterAll(() => owner.end())

  const OPTIONS: DriverOptions[] = [
    {},
    { dateStrings: true },
    { decimalNumbers: true },
    { supportBigNumbers: true },
    { supportBigNumbers: true, bigNumberStrings: true },
    { timezone: 'Z' },
    { timezone: '+05:30' },
    { timezone: '-03:00', dateStrings: false },
  ]

  test.each(
    OPTIONS.flatMap(options => (['query', 'execute'] as const).map(method => [method, options] as const)),
  )('rows by %s with %j', async (method, options) => {
    const pool = mysql.createPool({ ...address, ...options })
    const text = 'SELECT * FROM everything ORDER BY id'
    const [before] = await (method === 'query' ? pool.query(text) : pool.execute(text))
    await pool.end()
    current = { database: mysqlDatabase(owner), operations: [readAll(MYSQL, method)] }
    const driver = { dialect: 'mysql', timezone: options.timezone ?? 'local' } as const
    const after = await service(driver).read(clientOf(MYSQL, 'mysql2', options), {})
    expect(after).toHaveLength(MYSQL_ROWS.length + 1)
    expect(after).toEqual(before)
  })

  const day = new Date(2024, 1, 29)
  const moment = new Date(2024, 1, 29, 13, 45, 1, 500)

  test.each<[string, unknown]>([
    ['tiny', true],
    ['tiny', '1'],
    ['num', 42],
    ['num', '42'],
    ['num', ' 7 '],
    ['num', null],
    ['big', 9007199254740991],
    ['big', '9007199254740993'],
    ['big', 9007199254740993n],
    ['money', 12.5],
    ['money', '12.50'],
    ['money', 1e-4],
    ['money', 1e15],
    ['double_', 0.1],
    ['double_', '1e-7'],
    ['day', day],
    ['day', moment],
    ['day', '2024-02-29'],
    ['clock', '13:45:00'],
    ['moment', moment],
    ['moment6', moment],
    ['moment6', '2024-02-29 13:45:00.123456'],
    ['moment6', '2024-02-29'],
    ['stamp', moment],
    ['name', 'Ünal \\ \' " 😀 \u0000'],
    ['name', 42],
    ['name', true],
    ['name', ''],
    ['raw', Buffer.from([0, 255, 39, 92])],
    ['raw', 'text'],
    ['doc', '{"a": [1, null]}'],
    ['doc', { a: [1, null, 'ü'] }],
    ['doc', '{"n": 12345678901234567890.0}'],
  ])('a value of %s is stored as before: %o', async (name, value) => {
    const [, , type] = MYSQL.find(column => column[0] === name)!
    for (const timezone of ['local', 'Z', '+05:30']) {
      const text = `INSERT INTO everything (${name}) VALUES (?)`
      const pool = mysql.createPool({ ...address, timezone, connectionLimit: 1 })
      // The driver prints an escaped object otherwise: only prepared statements take one as JSON.
      await pool.execute(text, [value as string])
      await pool.end()
      const { spec, operation } = insertOf(name, type, text)
      current = { database: mysqlDatabase(owner), operations: [spec] }
      const result = await service({ dialect: 'mysql', timezone, prepared: true }).write<{
        affectedRows: number
      }>(operation, { value })
      expect(result.affectedRows).toBe(1)
      const [stored] = (await owner.query(
        `SELECT HEX(${name}) AS hex, CAST(${name} AS CHAR) AS text FROM everything ORDER BY id DESC LIMIT 2`,
      )) as unknown as [{ hex: string }[]]
      expect(stored[0]).toEqual(stored[1])
    }
  })

  test('what the driver tells of a write', async () => {
    const text = 'INSERT INTO everything (num) VALUES (?)'
    const [before] = await owner.execute<mysql.ResultSetHeader>(text, [1])
    const { spec, operation } = insertOf('num', kind('integer'), text)
    current = { database: mysqlDatabase(owner), operations: [spec] }
    const after = await service({ dialect: 'mysql', timezone: 'local' }).write(operation, { value: 1 })
    expect(after).toEqual({ ...before, insertId: before.insertId + 1 })
  })
})

describe('pg', () => {
  let owner: pg.Pool

  beforeAll(async () => {
    owner = new pg.Pool(await postgresDatabase())
    const definitions = POSTGRES.map(([name, type]) => `${name} ${type}`).join(', ')
    await owner.query(`CREATE TABLE everything (id serial PRIMARY KEY, ${definitions})`)
    await owner.query('INSERT INTO everything DEFAULT VALUES')
    for (const [name, value] of POSTGRES_ROWS)
      await owner.query(`INSERT INTO everything (${name}) VALUES (${value})`)
  }, INSTALL_TIMEOUT)

  afterAll(() => owner.end())

  test('rows', async () => {
    const before = (await owner.query('SELECT * FROM everything ORDER BY id')).rows
    current = { database: pgDatabase(owner), operations: [readAll(POSTGRES, 'query')] }
    const driver = { dialect: 'postgresql', timezone: 'local' } as const
    const after = await service(driver).read(clientOf(POSTGRES, 'pg', {}), {})
    expect(after).toHaveLength(POSTGRES_ROWS.length + 1)
    expect(after).toEqual(before)
  })

  const moment = new Date(2024, 1, 29, 13, 45, 1, 500)

  test.each<[string, unknown]>([
    ['flag', true],
    ['flag', 'yes'],
    ['flag', 0],
    ['num', 42],
    ['num', '42'],
    ['num', undefined],
    ['big', 9007199254740993n],
    ['money', 12.5],
    ['money', '12.50'],
    ['any_number', 1e-7],
    ['any_number', 1e21],
    ['double_', Number.NaN],
    ['double_', Number.NEGATIVE_INFINITY],
    ['day', moment],
    ['day', '2024-02-29'],
    ['day', new Date(Date.UTC(-43, 2, 15, 12))],
    ['clock', '13:45'],
    ['moment', moment],
    ['moment', '2024-02-29'],
    ['instant', moment],
    ['instant', '2024-02-29 13:45:00.123456+02'],
    ['name', 'Ünal \\ \' " 😀'],
    ['name', 42],
    ['name', true],
    ['name', moment],
    ['key', '6f1c2f3e-8a54-4d7e-9c1b-0a1b2c3d4e5f'],
    ['raw', Buffer.from([0, 255, 39, 92])],
    ['raw', '\\x00ff'],
    ['raw', 'text'],
    ['doc', { a: [1, null, 'ü'] }],
    ['doc', '{"n": 12345678901234567890.0}'],
    ['tags', ['x', 'y "z"', null, '', 'NULL', 'a\\b', '{}']],
    ['tags', []],
    [
      'nums',
      [
        [1, 2],
        [3, null],
      ],
    ],
    ['moneys', ['12.50', 3]],
    ['instants', [moment, null]],
    ['flags', [true, false, null]],
    ['docs', [{ a: 1 }, null]],
    ['raws', [Buffer.from([0, 255])]],
  ])('a value of %s is stored as before: %o', async (name, value) => {
    const [, , type] = POSTGRES.find(column => column[0] === name)!
    await owner.query(`INSERT INTO everything (${name}) VALUES ($1)`, [value])
    const text = `INSERT INTO everything (${name}) VALUES (?)`
    const { spec, operation } = insertOf(name, type, text)
    current = { database: pgDatabase(owner), operations: [spec] }
    const driver = { dialect: 'postgresql', timezone: 'local' } as const
    expect(await service(driver).writeReturning(operation, { value })).toEqual({
      command: 'INSERT',
      rowCount: 1,
      rows: [],
    })
    const { rows } = await owner.query(
      `SELECT ${name}::text AS text FROM everything ORDER BY id DESC LIMIT 2`,
    )
    expect(rows[0]).toEqual(rows[1])
  })
})
