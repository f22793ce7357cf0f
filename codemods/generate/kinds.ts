/** Types of operations as the owner's files and documents write them. */
import type { Parameter, ResultColumn } from '../operation.js'
import type { WireType } from '../wire.js'

/** `text`, `decimal(2)`, `integer[]`. */
export function kindOf(type: WireType): string {
  if (type.kind === 'array') return `${kindOf(type.of).replace(/\(.*$/, '')}[]`
  return type.kind === 'decimal' && 'scale' in type && type.scale !== null
    ? `decimal(${type.scale})`
    : type.kind
}
/** JSON Schema of a column's value. */
export function columnSchema({ type, nullable }: ResultColumn): object {
  return withNull(valueSchema(type), nullable)
}

/** JSON Schema of a parameter: numbers and dates may come as text, which the database reads. */
export function parameterSchema({ type }: Parameter): object {
  if (type.kind === 'flag') return { type: 'boolean' }
  if (type.kind === 'choice') return { type: 'string', enum: type.values }
  if (type.kind === 'rows') {
    const names = type.columns.map(({ name }) => name)
    const properties = type.columns.map(each => [each.name, withNull(looseSchema(each.type), true)])
    return {
      type: 'array',
      minItems: 1,
      items: {
        type: 'object',
        additionalProperties: false,
        required: names,
        properties: Object.fromEntries(properties),
      },
    }
  }
  if (type.kind === 'list')
    return { type: ['array', 'null'], minItems: 1, items: withNull(looseSchema(type.of), true) }
  return withNull(looseSchema(type), true)
}

function looseSchema(type: WireType): { type: string | string[] } & Record<string, unknown> {
  switch (type.kind) {
    case 'integer':
    case 'bigint':
    case 'decimal':
    case 'float':
      return { type: ['number', 'string', 'boolean'] }
    case 'boolean':
      return { type: ['boolean', 'number', 'string'] }
    case 'array':
      return { type: ['array', 'string'], items: withNull(looseSchema(type.of), true) }
    case 'bytes':
      return { type: ['string', 'number', 'boolean'], contentEncoding: 'base64' }
    case 'json':
      return { type: ['string', 'number', 'boolean'], contentMediaType: 'application/json' }
    default:
      return { type: ['string', 'number', 'boolean'] }
  }
}

function valueSchema(type: WireType): Record<string, unknown> {
  switch (type.kind) {
    case 'boolean':
      return { type: 'boolean' }
    case 'integer':
      return { type: 'integer' }
    case 'bigint':
      return { type: 'string', pattern: '^-?[0-9]+$' }
    case 'decimal':
      return { type: 'string', format: 'decimal' }
    case 'float':
      return { type: ['number', 'string'] }
    case 'uuid':
      return { type: 'string', format: 'uuid' }
    case 'date':
      return { type: 'string', format: 'date' }
    case 'instant':
      return { type: 'string', format: 'date-time' }
    case 'bytes':
      return { type: 'string', contentEncoding: 'base64' }
    case 'json':
      return {}
    case 'array':
      return { type: 'array', items: withNull(valueSchema(type.of), true) }
    default:
      return { type: 'string' }
  }
}

function withNull(schema: Record<string, unknown>, nullable: boolean): object {
  if (!nullable || schema.type === undefined) return schema
  return { ...schema, type: [...[schema.type].flat(), 'null'] }
}
