/** What following sinks found as plain data, and back. Texts share pieces, and go on sharing them. */
import {
  byKind,
  count,
  integer,
  list,
  maybe,
  object,
  oneOf,
  only,
  pair,
  type Shape,
  text,
} from '../../cache/shape.js'
import type { Driver } from '../../drivers/driver.js'
import { groupBy } from '../../graph/index.js'
import type { CallIndex, CallSite } from '../calls.js'
import type { Piece } from '../evaluator/pieces.js'
import type { ParamValue } from '../evaluator/values.js'
import {
  type Execution,
  emptyTrace,
  executionKey,
  siteKey,
  type Trace,
  type WrapperKind,
} from '../trace/executions.js'
import { mayBePart } from '../trace/fragments.js'
import { type Place, startOf, textPlaces } from '../trace/places.js'
import { textsKeyOf } from '../trace/texts-key.js'
import type { Followed, SinkAt } from '../trace/tracer.js'
import { driverNamed } from './drivers-by-name.js'
import { decodeSinks, encodeSinks, type SinkTable, sinkTableShape } from './encode-sinks.js'
import type { KeptTexts } from './kept-texts.js'
import type { UnitKind } from './units.js'

type PieceData =
  | Exclude<Piece, { kind: 'choice' }>
  /** Each of them an item that is a list. */
  | { kind: 'choice'; of: number[]; test?: string }

/** Pieces, and texts as lists of pieces. Each comes after what it is made of. */
type Items = (PieceData | number[])[]

/**
 * What following the sinks of one file found: of each kind of thing a table for all sinks, whose rows begin with which of
 * the sinks it is of. Most of a run looks at numbers alone.
 */
export interface FollowedData {
  /** Names of files and drivers, and origins; rows have their indexes. */
  words: string[]
  /** Sinks for which callers were asked for. */
  asked: number[]
  /** Sink, file, call, driver, origin and class's file (see `NONE`), 1 if it may be part and 2 if it is prepared, file and line of the start, then the texts. */
  executions: number[][]
  /** Of each execution, as `textsKeyOf` has it. */
  keys: string[]
  /** Execution, file and the lines of it that its texts have pieces on. */
  places: number[][]
  untold: { row: number[]; reason: string; text: string }[]
  wrapperNames: [sink: number, name: [string, WrapperKind]][]
  runningKept: [sink: number, method: string][]
  /** Beside each sink the one that it is handed over by, file and call. */
  handedOver: SinkTable
  /** Key of the `Items`, read when a text is asked for. */
  items: string
}

/** Where there is no word. */
const NONE = 0

const piece = byKind<PieceData>({
  text: { text, file: text, line: count, repeats: maybe(only(true)), partly: maybe(only(true)) },
  hole: { code: text },
  param: {
    param: object<ParamValue>({
      kind: oneOf({ param: true }),
      file: text,
      fn: integer,
      index: integer,
      path: list(text),
    }),
  },
  choice: { of: list(count), test: maybe(text) },
})
export const wrapperKind = oneOf<WrapperKind>({ function: true, method: true, class: true, key: true })

const ids = list(count)
const item = ((value: unknown) => (Array.isArray(value) ? ids(value) : piece(value))) as Shape<
  PieceData | number[]
>
/** Looked at when a text is. */
const items = list(item)
const rows = list(list(count))

const followed = object<FollowedData>({
  words: list(text),
  asked: list(count),
  executions: rows,
  keys: list(text),
  places: rows,
  untold: list(object({ row: list(count), reason: text, text })),
  wrapperNames: list(pair(count, pair(text, wrapperKind))),
  runningKept: list(pair(count, text)),
  handedOver: sinkTableShape,
  items: text,
})

/** What following some sinks of a file finds. */
export function followedKind(
  index: CallIndex,
  sinks: number,
  texts: KeptTexts,
): UnitKind<Followed[], FollowedData> {
  return {
    name: 'follow',
    shape: followed,
    encode: found => encodeFollowed(found, texts),
    decode: data => decodeFollowed(data, sinks, index, texts),
  }
}

function encodeFollowed(found: Followed[], texts: KeptTexts): FollowedData {
  const { items, idOf } = createItems()
  const words: string[] = ['']
  const known = new Map<string, number>()
  const wordOf = (word: string): number => {
    const id = known.get(word) ?? words.push(word) - 1
    known.set(word, id)
    return id
  }
  const data: Omit<FollowedData, 'words' | 'items' | 'handedOver'> = {
    asked: found.flatMap(({ asked }, sink) => (asked ? [sink] : [])),
    executions: [],
    keys: [],
    places: [],
    untold: [],
    wrapperNames: [],
    runningKept: [],
  }
  for (const [sink, { trace }] of found.entries()) {
    for (const execution of trace.executions.values()) {
      const { site, driver, origin, of, texts } = execution
      const start = startOf(execution)
      for (const [file, places] of groupBy(textPlaces(execution), place => place.file))
        data.places.push([data.executions.length, wordOf(file), ...places.map(({ line }) => line)])
      data.executions.push([
        ...[sink, wordOf(site.file), site.at, wordOf(driver.name), origin === null ? NONE : wordOf(origin)],
        of === undefined ? NONE : wordOf(of),
        (mayBePart(execution) ? 1 : 0) + (execution.isPrepared ? 2 : 0),
        ...[start === null ? NONE : wordOf(start.file), start?.line ?? 0],
        ...texts.map(idOf),
      ])
      data.keys.push(textsKeyOf(execution))
    }
    for (const { site, reason, text } of trace.untold.values())
      data.untold.push({ row: [sink, wordOf(site.file), site.at], reason, text })
    for (const name of trace.wrapperNames) data.wrapperNames.push([sink, name])
    for (const method of trace.runningKept) data.runningKept.push([sink, method])
  }
  const handedOver = encodeSinks(
    found.flatMap((each, by) =>
      each.handedOver.map(({ sink, site }) => ({ sink, beside: [by, wordOf(site.file), site.at] })),
    ),
  )
  return { ...data, words, handedOver, items: texts.put(items) }
}

/** Texts as items: each choice and each list once, and of other pieces each that says the same. */
function createItems(): { items: Items; idOf: (text: Piece[]) => number } {
  const items: Items = []
  // What is chosen of a choice is so wherever that very choice is, and nowhere else.
  const known = new Map<Piece | Piece[], number>()
  const leaves = new Map<string, number>()
  const idOf = (text: Piece[]): number => {
    const id = known.get(text) ?? add(text.map(idOfPiece))
    known.set(text, id)
    return id
  }
  const idOfPiece = (each: Piece): number => {
    const id = known.get(each) ?? (each.kind === 'choice' ? add(choiceData(each)) : idOfLeaf(each))
    known.set(each, id)
    return id
  }
  const choiceData = ({ of, test }: Piece & { kind: 'choice' }): PieceData => {
    const ids = of.map(idOf)
    return test === undefined ? { kind: 'choice', of: ids } : { kind: 'choice', of: ids, test }
  }
  const idOfLeaf = (each: Exclude<Piece, { kind: 'choice' }>): number => {
    const key =
      each.kind === 'text'
        ? [each.line, each.repeats, each.partly, each.file, each.text].join('\0')
        : JSON.stringify(each)
    const id = leaves.get(key) ?? add(each)
    leaves.set(key, id)
    return id
  }
  const add = (item: PieceData | number[]): number => items.push(item) - 1
  return { items, idOf }
}

/** Null where it speaks of calls, drivers or texts that there are not. */
function decodeFollowed(
  data: FollowedData,
  sinks: number,
  index: CallIndex,
  texts: KeptTexts,
): Followed[] | null {
  const { words, executions, keys, untold, wrapperNames, runningKept } = data
  const drivers = words.map(driverNamed)
  if (!texts.has(data.items)) return null
  const textsOf = createTexts(() => texts.get(data.items, items))
  const asked = new Set(data.asked)
  const found = Array.from({ length: sinks }, (_, sink): Followed => {
    return { trace: noTrace, asked: asked.has(sink), handedOver: NO_SINKS }
  })
  /** Most sinks have no more than an execution. */
  const traceOf = (sink: number): Trace | null => {
    const own = found[sink]
    if (own?.trace === noTrace) own.trace = emptyTrace()
    return own?.trace ?? null
  }
  const executed: KeptExecution[] = []
  for (const [
    at,
    [sink, file, call, driver, origin, cls, flags, startFile, startLine, ...ids],
  ] of executions.entries()) {
    const site = index.site(words[file], call)
    const trace = traceOf(sink)
    const key = keys[at]
    if (
      !site ||
      !drivers[driver] ||
      words[cls] === undefined ||
      !trace ||
      key === undefined ||
      startLine === undefined
    )
      return null
    const start = startFile === NONE ? null : { file: words[startFile], line: startLine }
    const execution = new KeptExecution(
      ...([site, drivers[driver], origin === NONE ? null : words[origin]] as const),
      cls === NONE ? undefined : words[cls],
      ...([key, flags % 2 === 1, flags >= 2, start, ids, textsOf] as const),
    )
    executed.push(execution)
    trace.executions.set(executionKey(execution), execution)
  }
  for (const [execution, file, ...lines] of data.places) {
    if (!executed[execution] || words[file] === undefined) return null
    for (const line of lines) executed[execution].places.push({ file: words[file], line })
  }
  for (const { row, reason, text } of untold) {
    const [sink, file, call] = row
    const site = index.site(words[file], call)
    const trace = traceOf(sink)
    if (!site || !trace) return null
    trace.untold.set(siteKey(site), { site, reason, text })
  }
  for (const [sink, [name, kind]] of wrapperNames) {
    const trace = traceOf(sink)
    if (!trace) return null
    trace.wrapperNames.set(name, kind)
  }
  for (const [sink, method] of runningKept) {
    const trace = traceOf(sink)
    if (!trace) return null
    trace.runningKept.add(method)
  }
  const handedOver = decodeSinks(data.handedOver, 3)
  if (handedOver === null) return null
  for (const { sink, beside } of handedOver) {
    const [by, file, call] = beside
    const site = index.site(words[file], call)
    const own = found[by]
    if (!site || !own) return null
    if (own.handedOver === NO_SINKS) own.handedOver = []
    own.handedOver.push({ site, sink })
  }
  return found
}

/** Of the many sinks that find nothing; nobody adds to what a unit found. */
const noTrace = emptyTrace()
const NO_SINKS: SinkAt[] = []

/** Its texts are put together when they are asked for. */
class KeptExecution implements Execution {
  readonly places: Place[] = []
  private made: Piece[][] | null = null

  constructor(
    readonly site: CallSite,
    readonly driver: Driver,
    readonly origin: string | null,
    readonly of: string | undefined,
    readonly textsKey: string,
    readonly mayBePart: boolean,
    readonly isPrepared: boolean,
    readonly start: Place | null,
    private readonly ids: number[],
    private readonly textsOf: (ids: number[]) => Piece[][],
  ) {}

  get texts(): Piece[][] {
    this.made ??= this.textsOf(this.ids)
    return this.made
  }
}

/**
 * Texts by their ids, made when the first is asked for.
 *
 * @throws where the items are none
 */
function createTexts(read: () => Items): (ids: number[]) => Piece[][] {
  let made: (Piece | Piece[])[] | null = null
  return ids => {
    made ??= decodeItems(read())
    const texts = ids.map(id => made?.[id])
    if (!texts.every(text => Array.isArray(text))) throw new Error('What the cache has as texts is none')
    return texts
  }
}

function decodeItems(data: Items): (Piece | Piece[])[] | null {
  const made: (Piece | Piece[])[] = []
  for (const each of data) {
    if (Array.isArray(each)) {
      const pieces = each.map(id => made[id])
      if (!pieces.every(one => one !== undefined && !Array.isArray(one))) return null
      made.push(pieces as Piece[])
    } else if (each.kind === 'choice') {
      const of = each.of.map(id => made[id])
      if (!of.every(Array.isArray)) return null
      made.push({ ...each, of: of as Piece[][] })
    } else made.push(each)
  }
  return made
}
