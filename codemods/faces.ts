/** What JavaScript values a driver makes of a column, by its options. */
import { callDriver } from './drivers/index.js'
import type { Opened } from './repository/connection-options.js'
import { Refusal } from './site/refusal.js'
import type { Face, RewriteDialect, WireType } from './wire.js'

/**
 * @param opened how the connection was opened
 * @throws Refusal where they matter and are not known, and for values that a client can't make
 */
export function faceOf(type: WireType, name: string, opened: Opened, dialect: RewriteDialect): Face {
  const driver = callDriver(name)
  if (opened.changesRows) {
    throw new Refusal(
      `its connection is opened with an option that may change any value of its rows: ${opened.unknown}`,
      'take that option away, or give the owner an endpoint for it and do at the call what the option did',
    )
  }
  if (opened.unknown !== null && driver?.byOptions?.[dialect]?.includes(type.kind)) {
    if (dialect === 'postgresql') {
      throw new Refusal(
        `the process changes how values of type ${type.kind} are read (\`setTypeParser\`, or parsers and interceptors of slonik)`,
        'give the client what the parser made, or read the column as text in both',
      )
    }
    throw new Refusal(
      `it is not known how its connection was opened, and so not whether dates and numbers come as text: ${opened.unknown}`,
      'open it with options that are written out, in an object that is a constant',
    )
  }
  const face = driver?.faceOf
    ? driver.faceOf(type, { ...driver.options?.[dialect], ...opened.options }, dialect)
    : 'usual'
  if (face === null) {
    throw new Refusal(
      `${name} makes values of its own of a column of type ${type.kind}`,
      `give the owner an endpoint for it, and make what ${name} made of the column at the call`,
    )
  }
  return face === 'usual' ? usualFace(type) : face
}

/** What most drivers make of a type. */
export function usualFace(type: WireType): Face {
  switch (type.kind) {
    case 'boolean':
      return 'boolean'
    case 'integer':
    case 'float':
      return 'number'
    case 'date':
    case 'timestamp':
    case 'instant':
      return 'Date'
    case 'bytes':
      return 'Buffer'
    case 'json':
      return 'json'
    case 'array':
      return 'array'
    default:
      return 'string'
  }
}
