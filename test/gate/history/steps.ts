/**
 * The history: a line of work at a time in a platform of four services and a library on one database, each with all
 * that a check has to tell afterwards. What a step introduces is what was not told before it, unless it says so.
 */
import type { TestRepository } from './repository.js'

export interface Step {
  title: string
  do(repository: TestRepository): void | Promise<void>
  /** All that a whole check tells after the commit. */
  tells: string[]
  /** What `--since HEAD~1` tells, where that is not just what the step before did not tell. */
  introduces?: string[]
  /** The cause is on other lines than the statement: a constant, an import, a text in another file, the config. */
  isElsewhere?: true
  /** The commit is made by the step itself. */
  isCommitted?: true
}

const DATABASE = `import mysql from 'mysql2/promise'
export const pool = mysql.createPool({ host: 'db', database: 'shop' })
`

/** A source file with one function a statement. */
function code(...statements: string[]): string {
  const functions = statements.map(
    (sql, index) => `
export async function query${index}(id: number) {
  const [rows] = await pool.query(\`${sql}\`, [id])
  return rows
}
`,
  )
  return `import { pool } from './db.js'\n${functions.join('')}`
}

function service(name: string, tables: string[]): Record<string, string> {
  const columns = 'id INT PRIMARY KEY, customer_id INT, total INT, name VARCHAR(80)'
  return {
    [`services/${name}/package.json`]: `{ "name": "${name}", "dependencies": { "mysql2": "3", "@shop/queries": "*" }, "scripts": { "start": "node src/index.ts" } }`,
    [`services/${name}/src/db.ts`]: DATABASE,
    [`services/${name}/src/index.ts`]: code(...tables.map(table => `SELECT * FROM ${table} WHERE id = ?`)),
    ...(tables.length === 0
      ? {}
      : {
          [`services/${name}/migrations/V1__${name}.sql`]: tables
            .map(table => `CREATE TABLE ${table} (${columns});\n`)
            .join(''),
        }),
  }
}

/** Text enough that git sees the same file after small changes. */
const PADDING = Array.from(
  { length: 12 },
  (_, index) => `export const constant${index} = ${index * index}`,
).join('\n')

const src = 'services/orders/src'
const READ = 'SELECT name FROM customers WHERE id = ?'
const JOIN = 'SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id'
const WRITE = 'UPDATE orders SET total = 0 WHERE id = ?'

const begin: Step[] = [
  {
    title: 'four services that keep to their own tables',
    do: repository =>
      repository.write({
        'package.json': '{ "name": "shop", "private": true, "workspaces": ["services/*", "packages/*"] }',
        ...service('customers', ['customers', 'addresses']),
        ...service('orders', ['orders', 'order_lines']),
        ...service('billing', ['invoices']),
        ...service('dashboard', []),
        'packages/queries/package.json': '{ "name": "@shop/queries", "main": "src/index.ts" }',
        'packages/queries/src/index.ts': 'export const version = 1\n',
      }),
    tells: [],
  },
  {
    title: 'orders reads a table of customers',
    do: repository => repository.write({ [`${src}/list.ts`]: `${code(READ)}\n${PADDING}\n` }),
    tells: ['orders read customers list.ts'],
  },
  {
    title: 'a change somewhere else',
    do: repository => repository.write({ 'README.md': '# Shop\n' }),
    tells: ['orders read customers list.ts'],
  },
  {
    title: 'mended',
    do: repository => repository.edit(`${src}/list.ts`, 'FROM customers', 'FROM orders'),
    tells: [],
  },
  {
    title: 'the mending reverted',
    do: repository => void repository.git('revert', '--no-edit', 'HEAD'),
    isCommitted: true,
    tells: ['orders read customers list.ts'],
  },
  { title: 'onto the baseline', do: repository => repository.baseline('write'), tells: [] },
]

const moving: Step[] = [
  {
    title: 'twenty lines above it',
    do: repository => repository.edit(`${src}/list.ts`, /^/, `${'// a line\n'.repeat(20)}`),
    tells: [],
  },
  {
    title: 'laid out anew',
    do: repository => repository.edit(`${src}/list.ts`, /`SELECT name/, '\n    `SELECT\n       name'),
    tells: [],
  },
  {
    title: 'one more column',
    do: repository => repository.edit(`${src}/list.ts`, /(SELECT\s+)name/, '$1id, name'),
    tells: [],
  },
  {
    title: 'a second read in the same file',
    do: repository =>
      repository.edit(
        `${src}/list.ts`,
        /$/,
        '\nexport const more = () => pool.query("SELECT id FROM customers")\n',
      ),
    tells: ['orders read customers list.ts'],
  },
  {
    title: 'moved within the file while it is not on the baseline',
    do: repository => {
      repository.edit(`${src}/list.ts`, /\nexport const more.*\n/, '')
      repository.edit(
        `${src}/list.ts`,
        /(?=export const constant0)/,
        'export const more = () => pool.query("SELECT id FROM customers")\n',
      )
    },
    tells: ['orders read customers list.ts'],
    isElsewhere: true,
  },
  {
    title: 'altered while it is not on the baseline: on changed lines again',
    do: repository =>
      repository.edit(`${src}/list.ts`, 'SELECT id FROM customers', 'SELECT id, total FROM customers'),
    tells: ['orders read customers list.ts'],
    introduces: ['orders read customers list.ts'],
  },
  {
    title: 'and out again',
    do: repository => repository.edit(`${src}/list.ts`, /export const more.*\n/, ''),
    tells: [],
  },
  {
    title: 'the read becomes a join',
    do: repository =>
      repository.edit(`${src}/list.ts`, /SELECT\s+id, name FROM customers WHERE id = \?/, JOIN),
    tells: ['orders join customers list.ts', 'stale read customers list.ts 1→0'],
  },
  {
    title: 'put back',
    do: repository => void repository.git('revert', '--no-edit', 'HEAD'),
    isCommitted: true,
    tells: [],
  },
  {
    title: 'a formatter with another line length',
    do: repository =>
      repository.edit(`${src}/list.ts`, /await pool\.query\(\s*/, 'await pool\n    .query(\n      '),
    tells: [],
  },
]

const renaming: Step[] = [
  {
    title: 'the file renamed',
    do: repository => repository.move(`${src}/list.ts`, `${src}/listing.ts`),
    tells: [],
  },
  {
    title: 'renamed into a folder, and altered a little',
    do: repository => {
      repository.move(`${src}/listing.ts`, `${src}/views/overview.ts`)
      repository.edit(`${src}/views/overview.ts`, './db.js', '../db.js')
    },
    tells: [],
  },
  {
    title: 'a second read in the renamed file',
    do: repository =>
      repository.edit(
        `${src}/views/overview.ts`,
        /$/,
        '\nexport const more = () => pool.query("SELECT id FROM customers")\n',
      ),
    tells: ['orders read customers overview.ts'],
  },
  {
    title: 'and out again, with the baseline pruned: the entry has the present name',
    do: async repository => {
      repository.edit(`${src}/views/overview.ts`, /\nexport const more.*\n/, '')
      await repository.baseline('prune')
    },
    tells: [],
  },
  {
    title: 'the read cut out and pasted into another file',
    do: repository => {
      repository.edit(`${src}/views/overview.ts`, /export async function[\s\S]*?\n}\n/, '')
      repository.write({ [`${src}/report.ts`]: code(READ) })
    },
    tells: ['orders read customers report.ts', 'stale read customers overview.ts 1→0'],
  },
  { title: 'accepted there', do: repository => repository.baseline('write'), tells: [] },
  {
    title: 'the whole service moved to another folder, and a file in it renamed',
    do: repository => {
      repository.edit('package.json', '"services/*"', '"services/*", "backend/*"')
      repository.move('services/orders', 'backend/orders')
      repository.move('backend/orders/src/report.ts', 'backend/orders/src/reports/customers.ts')
      repository.edit('backend/orders/src/reports/customers.ts', './db.js', '../db.js')
    },
    // Nine lines with one altered are the same file to git.
    tells: [],
  },
  {
    title: 'and back',
    do: repository => repository.move('backend/orders', 'services/orders'),
    tells: [],
  },
  {
    title: 'the file rewritten under another name: to git a new one',
    do: repository => {
      repository.write({
        [`${src}/reports/customers.ts`]: null,
        [`${src}/names.ts`]: `import { pool } from './db.js'\n${PADDING}\nexport class Names {\n  all() {\n    return pool.execute('SELECT name FROM customers')\n  }\n}\n`,
      })
    },
    tells: ['orders read customers names.ts', 'stale read customers report.ts 1→0'],
  },
  {
    title: 'all of it taken out: the baseline still lists it',
    do: repository => repository.write({ [`${src}/names.ts`]: null }),
    // By the name that it is listed under.
    tells: ['stale read customers report.ts 1→0'],
  },
  { title: 'pruned', do: repository => repository.baseline('prune'), tells: [] },
]

const billing = 'services/billing/src/close.ts'
const comments: Step[] = [
  {
    title: 'billing writes orders, on the side of other work',
    do: repository =>
      repository.write({ [billing]: code('SELECT * FROM invoices', WRITE), 'README.md': '# The shop\n' }),
    tells: ['billing write orders close.ts'],
  },
  {
    title: 'allowed by a comment',
    do: repository =>
      repository.edit(
        billing,
        /(?= {2}const \[rows\] = await pool.query\(`UPDATE)/,
        '  // seamripper-allow write orders -- until the API of orders is there\n',
      ),
    tells: [],
  },
  {
    title: 'other code above',
    do: repository => repository.edit(billing, /^/, '/** Closes\n * invoices. */\n'),
    tells: [],
  },
  {
    title: 'an empty line between comment and statement',
    do: repository => repository.edit(billing, /(is there\n)/, '$1\n'),
    tells: ['billing write orders close.ts', 'unused close.ts:11'],
    isElsewhere: true,
  },
  {
    title: 'the line taken out, and the reason with it',
    do: repository => repository.edit(billing, / -- until.*\n\n/, '\n'),
    tells: ['billing write orders close.ts', 'problem close.ts:11'],
  },
  {
    title: 'a reason with an end that is over',
    do: repository =>
      repository.edit(billing, /write orders$/m, 'write orders -- the API comes, until 2026-05-31'),
    tells: ['billing write orders close.ts'],
  },
  {
    title: 'with an end that is today',
    do: repository => repository.edit(billing, '2026-05-31', '2026-06-01'),
    tells: [],
  },
  {
    title: 'the comment is about another table',
    do: repository => repository.edit(billing, 'allow write orders', 'allow write customers'),
    tells: ['billing write orders close.ts', 'unused close.ts:11'],
    isElsewhere: true,
  },
  {
    title: 'about all reads',
    do: repository => repository.edit(billing, 'allow write customers', 'allow read orders'),
    tells: ['billing write orders close.ts', 'unused close.ts:11'],
    introduces: ['unused close.ts:11'],
  },
  {
    title: 'the statement mended, the comment left',
    do: repository => repository.edit(billing, WRITE, 'UPDATE invoices SET total = 0 WHERE id = ?'),
    tells: ['unused close.ts:11'],
  },
  {
    title: 'the comment taken out',
    do: repository => repository.edit(billing, / *\/\/ seamripper.*\n/, ''),
    tells: [],
  },
]

const config: Step[] = [
  {
    title: 'an allowance in the config, with what it allows',
    do: repository =>
      repository.write({
        [billing]: code('SELECT * FROM invoices', READ),
        'seamripper.yml':
          'allow:\n  - { from: billing, table: shop/customers, op: read, reason: names on invoices }\n',
      }),
    tells: [],
  },
  {
    title: 'the same table written',
    do: repository =>
      repository.edit(
        billing,
        /$/,
        '\nexport const touch = () => pool.query("UPDATE customers SET name = ?")\n',
      ),
    tells: ['billing write customers close.ts'],
  },
  {
    title: 'and not',
    do: repository => repository.edit(billing, /\nexport const touch.*\n/, ''),
    tells: [],
  },
  {
    title: 'the allowance taken out of the config',
    do: repository => repository.write({ 'seamripper.yml': 'rules:\n' }),
    tells: ['billing read customers close.ts'],
    isElsewhere: true,
  },
  {
    title: 'reads are warnings',
    do: repository => repository.write({ 'seamripper.yml': 'rules: { cross-service-read: warn }\n' }),
    tells: ['warning billing read customers close.ts'],
    isElsewhere: true,
  },
  {
    title: 'but not in billing',
    do: repository =>
      repository.write({
        'seamripper.yml':
          'rules: { cross-service-read: warn }\nservices: { billing: { rules: { cross-service-read: error } } }\n',
      }),
    tells: ['billing read customers close.ts'],
    isElsewhere: true,
  },
  {
    title: 'the table belongs to billing',
    do: repository => repository.write({ 'seamripper.yml': 'owners: { shop/customers: billing }\n' }),
    // Its migrations stay where they are: they define it.
    tells: ['customers read customers index.ts'],
    isElsewhere: true,
  },
  {
    title: 'it does not',
    do: repository => repository.write({ 'seamripper.yml': null }),
    tells: ['billing read customers close.ts'],
    isElsewhere: true,
  },
  { title: 'onto the baseline', do: repository => repository.baseline('write'), tells: [] },
  {
    title: 'customers is separated: the baseline does not count there',
    do: repository =>
      repository.write({ 'seamripper.yml': 'services: { customers: { separated: true } }\n' }),
    tells: ['separated-service billing read customers close.ts'],
    isElsewhere: true,
  },
  {
    title: 'nothing is mended yet: a prune keeps its entry',
    do: repository => repository.baseline('prune'),
    tells: ['separated-service billing read customers close.ts'],
    isElsewhere: true,
  },
  {
    title: 'mended and pruned: separated, and clean',
    do: async repository => {
      repository.write({ [billing]: null })
      await repository.baseline('prune')
    },
    tells: [],
  },
  {
    title: 'the dashboard must have no database, and gets a query',
    do: repository =>
      repository.write({
        'seamripper.yml': 'services: { dashboard: { database: none } }\n',
        'services/dashboard/src/counts.ts': code('SELECT COUNT(*) FROM orders'),
      }),
    tells: ['no-database dashboard read orders counts.ts'],
  },
  {
    title: 'and loses it again',
    do: repository => repository.write({ 'seamripper.yml': null, 'services/dashboard/src/counts.ts': null }),
    tells: [],
  },
]

const elsewhere: Step[] = [
  {
    title: 'a table name in a constant of another file',
    do: repository =>
      repository.write({
        [`${src}/names.ts`]: "export const TABLE = 'order_lines'\nexport const FILTER = 'total > 0'\n",
        [`${src}/by-name.ts`]: `import { pool } from './db.js'\nimport { FILTER, TABLE } from './names.js'\n\nexport const all = () =>\n  pool.query(\`SELECT * FROM \${TABLE} WHERE \${FILTER}\`)\n`,
      }),
    tells: [],
  },
  {
    title: 'the constant names a table of customers',
    do: repository => repository.edit(`${src}/names.ts`, 'order_lines', 'addresses'),
    tells: ['orders read addresses by-name.ts'],
    isElsewhere: true,
  },
  {
    title: 'a condition in the other file changes: nothing is introduced',
    do: repository => repository.edit(`${src}/names.ts`, 'total > 0', 'total > 1'),
    tells: ['orders read addresses by-name.ts'],
  },
  {
    title: 'the condition gets a query of its own',
    do: repository =>
      repository.edit(`${src}/names.ts`, 'total > 1', 'total > (SELECT COUNT(*) FROM invoices)'),
    tells: ['orders join addresses by-name.ts', 'orders join invoices by-name.ts'],
    isElsewhere: true,
  },
  {
    title: 'both constants as they were',
    do: repository =>
      repository.write({
        [`${src}/names.ts`]: "export const TABLE = 'order_lines'\nexport const FILTER = 'total > 0'\n",
      }),
    tells: [],
  },
  {
    title: 'a statement in a file of its own',
    do: repository =>
      repository.write({
        [`${src}/report.sql`]: 'SELECT id\nFROM orders\n',
        [`${src}/report.ts`]: `import { readFileSync } from 'node:fs'\nimport { pool } from './db.js'\n\nconst sql = readFileSync(new URL('./report.sql', import.meta.url), 'utf8')\nexport const report = () => pool.query(sql)\n`,
      }),
    tells: [],
  },
  {
    title: 'the file gets a join',
    do: repository =>
      repository.write({
        [`${src}/report.sql`]:
          'SELECT o.id, c.name\nFROM orders o\nJOIN customers c ON c.id = o.customer_id\n',
      }),
    tells: ['orders join customers report.ts'],
    isElsewhere: true,
  },
  {
    title: 'allowed in the file',
    do: repository =>
      repository.edit(`${src}/report.sql`, /^/, '-- seamripper-allow join customers -- a nightly report\n'),
    tells: [],
  },
  {
    title: 'no longer executed: the comment is unused',
    do: repository => repository.write({ [`${src}/report.ts`]: null }),
    tells: ['unused report.sql:1'],
    isElsewhere: true,
  },
  {
    title: 'gone',
    do: repository =>
      repository.write({
        [`${src}/report.sql`]: null,
        [`${src}/by-name.ts`]: null,
        [`${src}/names.ts`]: null,
      }),
    tells: [],
  },
]

const lookup = 'packages/queries/src/index.ts'
const IMPORT = "import { customerName } from '@shop/queries'\nexport const name = customerName\n"
const library: Step[] = [
  {
    title: 'a library reads customers, and no one uses it',
    do: repository =>
      repository.write({
        'packages/queries/src/db.ts': DATABASE,
        [lookup]:
          "import { pool } from './db.js'\n\nexport const customerName = (id: number) => pool.query('SELECT name FROM customers WHERE id = ?', [id])\n",
      }),
    tells: [],
  },
  {
    title: 'its owner uses it',
    do: repository => repository.write({ 'services/customers/src/name.ts': IMPORT }),
    tells: [],
  },
  {
    title: 'orders uses it',
    do: repository => repository.write({ [`${src}/name.ts`]: IMPORT }),
    tells: ['orders read customers index.ts'],
    isElsewhere: true,
  },
  {
    title: 'the dashboard does too',
    do: repository => repository.write({ 'services/dashboard/src/name.ts': IMPORT }),
    tells: ['dashboard read customers index.ts', 'orders read customers index.ts'],
    isElsewhere: true,
  },
  { title: 'onto the baselines of both', do: repository => repository.baseline('write'), tells: [] },
  {
    title: 'billing does too',
    do: repository => repository.write({ 'services/billing/src/name.ts': IMPORT }),
    tells: ['billing read customers index.ts'],
    isElsewhere: true,
  },
  {
    title: 'orders no longer does',
    do: repository => repository.write({ [`${src}/name.ts`]: null }),
    tells: ['billing read customers index.ts', 'stale read customers index.ts 1→0'],
  },
  {
    title: 'nor does billing, and the baseline is pruned',
    do: async repository => {
      repository.write({ 'services/billing/src/name.ts': null })
      await repository.baseline('prune')
    },
    tells: [],
  },
  {
    title: 'the file of the library renamed',
    do: repository => {
      repository.git('mv', lookup, 'packages/queries/src/lookups.ts')
      repository.edit('packages/queries/package.json', 'index.ts', 'lookups.ts')
    },
    tells: [],
  },
]

const close = 'services/billing/src/close.ts'
const others: Step[] = [
  {
    title: 'one transaction over tables of two services',
    do: repository =>
      repository.write({
        [close]: `import { pool } from './db.js'

export async function close(id: number) {
  const connection = await pool.getConnection()
  await connection.beginTransaction()
  await connection.query('UPDATE invoices SET total = 0 WHERE id = ?', [id])
  await connection.query('UPDATE orders SET total = 0 WHERE id = ?', [id])
  await connection.commit()
}
`,
      }),
    tells: ['billing transaction orders close.ts'],
  },
  { title: 'onto the baseline', do: repository => repository.baseline('write'), tells: [] },
  {
    title: 'without the transaction: less, and the baseline lists more',
    do: repository => repository.edit(close, /.*(?:beginTransaction|commit).*\n/g, ''),
    tells: ['stale transaction orders close.ts 1→0'],
    isElsewhere: true,
  },
  { title: 'pruned to a write', do: repository => repository.baseline('prune'), tells: [] },
  {
    title: 'mended and pruned',
    do: async repository => {
      repository.write({ [close]: null })
      await repository.baseline('prune')
    },
    tells: [],
  },
  {
    title: 'a foreign key to customers',
    do: repository =>
      repository.write({
        'services/orders/migrations/V2__key.sql':
          'ALTER TABLE orders ADD CONSTRAINT fk_customer FOREIGN KEY (customer_id) REFERENCES customers (id);\n',
      }),
    tells: ['orders foreign-key customers V2__key.sql'],
  },
  {
    title: 'dropped by the next migration',
    do: repository =>
      repository.write({
        'services/orders/migrations/V3__no_key.sql': 'ALTER TABLE orders DROP FOREIGN KEY fk_customer;\n',
      }),
    tells: [],
  },
  {
    title: 'a migration that writes customers',
    do: repository =>
      repository.write({ 'services/billing/migrations/V2__names.sql': "UPDATE customers SET name = '';\n" }),
    tells: ['billing write customers V2__names.sql'],
  },
  {
    title: 'taken back',
    do: repository => void repository.git('revert', '--no-edit', 'HEAD'),
    isCommitted: true,
    tells: [],
  },
  {
    title: 'a table that can not be told',
    do: repository =>
      repository.write({
        [`${src}/any.ts`]:
          "import { pool } from './db.js'\n\nexport const all = (table: string) => pool.query('SELECT * FROM ' + table)\n",
      }),
    tells: ['warning orders unresolved ? any.ts'],
  },
  {
    title: 'allowed',
    do: repository =>
      repository.edit(
        `${src}/any.ts`,
        /(?=export)/,
        '// seamripper-allow unresolved -- an export for operators\n',
      ),
    tells: [],
  },
  {
    title: 'all of it gone',
    do: repository => repository.write({ [`${src}/any.ts`]: null }),
    tells: [],
  },
]

/** Crossings in files of their own, so that the baseline has a line each. */
const crossing = (...names: string[]) =>
  Object.fromEntries(names.map(name => [`${src}/${name}.ts`, code(READ)]))
const todo = 'services/orders/seam-todo.yml'

async function mergeBaselines(repository: TestRepository, branch: string): Promise<void> {
  const { status } = repository.tryGit('merge', '--quiet', '--no-edit', branch)
  if (status === 0 || !repository.read(todo).includes('<<<<<<<'))
    throw new Error('a conflict was meant to be here')
  const refused = await repository.check().catch((error: Error) => error.message)
  if (!String(refused).startsWith(`${todo}:`)) throw new Error(`a check of both sides said ${refused}`)
  await repository.baseline('prune')
  repository.commit(`merge ${branch}`)
}

/** One file of functions that all read customers by the same statement, far enough from each other to merge. */
const many = `${src}/many.ts`
const reads = (...names: string[]) =>
  `import { pool } from './db.js'\n${names
    .map(
      name => `
/** ${name} */
export async function ${name}(id: number) {
  const [rows] = await pool.query('${READ}', [id])
  // what ${name} gives
  return rows
}
`,
    )
    .join('')}`

/** On a branch of its own, these functions and the baseline as they want it. */
const withReads = (repository: TestRepository, branch: string, how: 'write' | 'prune', ...names: string[]) =>
  repository.branch(branch, 'main', async () => {
    repository.write({ [many]: reads(...names) })
    await repository.baseline(how)
  })

/** Fails unless the baseline accepts so many in one file. */
function expectListed(repository: TestRepository, file: string, count: number): void {
  const found = new RegExp(`/${file}: (\\d+)`).exec(repository.read(todo))?.[1]
  if (found !== String(count)) throw new Error(`the baseline lists ${found} of ${file}, not ${count}`)
}

/** Two branches, each with its functions and the baseline that it wants, merged one after the other: a conflict in the baseline. */
async function conflicting(
  repository: TestRepository,
  [first, ...ofFirst]: [string, 'write' | 'prune', ...string[]],
  [second, ...ofSecond]: [string, 'write' | 'prune', ...string[]],
  count: number,
): Promise<void> {
  await withReads(repository, first, ...ofFirst)
  await withReads(repository, second, ...ofSecond)
  repository.git('merge', '--quiet', '--no-edit', first)
  await mergeBaselines(repository, second)
  expectListed(repository, 'many.ts', count)
}

const counting: Step[] = [
  {
    title: 'five reads in one file on the baseline',
    do: async repository => {
      repository.write({ [many]: reads('one', 'two', 'three', 'four', 'five') })
      await repository.baseline('write')
    },
    tells: [],
  },
  {
    title: 'two branches mend one each, so that both count four: a conflict, and three are left',
    do: repository =>
      conflicting(
        repository,
        ['mend-one', 'prune', 'two', 'three', 'four', 'five'],
        ['mend-five', 'prune', 'one', 'two', 'three', 'four'],
        3,
      ),
    isCommitted: true,
    tells: [],
  },
  {
    title: 'two branches accept one each, so that both count four: a conflict, and five are accepted',
    do: repository =>
      conflicting(
        repository,
        ['add-zero', 'write', 'zero', 'two', 'three', 'four'],
        ['add-nine', 'write', 'two', 'three', 'four', 'nine'],
        5,
      ),
    isCommitted: true,
    tells: [],
  },
  {
    title: 'one branch mends one, the other accepts one: a conflict, and as many are left',
    do: repository =>
      conflicting(
        repository,
        ['mend-zero', 'prune', 'two', 'three', 'four', 'nine'],
        ['add-ten', 'write', 'zero', 'two', 'three', 'four', 'nine', 'ten'],
        5,
      ),
    isCommitted: true,
    tells: [],
  },
  {
    title: 'two mended, and one that no branch accepted comes with the merge: that one is told',
    do: async repository => {
      await withReads(repository, 'mend-two', 'prune', 'three', 'four', 'nine', 'ten')
      await withReads(repository, 'mend-ten', 'prune', 'two', 'three', 'four', 'nine')
      repository.git('merge', '--quiet', '--no-edit', 'mend-two')
      await mergeBaselines(repository, 'mend-ten')
      repository.write({ [many]: reads('three', 'four', 'nine', 'last') })
      repository.git('add', '--all')
      repository.git('commit', '--quiet', '--amend', '--no-edit')
    },
    isCommitted: true,
    tells: ['orders read customers many.ts'],
    // Equal statements in equal functions: to git the line was there.
    isElsewhere: true,
  },
  {
    title: 'and mended, on two branches alike: merged without a hand',
    do: async repository => {
      await withReads(repository, 'mend-last', 'prune', 'three', 'four')
      await withReads(repository, 'mend-last-too', 'prune', 'three', 'four')
      repository.git('merge', '--quiet', '--no-edit', 'mend-last')
      repository.git('merge', '--quiet', '--no-edit', 'mend-last-too')
      expectListed(repository, 'many.ts', 2)
    },
    isCommitted: true,
    tells: [],
  },
  {
    title: 'one branch renames the file and writes it down, the other mends in it: a conflict',
    do: async repository => {
      await repository.branch('rename-many', 'main', async () => {
        repository.git('mv', many, `${src}/lots.ts`)
        await repository.baseline('prune')
      })
      await withReads(repository, 'mend-four', 'prune', 'three')
      repository.git('merge', '--quiet', '--no-edit', 'rename-many')
      await mergeBaselines(repository, 'mend-four')
      expectListed(repository, 'lots.ts', 1)
    },
    isCommitted: true,
    tells: [],
  },
  {
    title: 'all of it mended on a branch, which deletes the baseline, two accepted meanwhile: these are kept',
    do: async repository => {
      await repository.branch('mend-lots', 'main', async () => {
        repository.write({ [`${src}/lots.ts`]: `${reads('three').replace(READ, 'SELECT id FROM orders')}` })
        await repository.baseline('prune')
      })
      repository.write({ [`${src}/lots.ts`]: reads('three', 'four', 'five') })
      await repository.baseline('write')
      repository.commit('two more')
      if (repository.tryGit('merge', '--quiet', '--no-edit', 'mend-lots').status === 0)
        throw new Error('a conflict was meant to be here')
      await repository.baseline('prune')
      repository.commit('merge mend-lots')
      expectListed(repository, 'lots.ts', 2)
    },
    isCommitted: true,
    tells: [],
  },
  {
    title: 'the last of them mended',
    do: async repository => {
      repository.write({ [`${src}/lots.ts`]: null })
      await repository.baseline('prune')
    },
    tells: [],
  },
]

const merging: Step[] = [
  {
    title: 'five crossings on the baseline',
    do: async repository => {
      repository.write(crossing('a', 'b', 'c', 'd', 'e'))
      await repository.baseline('write')
    },
    tells: [],
  },
  {
    title: 'two branches mend and prune far from each other: merged without a hand',
    do: async repository => {
      for (const name of ['a', 'e']) {
        await repository.branch(`mend-${name}`, 'main', async () => {
          repository.write({ [`${src}/${name}.ts`]: null })
          await repository.baseline('prune')
        })
      }
      repository.git('merge', '--quiet', '--no-edit', 'mend-a')
      repository.git('merge', '--quiet', '--no-edit', 'mend-e')
    },
    isCommitted: true,
    tells: [],
  },
  {
    title: 'two branches mend neighbours: a conflict, which pruning ends',
    do: async repository => {
      for (const name of ['b', 'c']) {
        await repository.branch(`mend-${name}`, 'main', async () => {
          repository.write({ [`${src}/${name}.ts`]: null })
          await repository.baseline('prune')
        })
      }
      repository.git('merge', '--quiet', '--no-edit', 'mend-b')
      await mergeBaselines(repository, 'mend-c')
    },
    isCommitted: true,
    tells: [],
  },
  {
    title: 'two branches accept one each in the same place: a conflict, and both are kept',
    do: async repository => {
      for (const name of ['f', 'g']) {
        await repository.branch(`add-${name}`, 'main', async () => {
          repository.write(crossing(name))
          await repository.baseline('write')
        })
      }
      repository.git('merge', '--quiet', '--no-edit', 'add-f')
      await mergeBaselines(repository, 'add-g')
    },
    isCommitted: true,
    tells: [],
  },
  {
    title: 'a branch with a new crossing merged',
    do: async repository => {
      await repository.branch('add-h', 'main', () => repository.write(crossing('h')))
      repository.write({ 'README.md': '# Merged\n' })
      repository.commit('meanwhile')
      repository.git('merge', '--quiet', '--no-edit', 'add-h')
    },
    isCommitted: true,
    tells: ['orders read customers h.ts'],
  },
  {
    title: 'the merge reverted',
    do: repository => void repository.git('revert', '--no-edit', '--mainline', '1', 'HEAD'),
    isCommitted: true,
    tells: [],
  },
  {
    title: 'one branch renames, the other mends in the same file',
    do: async repository => {
      repository.write({ [`${src}/d.ts`]: `${code(READ, READ)}\n${PADDING}\n` })
      await repository.baseline('write')
      repository.commit('two in one')
      await repository.branch(
        'rename-d',
        'main',
        () => repository.git('mv', `${src}/d.ts`, `${src}/renamed.ts`) as never,
      )
      await repository.branch('mend-d', 'main', async () => {
        repository.edit(`${src}/d.ts`, /export async function query1[\s\S]*?\n}\n/, '')
        await repository.baseline('prune')
      })
      repository.git('merge', '--quiet', '--no-edit', 'rename-d')
      repository.git('merge', '--quiet', '--no-edit', 'mend-d')
    },
    isCommitted: true,
    tells: [],
  },
  {
    title: 'one branch mends, the other adds to the same file',
    do: async repository => {
      await repository.branch('mend-f', 'main', async () => {
        repository.write({ [`${src}/f.ts`]: null })
        await repository.baseline('prune')
      })
      repository.write({
        [`${src}/g.ts`]: `${code(READ)}\nexport const again = () => pool.query('SELECT 1 FROM customers')\n`,
      })
      repository.commit('one more')
      repository.git('merge', '--quiet', '--no-edit', 'mend-f')
    },
    isCommitted: true,
    tells: ['orders read customers g.ts'],
    // Against the first parent: the other crossing was there, the merge brought only what is mended.
    introduces: [],
  },
  {
    title: 'all mended',
    do: async repository => {
      repository.write({ [`${src}/g.ts`]: null, [`${src}/renamed.ts`]: null })
      await repository.baseline('prune')
    },
    tells: [],
  },
  {
    title: 'the service deleted with its tables',
    do: repository => repository.write({ 'services/orders': null }),
    tells: [],
  },
]

export const history: Step[] = [
  ...begin,
  ...moving,
  ...renaming,
  ...comments,
  ...config,
  ...elsewhere,
  ...library,
  ...others,
  ...counting,
  ...merging,
]
