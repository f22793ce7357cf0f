/** Call sites that were rewritten, read from the commits that still have them. */
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { writeChanges } from '../../codemods/changes/index.js'
import { rewrite } from '../../codemods/index.js'
import { noLongerInCode, withFormerCode } from '../../codemods/verify/former.js'
import { readAnew } from '../../codemods/verify/reread/index.js'
import { platformFiles, writeFolder } from '../codemods/platform.js'

const FIND = `export async function find(id: string) {
  const [rows] = await db.query('SELECT mrn FROM patients WHERE id = ?', [id])
  return rows
}
`
const COUNT = `export async function count(mrn: string) {
  const [rows] = await db.query('SELECT COUNT(*) AS n FROM patients WHERE mrn = ?', [mrn])
  return rows
}
`

let root: string

beforeEach(() => {
  root = writeFolder({
    ...platformFiles('mysql'),
    'shop/src/calls.ts': `import { db } from './db'\n\n${FIND}`,
  })
})

afterEach(() => rmSync(root, { recursive: true, force: true }))

function git(...words: string[]): void {
  execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'commit.gpgsign=false', ...words], {
    cwd: root,
    stdio: 'pipe',
  })
}

function commitAll(): void {
  git('add', '-A')
  git('commit', '-qm', 'a change')
}

async function write(): Promise<void> {
  const { changes, removals } = await rewrite({ root, inTransactions: false })
  writeChanges(root, changes, removals)
}

/** What the code of each operation ran with an id and an mrn, or why that can't be read. */
async function ran(): Promise<unknown[]> {
  const { operations, rewritten } = await rewrite({ root, inTransactions: false, wants: () => false })
  const accesses = noLongerInCode(operations, rewritten)
  return withFormerCode({ root, accesses }, async former =>
    operations.map(operation => {
      const [use] = operation.uses
      const state = former(use!.access)
      if (typeof state === 'string') return state
      const found = readAnew(operation, use!, [{ id: 'a', mrn: 'm' }], state)
      return typeof found === 'string' ? found : [...found.statements.values()]
    }),
  )
}

const FOUND = [{ text: 'SELECT mrn FROM patients WHERE id = ?', values: ['a'] }]
const COUNTED = [{ text: 'SELECT COUNT(*) AS n FROM patients WHERE mrn = ?', values: ['m'] }]

it('reads what is committed as it was', async () => {
  git('init', '-q')
  commitAll()
  await write()
  expect(await ran()).toEqual([FOUND])
  expect(readFileSync(join(root, 'shop/src/calls.ts'), 'utf8')).not.toContain('SELECT')
})

it('looks back behind the commit that rewrote it, for each', async () => {
  git('init', '-q')
  commitAll()
  await write()
  commitAll()
  const path = join(root, 'shop/src/calls.ts')
  writeFileSync(path, `import { db } from './db'\n${readFileSync(path, 'utf8')}\n${COUNT}`)
  commitAll()
  await write()
  commitAll()
  writeFileSync(join(root, 'notes.txt'), 'later')
  commitAll()
  expect(await ran()).toEqual([COUNTED, FOUND])
})

it('says where no commit has it', async () => {
  git('init', '-q')
  await write()
  commitAll()
  expect(await ran()).toEqual([
    'the code that it was is not at hand: no commit is from before it was rewritten',
  ])
})

it('says where the commit before has another statement', async () => {
  git('init', '-q')
  commitAll()
  const path = join(root, 'shop/src/calls.ts')
  writeFileSync(path, readFileSync(path, 'utf8').replace('SELECT mrn', 'SELECT id, mrn'))
  await write()
  expect(await ran()).toEqual([
    expect.stringMatching(
      /^the code that it was is not at hand: [0-9a-f]{12}, from before it was rewritten, does/,
    ),
  ])
})

it('says where there is no git', async () => {
  await write()
  expect(await ran()).toEqual([
    'the code that it was is not at hand: its folder is in no git repository, or there is no git',
  ])
})
