import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { report } from '../../reports/csv.js'
import { context } from './context.js'
import { access, emptyMap, HOSTILE, hostileMap, sampleMap, uses } from './sample-map.js'

type Record = { [column: string]: string }

function rows(map = sampleMap()): Record[] {
  return parse(report.render(map, context()), { columns: true, record_delimiter: '\r\n' }) as Record[]
}

/** The cell of a column for an access with this text as its SQL. */
function sqlCell(sql: string): string {
  return rows({ ...emptyMap(), accesses: [access('x.ts:1', 'a', { sql, tables: uses('read db/t b') })] })[0]!
    .sql!
}

test('has one row for each table of each access', () => {
  const map = sampleMap()
  expect(rows(map)).toHaveLength(map.accesses.reduce((sum, each) => sum + each.tables.length, 0))
})

test('a row tells the access and the table', () => {
  expect(rows()[2]).toEqual({
    access: 'invoices-ts-40',
    service: 'billing-service',
    reached_by: 'billing-service',
    file: 'microservices/billing-service/src/invoices.ts',
    line: '40',
    column: '5',
    end_line: '44',
    table: 'patients',
    schema: '',
    table_id: 'nilecare/patients',
    op: 'read',
    owner: 'clinical',
    cross_service: 'true',
    cross_service_join: 'true',
    system: 'false',
    via: '',
    migration: 'false',
    transaction: '',
    datastore: 'nilecare',
    driver: 'mysql2',
    kind: 'sql',
    confidence: 'exact',
    sql_file: 'microservices/billing-service/src/invoices.ts',
    sql_line: '40',
    sql: 'SELECT i.id, p.name FROM invoices i JOIN patients p ON p.id = i.patient_id WHERE i.id = ?',
  })
})

test('an access without tables keeps a row', () => {
  const [row] = rows({ ...emptyMap(), accesses: [access('x.ts:1', 'a', { sql: 'SELECT 1' })] })
  expect([row?.sql, row?.table, row?.system]).toEqual(['SELECT 1', '', ''])
})

test('lines end in CRLF, the last one too', () => {
  const text = report.render(emptyMap(), context())
  expect(text).toMatch(/^access,.*,sql\r\n$/)
})

describe('cells', () => {
  test.each<[what: string, sql: string, read: string]>([
    ['quotes', 'SELECT "a"', 'SELECT "a"'],
    ['commas', 'a, b', 'a, b'],
    ['lines', 'SELECT 1\nFROM t\r\n', 'SELECT 1\nFROM t\r\n'],
    ['a formula', '=cmd|calc!A0', "'=cmd|calc!A0"],
    ['a plus', '+1', "'+1"],
    ['a minus', '-- note', "'-- note"],
    ['an at sign', '@SUM(1)', "'@SUM(1)"],
    ['a tab before a formula', '\t=1', "'\t=1"],
    ['a line feed before a formula', '\n=1', "'\n=1"],
    ['a carriage return', '\rx', "'\rx"],
    ['a full-width equals sign', '\uff1d1', "'\uff1d1"],
    ['a formula that is not at the start', 'a = 1', 'a = 1'],
    ['NUL', 'a\0b', 'a\ufffdb'],
    ['a lone surrogate', 'a\ud800b', 'a\ufffdb'],
  ])('%s', (_, sql, read) => {
    expect(sqlCell(sql)).toBe(read)
  })
})

test('hostile names come back, guarded', () => {
  const map = hostileMap()
  const byAccess = rows(map).filter(row => row.op === 'write')
  expect(byAccess).toHaveLength(HOSTILE.length)
  for (const row of rows(map)) {
    for (const cell of Object.values(row)) expect(cell).not.toMatch(/^\s*[=+\-@]/)
  }
})
