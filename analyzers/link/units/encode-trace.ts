/** What following sinks found as plain data, and back. Texts share pieces, and go on sharing them. */
import {
  anything,
  bool,
  byKind,
  count,
  integer,
  list,
  maybe,
  nullable,
  object,
  oneOf,
  only,
  pair,
  type Shape,
  text,
} from '../../cache/shape.js'
import type { CallIndex, CallSite } from '../calls.js'
import type { Piece } from '../evaluator/pieces.js'
import type { ParamValue } from '../evaluator/values.js'
import { emptyTrace, siteKey, type WrapperKind } from '../trace/executions.js'
import type { Followed, SinkAt } from '../trace/follow.js'
import { mayBePart } from '../trace/fragments.js'
import { textsKeyOf } from '../trace/texts-key.js'
import { driverNamed } from './drivers-by-name.js'
import { decodeSink, encodeSink, type SinkData, sinkShape } from './encode-calls.js'
import type { UnitKind } from './units.js'

type PieceData =
  | Exclude<Piece, { kind: 'choice' }>
  /** Each of them an item that is a list. */
  | { kind: 'choice'; of: number[]; test?: string }

/** A file, and which of its calls. */
type SiteData = [file: string, call: number]

interface TraceData {
  asked: boolean
  executions: {
    site: SiteData
    driver: string
    origin: string | null
    texts: number[]
    /** As `textsKeyOf` has it. */
    textsKey: string
    mayBePart: boolean
  }[]
  untold: { site: SiteData; reason: string; text: string }[]
  wrapperNames: [name: string, kind: WrapperKind][]
  handedOver: { site: SiteData; sink: SinkData }[]
}

/** What following the sinks of one file found, a trace each. */
export interface FollowedData {
  /** Pieces, and texts as lists of pieces. Each comes after what it is made of. */
  items: (PieceData | number[])[]
  traces: TraceData[]
}

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
const ids = list(count)
const item = ((value: unknown) => (Array.isArray(value) ? ids(value) : piece(value))) as Shape<
  PieceData | number[]
>
const site = pair(text, count)

/** Looked at when a text is. */
const items = list(item)

const followed = object<FollowedData>({
  items: anything as Shape<FollowedData['items']>,
  traces: list(
    object<TraceData>({
      asked: bool,
      executions: list(
        object({ site, driver: text, origin: nullable(text), texts: ids, textsKey: text, mayBePart: bool }),
      ),
      untold: list(object({ site, reason: text, text })),
      wrapperNames: list(pair(text, oneOf<WrapperKind>({ function: true, method: true, class: true }))),
      handedOver: list(object({ site, sink: sinkShape })),
    }),
  ),
})

/** What following some sinks of a file finds. */
export function followedKind(index: CallIndex, sinks: number): UnitKind<Followed[], FollowedData> {
  return {
    name: 'follow',
    shape: followed,
    encode: encodeFollowed,
    decode: data => (data.traces.length === sinks ? decodeFollowed(data, index) : null),
  }
}

function encodeFollowed(found: Followed[]): FollowedData {
  const { items, idOf } = createItems()
  const siteOf = ({ file, at }: CallSite): SiteData => [file, at]
  const traces = found.map(({ trace, asked, handedOver }): TraceData => {
    return {
      asked,
      executions: [...trace.executions.values()].map(execution => ({
        site: siteOf(execution.site),
        driver: execution.driver.name,
        origin: execution.origin,
        texts: execution.texts.map(idOf),
        textsKey: textsKeyOf(execution),
        mayBePart: mayBePart(execution),
      })),
      untold: [...trace.untold.values()].map(({ site, reason, text }) => ({
        site: siteOf(site),
        reason,
        text,
      })),
      wrapperNames: [...trace.wrapperNames],
      handedOver: handedOver.map(({ site, sink }) => ({ site: siteOf(site), sink: encodeSink(sink) })),
    }
  })
  return { items, traces }
}

/** Texts as items: each choice and each list once, and of other pieces each that says the same. */
function createItems(): { items: FollowedData['items']; idOf: (text: Piece[]) => number } {
  const items: FollowedData['items'] = []
  // What is chosen of a choice is so wherever that very choice is, and nowhere else.
  const known = new Map<Piece | Piece[], number>()
  const leaves = new Map<string, number>()
  const idOf = (text: Piece[]): number => {
    const id = known.get(text) ?? add(text.map(idOfPiece))
    known.set(text, id)
    return id
  }
  const idOfPiece = (each: Piece): number => {
    const id =
      known.get(each) ?? (each.kind === 'choice' ? add({ ...each, of: each.of.map(idOf) }) : idOfLeaf(each))
    known.set(each, id)
    return id
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

/** Null where it speaks of calls or drivers that there are not. */
function decodeFollowed({ items, traces }: FollowedData, index: CallIndex): Followed[] | null {
  const textsOf = createTexts(items)
  const found: Followed[] = []
  for (const { asked, executions, untold, wrapperNames, handedOver } of traces) {
    const trace = emptyTrace()
    const sinks: SinkAt[] = []
    for (const each of executions) {
      const site = index.site(...each.site)
      const driver = driverNamed(each.driver)
      if (!site || !driver) return null
      trace.executions.set(siteKey(site), {
        site,
        driver,
        origin: each.origin,
        get texts() {
          return textsOf(each.texts)
        },
        textsKey: each.textsKey,
        mayBePart: each.mayBePart,
      })
    }
    for (const { site: place, reason, text } of untold) {
      const site = index.site(...place)
      if (!site) return null
      trace.untold.set(siteKey(site), { site, reason, text })
    }
    for (const [name, kind] of wrapperNames) trace.wrapperNames.set(name, kind)
    for (const each of handedOver) {
      const site = index.site(...each.site)
      const sink = decodeSink(each.sink)
      if (!site || !sink) return null
      sinks.push({ site, sink })
    }
    found.push({ trace, asked, handedOver: sinks })
  }
  return found
}

/**
 * Texts by their ids, made when the first is asked for.
 *
 * @throws where the items are none
 */
function createTexts(items: FollowedData['items']): (ids: number[]) => Piece[][] {
  let made: (Piece | Piece[])[] | null = null
  return ids => {
    made ??= decodeItems(items)
    const texts = ids.map(id => made?.[id])
    if (!texts.every(text => Array.isArray(text))) throw new Error('What the cache has as texts is none')
    return texts
  }
}

function decodeItems(data: unknown): (Piece | Piece[])[] | null {
  if (!items(data)) return null
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
