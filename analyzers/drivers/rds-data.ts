/** Data API of Amazon RDS. https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/client/rds-data/ */
import type { Driver } from './driver.js'
import { textOrObject } from './driver.js'

export const rdsData: Driver = {
  name: 'rds-data',
  dialect: 'unknown',
  modules: ['@aws-sdk/client-rds-data', 'data-api-client'],
  handles: ['RDSDataClient', 'RDSData'],
  factories: ['default'],
  executes: textOrObject(['sql'], 'send', 'executeStatement', 'batchExecuteStatement', 'query'),
  tags: [],
  texts: ['ExecuteStatementCommand', 'BatchExecuteStatementCommand'],
  transactionCallbacks: [],
  begins: [],
  ends: [],
}
