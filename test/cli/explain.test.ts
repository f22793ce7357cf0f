import { describe, expect, test } from 'vitest'
import { folderWith, seamripper } from './run.js'
import { SHOP, shop } from './shop.js'

const root = shop()
const wide = folderWith({
  'package.json': '{ "name": "wide", "dependencies": { "mysql2": "*" } }',
  '.env': 'DB_NAME=wide\n',
  'wide.ts': `import mysql from 'mysql2/promise'
const pool = mysql.createPool({ database: 'wide' })
pool.query('INSERT INTO reminders_of_patients SELECT * FROM appointments JOIN encounters USING (id) JOIN practitioners USING (id) JOIN organizations USING (id)')
`,
})

describe('answers', () => {
  test.each<[subject: string, expected: RegExp]>([
    ['customers', /can mean more than one thing/],
    ['shop/customers', /owned by customers.*What to do\n {2}1\. Split the join/s],
    ['service:orders', /service in services\/orders.*shop\/customers of customers/s],
    ['services/orders/src/index.ts:5', /cross-service join.*JOIN customers/s],
    ['services/orders/src/index.ts:8', /Unresolved/],
    ['services/orders/src/index.ts:1', /Nothing here.*line 4/s],
    ['services/orders/migrations/V1__orders.sql:4', /Foreign keys/],
    [`${root}/services/orders/src/index.ts:4:9`, /cross-service join/],
  ])('%s', (subject, expected) => {
    const { stdout, stderr } = seamripper(['explain', subject, root])
    expect(stdout + stderr).toMatch(expected)
  })

  test('tell what rewrite would do', () => {
    const { stdout } = seamripper(['explain', 'service:orders', root])
    expect(stdout).toMatch(/What rewrite would do\n {2}services\/orders\/src\/index\.ts:4 {2}\S/)
  })

  test('a file is found from the current folder as well', () => {
    const { status, stdout } = seamripper(['explain', 'src/index.ts:4', root], {
      cwd: `${root}/services/orders`,
    })
    expect(status).toBe(0)
    expect(stdout).toMatch(/^services\/orders\/src\/index\.ts:4\n/)
  })

  test('a file: its statements and unresolved places, a line each', () => {
    const { status, stdout } = seamripper(['explain', 'src/index.ts', root], {
      cwd: `${root}/services/orders`,
    })
    expect(status).toBe(0)
    expect(stdout).toMatch(
      new RegExp(
        [
          '^services/orders/src/index\\.ts',
          '',
          'Statements',
          '  line 4  read shop/orders of orders, read shop/customers of customers; run by orders',
          '',
          'Unresolved',
          '[\\s\\S]*',
        ].join('\\n'),
      ),
    )
    expect(stdout).toContain('explain services/orders/src/index.ts:4 ')
    expect(stdout).toContain('What rewrite would do\n')
  })

  test('tables of one owner stand together, and a long line wraps', () => {
    const { stdout } = seamripper(['explain', 'wide.ts', wide])
    expect(stdout).toContain(
      [
        '  line 3  write wide/reminders_of_patients of wide, read wide/appointments, wide/encounters,',
        '          wide/practitioners, wide/organizations of wide; run by wide',
      ].join('\n'),
    )
  })

  test('a file without any', () => {
    const { stdout } = seamripper(['explain', 'package.json', root])
    expect(stdout).toBe('package.json\n\n  Nothing here: no access, nothing unresolved.\n')
  })

  test('as JSON', () => {
    const { stdout } = seamripper(['explain', 'shop/customers', root, '--format', 'json'])
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'table',
      id: 'shop/customers',
      table: { owner: 'customers' },
    })
  })
})

test('a place whose text is not known at all says why, and nothing else', () => {
  const root = folderWith({
    ...SHOP,
    'services/orders/src/run.ts': `import { readFileSync } from 'node:fs'
import { pool } from './index'
export const run = (name: string) => pool.query(readFileSync(name, 'utf8'))
`,
  })
  const { stdout } = seamripper(['explain', 'services/orders/src/run.ts:3', root])
  expect(stdout).toContain(
    'Unresolved\n  the SQL text comes from `readFileSync`, which could not be followed  services/orders/src/run.ts:3\n',
  )
})

describe('what it can not find ends with status 2', () => {
  test.each<[subject: string, expected: string]>([
    ['shop/custmers', 'The map has no table or service "shop/custmers". Did you mean shop/customers?'],
    [
      'nothing-like-it',
      `The map has no table or service "nothing-like-it". See what it has: seamripper map --format markdown ${root}`,
    ],
    [
      'services/orders/src/indx.ts:4',
      'The analysed folder has no file services/orders/src/indx.ts. Did you mean services/orders/src/index.ts?',
    ],
    [
      'orders',
      `"orders" can mean more than one thing. Say which:\n  seamripper explain table:shop/orders ${root}\n  seamripper explain service:orders ${root}`,
    ],
  ])('%s', (subject, expected) => {
    const { status, stdout, stderr } = seamripper(['explain', subject, root])
    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain(expected)
  })
})
