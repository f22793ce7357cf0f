/**
 * What the evaluation of one file's calls asks of the rest of the repository. The answers are all that its result
 * depends on, so where they are the same in a later run, the result is.
 */
import { keyOf } from '../../cache/index.js'
import type { CallIndex, CallSite } from '../calls.js'
import type { SourceFiles } from '../files.js'
import type { Interfaces } from '../interfaces.js'
import { encodeTargets } from './encode-targets.js'

/** What is asked, then about what: `facts`, NUL, a path. */
export type Question = string

export const question = (kind: Kind, ...about: (string | number)[]): Question => [kind, ...about].join('\0')

type Kind =
  /** The text of a source file, for its facts. */
  | 'facts'
  /** The text of an `.sql` file. */
  | 'sql'
  /** Which `.sql` files there are. */
  | 'sql-paths'
  /** The file that a specifier means, seen from a file. */
  | 'resolve'
  /** The classes that extend a class. */
  | 'subclasses'
  /** The calls of a function, of a method of an interface, of a method of something unknown. */
  | 'ofFunction'
  | 'ofInterface'
  | 'ofUnknown'
  /** The interfaces that a class implements. */
  | 'implements'

export interface Surroundings {
  source: SourceFiles
  sqlPaths: string[]
  index: CallIndex
  interfaces(): Interfaces
}

export interface Answers {
  /** Null for an answer that can't be compared with that of another run. */
  to(asked: Question): string | null
  /** More files are read: who calls, extends and implements what may be another. */
  forgetRelations(): void
}

/** Answers from the run that goes on. */
export function createAnswers({ source, sqlPaths, index, interfaces }: Surroundings): Answers {
  const lasting = new Map<Question, string | null>()
  const relations = new Map<Question, string | null>()
  const textKey = (path: string): string => {
    const text = source.text(path)
    return text === null ? '' : keyOf(text)
  }
  const to = (asked: Question): string | null => {
    // No path holds a NUL; a specifier, which comes last, may.
    const [kind, first, ...rest] = asked.split('\0') as [Kind, string, ...string[]]
    const second = rest.join('\0')
    switch (kind) {
      case 'facts':
        return source.isSource(first) ? textKey(first) : ''
      case 'sql':
        return textKey(first)
      case 'sql-paths':
        return keyOf(...sqlPaths)
      case 'resolve':
        return source.resolve(first, second) ?? ''
      case 'subclasses':
        return JSON.stringify(source.subclasses(first, Number(second)) ?? null)
      case 'ofFunction':
      case 'ofInterface':
      case 'ofUnknown':
        return sitesKey(index[kind].get(first) ?? [], memoized)
      case 'implements':
        return JSON.stringify([...(interfaces().ofClass.get(first) ?? [])])
    }
  }
  const memoized = (asked: Question): string | null => {
    const memo = /^(?:facts|sql|sql-paths|resolve)\0/.test(`${asked}\0`) ? lasting : relations
    let found = memo.get(asked)
    if (found === undefined) {
      found = to(asked)
      memo.set(asked, found)
    }
    return found
  }
  return { to: memoized, forgetRelations: () => relations.clear() }
}

/** Calls with all that a caller's place tells: its file, and what else the call may run. */
function sitesKey(sites: CallSite[], answer: (asked: Question) => string | null): string | null {
  const parts: string[] = []
  for (const { facts, call, targets } of sites) {
    const encoded = encodeTargets(targets)
    if (encoded === null) return null
    parts.push(
      facts.file,
      answer(question('facts', facts.file)) ?? '',
      String(call.node),
      JSON.stringify(encoded),
    )
  }
  return keyOf(...parts)
}
