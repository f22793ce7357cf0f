import { SHOP } from '../../cli/shop.js'
import { TestRepository } from './repository.js'

/** A repository with the shop, all of whose crossings are on the baseline, in one commit. */
export async function shopWithBaseline(): Promise<TestRepository> {
  const repository = new TestRepository()
  repository.write(SHOP)
  await repository.baseline('write')
  repository.commit('begin')
  return repository
}
