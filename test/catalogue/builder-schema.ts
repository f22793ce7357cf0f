/** What the calls of a schema builder leave, as the catalogue has it: by our reading of the code, and by the builder's own SQL. */
import { expect } from 'vitest'
import { readBuiltTables } from '../../analyzers/catalogue/builders/built-tables.js'
import type { BuilderDialect } from '../../analyzers/catalogue/builders/ddl.js'
import { buildCatalogue } from '../../analyzers/catalogue/index.js'

/** What the schema has after some scripts, without the places. */
export function schemaOf(texts: string[], dialect: BuilderDialect) {
  const scripts = texts.map((text, order) => ({ file: 'a', service: 's', dialect, text, line: 1, order }))
  const { sets, diagnostics } = buildCatalogue([{ path: 'a', service: 's', dialect, scripts, skipped: [] }])
  expect(diagnostics).toEqual([])
  return sets
    .flatMap(({ tables }) => tables)
    .map(({ schema, name, columns, primaryKey, foreignKeys }) => ({
      schema,
      name,
      columns,
      primaryKey,
      foreignKeys: foreignKeys.map(({ line: _, ...key }) => key),
    }))
}

/** By our reading of a file. */
export function schemaOfCode(code: string, dialect: BuilderDialect) {
  const texts = readBuiltTables('a.ts', code).map(({ sql }) => sql[dialect])
  expect(texts).not.toContain(null)
  return schemaOf(texts as string[], dialect)
}

/** A file makes the table `t`, of which no column is known. */
export function expectColumnsUnknown(code: string): void {
  expect(readBuiltTables('a.ts', code)).toEqual([
    {
      schema: null,
      name: 't',
      file: 'a.ts',
      line: 1,
      creates: true,
      sql: { postgresql: null, mysql: null },
    },
  ])
}
