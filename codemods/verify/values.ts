/** Values of columns: for each type the edges first, then as many more as are asked for, all different. */
import type { Column } from '../../analyzers/model.js'
import { wireTypeOf } from '../sql/column-types.js'
import type { RewriteDialect, WireType } from '../wire.js'

/** A value as drivers of both databases take it: text is read by the database. */
export type Cell = string | number | Buffer | null

/** The value at a position, different from those before it as far as the type has so many. */
export type ValueAt = (position: number) => Cell

/** @returns null for a type of which no value is known */
export function valuesOf({ type }: Column, dialect: RewriteDialect): ValueAt | null {
  const choices = choicesOf(type)
  if (choices) return position => choices[position % choices.length] ?? null
  const wire = wireTypeOf(type, dialect)
  return wire && valuesOfKind(wire, type)
}

/** Whether a column surely takes a text: another table's of the same name may not. */
export function isValueOf(text: string, { type }: Column, dialect: RewriteDialect): boolean {
  const choices = choicesOf(type)
  if (choices) return choices.includes(text)
  const kind = wireTypeOf(type, dialect)?.kind
  const size = Number(/\((\d+)\)/.exec(type)?.[1] ?? 20)
  if (kind === 'date') return /^\d{4}-\d\d-\d\d$/.test(text)
  if (kind === 'timestamp' || kind === 'instant') return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(text)
  return kind === 'integer' ? /^\d{1,2}$/.test(text) : kind === 'text' && text.length <= size
}

function choicesOf(type: string): string[] | null {
  const list = /^(?:enum|set)\s*\((.*)\)$/is.exec(type.trim())?.[1]
  if (list === undefined) return null
  return [...list.matchAll(/'((?:[^']|'')*)'/g)].map(([, word]) => word!.replaceAll("''", "'"))
}

function valuesOfKind(wire: WireType, type: string): ValueAt {
  const [size = null, scale = 0] = (/\(([\d\s,]+)\)/.exec(type)?.[1] ?? '')
    .split(',')
    .filter(Boolean)
    .map(Number)
  switch (wire.kind) {
    case 'boolean':
      return position => String(position % 2 === 0)
    case 'integer':
      // Truth is 1 or 0 in what is looked for.
      if (/^(?:tinyint\(1\)|bool)/.test(type)) return position => (position + 1) % 2
      return among(integersOf(type, size), position => position + 2)
    case 'bigint':
      return among(
        [
          '9007199254740993',
          '1',
          '0',
          ...(/unsigned/.test(type) ? ['18446744073709551615'] : ['-9223372036854775808']),
        ],
        position => String(position + 2),
      )
    case 'decimal': {
      const digits = (size ?? 18) - scale
      const edges =
        scale === 0 ? ['0', '7'] : [`0.${'1'.padStart(scale, '0')}`, `12.${'5'.padEnd(scale, '0')}`]
      const largest = '9'.repeat(Math.max(digits, 1)) + (scale === 0 ? '' : `.${'9'.repeat(scale)}`)
      const fitting = digits > 1 ? edges : ['0']
      return among([...fitting, largest, `-${largest}`], position =>
        String(position % 10 ** Math.min(digits, 9)),
      )
    }
    case 'float':
      return among(['0.1', '-1.5', '0'], position => `${position}.25`)
    case 'uuid':
      return position => `6f1c2f3e-8a54-4d7e-9c1b-${position.toString(16).padStart(12, '0')}`
    case 'date':
      return among(['2024-02-29', '1969-12-31', '1000-01-01'], position => day(position))
    case 'time':
      return among(['00:00:00', '23:59:59', '13:45:00'], position => `01:${two(position)}:00`)
    case 'timestamp':
      return among(
        /^timestamp/.test(type)
          ? ['2024-07-01 23:59:59', '2024-02-29 00:00:00', '2024-10-27 01:30:00']
          : ['2024-07-01 23:59:59', '1969-12-31 23:59:59', '2024-03-31 02:30:00'],
        position => `${day(position)} 12:00:00`,
      )
    case 'instant':
      return among(
        ['2024-07-01 23:59:59.999+00', '2024-03-31 02:30:00.123456+02', '1900-01-01 00:00:00+00'],
        position => `${day(position)} 12:00:00+00`,
      )
    case 'bytes':
      if (wire.native === 'bit') return position => bitsOf(position, size ?? 1)
      return position => Buffer.from([position % 256, ...[255, 39, 92].slice(0, (size ?? 4) - 1)])
    case 'json':
      return among(
        ['{"a": [1, null, "ü"], "b": {"c": 1.5}}', 'null', '"text"', '[]'],
        position => `{"n": ${position}}`,
      )
    case 'array':
      return position => (position % 3 === 0 ? '{}' : `{${elements(wire.of, position)}}`)
    case 'text':
      return among(textsOf(size), position => String(position).slice(0, size ?? 20))
  }
}

function among<T extends Cell>(edges: T[], next: (position: number) => T): ValueAt {
  return position => (position < edges.length ? edges[position]! : next(position))
}

function integersOf(type: string, size: number | null): number[] {
  const unsigned = /unsigned/.test(type)
  if (/^year/.test(type)) return [2024, 1999, 2155]
  const bits = /^tinyint/.test(type) ? 8 : /^(?:small|int2)/.test(type) ? 16 : /^medium/.test(type) ? 24 : 32
  const largest = 2 ** (unsigned ? bits : bits - 1) - 1
  return size === 1 ? [1, 0] : [1, 0, largest, ...(unsigned || /serial/.test(type) ? [] : [-largest - 1])]
}

/** Different in every collation; none ends in a space, which some keep and some don't. */
function textsOf(size: number | null): string[] {
  const edges = ['a', 'Ünal', '日本', 'it\'s \\ " %', '😀', 'b\nc', '']
  return edges.map(text => [...text].slice(0, size === null ? 20 : Math.max(1, size)).join('')).filter(isNew)
}

function isNew<T>(item: T, at: number, all: T[]): boolean {
  return all.indexOf(item) === at
}

function elements(of: WireType, position: number): string {
  const value = valuesOfKind(of, '')(position)
  if (value === null || value instanceof Buffer) return 'NULL'
  return `${JSON.stringify(String(value))},NULL`
}

/** As the driver gives a BIT: as many bytes as it takes, the highest first. */
function bitsOf(position: number, size: number): Buffer {
  const bytes = Buffer.alloc(Math.ceil(size / 8))
  bytes[bytes.length - 1] = (position + 1) % 2 ** Math.min(size, 8)
  return bytes
}

function day(position: number): string {
  return `20${two(position % 90)}-06-15`
}

function two(number: number): string {
  return String(number % 60).padStart(2, '0')
}
