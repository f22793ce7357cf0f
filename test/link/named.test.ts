import { describe, expect, test } from 'vitest'
import { seek, spokenOf } from '../../analyzers/link/named/mentions.js'
import { type Files, mapOf } from './helper.js'

const pool = "import { Pool } from 'pg'\nconst pool = new Pool({ database: 'shop' })\n"
const pkg = (name: string, more = {}) => JSON.stringify({ name, dependencies: { pg: '8' }, ...more })
const deployed = { scripts: { start: 'node src/index.js' } }

/** `lines` of `libs/db/src/users.ts`, and what two services do with them; which of them each service runs, by table. */
async function runBy(users: string, web: string, jobs: string, more: Files = {}): Promise<string[]> {
  const map = await mapOf({
    'package.json': JSON.stringify({ name: 'shop', workspaces: ['libs/*', 'services/*'] }),
    'libs/db/package.json': pkg('@shop/db', { main: 'src/index.ts' }),
    'libs/db/src/index.ts': "export * from './users'\n",
    'libs/db/src/users.ts': `${pool}${users}`,
    'services/web/package.json': pkg('web', deployed),
    'services/web/src/index.ts': web,
    'services/jobs/package.json': pkg('jobs', deployed),
    'services/jobs/src/index.ts': jobs,
    ...more,
  })
  return map.accesses
    .filter(({ service }) => service === 'db')
    .map(({ tables, reachedBy }) => `${tables[0]!.table}: ${reachedBy.join(', ') || '-'}`)
    .sort()
}

const functions = `export async function findUser(id: string) { return pool.query('SELECT * FROM found WHERE id = $1', [id]) }
export const addUser = async (name: string) => pool.query('INSERT INTO added (name) VALUES ($1)', [name])
`
const anObject = `export const users = {
  findUser: (id: string) => pool.query('SELECT * FROM found WHERE id = $1', [id]),
  async addUser(name: string) { await pool.query('INSERT INTO added (name) VALUES ($1)', [name]) },
}
`
const aFactory = `export function userQueries(db: Pool) {
  return {
    async findUser(id: string) { return db.query('SELECT * FROM found WHERE id = $1', [id]) },
    async addUser(name: string) { await log(db); await db.query('INSERT INTO added (name) VALUES ($1)', [name]) },
  }
}
async function log(db: Pool) { await db.query('INSERT INTO logged VALUES (1)') }
`
const aClass = `export class UserRepository {
  constructor(private db: Pool) { this.db.query('SELECT * FROM made') }
  findUser(id: string) { return this.db.query('SELECT * FROM found WHERE id = $1', [id]) }
  addUser = (name: string) => this.db.query('INSERT INTO added (name) VALUES ($1)', [name])
  static count() { return pool.query('SELECT count(*) FROM counted') }
}
`
const makesItself = `export class Users {
  private constructor(private db: Pool) {}
  static of(db: Pool) { return new Users(db) }
  get(id: string) { return this.db.query('SELECT * FROM got WHERE id = $1', [id]) }
}
`
const finds = "import { findUser } from '@shop/db'\nfindUser('1')\n"
const adds = "import { addUser } from '@shop/db'\naddUser('Ann')\n"

describe('a service runs of a library what it speaks of', () => {
  test.each<[string, string, string, string, string[], Files?]>([
    ['functions', functions, finds, adds, ['added: jobs', 'found: web']],
    [
      'under another name',
      functions,
      "import { findUser as find } from '@shop/db'\nfind('1')\n",
      adds,
      ['added: jobs', 'found: web'],
    ],
    [
      'of a namespace',
      functions,
      "import * as db from '@shop/db'\ndb.findUser('1')\n",
      adds,
      ['added: jobs', 'found: web'],
    ],
    [
      'an object',
      anObject,
      "import { users } from '@shop/db'\nusers.findUser('1')\n",
      "import { users } from '@shop/db'\nconst { addUser } = users\naddUser('Ann')\n",
      ['added: jobs', 'found: web'],
    ],
    [
      'an object by a key',
      anObject,
      "import { users } from '@shop/db'\nusers['findUser']('1')\n",
      "import { users } from '@shop/db'\nusers.addUser('Ann')\n",
      ['added: jobs', 'found: web'],
    ],
    [
      'what a function makes',
      aFactory,
      "import { userQueries } from '@shop/db'\nuserQueries(db).findUser('1')\n",
      "import { userQueries } from '@shop/db'\nconst users = userQueries(db)\nusers\n  .addUser('Ann')\n",
      ['added: jobs', 'found: web', 'logged: jobs'],
    ],
    [
      'a class',
      aClass,
      "import { UserRepository } from '@shop/db'\nnew UserRepository(db).findUser('1')\n",
      "import { UserRepository } from '@shop/db'\nnew UserRepository(db).addUser('Ann')\nUserRepository.count()\n",
      ['added: jobs', 'counted: jobs', 'found: web', 'made: jobs, web'],
    ],
    [
      'a class of which a method makes objects',
      `${functions}${makesItself}`,
      "import { Users } from '@shop/db'\nUsers.of(db).get('1')\n",
      `${adds}new Map().get('1')\n`,
      ['added: jobs', 'found: -', 'got: web'],
    ],
    [
      'an object that keeps what it found in a Map under the same names',
      `const kept = new Map<string, unknown>()
export const users = {
  async get(id: string) {
    if (!kept.has(id)) kept.set(id, await pool.query('SELECT * FROM found WHERE id = $1', [id]))
    return kept.get(id)
  },
  set: (id: string) => pool.query('INSERT INTO added (id) VALUES ($1)', [id]),
}
`,
      "import { users } from '@shop/db'\nusers.get('1')\n",
      "import { users } from '@shop/db'\nusers.set('1')\n",
      ['added: jobs', 'found: web'],
    ],
    [
      'a class whose method is called as a state of a row is',
      `${functions}export class Jobs {
  failed(id: string) { return pool.query('UPDATE failures SET at = now() WHERE id = $1', [id]) }
  run(id: string) { return pool.query('SELECT * FROM runs WHERE id = $1', [id]) }
}
export const jobs = new Jobs()
`,
      "import { jobs } from '@shop/db'\njobs.failed('1')\n",
      "import { jobs } from '@shop/db'\ntype State = 'done' | 'failed'\nconst run: { state: State } = jobs.run('1')\nif (run.state === 'failed') throw run\n",
      ['added: -', 'failures: web', 'found: -', 'runs: jobs'],
    ],
    [
      'by names that a barrel lists',
      functions,
      finds,
      adds,
      ['added: jobs', 'found: web'],
      { 'libs/db/src/index.ts': "export { findUser, addUser } from './users'\n" },
    ],
    [
      'by names that a CommonJS barrel lists',
      functions,
      finds,
      adds,
      ['added: jobs', 'found: web'],
      {
        'libs/db/src/index.ts':
          "const { findUser, addUser } = require('./users')\nmodule.exports = { findUser, addUser }\n",
      },
    ],
    [
      'a word that is something else there',
      functions,
      finds,
      "import { addUser } from '@shop/db'\nfunction findUser() {}\naddUser(findUser())\n",
      ['added: jobs', 'found: web'],
    ],
    ['nothing of it', functions, finds, "import '@shop/db'\n", ['added: -', 'found: web']],
    // Another file of the service may be the one that speaks of it.
    [
      'in another file',
      anObject,
      "import { users } from '@shop/db'\nimport { run } from './run'\nrun(users)\n",
      "import { users } from '@shop/db'\nusers.addUser('Ann')\n",
      ['added: jobs', 'found: web'],
      { 'services/web/src/run.ts': "export const run = (db: any) => db.findUser('1')\n" },
    ],
    // A function of the library may be, if the service speaks of that in its turn.
    [
      'within the library',
      `${functions}const log = () => pool.query('INSERT INTO logged VALUES (1)')
export const addAll = async (names: string[]) => { for (const name of names) await addUser(name) }
/** Does log what it does. */
export async function audit() { await log() }
export function both() { return audit() ?? both() }
`,
      "import { addAll } from '@shop/db'\naddAll(['Ann'])\n",
      "import { findUser, both } from '@shop/db'\nfindUser('1')\nboth()\nconsole.log('at work')\n",
      ['added: web', 'found: jobs', 'logged: jobs'],
    ],
    [
      'through a file of the library without statements',
      functions,
      "import { greet } from '@shop/db/src/service'\ngreet()\n",
      "import { Desk } from '@shop/db/src/service'\nnew Desk().register('Ann')\n",
      ['added: jobs', 'found: web'],
      {
        'libs/db/src/service.ts': `import { addUser, findUser } from './users'
export const greet = () => findUser('1')
export class Desk {
  register(name: string) { return this.enter(name) }
  private enter = (name: string) => addUser(name)
}
`,
      },
    ],
    // A library between them may be.
    [
      'through a library',
      functions,
      "import { hello } from '@shop/core'\nhello()\n",
      adds,
      ['added: jobs', 'found: web'],
      {
        'libs/core/package.json': pkg('@shop/core', { main: 'index.ts' }),
        'libs/core/index.ts':
          "import { findUser } from '@shop/db'\nexport const hello = () => findUser('1')\n",
      },
    ],
  ])('%s', async (_, users, web, jobs, expected, more = {}) =>
    expect(await runBy(users, web, jobs, more)).toEqual(expected),
  )
})

const aBase = `export abstract class Repository {
  protected abstract table: string
  findById(id: string) { return pool.query(\`SELECT * FROM \${this.table} WHERE id = $1\`, [id]) }
  list() { return pool.query(\`SELECT id FROM \${this.table}\`) }
}
`
const subclass = (name: string, table: string) =>
  `import { Repository } from '@shop/db'\nexport class ${name} extends Repository { protected table = '${table}' }\n`

describe('a base class runs on its subclasses, each in the services that have it', () => {
  test.each<[string, Files, string[]]>([
    // Nobody calls `findById` on orders or letters, but both services do so on another class.
    [
      'of two services',
      {
        'services/web/src/orders.ts': subclass('Orders', 'orders'),
        'services/web/src/carts.ts': `${subclass('Carts', 'carts')}new Carts().findById('1')\n`,
        'services/jobs/src/letters.ts': subclass('Letters', 'letters'),
        'services/jobs/src/parcels.ts': `${subclass('Parcels', 'parcels')}new Parcels().findById('1')\n`,
      },
      // Where neither speaks of `list`, nobody runs it.
      ['carts, letters, orders, parcels: -', 'letters: jobs', 'orders: web'],
    ],
    [
      'of a library that one service uses',
      {
        'libs/shop/package.json': pkg('@shop/shop', { main: 'index.ts' }),
        'libs/shop/index.ts': subclass('Orders', 'orders'),
        'services/web/src/carts.ts': `import '@shop/shop'\n${subclass('Carts', 'carts')}new Carts().list()\n`,
        'services/jobs/src/letters.ts': subclass('Letters', 'letters'),
        'services/jobs/src/parcels.ts': `${subclass('Parcels', 'parcels')}new Parcels().list()\n`,
      },
      ['carts, letters, orders, parcels: -', 'letters: jobs', 'orders: web'],
    ],
  ])('%s', async (_, more, expected) => {
    const map = await mapOf({
      'package.json': JSON.stringify({ name: 'shop', workspaces: ['libs/*', 'services/*'] }),
      'libs/db/package.json': pkg('@shop/db', { main: 'src/index.ts' }),
      'libs/db/src/index.ts': `${pool}${aBase}`,
      'services/web/package.json': pkg('web', deployed),
      'services/web/src/index.ts': '',
      'services/jobs/package.json': pkg('jobs', deployed),
      'services/jobs/src/index.ts': '',
      ...more,
    })
    const found = map.accesses.filter(({ service }) => service === 'db')
    expect(
      found
        .map(
          ({ tables, reachedBy }) =>
            `${tables
              .map(({ table }) => table)
              .sort()
              .join(', ')}: ${reachedBy.join(', ') || '-'}`,
        )
        .sort(),
    ).toEqual(expected)
    expect(map.edges).toEqual([])
  })
})

describe('a name that need not be spoken of', () => {
  const both = ['found: jobs, web']
  const all = "import '@shop/db'\nimport { Users } from '@shop/db'\nstart(Users)\n"
  test.each<[string, string, string[], string?]>([
    ['what runs by itself', "pool.query('SELECT * FROM found')", both],
    ['a callback', "export const Users = wrap(async () => pool.query('SELECT * FROM found'))", both],
    [
      'a property under a computed key',
      "export const Users = { find: () => pool.query('SELECT * FROM found') }",
      both,
      "import { Users } from '@shop/db'\nUsers[process.argv[2]]()\n",
    ],
    [
      'one of all properties',
      "export const Users = { find: () => pool.query('SELECT * FROM found') }",
      both,
      "import { Users } from '@shop/db'\nfor (const run of Object.values(Users)) run()\n",
    ],
    [
      'a key that is no name',
      "export const Users = { 'users.find': () => pool.query('SELECT * FROM found') }",
      both,
    ],
    [
      'a default export',
      "export default function findUser() { return pool.query('SELECT * FROM found') }",
      both,
      "import find from '@shop/db/src/users'\nfind()\n",
    ],
    [
      'exported under another name',
      "function findUser() { return pool.query('SELECT * FROM found') }\nexport { findUser as Users }",
      both,
    ],
    [
      'a decorated method',
      "export class Users {\n  @Cron('* * * * *')\n  async nightly() { await pool.query('SELECT * FROM found') }\n}",
      both,
    ],
    [
      'a method of a package’s class',
      "import { WorkerHost } from '@nestjs/bullmq'\nexport class Users extends WorkerHost {\n  async process() { await pool.query('SELECT * FROM found') }\n}",
      both,
    ],
    [
      'an object that is handed over',
      "export const Users = () => plugin({ nightly: () => pool.query('SELECT * FROM found') })",
      both,
    ],
    [
      'a function that the library calls',
      "async function find() { return pool.query('SELECT * FROM found') }\nexport const Users = () => find()",
      both,
    ],
    [
      'a method that another one calls',
      "export class Users {\n  private find() { return pool.query('SELECT * FROM found') }\n  static all() { return new Users().find() }\n}",
      both,
      "import { Users } from '@shop/db'\nUsers.all()\n",
    ],
  ])('%s', async (_, users, expected, service = all) =>
    expect(await runBy(users, service, service)).toEqual(expected),
  )
})

describe('how a text speaks of `find`', () => {
  test.each([
    ['users.find(1)', 'word, member'],
    ['users\n  ?.find(1)', 'word, member'],
    ["users['find']", 'word, member'],
    ["sql['users.find']", 'word'],
    ["run(users, ['add', 'find'])", 'word, member'],
    ["run(`SELECT ${a} FROM b WHERE c = 'find'`)", 'word'],
    ['run("SELECT 1 FROM b WHERE c IN (1, \'find\')")', 'word'],
    ["run(`SELECT 1`, users, 'find')", 'word, member'],
    ['run(\'SELECT 1 FROM b WHERE c = "find"\')', 'word'],
    ['run(users, "add", "find")', 'word, member'],
    ['const { find } = users\nfind(1)', 'word, member'],
    ['const { find } = users', 'word'],
    ["find(1)\nimport { find } from './users'", 'word, member'],
    ["import { find } from './users'\nexport { find }", 'word'],
    ['const { get, find: findUser } = users', 'word, member'],
    ["import { find as findUser } from './users'", 'word, member'],
    ["export { find } from './users'", ''],
    ['module.exports = { find: () => 1 }', 'word, member'],
    ['find(1)', 'word'],
    ['class Users { find(id) {} }', 'word'],
    ['users.findAll(1)', ''],
    ['users.$find(1)', ''],
    ["type Way = 'find' | 'all'", 'word'],
    ["type Way =\n  | 'all'\n  | 'find'", 'word'],
    ["switch (way) { case 'find': return }", 'word'],
    ["if (way !== 'find') return", 'word'],
    ["call(way || 'find')", 'word, member'],
  ])('%s', (text, expected) => {
    const { words, mentions } = spokenOf(text, seek(new Set(['find'])))
    expect([...[...words].map(() => 'word'), ...mentions.slice(0, 1).map(() => 'member')].join(', ')).toBe(
      expected,
    )
  })

  test.each([
    ['export function find() {}', ''],
    ['export const users = { find: () => 1 }', ''],
    ['function find() {}\nexport { find }', ''],
    ['function find() {}\nmodule.exports = { find }', ''],
    ['function find() {}\nexports.find = find', 'word'],
    ['class Users { find() {} all() { return this.find() } }', 'word, member'],
    ['function find() { return find() }', 'word'],
    ['const find = () => 1\nexport { find }', ''],
    ['/** How to find. */\nfunction find() {}', ''],
    ['// They find it.\nfunction find() {}', ''],
    ['const all = 2\n  * find()\nfunction find() {}', 'word'],
    ['function find(a: string): void\nfunction find(a: any) {}', ''],
  ])('besides declaring it: %s', (text, expected) => {
    const find = new Set(['find'])
    const { mentions } = spokenOf(text, seek(find), find)
    const found = [
      ...(mentions.length > 0 ? ['word'] : []),
      ...(mentions.some(each => each.isMember) ? ['member'] : []),
    ]
    expect(found.join(', ')).toBe(expected)
  })
})
