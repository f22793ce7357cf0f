/** Prisma's raw queries on PostgreSQL: rows, or the number of rows written. Dates by the clock of UTC. */
import type { CallDriver, Protocol } from './driver.js'

export const prisma: CallDriver = {
  name: 'prisma',
  protocolOf({ method, node, dialect }) {
    if (dialect !== 'postgresql') return null
    const values: Protocol['values'] = node.type === 'TaggedTemplateExpression' ? 'tag' : 'rest'
    const common = { method: 'query', typeArgument: 'result', values } as const
    const isUnsafe = values === 'rest' && method.endsWith('Unsafe')
    if (values === 'rest' && !isUnsafe) return null
    if (method.startsWith('$queryRaw')) return { ...common, result: 'rows', written: 'rows' }
    return method.startsWith('$executeRaw') ? { ...common, result: 'nothing', written: 'rowCount' } : null
  },
  options: { postgresql: { timezone: 'Z' } },
  refuses: ['date as text'],
  faceOf(type) {
    const { kind } = type
    if (kind === 'bigint') return 'bigint'
    // OIDs as BigInt, an amount without its currency, and what it does not read at all.
    if ('native' in type && type.native) return null
    // A `Decimal`, a Date of 1970, and bytes that are no Buffer in every version.
    return kind === 'decimal' || kind === 'time' || kind === 'bytes' || kind === 'array' ? null : 'usual'
  },
}
