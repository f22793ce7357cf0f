/** `progress` on a git repository whose two services part step by step. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCache } from '../../analyzers/cache/index.js'
import { progressOf } from '../../analyzers/progress/index.js'
import type { Repository } from '../../analyzers/repository.js'
import { seamripper } from '../cli/run.js'
import { SHOP } from '../cli/shop.js'
import { TestRepository } from '../gate/history/repository.js'
import { emptyMap, service, table } from '../reports/sample-map.js'

const ORDERS = 'services/orders/src/index.ts'
const folder = mkdtempSync(join(tmpdir(), 'seamripper-progress-'))
let repository: TestRepository
let status: string

/** v1: a join and a foreign key; v2: the join is gone; v3: the key too, orders has a client and a database of its own. */
beforeAll(() => {
  repository = new TestRepository()
  process.env.GIT_COMMITTER_DATE = '2026-03-01T12:00:00Z'
  repository.write(SHOP)
  repository.commit('begin')
  repository.git('tag', 'v1')
  repository.edit(ORDERS, 'c.name', '1')
  repository.edit(ORDERS, 'JOIN customers c ON c.id = o.customer_id', '')
  process.env.GIT_COMMITTER_DATE = '2026-04-01T12:00:00Z'
  repository.commit('no join')
  repository.git('tag', '--annotate', '--message=second', 'v2')
  repository.edit(ORDERS, "database: 'shop'", "database: 'orders'")
  repository.edit('services/orders/migrations/V1__orders.sql', /,\n {2}FOREIGN KEY.*/, '')
  repository.write({
    'seamripper.operations.json': JSON.stringify({
      schemaVersion: 1,
      operations: [{ owner: 'customers', event: null, uses: [{ service: 'orders', strategy: 'lift' }] }],
    }),
  })
  delete process.env.GIT_COMMITTER_DATE
  // Not committed: the working tree is the last revision. A file that is not in v1 and v2 must not be read there.
  status = repository.git('status', '--porcelain')
}, 60_000)
afterAll(() => {
  for (const each of [repository.root, folder]) rmSync(each, { recursive: true, force: true })
})

const schema = JSON.parse(
  readFileSync(new URL('../../schemas/progress.schema.json', import.meta.url), 'utf8'),
)

test('in the current folder: tags and the working tree, and nothing is changed', () => {
  const {
    stdout,
    status: exit,
    stderr,
  } = seamripper(['progress', '--format', 'json'], {
    cwd: repository.root,
  })
  expect([exit, stderr]).toEqual([0, ''])
  const progress = JSON.parse(stdout)
  const ajv = new Ajv2020({ allowUnionTypes: true })
  addFormats.default(ajv)
  const validate = ajv.compile(schema)
  validate(progress)
  expect(validate.errors).toBeNull()
  const short = progress.points.map((point: Record<string, unknown>) =>
    ['label', 'date', 'foreignKeys', 'separated', 'moved', 'clients', 'byService'].map(key => point[key]),
  )
  const moved = [{ table: 'orders', from: 'shop', to: 'orders' }]
  expect(short).toEqual([
    ['v1', '2026-03-01', 1, [], [], 0, [{ service: 'orders', accesses: 1 }]],
    ['v2', '2026-04-01', 1, [], [], 0, []],
    ['working tree', null, 0, ['customers', 'orders'], moved, 1, []],
  ])
  expect(repository.git('status', '--porcelain')).toBe(status)
}, 240_000)

test('the working tree has no line of its own while it is the newest tag as it is', () => {
  const labels = () => {
    const { stdout } = seamripper(['progress', '--format', 'json'], { cwd: tagged.root })
    return JSON.parse(stdout).points.map(({ label }: { label: string }) => label)
  }
  const tagged = new TestRepository()
  try {
    tagged.write(SHOP)
    tagged.commit('begin')
    tagged.git('tag', 'v1')
    expect(labels()).toEqual(['v1'])
    tagged.write({ 'services/orders/src/more.ts': 'export {}\n' })
    expect(labels()).toEqual(['v1', 'working tree'])
    tagged.commit('more')
    expect(labels()).toEqual(['v1', 'working tree'])
  } finally {
    rmSync(tagged.root, { recursive: true, force: true })
  }
}, 120_000)

test('revisions that are named, and saved maps, as a table', () => {
  const march = join(folder, 'march.json')
  seamripper(['map', repository.root, '--format', 'json', '--output', march])
  const { stdout, status: exit } = seamripper(['progress', repository.root, '--history', 'v1', 'v2', march])
  expect(exit).toBe(0)
  expect(stdout.split('\n').slice(0, 7)).toEqual([
    'Progress',
    '  revision    date        crossings  reads  joins  keys  separated  moved  unresolved',
    '  v1          2026-03-01          1      1      1     1     0 of 2      0           1',
    '  v2          2026-04-01          0      0      0     1     0 of 2      0           1',
    '  march.json                      0      0      0     0     2 of 2      1           1',
    '',
    'march.json: 0 crossings, 1 fewer than at v1; 2 of 2 services separated; 1 table moved.',
  ])
  expect(stdout).toContain(
    '0 at each revision: crossings that write, generated API clients, generated events and tables without\na known owner.',
  )
  expect(stdout).toContain('Not known from a saved map alone: clients and events of march.json.')
}, 240_000)

test.each<[string, string[], RegExp]>([
  ['a revision that is none', ['--history', 'v9'], /There is no revision v9 here/],
  ['an option as a revision', ['--history=--output=x'], /is no revision/],
  ['a map that is not there', ['--history', 'nothing.json'], /Can't read the map nothing\.json/],
  [
    'a file that is no map',
    ['--history', 'package.json'],
    /package\.json holds no map as this version knows it/,
  ],
])('%s ends with status 2', (_, words, message) => {
  const { status: exit, stderr, stdout } = seamripper(['progress', '.', ...words], { cwd: repository.root })
  expect([exit, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(message)
})

test('no tags, no repository, a folder among the revisions', () => {
  const bare = mkdtempSync(join(folder, 'bare-'))
  writeFileSync(join(bare, 'package.json'), '{}')
  expect(seamripper(['progress', bare]).stderr).toMatch(/To read tags, a git repository is needed/)
  const untagged = new TestRepository()
  untagged.write(SHOP)
  untagged.commit('begin')
  expect(seamripper(['progress', untagged.root]).stderr).toMatch(
    /There are no tags before HEAD\. HEAD is the first commit: there is nothing to compare with yet\./,
  )
  for (const name of ['second', 'third', 'fourth']) untagged.commit(name)
  expect(seamripper(['progress', untagged.root]).stderr).toMatch(
    /Say which revisions to compare: --history HEAD~3 HEAD~1 HEAD\n/,
  )
  expect(seamripper(['progress', '--history', 'HEAD', untagged.root]).stderr).toMatch(
    /is a folder, and no revision/,
  )
  const shallow = new TestRepository()
  shallow.git('fetch', '--quiet', '--depth=1', pathToFileURL(untagged.root).href, 'main:main-of-origin')
  shallow.git('checkout', '--quiet', 'main-of-origin')
  expect(seamripper(['progress', shallow.root]).stderr).toMatch(
    /^seamripper: There are no tags before HEAD\. This clone is shallow\. Fetch the history first/,
  )
  for (const { root } of [untagged, shallow]) rmSync(root, { recursive: true, force: true })
}, 120_000)

test('more tags than are read: said', async () => {
  const many = new TestRepository()
  many.write({ 'package.json': '{}' })
  many.commit('begin')
  for (let each = 1; each <= 23; each++) many.git('tag', `v${each}`)
  const load = async () => ({ map: emptyMap() }) as unknown as Repository
  const { points, notes } = await progressOf({ root: many.root, history: ['tags'], load })
  rmSync(many.root, { recursive: true, force: true })
  expect(points).toHaveLength(20)
  expect(notes[0]).toMatch(/^The newest 20 tags are shown: 3 older tags were left out\./)
})

/** What the analysis finds in a folder, told by its files. */
function reading(seen: string[][]) {
  return async (root: string) => {
    const entries = readdirSync(root, { recursive: true, withFileTypes: true })
    const files = entries.filter(entry => entry.isFile())
    seen.push(files.map(({ parentPath, name }) => relative(root, join(parentPath, name))).sort())
    return { map: emptyMap() } as unknown as Repository
  }
}

test('each revision has its own files, and folders that only the one before had are gone', async () => {
  const changing = new TestRepository()
  changing.write({ 'a.ts': '1', 'b/deep/c.ts': '2', 'README.md': '', 'd.ts': '3' })
  changing.commit('begin')
  changing.git('rm', '--quiet', 'b/deep/c.ts', 'd.ts')
  changing.write({ 'a.ts': '4', 'd.ts/e.ts': '5' })
  symlinkSync('..', join(changing.root, 'b'))
  changing.commit('a folder for a file, and a link for a folder')
  changing.git('rm', '--quiet', '--cached', 'b')
  rmSync(join(changing.root, 'b'))
  changing.write({ 'b/f.ts': '6' })
  changing.commit('and back')
  const seen: string[][] = []
  await progressOf({
    root: changing.root,
    history: ['HEAD~2', 'HEAD~1', 'HEAD', 'HEAD~2'],
    load: async root => {
      expect(existsSync(join(root, '..', 'f.ts'))).toBe(false)
      expect(readFileSync(join(root, 'a.ts'), 'utf8')).toBe(seen.length % 3 === 0 ? '1' : '4')
      expect(existsSync(join(root, 'b/deep'))).toBe(seen.length % 3 === 0)
      return reading(seen)(root)
    },
  })
  rmSync(changing.root, { recursive: true, force: true })
  const first = ['a.ts', 'b/deep/c.ts', 'd.ts']
  expect(seen).toEqual([first, ['a.ts', 'd.ts/e.ts'], ['a.ts', 'b/f.ts', 'd.ts/e.ts'], first])
})

test('a revision whose configuration is wrong is left out, with the reason', async () => {
  const mended = new TestRepository()
  mended.write({ ...SHOP, 'seamripper.yml': 'ownres: {}' })
  mended.commit('wrong')
  mended.write({ 'seamripper.yml': 'owners: {}' })
  mended.commit('mended')
  const run = (...history: string[]) =>
    seamripper(['progress', mended.root, '-f', 'json', '--history', ...history])
  const { stdout, status: exit } = run('HEAD~1', 'HEAD')
  expect(exit).toBe(0)
  const { points, notes } = JSON.parse(stdout)
  expect(points.map(({ label }: { label: string }) => label)).toEqual(['HEAD'])
  expect(notes[0]).toMatch(
    /^Left out, for it can't be read: HEAD~1\. seamripper\.yml:1: the config has an unknown key "ownres"/,
  )
  expect(run('HEAD~1')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^seamripper: Left out, for it can't be read: HEAD~1\. seamripper\.yml:1:/),
  })
  rmSync(mended.root, { recursive: true, force: true })
}, 120_000)

test('what was measured is known afterwards, until a file is another', async () => {
  const same = new TestRepository()
  same.write({ 'a.ts': '1', 'README.md': '1' })
  same.commit('begin')
  same.write({ 'README.md': '2' })
  same.commit('nothing that is read')
  same.write({ 'a.ts': '2' })
  same.commit('a file that is')
  const store = openCache(folder, join(folder, 'cache'))
  if ('reason' in store) throw new Error(store.reason)
  const seen: string[][] = []
  const options = { root: same.root, load: reading(seen), cache: store }
  const first = await progressOf({ ...options, history: ['HEAD~2', 'HEAD'] })
  expect(seen).toHaveLength(2)
  expect(await progressOf({ ...options, history: ['HEAD~2', 'HEAD'] })).toEqual(first)
  await progressOf({ ...options, history: ['HEAD~1'] })
  expect(seen).toHaveLength(2)
  store.close()
  rmSync(same.root, { recursive: true, force: true })
})

test('a service that is taken for a library in between: said, for the numbers jump', async () => {
  const twice = new TestRepository()
  for (const version of ['1', '2', '3']) {
    twice.write({ 'package.json': `{ "version": "${version}" }` })
    twice.commit(version)
  }
  const load = async (root: string) => {
    const kind = readFileSync(join(root, 'package.json'), 'utf8').includes('2') ? 'library' : 'service'
    const services = [{ ...service('orders', 'orders'), kind } as const, service('site', 'site')]
    return {
      map: { ...emptyMap(), services, tables: [table('db/orders', 'orders', 'config')] },
    } as unknown as Repository
  }
  const { notes } = await progressOf({ root: twice.root, history: ['HEAD~2', 'HEAD~1', 'HEAD'], load })
  rmSync(twice.root, { recursive: true, force: true })
  expect(notes).toContain(
    "orders was taken for a library at HEAD~1, where its crossings don't count, and for a service elsewhere.",
  )
})

test('Ctrl-C leaves no temporary folder', async () => {
  const temporary = mkdtempSync(join(folder, 'tmp-'))
  const script = `
    import { withTemporaryFolder } from ${JSON.stringify(new URL('../../analyzers/gate/since/temporary-folder.ts', import.meta.url).href)}
    await withTemporaryFolder('here-', async folder => {
      process.stdout.write(folder)
      setTimeout(() => {}, 60_000)
      await new Promise(() => {})
    })`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', script], {
    env: { ...process.env, TMPDIR: temporary, TEMP: temporary },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [made] = await once(child.stdout, 'data')
  expect(existsSync(String(made))).toBe(true)
  child.kill('SIGINT')
  expect(await once(child, 'exit')).toEqual([null, 'SIGINT'])
  expect(readdirSync(temporary).filter(name => name.startsWith('here-'))).toEqual([])
}, 60_000)
