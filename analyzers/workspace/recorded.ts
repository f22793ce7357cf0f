/** What `rewrite` has moved: uses of tables that the code no longer shows, and that tell owners as they did. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { having, list, maybe, oneOf, text } from '../cache/shape.js'

/** Of all rewrites, at the root of the repository. */
export const OPERATIONS_FILE = 'seamripper.operations.json'

/** A service's use of another's table, by a statement that runs in the owner now. */
export interface RecordedUse {
  /** Id of the table. */
  table: string
  service: string
  op: 'read' | 'write'
  /** The write may add rows, and does not only change those that are there. */
  adds: boolean
  file: string
}

interface Recorded {
  kind: 'rows' | 'one' | 'count' | 'write'
  tables: string[]
  writes?: string[] | undefined
  statement?: { text?: string | undefined }[] | undefined
  uses: { service: string; file: string }[]
}

const recorded = having<{ operations: Recorded[] }>({
  operations: list(
    having<Recorded>({
      kind: oneOf<Recorded['kind']>({ rows: true, one: true, count: true, write: true }),
      tables: list(text),
      writes: maybe(list(text)),
      statement: maybe(list(having<{ text?: string | undefined }>({ text: maybe(text) }))),
      uses: list(having<Recorded['uses'][number]>({ service: text, file: text })),
    }),
  ),
})

/** None where there is no such file, or another one of its name: `rewrite` tells that. */
export function readRecordedUses(root: string): RecordedUse[] {
  let file: unknown
  try {
    file = JSON.parse(readFileSync(join(root, OPERATIONS_FILE), 'utf8'))
  } catch {
    return []
  }
  if (!recorded(file)) return []
  return file.operations.flatMap(({ kind, tables, writes, statement = [], uses }) => {
    // Earlier versions did not tell which of several tables are written.
    const written = new Set(writes ?? (kind === 'write' && tables.length === 1 ? tables : []))
    const sql = statement.map(part => part.text ?? '').join('')
    const onlyChanges = /^\s*(?:update|delete)\b/i.test(sql) && !/\binsert\s/i.test(sql)
    return tables.flatMap(table =>
      uses.map(({ service, file }): RecordedUse => {
        const isWritten = written.has(table)
        return { table, service, op: isWritten ? 'write' : 'read', adds: isWritten && !onlyChanges, file }
      }),
    )
  })
}
