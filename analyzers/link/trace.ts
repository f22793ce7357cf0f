/**
 * Follows SQL text from the calls that hand it to a driver outwards, to where it is complete.
 *
 * A function that passes its own parameter to a driver is a wrapper: its callers execute, wherever they are. A
 * function that has the statement and gets only a table's name is complete where the name is: at its own call for
 * callers in the same file (one place lists all of its tables), at the caller's for callers in other files (who calls
 * decides which table is touched).
 */
import type { Driver } from '../drivers/driver.js'
import { looksLikeSql } from '../sql/looks-like-sql.js'
import type { CallIndex, CallSite } from './calls.js'
import { callersOf } from './calls.js'
import type { Evaluator } from './evaluate.js'
import { argumentsOf, codeOf, evaluate, evaluateFresh, memberOf, refresh } from './evaluate.js'
import type { Interfaces } from './interfaces.js'
import { fillPlaceholders } from './placeholders.js'
import type { Sink } from './sinks.js'
import { ownSinkOf, sinksOf } from './sinks.js'
import type { Frame, ParamValue, Piece, Value } from './values.js'
import { paramsOf, piecesOf, roughText } from './values.js'

/** A statement at the place that executes it, with every text that it may have. */
export interface Execution {
  site: CallSite
  driver: Driver
  origin: string | null
  texts: Piece[][]
}

/** A sink whose text could not be told. */
export interface Untold {
  site: CallSite
  reason: string
  text: string
}

export interface Trace {
  executions: Map<string, Execution>
  untold: Map<string, Untold>
  /** Names of functions that hand a parameter on to a driver: calls of these names are worth reading. */
  wrapperNames: Map<string, 'function' | 'method'>
}

const MAX_STEPS_OUT = 6
const MAX_FOLLOWED = 20_000
const MAX_FRAGMENT_CALLERS = 30
/** Texts of one call that are read; a call that more reach is told to have them. */
const MAX_TEXTS = 400

/** A call on the way out, and the function that it calls. */
interface Step {
  site: CallSite
  file: string
  fn: number
  self: Value | null
}

/** What following one sink needs and finds. */
interface Tracer {
  e: Evaluator
  index: CallIndex
  interfaces: Interfaces
  trace: Trace
  /** True when some table of this text is not known. */
  hasUnknownTable: (pieces: Piece[], driver: Driver) => boolean
  followed: number
  /** True once callers were asked for: reading more files can change the answer. */
  asked: boolean
  /**
   * Calls followed as handing over a whole statement, with the argument's index. What two implementations of one
   * interface do with it is the same, and need not be found out twice.
   */
  handedOver: Set<string>
}

export interface Search {
  /** Traces the sinks among new calls, and again those whose callers may be among them. */
  add(sites: CallSite[], interfaces: Interfaces): void
  /** Functions that hand a parameter on to a driver, as far as seen. */
  wrapperNames(): Map<string, 'function' | 'method'>
  /** All that was found so far. */
  result(): Trace
}

/** @param hasUnknownTable whether a text leaves a table's name open */
export function createSearch(
  e: Evaluator,
  index: CallIndex,
  hasUnknownTable: (pieces: Piece[], driver: Driver) => boolean,
): Search {
  const settled = emptyTrace()
  let open: { sink: Sink; site: CallSite }[] = []
  let latest = emptyTrace()
  let interfacesNow: Interfaces = { ofClass: new Map() }
  const ownCalls: { sink: Sink; site: CallSite }[] = []
  return {
    add(sites, interfaces) {
      const again = open
      open = []
      latest = emptyTrace()
      const handedOver = new Set<string>()
      const run = (sink: Sink, site: CallSite): void => {
        const t: Tracer = {
          e,
          index,
          interfaces,
          trace: emptyTrace(),
          hasUnknownTable,
          followed: 0,
          asked: false,
          handedOver,
        }
        followSafely(t, sink, site)
        if (t.asked) open.push({ sink, site })
        merge(t.asked ? latest : settled, t.trace)
      }
      interfacesNow = interfaces
      for (const site of sites) {
        for (const target of site.targets) {
          const own = ownSinkOf(site.facts, site.call, target)
          if (own) ownCalls.push({ sink: own, site })
          for (const sink of sinksOf(site.facts, site.call, target)) run(sink, site)
        }
      }
      for (const { sink, site } of again) run(sink, site)
    },
    wrapperNames: () => new Map([...settled.wrapperNames, ...latest.wrapperNames]),
    result() {
      const all = emptyTrace()
      merge(all, settled)
      merge(all, latest)
      const handedOver = new Set<string>()
      for (const { sink, site } of ownCalls) {
        if (all.executions.has(siteKey(site)) || givesText(e, site)) continue
        const t: Tracer = {
          e,
          index,
          interfaces: interfacesNow,
          trace: all,
          hasUnknownTable,
          followed: 0,
          asked: false,
          handedOver,
        }
        followSafely(t, sink, site)
      }
      dropFragments(all)
      return all
    },
  }
}

/** A function that gives the text back, changed or not, executes nothing. */
function givesText(e: Evaluator, { facts, call }: CallSite): boolean {
  return evaluateFresh(e, facts.file, call.node).kind === 'text'
}

function emptyTrace(): Trace {
  return { executions: new Map(), untold: new Map(), wrapperNames: new Map() }
}

function merge(into: Trace, from: Trace): void {
  for (const [key, execution] of from.executions) {
    const known = into.executions.get(key)
    if (!known) into.executions.set(key, { ...execution, texts: [...execution.texts] })
    else {
      if (known.driver.name === 'unknown') known.driver = execution.driver
      known.origin ??= execution.origin
      for (const text of execution.texts) addText(known.texts, text)
    }
  }
  for (const [key, untold] of from.untold) into.untold.set(key, untold)
  for (const [name, kind] of from.wrapperNames) into.wrapperNames.set(name, kind)
}

/** The same text reached through two implementations of an interface is one. */
function addText(texts: Piece[][], text: Piece[]): void {
  if (texts.some(known => known === text || sameText(known, text))) return
  texts.push(text)
}

function sameText(a: Piece[], b: Piece[]): boolean {
  return (
    a.length === b.length &&
    a.every((piece, at) => {
      const other = b[at]
      if (piece === other) return true
      if (piece.kind === 'text') return other.kind === 'text' && piece.text === other.text
      if (piece.kind === 'hole') return other.kind === 'hole' && piece.code === other.code
      if (piece.kind === 'choice') {
        return (
          other.kind === 'choice' &&
          piece.of.length === other.of.length &&
          piece.of.every((option, index) => sameText(option, other.of[index]))
        )
      }
      return false
    })
  )
}

export function siteKey(site: CallSite): string {
  return `${site.facts.file}@${site.call.start}`
}

/** Follows a sink; code that is too deep for it costs this one statement, and says so. */
function followSafely(t: Tracer, sink: Sink, site: CallSite): void {
  try {
    follow(t, sink, site, [], null)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    t.trace.untold.set(siteKey(site), {
      site,
      reason: 'the SQL text is put together too deep to be followed',
      text: '',
    })
  }
}

function follow(t: Tracer, sink: Sink, sinkSite: CallSite, steps: Step[], placed: CallSite | null): void {
  if (++t.followed > MAX_FOLLOWED) {
    tellCut(t, steps.at(-1)?.site ?? sinkSite, MAX_FOLLOWED)
    return
  }
  const here = steps.at(-1)?.site ?? sinkSite
  const pieces = textAt(t.e, sink, sinkSite, steps)
  if (!pieces) return
  const rough = roughText(pieces)
  // What goes to a driver needs no more than a statement's first word; elsewhere the text alone has to tell.
  const isStatement = sink.certainty === 'shaped' ? looksLikeSql(rough) : startsLikeSql(rough)
  const place = placed ?? (isStatement ? here : null)
  if (!isStatement && sink.certainty === 'shaped') return
  const params = paramsOf(pieces)
  if (params.length === 0) {
    if (place) execute(t, sink, place, pieces)
    else if (pieces.some(isHole)) tellUntold(t, here, pieces)
    return
  }
  const [param] = params
  const callers =
    steps.length >= MAX_STEPS_OUT || recursive(steps, param.file, param.fn)
      ? []
      : stepsTo(t, param.file, param.fn)
  if (!place) {
    noteWrapper(t, param.file, param.fn)
    const isWhole = handsOverOnly(pieces, params)
    for (const step of callers) {
      const own = isWhole ? sinkAtCaller(sink, step, param) : null
      if (!own) {
        follow(t, sink, sinkSite, [...steps, step], null)
        continue
      }
      const key = `${siteKey(step.site)}#${param.index}.${param.path.join('.')}`
      if (t.handedOver.has(key)) continue
      t.handedOver.add(key)
      follow(t, own, step.site, [], null)
    }
    return
  }
  if (!t.hasUnknownTable(pieces, sink.driver)) {
    // The statement is known but for a fragment: callers may add tables to it, its place stays.
    execute(t, sink, place, pieces)
    for (const step of callers.slice(0, MAX_FRAGMENT_CALLERS))
      follow(t, sink, sinkSite, [...steps, step], place)
    return
  }
  noteWrapper(t, param.file, param.fn)
  if (callers.length === 0) execute(t, sink, place, withDefaults(t, sink, sinkSite, steps, param) ?? pieces)
  for (const step of callers) {
    const samePlace = step.site.facts.file === place.facts.file || isConstructor(t, param.file, param.fn)
    follow(t, sink, sinkSite, [...steps, step], samePlace ? place : step.site)
  }
}

const FIRST_WORD =
  /^(?:\s|--[^\n]*\n|\/\*[^*]*\*\/|\()*(?:select|insert|update|delete|with|replace|merge|upsert|truncate|create|alter|drop|rename|call|exec(?:ute)?|do|begin|start|commit|rollback|savepoint|release|end|set|show|use|lock|unlock|copy|explain|describe|desc|analyze|vacuum|refresh|grant|revoke|comment|values|table|declare|fetch|listen|notify|load|optimize|pragma|attach|if|print|reindex|cluster|prepare|deallocate|discard|handler|kill|flush)\b/i

function startsLikeSql(text: string): boolean {
  return FIRST_WORD.test(text)
}

/** Whether a text is one parameter, whatever is done to it on the way, and no SQL of the wrapper's own. */
function handsOverOnly(pieces: Piece[], params: ParamValue[]): boolean {
  const [first, ...rest] = params
  const isSame = (param: ParamValue): boolean =>
    param.file === first.file &&
    param.fn === first.fn &&
    param.index === first.index &&
    param.path.join() === first.path.join()
  return rest.every(isSame) && !/[a-z]{4}/i.test(roughText(pieces, 500).replaceAll('x', ''))
}

/** The call of a wrapper as a sink of its own: what it hands over is the text. Null where that is no plain argument. */
function sinkAtCaller(sink: Sink, { site }: Step, param: ParamValue): Sink | null {
  const node = site.facts.nodes[site.call.node]
  if (node.kind !== 'call' || param.path.length > 1 || node.args.length <= param.index) return null
  if (node.args.slice(0, param.index + 1).some(arg => site.facts.nodes[arg].kind === 'spread')) return null
  return {
    ...sink,
    sql: node.args[param.index],
    keys: param.path.length === 1 ? param.path : sink.keys,
    values: node.args[param.index + 1] ?? null,
  }
}

function recursive(steps: Step[], file: string, fn: number): boolean {
  return steps.some(step => step.file === file && step.fn === fn)
}

function noteWrapper(t: Tracer, file: string, fn: number): void {
  const found = t.e.program.facts(file)?.functions[fn]
  if (found) t.trace.wrapperNames.set(found.name, found.cls === null ? 'function' : 'method')
}

/** True for the constructor of a class: what is made with it executes later, where its methods say. */
function isConstructor(t: Tracer, file: string, fn: number): boolean {
  return t.e.program.facts(file)?.classes.some(cls => cls.constructor === fn) ?? false
}

/** Calls of a function, as steps on the way out. */
function stepsTo(t: Tracer, file: string, fn: number): Step[] {
  t.asked = true
  return callersOf(t.e, t.index, t.interfaces, file, fn).map(site => {
    const found = site.targets.find(each => each.kind === 'function' && each.file === file && each.fn === fn)
    return { site, file, fn, self: found?.kind === 'function' ? found.self : null }
  })
}

/** The text when a function that no one was seen to call gets no argument: its defaults and its types tell. */
function withDefaults(
  t: Tracer,
  sink: Sink,
  sinkSite: CallSite,
  steps: Step[],
  param: ParamValue,
): Piece[] | null {
  return textAt(t.e, sink, sinkSite, steps, {
    file: param.file,
    fn: param.fn,
    args: [],
    self: null,
    outer: null,
  })
}

/** The SQL text of a sink, seen from the outermost step. Null when there is none. */
function textAt(
  e: Evaluator,
  sink: Sink,
  sinkSite: CallSite,
  steps: Step[],
  outermost: Frame | null = null,
): Piece[] | null {
  refresh(e)
  let frame = outermost
  for (const step of steps.toReversed()) {
    const { facts, call } = step.site
    const node = facts.nodes[call.node]
    const args: Value[] =
      node.kind === 'call' || node.kind === 'new' ? argumentsOf(e, facts, node.args, frame) : []
    frame = { file: step.file, fn: step.fn, args, self: step.self, outer: null }
  }
  const value = evaluate(e, sinkSite.facts.file, sink.sql, frame)
  const code = codeOf(sinkSite.facts, sink.sql)
  const pieces = piecesOfSql(e, value, sink.keys, code)
  if (!pieces || sink.values === null) return pieces
  return fillPlaceholders(e, pieces, evaluate(e, sinkSite.facts.file, sink.values, frame))
}

function piecesOfSql(e: Evaluator, value: Value, keys: string[], code: string): Piece[] | null {
  switch (value.kind) {
    case 'object': {
      for (const key of keys) {
        const text = value.entries.get(key)
        if (text?.kind === 'object') return piecesOfSql(e, text, keys, code)
        if (text) return fillPlaceholders(e, piecesOf(text, code), value.entries.get('values'))
      }
      return null
    }
    case 'array':
      return value.items.flatMap(item => {
        const pieces = piecesOfSql(e, item, ['sql', 'text'], code) ?? []
        return [...pieces, { kind: 'text' as const, text: ';\n', file: '', line: 0 }]
      })
    case 'choice': {
      const options = value.of.map(each => piecesOfSql(e, each, keys, code)).filter(option => option !== null)
      return options.length === 0 ? null : [{ kind: 'choice', of: options }]
    }
    case 'param': {
      // `query(config: string | { text })`: what callers pass decides.
      return piecesOf(value, code)
    }
    case 'unknown':
      return value.code === 'null' ? null : [{ kind: 'hole', code: value.code || code }]
    case 'text':
      return value.pieces
    case 'instance':
    case 'builtin':
    case 'external': {
      if (value.kind === 'external' && value.path[0] === 'undefined') return null
      const text = keys.map(key => memberOf(e, value, key)).find(each => each.kind === 'text')
      return text ? piecesOf(text, code) : [{ kind: 'hole', code }]
    }
    default:
      return null
  }
}

function isHole(piece: Piece): boolean {
  return piece.kind === 'hole' || (piece.kind === 'choice' && piece.of.some(option => option.some(isHole)))
}

function execute(t: Tracer, sink: Sink, place: CallSite, pieces: Piece[]): void {
  if ((t.trace.executions.get(siteKey(place))?.texts.length ?? 0) >= MAX_TEXTS) {
    tellCut(t, place, MAX_TEXTS)
    return
  }
  merge(t.trace, {
    ...emptyTrace(),
    executions: new Map([
      [siteKey(place), { site: place, driver: sink.driver, origin: sink.origin, texts: [pieces] }],
    ]),
  })
}

function tellCut(t: Tracer, site: CallSite, limit: number): void {
  t.trace.untold.set(siteKey(site), {
    site,
    reason: `more than ${limit} ways lead to this call: the others were not followed`,
    text: '',
  })
}

function tellUntold(t: Tracer, site: CallSite, pieces: Piece[]): void {
  const codes = pieces.flatMap(holesIn)
  t.trace.untold.set(siteKey(site), {
    site,
    reason: codes[0]
      ? `the SQL text comes from \`${codes[0]}\`, which could not be followed`
      : 'the SQL text could not be followed',
    text: roughText(pieces, 200),
  })
}

function holesIn(piece: Piece): string[] {
  if (piece.kind === 'hole') return [piece.code]
  return piece.kind === 'choice' ? piece.of.flatMap(option => option.flatMap(holesIn)) : []
}

/**
 * A tagged template inside of another is a part of it and runs with it: an execution whose text begins inside the text
 * of another one, made by a tag, is none of its own.
 */
function dropFragments(trace: Trace): void {
  const isTag = ({ site }: Execution): boolean => site.facts.nodes[site.call.node].kind === 'tagged'
  const tags = [...trace.executions].filter(([, execution]) => isTag(execution))
  if (tags.length === 0) return
  const uses = new Map<string, Set<string>>()
  for (const [key, execution] of trace.executions) {
    for (const place of new Set(execution.texts.flatMap(text => placesIn(text)))) {
      const users = uses.get(place)
      if (users) users.add(key)
      else uses.set(place, new Set([key]))
    }
  }
  for (const [key, execution] of tags) {
    const own = firstPlace(execution)
    if (!own) continue
    const others = [...(uses.get(own) ?? [])].filter(user => user !== key)
    if (others.some(user => firstPlace(trace.executions.get(user)) !== own)) trace.executions.delete(key)
  }
}

function firstPlace(execution: Execution | undefined): string | undefined {
  return execution?.texts.flatMap(text => placesIn(text))[0]
}

/** Places of the known texts in some pieces. */
function placesIn(pieces: Piece[], seen = new Set<Piece>()): string[] {
  const found: string[] = []
  for (const piece of pieces) {
    if (piece.kind === 'text' && piece.file !== '')
      found.push(`${piece.file}:${piece.line}:${piece.text.slice(0, 40)}`)
    else if (piece.kind === 'choice' && !seen.has(piece)) {
      seen.add(piece)
      for (const option of piece.of) found.push(...placesIn(option, seen))
    }
  }
  return found
}
