import { createRequire } from 'node:module'

/** The parts of JSON Schema that the published schemas use. */
interface Schema {
  $ref?: string
  $defs?: Record<string, Schema>
  properties?: Record<string, Schema>
  additionalProperties?: boolean | Schema
  items?: Schema
  anyOf?: Schema[]
}

/**
 * JSON of a value with exactly the properties that a schema of the package names, in its order, so that the text does
 * not depend on how the value was built. Keys that the schema leaves open are sorted.
 */
export function jsonBySchema(value: unknown, name: 'map' | 'check' | 'progress'): string {
  const schema = createRequire(import.meta.url)(`seamripper/schemas/${name}.schema.json`) as Schema
  return `${JSON.stringify(inOrder(value, schema, schema), null, 2)}\n`
}

function inOrder(value: unknown, schema: Schema, root: Schema): unknown {
  if (typeof value !== 'object' || value === null) return value
  const { properties, additionalProperties, items } = objectSchema(schema, root)
  if (Array.isArray(value)) return items ? value.map(item => inOrder(item, items, root)) : value
  // Without a prototype, so that any key is a key like others.
  const ordered = Object.create(null) as Record<string, unknown>
  const given = value as Record<string, unknown>
  for (const key in properties) {
    const each = given[key]
    if (each !== undefined) ordered[key] = inOrder(each, properties[key]!, root)
  }
  if (typeof additionalProperties === 'object') {
    for (const key of Object.keys(given).sort()) ordered[key] = given[key]
  }
  return ordered
}

/** Follows a reference, and takes the alternative that is no scalar. */
function objectSchema(schema: Schema, root: Schema): Schema {
  if (schema.$ref !== undefined) return root.$defs![schema.$ref.replace('#/$defs/', '')]!
  const alternative = schema.anyOf?.find(each => each.$ref !== undefined)
  return alternative ? objectSchema(alternative, root) : schema
}
