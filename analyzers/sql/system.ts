import type { SqlDialect } from './dialects/index.js'

/** True for the catalogues of the database itself (`information_schema.tables`, `pg_class`, `sqlite_master`). */
export function isSystemTable(schema: string | null, name: string, dialect: SqlDialect): boolean {
  if (schema !== null) {
    const lower = schema.toLowerCase()
    if (dialect.systemSchemas.includes(lower)) return true
    // `tempdb.sys.objects` and `msdb.dbo.x` are the server's too, but only `sys` says so by itself.
    if (lower !== 'public' && lower !== 'main' && lower !== 'dbo') return false
  }
  const lower = name.toLowerCase()
  return dialect.systemTables.some(pattern =>
    pattern.endsWith('*') ? lower.startsWith(pattern.slice(0, -1)) : lower === pattern,
  )
}
