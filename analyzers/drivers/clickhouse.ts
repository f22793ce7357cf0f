/** ClickHouse's own client. https://clickhouse.com/docs/integrations/javascript */
import type { Driver } from './driver.js'
import { textOrObject } from './driver.js'

export const clickhouse: Driver = {
  name: 'clickhouse',
  dialect: 'clickhouse',
  modules: ['@clickhouse/client', '@clickhouse/client-web', '@clickhouse/client-common'],
  handles: ['ClickHouseClient', 'NodeClickHouseClient', 'WebClickHouseClient'],
  factories: ['createClient'],
  executes: textOrObject(['query'], 'query', 'exec', 'command'),
  tags: [],
  texts: [],
  transactionCallbacks: [],
  begins: [],
  ends: [],
}
