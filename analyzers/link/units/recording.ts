/** The rest of the repository as one unit of work sees it: every question is noted. */
import type { CallerIndex, CallSite, FileCalls } from '../calls.js'
import type { Value } from '../evaluator/values.js'
import type { Program } from '../program.js'
import type { SqlFiles } from '../sql-files.js'
import { type Question, question } from './questions.js'

export interface RecordedView {
  program: Program
  sqlFiles: SqlFiles
  callers: CallerIndex
  /** What the calls of a file may run. */
  calls(file: string): FileCalls | undefined
}

export function recordedView(view: RecordedView, note: (asked: Question) => void): RecordedView {
  const { program, sqlFiles, callers, calls } = view
  const sites = new Map<CallSite, CallSite>()
  const noteFiles = <T extends Value | null>(value: T): T => {
    note(question('sql-paths'))
    for (const file of filesOf(value)) note(question('sql', file))
    return value
  }
  const notedFile = (file: string): string => {
    note(question('sql', file))
    return file
  }
  return {
    program: {
      facts(file) {
        note(question('facts', file))
        return program.facts(file)
      },
      resolve(fromFile, specifier) {
        note(question('resolve', fromFile, specifier))
        return program.resolve(fromFile, specifier)
      },
      packageName(fromFile, specifier) {
        note(question('resolve', fromFile, specifier))
        return program.packageName(fromFile, specifier)
      },
      subclasses(file, cls) {
        note(question('subclasses', file, cls))
        return program.subclasses(file, cls)
      },
      implementers(file, name) {
        note(question('implementers', file, name))
        return program.implementers(file, name)
      },
      shared(file) {
        note(question('shared', file))
        return program.shared(file)
      },
      // Made from the facts that were asked for, so no other unit's.
      exportMemo: new Map(),
    },
    sqlFiles: {
      member: (of, name) => noteFiles(sqlFiles.member(noteFiles(of), name)),
      entries: of => sqlFiles.entries(noteFiles(of)),
      whole: file => sqlFiles.whole(notedFile(file)),
      blocks: file => sqlFiles.blocks(notedFile(file)),
      sections: file => sqlFiles.sections(notedFile(file)),
      fromLoader: (args, fromFile) => noteFiles(sqlFiles.fromLoader(args, fromFile)),
      ofKey(key, fromFile) {
        note(question('sql-paths'))
        return noteFiles(sqlFiles.ofKey(key, fromFile))
      },
      fromFolder: (args, fromFile) => noteFiles(sqlFiles.fromFolder(args, fromFile)),
      takenApart: args => sqlFiles.takenApart(args),
      list(folder, fromFile, deep) {
        note(question('sql-paths'))
        return sqlFiles.list(folder, fromFile, deep)
      },
      matching(glob, fromFile) {
        note(question('sql-paths'))
        return sqlFiles.matching(glob, fromFile)
      },
      imported: (module, fromFile) => noteFiles(sqlFiles.imported(module, fromFile)),
      madeInto(module, fromFile) {
        note(question('sql-paths'))
        return noteFiles(sqlFiles.madeInto(module, fromFile))
      },
    },
    callers: {
      ofFunction: lookup('ofFunction'),
      ofInterface: lookup('ofInterface'),
      ofUnknown: lookup('ofUnknown'),
      interfacesOf(cls) {
        note(question('implements', cls))
        return callers.interfacesOf(cls)
      },
    },
    calls(file) {
      note(question('calls', file))
      return calls(file)
    },
  }

  function lookup(kind: 'ofFunction' | 'ofInterface' | 'ofUnknown'): CallerIndex[typeof kind] {
    return {
      get(key) {
        note(question(kind, key))
        return callers[kind].get(key)?.map(noted)
      },
    }
  }

  /** The same call; what it says of its file is noted as a question. */
  function noted(site: CallSite): CallSite {
    let seen = sites.get(site)
    if (seen === undefined) {
      seen = Object.create(site, {
        facts: {
          get() {
            note(question('facts', site.file))
            return site.facts
          },
        },
      }) as CallSite
      sites.set(site, seen)
    }
    return seen
  }
}

/** `.sql` files whose texts are in what a loader gives. */
function filesOf(value: Value | null): string[] {
  switch (value?.kind) {
    case 'text':
      return value.pieces.flatMap(piece => (piece.kind === 'text' ? [piece.file] : []))
    case 'sql-file':
      return value.files
    case 'choice':
      return value.of.flatMap(filesOf)
    default:
      return []
  }
}
