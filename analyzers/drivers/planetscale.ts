/** PlanetScale's driver over HTTP. https://planetscale.com/docs/tutorials/planetscale-serverless-driver */
import type { Driver } from './driver.js'
import { firstArgument } from './driver.js'

export const planetscale: Driver = {
  name: 'planetscale',
  dialect: 'mysql',
  modules: ['@planetscale/database'],
  handles: ['Client', 'Connection', 'Transaction'],
  factories: ['connect', 'Client'],
  executes: firstArgument('execute'),
  tags: [],
  texts: [],
  transactionCallbacks: ['transaction'],
  begins: [],
  ends: [],
}
