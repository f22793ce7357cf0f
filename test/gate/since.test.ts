/** `--since` and renames where the history is not a straight line of commits in the root. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { checkGate } from '../../analyzers/gate/index.js'
import { analyzeRepository } from '../../analyzers/repository.js'
import { SHOP } from '../cli/shop.js'
import { TestRepository, told } from './history/repository.js'

const READ = `import { pool } from './db.js'
export const name = (id: number) => pool.query('SELECT name FROM customers WHERE id = ?', [id])
`
const DATABASE =
  "import mysql from 'mysql2/promise'\nexport const pool = mysql.createPool({ database: 'shop' })\n"

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

/** The shop below a folder of the repository, its own crossings on the baseline. */
async function shopIn(prefix: string): Promise<TestRepository> {
  const repository = new TestRepository()
  folders.push(repository.root)
  const files = { ...SHOP, 'services/orders/src/db.ts': DATABASE }
  repository.write(Object.fromEntries(Object.entries(files).map(([path, text]) => [prefix + path, text])))
  if (prefix === '') await repository.baseline('write')
  repository.commit('begin')
  return repository
}

async function refusal(repository: TestRepository, ref: string): Promise<string> {
  return repository.check(ref).then(
    () => 'no refusal',
    (error: Error) => `${error.name}: ${error.message}`,
  )
}

describe('what is not committed', () => {
  test('a new file, known to git or not', async () => {
    const repository = await shopIn('')
    repository.write({ 'services/orders/src/name.ts': READ })
    expect(told(await repository.check('HEAD'))).toEqual(['orders read customers name.ts'])
    repository.git('add', '--all')
    expect(told(await repository.check('HEAD'))).toEqual(['orders read customers name.ts'])
  })

  test('generated code that git ignores and the config names', async () => {
    const repository = await shopIn('')
    const namedBy = (constant: string) =>
      READ.replace('import', "import { CUSTOMERS } from './generated/tables.js'\nimport").replace(
        /'SELECT.*?'/,
        `\`SELECT name FROM \${${constant}} WHERE id = ?\``,
      )
    repository.write({
      '.gitignore': 'generated/\n',
      'seamripper.yml': 'include: [services/orders/src/generated/]\n',
      'services/orders/src/generated/tables.ts': "export const CUSTOMERS = 'customers'\n",
      'services/orders/src/name.ts': namedBy('CUSTOMERS'),
    })
    repository.commit('a crossing by a generated name')
    expect(told(await repository.check('HEAD~1'))).toEqual(['orders read customers name.ts'])
    expect(told(await repository.check('HEAD'))).toEqual([])
    repository.write({ 'services/orders/src/again.ts': namedBy('CUSTOMERS') })
    expect(told(await repository.check('HEAD'))).toEqual(['orders read customers again.ts'])
  })

  test('generated code is not written through a link of the state before', async () => {
    const repository = await shopIn('')
    const outside = mkdtempSync(join(tmpdir(), 'seamripper-outside-'))
    folders.push(outside)
    const generated = join(repository.root, 'services/orders/src/generated')
    symlinkSync(outside, generated)
    repository.write({
      '.gitignore': 'services/orders/src/generated/\n',
      'seamripper.yml': 'include: [services/orders/src/generated/]\n',
    })
    repository.commit('a link')
    rmSync(generated)
    repository.write({
      'services/orders/src/generated/tables.ts': "export const CUSTOMERS = 'customers'\n",
      'services/orders/src/name.ts': READ,
    })
    expect(told(await repository.check('HEAD'))).toEqual(['orders read customers name.ts'])
    expect(readdirSync(outside)).toEqual([])
  })

  test('a renamed file, and the index as it was', async () => {
    const repository = await shopIn('')
    repository.move('services/orders/src/index.ts', 'services/orders/src/main.ts')
    const status = repository.git('status', '--porcelain')
    expect(told(await repository.check())).toEqual([])
    expect(told(await repository.check('HEAD'))).toEqual([])
    expect(repository.git('status', '--porcelain')).toBe(status)
  })

  test('a file renamed and altered since it was committed under another name', async () => {
    const repository = await shopIn('')
    repository.git('mv', 'services/orders/src/index.ts', 'services/orders/src/main.ts')
    repository.commit('renamed')
    repository.move('services/orders/src/main.ts', 'services/orders/src/start.ts')
    repository.edit('services/orders/src/start.ts', 'list(', 'listed(')
    expect(told(await repository.check())).toEqual([])
  })
})

describe('the work of a branch', () => {
  test('what came to the other branch meanwhile is not of it', async () => {
    const repository = await shopIn('')
    repository.git('checkout', '--quiet', '-b', 'work')
    repository.write({ 'services/orders/src/mine.ts': READ })
    repository.commit('mine')
    repository.git('checkout', '--quiet', 'main')
    repository.write({ 'services/orders/src/theirs.ts': READ })
    repository.commit('theirs')
    repository.git('checkout', '--quiet', 'work')
    expect(told(await repository.check('main'))).toEqual(['orders read customers mine.ts'])
    repository.git('merge', '--quiet', '--no-edit', 'main')
    expect(told(await repository.check())).toEqual([
      'orders read customers mine.ts',
      'orders read customers theirs.ts',
    ])
    expect(told(await repository.check('main'))).toEqual(['orders read customers mine.ts'])
  })

  test('a rename together with a change of the statement', async () => {
    const repository = await shopIn('')
    repository.write({ 'services/orders/src/name.ts': READ })
    repository.commit('not on the baseline')
    repository.git('mv', 'services/orders/src/name.ts', 'services/orders/src/names.ts')
    repository.commit('renamed')
    expect(told(await repository.check('HEAD~1'))).toEqual([])
    repository.edit('services/orders/src/names.ts', 'SELECT name', 'SELECT id, name')
    expect(told(await repository.check('HEAD~1'))).toEqual(['orders read customers names.ts'])
  })

  test.each<[title: string, rename: (repository: TestRepository) => void]>([
    ['a folder of another name', repository => repository.move('services/orders', 'services/sales')],
    [
      'one that moves and is altered',
      repository => {
        repository.move('services/orders', 'services/sales')
        repository.edit('services/sales/package.json', '"orders"', '"sales"')
        repository.move('services/sales/src/index.ts', 'services/sales/src/main.ts')
      },
    ],
    [
      'another name in the config',
      repository =>
        repository.write({ 'seamripper.yml': 'services: { sales: { path: services/orders } }\n' }),
    ],
  ])('a renamed service: %s', async (_, rename) => {
    const repository = await shopIn('')
    repository.write({ 'services/orders/seam-todo.yml': null })
    repository.commit('no baseline')
    expect(told(await repository.check())).toHaveLength(3)
    rename(repository)
    expect(told(await repository.check())).toHaveLength(3)
    expect(told(await repository.check('HEAD'))).toEqual([])
  })

  test('a service that goes while another one comes is not renamed', async () => {
    const repository = await shopIn('')
    const files = Object.entries(SHOP).filter(([path]) => path.startsWith('services/orders/'))
    repository.write({ 'services/orders': null })
    repository.commit('gone')
    repository.write(
      Object.fromEntries(files.map(([path, text]) => [path.replace('/orders/', '/sales/'), text])),
    )
    const fresh = told(await repository.check('HEAD'))
    expect(fresh.filter(line => !line.startsWith('warning'))).toEqual([
      'sales foreign-key customers V1__orders.sql',
      'sales join customers index.ts',
    ])
  })

  test('a config that was wrong before', async () => {
    const repository = await shopIn('')
    repository.write({ 'seamripper.yml': 'ownres: {}\n' })
    repository.commit('wrong')
    repository.write({ 'seamripper.yml': 'owners: {}\n', 'services/orders/src/name.ts': READ })
    repository.commit('mended')
    expect(told(await repository.check('HEAD~1'))).toEqual(['orders read customers name.ts'])
  })
})

test('programs that the configuration of the repository names are not run', async () => {
  const repository = await shopIn('')
  const trap = join(repository.root, '.git', 'trap')
  writeFileSync(trap, '#!/bin/sh\ntouch "$(dirname "$0")/was-here"\n', { mode: 0o755 })
  const hooks = join(repository.root, '.git', 'hooks')
  for (const hook of ['post-index-change', 'reference-transaction', 'post-checkout', 'fsmonitor-watchman']) {
    mkdirSync(hooks, { recursive: true })
    writeFileSync(join(hooks, hook), `#!/bin/sh\ntouch "${trap}-hook"\n`, { mode: 0o755 })
  }
  repository.write({ '.gitattributes': '*.ts diff=evil\n', 'services/orders/src/name.ts': READ })
  for (const key of ['core.fsmonitor', 'diff.external', 'diff.evil.textconv', 'core.pager', 'core.editor']) {
    repository.git('config', key, trap)
  }
  repository.git('config', 'alias.diff', `!${trap}`)
  for (const file of ['was-here', 'trap-hook']) rmSync(join(repository.root, '.git', file), { force: true })
  repository.move('services/orders/src/index.ts', 'services/orders/src/main.ts')
  expect(told(await repository.check('HEAD'))).toEqual(['orders read customers name.ts'])
  for (const file of ['was-here', 'trap-hook'])
    expect(existsSync(join(repository.root, '.git', file))).toBe(false)
})

test('a root that is a folder of the repository', async () => {
  const repository = await shopIn('platform/shop/')
  const root = join(repository.root, 'platform', 'shop')
  const load = (folder: string) => analyzeRepository({ root: folder })
  repository.write({ 'platform/shop/services/orders/src/name.ts': READ })
  repository.move('platform/shop/services/orders/src/index.ts', 'platform/shop/services/orders/src/main.ts')
  expect(told(await checkGate({ root, load, since: 'HEAD' }))).toEqual(['orders read customers name.ts'])
})

describe('what can not be compared with', () => {
  test.each([
    '--upload-pack=touch /tmp/x',
    '-h',
    '--all',
    '--output=seamripper-was-here',
    '',
    'nope',
    'HEAD; touch x',
    '$(touch x)',
    'HEAD\0--x',
    'main..HEAD',
    ':/begin\n--x',
  ])('the revision %j', async ref => {
    const repository = await shopIn('')
    expect(await refusal(repository, ref)).toMatch(
      /^GateError: (?:".*" is no revision|There is no revision)/s,
    )
    expect(repository.git('status', '--porcelain')).toBe('')
  })

  test('a branch that is only at the remote', async () => {
    const repository = await shopIn('')
    repository.git('update-ref', 'refs/remotes/origin/release', 'HEAD')
    expect(await refusal(repository, 'release')).toBe(
      'GateError: There is no revision release here. Did you mean origin/release?',
    )
  })

  test('what to fetch is a command for a shell, whatever the branch is called', async () => {
    const repository = await shopIn('')
    expect(await refusal(repository, "origin/it's (new)")).toBe(
      "GateError: There is no revision origin/it's (new) here. Fetch it first: git fetch origin 'it'\\''s (new)'",
    )
  })

  test('a variable that is empty outside of pull requests', async () => {
    expect(await refusal(await shopIn(''), 'origin/')).toBe(
      'GateError: "origin/" is no revision: nothing stands behind its /. A variable of the CI system that is put there, such as github.base_ref, may be set for pull requests only.',
    )
  })

  test('another history', async () => {
    const repository = await shopIn('')
    repository.git('checkout', '--quiet', '--orphan', 'other')
    repository.commit('other')
    expect(await refusal(repository, 'main')).toBe(
      'GateError: main and HEAD have no commit in common, so there is no change between them to judge.',
    )
  })

  test('a shallow clone', async () => {
    const origin = await shopIn('')
    for (const name of ['one', 'two']) origin.commit(name)
    origin.git('checkout', '--quiet', '-b', 'work', 'HEAD~1')
    origin.commit('work')
    const clone = new TestRepository()
    folders.push(clone.root)
    clone.git(
      'fetch',
      '--quiet',
      '--depth=1',
      pathToFileURL(origin.root).href,
      'main:main-of-origin',
      'work:work',
    )
    clone.git('checkout', '--quiet', 'work')
    expect(await refusal(clone, 'main-of-origin')).toMatch(
      /^GateError: This clone is shallow: .* "git fetch --unshallow", or fetch-depth: 0 for actions\/checkout\.$/,
    )
    expect(await refusal(clone, 'v1')).toMatch(
      /^GateError: There is no revision v1 here\. This clone is shallow\./,
    )
  })

  test('a folder without git, and a repository without a commit', async () => {
    const root = mkdtempSync(join(tmpdir(), 'seamripper-no-git-'))
    folders.push(root)
    writeFileSync(join(root, 'package.json'), '{}')
    const load = (folder: string) => analyzeRepository({ root: folder })
    await expect(checkGate({ root, load, since: 'main' })).rejects.toThrow('--since needs a git repository')
    expect((await checkGate({ root, load })).passed).toBe(true)
    const empty = new TestRepository()
    folders.push(empty.root)
    expect(await refusal(empty, 'main')).toBe(
      'GateError: This repository has no commit yet, so there is nothing to compare with.',
    )
  })
})
