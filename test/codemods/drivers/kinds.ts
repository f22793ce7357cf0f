/** Columns of each kind with values in their rows, and values of every kind that code may hand over for them. */

/** A column of each kind, and texts of what its rows hold. */
export const MYSQL: Record<string, [type: string, values: string[]]> = {
  name: [
    'varchar(40)',
    [
      '1abc',
      '1',
      '01',
      '1.0',
      'true',
      '',
      'abc',
      '2024-02-29 00:00:00',
      '12345678901234567890',
      '[object Object]',
    ],
  ],
  num: ['int', ['0', '1', '2', '42', '2147483647']],
  big: ['bigint', ['1', '9007199254740992', '9007199254740993', '-9223372036854775808']],
  money: ['decimal(30,4)', ['0.1000', '1.0000', '12345678901234567.8901', '12345678901234567.8900']],
  ratio: ['double', ['0.1', '1', '1e20']],
  day: ['date', ['2024-02-29', '1969-12-31']],
  moment: ['datetime', ['2024-02-29 00:00:00', '2024-02-29 13:45:00']],
  clock: ['time', ['13:45:00', '00:00:01']],
  raw: ['varbinary(20)', ['1', 'abc']],
  doc: ['json', ['1', '"1"', '{"a":1}', 'true']],
}
export const POSTGRESQL: Record<string, [type: string, values: string[]]> = {
  name: ['text', MYSQL.name![1]],
  num: ['integer', MYSQL.num![1]],
  big: ['bigint', MYSQL.big![1]],
  money: ['numeric(30,4)', MYSQL.money![1]],
  ratio: ['double precision', MYSQL.ratio![1]],
  flag: ['boolean', ['true', 'false']],
  day: ['date', MYSQL.day![1]],
  moment: ['timestamp', MYSQL.moment![1]],
  instant: ['timestamptz', ['2024-02-29 13:45:00+00', '2024-02-29 00:00:00+00']],
  clock: ['time', MYSQL.clock![1]],
  key: ['uuid', ['6f1c2f3e-8a54-4d7e-9c1b-000000000001']],
  raw: ['bytea', MYSQL.raw![1]],
  doc: ['jsonb', [...MYSQL.doc![1], '"1abc"', '"{\\"a\\":1}"', '[1]']],
}

const midnight = new Date(2024, 1, 29)
const afternoon = new Date(2024, 1, 29, 13, 45)

export const VALUES: unknown[] = [
  ...[0, 1, -1, 1.5, 42, 0.1, 1e20, 9007199254740992, 20240229, Number.NaN, Number.POSITIVE_INFINITY],
  ...['0', '1', '1abc', 'abc', ' 1 ', '1.0', '1.5', '1e0', '', 'true', '2024-02-29', '2024-02-29 13:45:00'],
  ...['12345678901234567.8901', '9007199254740993', '0x1', 'b', '{"a":1}', '\\x31', "' OR 1=1 -- "],
  ...[true, false, null, undefined],
  ...[1n, 9007199254740993n, 12345678901234567890n],
  ...[midnight, afternoon, new Date(Number.NaN)],
  ...[
    [],
    [1],
    ['1', 'abc'],
    [[1, 2]],
    { a: 1 },
    { id: 1 },
    new Map([['a', 1]]),
    Buffer.from('abc'),
    Symbol.iterator,
  ],
]

/** What a value is called in what is expected. */
export function named(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no date' : 'a date'
  if (value instanceof Uint8Array) return 'a buffer'
  if (value instanceof Map) return 'a map'
  if (typeof value === 'number') return Number.isFinite(value) ? `${value}` : 'no number'
  if (value === null) return 'null'
  return typeof value === 'string' ? `'${value}'` : typeof value
}

/** A statement with `?` as PostgreSQL has it. */
export function numbered(text: string): string {
  let position = 0
  return text.replace(/\?/g, () => `$${++position}`)
}

/** Makes the table `t` with them, a row for each value. */
export async function fill(
  table: Record<string, [string, string[]]>,
  key: string,
  run: (text: string, values?: unknown[]) => Promise<unknown>,
): Promise<void> {
  const definitions = Object.entries(table).map(([name, [type]]) => `${name} ${type}`)
  await run(`CREATE TABLE t (id ${key}, ${definitions.join(', ')})`)
  for (const [name, [, values]] of Object.entries(table))
    for (const value of values) await run(`INSERT INTO t (${name}) VALUES (?)`, [value])
}
