import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'
import type { DependencyMap } from '../../analyzers/model.js'
import { report } from '../../reports/json.js'
import { context } from './context.js'
import { emptyMap, hostileMap, largeMap, sampleMap } from './sample-map.js'

const schema = JSON.parse(readFileSync(new URL('../../schemas/map.schema.json', import.meta.url), 'utf8'))
const validate = new Ajv2020({ strict: true, strictTypes: false, allErrors: true }).compile(schema)

/** The parts of the schema that the tests look at. */
interface SchemaNode {
  description?: string
  $ref?: string
  properties?: Record<string, SchemaNode>
  required?: string[]
  additionalProperties?: unknown
  enum?: string[]
  items?: SchemaNode
}

const definitions: Record<string, SchemaNode> = { dependencyMap: schema, ...schema.$defs }

describe('what is printed', () => {
  test.each<[string, DependencyMap]>([
    ['the sample', sampleMap()],
    ['an empty map', emptyMap()],
    ['a large map', largeMap(12)],
  ])('%s satisfies the schema and is the map', (_, map) => {
    const printed = JSON.parse(report.render(map, context()))
    validate(printed)
    expect(validate.errors).toBeNull()
    expect(printed).toEqual(map)
  })

  test('hostile names come back as they were', () => {
    expect(JSON.parse(report.render(hostileMap(), context()))).toEqual(hostileMap())
  })

  test('does not depend on the order in which objects were built', () => {
    expect(report.render(backwards(sampleMap()) as DependencyMap, context())).toBe(
      report.render(sampleMap(), context()),
    )
  })

  test('ends in a line feed, with the order of the schema', () => {
    const text = report.render(sampleMap(), context())
    expect(text.endsWith('\n}\n')).toBe(true)
    expect(Object.keys(JSON.parse(text))).toEqual(Object.keys(schema.properties))
  })
})

/** The same value with all keys in the opposite order. */
function backwards(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(backwards)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, of]) => [key, backwards(of)]),
  )
}

describe('the schema refuses', () => {
  test.each<[string, (map: DependencyMap) => unknown]>([
    ['a key that is not of the contract', map => ({ ...map, extra: 1 })],
    ['another version', map => ({ ...map, schemaVersion: 2 })],
    ['a missing list', ({ edges: _, ...map }) => map],
    [
      'an unknown operation',
      map => ({ ...map, accesses: [{ ...map.accesses[0]!, tables: [{ op: 'drop' }] }] }),
    ],
    ['a line before the first', map => ({ ...map, unresolved: [{ ...map.unresolved[0]!, line: 0 }] })],
    [
      '"system": false',
      map => ({ ...map, accesses: map.accesses.map(each => ({ ...each, migration: false })) }),
    ],
  ])('%s', (_, change) => {
    expect(validate(change(sampleMap()))).toBe(false)
  })
})

describe('the schema and the types of model.ts agree', () => {
  const file = new URL('../../analyzers/model.ts', import.meta.url).pathname
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)
  const interfaces = source.statements.filter(ts.isInterfaceDeclaration)
  const aliases = source.statements.filter(ts.isTypeAliasDeclaration)

  test.each(interfaces.map(each => [each.name.text, each] as const))('%s', (name, declaration) => {
    const definition = definitions[lowerFirst(name)]
    const members = declaration.members.filter(ts.isPropertySignature)
    const names = (of: readonly ts.PropertySignature[]) => of.map(each => each.name.getText())
    expect(Object.keys(definition?.properties ?? {}).sort()).toEqual(names(members).sort())
    expect(definition?.required?.toSorted()).toEqual(
      names(members.filter(each => !each.questionToken)).sort(),
    )
    expect(definition?.additionalProperties).toBe(false)
  })

  test.each(interfaces.map(each => [each.name.text, each] as const))('unions of %s', (name, declaration) => {
    for (const member of declaration.members.filter(ts.isPropertySignature)) {
      const values = literals(member.type!)
      if (values.length === 0) continue
      const property = definitions[lowerFirst(name)]!.properties![member.name.getText()]!
      const described = property.$ref ? definitions[property.$ref.replace('#/$defs/', '')]! : property
      expect(described.enum?.toSorted(), member.name.getText()).toEqual(values.sort())
    }
  })

  test('every interface is in the schema, and every object of the schema is an interface', () => {
    const objects = Object.entries(definitions).filter(([name, each]) => each.properties && name !== 'place')
    expect(objects.map(([name]) => name).sort()).toEqual(
      interfaces.map(each => lowerFirst(each.name.text)).sort(),
    )
  })

  /** String literals of a union, named unions included; none for other types. */
  function literals(type: ts.TypeNode): string[] {
    if (ts.isUnionTypeNode(type)) return type.types.flatMap(literals)
    if (ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)) return [type.literal.text]
    const alias = aliases.find(
      each => ts.isTypeReferenceNode(type) && each.name.text === type.typeName.getText(),
    )
    return alias ? literals(alias.type) : []
  }
})

test('every property of the schema is described', () => {
  const missing = Object.entries(definitions).flatMap(([name, definition]) =>
    Object.entries(definition.properties ?? {})
      .filter(([, property]) => !property.description)
      .map(([property]) => `${name}.${property}`),
  )
  expect(missing).toEqual([])
})

function lowerFirst(name: string): string {
  return name[0]!.toLowerCase() + name.slice(1)
}
