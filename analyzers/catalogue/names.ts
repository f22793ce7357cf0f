/** How a name in SQL becomes the name of a table in the catalogue. */
import type { Dialect } from '../model.js'

/** The schema in which unqualified names lie is written as null. */
const DEFAULT_SCHEMAS: Partial<Record<Dialect, string>> = {
  postgresql: 'public',
  mssql: 'dbo',
  sqlite: 'main',
  snowflake: 'public',
}

export function defaultSchemaToNull(schema: string | null, dialect: Dialect): string | null {
  if (schema === null) return null
  const lower = schema.toLowerCase()
  if (dialect === 'unknown') return lower === 'public' || lower === 'dbo' ? null : schema
  return lower === DEFAULT_SCHEMAS[dialect] ? null : schema
}

/** `datastore/name`, or `datastore/schema/name` where the schema is not the default one. */
export function tableId(datastore: string, schema: string | null, name: string): string {
  return schema === null ? `${datastore}/${name}` : `${datastore}/${schema}/${name}`
}
