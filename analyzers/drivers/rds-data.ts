/**
 * Data APIs of Amazon RDS and Redshift. https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/client/rds-data/,
 * https://docs.aws.amazon.com/AWSJavaScriptSDK/v3/latest/client/redshift-data/
 */
import type { Driver } from './driver.js'
import { textOrObject } from './driver.js'

export const rdsData: Driver = {
  name: 'rds-data',
  dialect: 'unknown',
  modules: ['@aws-sdk/client-rds-data', '@aws-sdk/client-redshift-data', 'data-api-client'],
  handles: ['RDSDataClient', 'RDSData', 'RedshiftDataClient', 'RedshiftData'],
  factories: ['default'],
  executes: textOrObject(['sql', 'Sql'], 'send', 'executeStatement', 'batchExecuteStatement', 'query'),
  tags: [],
  texts: ['ExecuteStatementCommand', 'BatchExecuteStatementCommand'],
  transactionCallbacks: [],
  begins: [],
  ends: [],
}
