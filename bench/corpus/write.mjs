/**
 * Writes a made-up monorepo of services that share a database. In its proportions it follows what was counted in
 * seven public repositories of such services: 10 to 30 % of the files hold SQL, and they are the longer ones.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { COLUMNS, pascal, planServices } from './domain.mjs'
import { declarations } from './plain.mjs'
import { DIALECTS, queryMethods } from './queries.mjs'
import { createRandom } from './random.mjs'

const FILES_PER_SERVICE = 60
/** Share of the source files that execute SQL, and how much longer they are than the others. */
const SHARE_WITH_SQL = 0.2
const LONGER = 1.8
/** Share of the joins that reach for a table of any service instead of an own one. */
const SHARE_CROSSING = 0.25
const KINDS = ['controllers', 'services', 'dto', 'clients', 'utils', 'events']

/**
 * @param {{ folder: string, files: number, lines: number, seed: number }} wanted source files and their lines;
 *   both are met within a few per cent. The same input gives the same bytes.
 * @returns {{ files: number, lines: number }} what was written, `.ts` files only
 */
export function writeCorpus({ folder, files, lines, seed }) {
  const random = createRandom(seed)
  const written = { files: 0, lines: 0 }
  const write = (path, content) => {
    const text = `${content.join('\n')}\n`
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
    if (!path.endsWith('.ts')) return
    written.files++
    written.lines += content.length
  }

  write('package.json', json({ name: 'bench', private: true, workspaces: ['services/*', 'packages/*'] }))
  writeSharedPackage(write)
  const services = planServices(Math.max(2, Math.round(files / FILES_PER_SERVICE)))
  const allTables = services.flatMap(service => service.tables)
  for (const service of services) writeService(write, service)
  const modules = new Map(services.map(service => [service, []]))

  for (let index = 0; written.files < files; index++) {
    const service = services[index % services.length]
    const perFile = Math.max(8, (lines - written.lines) / (files - written.files))
    const hasSql = random.chance(SHARE_WITH_SQL)
    const mean = perFile / (1 - SHARE_WITH_SQL + SHARE_WITH_SQL * LONGER)
    const length = random.length(hasSql ? mean * LONGER : mean)
    if (hasSql) writeRepository(write, { service, index, length, allTables, random })
    else writePlain(write, { service, index, length, modules: modules.get(service), random })
  }
  return written
}

/** The library of shared queries: a wrapper, a transaction helper and fragments. */
function writeSharedPackage(write) {
  write(
    'packages/shared-database/package.json',
    json({ name: '@bench/shared-database', main: 'src/index.ts' }),
  )
  write('packages/shared-database/src/index.ts', [
    "export { queryRows, withTransaction } from './query.js'",
    "export { listColumns, ofTenant } from './fragments.js'",
  ])
  write('packages/shared-database/src/query.ts', [
    'export async function queryRows<T>(pool: any, sql: string, params: unknown[]): Promise<T[]> {',
    '  const [rows] = await pool.query(sql, params)',
    '  return rows as T[]',
    '}',
    '',
    'export async function withTransaction(pool: any, work: (connection: any) => Promise<void>): Promise<void> {',
    '  const connection = await pool.getConnection()',
    '  try {',
    '    await connection.beginTransaction()',
    '    await work(connection)',
    '    await connection.commit()',
    '  } catch (error) {',
    '    await connection.rollback()',
    '    throw error',
    '  } finally {',
    '    connection.release()',
    '  }',
    '}',
  ])
  write('packages/shared-database/src/fragments.ts', [
    `export const listColumns = (alias: string): string => ${JSON.stringify(COLUMNS)}.map(name => \`\${alias}.\${name}\`).join(', ')`,
    '',
    "export const ofTenant = (alias: string): string => `${alias}.tenant_id = ? AND ${alias}.status <> 'deleted'`",
  ])
}

/** What every service has once: package, Dockerfile, entry, connection and migration. */
function writeService(write, { name, domain, dialect, tables }) {
  const folder = `services/${name}`
  const driver = dialect === 'mysql' ? 'mysql2' : 'pg'
  write(
    `${folder}/package.json`,
    json({
      name: `@bench/${name}`,
      private: true,
      scripts: { start: 'node dist/index.js' },
      dependencies: { express: '^5', [driver]: '*', '@bench/shared-database': '*' },
    }),
  )
  write(`${folder}/Dockerfile`, ['FROM node:20', 'COPY . .', 'CMD ["node", "dist/index.js"]'])
  write(`${folder}/src/index.ts`, [
    "import express from 'express'",
    "import { pool } from './config/database.js'",
    '',
    'const app = express()',
    "app.get('/health', async (_request, response) => response.json(await pool.query('SELECT 1')))",
    'app.listen(Number(process.env.PORT ?? 3000))',
  ])
  write(`${folder}/src/config/database.ts`, [
    dialect === 'mysql' ? "import mysql from 'mysql2/promise'" : "import pg from 'pg'",
    '',
    `export const pool = ${dialect === 'mysql' ? 'mysql.createPool' : 'new pg.Pool'}({`,
    "  host: process.env.DB_HOST ?? 'db',",
    `  database: process.env.DB_NAME ?? '${dialect === 'mysql' ? 'bench' : `bench_${domain}`}',`,
    '})',
  ])
  write(`${folder}/src/utils/logger.ts`, ['export const logger = console'])
  write(`${folder}/src/utils/http-error.ts`, [
    'export class HttpError extends Error {',
    '  constructor(readonly status: number, message: string) {',
    '    super(message)',
    '  }',
    '}',
  ])
  const key = dialect === 'mysql' ? 'CHAR(36) PRIMARY KEY' : 'uuid PRIMARY KEY'
  write(
    `${folder}/migrations/V1__tables.sql`,
    tables.flatMap(table => [
      `CREATE TABLE ${table} (`,
      `  id ${key},`,
      ...COLUMNS.slice(1).map(column => `  ${column} VARCHAR(64) NULL,`),
      '  deleted_at TIMESTAMP NULL',
      ');',
      '',
    ]),
  )
}

/** A class of query methods about the service's tables. */
function writeRepository(write, { service, index, length, allTables, random }) {
  const sql = DIALECTS[service.dialect]
  const body = []
  for (let method = 0; body.length < length - 20; method++) {
    const table = random.pick(service.tables)
    const other = random.pick(random.chance(SHARE_CROSSING) ? allTables : service.tables)
    body.push(
      ...random.pick(queryMethods)({ name: `find${pascal(table)}${method}`, table, other, random, sql }),
      '',
    )
  }
  write(`services/${service.name}/src/repositories/${service.domain}-${index}.repository.ts`, [
    "import { listColumns, ofTenant, queryRows, withTransaction } from '@bench/shared-database'",
    "import { pool } from '../config/database.js'",
    "import { logger } from '../utils/logger.js'",
    '',
    'type Row = Record<string, unknown>',
    'interface Filter { tenantId: string; status?: string; since?: Date }',
    '',
    `const TABLES = { ${service.tables.map(table => `${table}: '${table}'`).join(', ')} }`,
    '',
    `export class ${pascal(service.domain)}Repository${index} {`,
    '  private readonly pool = pool',
    '',
    ...body,
    '}',
  ])
}

/** A module without SQL, which imports some that the service already has. */
function writePlain(write, { service, index, length, modules, random }) {
  const kind = random.pick(KINDS)
  const imported =
    modules.length === 0 ? [] : Array.from({ length: random.between(0, 3) }, () => random.pick(modules))
  const body = []
  for (let count = 0; body.length < length - 10; count++) {
    body.push(...random.pick(declarations)(`${service.domain}_item_${index}_${count}`, random), '')
  }
  const path = `${kind}/${service.domain}-${index}.${kind.replace(/s$/, '')}`
  write(`services/${service.name}/src/${path}.ts`, [
    "import type { NextFunction, Request, Response } from 'express'",
    "import { HttpError } from '../utils/http-error.js'",
    "import { logger } from '../utils/logger.js'",
    ...[...new Set(imported)].map((module, at) => `import * as part${at} from '../${module}.js'`),
    '',
    ...body,
  ])
  modules.push(path)
}

function json(value) {
  return JSON.stringify(value, null, 2).split('\n')
}
