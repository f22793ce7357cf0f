/** TypeORM's `query`: the rows; of writes what its driver gives, of which PostgreSQL's differs by the verb. */
import { byMethod, type CallDriver } from './driver.js'
import { mysql2 } from './mysql2.js'
import { PARSED } from './pg.js'

export const typeorm: CallDriver = {
  name: 'typeorm',
  protocolOf(call) {
    const common = { result: 'rows', method: 'query', typeArgument: 'result', values: 'list' } as const
    return byMethod({
      query:
        call.dialect === 'mysql'
          ? { ...common, written: 'header', expandsLists: true }
          : { ...common, written: 'unknown' },
    })(call)
  },
  byOptions: { ...mysql2.byOptions, postgresql: PARSED },
  // That big numbers are texts, even small ones, is the default since its version 1: see `optionsOf`.
  faceOf: (type, options, dialect) =>
    dialect === 'mysql' ? mysql2.faceOf!(type, { supportBigNumbers: true, ...options }, dialect) : 'usual',
}
