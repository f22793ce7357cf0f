/** pg-promise: how many rows are expected is in the method's name, and more or fewer are an error. */
import { byMethod, type CallDriver, type Protocol, type RowsForm } from './driver.js'
import { PARSED } from './pg.js'

const protocol = (result: RowsForm): Protocol => ({
  result,
  written: result,
  method: 'query',
  typeArgument: 'row',
  values: 'single',
})

export const pgPromise: CallDriver = {
  name: 'pg-promise',
  protocolOf: byMethod({
    any: protocol('rows'),
    manyOrNone: protocol('rows'),
    query: protocol('rows'),
    many: protocol('some'),
    one: protocol('one'),
    oneOrNone: protocol('optional'),
    none: protocol('none'),
    result: protocol('object'),
  }),
  byOptions: { postgresql: PARSED },
}
