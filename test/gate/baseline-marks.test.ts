/** Two branches that change one count: git tells of it where they mean different uses, and merges them where it is the same one. */
import { rmSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SHOP } from '../cli/shop.js'
import { TestRepository, told } from './history/repository.js'

const TODO = 'services/orders/seam-todo.yml'
const CODE = 'services/orders/src/routes.ts'

/** Handlers of the same statement, which only the routes tell apart; far enough from each other to merge. */
const handler = (route: string) => `app.get('/${route}', async (request, response) => {
  // ${route}
  // takes an id
  const [rows] = await pool.query('SELECT name FROM customers WHERE id = ?', [request.query.id])
  // and gives
  // the ${route}
  response.json(rows)
})
`
const routes = (...names: string[]) => `import express from 'express'
import mysql from 'mysql2/promise'
const pool = mysql.createPool({ host: 'db', database: 'shop' })
const app = express()
${names.map(handler).join('\n')}`

let repository: TestRepository
beforeEach(() => {
  repository = new TestRepository()
})
afterEach(() => rmSync(repository.root, { recursive: true, force: true }))

/** The shop with these routes on its baseline, committed. */
async function begin(...names: string[]): Promise<void> {
  repository.write({ ...SHOP, [CODE]: routes(...names) })
  await repository.baseline('write')
  repository.commit('begin')
}

/** A branch from main with other routes, and the baseline as they want it. */
const branch = (name: string, how: 'write' | 'prune', ...names: string[]) =>
  repository.branch(name, 'main', async () => {
    repository.write({ [CODE]: routes(...names) })
    await repository.baseline(how)
  })

/** Merges two branches; whether git says that the baseline has a conflict. */
function merge(...branches: string[]): boolean {
  const statuses = branches.map(name => repository.tryGit('merge', '--quiet', '--no-edit', name).status)
  const unmerged = repository.git('diff', '--name-only', '--diff-filter=U').trim()
  expect(['', TODO]).toContain(unmerged)
  expect(statuses.at(-1)).toBe(unmerged === '' ? 0 : 1)
  return unmerged === TODO
}

/** The line of the routes, without its indentation. */
const line = () =>
  repository
    .read(TODO)
    .split('\n')
    .find(each => each.includes('routes.ts'))
    ?.trim()

test('a first baseline has no marks, and one that is written again stays as it is', async () => {
  await begin('a', 'b', 'c', 'd', 'e')
  expect(line()).toBe('services/orders/src/routes.ts: 5')
  expect(repository.read(TODO)).not.toContain('~')
  await repository.baseline('write')
  await repository.baseline('prune')
  expect(repository.git('status', '--porcelain')).toBe('')
})

test('different uses mended: a conflict, which pruning ends with the right number', async () => {
  await begin('a', 'b', 'c', 'd', 'e')
  await branch('mend-a', 'prune', 'b', 'c', 'd', 'e')
  await branch('mend-e', 'prune', 'a', 'b', 'c', 'd')
  expect(merge('mend-a', 'mend-e')).toBe(true)
  expect(repository.read(CODE)).toBe(routes('b', 'c', 'd'))
  await repository.baseline('prune')
  expect(line()).toMatch(/^services\/orders\/src\/routes\.ts: 3 # ~[0-9a-f]{4}$/)
  expect(told(await repository.check())).toEqual([])
})

test('different uses accepted: a conflict, and both are', async () => {
  await begin('b', 'c', 'd')
  await branch('add-a', 'write', 'a', 'b', 'c', 'd')
  await branch('add-e', 'write', 'b', 'c', 'd', 'e')
  expect(merge('add-a', 'add-e')).toBe(true)
  await repository.baseline('prune')
  expect(line()).toMatch(/: 5 # ~/)
  expect(told(await repository.check())).toEqual([])
})

describe('different uses accepted on two branches, and the conflict is taken away', () => {
  beforeEach(async () => {
    await begin('b', 'c', 'd')
    await branch('add-a', 'write', 'a', 'b', 'c', 'd')
    await branch('add-e', 'write', 'b', 'c', 'd', 'e')
    expect(merge('add-a', 'add-e')).toBe(true)
  })

  const withoutMarks = () => repository.edit(TODO, /^(?:<{7}|={7}|>{7}).*\n/gm, '')

  test('by adding the file to the index as it is', async () => {
    repository.git('add', '--all')
    await repository.baseline('prune')
    expect(line()).toMatch(/: 5 # ~/)
  })

  test('by taking both sides: said, and pruning joins them, also when the merge is committed', async () => {
    withoutMarks()
    await expect(repository.check()).rejects.toThrow(/is there twice: holds both sides of a merge/)
    repository.commit('merged')
    await repository.baseline('prune')
    expect(line()).toMatch(/: 5 # ~/)
    expect(told(await repository.check())).toEqual([])
  })
})

test('what is joined has the mark of its uses, not that of one side', async () => {
  await begin('z')
  await branch('add-a', 'write', 'a', 'z')
  await branch('add-b', 'write', 'b', 'z')
  await branch('add-c', 'write', 'c', 'z')
  const joined = async (...names: string[]) => {
    repository.git('checkout', '--quiet', '-B', 'joined', 'add-a')
    repository.tryGit('merge', '--quiet', names[0]!)
    repository.write({ [CODE]: routes('a', names[1]!, 'z') })
    await repository.baseline('prune')
    const found = line()
    repository.commit('joined')
    return found
  }
  const withB = await joined('add-b', 'b')
  expect(withB).toMatch(/: 3 # ~/)
  expect(await joined('add-c', 'c')).not.toBe(withB)
})

test('a baseline that was deleted and is written again keeps its marks', async () => {
  await begin('a', 'b', 'c')
  await branch('mend-a', 'prune', 'b', 'c')
  repository.git('checkout', '--quiet', 'mend-a')
  repository.write({ [TODO]: null })
  await repository.baseline('write')
  expect(repository.git('status', '--porcelain')).toBe('')
})

test('a file that no line told of, accepted on both for another use: a conflict as well', async () => {
  await begin()
  await branch('add-a', 'write', 'a')
  await branch('add-b', 'write', 'b')
  repository.tryGit('merge', '--quiet', '--no-edit', 'add-a')
  repository.tryGit('merge', '--quiet', '--no-edit', 'add-b')
  expect(repository.git('diff', '--name-only', '--diff-filter=U').trim().split('\n')).toContain(TODO)
})

describe('no conflict', () => {
  test('the very same use mended, with other lines moved meanwhile', async () => {
    await begin('a', 'b', 'c', 'd', 'e')
    await branch('mend-b', 'prune', 'a', 'c', 'd', 'e')
    await repository.branch('mend-b-too', 'main', async () => {
      repository.write({ [CODE]: `${routes('a', 'c', 'd', 'e')}\n// the end\n` })
      await repository.baseline('prune')
    })
    expect(merge('mend-b', 'mend-b-too')).toBe(false)
    expect(line()).toMatch(/: 4 # ~/)
    expect(told(await repository.check())).toEqual([])
  })

  test('uses of two files', async () => {
    const other = 'services/orders/src/a.ts'
    repository.write({ ...SHOP, [CODE]: routes('a', 'b'), [other]: routes('a', 'b'), ...between })
    await repository.baseline('write')
    repository.commit('begin')
    await branch('mend-a', 'prune', 'b')
    await repository.branch('mend-other', 'main', async () => {
      repository.write({ [other]: routes('b') })
      await repository.baseline('prune')
    })
    expect(merge('mend-a', 'mend-other')).toBe(false)
    expect(told(await repository.check())).toEqual([])
  })

  /** Lines of the baseline between the two: git merges no neighbours. */
  const between = Object.fromEntries(
    ['b', 'c', 'd', 'e'].map(name => [`services/orders/src/${name}.ts`, routes('x')]),
  )
})

describe('a mark and what people write', () => {
  beforeEach(async () => {
    await begin('a', 'b', 'c', 'd', 'e')
    repository.edit(TODO, /(routes\.ts: 5)$/m, '$1 # Anna has the API for them')
    repository.commit('a word to it')
  })

  test('the count stays: so does the comment', async () => {
    for (const how of ['write', 'prune'] as const) {
      await repository.baseline(how)
      expect(repository.git('status', '--porcelain')).toBe('')
    }
    expect(told(await repository.check())).toEqual([])
  })

  test('the count changes: the mark changes, the comment stays', async () => {
    repository.write({ [CODE]: routes('a', 'b', 'c', 'd') })
    await repository.baseline('prune')
    const first = line()
    expect(first).toMatch(/^services\/orders\/src\/routes\.ts: 4 # ~[0-9a-f]{4} Anna has the API for them$/)
    // Other code, with as many uses, is no reason to write another one.
    repository.write({ [CODE]: routes('a', 'b', 'c', 'x') })
    await repository.baseline('write')
    expect(line()).toBe(first)
    repository.write({ [CODE]: routes('a', 'b', 'c') })
    await repository.baseline('write')
    expect(line()).toMatch(/^services\/orders\/src\/routes\.ts: 3 # ~[0-9a-f]{4} Anna has the API for them$/)
    expect(line()?.slice(-34)).not.toBe(first?.slice(-34))
    expect(told(await repository.check())).toEqual([])
  })

  test('a renamed file keeps both', async () => {
    repository.write({ [CODE]: routes('a', 'b', 'c', 'd') })
    await repository.baseline('prune')
    repository.commit('mended')
    const before = line()
    repository.move(CODE, 'services/orders/src/http/routes.ts')
    expect(told(await repository.check())).toEqual([])
    await repository.baseline('prune')
    expect(line()).toBe(before?.replace('src/', 'src/http/'))
  })

  test('a read that is a join now keeps the comment', async () => {
    repository.edit(CODE, /SELECT name FROM customers/g, 'SELECT name FROM customers JOIN orders USING (id)')
    await repository.baseline('write')
    expect(repository.read(TODO)).toMatch(/join:\n.*index.*\n.*routes\.ts: 5 # ~\w{4} Anna has the API/)
  })
})

test('the same statement twice in one function, in broken code and in a script has marks too', async () => {
  await begin('a', 'b')
  const twice = `${handler('c').replace('  response.json', "  await pool.query('SELECT name FROM customers WHERE id = ?')\n  response.json")}`
  repository.write({
    [CODE]: `${routes('a', 'b')}\n${twice}`,
    'services/orders/src/broken.ts': `${routes('a')}\nfunction ( {`,
    'services/orders/migrations/V2__names.sql': "UPDATE customers SET name = '';\n",
  })
  await repository.baseline('write')
  const text = repository.read(TODO)
  expect(text).toMatch(/routes\.ts: 4 # ~\w{4}\n/)
  expect(text).toMatch(/broken\.ts: 1 # ~\w{4}\n/)
  expect(text).toMatch(/V2__names\.sql: 1 # ~\w{4}\n/)
  expect(told(await repository.check())).toEqual([])
})
