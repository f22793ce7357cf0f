/** postgres.js: a template with its values, and the rows. Days are read by the clock of UTC, other dates by the local. */
import type { CallDriver, Protocol } from './driver.js'

const protocol: Omit<Protocol, 'values'> = {
  result: 'rows',
  written: 'counted',
  method: 'query',
  typeArgument: 'result',
}

export const postgres: CallDriver = {
  name: 'postgres.js',
  protocolOf({ node, method }) {
    if (node.type === 'TaggedTemplateExpression') return { ...protocol, values: 'tag' }
    return method === 'unsafe' ? { ...protocol, values: 'list' } : null
  },
  options: { postgresql: { timezone: 'Z' } },
  writesByColumn: true,
  faceOf(type) {
    if (type.kind === 'timestamp') return 'local Date'
    // NULL in a list comes as the text NULL.
    return type.kind === 'array' ? null : 'usual'
  },
  // It makes a Date of a text, by the local clock, and writes that by the clock of UTC; a Date is a moment to it.
  oddParameters: { postgresql: ['date', 'timestamp'] },
}
