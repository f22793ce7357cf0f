import { describe, expect, test } from 'vitest'
import { type Files, mapOf } from './helper.js'

/** Each table belongs to a service of its name; the code is that of `app` and of the library `lib`. */
const platform: Files = {
  'seamripper.yml': [
    'services:',
    '  app: { path: app }',
    '  a-service: { path: a }',
    '  b-service: { path: b }',
    '  c-service: { path: c }',
    'libraries:',
    '  lib: { path: lib }',
    'owners:',
    '  "*/a": a-service',
    '  "*/b": b-service',
    '  "*/c": c-service',
  ].join('\n'),
  'app/package.json': JSON.stringify({
    name: 'app',
    dependencies: { mysql2: '3', pg: '8', sequelize: '6', lib: '*' },
  }),
  'lib/package.json': JSON.stringify({ name: 'lib', main: 'src/index.ts', dependencies: { mysql2: '3' } }),
  'a/README.md': '',
  'b/README.md': '',
  'c/README.md': '',
  'app/src/db.ts': `import mysql from 'mysql2/promise'
export const pool = mysql.createPool({})
export async function withTransaction(work: (conn: mysql.PoolConnection) => Promise<void>) {
  const conn = await pool.getConnection()
  await conn.beginTransaction()
  await work(conn)
  await conn.commit()
}
`,
}

/** `3: a, b` for each transaction across services: the line where it begins, and the tables that it writes. */
async function transactionsIn(code: string, files: Files = {}): Promise<string[]> {
  const map = await mapOf({
    ...platform,
    'app/src/main.ts': `import { pool, withTransaction } from './db'\n${code}`,
    ...files,
  })
  return map.transactions.map(
    ({ begin, tables }) =>
      `${begin.replace('app/src/main.ts:', '')}: ${tables.map(id => id.split('/').at(-1)).join(', ')}`,
  )
}

describe('a transaction goes on where its connection is handed to', () => {
  test('a private method, and what that calls', async () => {
    const code = `export class Orders {
  async place() {
    const conn = await pool.getConnection()
    await conn.beginTransaction()
    await conn.execute('INSERT INTO a (x) VALUES (1)')
    await this.lines(conn, [1, 2])
    await conn.commit()
    await pool.execute('INSERT INTO c (x) VALUES (1)')
  }
  private async lines(connection: any, items: number[]) {
    for (const item of items) await this.line(item, connection)
  }
  private line = async (item: number, c: any) => c.execute('INSERT INTO b (x) VALUES (?)', [item])
}
`
    expect(await transactionsIn(code)).toEqual(['5: a, b'])
  })

  test('what a method calls that a decorator of its own runs in one: what asks the storage for the connection', async () => {
    const code = `import { db, Transactional } from './transactional'
export class Orders {
  constructor(private readonly items: Items) {}
  @Transactional()
  async place() {
    await db().query('UPDATE a SET x = 1')
    await this.items.save()
  }
}
export class Items {
  async save() {
    await db().query('UPDATE b SET x = 1')
    await pool.query('UPDATE c SET x = 1')
  }
}
`
    const transactional = `import { AsyncLocalStorage } from 'node:async_hooks'
import { pool } from './db'
const storage = new AsyncLocalStorage<any>()
export const db = () => storage.getStore() ?? pool
export const Transactional = () => (_target: unknown, _key: string, descriptor: PropertyDescriptor) => {
  const method = descriptor.value
  descriptor.value = async function (...args: unknown[]) {
    const connection = await pool.getConnection()
    await connection.beginTransaction()
    await storage.run(connection, () => method.apply(this, args))
    await connection.commit()
  }
}
`
    expect(await transactionsIn(code, { 'app/src/transactional.ts': transactional })).toEqual(['6: a, b'])
  })

  test('a method that its decorator gives the connection, and hands it on', async () => {
    const code = `import { Transactional, type Tx } from './transactional'
export class Orders {
  @Transactional()
  async cancel(id: number, log: (text: string) => Promise<void>, tx?: Tx) {
    await tx!.execute('DELETE FROM a WHERE id = ?', [id])
    await this.close(id, tx!)
    await this.tell(id)
  }
  private async close(id: number, tx: Tx) {
    await tx.execute('DELETE FROM b WHERE a_id = ?', [id])
  }
  private async tell(id: number) {
    await pool.execute('DELETE FROM c WHERE a_id = ?', [id])
  }
}
`
    const transactional = `import type { PoolConnection } from 'mysql2/promise'
import { withTransaction } from './db'
export type Tx = PoolConnection
export const Transactional = () => (_target: unknown, _key: string, descriptor: PropertyDescriptor) => {
  const method = descriptor.value
  descriptor.value = function (...args: unknown[]) {
    return withTransaction(tx => method.apply(this, [...args, tx]))
  }
}
`
    expect(await transactionsIn(code, { 'app/src/transactional.ts': transactional })).toEqual(['5: a, b'])
  })

  test('what a method calls that a decorator of a package runs in one: all of it', async () => {
    const code = `import type { DataSource } from 'typeorm'
import { Propagation, Transactional } from 'typeorm-transactional'
export class Orders {
  constructor(private readonly source: DataSource, private readonly items: Items) {}
  @Transactional()
  async place() {
    await this.source.query('UPDATE a SET x = 1')
    await this.items.save()
  }
  @Transactional({ propagation: Propagation.SUPPORTS })
  async tidy() {
    await this.source.query('DELETE FROM a')
    await this.source.query('DELETE FROM c')
  }
}
export class Items {
  constructor(private readonly source: DataSource) {}
  async save() {
    await this.source.query('UPDATE b SET x = 1')
  }
}
`
    const files = {
      'app/package.json': JSON.stringify({ name: 'app', dependencies: { mysql2: '3', typeorm: '0.3' } }),
    }
    expect(await transactionsIn(code, files)).toEqual(['7: a, b'])
  })

  test('what a function runs on another connection is no part of it', async () => {
    const code = `async function save(conn: any, x: number) {
  await conn.execute('INSERT INTO a (x) VALUES (?)', [x])
  await pool.execute('INSERT INTO b (x) VALUES (?)', [x])
}
async function log(x: number) {
  await pool.execute('INSERT INTO c (x) VALUES (?)', [x])
}
export const run = () =>
  withTransaction(async conn => {
    await save(conn, 1)
    await log(1)
  })
`
    expect(await transactionsIn(code)).toEqual([])
  })

  test('an object that holds it, taken apart or not, and spread', async () => {
    const code = `async function one({ conn }: any) {
  await conn.execute('INSERT INTO a (x) VALUES (1)')
}
async function two(ctx: any) {
  await ctx.conn.execute('INSERT INTO b (x) VALUES (1)')
  await three({ ...ctx, deep: true })
  await pool.execute('INSERT INTO d (x) VALUES (?)', [ctx.value])
}
async function three(options: any) {
  await options.conn.execute('INSERT INTO c (x) VALUES (1)')
}
export const run = () =>
  withTransaction(async conn => {
    await one({ conn, value: 1 })
    await two({ conn, value: 1 })
  })
`
    expect(await transactionsIn(code)).toEqual(['14: a, b, c'])
  })

  test('an object that is made around it', async () => {
    const code = `import { Repository } from './repository'
export async function run() {
  const client = await pool.getConnection()
  await client.query('BEGIN')
  const repository = new Repository(client, pool)
  await repository.save()
  await client.query('COMMIT')
}
`
    const repository = `export class Repository {
  constructor(private readonly client: any, private readonly reader: any) {}
  async save() {
    await this.client.query('UPDATE a SET x = 1')
    await this.client.query('UPDATE b SET x = 1')
    await this.reader.query('UPDATE c SET x = 1')
  }
}
`
    expect(await transactionsIn(code, { 'app/src/repository.ts': repository })).toEqual(['5: a, b'])
  })

  test('a field of the object, as its other methods name it', async () => {
    const code = `export class Import {
  private conn: any
  async run() {
    await this.conn.beginTransaction()
    await this.first()
    await this.second()
    await this.conn.commit()
  }
  async first() {
    await this.conn.query('DELETE FROM a')
    await pool.query('DELETE FROM c')
  }
  async second() {
    await this.conn.query('DELETE FROM b')
  }
}
`
    expect(await transactionsIn(code)).toEqual(['5: a, b'])
  })

  test('a method of an interface', async () => {
    const code = `interface Stock { reserve(conn: any): Promise<void> }
class SqlStock implements Stock {
  async reserve(conn: any) { await conn.execute('UPDATE b SET x = 1') }
}
export class Orders {
  constructor(private readonly stock: Stock) {}
  place() {
    return withTransaction(async conn => {
      await conn.execute('UPDATE a SET x = 1')
      await this.stock.reserve(conn)
    })
  }
}
export const stock = new SqlStock()
`
    expect(await transactionsIn(code)).toEqual(['9: a, b'])
  })

  test('options of a statement', async () => {
    const code = `import { Sequelize } from 'sequelize'
const sequelize = new Sequelize('mysql://h/d')
async function save(values: any, options: any) {
  await sequelize.query('INSERT INTO a (x) VALUES (1)', { replacements: values, transaction: options.transaction })
  await sequelize.query('INSERT INTO b (x) VALUES (1)', { ...options })
  await sequelize.query('INSERT INTO c (x) VALUES (1)', { replacements: values })
}
export const run = () =>
  sequelize.transaction(async t => {
    await save({}, { transaction: t })
  })
`
    expect(await transactionsIn(code)).toEqual(['10: a, b'])
  })

  test('a function that the transaction runs, given by its name', async () => {
    const code = `async function both(conn: any) {
  await conn.execute('UPDATE a SET x = 1')
  await other(conn)
}
async function other(conn: any) {
  await conn.execute('UPDATE b SET x = 1')
}
export async function run() {
  await withTransaction(both)
  await pool.execute('UPDATE c SET x = 1')
}
`
    expect(await transactionsIn(code)).toEqual(['10: a, b'])
  })

  test('a function that calls itself, and one that wraps what it gets deeper and deeper, come to an end', async () => {
    const code = `async function tree(ctx: any, depth: number): Promise<void> {
  await ctx.conn.execute('UPDATE a SET x = 1')
  await tree(ctx, depth - 1)
  await deeper({ ctx })
}
async function deeper(inner: any): Promise<void> {
  await inner.ctx.conn.execute('UPDATE b SET x = 1')
  await deeper({ ctx: inner, inner: { ctx: inner } })
}
export const run = () => withTransaction(async conn => tree({ conn }, 3))
`
    expect(await transactionsIn(code)).toEqual(['11: a, b'])
  })

  test('a connection that is the one or the other in each of many steps takes no time', async () => {
    const steps = '  conn = Math.random() > 0.5 ? conn : conn\n  part = part.a ? part.a : part.b\n'.repeat(60)
    const code = `async function save(given: any) {
  let conn = given
  let part = given
${steps}
  await conn.execute('UPDATE c SET x = 1')
  await conn.execute('UPDATE b SET x = 1')
  await part.execute('DELETE FROM a')
}
export const run = () => withTransaction(async conn => save(conn))
`
    expect(await transactionsIn(code)).toEqual(['130: b, c'])
  })

  test('a function of a library: the transaction is that of who begins it', async () => {
    const lib = `export async function number(conn: any) {
  await conn.execute('UPDATE b SET x = 1')
}
`
    const code = `import { number } from 'lib'
export const run = () =>
  withTransaction(async conn => {
    await number(conn)
    await conn.execute('UPDATE a SET x = 1')
  })
`
    const map = await mapOf({
      ...platform,
      'lib/src/index.ts': lib,
      'app/src/main.ts': `import { withTransaction } from './db'\n${code}`,
    })
    expect(map.transactions.map(({ service, begin, owners }) => ({ service, begin, owners }))).toEqual([
      { service: 'app', begin: 'app/src/main.ts:4', owners: ['a-service', 'b-service'] },
    ])
  })
})

const kept: Files = {
  'app/src/kept.ts': `import { AsyncLocalStorage } from 'node:async_hooks'
import type { Pool, PoolConnection } from 'mysql2/promise'
import { pool } from './db'
const storage = new AsyncLocalStorage<PoolConnection>()
export const db = (): Pool | PoolConnection => storage.getStore() ?? pool
export const run = (sql: string, values: unknown[] = []) => db().execute(sql, values)
export async function atomically<T>(work: () => Promise<T>): Promise<T> {
  const connection = await pool.getConnection()
  await connection.beginTransaction()
  try {
    const result = await storage.run(connection, work)
    await connection.commit()
    return result
  } catch (error) {
    await connection.rollback()
    throw error
  }
}
`,
}

describe('a storage keeps the connection of a transaction', () => {
  test('functions that ask for it, whoever calls them, and none that runs on the pool', async () => {
    const code = `import { atomically, db, run } from './kept'
const first = () => db().query('UPDATE a SET x = 1')
async function both(id: number) {
  await first()
  await run('INSERT INTO b (id) VALUES (?)', [id])
  await pool.query('INSERT INTO c (id) VALUES (?)', [id])
}
export const f = (id: number) =>
  atomically(async () => {
    await both(id)
  })
export const g = () => both(2)
`
    expect(await transactionsIn(code, kept)).toEqual(['10: a, b'])
  })

  test('a getter of a base class', async () => {
    const code = `import { atomically, db } from './kept'
class Base {
  protected get conn() {
    return db()
  }
}
class Items extends Base {
  async save(id: number) {
    await this.conn.query('UPDATE a SET x = 1 WHERE id = ?', [id])
    await this.note(id)
  }
  private async note(id: number) {
    const { conn } = this
    await conn.query('INSERT INTO b (id) VALUES (?)', [id])
  }
}
const items = new Items()
export const f = () => atomically(() => items.save(1))
`
    expect(await transactionsIn(code, kept)).toEqual(['19: a, b'])
  })

  test('an object with the connection, around the begin', async () => {
    const code = `import { AsyncLocalStorage } from 'async_hooks'
class Context {
  private static readonly storage = new AsyncLocalStorage<{ connection: any }>()
  get connection() {
    return Context.storage.getStore()?.connection ?? pool
  }
  async together(work: () => Promise<void>) {
    const connection = await pool.getConnection()
    await Context.storage.run({ connection }, async () => {
      await connection.beginTransaction()
      await work()
      await connection.commit()
    })
  }
}
class Orders {
  constructor(private readonly context: Context) {}
  async place() {
    await this.context.together(async () => {
      await this.save()
      await pool.query('INSERT INTO b (x) VALUES (1)')
    })
  }
  private async save() {
    await this.query('INSERT INTO a (x) VALUES (1)')
  }
  private query(sql: string) {
    return this.context.connection.query(sql)
  }
}
export const orders = new Orders(new Context())
`
    expect(await transactionsIn(code)).toEqual(['20: a, b'])
  })

  test('what a Prisma transaction gets as a list, made by functions', async () => {
    const code = `import { PrismaClient } from '@prisma/client'
const prisma = new PrismaClient()
const first = () => prisma.$executeRaw\`UPDATE a SET x = 1\`
const last = () => prisma.$executeRaw\`UPDATE c SET x = 1\`
export async function f(ids: number[]) {
  const rest = ids.map(id => prisma.$executeRaw\`UPDATE b SET x = 1 WHERE id = \${id}\`)
  await prisma.$transaction([first(), ...rest])
  await last()
}
`
    expect(await transactionsIn(code)).toEqual(['8: a, b'])
  })

  test('a method of the connection, bound to it', async () => {
    const code = `const spend = (run: any, id: number) => run('UPDATE b SET x = 1 WHERE id = ?', [id])
export const f = (id: number) =>
  withTransaction(async conn => {
    await conn.query('UPDATE a SET x = 1')
    await spend(conn.query.bind(conn), id)
  })
`
    expect(await transactionsIn(code)).toEqual(['4: a, b'])
  })

  test('an object that holds it and runs all by a method of its own', async () => {
    const code = `class Dao {
  private readonly conn: any
  constructor({ conn }: { conn: any }) {
    this.conn = conn
  }
  private run(sql: string) {
    return this.conn.query(sql)
  }
  private log(sql: string) {
    return pool.query(sql)
  }
  first() {
    return this.run('UPDATE a SET x = 1')
  }
  async second() {
    await this.log('UPDATE c SET x = 1')
    return this.run('UPDATE b SET x = 1')
  }
}
export const f = () =>
  withTransaction(async conn => {
    const dao = new Dao({ conn })
    await dao.first()
    await dao.second()
  })
`
    expect(await transactionsIn(code)).toEqual(['22: a, b'])
  })

  test('all behind enterWith', async () => {
    const code = `import { AsyncLocalStorage } from 'async_hooks'
const storage = new AsyncLocalStorage<any>()
const current = () => storage.getStore() ?? pool
const save = (table: 'a' | 'b') => current().query(\`UPDATE \${table} SET x = 1\`)
export async function f() {
  const connection = await pool.getConnection()
  await connection.beginTransaction()
  await saveC()
  storage.enterWith(connection)
  await save('a')
  await save('b')
  await connection.commit()
}
const saveC = () => current().query('UPDATE c SET x = 1')
`
    expect(await transactionsIn(code)).toEqual(['8: a, b'])
  })

  test('begun and ended by methods of the class that keeps it, through `typeof` of its module', async () => {
    const files: Files = {
      'app/src/pool.ts': `import { AsyncLocalStorage } from 'node:async_hooks'
import type { PoolConnection } from 'mysql2/promise'
import { pool } from './db'
class Database {
  private storage = new AsyncLocalStorage<PoolConnection>()
  async query(sql: string) {
    const current = this.storage.getStore()
    if (current) return await this.on(current, sql)
    return await this.on(await pool.getConnection(), sql)
  }
  private on(connection: PoolConnection, sql: string) {
    return connection.query(sql)
  }
  async beginTransactionAsync() {
    const connection = await pool.getConnection()
    await this.on(connection, 'START TRANSACTION')
    return connection
  }
  async endTransactionAsync(connection: PoolConnection, error: Error | null) {
    await connection.query(error ? 'ROLLBACK' : 'COMMIT')
  }
  async together<T>(work: () => Promise<T>) {
    const connection = await this.beginTransactionAsync()
    const result = await this.storage.run(connection, () => work())
    await this.endTransactionAsync(connection, null)
    return result
  }
}
const database = new Database()
export const query = database.query.bind(database)
export const together = database.together.bind(database)
`,
    }
    const code = `import type * as Db from './pool'
export class Items {
  constructor(private readonly db: typeof Db) {}
  async both() {
    return await this.db.together(async () => {
      await this.db.query('UPDATE a SET x = 1')
      await this.second()
    })
  }
  private second() {
    return this.db.query('UPDATE b SET x = 1')
  }
}
`
    expect(await transactionsIn(code, files)).toEqual(['6: a, b'])
  })

  test('not where it keeps something else', async () => {
    const code = `import { AsyncLocalStorage } from 'async_hooks'
const storage = new AsyncLocalStorage<boolean>()
export const isInside = () => storage.getStore() === true
async function atomically(work: (connection: any) => Promise<void>) {
  const connection = await pool.getConnection()
  await connection.beginTransaction()
  await storage.run(true, () => work(connection))
  await connection.commit()
}
const log = () => pool.query('INSERT INTO c (x) VALUES (1)')
const save = (connection: any) => connection.query('UPDATE b SET x = 1')
export const f = () =>
  atomically(async connection => {
    await connection.query('UPDATE a SET x = 1')
    await save(connection)
    await log()
  })
`
    expect(await transactionsIn(code)).toEqual(['14: a, b'])
  })
})

test('what another service runs by the same method of a library is no part of it', async () => {
  const begun = await transactionsIn(
    `import { Base } from 'lib'
class As extends Base { table = 'a' }
export async function f() {
  const conn = await pool.getConnection()
  await conn.beginTransaction()
  await new As().create({ x: 1 }, conn)
  await conn.query('INSERT INTO c (x) VALUES (1)')
  await conn.commit()
}`,
    {
      'lib/src/index.ts': `import mysql from 'mysql2/promise'
const pool = mysql.createPool({})
export abstract class Base {
  abstract readonly table: string
  create(row: object, conn?: mysql.PoolConnection) {
    return (conn ?? pool).query(\`INSERT INTO \${this.table} SET ?\`, [row])
  }
}`,
      'b/package.json': JSON.stringify({ name: 'b', dependencies: { mysql2: '3', lib: '*' } }),
      'b/src/main.ts': `import { Base } from 'lib'
class Bs extends Base { table = 'b' }
class Others extends Base { table = 'others' }
new Others().create({})`,
    },
  )
  expect(begun).toEqual(['6: a, c'])
})
