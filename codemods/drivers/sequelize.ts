/** Sequelize's `query`: the rows with `QueryTypes.SELECT`, a pair without a type. Days are text. */
import type { Node } from '../site/parse.js'
import { bare } from '../site/source-file.js'
import type { CallDriver, RowsForm } from './driver.js'
import { PARSED } from './pg.js'

export const sequelize: CallDriver = {
  name: 'sequelize',
  protocolOf({ method, node, dialect }) {
    if (method !== 'query') return null
    const result = formOf(node.arguments[1])
    if (result === null) return null
    // Of an INSERT it gives the key alone, of others the rows that really changed, where mysql2 counts those found.
    const written = result === 'rows' && dialect === 'postgresql' ? 'rows' : 'unknown'
    return { result, written, method: 'query', typeArgument: 'row', values: 'options', expandsLists: true }
  },
  options: { mysql: { timezone: '+00:00', supportBigNumbers: true } },
  // Replacements are written by the local clock, bound values by the connection's.
  refuses: ['undefined', 'date as text'],
  sessionZone: 'Z',
  byOptions: { postgresql: PARSED },
  oddParameters: { mysql: ['timestamp', 'date'] },
  faceOf(type, _options, dialect) {
    if (type.kind === 'date') return 'string'
    // It sets the time zone of its session, by which MySQL shows TIMESTAMP.
    if (type.kind === 'timestamp' && dialect === 'mysql') return null
    if (type.kind === 'bigint') return dialect === 'mysql' ? 'number or string' : 'string'
    if (type.kind === 'array') return /^(?:text|uuid|integer|boolean)$/.test(type.of.kind) ? 'usual' : null
    return 'usual'
  },
}

const KNOWN = /^(?:replacements|bind|type|raw|plain|logging|transaction)$/

/** By the options, which have to be written beside the call: a model or nesting change the result. */
function formOf(options: Node | undefined): RowsForm | null {
  const node = options && bare(options)
  if (!node) return 'tuple'
  if (node.type !== 'ObjectExpression') return null
  const entries = new Map<string, Node>()
  // A transaction changes what the statement runs on, which is looked at elsewhere.
  for (const property of node.properties as Node[]) {
    const key = property.type === 'ObjectProperty' && !property.computed ? property.key.name : undefined
    if (key === undefined || !KNOWN.test(key)) return null
    entries.set(key, bare(property.value))
  }
  const isPlain = entries.get('plain')?.value === true
  const type = entries.get('type')
  if (!type) return isPlain ? 'row' : 'tuple'
  if (type.property?.name === 'SELECT' || type.value === 'SELECT') return isPlain ? 'row' : 'rows'
  return type.property?.name === 'RAW' ? 'tuple' : 'nothing'
}
