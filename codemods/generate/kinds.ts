/** Types of operations as generated code writes them. */
import type { Parameter, ParameterType, ResultColumn } from '../operation.js'
import type { Face, WireType } from '../wire.js'

/** `text`, `decimal(2)`, `integer[]`. */
export function kindOf(type: WireType): string {
  if (type.kind === 'array') return `${kindOf(type.of).replace(/\(.*$/, '')}[]`
  return type.kind === 'decimal' && 'scale' in type && type.scale !== null
    ? `decimal(${type.scale})`
    : type.kind
}

/** TypeScript type of a column, as its face has it. */
export function typeOfFace(type: WireType, face: Face): string {
  switch (face) {
    case 'json':
      return 'any'
    case 'array':
      return type.kind === 'array' ? `(${typeOfFace(type.of, elementFace(type.of))} | null)[]` : 'unknown[]'
    case 'number or string':
      return 'number | string'
    default:
      return face
  }
}

/** What node-postgres makes of an array's elements. */
export function elementFace(type: WireType): Face {
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
    default:
      return 'string'
  }
}

/** Name of the runtime's type for what a parameter takes. */
export function inputType(type: ParameterType): string {
  switch (type.kind) {
    case 'flag':
      return 'boolean'
    case 'list':
      return `ListInput<${inputType(type.of)}>`
    case 'boolean':
      return 'BooleanInput'
    case 'integer':
    case 'bigint':
    case 'decimal':
    case 'float':
      return 'NumberInput'
    case 'date':
    case 'time':
    case 'timestamp':
    case 'instant':
      return 'TimeInput'
    case 'bytes':
      return 'BytesInput'
    case 'json':
      return 'JsonInput'
    case 'array':
      return 'ArrayInput'
    default:
      return 'TextInput'
  }
}

/** JSON Schema of a column's value. */
export function columnSchema({ type, nullable }: ResultColumn): object {
  return withNull(valueSchema(type), nullable)
}

/** JSON Schema of a parameter: numbers and dates may come as text, which the database reads. */
export function parameterSchema({ type }: Parameter): object {
  if (type.kind === 'flag') return { type: 'boolean' }
  if (type.kind === 'list') return { type: 'array', minItems: 1, items: withNull(looseSchema(type.of), true) }
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
      return { type: 'string', contentEncoding: 'base64' }
    case 'json':
      return { type: 'string', contentMediaType: 'application/json' }
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
