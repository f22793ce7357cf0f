/** `progress` on a git repository whose two services part step by step. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { progressOf } from '../../analyzers/progress/index.js'
import type { Repository } from '../../analyzers/repository.js'
import { seamripper } from '../cli/run.js'
import { SHOP } from '../cli/shop.js'
import { TestRepository } from '../gate/history/repository.js'
import { emptyMap } from '../reports/sample-map.js'

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
  expect(points).toHaveLength(21)
  expect(notes[0]).toMatch(/^The newest 20 tags are shown: 3 older tags were left out\./)
})
