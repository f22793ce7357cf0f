/** What is written, and what is taken away: all of it or nothing. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { diffOf } from '../../codemods/changes/diff.js'
import { neighboursInTheWay, writeChanges } from '../../codemods/changes/index.js'
import { rewrite } from '../../codemods/index.js'
import { platformFiles, writeFolder } from './platform.js'

const FIND = `export async function find(id: string) {
  const [rows] = await db.query<any[]>('SELECT mrn FROM patients WHERE id = ?', [id])
  return rows
}
`
const WARD = `export async function ward(id: number) {
  const [rows] = await db.query<any[]>('SELECT name FROM wards WHERE id = ?', [id])
  return rows
}
`
const CALLS = `import { db } from './db'\n\n${FIND}\n${WARD}`

/** Every file below a folder with its text. */
function textsIn(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const paths = files.map(entry => join(entry.parentPath, entry.name)).sort()
  return Object.fromEntries(paths.map(path => [path.slice(root.length + 1), readFileSync(path, 'utf8')]))
}

let root = ''
beforeEach(() => {
  root = writeFolder({ ...platformFiles('mysql'), 'shop/src/calls.ts': CALLS })
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const made = () => rewrite({ root, inTransactions: false })
const written = async () => {
  const { changes, removals } = await made()
  writeChanges(root, changes, removals)
}

describe('what nothing needs any more', () => {
  const calls = () => join(root, 'shop/src/calls.ts')

  it('goes: the operation, and its part of what stays', async () => {
    await written()
    const text = readFileSync(calls(), 'utf8')
    writeFileSync(calls(), text.slice(0, text.indexOf('export async function ward')))
    const { changes, removals, operations } = await made()
    expect(operations.map(({ name }) => name)).toEqual(['getPatientById'])
    expect(removals.map(({ path }) => path)).toEqual(['clinic/src/seamripper/operations/getWardById.ts'])
    expect(changes.map(({ path }) => path)).toEqual([
      'clinic/src/seamripper/openapi.json',
      'clinic/src/seamripper/operations/index.ts',
      'seamripper.operations.json',
      'shop/src/seamripper/clients/clinic.ts',
    ])
    const diff = diffOf(changes, removals, false)
    expect(diff).toContain('--- a/clinic/src/seamripper/operations/getWardById.ts\n+++ /dev/null\n')
    writeChanges(root, changes, removals)
    expect(existsSync(join(root, removals[0]!.path))).toBe(false)
    expect(await made()).toMatchObject({ changes: [], removals: [] })
  })

  it('is everything that was generated once no call is left, and nothing else', async () => {
    const before = textsIn(root)
    await written()
    writeFileSync(join(root, 'clinic/src/seamripper/mine.ts'), 'export const mine = 1\n')
    writeFileSync(calls(), CALLS)
    const { removals } = await made()
    // The statements are back, so they are rewritten again.
    expect(removals).toEqual([])
    writeFileSync(calls(), "import { db } from './db'\n")
    const gone = await made()
    expect(gone.operations).toEqual([])
    writeChanges(root, gone.changes, gone.removals)
    expect(textsIn(root)).toEqual({
      ...before,
      'shop/src/calls.ts': "import { db } from './db'\n",
      'clinic/src/seamripper/mine.ts': 'export const mine = 1\n',
    })
    expect(existsSync(join(root, 'shop/src/seamripper'))).toBe(false)
  })

  it('is not what moved to another file of the service', async () => {
    await written()
    const text = readFileSync(calls(), 'utf8')
    rmSync(calls())
    writeFileSync(join(root, 'shop/src/moved.ts'), text)
    expect(await made()).toMatchObject({ changes: [], removals: [] })
  })

  it('is what the clients were before they went to a package', async () => {
    await written()
    const config = readFileSync(join(root, 'seamripper.yml'), 'utf8')
    writeFileSync(join(root, 'seamripper.yml'), `${config}rewrite: { clients: clients }\n`)
    mkdirSync(join(root, 'clients'))
    writeFileSync(join(root, 'clients/package.json'), '{ "name": "clients" }')
    writeFileSync(join(root, 'clients/index.ts'), "export * from './seamripper'\n")
    const shop = JSON.parse(readFileSync(join(root, 'shop/package.json'), 'utf8'))
    shop.dependencies.clients = '*'
    writeFileSync(join(root, 'shop/package.json'), JSON.stringify(shop))
    const { removals } = await made()
    expect(removals.map(({ path }) => path)).toContain('shop/src/seamripper/clients/clinic.ts')
    expect(removals.every(({ path }) => path.startsWith('shop/src/seamripper/'))).toBe(true)
  })

  it('is not what verify found, before anything was rewritten', async () => {
    const found = { id: 'x', name: 'clinic.getX', consumer: 'shop', strategy: 'lift', shown: [] }
    const text = `${JSON.stringify({ schemaVersion: 1, operations: [], different: [found] }, null, 2)}\n`
    writeFileSync(join(root, 'seamripper.operations.json'), text)
    writeFileSync(join(root, 'shop/src/calls.ts'), '')
    expect(await made()).toMatchObject({ changes: [], removals: [] })
  })

  it('is not looked for behind a link', async () => {
    await written()
    const outside = writeFolder({
      'old.ts': readFileSync(join(root, 'shop/src/seamripper/runtime/http.ts'), 'utf8'),
    })
    symlinkSync(outside, join(root, 'shop/src/seamripper/linked'), 'junction')
    expect((await made()).removals).toEqual([])
    rmSync(outside, { recursive: true })
  })
})

describe('bytes that are not those that would be made', () => {
  it.each([
    'seamripper.operations.json',
    'clinic/src/seamripper/server.ts',
    'shop/src/seamripper/runtime/http.ts',
  ])('%s', async path => {
    await written()
    const text = readFileSync(join(root, path), 'utf8')
    writeFileSync(join(root, path), `${text} `)
    const { changes } = await made()
    expect(changes).toEqual([{ path, before: `${text} `, after: text, isGenerated: true }])
  })

  it('are in the way where somebody took the header away', async () => {
    await written()
    const path = 'clinic/src/seamripper/server.ts'
    writeFileSync(join(root, path), readFileSync(join(root, path), 'utf8').replace(/^.*\n/, ''))
    expect(neighboursInTheWay((await made()).changes)).toEqual([path])
  })
})

describe('all or nothing', () => {
  const fails = async (break_: () => void, message: string | RegExp) => {
    const { changes, removals } = await made()
    break_()
    const before = textsIn(root)
    expect(() => writeChanges(root, changes, removals)).toThrow(message)
    expect(textsIn(root)).toEqual(before)
  }

  it('a file changed meanwhile', () =>
    fails(
      () => writeFileSync(join(root, 'shop/src/calls.ts'), 'x'),
      'shop/src/calls.ts has changed meanwhile. Nothing was changed.',
    ))

  it('a folder in the place of a file', () =>
    fails(
      () => mkdirSync(join(root, 'shop/src/seamripper/runtime/http.ts'), { recursive: true }),
      'shop/src/seamripper/runtime/http.ts is no file. Nothing was changed.',
    ))

  it('a file in the place of a folder', () =>
    fails(
      () => writeFileSync(join(root, 'shop/src/seamripper'), ''),
      /^Nothing was changed: .*(?:ENOTDIR|EEXIST)/,
    ))

  it('a link out of the root', async () => {
    const outside = writeFolder({})
    await fails(
      () => symlinkSync(outside, join(root, 'shop/src/seamripper'), 'junction'),
      'lies outside of the root, by a link. Nothing was changed.',
    )
    expect(readdirSync(outside)).toEqual([])
    rmSync(outside, { recursive: true })
  })

  it('a removal that is not possible any more', async () => {
    await written()
    const path = join(root, 'shop/src/calls.ts')
    writeFileSync(path, "import { db } from './db'\n")
    await fails(
      () => writeFileSync(join(root, 'shop/src/seamripper/runtime/http.ts'), '// mine\n'),
      'shop/src/seamripper/runtime/http.ts has changed meanwhile',
    )
  })
})

it('keeps the line ends of the file', async () => {
  const split =
    'export async function all() {\n  const [rows] = await db.query<any[]>(\n    `SELECT o.id, p.mrn\n    FROM orders o\n    JOIN patients p ON p.id = o.patient_id\n    WHERE p.visits > 1`,\n  )\n  return rows\n}\n'
  writeFileSync(join(root, 'shop/src/calls.ts'), `${CALLS}\n${split}`.replaceAll('\n', '\r\n'))
  const { changes, rewritten } = await made()
  expect(rewritten).toHaveLength(3)
  const { after } = changes.find(({ path }) => path === 'shop/src/calls.ts')!
  expect(after).toContain('joinRows(')
  expect(after.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
})

it('keeps the byte order mark of the file', async () => {
  writeFileSync(join(root, 'shop/src/calls.ts'), `\ufeff${CALLS}`)
  await written()
  const after = readFileSync(join(root, 'shop/src/calls.ts'), 'utf8')
  expect(after.startsWith("\ufeffimport { clinicClient } from './seamripper/clients/clinic'\n")).toBe(true)
})

it.each([
  ['Latin-1', (text: string) => Buffer.from(text, 'latin1')],
  ['UTF-16', (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le')],
])('leaves a file in %s alone, and writes the others', async (_, encoded) => {
  writeFileSync(join(root, 'shop/src/old.ts'), encoded(`// Käse\n${CALLS}`))
  const { plan } = await made()
  expect(plan.accesses.filter(({ file }) => file === 'shop/src/old.ts').map(({ reason }) => reason)).toEqual([
    'its file is not in UTF-8',
    'its file is not in UTF-8',
  ])
  await written()
  expect(readFileSync(join(root, 'shop/src/calls.ts'), 'utf8')).toContain('clinicClient')
})

it('writes no secret of the code or of the environment', async () => {
  const secrets = ['hunter2pass', 'sk_live_4242', 'AKIAIOSFODNN7EXAMPLE', 'letmein99']
  writeFileSync(
    join(root, 'shop/src/db.ts'),
    `import mysql from 'mysql2/promise'\n\nconst apiKey = '${secrets[1]}'\nexport const db = mysql.createPool({ host: 'localhost', user: 'shop', password: '${secrets[0]}', database: 'platform', dateStrings: true })\nexport const other = mysql.createPool('mysql://root:${secrets[3]}@db/platform')\n`,
  )
  writeFileSync(
    join(root, 'shop/.env'),
    `CLINIC_API_KEY=${secrets[2]}\nDATABASE_URL=mysql://root:${secrets[3]}@db/platform\n`,
  )
  process.env.CLINIC_API_KEY = secrets[2]
  try {
    const { changes, rewritten } = await made()
    expect(rewritten.length).toBeGreaterThan(0)
    for (const { path, after } of changes)
      for (const secret of secrets) expect(after, path).not.toContain(secret)
  } finally {
    delete process.env.CLINIC_API_KEY
  }
})

it('leaves the texts that a call hands over where they are', async () => {
  const call = `import { db } from './db'
export async function find(id?: string) {
  const [rows] = await db.query<any[]>('SELECT mrn FROM patients WHERE id = ?', [id ?? 'letmein99'])
  return rows
}
`
  writeFileSync(join(root, 'shop/src/calls.ts'), call)
  const { changes } = await made()
  const holding = changes.filter(({ after }) => after.includes('letmein99'))
  expect(holding.map(({ path }) => path)).toEqual(['shop/src/calls.ts'])
})

describe('names that nothing uses any more', () => {
  const leftIn = async (code: string) => {
    writeFileSync(join(root, 'shop/src/calls.ts'), code)
    const { leftovers, changes } = await made()
    return { leftovers, after: changes.find(({ path }) => path === 'shop/src/calls.ts')!.after }
  }

  it('are told where a function made them, which may do more', async () => {
    const { leftovers, after } = await leftIn(`import { db } from './db'

let calls = 0
function statement() {
  calls++
  return 'SELECT mrn FROM patients WHERE id = ?'
}

export async function find(id: string) {
  const sql = statement()
  const [rows] = await db.query<any[]>(sql, [id])
  return rows
}
`)
    expect(after).toContain('const rows = await clinicClient.getPatientById<any>({ id })')
    expect(after).toContain('const sql = statement()')
    expect(leftovers).toEqual([{ file: 'shop/src/calls.ts', line: 10, name: 'sql', kind: 'unused' }])
  })

  it('are told where callers hand them over', async () => {
    // Which pool a parameter is nobody asks: it may be each of the service's, and one of these has a `typeCast` of its own.
    writeFileSync(
      join(root, 'shop/src/db.ts'),
      "import mysql from 'mysql2/promise'\n\nexport const db = mysql.createPool({ host: 'localhost', database: 'platform' })\n",
    )
    const { leftovers, after } = await leftIn(`import type { Pool } from 'mysql2/promise'
import { db } from './db'

async function find(pool: Pool, id: string) {
  const [rows] = await pool.query<any[]>('SELECT mrn FROM patients WHERE id = ?', [id])
  return rows
}

export const shown = (id: string) => find(db, id)
`)
    expect(after).toContain('clinicClient.getPatientById')
    expect(leftovers).toEqual([{ file: 'shop/src/calls.ts', line: 5, name: 'pool', kind: 'parameter' }])
  })

  it('are told of connections that are only taken and given back', async () => {
    const { leftovers, after } = await leftIn(`import { db } from './db'

export async function find(id: string) {
  const client = await db.getConnection()
  const other = await db.getConnection()
  try {
    const [rows] = await client.query<any[]>('SELECT mrn FROM patients WHERE id = ?', [id])
    await other.query('SELECT id FROM orders')
    return rows
  } finally {
    if (client) client.release()
    other.release()
  }
}
`)
    expect(after).toContain('const rows = await clinicClient.getPatientById<any>({ id })')
    expect(leftovers).toEqual([{ file: 'shop/src/calls.ts', line: 5, name: 'client', kind: 'idle' }])
  })

  it('go where that is safe: constants, and the imports that only they used', async () => {
    const { leftovers, after } = await leftIn(`import { db } from './db'
import { FIND } from './texts'

export async function find(id: string) {
  const sql = 'SELECT mrn FROM patients WHERE id = ?'
  const values = [id]
  const [rows] = await db.query<any[]>(sql, values)
  return rows
}
`)
    expect(after).not.toContain('sql')
    expect(after).not.toContain('values')
    // It was unused before: that is not ours.
    expect(after).toContain("import { FIND } from './texts'")
    expect(leftovers).toEqual([])
  })
})
