/** What another thread can do: steps that depend on their input alone, which is plain data, as is their result. */
import type { FileFacts } from '../extract/facts.js'
import { extractFacts } from '../extract/index.js'
import type { Piece } from '../link/evaluator/pieces.js'
import { type FirstLook, lookAt, type Seen } from '../link/first-look.js'
import { type ExecutedSql, readTexts } from '../link/statements.js'
import type { Dialect } from '../model.js'
import { createSqlAnalyzer, loadParsers, type SqlAnalyzer } from '../sql/index.js'

export interface Tasks {
  /** What the text of a source file tells, and its facts if that says that they matter. */
  look: { input: Seen; output: FirstLook }
  /** Facts of a source file. */
  extract: { input: { path: string; source: string }; output: FileFacts }
  /** Nothing: loads the parsers and calls them once, which takes longer than a thousand texts. */
  warmUp: { input: null; output: null }
  /** What the texts of an execution do. */
  read: { input: { texts: Piece[][]; dialect: Dialect }; output: ExecutedSql | null }
}

export type TaskName = keyof Tasks
export type Input<N extends TaskName> = Tasks[N]['input']
export type Output<N extends TaskName> = Tasks[N]['output']

type Runners = { [N in TaskName]: (input: Input<N>) => Output<N> | Promise<Output<N>> }

/** Statements that call most of what parsers consist of. */
const USUAL = [
  "SELECT a.x, COUNT(*) AS n FROM s.a LEFT JOIN b ON a.id = b.id AND b.c IN (1, 'd') WHERE a.e = ? OR NOT a.f IS NULL GROUP BY a.x ORDER BY n DESC LIMIT 10",
  'INSERT INTO a (b, c) VALUES (?, NOW())',
  "UPDATE a SET b = CASE WHEN c > 1 THEN 'd' ELSE e END WHERE f BETWEEN 1 AND (SELECT MAX(g) FROM h)",
  'DELETE FROM a WHERE b = 1',
]

/** @param dialects whose parsers are there: they have a say in what is found */
export function createTasks(dialects: Dialect[]): Runners {
  let sql: Promise<SqlAnalyzer> | undefined
  const loadOnce = (): Promise<SqlAnalyzer> => {
    sql ??= loadParsers(dialects).then(parsers => createSqlAnalyzer(parsers))
    return sql
  }
  return {
    look: lookAt,
    extract: ({ path, source }) => extractFacts(path, source),
    warmUp: async () => {
      const analyzer = await loadOnce()
      for (const dialect of dialects) for (const text of USUAL) analyzer.analyze([text], dialect)
      return null
    },
    read: async ({ texts, dialect }) => readTexts(texts, await loadOnce(), dialect),
  }
}
