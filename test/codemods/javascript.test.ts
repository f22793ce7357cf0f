import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { rewrite } from '../../codemods/index.js'
import { writeFolder } from './platform.js'

const CODE = {
  commonjs: {
    'clinic/src/app.js':
      "const mysql = require('mysql2/promise')\nmodule.exports = mysql.createPool({ database: 'platform' })\n",
    'shop/src/db.js':
      "const mysql = require('mysql2/promise')\n\nmodule.exports = mysql.createPool({ database: 'platform' })\n",
    'shop/src/patients.js': `const db = require('./db')

exports.find = async ids => {
  const [rows] = await db.query('SELECT id, born FROM patients WHERE id IN (?)', [ids])
  return rows
}
`,
  },
  module: {
    'clinic/src/app.js':
      "import mysql from 'mysql2/promise'\nexport default mysql.createPool({ database: 'platform' })\n",
    'shop/src/db.js':
      "import mysql from 'mysql2/promise'\n\nexport default mysql.createPool({ database: 'platform' })\n",
    'shop/src/patients.js': `import db from './db.js'

export const find = async ids => {
  const [rows] = await db.query('SELECT id, born FROM patients WHERE id IN (?)', [ids])
  return rows
}
`,
  },
}

const AFTER = {
  // What is required may do something when it is loaded.
  commonjs: `const db = require('./db')
const { clinicClient } = require('./seamripper/clients/clinic')

exports.find = async ids => {
  const rows = await clinicClient.listPatientsByIds({ ids })
  return rows
}
`,
  module: `import { clinicClient } from './seamripper/clients/clinic.js'

export const find = async ids => {
  const rows = await clinicClient.listPatientsByIds({ ids })
  return rows
}
`,
}

let root = ''
afterEach(() => rmSync(root, { recursive: true, force: true }))

describe.each(['commonjs', 'module'] as const)('services of JavaScript, %s', kind => {
  it('gets its code in JavaScript, which runs', async () => {
    const pack = (name: string) =>
      JSON.stringify({
        name,
        type: kind,
        scripts: { start: 'node src/app.js' },
        dependencies: { mysql2: '*' },
      })
    root = writeFolder({
      'package.json': '{ "name": "platform", "private": true, "workspaces": ["clinic", "shop"] }',
      'clinic/package.json': pack('clinic'),
      'clinic/Dockerfile': 'FROM node\n',
      'clinic/migrations/1.sql': 'CREATE TABLE patients (id CHAR(36) NOT NULL PRIMARY KEY, born DATE);',
      'shop/package.json': pack('shop'),
      'shop/Dockerfile': 'FROM node\n',
      ...CODE[kind],
    })
    symlinkSync(resolve('node_modules'), join(root, 'node_modules'), 'junction')
    const { changes } = await rewrite({ root, inTransactions: false })
    for (const { path, after } of changes) {
      mkdirSync(dirname(join(root, path)), { recursive: true })
      writeFileSync(join(root, path), after)
    }
    const made = changes.map(({ path }) => path)
    expect(made.filter(path => path.endsWith('.ts'))).toEqual([])
    expect(made).toContain('clinic/src/seamripper/operations/listPatientsByIds.js')
    expect(changes.find(({ path }) => path === 'shop/src/patients.js')?.after).toBe(AFTER[kind])

    const load = async (path: string) =>
      kind === 'module'
        ? import(pathToFileURL(join(root, path)).href)
        : createRequire(join(root, 'package.json'))(`./${path}`)
    const { createServer: createAnswer } = await load('clinic/src/seamripper/server.js')
    const { operations } = await load('clinic/src/seamripper/operations/index.js')
    const asked: unknown[] = []
    const { mysqlDatabase } = await load('clinic/src/seamripper/database-mysql2.js')
    const database = mysqlDatabase({
      query: async ({ sql, values }: { sql: string; values: unknown[] }) => {
        asked.push([sql, values])
        return [[{ id: 'b', born: '2001-02-03' }]]
      },
    })
    const answer = createAnswer({ database, operations, apiKeys: ['key'] })
    const server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      const operation = request.url!.split('/').at(-1)
      const {
        status,
        contentType,
        body: answered,
      } = await answer({
        operation,
        apiKey: request.headers['x-api-key'],
        body: JSON.parse(body),
      })
      response.writeHead(status, { 'content-type': contentType }).end(JSON.stringify(answered))
    })
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
    process.env.CLINIC_API_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    process.env.CLINIC_API_KEY = 'key'
    const { find } = await load('shop/src/patients.js')
    expect(await find(['a', 'b'])).toEqual([{ id: 'b', born: new Date(2001, 1, 3) }])
    expect(asked).toEqual([['SELECT id, born FROM patients WHERE id IN (?, ?)', ['a', 'b']]])
    server.close()

    const again = await rewrite({ root, inTransactions: false })
    expect(again.changes).toEqual([])
    expect(again.removals).toEqual([])
  })
})
