/** What the client's code calls the functions that convert values, and the types of these values. */
import { usualFace } from '../../faces.js'
import type { ParameterType } from '../../operation.js'
import type { Face, WireType } from '../../wire.js'
import { key, quoted } from '../text.js'

/** A function of codemods/runtime, and the type at its side of TypeScript. */
export interface Conversion {
  code: string
  type: string
}

/** From JSON to what the consumer's driver gave. */
export function columnConversion(type: WireType, face: Face): Conversion {
  switch (face) {
    case 'json':
      return { code: 'columns.json', type: 'unknown' }
    case 'number or string':
      return { code: 'columns.exactNumber', type: 'number | string' }
    case 'Buffer':
      return { code: 'columns.buffer', type: 'Buffer' }
    case 'local Date':
      return { code: 'columns.localDate', type: 'Date' }
    case 'Date':
      return { code: 'columns.date', type: 'Date' }
    case 'array': {
      if (type.kind !== 'array') throw new Error(`A column of type ${type.kind} is no array`)
      const element = columnConversion(type.of, elementFace(type.of))
      return { code: `columns.array(${element.code})`, type: `(${element.type} | null)[]` }
    }
    default:
      return { code: `columns.${face}`, type: face }
  }
}

/** What pg makes of an array's elements: not always what it makes of such a column. */
function elementFace(type: WireType): Face {
  return type.kind === 'decimal' ? 'number' : usualFace(type)
}

/** Type of the values that code hands over, by kind. */
const INPUTS = {
  boolean: 'BooleanInput',
  integer: 'NumberInput',
  bigint: 'NumberInput',
  decimal: 'NumberInput',
  float: 'NumberInput',
  text: 'TextInput',
  uuid: 'TextInput',
  time: 'TextInput',
  date: 'DateInput',
  timestamp: 'DateInput',
  instant: 'DateInput',
  bytes: 'BytesInput',
} as const

/** From what the code hands over to JSON. */
export function parameterConversion(type: ParameterType): Conversion {
  switch (type.kind) {
    case 'list':
    case 'array': {
      const element = parameterConversion(type.of)
      const orNull = type.kind === 'array' ? ' | null | undefined' : ''
      return {
        code: `parameters.${type.kind}(${element.code})`,
        type: `ReadonlyArray<${element.type}>${orNull}`,
      }
    }
    case 'rows': {
      const columns = type.columns.map(each => ({ name: each.name, ...parameterConversion(each.type) }))
      const types = [...new Set(columns.map(each => each.type))]
      return {
        code: `parameters.rows({ ${columns.map(each => `${key(each.name)}: ${each.code}`).join(', ')} })`,
        type: `ReadonlyArray<readonly (${types.join(' | ')})[]>`,
      }
    }
    case 'choice':
      return { code: 'parameters.text', type: type.values.map(value => quoted(value)).join(' | ') }
    case 'flag':
    case 'json':
      return { code: `parameters.${type.kind}`, type: 'unknown' }
    case 'uuid':
    case 'time':
      return { code: 'parameters.text', type: `parameters.${INPUTS[type.kind]}` }
    default:
      return { code: `parameters.${type.kind}`, type: `parameters.${INPUTS[type.kind]}` }
  }
}
