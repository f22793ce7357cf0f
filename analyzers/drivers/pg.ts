/** node-postgres and what wraps it one to one. https://node-postgres.com/apis/client */
import type { Driver } from './driver.js'
import { textOrObject } from './driver.js'

export const pg: Driver = {
  name: 'pg',
  dialect: 'postgresql',
  modules: [
    'pg',
    'pg-pool',
    'pg-native',
    '@neondatabase/serverless',
    '@vercel/postgres',
    '@electric-sql/pglite',
    'pg-query-stream',
    'pg-cursor',
  ],
  handles: ['Pool', 'PoolClient', 'Client', 'ClientBase', 'Connection', 'PGlite', 'VercelPool', 'db'],
  factories: ['createPool', 'createClient', 'neon'],
  // `neon()` gives a function that is called with the text.
  executes: textOrObject(['text'], 'query', 'exec', ''),
  tags: ['', 'sql'],
  // `client.query(new QueryStream(text))`, `new Cursor(text)`.
  texts: ['Query', 'QueryStream', 'Cursor', 'default'],
  transactionCallbacks: ['transaction'],
  begins: [],
  ends: [],
}
