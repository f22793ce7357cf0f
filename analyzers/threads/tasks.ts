/** What another thread can do: steps that depend on their input alone, which is plain data, as is their result. */
import type { FileFacts } from '../extract/facts.js'
import { extractFacts } from '../extract/index.js'
import type { Piece } from '../link/evaluator/pieces.js'
import { type ExecutedSql, readTexts } from '../link/statements.js'
import type { Dialect } from '../model.js'
import { createSqlAnalyzer, loadParsers, type SqlAnalyzer } from '../sql/index.js'

export interface Tasks {
  /** Facts of a source file. */
  extract: { input: { path: string; source: string }; output: FileFacts }
  /** What the texts of an execution do. */
  read: { input: { texts: Piece[][]; dialect: Dialect }; output: ExecutedSql | null }
}

export type TaskName = keyof Tasks
export type Input<N extends TaskName> = Tasks[N]['input']
export type Output<N extends TaskName> = Tasks[N]['output']

type Runners = { [N in TaskName]: (input: Input<N>) => Output<N> | Promise<Output<N>> }

/** @param dialects whose parsers are there: they have a say in what is found */
export function createTasks(dialects: Dialect[]): Runners {
  let sql: Promise<SqlAnalyzer> | undefined
  const loadOnce = (): Promise<SqlAnalyzer> => {
    sql ??= loadParsers(dialects).then(parsers => createSqlAnalyzer(parsers))
    return sql
  }
  return {
    extract: ({ path, source }) => extractFacts(path, source),
    read: async ({ texts, dialect }) => readTexts(texts, await loadOnce(), dialect),
  }
}
