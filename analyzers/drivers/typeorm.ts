/** TypeORM's raw queries. https://typeorm.io/docs/data-source/data-source-api */
import type { Driver } from './driver.js'
import { firstArgument, partOfStatement } from './driver.js'

export const typeorm: Driver = {
  name: 'typeorm',
  dialect: 'unknown',
  modules: [
    'typeorm',
    '@nestjs/typeorm',
    '@mikro-orm/core',
    '@mikro-orm/knex',
    '@mikro-orm/postgresql',
    '@mikro-orm/mysql',
  ],
  handles: [
    'DataSource',
    'EntityManager',
    'QueryRunner',
    'Connection',
    'Repository',
    'Manager',
    'SqlEntityManager',
    'SelectQueryBuilder',
  ],
  factories: ['getConnection', 'getManager', 'getRepository', 'createConnection', 'createQueryRunner'],
  executes: {
    ...firstArgument('query', 'execute', 'stream'),
    ...partOfStatement('', 'addCommonTableExpression'),
  },
  tags: [],
  texts: [],
  transactionCallbacks: ['transaction', 'transactional'],
  begins: ['startTransaction', 'begin'],
  ends: ['commitTransaction', 'rollbackTransaction', 'commit', 'rollback'],
  notRead: 'repositories and query builder',
}
