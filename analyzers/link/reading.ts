/** Has the texts of executions read: by other threads as soon as they are found, the rest when all are asked for. */
import type { Dialect } from '../model.js'
import type { SqlAnalyzer } from '../sql/index.js'
import type { Threads } from '../threads/index.js'
import type { Piece } from './evaluator/pieces.js'
import { type ExecutedSql, readTexts } from './statements.js'

/** Texts of an execution, and the dialect to read them in. */
export interface Texts {
  texts: Piece[][]
  dialect: Dialect
  /** The same for texts that say the same. */
  key: () => string
}

export interface Reading {
  /**
   * Hands texts to a thread that has nothing to do, for they are likely to be asked for. Nothing without threads.
   *
   * @param isSettled false where what is asked for may be other texts, or others that say the same
   */
  ahead(texts: Texts, isSettled: boolean): void
  /** What each of them does. */
  all(texts: Texts[]): Promise<(ExecutedSql | null)[]>
}

/** Work that a character of a text is, compared with one of a source file. */
const WORK_OF_A_CHARACTER = 3

/** How much work texts are: each is read as often as there are options in it. */
function sizeOf({ texts }: Texts): number {
  let size = 0
  for (const text of texts) {
    const found = { length: 0, variants: 1 }
    measure(text, found, new Set())
    size += found.length * found.variants * WORK_OF_A_CHARACTER
  }
  return size
}

/** Choices are shared between texts, so each is looked into once. */
function measure(text: Piece[], found: { length: number; variants: number }, seen: Set<Piece>): void {
  for (const piece of text) {
    if (piece.kind === 'text') found.length += piece.text.length
    else if (piece.kind === 'choice' && !seen.has(piece)) {
      seen.add(piece)
      found.variants += piece.of.length - 1
      for (const option of piece.of) measure(option, found, seen)
    }
  }
}

/** @param sql reads texts on this thread */
export function createReading(threads: Threads, sql: () => SqlAnalyzer): Reading {
  const job = threads.begin({
    task: 'read',
    sizeOf,
    here: ({ texts, dialect }) => readTexts(texts, sql(), dialect),
  })
  /** Texts that were handed over, and which of the results is theirs. */
  const begun = new Map<Piece[][], Begun>()
  /** Those that were not settled, by what they say. */
  const guessed = new Map<string, Begun>()
  return {
    ahead({ texts, dialect, key }, isSettled) {
      if (!threads.areOthers() || begun.has(texts)) return
      const known = isSettled ? undefined : guessed.get(key())
      const one = known?.dialect === dialect ? known : { dialect, at: job.add({ texts, dialect }) }
      begun.set(texts, one)
      if (!isSettled) guessed.set(key(), one)
    },
    async all(wanted) {
      const places = wanted.map(({ texts, dialect, key }) => {
        const known = begun.get(texts) ?? (guessed.size > 0 ? guessed.get(key()) : undefined)
        return known?.dialect === dialect ? known.at : job.add({ texts, dialect })
      })
      const results = await job.results(new Set(places))
      return places.map(at => results[at])
    },
  }
}

interface Begun {
  dialect: Dialect
  at: number
}
