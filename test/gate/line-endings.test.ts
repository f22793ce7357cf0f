/** A baseline that git checked out as Windows has it: the same one, and nothing to write. */
import { rmSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { pruneBaseline } from '../../analyzers/gate/index.js'
import { analyzeRepository } from '../../analyzers/repository.js'
import { SHOP } from '../cli/shop.js'
import { TestRepository, told } from './history/repository.js'

const BASELINE = 'services/orders/seam-todo.yml'
const repository = new TestRepository()
afterAll(() => rmSync(repository.root, { recursive: true, force: true }))

test('with the line endings of Windows a baseline is no other one', async () => {
  repository.write(SHOP)
  await repository.baseline('write')
  repository.write({ [BASELINE]: repository.read(BASELINE).replaceAll('\n', '\r\n') })
  expect(told(await repository.check())).toEqual([])
  const { changes, listed } = await pruneBaseline(await analyzeRepository({ root: repository.root }))
  expect(changes).toEqual([])
  expect(listed).toBeGreaterThan(0)
})
