/** RedBeanNode, for its SQL only, which its one instance runs. https://github.com/louislam/redbean-node */
import type { Driver } from './driver.js'
import { firstArgument } from './driver.js'

export const redbeanNode: Driver = {
  name: 'redbean-node',
  dialect: 'unknown',
  modules: ['redbean-node'],
  handles: ['R', 'RedBeanNode', 'Transaction'],
  factories: ['R.setup'],
  executes: firstArgument('exec', 'getAll', 'getRow', 'getCol', 'getCell', 'getAssoc', 'getAssocRow'),
  tags: [],
  texts: [],
  transactionCallbacks: ['transaction'],
  begins: ['begin'],
  ends: ['commit', 'rollback'],
  notRead: 'beans',
}
