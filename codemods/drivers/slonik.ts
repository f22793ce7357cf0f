/** slonik: a template of one of its tags, and rows, one of them or the values of their only column. */
import { byMethod, type CallDriver, type Protocol, type RowsForm } from './driver.js'

const protocol = (result: RowsForm): Protocol => ({
  result,
  written: result,
  method: 'query',
  typeArgument: 'row',
  values: 'piece',
})

export const slonik: CallDriver = {
  name: 'slonik',
  protocolOf: byMethod({
    any: protocol('rows'),
    many: protocol('some'),
    one: protocol('one'),
    maybeOne: protocol('optional'),
    query: protocol('object'),
    anyFirst: protocol('values'),
    manyFirst: protocol('some values'),
    oneFirst: protocol('one value'),
    maybeOneFirst: protocol('optional value'),
  }),
  // Interceptors and parsers of the pool may change values of any kind.
  byOptions: {
    postgresql: [
      'boolean',
      'integer',
      'bigint',
      'decimal',
      'float',
      'text',
      'uuid',
      'date',
      'time',
      'timestamp',
      'instant',
      'bytes',
      'json',
      'array',
    ],
  },
  faceOf(type) {
    switch (type.kind) {
      case 'date':
        return 'string'
      case 'decimal':
        return 'number'
      // Milliseconds; and of big numbers what its version makes of them.
      case 'timestamp':
      case 'instant':
      case 'bigint':
        return null
      case 'array':
        return /^(?:text|uuid|integer|boolean)$/.test(type.of.kind) ? 'usual' : null
      default:
        return 'usual'
    }
  },
}
