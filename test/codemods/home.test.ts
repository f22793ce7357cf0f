import { rmSync } from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { rewrite } from '../../codemods/index.js'
import { platformFiles, writeFolder } from './platform.js'

const CALLS = `import { db } from './db'

export async function find(id: string) {
  const [rows] = await db.query<any[]>('SELECT mrn FROM patients WHERE id = ?', [id])
  return rows
}
`

let root = ''
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** `rootDir` of the consumer's tsconfig.json, the folder of its code, and where its client is written. */
it.each([
  ['lib', 'lib', 'shop/lib/seamripper'],
  ['./lib/', 'lib', 'shop/lib/seamripper'],
  ['.', 'lib', 'shop/seamripper'],
  ['..', 'src', 'shop/src/seamripper'],
  ['gone', 'src', 'shop/src/seamripper'],
  [null, 'lib', 'shop/seamripper'],
])('rootDir %s, code in %s', async (rootDir, folder, expected) => {
  const { 'shop/src/db.ts': db, ...files } = platformFiles('mysql') as Record<string, string>
  root = writeFolder({
    ...files,
    [`shop/${folder}/db.ts`]: db!,
    [`shop/${folder}/calls.ts`]: CALLS,
    ...(rootDir !== null && { 'shop/tsconfig.json': JSON.stringify({ compilerOptions: { rootDir } }) }),
  })
  const { changes } = await rewrite({ root, inTransactions: false })
  expect(changes.map(({ path }) => path)).toContain(`${expected}/clients/clinic.ts`)
})
