/** Generated code, run for real: the generated client, over HTTP, to the generated router, on PostgreSQL (PGlite). */
import { rmSync, symlinkSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { PGlite } from '@electric-sql/pglite'
import express from 'express'
import fastify from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeChanges } from '../../codemods/changes/index.js'
import { rewrite } from '../../codemods/index.js'
import { platformFiles, writeFolder } from './platform.js'
import { typeErrors } from './support/type-errors.js'

const project = fileURLToPath(new URL('../..', import.meta.url))
const ID = '6f1c2f3e-8a54-4d7e-9c1b-0a1b2c3d4e5f'

const CALLS = `import { db } from './db'

export async function find(id: string) {
  const { rows } = await db.query('SELECT * FROM patients WHERE id = $1', [id])
  return rows
}

export async function byMrn(mrns: string[], since?: Date) {
  const { rows } = await db.query('SELECT mrn, visits FROM patients WHERE mrn = ANY($1) ORDER BY mrn', [mrns])
  return rows
}

export async function admit(patient: string, status: string) {
  const result = await db.query(
    \`INSERT INTO encounters (patient_id, status, started_at) VALUES ($1, $2, '2024-02-29 13:45:00.5') RETURNING id, started_at\`,
    [patient, status],
  )
  return { count: result.rowCount, row: result.rows[0] }
}

const SORTS: Record<string, string> = { number: 'mrn', visits: 'visits' }

export async function sorted(sort: string, order?: 'asc' | 'desc') {
  const column = SORTS[sort] ?? 'id'
  let direction = 'ASC'
  if (order === 'desc') direction = 'DESC'
  const { rows } = await db.query(\`SELECT mrn FROM patients ORDER BY \${column} \${direction}\`)
  return rows
}
`

describe.each(['express', 'fastify'] as const)('over HTTP, with %s', framework => {
  const database = new PGlite()
  let root: string
  // biome-ignore lint/suspicious/noExplicitAny: modules that are generated here
  let client: any
  let close: () => Promise<unknown> | unknown

  beforeAll(async () => {
    const files = platformFiles('postgresql')
    files['clinic/package.json'] = files['clinic/package.json']!.replace('"express"', `"${framework}"`)
    root = writeFolder({ ...files, 'shop/src/calls.ts': CALLS })
    symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'), 'junction')
    const made = await rewrite({ root, inTransactions: false })
    expect(made.plan.accesses.map(access => access.reason)).toEqual(
      Array(4).fill('all of its tables belong to clinic'),
    )
    writeChanges(root, made.changes)
    await database.exec(files['clinic/migrations/V1__clinic.sql']!)
    await database.query(
      `INSERT INTO patients VALUES ($1, 'M1', 'Ada', 'Ünal', '1990-05-01', '2024-02-29T13:45:00.123+02:00', 12.50, 9007199254740993, true, '\\x00ff', '{"a": [1, null]}', '{x,"y z",NULL}'),
       (gen_random_uuid(), 'M2', 'Bo', 'Li', NULL, NULL, 0, 0, false, NULL, NULL, NULL)`,
      [ID],
    )
    const owner = join(root, 'clinic/src/seamripper')
    const [{ operations }, { pgDatabase }, router] = await Promise.all([
      load(owner, 'operations/index'),
      load(owner, 'database-pg'),
      load(owner, 'router'),
    ])
    const options = { database: pgDatabase(pgOf(database)), operations, apiKeys: ['secret'] }
    if (framework === 'express') {
      const server = express()
        .use('/api/v1/operations', router.operationsRouter(options))
        .listen(0, '127.0.0.1')
      await new Promise(resolve => server.once('listening', resolve))
      process.env.CLINIC_API_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      close = () => server.close()
    } else {
      const app = fastify()
      await app.register(router.operationsPlugin, { prefix: '/api/v1/operations', ...options })
      process.env.CLINIC_API_URL = await app.listen({ port: 0, host: '127.0.0.1' })
      close = () => app.close()
    }
    process.env.CLINIC_API_KEY = 'secret'
    client = await load(join(root, 'shop/src'), 'calls')
  }, 120_000)
  afterAll(async () => {
    await close?.()
    await database.close()
    rmSync(root, { recursive: true, force: true })
  })

  it('gives every type as node-postgres does', async () => {
    expect(await client.find(ID)).toEqual([
      {
        id: ID,
        mrn: 'M1',
        first_name: 'Ada',
        last_name: 'Ünal',
        born: new Date(1990, 4, 1),
        seen_at: new Date('2024-02-29T11:45:00.123Z'),
        balance: '12.50',
        visits: '9007199254740993',
        is_active: true,
        photo: Buffer.from([0, 255]),
        extra: { a: [1, null] },
        tags: ['x', 'y z', null],
      },
    ])
  })

  it('takes arrays', async () => {
    expect(await client.byMrn(['M2', 'M1'])).toEqual([
      { mrn: 'M1', visits: '9007199254740993' },
      { mrn: 'M2', visits: '0' },
    ])
  })

  it('takes one of the columns and directions that the code had', async () => {
    expect(await client.sorted('visits')).toEqual([{ mrn: 'M2' }, { mrn: 'M1' }])
    expect(await client.sorted('number', 'desc')).toEqual([{ mrn: 'M2' }, { mrn: 'M1' }])
    expect(await client.sorted('number', 'asc')).toEqual([{ mrn: 'M1' }, { mrn: 'M2' }])
    await expect(client.sorted('toString')).rejects.toThrow()
  })

  it('writes, and gives what RETURNING gives', async () => {
    expect(await client.admit(ID, "it's; DROP TABLE patients")).toEqual({
      count: 1,
      row: { id: 1, started_at: new Date(2024, 1, 29, 13, 45, 0, 500) },
    })
  })

  const post = (name: string, body: string, key: string | null = 'secret') =>
    fetch(`${process.env.CLINIC_API_URL}/api/v1/operations/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key === null ? {} : { 'x-api-key': key }) },
      body,
    })

  it.each([
    ['no key', 'getPatientById', { id: ID }, null, 401],
    ['a wrong key', 'getPatientById', { id: ID }, 'secret2', 401],
    ['an operation that there is not', 'constructor', {}, 'secret', 404],
    ['a field that it does not know', 'getPatientById', { id: ID, sql: 'SELECT 1' }, 'secret', 400],
    ['a missing field', 'getPatientById', {}, 'secret', 400],
    ['a field of another type', 'getPatientById', { id: { toString: 1 } }, 'secret', 400],
    ['a column that the code had not', 'listPatients', { column: 'born', direction: 'ASC' }, 'secret', 400],
    ['an order of a prototype', 'listPatients', { column: 'toString', direction: 'ASC' }, 'secret', 400],
    ['a prototype', 'getPatientById', JSON.parse('{"__proto__": {"id": 1}}'), 'secret', 400],
    ['a body that is too large', 'getPatientById', { id: 'x'.repeat(2_000_000) }, 'secret', 413],
  ])('refuses %s', async (_, name, body, key, status) => {
    const response = await post(name, JSON.stringify(body), key)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
  })

  it('refuses what is no JSON', async () => {
    expect((await post('getPatientById', '{')).status).toBe(400)
  })

  it('tells what the database refused, without telling the statement', async () => {
    const response = await post('getPatientById', JSON.stringify({ id: 'no uuid' }))
    expect(response.status).toBe(409)
    const text = await response.text()
    expect(JSON.parse(text).code).toBe('22P02')
    expect(text).not.toMatch(/uuid|select/i)
  })

  it('answers reads of one tick in one request', async () => {
    const [found, listed] = await Promise.all([client.find(ID), client.byMrn(['M2'])])
    expect(found[0].mrn).toBe('M1')
    expect(listed).toEqual([{ mrn: 'M2', visits: '0' }])
  })

  const call = { operation: 'getPatientById', parameters: { id: ID } }
  it.each<[what: string, body: object, key: string | null, status: number]>([
    ['no key', { calls: [call] }, null, 401],
    ['a wrong key', { calls: [call] }, 'secre', 401],
    ['no list', { calls: { length: 1, 0: call } }, 'secret', 400],
    ['an empty list', { calls: [] }, 'secret', 400],
    ['too many of them', { calls: Array.from({ length: 101 }, () => call) }, 'secret', 400],
    ['a field beside the list', { calls: [call], sql: 'SELECT 1' }, 'secret', 400],
    [
      'a body that is too large',
      { calls: [{ ...call, parameters: { id: 'x'.repeat(2_000_000) } }] },
      'secret',
      413,
    ],
  ])('refuses many reads with %s', async (_, body, key, status) => {
    const response = await post('', JSON.stringify(body), key)
    expect(response.status).toBe(status)
    expect(response.headers.get('content-type')).toContain('application/problem+json')
  })

  it.each<[what: string, call: unknown, status: number]>([
    ['a field beside the operation', { ...call, sql: 'SELECT 1' }, 400],
    ['a parameter that it does not know', { ...call, parameters: { id: ID, sql: 'SELECT 1' } }, 400],
    ['no parameters', { operation: 'getPatientById' }, 400],
    ['a name that every object has', { ...call, operation: 'constructor' }, 404],
    ['nothing', null, 404],
  ])('refuses one of many reads with %s, and answers the others', async (_, wrong, status) => {
    const response = await post('', JSON.stringify({ calls: [call, wrong] }))
    const { answers } = (await response.json()) as { answers: object[] }
    expect(answers).toMatchObject([{ rows: [{ mrn: 'M1' }] }, { problem: { status } }])
  })

  it('takes no writes among many reads', async () => {
    const response = await post(
      '',
      JSON.stringify({ calls: [{ operation: 'createEncounter', parameters: {} }] }),
    )
    expect(((await response.json()) as { answers: unknown[] }).answers).toMatchObject([
      { problem: { status: 404 } },
    ])
  })

  it('type-checks under --strict', () => {
    const files = [
      'clinic/src/seamripper/router.ts',
      'clinic/src/seamripper/operations/index.ts',
      'shop/src/calls.ts',
    ]
    const errors = typeErrors(root, files, {
      noUnusedLocals: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
    })
    expect(errors.filter(error => !error.startsWith("/shop/src/calls.ts 'since'"))).toEqual([])
  })
})

/** A generated module, compiled. */
async function load(folder: string, name: string) {
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}')
  return import(/* @vite-ignore */ pathToFileURL(join(folder, `${name}.ts`)).href)
}

/** PGlite as the part of node-postgres that the generated code uses: every value as the server's text. */
function pgOf(database: PGlite) {
  return {
    async query({ text, values }: { text: string; values: unknown[] }) {
      const asText = Object.fromEntries(
        Array.from({ length: 4_000 }, (_, oid) => [oid, (value: string) => value]),
      )
      const { rows, affectedRows } = await database.query(text, values, { parsers: asText })
      return { rows, rowCount: rows.length || (affectedRows ?? 0), command: '' }
    },
  }
}
