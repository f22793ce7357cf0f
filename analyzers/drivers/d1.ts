/** Cloudflare D1. https://developers.cloudflare.com/d1/worker-api/ */
import type { Driver } from './driver.js'
import { firstArgument } from './driver.js'

export const d1: Driver = {
  name: 'd1',
  dialect: 'sqlite',
  modules: ['@cloudflare/workers-types', '@cloudflare/d1'],
  handles: ['D1Database', 'D1DatabaseSession', 'D1PreparedStatement'],
  globalHandles: ['D1Database', 'D1DatabaseSession', 'D1PreparedStatement'],
  factories: [],
  executes: firstArgument('prepare', 'exec'),
  prepares: { by: ['prepare'], runBy: ['run', 'all', 'first', 'raw'], handedTo: ['batch'] },
  tags: [],
  texts: [],
  transactionCallbacks: [],
  begins: [],
  ends: [],
}
