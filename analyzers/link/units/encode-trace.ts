/** What following sinks found as plain data, and back. Texts share pieces, and go on sharing them. */
import {
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
import type { Sink } from '../sinks.js'
import { emptyTrace, siteKey, type Trace, type WrapperKind } from '../trace/executions.js'
import type { SinkAt } from '../trace/follow.js'
import { driverNamed } from './encode-targets.js'

type PieceData =
  | Exclude<Piece, { kind: 'choice' }>
  /** Each of them an item that is a list. */
  | { kind: 'choice'; of: number[]; test?: string }

/** A file, and which of its calls. */
type SiteData = [file: string, call: number]

interface TraceData {
  asked: boolean
  executions: { site: SiteData; driver: string; origin: string | null; texts: number[] }[]
  untold: { site: SiteData; reason: string; text: string }[]
  wrapperNames: [name: string, kind: WrapperKind][]
  handedOver: { site: SiteData; sink: SinkData }[]
}

type SinkData = Omit<Sink, 'driver'> & { driver: string }

/** What following the sinks of one file found, a trace each. */
export interface FollowedData {
  /** Pieces, and texts as lists of pieces. Each comes after what it is made of. */
  items: (PieceData | number[])[]
  traces: TraceData[]
}

/** What following a sink found. */
export interface Followed {
  trace: Trace
  /** Whether callers were asked for. */
  asked: boolean
  handedOver: SinkAt[]
}

const piece = byKind<PieceData>({
  text: { text, file: text, line: count, repeats: maybe(only(true)) },
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

const sink = object<SinkData>({
  driver: text,
  origin: nullable(text),
  sql: count,
  keys: list(text),
  values: nullable(count),
  certainty: oneOf({ known: true, named: true, shaped: true }),
  isHandedOn: maybe(only(true)),
  before: maybe(oneOf({ '': true, FROM: true, WHERE: true, CALL: true, PRAGMA: true })),
})

export const followedShape = object<FollowedData>({
  items: list(item),
  traces: list(
    object<TraceData>({
      asked: bool,
      executions: list(object({ site, driver: text, origin: nullable(text), texts: ids })),
      untold: list(object({ site, reason: text, text })),
      wrapperNames: list(pair(text, oneOf<WrapperKind>({ function: true, method: true, class: true }))),
      handedOver: list(object({ site, sink })),
    }),
  ),
})

export function encodeFollowed(found: Followed[]): FollowedData {
  const { items, idOf } = createItems()
  const siteOf = ({ facts, call }: CallSite): SiteData => [facts.file, facts.calls.indexOf(call)]
  const traces = found.map(({ trace, asked, handedOver }): TraceData => {
    return {
      asked,
      executions: [...trace.executions.values()].map(({ site, driver, origin, texts }) => ({
        site: siteOf(site),
        driver: driver.name,
        origin,
        texts: texts.map(idOf),
      })),
      untold: [...trace.untold.values()].map(({ site, reason, text }) => ({
        site: siteOf(site),
        reason,
        text,
      })),
      wrapperNames: [...trace.wrapperNames],
      handedOver: handedOver.map(({ site, sink }) => ({
        site: siteOf(site),
        sink: { ...sink, driver: sink.driver.name },
      })),
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
      each.kind === 'text' ? [each.line, each.repeats, each.file, each.text].join('\0') : JSON.stringify(each)
    const id = leaves.get(key) ?? add(each)
    leaves.set(key, id)
    return id
  }
  const add = (item: PieceData | number[]): number => items.push(item) - 1
  return { items, idOf }
}

/** Texts as one string, the same for the same pieces. */
export function keyOfTexts(texts: Piece[][]): string {
  const { items, idOf } = createItems()
  const ids = texts.map(idOf)
  return JSON.stringify([items, ids])
}

/** Null where it speaks of calls, drivers or items that there are not. */
export function decodeFollowed({ items, traces }: FollowedData, index: CallIndex): Followed[] | null {
  const texts = decodeItems(items)
  if (texts === null) return null
  const found: Followed[] = []
  for (const { asked, executions, untold, wrapperNames, handedOver } of traces) {
    const trace = emptyTrace()
    const sinks: SinkAt[] = []
    for (const each of executions) {
      const site = index.ofFile.get(each.site[0])?.[each.site[1]]
      const driver = driverNamed(each.driver)
      const own = each.texts.map(id => texts[id])
      if (!site || !driver || !own.every(text => Array.isArray(text))) return null
      trace.executions.set(siteKey(site), { site, driver, origin: each.origin, texts: own })
    }
    for (const { site: place, reason, text } of untold) {
      const site = index.ofFile.get(place[0])?.[place[1]]
      if (!site) return null
      trace.untold.set(siteKey(site), { site, reason, text })
    }
    for (const [name, kind] of wrapperNames) trace.wrapperNames.set(name, kind)
    for (const each of handedOver) {
      const site = index.ofFile.get(each.site[0])?.[each.site[1]]
      const driver = driverNamed(each.sink.driver)
      if (!site || !driver) return null
      sinks.push({ site, sink: { ...each.sink, driver } })
    }
    found.push({ trace, asked, handedOver: sinks })
  }
  return found
}

function decodeItems(items: FollowedData['items']): (Piece | Piece[])[] | null {
  const made: (Piece | Piece[])[] = []
  for (const each of items) {
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
