/**
 * ClickHouse's own client, https://clickhouse.com/docs/integrations/javascript, and older ones:
 * https://github.com/apla/node-clickhouse
 */
import type { Driver } from './driver.js'
import { textOrObject } from './driver.js'

export const clickhouse: Driver = {
  name: 'clickhouse',
  dialect: 'clickhouse',
  modules: ['@clickhouse/client', '@clickhouse/client-web', '@clickhouse/client-common', '@apla/clickhouse'],
  handles: ['ClickHouseClient', 'NodeClickHouseClient', 'WebClickHouseClient', 'ClickHouse', 'default'],
  factories: ['createClient', 'default'],
  executes: textOrObject(['query'], 'query', 'querying', 'exec', 'command'),
  tags: [],
  texts: [],
  transactionCallbacks: [],
  begins: [],
  ends: [],
}
