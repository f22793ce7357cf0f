/**
 * What a unit asks of the rest of the repository. The answers are all that its result depends on, so where they are the
 * same in a later run, the result is.
 */
import { keyOf } from '../../cache/index.js'
import type { CallIndex, CallSite } from '../calls.js'
import type { SourceFiles } from '../files.js'
import type { Interfaces } from '../interfaces.js'
import { stampOf } from './encode-calls.js'

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
  /** The file, or else the package, that a specifier means, seen from a file. */
  | 'resolve'
  /** What the calls of a file may run. */
  | 'calls'
  /** The classes that extend a class. */
  | 'subclasses'
  /** The classes that implement an interface. */
  | 'implementers'
  /** What applications and requests have in the service of a file. */
  | 'shared'
  /** The calls of a function, of a method of an interface, of a method of something unknown. */
  | 'ofFunction'
  | 'ofInterface'
  | 'ofUnknown'
  /** The interfaces that a class implements. */
  | 'implements'

/** Whether the answer stays the same while more files are read. */
export function isLasting(asked: Question): boolean {
  return /^(?:facts|sql|sql-paths|resolve)(?:\0|$)/.test(asked)
}

/** Whether the answer follows from which files and packages there are, whatever is in the files. */
export function isAboutLayout(asked: Question): boolean {
  return /^(?:sql-paths|resolve)(?:\0|$)/.test(asked)
}

export interface Surroundings {
  source: SourceFiles
  sqlPaths: string[]
  index: CallIndex
  interfaces(): Interfaces
  /** Hash of a file's text. */
  hashOf(path: string): string
  /** Hash of all that tells what imports mean, and of the paths of all files. */
  layout(): string
}

export interface Answers {
  /** Null for an answer that can't be compared with that of another run. */
  to(asked: Question): string | null
  /** The same where all answers that `isAboutLayout` tells are. */
  layout(): string
  /** More files are read: who calls, extends and implements what may be another. */
  forgetRelations(): void
}

/** Answers from the run that goes on. */
export function createAnswers(surroundings: Surroundings): Answers {
  const { source, sqlPaths, index, interfaces, hashOf, layout } = surroundings
  const lasting = new Map<Question, string | null>()
  const relations = new Map<Question, string | null>()
  const to = (asked: Question): string | null => {
    // No path holds a NUL; a specifier, which comes last, may.
    const [kind, first, ...rest] = asked.split('\0') as [Kind, string, ...string[]]
    const second = rest.join('\0')
    switch (kind) {
      case 'facts':
        return source.isModule(first) ? hashOf(first) : ''
      case 'sql':
        return hashOf(first)
      case 'sql-paths':
        return keyOf(...sqlPaths)
      case 'resolve':
        return source.resolve(first, second) ?? `\0${source.packageName(first, second)}`
      case 'calls':
        return callsKey(first)
      case 'subclasses':
        return JSON.stringify(source.subclasses(first, Number(second)) ?? null)
      case 'implementers':
        return JSON.stringify(source.implementers(first, second) ?? null)
      case 'shared':
        return JSON.stringify(source.shared(first))
      case 'ofFunction':
      case 'ofInterface':
      case 'ofUnknown':
        return sitesKey(index[kind].get(first) ?? [])
      case 'implements':
        return JSON.stringify(interfaces().ofClass.get(first) ?? [])
    }
  }
  const memoized = (asked: Question): string | null => {
    const memo = isLasting(asked) ? lasting : relations
    let found = memo.get(asked)
    if (found === undefined) {
      found = to(asked)
      memo.set(asked, found)
    }
    return found
  }
  return { to: memoized, layout, forgetRelations: () => relations.clear() }

  function callsKey(file: string): string | null {
    const stamp = stampIn(file)
    return stamp === null ? null : `${hashOf(file)} ${stamp}`
  }

  function stampIn(file: string): string | null {
    const calls = index.files.get(file)
    return calls === undefined ? '' : stampOf(calls)
  }

  /** Calls with all that their places tell without the facts of their files, which are another question. */
  function sitesKey(sites: CallSite[]): string | null {
    const parts: string[] = []
    for (const { file, at } of sites) {
      const stamp = stampIn(file)
      if (stamp === null) return null
      parts.push(file, String(at), stamp)
    }
    return keyOf(...parts)
  }
}
