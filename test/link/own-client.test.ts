/** Packages that open a connection of their own beside others of the service. */
import { expect, test } from 'vitest'
import { mapOf } from './helper.js'

test('Prisma runs on the database of its schema, a pool beside it on its own', async () => {
  const map = await mapOf({
    'reviews/package.json': JSON.stringify({
      name: 'reviews',
      scripts: { start: 'node a.js' },
      dependencies: { '@prisma/client': '5', mysql2: '3' },
    }),
    'reviews/.env.example': 'DATABASE_URL=mysql://u:p@db/reviews\nLEGACY_URL=mysql://u:p@db/shop\n',
    'reviews/prisma/schema.prisma': 'datasource db {\n  provider = "mysql"\n  url = env("DATABASE_URL")\n}\n',
    'reviews/pools.js':
      "const mysql = require('mysql2/promise')\nexports.legacy = mysql.createPool({ uri: process.env.LEGACY_URL })\n",
    'reviews/a.js': `const { PrismaClient } = require('@prisma/client')
const { legacy } = require('./pools')
const prisma = new PrismaClient()
exports.bought = () => legacy.query('SELECT id FROM orders')
exports.mean = () => prisma.$queryRaw\`SELECT AVG(rating) FROM reviews\`
`,
  })
  expect(map.accesses.flatMap(({ tables }) => tables.map(({ id }) => id))).toEqual([
    'shop/orders',
    'reviews/reviews',
  ])
})
