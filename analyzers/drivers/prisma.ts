/** Prisma's raw queries. https://www.prisma.io/docs/orm/prisma-client/using-raw-sql/raw-queries */
import type { Driver } from './driver.js'
import { firstArgument } from './driver.js'

export const prisma: Driver = {
  name: 'prisma',
  dialect: 'unknown',
  modules: ['@prisma/client', '.prisma/client'],
  handles: ['PrismaClient', 'Prisma.TransactionClient', 'TransactionClient'],
  factories: [],
  executes: firstArgument(
    '$queryRaw',
    '$executeRaw',
    '$queryRawUnsafe',
    '$executeRawUnsafe',
    '$queryRawTyped',
  ),
  tags: ['$queryRaw', '$executeRaw'],
  texts: ['Prisma.sql', 'Prisma.raw', 'Prisma.join', 'sql', 'raw', 'join'],
  transactionCallbacks: ['$transaction'],
  transactionLists: ['$transaction'],
  begins: [],
  ends: [],
  notRead: 'models',
}
