/** A service in a git submodule: its baseline, its renames, and `--since` across it. */
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { SHOP } from '../cli/shop.js'
import { TestRepository, told } from './history/repository.js'

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const ORDERS = 'services/orders/'
const LIST = `${ORDERS}src/list.ts`
const READ = `import mysql from 'mysql2/promise'
const pool = mysql.createPool({ host: 'db', database: 'shop' })
export const names = () => pool.query('SELECT name FROM customers')
`
const MORE = "export const ids = () => pool.query('SELECT id FROM customers')\n"

/** The shop, its service `orders` a submodule that reads a table of `customers`. */
async function shop(isBaselined: boolean): Promise<TestRepository> {
  const inside = Object.entries(SHOP).filter(([path]) => path.startsWith(ORDERS))
  const orders = new TestRepository()
  orders.write({
    ...Object.fromEntries(inside.map(([path, text]) => [path.slice(ORDERS.length), text])),
    'src/index.ts': READ,
    'migrations/V1__orders.sql': 'CREATE TABLE orders (id INT PRIMARY KEY);\n',
  })
  orders.commit('begin')
  const repository = new TestRepository()
  folders.push(orders.root, repository.root)
  repository.write(Object.fromEntries(Object.entries(SHOP).filter(([path]) => !path.startsWith(ORDERS))))
  repository.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', orders.root, ORDERS)
  if (isBaselined) await repository.baseline('write')
  commit(repository, 'begin')
  return repository
}

/** In the submodule, and then in the repository around it. */
function commit(repository: TestRepository, message: string): void {
  const of = ['-C', ORDERS, '-c', 'user.name=Tester', '-c', 'user.email=tester@example.org']
  repository.git('-C', ORDERS, 'add', '--all')
  repository.git(...of, 'commit', '--quiet', '--allow-empty', '--message', message)
  repository.commit(message)
}

test('nothing changed: nothing is introduced, with and without a baseline', async () => {
  const known = await shop(true)
  expect(told(await known.check())).toEqual([])
  const fresh = await shop(false)
  expect(told(await fresh.check())).toEqual(['orders read customers index.ts'])
  expect(told(await fresh.check('HEAD'))).toEqual([])
})

test.each([
  ['committed in both', true],
  ['not committed', false],
])('a new read, %s', async (_, isCommitted) => {
  const repository = await shop(false)
  repository.write({ [LIST]: READ })
  repository.edit(`${ORDERS}src/index.ts`, /$/, MORE)
  if (isCommitted) commit(repository, 'more')
  expect(told(await repository.check(isCommitted ? 'HEAD~1' : 'HEAD'))).toEqual([
    'orders read customers index.ts',
    'orders read customers list.ts',
  ])
})

test('a new read is told as the new one of its file', async () => {
  const repository = await shop(true)
  repository.edit(`${ORDERS}src/index.ts`, 'export const names', `${MORE}export const names`)
  const fresh = (await repository.check()).violations.filter(({ state }) => state === 'new')
  expect(fresh.map(({ line }) => line)).toEqual([3])
})

test.each([
  ['committed in both', true],
  ['not committed', false],
])('a renamed file, %s', async (_, isCommitted) => {
  const known = await shop(true)
  const fresh = await shop(false)
  for (const repository of [known, fresh]) {
    repository.move(`${ORDERS}src/index.ts`, `${ORDERS}src/main.ts`)
    if (isCommitted) commit(repository, 'renamed')
  }
  expect(told(await known.check())).toEqual([])
  expect(told(await fresh.check(isCommitted ? 'HEAD~1' : 'HEAD'))).toEqual([])
  await known.baseline('prune')
  expect(known.read(`${ORDERS}seam-todo.yml`)).toContain('services/orders/src/main.ts: 1')
})

test('a merge in it that took one side of its baseline', async () => {
  const repository = await shop(true)
  const git = (...words: string[]) => repository.git('-C', ORDERS, ...words)
  git('config', 'user.name', 'Tester')
  git('config', 'user.email', 'tester@example.org')
  git('checkout', '--quiet', '-b', 'ours')
  git('checkout', '--quiet', '-b', 'other')
  repository.write({ [LIST]: READ })
  await repository.baseline('write')
  commit(repository, 'other')
  git('checkout', '--quiet', 'ours')
  repository.write({ [`${ORDERS}src/more.ts`]: READ })
  await repository.baseline('write')
  commit(repository, 'ours')
  repository.tryGit('-C', ORDERS, 'merge', '--no-commit', 'other')
  git('checkout', 'HEAD', '--', 'seam-todo.yml')
  commit(repository, 'merge')
  const { hints } = await repository.check()
  expect(hints.map(({ file }) => file)).toEqual([`${ORDERS}seam-todo.yml`])
  spawnSync('sh', ['-c', hints[0]!.git!], { cwd: repository.root, stdio: 'ignore' })
  await repository.baseline('prune')
  expect(await repository.check()).toMatchObject({ passed: true, hints: [] })
})

test('one that is not checked out is in neither state', async () => {
  const repository = await shop(false)
  repository.git('submodule', '--quiet', 'deinit', '--force', ORDERS)
  expect(told(await repository.check('HEAD'))).toEqual([])
})

test('one whose commit of then is not there', async () => {
  const repository = await shop(false)
  const then = repository.git('-C', ORDERS, 'rev-parse', 'HEAD').trim()
  repository.git('update-index', '--cacheinfo', `160000,${'0123456789'.repeat(4)},services/orders`)
  repository.git('commit', '--quiet', '--message', 'a commit that was not pushed')
  repository.git('update-index', '--cacheinfo', `160000,${then},services/orders`)
  repository.write({ [LIST]: READ })
  await expect(repository.check('HEAD')).rejects.toThrow(
    /^The submodule services\/orders does not have 012345678901, its commit in [0-9a-f]{12}\. Fetch it first: git -C services\/orders fetch$/,
  )
  expect(told(await repository.check())).toHaveLength(2)
})
