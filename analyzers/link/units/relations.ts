/**
 * Of what a unit asks, only this may be answered otherwise while a run goes on and more files are read: who calls,
 * extends and implements what.
 */
import type { FileCalls } from '../calls.js'
import type { SharedAt } from '../program.js'
import type { RecordedView } from './recording.js'

/** Asks again; true where the answer is what it was. */
export type StillSame = () => boolean

/**
 * The repository as a unit sees it that is kept for this run alone.
 *
 * @param asked gets what was asked
 */
export function relationsView(shared: RecordedView, asked: StillSame[]): RecordedView {
  const { program, callers, calls } = shared
  const lists = new Map<string, unknown[] | undefined>()
  const files = new Map<string, FileCalls | undefined>()
  return {
    ...shared,
    program: {
      facts: program.facts,
      resolve: program.resolve,
      packageName: program.packageName,
      // What is remembered of exports may depend on the order in which they were asked for, so each unit has its own.
      exportMemo: new Map(),
      subclasses: (file, cls) =>
        noted(`subclasses ${file} ${cls}`, () => program.subclasses(file, cls), isSameClass),
      implementers: (file, name) =>
        noted(`implementers ${file} ${name}`, () => program.implementers(file, name), isSameClass),
      shared: file => noted(`shared ${file}`, () => program.shared(file), isSameShared)!,
    },
    callers: {
      ofFunction: lookup('ofFunction'),
      ofInterface: lookup('ofInterface'),
      ofUnknown: lookup('ofUnknown'),
      interfacesOf: cls =>
        noted(`implements ${cls}`, () => {
          const found = callers.interfacesOf(cls)
          return found && [...found]
        }),
    },
    calls(file) {
      if (!files.has(file)) {
        const before = calls(file)
        files.set(file, before)
        asked.push(() => calls(file) === before)
      }
      return files.get(file)
    },
  }

  function lookup(kind: 'ofFunction' | 'ofInterface' | 'ofUnknown') {
    return { get: (key: string) => noted(`${kind} ${key}`, () => callers[kind].get(key)) }
  }

  function noted<T>(
    key: string,
    ask: () => T[] | undefined,
    isEqual = (a: T, b: T) => a === b,
  ): T[] | undefined {
    if (lists.has(key)) return lists.get(key) as T[] | undefined
    const before = ask()
    lists.set(key, before)
    asked.push(() => {
      const now = ask()
      if (now === before || now === undefined || before === undefined) return now === before
      return now.length === before.length && now.every((each, at) => isEqual(each, before[at]))
    })
    return before
  }
}

function isSameShared(a: SharedAt, b: SharedAt): boolean {
  return a.name === b.name && a.file === b.file && a.node === b.node && a.types.join() === b.types.join()
}

function isSameClass(a: { file: string; cls: number }, b: { file: string; cls: number }): boolean {
  return a.file === b.file && a.cls === b.cls
}
