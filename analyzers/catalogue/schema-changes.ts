/** What the statements of one script do to the schema. */
import type { Dialect } from '../model.js'
import { dialects } from '../sql/dialects/index.js'
import { splitTokens } from '../sql/split.js'
import { type Token, tokenize } from '../sql/tokenizer.js'
import { readCreate } from './create-ddl.js'
import { Cursor } from './cursor.js'
import { readAlter, readDrop, readRename, readSet, readUse } from './other-ddl.js'
import { addQueries, type ScriptReading, type Statement } from './statement.js'
import type { SchemaScript } from './types.js'

/**
 * Reads a script, token by token and without a parser: that takes every vendor's syntax, gives types as they are
 * written, and agrees with the servers' grammars on all definitions that these accept (test/catalogue/against-parsers.test.ts).
 */
export function readSchemaChanges(
  script: Pick<SchemaScript, 'file' | 'text' | 'dialect' | 'line'>,
): ScriptReading {
  const { dialect } = script
  const text = withoutMarks(script.text)
  const reading: ScriptReading = { changes: [], statements: [], diagnostics: [] }
  const tokens = tokenize(text, dialects[dialect])
  const lineOf = lineCounter(text, script.line)
  const connects = psqlConnects(text, tokens, dialect)
  for (const range of splitTokens(tokens, dialects[dialect])) {
    const start = tokens[range.from]!.start
    while (connects.length > 0 && connects[0]!.offset < start) {
      const { database, offset } = connects.shift()!
      reading.changes.push({ kind: 'use', scope: 'database', schema: database, line: lineOf(offset) })
    }
    readStatement({
      cursor: new Cursor(tokens, range.from, range.to, dialect),
      start: range.from,
      text,
      file: script.file,
      line: lineOf(start),
      lineOf,
      reading,
    })
  }
  return reading
}

/** Drizzle ends statements with `--> statement-breakpoint`, which is a comment to PostgreSQL alone. */
function withoutMarks(text: string): string {
  return text.replaceAll('--> statement-breakpoint', '--  statement-breakpoint')
}

/** Words with which no statement about tables begins. */
// biome-ignore format: a table
const IGNORED = new Set([
  'BEGIN', 'COMMIT', 'ROLLBACK', 'START', 'END', 'PRAGMA', 'ANALYZE', 'VACUUM', 'EXPLAIN', 'SHOW', 'FLUSH', 'UNLOCK',
  'PRINT', 'DECLARE', 'SAVEPOINT', 'RELEASE', 'REVOKE', 'GRANT', 'COMMENT', 'REASSIGN',
])

function readStatement(statement: Statement): void {
  const { cursor } = statement
  const first = cursor.peek()
  if (first === '' || IGNORED.has(first)) return
  if (cursor.eat('USE')) readUse(statement)
  else if (cursor.eat('SET')) readSet(statement)
  else if (cursor.eat('ALTER')) readAlter(statement)
  else if (cursor.eat('DROP')) readDrop(statement)
  else if (cursor.eat('RENAME')) readRename(statement)
  else if (!cursor.eat('CREATE') || !readCreate(statement)) addQueries(statement)
}

/** Lines of growing offsets, counted once through the text. */
function lineCounter(text: string, firstLine: number): (offset: number) => number {
  let counted = 0
  let line = firstLine
  return offset => {
    if (offset < counted) {
      counted = 0
      line = firstLine
    }
    for (let at = text.indexOf('\n', counted); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++
    counted = offset
    return line
  }
}

/** `\connect db` and `\c db` of psql: commands of the client, which no token shows. */
function psqlConnects(
  text: string,
  tokens: readonly Token[],
  dialect: Dialect,
): { database: string; offset: number }[] {
  if (dialect !== 'postgresql' || !text.includes('\\c')) return []
  return [...text.matchAll(/^\\c(?:onnect)?[ \t]+"?([A-Za-z_][\w-]*)"?/gm)]
    .map(match => ({ database: match[1]!, offset: match.index }))
    .filter(({ offset }) => !tokens.some(token => token.start < offset && offset < token.end))
}

export type { ScriptReading }
