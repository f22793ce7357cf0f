/** Sequelize's raw queries. https://sequelize.org/docs/v6/core-concepts/raw-queries/ */
import type { Driver } from './driver.js'
import { textOrObject } from './driver.js'

export const sequelize: Driver = {
  name: 'sequelize',
  dialect: 'unknown',
  modules: ['sequelize', '@sequelize/core', 'sequelize-typescript'],
  handles: ['Sequelize', 'QueryInterface'],
  factories: [],
  executes: textOrObject(['query'], 'query', 'queryRaw'),
  tags: [],
  texts: ['literal', 'Sequelize.literal', 'sql'],
  transactionCallbacks: ['transaction'],
  begins: [],
  ends: [],
  notRead: 'models',
}
