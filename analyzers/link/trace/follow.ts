/**
 * Follows SQL text from the calls that hand it to a driver outwards, to where it is complete.
 *
 * A function that passes its own parameter to a driver is a wrapper: its callers execute, wherever they are. A
 * function that has the statement and gets only a table's name is complete where the name is: at its own call for
 * callers in the same file (one place lists all of its tables), at the caller's for callers in other files (who calls
 * decides which table is touched).
 */
import { isCommandLine } from '../../drivers/engines.js'
import { looksLikeSql } from '../../sql/looks-like-sql.js'
import type { CallerIndex, CallSite } from '../calls.js'
import { evaluateFresh } from '../evaluator/evaluate.js'
import type { Piece } from '../evaluator/pieces.js'
import { chooserOf, paramsBesideNumbers, paramsOf, roughText, withoutDefaults } from '../evaluator/pieces.js'
import { preparesEach } from '../evaluator/prepared.js'
import { type Evaluator, stepsTaken } from '../evaluator/state.js'
import { OF_OBJECT, type ParamValue } from '../evaluator/values.js'
import { onlyTextTells, type Sink } from '../sinks/index.js'
import { handedApart, withoutThoseOfOthers } from './apart.js'
import { emptyTrace, siteKey } from './executions.js'
import { handsNothing, sinkAtCaller } from './handed-over.js'
import { executeOnOthers } from './on-subclasses.js'
import { behindUnknownBegin, isLazyTemplate, isPut, statementAround } from './parts.js'
import {
  beginsUnknown,
  handsOverOnly,
  isOfOneArgument,
  startsLikeSql,
  withoutOtherTexts,
} from './statement-text.js'
import { isConstructor, isGuessed, mayNameTable, recursive, stepsOut } from './steps-out.js'
import { isStored, noteKept, runsMade, runsStored, type Stored } from './stored.js'
import { paramOfTable } from './table-param.js'
import { NOT_THE_ONLY, type Step, textAt, withDefaults } from './text-at-sink.js'
import { keyOfText } from './texts-key.js'
import { execute, type Followed, noteWrapper, type SinkAt, type Tracer } from './tracer.js'
import { isHole, isNameless, tellCut, tellNoSql, tellTooMuch, tellUncalled, tellUntold } from './untold.js'

const MAX_STEPS_OUT = 6

const MAX_FOLLOWED = 20_000

const MAX_FRAGMENT_CALLERS = 100

/**
 * Steps of the evaluator that following the statements of one file may take; each that comes then gets few. 250,000 are a
 * second. Most repositories measured take 200,000 at most, joplin and boxel between one and two and a half million for
 * a single statement; a desktop client with fifteen classes of databases whose methods call each other took millions
 * for each of hundreds.
 */
const MAX_STEPS_OF_FILE = 2_500_000
const FEW_STEPS_OF_SINK = 10_000

/** Follows each of some sinks, which stand in one file. */
export function followSinks(
  sinks: SinkAt[],
  e: Evaluator,
  callers: CallerIndex,
  hasUnknownTable: Tracer['hasUnknownTable'],
): Followed[] {
  const upTo = stepsTaken(e) + MAX_STEPS_OF_FILE
  return sinks.map(({ sink, site }) => {
    const left = upTo - stepsTaken(e)
    const t: Tracer = {
      e,
      callers,
      trace: emptyTrace(),
      hasUnknownTable,
      followed: 0,
      lastStep: stepsTaken(e) + Math.max(FEW_STEPS_OF_SINK, left),
      asked: false,
      handedOver: [],
    }
    e.exhausted = 0
    followSafely(t, sink, site)
    // To follow it once more with more files read would end at the same step.
    const asked = t.asked && stepsTaken(e) <= t.lastStep
    return { trace: t.trace, asked, handedOver: t.handedOver }
  })
}

/** Whether a call is one of a function that gives text back, changed or not: that executes nothing. */
export function givesText(e: Evaluator, { facts, call }: CallSite): boolean {
  return evaluateFresh(e, facts.file, call.node).kind === 'text'
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

/** A text as it is seen from a call on the way out. */
interface Seen {
  sink: Sink
  sinkSite: CallSite
  steps: Step[]
  /** The outermost call. */
  here: CallSite
  pieces: Piece[]
  rough: string
  /** Parameters that are left in it. */
  params: ParamValue[]
  /** Where it is executed; null while it is no statement yet. */
  place: CallSite | null
  /** Whether nothing but names says that the calls on the way are of what they lead to. */
  isGuess: boolean
}

/** @param placed where it is executed, if that is known already */
function follow(t: Tracer, sink: Sink, sinkSite: CallSite, steps: Step[], placed: CallSite | null): void {
  if (++t.followed > MAX_FOLLOWED) {
    // Calls that may be of something else are not told one by one.
    const isGuess = steps.some(({ site }) => isGuessed(site))
    tellCut(t, isGuess ? sinkSite : (steps.at(-1)?.site ?? sinkSite), MAX_FOLLOWED)
    return
  }
  if (stepsTaken(t.e) > t.lastStep) {
    tellTooMuch(t, sinkSite)
    return
  }
  const seen = look(t, sink, sinkSite, steps, placed)
  if (seen === null) return
  const { pieces, params, place } = seen
  if (place === null && isLazyTemplate(sinkSite)) return
  const stored = place && storedFor(t, seen)
  if (place !== null && stored !== null) followStored(t, seen, place, stored)
  else if (params.length === 0) {
    const chooser = place && chooserOf(pieces)
    if (chooser) followChosen(t, seen, chooser)
    else settle(t, seen)
  } else if (place === null) followWrapper(t, seen)
  else if (t.hasUnknownTable(pieces, sink.driver)) followTable(t, seen, place)
  else followFragment(t, seen, place)
}

/** Null for what is no SQL, which is told where it should be some. */
function look(
  t: Tracer,
  sink: Sink,
  sinkSite: CallSite,
  steps: Step[],
  placed: CallSite | null,
): Seen | null {
  const here = steps.findLast(step => !step.keeps)?.site ?? sinkSite
  const all = textAt(t.e, sink, sinkSite, steps)
  if (!all) return null
  const found = steps.some(({ isApart }) => isApart) ? withoutThoseOfOthers(all, here) : all
  const text = onlyTextTells(sink) ? found : behindUnknownBegin(withoutOtherTexts(found))
  const rough = roughText(text)
  // What goes to a driver needs no more than a statement's first word; elsewhere the text alone has to tell.
  const isWhole = onlyTextTells(sink) ? looksLikeSql(rough) : startsLikeSql(rough)
  const around = isWhole || onlyTextTells(sink) ? null : statementAround(text, rough, sink.before)
  const isStatement = isWhole || around !== null
  const pieces = around ?? text
  const params = paramsOf(pieces)
  const isAsked = sink.certainty === 'handed' && params.length > 0 && isOfOneArgument(pieces, params)
  if (!isStatement && onlyTextTells(sink) && !isAsked) {
    // What a command hands to a database's client is SQL, known or not.
    if (isCommandLine(sink.driver) && pieces.length > 0 && pieces.every(isHole)) tellUntold(t, here, pieces)
    return null
  }
  if (!isStatement && sink.before === '' && isPut(sinkSite)) return null
  const isGuess =
    sink.isGuess === true ||
    steps.some(({ site }) => isGuessed(site)) ||
    (sink.isHandedOn === true && isGuessed(sinkSite))
  const place = placed ?? (isStatement ? placeOf(t, sink, sinkSite, here) : null)
  return { sink, sinkSite, steps, here, pieces, rough, params, place, isGuess }
}

/** Where a statement is executed: several that one call prepares are so by that, whoever says which. */
function placeOf(t: Tracer, { driver }: Sink, sinkSite: CallSite, here: CallSite): CallSite {
  const { facts, call } = sinkSite
  if (!preparesEach(driver, facts, facts.nodes[call.node])) return here
  for (const method of driver.prepares?.runBy ?? []) t.trace.runningKept.add(method)
  return sinkSite
}

/** Which of several functions that stand under computed keys it is in, if it is in one of these. */
function storedFor(t: Tracer, { sink, sinkSite, steps }: Seen): Stored | null {
  if (steps.length === 0) return runsStored(t, sinkSite)
  return steps.length > 1
    ? null
    : runsMade(t, sinkSite, steps[0], (way, outermost) => {
        const text = textAt(t.e, sink, sinkSite, way, outermost)
        return text && keyOfText(text)
      })
}

/** One of several functions that differ by what they were made for: its callers say which, and those without one stay here. */
function followStored(
  t: Tracer,
  { sink, sinkSite, steps: way }: Seen,
  place: CallSite,
  { steps, uncalled }: Stored,
): void {
  for (const step of steps)
    follow(t, sink, sinkSite, [step], step.site.file === sinkSite.file ? place : step.site)
  for (const frame of uncalled) {
    const pieces = textAt(t.e, sink, sinkSite, way, frame)
    // A query of a `.sql` file that nothing runs is told as such, where it stands.
    const isOfSqlFile = pieces?.some(piece => piece.kind === 'text' && /\.sql$/i.test(piece.file))
    if (pieces && !isOfSqlFile && startsLikeSql(roughText(pieces))) execute(t, sink, place, pieces)
  }
}

/** A text in which no parameter is left. */
function settle(t: Tracer, { sink, here, pieces, rough, place, isGuess }: Seen): void {
  if (place) {
    if (!isGuess || !t.hasUnknownTable(pieces, sink.driver)) execute(t, sink, place, pieces)
  } else if (pieces.some(isHole)) {
    if (isGuess) return
    // Of a part of a builder's statement, something behind its known begin is a value or a column.
    if (sink.before === undefined || beginsUnknown(pieces)) tellUntold(t, here, pieces)
  } else if (sink.certainty === 'known' && sink.before === undefined) tellNoSql(t, here, rough)
}

/** The function hands its parameter on: its callers have the statement. */
function followWrapper(t: Tracer, seen: Seen, isApart?: true): void {
  const apart = handedApart(seen.pieces)
  if (apart !== null) {
    for (const pieces of apart)
      followWrapper(t, { ...seen, pieces, params: paramsOf(pieces), rough: roughText(pieces) }, true)
    return
  }
  const { sink, sinkSite, steps, pieces, params } = seen
  const [param] = params
  const callers = callersFor(t, seen, param)
  noteWrapper(t, param.file, param.fn)
  const handsOver = handsOverOnly(pieces, params)
  const before = t.trace.executions.size
  if (param.index === OF_OBJECT && steps.length === 0) executeOnOthers(t, sink, sinkSite, param, callers)
  const isToldBelow = t.trace.executions.size > before
  if (callers.length === 0 && !isToldBelow) withoutCaller(t, seen, handsOver)
  for (const step of callers) {
    noteKept(t, sinkSite, step)
    if (handsOver && handsNothing(t, step, param)) continue
    // The classes below have told it, and of the object nothing is known.
    if (isToldBelow && step.self?.kind !== 'instance') continue
    // What a command's wrapper is called with is no statement by itself: all of the command tells.
    const isOwn = handsOver && !isCommandLine(sink.driver) && !isStored(t, step.site)
    const own = isOwn ? sinkAtCaller(t, seen, step, param) : null
    if (own) t.handedOver.push({ sink: own, site: step.site })
    else follow(t, sink, sinkSite, [...steps, isApart ? { ...step, isApart } : step], null)
  }
}

/** Nobody is seen to hand it over: it is what it is by default or by its type, or is told. */
function withoutCaller(t: Tracer, seen: Seen, handsOver: boolean): void {
  const { sink, here, pieces, rough, params, isGuess } = seen
  if (isGuess) return
  const [param] = params
  const byDefault = statementByDefault(t, seen, param)
  if (byDefault) {
    execute(t, sink, here, byDefault)
    return
  }
  const isWholeText = sink.certainty === 'known' && sink.before === undefined
  const isHandedSql = sink.isHandedOn === true && !onlyTextTells(sink)
  // A property of what a function is given (`req.body.sql`): the text comes from outside of the repository.
  if (param.path.length > 0 && (isHandedSql || (isWholeText && isNameless(t, param))))
    tellUntold(t, here, pieces)
  else if (isWholeText) {
    if (handsOver || rough.replaceAll('x', '').trim() === '') tellUncalled(t, here, param)
    else if (beginsUnknown(pieces)) tellUntold(t, here, pieces)
    else tellNoSql(t, here, rough)
  } else if (!onlyTextTells(sink) && sink.before === undefined && pieces.length > 0 && isHole(pieces[0])) {
    // A file that nobody is seen to name.
    tellUntold(t, here, pieces)
  }
}

/** The statement that it is by default, or by its type; null where that is none, or more than can be followed. */
function statementByDefault(t: Tracer, { sink, sinkSite, steps }: Seen, param: ParamValue): Piece[] | null {
  const { cuts } = t.e
  const text = withDefaults(t, sink, sinkSite, steps, param)
  if (t.e.cuts > cuts) return null
  return text && startsLikeSql(roughText(text)) && !beginsUnknown(text) ? text : null
}

/** `WITH ${ctes}`, as `roughText` has it */
const NAMES_UNKNOWN = /^\s*with\s+(?:recursive\s+)?x(?=[\s,])/i

/** The statement is known but for a fragment: callers may add tables to it, its place stays. */
function followFragment(t: Tracer, seen: Seen, place: CallSite): void {
  const { sink, sinkSite, steps, pieces } = seen
  const [param] = paramsBesideNumbers(pieces)
  const callers = param ? callersFor(t, seen, param) : []
  const byDefault = param && callers.length === 0 ? statementByDefault(t, seen, param) : null
  // Which names are those of a WITH only callers tell: without them, all would be tables. So is it with a name that they
  // may leave to its default.
  const given = callers.length > 0 ? withoutDefaults(pieces) : null
  const isTold =
    (NAMES_UNKNOWN.test(roughText(pieces)) && callers.length > 0) ||
    (given !== null && t.hasUnknownTable(given, sink.driver))
  if (!isTold) execute(t, sink, place, byDefault ?? pieces)
  for (const step of callers.slice(0, MAX_FRAGMENT_CALLERS))
    follow(t, sink, sinkSite, [...steps, step], place)
  if (isTold && !t.trace.executions.has(siteKey(place))) execute(t, sink, place, pieces)
  if (callers.length > MAX_FRAGMENT_CALLERS) tellCut(t, place, MAX_FRAGMENT_CALLERS)
}

/** A table's name is a parameter: callers have it, and those in other files decide which table is touched. */
function followTable(t: Tracer, seen: Seen, place: CallSite): void {
  const { sink, sinkSite, steps, pieces, params, isGuess } = seen
  const param = paramOfTable(t, pieces, params, sink.driver)
  const callers = callersFor(t, seen, param)
  noteWrapper(t, param.file, param.fn)
  if (callers.length > 0 && steps.length === 0) executeOnOthers(t, sink, place, param, callers)
  const byDefault = (): Piece[] => statementByDefault(t, seen, param) ?? pieces
  if (callers.length === 0 && !isGuess) execute(t, sink, place, byDefault())
  const listed = callers.some(({ site }) => site.file !== place.file) ? namesListed(t, seen, param) : null
  const before = t.trace.executions.size
  for (const step of callers) {
    if (isGuessed(step.site) && !mayNameTable(t, step, param)) continue
    const samePlace =
      step.keeps === true ||
      step.site.file === place.file ||
      isConstructor(t, step.file, step.fn) ||
      (listed !== null && seenFrom(t, seen, step) === listed)
    follow(t, sink, sinkSite, [...steps, step], samePlace ? place : step.site)
  }
  // Calls that most likely are of something else tell nothing: the statement is told where it stands.
  const isUntold = t.trace.executions.size === before && callers.length > 0
  if (isUntold && callers.every(({ site }) => isGuessed(site))) execute(t, sink, place, byDefault())
}

/**
 * Callers say which of several statements it is, or part of one: those that none of them means are not run. Where a type
 * says what it may be, all of that may.
 */
function followChosen(t: Tracer, seen: Seen, chooser: ParamValue): void {
  const { sink, sinkSite, steps, pieces, place } = seen
  const types = typesOf(t, chooser)
  if (types.length > 0) {
    const pieces = types.every(type => type.startsWith("'")) ? statementByDefault(t, seen, chooser) : null
    settle(t, pieces ? { ...seen, pieces } : seen)
    return
  }
  const callers = callersFor(t, seen, chooser)
  noteWrapper(t, chooser.file, chooser.fn)
  if (
    callers.length === 0 ||
    callers.length > MAX_FRAGMENT_CALLERS ||
    callers.some(({ site }) => isGuessed(site))
  ) {
    settle(t, seen)
    return
  }
  const before = t.trace.executions.size
  // Of whole statements callers in other files decide which is run, as they do which table is touched.
  const [first, ...rest] = pieces
  const isWhole = rest.length === 0 && first?.kind === 'choice' && first.chosenBy !== undefined
  for (const step of callers) {
    const isHere = place === null || !isWhole || step.keeps === true || step.site.file === place.file
    follow(t, sink, sinkSite, [...steps, step], isHere ? place : step.site)
  }
  if (t.trace.executions.size === before) settle(t, seen)
}

/** The types that say more of a parameter than that it is a text: of one that is among options, not known. */
function typesOf(t: Tracer, { file, fn, index, path }: ParamValue): string[] {
  const facts = t.e.program.facts(file)
  const types = path.length > 0 ? ['unknown'] : (facts?.functions[fn]?.params[index]?.types ?? [])
  const [name, ...more] = types
  const ofAlias =
    more.length === 0 && facts && Object.hasOwn(facts.interfaces, name) ? facts.interfaces[name] : []
  return (ofAlias.length > 0 ? ofAlias : types).filter(type => type !== 'string')
}

/** What a text says whose function tells all that its argument can be, by its type or a list; null for any other. */
function namesListed(t: Tracer, seen: Seen, param: ParamValue): string | null {
  if (
    param.index === OF_OBJECT ||
    t.e.program.facts(param.file)?.functions[param.fn]?.params[param.index]?.default !== null
  )
    return null
  const text = statementByDefault(t, seen, param)
  return text && !t.hasUnknownTable(text, seen.sink.driver) ? keyOfTold(text) : null
}

/** The same as it is seen from a caller: equal where that tells no more. Null where its own callers may. */
function seenFrom(t: Tracer, { sink, sinkSite, steps }: Seen, step: Step): string | null {
  const all = [...steps, step]
  const text = textAt(t.e, sink, sinkSite, all)
  const [param] = text ? paramsOf(text) : []
  if (param && stepsOut(t, param, step.site, all, true).length > 0) return null
  const told = param ? withDefaults(t, sink, sinkSite, all, param) : text
  return told && keyOfTold(told)
}

/** Key of what a text says, whether a default or a caller tells it. */
function keyOfTold(text: Piece[]): string {
  return keyOfText(text.filter(piece => piece !== NOT_THE_ONLY))
}

function callersFor(t: Tracer, { steps, here, place }: Seen, param: ParamValue): Step[] {
  if (steps.length >= MAX_STEPS_OUT || recursive(steps, param.file, param.fn)) return []
  return stepsOut(t, param, here, steps, place !== null)
}
