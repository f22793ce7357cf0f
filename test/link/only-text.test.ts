import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { analyzeForRewrite } from '../../analyzers/repository.js'

/** The text that alone can be executed at the one call of a function's body; null where others can be. */
async function onlyTextOf(body: string): Promise<string | null> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'seamripper-')))
  try {
    writeFileSync(join(root, 'package.json'), '{ "name": "shop", "dependencies": { "pg": "1.0.0" } }')
    writeFileSync(
      join(root, 'a.ts'),
      `import pg from 'pg'\nconst pool = new pg.Pool()\nexport async function f(x: any, ids: number[]) {\n${body}\n}\n`,
    )
    const { sites } = await analyzeForRewrite({ root })
    const [site] = sites.values()
    return site!.onlyText?.text ?? null
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
}

test.each([
  ["await pool.query('SELECT * FROM users')", 'SELECT * FROM users'],
  [
    "const parts = ['a = 1']\nparts.push('b = 2')\nawait pool.query(`SELECT * FROM users WHERE ${parts.join(' AND ')}`)",
    'SELECT * FROM users WHERE a = 1 AND b = 2',
  ],
  [
    'await pool.query(`SELECT * FROM users WHERE id IN (${ids.map(() => "?").join()})`)',
    'SELECT * FROM users WHERE id IN (?)',
  ],
])('%s', async (body, text) => {
  expect(await onlyTextOf(body)).toBe(text)
})

test.each([
  ['pushed under a condition', "const parts = ['a = 1']\nif (x) parts.push('b = 2')"],
  ['pushed in a loop', "const parts = ['a = 1']\nfor (const id of ids) parts.push('b = 2')"],
  ['spread under a condition', "const parts = ['a = 1', ...(x ? ['b = 2'] : [])]"],
  ['filtered', "const parts = ['a = 1', 'b = 2'].filter(part => x.has(part))"],
  ['a slice', "const parts = ['a = 1', 'b = 2'].slice(x)"],
  ['taken away', "const parts = ['a = 1', 'b = 2']\nparts.pop()"],
  [
    'mapped after a condition',
    "const all = ['a']\nif (x) all.push('b')\nconst parts = all.map(name => name)",
  ],
  [
    'in a helper',
    "const where = () => { const all = ['a = 1']; if (x) all.push('b = 2'); return all }\nconst parts = where()",
  ],
])('%s', async (_, body) => {
  expect(
    await onlyTextOf(`${body}\nawait pool.query(\`SELECT * FROM users WHERE \${parts.join(' AND ')}\`)`),
  ).toBeNull()
})
