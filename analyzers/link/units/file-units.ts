/** What is found out about one file at a time, each a unit. */

import type { Cache } from '../../cache/index.js'
import { diagnostic } from '../../cache/map-shape.js'
import { connectionInFileShape } from '../../cache/settings-shape.js'
import { bool, count, list, nullable, object, pair, type Shape, text } from '../../cache/shape.js'
import type { Driver } from '../../drivers/driver.js'
import type { FileFacts } from '../../extract/facts.js'
import type { CallSite, FileCalls } from '../calls.js'
import { connectionsOf, mayOpen, type OpenedConnection, openingFunctions } from '../connections.js'
import type { Piece } from '../evaluator/pieces.js'
import { callsOf } from '../file-calls.js'
import { type Interfaces, noInterfaces } from '../interfaces.js'
import { type ClassOutline, type FileOutline, outlineOf } from '../outline.js'
import type { SharedAt } from '../program.js'
import type { SqlFiles } from '../sql-files.js'
import type { WrapperKind } from '../trace/executions.js'
import { followSinks, givesText } from '../trace/follow.js'
import type { Followed, SinkAt } from '../trace/tracer.js'
import {
  type ConnectionUses,
  type FileTransactions,
  type FunctionName,
  type TransactionHints,
  transactionsOf,
  usesOf,
} from '../transactions/index.js'
import { callsKind, handedOnShape, transactionsShape } from './encode-calls.js'
import { keyOfSink } from './encode-sinks.js'
import { followedKind, wrapperKind } from './encode-trace.js'
import { createKeptTexts } from './kept-texts.js'
import { createAnswers, type Surroundings } from './questions.js'
import type { RecordedView } from './recording.js'
import { createUnits, type UnitKind } from './units.js'

export interface FileUnits {
  /** Of a file that was touched. */
  outline(file: string): FileOutline
  /** What each call of a file may run. */
  calls(file: string): FileCalls
  /** What following sinks of one file finds. */
  follow(sinks: SinkAt[], hasUnknownTable: (pieces: Piece[], driver: Driver) => boolean): Followed[]
  givesText(site: CallSite): boolean
  connections(calls: FileCalls): OpenedConnection[]
  /** See `openingFunctions`. */
  openers(calls: FileCalls): [string, WrapperKind][]
  transactions(calls: FileCalls, hints: TransactionHints): FileTransactions
  /** See `usesOf`. */
  connectionUses(calls: FileCalls, of: FunctionName, ways: string[], kept: string[]): ConnectionUses
  /** Who calls, extends and implements what may be another than it was, for more files were read. */
  forgetRelations(): void
  setInterfaces(found: Interfaces): void
  /** Keeps what was found for the next run. */
  save(): void
}

const outlineKind = plain<FileOutline>(
  'outline',
  object<FileOutline>({
    file: text,
    classes: list(
      object<ClassOutline>({
        name: text,
        methods: list(text),
        parent: nullable(object({ file: text, cls: count })),
        interfaces: list(text),
      }),
    ),
    renamed: list(pair(text, text)),
    statements: list(list(object({ line: count, endLine: count }))),
    shared: list(object<SharedAt>({ name: text, file: text, node: nullable(count), types: list(text) })),
    diagnostics: list(diagnostic),
  }),
)
const givesTextKind = plain('gives-text', bool)
const connectionsKind = plain<OpenedConnection[]>(
  'connections',
  list(
    object<OpenedConnection>({
      origin: text,
      from: nullable(text),
      fact: connectionInFileShape,
    }),
  ),
)
const openersKind = plain<[string, WrapperKind][]>('openers', list(pair(text, wrapperKind)))
const transactionsKind = plain('transactions', transactionsShape)
const usesKind = plain<ConnectionUses>(
  'connection-uses',
  object<ConnectionUses>({ inside: list(count), handed: list(handedOnShape) }),
)

/** What is plain data already. */
function plain<T>(name: string, shape: Shape<T>): UnitKind<T, T> {
  return { name, shape, encode: result => result, decode: data => data }
}

/** @param context all else that results depend on, such as the parsers that are there */
export function createFileUnits(
  cache: Cache,
  context: string,
  sqlFiles: SqlFiles,
  surroundings: Omit<Surroundings, 'interfaces'>,
): FileUnits {
  const { source, index } = surroundings
  let interfaces = noInterfaces
  const shared: RecordedView = {
    program: source,
    sqlFiles,
    callers: { ...index, interfacesOf: cls => interfaces.ofClass.get(cls) },
    calls: file => index.files.get(file),
  }
  const answers = createAnswers({ ...surroundings, interfaces: () => interfaces })
  const units = createUnits(cache, context, source, shared, answers)
  const texts = createKeptTexts(cache)
  return {
    outline: file => units.find(outlineKind, file, '', (e, view) => outlineOf(e, factsIn(view, file))),
    calls: file => units.find(callsKind, file, '', (e, view) => callsOf(e, factsIn(view, file))),
    follow(sinks, hasUnknownTable) {
      const { file } = sinks[0].site
      const inputs = sinks.map(({ sink, site }) => `${site.at} ${keyOfSink(sink)}`).join('\n')
      return units.find(followedKind(index, sinks.length, texts), file, inputs, (e, view) => {
        view.program.facts(file)
        return followSinks(sinks, e, view.callers, hasUnknownTable)
      })
    },
    givesText: site =>
      units.find(givesTextKind, site.file, String(site.at), (e, view) => {
        view.program.facts(site.file)
        return givesText(e, site)
      }),
    connections: calls =>
      mayOpen(calls)
        ? units.find(connectionsKind, calls.file, '', (e, view) =>
            connectionsOf(e, factsIn(view, calls.file), callsIn(view, calls.file), view.callers),
          )
        : [],
    openers: calls =>
      mayOpen(calls)
        ? units.find(openersKind, calls.file, '', (e, view) =>
            openingFunctions(e, factsIn(view, calls.file), callsIn(view, calls.file), view.callers),
          )
        : [],
    transactions: ({ file }, hints) =>
      units.find(transactionsKind, file, JSON.stringify(hints), (_, view) =>
        transactionsOf(factsIn(view, file), callsIn(view, file), hints),
      ),
    connectionUses: ({ file }, of, ways, kept) =>
      units.find(usesKind, file, JSON.stringify([of, ways, kept]), (_, view) =>
        usesOf(factsIn(view, file), callsIn(view, file), of, ways, kept),
      ),
    forgetRelations: answers.forgetRelations,
    setInterfaces(found) {
      interfaces = found
      answers.forgetRelations()
    },
    save: units.save,
  }
}

function factsIn({ program }: RecordedView, file: string): FileFacts {
  const facts = program.facts(file)
  if (facts === null) throw new Error(`${file} was read before and now is not`)
  return facts
}

function callsIn(view: RecordedView, file: string): FileCalls {
  const calls = view.calls(file)
  if (calls === undefined) throw new Error(`The calls of ${file} are not known yet`)
  return calls
}
