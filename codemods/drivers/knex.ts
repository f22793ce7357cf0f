/** `knex.raw`: what the driver under it gives. */
import type { CallDriver } from './driver.js'
import { mysql2 } from './mysql2.js'
import { PARSED } from './pg.js'

export const knex: CallDriver = {
  name: 'knex',
  protocolOf({ method, dialect }) {
    if (method !== 'raw') return null
    const form = dialect === 'mysql' ? 'tuple' : 'object'
    const lists = dialect === 'mysql' ? { expandsLists: true as const } : {}
    return {
      result: form,
      written: form,
      method: 'query',
      typeArgument: 'result',
      values: 'single',
      ...lists,
    }
  },
  refuses: ['undefined'],
  byOptions: { ...mysql2.byOptions, postgresql: PARSED },
  faceOf: (type, options, dialect) =>
    dialect === 'mysql' ? mysql2.faceOf!(type, options, dialect) : 'usual',
}
