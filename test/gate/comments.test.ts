/** Comments that allow something: what they say, and what they are about. */
import { describe, expect, test } from 'vitest'
import { allows, configured } from '../../analyzers/gate/allow/allowance.js'
import { parseAllow } from '../../analyzers/gate/allow/grammar.js'
import { checkGate, type Violation } from '../../analyzers/gate/index.js'
import type { Dialect } from '../../analyzers/model.js'
import { analyzeRepository } from '../../analyzers/repository.js'
import { folderWith } from '../cli/run.js'

describe('what is said', () => {
  test.each<[text: string, ops: string[], tables: string[], reason: string, until: string | null]>([
    ['read patients -- why', ['read'], ['patients'], 'why', null],
    ['read patients -- why, until 2027-01-31', ['read'], ['patients'], 'why', '2027-01-31'],
    ['read patients -- why until 2027-01-31.', ['read'], ['patients'], 'why', '2027-01-31'],
    [
      'read,write nilecare/lab_*, patients -- a -- b',
      ['read', 'write'],
      ['nilecare/lab_*', 'patients'],
      'a -- b',
      null,
    ],
    ['read a b -- until we have an API', ['read'], ['a', 'b'], 'until we have an API', null],
    ['unresolved -- an export', ['unresolved'], [], 'an export', null],
    ['foreign-key a/b/c -- why', ['foreign-key'], ['a/b/c'], 'why', null],
  ])('%s', (text, ops, tables, reason, until) => {
    expect(parseAllow(text)).toEqual({ ops, tables, reason, until })
  })

  test.each<[text: string, problem: string]>([
    ['', 'The comment does not say what it allows.'],
    ['-- why', 'The comment does not say what it allows.'],
    ['raed patients -- why', 'The comment allows "raed". Did you mean "read"? Known: read, join, write,'],
    ['patients -- why', 'The comment allows "patients".'],
    ['read -- why', 'The comment does not say which table it allows to read.'],
    ['read patients', 'The comment gives no reason.'],
    ['read patients --', 'The comment gives no reason.'],
    ['read patients -- until 2027-01-31', 'The comment gives no reason.'],
    ['read patients -- why, until 2027-02-30', 'The comment ends with "until 2027-02-30", which is no day.'],
    ['read patients -- why, until 31.1.2027', 'The comment ends with "until 31.1.2027", which is no day.'],
    ['read patients: why', 'The comment gives no reason.'],
  ])('%j', (text, problem) => {
    const words = parseAllow(text)
    expect('problem' in words && words.problem).toContain(problem)
    expect('problem' in words && words.problem).toContain(
      'Write it as "seamripper-allow read patients -- why, until 2027-01-31".',
    )
  })
})

/** What a check tells of one file of orders, `line` and state; `files` are further ones of it. */
async function judged(code: string, files: Record<string, string> = {}): Promise<string[]> {
  const root = folderWith({
    'package.json': '{ "private": true, "workspaces": ["services/*"] }',
    'services/customers/package.json': '{ "name": "customers", "scripts": { "start": "node src/index.ts" } }',
    'services/customers/migrations/V1__customers.sql':
      'CREATE TABLE customers (id INT);\nCREATE TABLE notes (id INT);\n',
    'services/customers/src/index.ts': 'export {}\n',
    'services/orders/package.json':
      '{ "name": "orders", "dependencies": { "mysql2": "3" }, "scripts": { "start": "node src/index.ts" } }',
    'services/orders/migrations/V1__orders.sql': 'CREATE TABLE orders (id INT);\n',
    'services/orders/src/db.ts':
      "import mysql from 'mysql2/promise'\nexport const pool = mysql.createPool({ database: 'shop' })\n",
    'services/orders/src/index.ts': `import { pool } from './db.js'\n${code}`,
    ...files,
  })
  const result = await checkGate({
    root,
    load: folder => analyzeRepository({ root: folder }),
    today: '2026-06-01',
  })
  return [
    ...result.violations.map(({ line, state, op, table }) => `${line} ${state} ${op} ${table}`),
    ...result.unusedAllows.map(({ line, message }) => `${line} unused: ${message}`),
    ...result.problems.map(({ line }) => `${line} problem`),
  ]
}

const ALLOW = 'seamripper-allow read customers -- why'

describe('what is meant', () => {
  test.each<[title: string, code: string, told: string[]]>([
    [
      'directly above',
      `// ${ALLOW}\nexport const a = () => pool.query('SELECT 1 FROM customers')\n`,
      ['3 allowed read shop/customers'],
    ],
    [
      'behind',
      `export const a = () => pool.query('SELECT 1 FROM customers') // ${ALLOW}\n`,
      ['2 allowed read shop/customers'],
    ],
    [
      'as a block',
      `/* ${ALLOW} */\nexport const a = () => pool.query('SELECT 1 FROM customers')\n`,
      ['3 allowed read shop/customers'],
    ],
    [
      'over several lines',
      `/**\n * seamripper-allow read customers\n *   -- why\n */\nexport const a = () => pool.query('SELECT 1 FROM customers')\n`,
      ['6 allowed read shop/customers'],
    ],
    [
      'above other comments',
      `// ${ALLOW}\n// More.\nexport const a = () => pool.query('SELECT 1 FROM customers')\n`,
      ['4 allowed read shop/customers'],
    ],
    [
      'above a private field',
      `export class A {\n  // ${ALLOW}\n  #names = () => pool.query('SELECT 1 FROM customers')\n}\n`,
      ['4 allowed read shop/customers'],
    ],
    [
      'above a statement of several lines',
      `export async function a() {\n  // ${ALLOW}\n  const [rows]: any =\n    await pool.query(\n      'SELECT 1 FROM customers',\n    )\n  return rows\n}\n`,
      ['5 allowed read shop/customers'],
    ],
    [
      'above the text',
      `// ${ALLOW}\nconst sql =\n  'SELECT 1 FROM customers'\n\nexport const a = () => pool.query(sql)\n`,
      ['6 allowed read shop/customers'],
    ],
    [
      'in the text, as SQL has it',
      `export const a = () => pool.query(\`\n  -- ${ALLOW}\n  SELECT 1 FROM customers\`)\n`,
      ['2 allowed read shop/customers'],
    ],
    [
      'in the text, at the end of a line of it',
      `export const a = () => pool.query(\`SELECT 1 FROM customers -- ${ALLOW}\n  WHERE id = 1\`)\n`,
      ['2 allowed read shop/customers'],
    ],
    [
      'in the text, as a block',
      `export const a = () => pool.query(\`\n  SELECT 1 /* ${ALLOW} */\n  FROM customers\`)\n`,
      ['2 allowed read shop/customers'],
    ],
    [
      'in the text behind a value, of one line',
      `export const a = (x: string) => pool.query(\`SELECT \${x ? 'a' : 'b'} /* ${ALLOW} */ FROM customers\`)\n`,
      ['2 allowed read shop/customers'],
    ],
    [
      'in the text, and used up',
      `export const a = () => pool.query(\`SELECT 1 /* ${ALLOW} */ FROM orders\`)\n`,
      ['2 unused: there is nothing that it allows. Remove it.'],
    ],
    [
      'not in a string of the text',
      `export const a = () => pool.query(\`SELECT 1 FROM customers WHERE note = '-- ${ALLOW}'\`)\n`,
      ['2 new read shop/customers'],
    ],
    [
      'in a list, above its item only',
      `export const a = () => Promise.all([\n  pool.query('SELECT 1 FROM customers'),\n  // ${ALLOW}\n  pool.query('SELECT 2 FROM customers'),\n])\n`,
      ['3 new read shop/customers', '5 allowed read shop/customers'],
    ],
    [
      'not for the function that it stands above',
      `// ${ALLOW}\nexport async function a() {\n  return pool.query('SELECT 1 FROM customers')\n}\n`,
      ['4 new read shop/customers', '2 unused: there is nothing that it allows. Remove it.'],
    ],
    [
      'not for the next statement',
      `export async function a() {\n  // ${ALLOW}\n  const n = 1\n  return pool.query('SELECT ? FROM customers', [n])\n}\n`,
      ['5 new read shop/customers', '3 unused: there is nothing that it allows. Remove it.'],
    ],
    [
      'a read allows a join',
      `// ${ALLOW}\nexport const a = () => pool.query('SELECT 1 FROM orders JOIN customers USING (id)')\n`,
      ['3 allowed join shop/customers'],
    ],
    [
      'a join allows no read',
      `// seamripper-allow join customers -- why\nexport const a = () => pool.query('SELECT 1 FROM customers')\n`,
      ['3 new read shop/customers', '2 unused: what is here is read shop/customers.'],
    ],
    [
      'one of two tables',
      `// ${ALLOW}\nexport const a = () => pool.query('SELECT 1 FROM customers JOIN notes USING (id)')\n`,
      ['3 allowed read shop/customers', '3 new read shop/notes'],
    ],
    [
      'both of two tables, one by its id',
      `// seamripper-allow read customers shop/notes -- why\nexport const a = () => pool.query('SELECT 1 FROM customers JOIN notes USING (id)')\n`,
      ['3 allowed read shop/customers', '3 allowed read shop/notes'],
    ],
    [
      'a table as the statement has it, with its database',
      `// seamripper-allow read shop.customers -- why\nexport const a = () => pool.query('SELECT 1 FROM shop.customers')\n`,
      ['3 allowed read shop/customers'],
    ],
    [
      'over today',
      `// ${ALLOW}, until 2026-05-31\nexport const a = () => pool.query('SELECT 1 FROM customers')\n`,
      ['3 new read shop/customers'],
    ],
    [
      'today still',
      `// ${ALLOW}, until 2026-06-01\nexport const a = () => pool.query('SELECT 1 FROM customers')\n`,
      ['3 allowed read shop/customers'],
    ],
    ['in a string it is text', `export const text = '// ${ALLOW}'\n`, []],
    ['another word', `// seamripper-allowed read customers\nexport const a = 1\n`, []],
    ['a word about it', `// Use seamripper-allow read customers for this.\nexport const a = 1\n`, []],
    [
      'in a file with errors',
      `// ${ALLOW}\nexport const a = () => pool.query('SELECT 1 FROM customers')\n\nexport const b = (\n`,
      ['3 allowed read shop/customers'],
    ],
  ])('%s', async (_, code, told) => {
    expect(await judged(code)).toEqual(told)
  })

  test('in JSX, above the expression only', async () => {
    const page = `import { pool } from './db.js'
export const Page = async () => (
  <ul>
    {/* ${ALLOW} */}
    {(await pool.query('SELECT 1 FROM customers')).map(() => <li />)}
    // ${ALLOW}
    {(await pool.query('SELECT 2 FROM customers')).map(() => <li />)}
  </ul>
)
`
    expect(await judged('', { 'services/orders/src/page.tsx': page })).toEqual([
      '5 allowed read shop/customers',
      '7 new read shop/customers',
    ])
  })

  test('in an SQL file: a foreign key, a statement of a migration', async () => {
    expect(
      await judged('', {
        'services/orders/migrations/V2__keys.sql': `ALTER TABLE orders ADD COLUMN customer_id INT;
-- seamripper-allow foreign-key customers -- dropped with the old database
ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers (id);
UPDATE customers SET id = 1; -- seamripper-allow write customers -- once
UPDATE customers SET id = 2;
`,
      }),
    ).toEqual([
      '3 allowed foreign-key shop/customers',
      '4 allowed write shop/customers',
      '5 new write shop/customers',
    ])
  })

  test('in an SQL file: above the statement that creates the table with the keys', async () => {
    expect(
      await judged('', {
        'services/orders/migrations/V2__keys.sql': `-- seamripper-allow foreign-key customers -- dropped with the old database
CREATE TABLE carts (
  id INT,
  note_id INT REFERENCES notes (id),
  customer_id INT,
  FOREIGN KEY (customer_id) REFERENCES customers (id)
);
CREATE TABLE gifts (
  FOREIGN KEY (customer_id) REFERENCES customers (id)
);
`,
      }),
    ).toEqual([
      '4 new foreign-key shop/notes',
      '6 allowed foreign-key shop/customers',
      '9 new foreign-key shop/customers',
    ])
  })
})

describe('which table', () => {
  test.each<[pattern: string, id: string, dialect: Dialect, covered: boolean]>([
    ['users', 'main/auth/users', 'postgresql', true],
    ['auth/users', 'main/auth/users', 'postgresql', true],
    ['auth.users', 'main/auth/users', 'postgresql', true],
    ['main.auth.users', 'main/auth/users', 'postgresql', true],
    ['auth.*', 'main/auth/users', 'postgresql', true],
    ['auth.users', 'main/other_auth/users', 'postgresql', false],
    ['auth.users', 'main/users', 'postgresql', false],
    ['auth.*', 'main/auth/a/users', 'postgresql', false],
    ['public.users', 'main/users', 'postgresql', true],
    ['public.users', 'main/auth/users', 'postgresql', true],
    ['dbo.users', 'main/users', 'mssql', true],
    ['public.users', 'main/users', 'mysql', false],
    ['main.users', 'main/users', 'mysql', true],
    ['auth/*', 'main/auth/users', 'postgresql', false],
    ['a.b', 'main/a.b', 'mysql', true],
  ])('%s, of %s (%s): %s', (pattern, table, dialect, covered) => {
    const [allowance] = configured(
      [{ from: ['*'], table: [pattern], op: [], reason: 'why', until: null, line: 1 }],
      null,
    )
    expect(allows(allowance!, { table, dialect, op: 'read', service: 'orders' } as Violation)).toBe(covered)
  })
})
