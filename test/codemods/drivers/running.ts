/** Call sites of a driver as they were, and rewritten: both compiled and running, on one database. */
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import mysql, { type PoolOptions } from 'mysql2/promise'
import pg from 'pg'
import { type Rewrite, rewrite } from '../../../codemods/index.js'
import type { Database } from '../../../codemods/runtime/server/server.js'
import { compile, connect } from '../../../codemods/verify/generated.js'
import type { DatabaseAddress } from '../../support/databases.js'
import { platformFiles, writeFolder } from '../platform.js'
import { PRISMA_CLIENT } from './prisma-client.js'
import type { Subject } from './subjects.js'

const project = fileURLToPath(new URL('../../..', import.meta.url))
const SHOP = 'shop/src/seamripper'

export interface BothWays<Functions> {
  made: Rewrite
  before: Functions
  after: Functions
  /** Waits until the connection of `before` is done with a call that threw. */
  settle(): Promise<unknown>
  end(): Promise<void>
}

/**
 * @param schema script that the owner's tables are created by
 * @param calls text of the file with the call sites
 * @param own options of the owner's own pool of MySQL
 */
export async function bothWays<Functions>(
  subject: Subject,
  address: DatabaseAddress,
  schema: string,
  calls: string,
  own: PoolOptions = {},
): Promise<BothWays<Functions>> {
  const { dialect } = subject
  const known = { host: 'localhost', port: 1, user: 'shop', database: 'platform' }
  const root = writeFolder({
    ...platformFiles(dialect),
    'clinic/migrations/V2__more.sql': schema,
    'shop/src/db.ts': subject.database(known),
    'shop/src/calls.ts': calls,
  })
  symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'), 'junction')
  const made = await rewrite({ root, inTransactions: false })
  const asRun = (text: string): string => text.replace("'@prisma/client'", "'./prisma-client'")
  const rewritten = made.changes.find(({ path }) => path === 'shop/src/calls.ts')?.after ?? ''
  const compiled = compile(
    new Map([
      ...made.changes.map(({ path, after }): [string, string] => [path, after]),
      ['shop/src/db.ts', asRun(subject.database(address))],
      ['shop/src/prisma-client.ts', PRISMA_CLIENT],
      ['shop/src/calls.ts', asRun(rewritten)],
      ['shop/src/before.ts', asRun(calls)],
    ]),
    root,
  )
  let owner: { end(): Promise<void> } | undefined
  const names = { owner: 'clinic/src/seamripper', consumer: SHOP, clients: SHOP }
  const connected = await connect(
    compiled,
    { ...names, file: 'clinic', client: 'clinicClient', environment: 'CLINIC', framework: 'express' },
    load => {
      if (dialect === 'mysql') {
        const pool = mysql.createPool({ ...own, ...address })
        owner = pool
        return (load('database-mysql2') as { mysqlDatabase(of: unknown): Database }).mysqlDatabase(pool)
      }
      const pool = new pg.Pool(address)
      owner = pool
      return (load('database-pg') as { pgDatabase(of: unknown): Database }).pgDatabase(pool)
    },
  )
  const opened = compiled.load('shop/src/db') as {
    end: () => Promise<void>
    ready?: Promise<unknown>
    settle?: () => Promise<unknown>
  }
  await opened.ready
  return {
    made,
    before: compiled.load('shop/src/before') as Functions,
    after: compiled.load('shop/src/calls') as Functions,
    settle: async () => opened.settle?.(),
    async end() {
      await opened.end()
      await connected.close()
      await owner?.end()
      compiled.remove()
      rmSync(root, { recursive: true, force: true })
    },
  }
}
