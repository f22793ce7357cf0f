/** The calls that lead to a function, as steps on the way out of it. */
import type { ClassId, FileFacts, FunctionId } from '../../extract/facts.js'
import { untyped } from '../../extract/untyped.js'
import { type CallSite, callersBound, callersOf } from '../calls.js'
import { classesBelow, classMadeBy, classMember, isOrExtends } from '../evaluator/class-members.js'
import { evaluateFresh } from '../evaluator/evaluate.js'
import { roughText } from '../evaluator/pieces.js'
import { CALLED, classOfField, OF_OBJECT, type ParamValue, type Value } from '../evaluator/values.js'
import { outermost } from '../evaluator/wrapped.js'
import { argumentsGiven, argumentsWritten, isBind } from '../handing.js'
import { registrarsOf } from '../registrars.js'
import { isOfHandle } from '../sinks/names.js'
import { siteKey } from './executions.js'
import { isMadeBy, type Step } from './text-at-sink.js'
import { noteWrapper, type Tracer } from './tracer.js'

/**
 * Steps out of the function that a parameter is of. What a constructor keeps is used by the methods: their callers
 * may say which object it is; where none is seen, those that make an object do. A method that runs itself on another
 * object says nothing the second time.
 *
 * @param way the steps up to here
 * @param isPart whether the parameter is a part of a statement that is known
 */
export function stepsOut(t: Tracer, param: ParamValue, here: CallSite, way: Step[], isPart: boolean): Step[] {
  const cls = param.index === OF_OBJECT ? classOfField(param).cls : classMadeBy(t.e, param.file, param.fn)
  const keeper = cls ?? (isPart ? classKeeping(t, param, here) : null)
  const method = keeper === null ? null : methodAround(here)
  if (keeper !== null && method !== null && !isConstructor(t, here.facts.file, method)) {
    const own = here.facts.functions[method].cls
    const home = { file: param.file, cls: keeper }
    if (own !== null && isOrExtends(t.e, { file: here.facts.file, cls: own }, home)) {
      noteWrapper(t, here.facts.file, method)
      // On a receiver of which nothing is known, the object could as well be one of another class.
      const steps = stepsTo(t, here.facts.file, method).filter(
        ({ site }) => isTold(site) && !way.some(step => siteKey(step.site) === siteKey(site)),
      )
      if (steps.length > 0) return steps
    }
  }
  if (param.index === OF_OBJECT) return []
  const onMade = cls === null ? stepsOnMade(t, param, here) : []
  if (onMade.length > 0) return onMade
  const all = stepsTo(t, param.file, param.fn).filter(step => mayHandOver(t, step, param))
  const steps = all.some(({ behind }) => behind !== undefined)
    ? all.filter(step => hasOrBinds(t, step, param))
    : all
  return isKept(t, param, here) ? steps.map(step => ({ ...step, keeps: true as const })) : steps
}

/**
 * The class of which another method than the one that runs gets a parameter, and its object keeps that: of a builder, `from(table)`
 * beside `all()`.
 */
function classKeeping(t: Tracer, { file, fn }: ParamValue, here: CallSite): ClassId | null {
  const facts = t.e.program.facts(file)
  if (!facts || fn < 0 || !isMethod(facts, fn) || methodAround(here) === fn) return null
  return facts.functions[fn].cls
}

/**
 * What a function gets that gives a class (`const Users = defineModel('users')`) is used by the methods of that: their callers
 * say which of these classes it is. None where that is not seen of each of them.
 */
function stepsOnMade(t: Tracer, param: ParamValue, { facts, call }: CallSite): Step[] {
  if (facts.file !== param.file) return []
  const around = enclosing(facts, call.fn)
  const method = around.find(fn => isMethod(facts, fn))
  if (method === undefined || !enclosing(facts, facts.functions[method].parent).includes(param.fn)) return []
  const steps = stepsTo(t, facts.file, method).filter(({ site }) => isTold(site))
  const isSeen = steps.every(
    step =>
      isMadeBy(t.e, step, param) ||
      (step.site.file === facts.file && enclosing(facts, step.site.call.fn).includes(param.fn)),
  )
  if (!isSeen) return []
  noteWrapper(t, facts.file, method)
  return steps
}

/** Whether a function is a method, and none that stands in one. */
function isMethod({ classes, functions }: FileFacts, fn: FunctionId): boolean {
  const { cls, name } = functions[fn]
  return cls !== null && (classes[cls].methods[name] === fn || classes[cls].statics[name] === fn)
}

/** A function and those around it. */
function enclosing({ functions }: FileFacts, fn: FunctionId | null): FunctionId[] {
  const found: FunctionId[] = []
  for (let at = fn; at !== null; at = functions[at].parent) found.push(at)
  return found
}

/** Of a function that is bound to some of its arguments, and called with the others: whether a call hands this one over. */
function hasOrBinds(t: Tracer, { site, file, fn, behind }: Step, { index }: ParamValue): boolean {
  if (behind !== undefined) return index >= behind
  const args = argumentsGiven(site.handing, t.e.program.facts(file)?.functions[fn]?.name ?? '')
  return (
    args === null || !isBind(site.handing) || args.length > index || args.some(arg => arg.kind === 'spread')
  )
}

/** Whether the function of a parameter keeps it for what runs elsewhere. */
function isKept(t: Tracer, { file, fn }: ParamValue, { facts, call }: CallSite): boolean {
  const ofParam = t.e.program.facts(file)
  if (!ofParam || !registrarsOf(ofParam).has(fn)) return false
  return facts.file !== file || outermost(facts, call.fn) !== fn
}

/**
 * Whether a call can be one of a method only known by its name (`x.execute(…)`): one that gets fewer arguments than
 * that asks for, or more than it takes, or a callback where the text belongs and not what gives it, is a call of something else.
 */
function mayHandOver(t: Tracer, { site, file, fn, handed }: Step, param: ParamValue): boolean {
  if (handed !== undefined || isTold(site)) return true
  const args = argumentsWritten(site.handing)
  if (args === null || args.slice(0, param.index + 1).some(arg => arg.kind === 'spread')) return true
  const givesText = param.path[0] === CALLED
  if (args.length <= param.index || (args[param.index].kind === 'function' && !givesText)) return false
  const params = t.e.program.facts(file)?.functions[fn]?.params ?? []
  if (args.some(arg => arg.kind === 'spread') || params.length === 0) return true
  const isFull = args.length >= params.findLastIndex(each => each.required) + 1
  return isFull && (args.length <= params.length || params.at(-1)?.rest === true || !params[0].required)
}

/**
 * Whether nothing but its name says that a call is one of a wrapper, on something that does not sound like a database
 * either: `selected.delete(id)`. What is known of its text may be SQL of the wrapper; what is not tells nothing.
 */
export function isGuessed(site: CallSite): boolean {
  if (isTold(site)) return false
  return site.targets.every(target => target.kind !== 'driver' && !isOfHandle(target))
}

/** Whether what a call hands over can be a table's name: the path of a route, a header or a key of a cache can't. */
export function mayNameTable(t: Tracer, { site, handed }: Step, { index, path }: ParamValue): boolean {
  const argument = handed === undefined && path.length === 0 ? argumentsWritten(site.handing)?.[index] : null
  if (argument?.kind !== 'value') return true
  const value = evaluateFresh(t.e, site.facts.file, argument.node)
  return value.kind !== 'text' || NAME.test(roughText(value.pieces))
}

const NAME = /^[\p{L}\p{N}_$#."`[\]]*$/u

/** Whether a call is known to run a method of the repository, not only by the method's name. */
export function isTold({ targets }: CallSite): boolean {
  return targets.some(({ kind }) => kind === 'function' || kind === 'bound' || kind === 'interface')
}

/** The method in which a call stands, also within functions written there. */
export function methodAround({ facts, call }: CallSite): FunctionId | null {
  const fn = outermost(facts, call.fn)
  return fn !== null && facts.functions[fn].cls !== null ? fn : null
}

/** Calls of a function, as steps on the way out: one for each object that a call may run a method of. */
export function stepsTo(t: Tracer, file: string, fn: number): Step[] {
  t.asked = true
  const inherited = stepsToInherited(t, file, fn)
  const steps = stepsToOwn(t, file, fn)
  // A call that only the method's name tells is none where others are known.
  return inherited.length > 0 && !steps.some(({ site }) => isTold(site))
    ? inherited
    : [...steps, ...inherited]
}

function stepsToOwn(t: Tracer, file: string, fn: number): Step[] {
  const callers = callersOf(t.e, t.callers, file, fn)
  for (const site of callers) if (isBind(site.handing)) noteBound(t, site)
  const bound = callersBound(t.callers, file, fn).flatMap(site =>
    site.targets.flatMap((target): Step[] =>
      target.kind === 'bound' && target.file === file && target.fn === fn
        ? [{ site, file, fn, self: null, behind: target.behind }]
        : [],
    ),
  )
  const direct = callers.flatMap(site => {
    const { targets } = site
    const own = targets.filter(each => each.kind === 'function' && each.file === file && each.fn === fn)
    const found = own.length > 0 ? own : targets.filter(each => each.kind === 'interface').slice(0, 1)
    return (found.length > 0 ? found : [null]).map((target): Step => {
      const self = target?.kind === 'function' ? target.self : null
      return { site, file, fn, self, ...(target?.handed !== undefined && { handed: target.handed }) }
    })
  })
  return [...direct, ...bound]
}

/** Calls are looked for by what a bound function is called in its file, too. */
function noteBound(t: Tracer, { facts, call }: CallSite): void {
  for (const names of [facts.variables, facts.exports]) {
    for (const [name, node] of Object.entries(names))
      if (untyped(facts, node) === facts.nodes[call.node]) t.trace.wrapperNames.set(name, 'function')
  }
}

/** Calls of a method on interfaces that not its class says it implements, but some of those that inherit it. */
function stepsToInherited(t: Tracer, file: string, fn: number): Step[] {
  const { cls = null, name = '', parent = null } = t.e.program.facts(file)?.functions[fn] ?? {}
  if (cls === null || parent !== null || name === 'constructor') return []
  const own = new Set(t.callers.interfacesOf(`${file}#${cls}`))
  return classesBelow(t.e, { file, cls })
    .slice(0, MAX_SUBCLASSES)
    .flatMap((below): Step[] => {
      const interfaces = [...(t.callers.interfacesOf(`${below.file}#${below.cls}`) ?? [])]
      const sites = interfaces
        .filter(each => !own.has(each))
        .flatMap(each => t.callers.ofInterface.get(`${each}.${name}`) ?? [])
      if (sites.length === 0) return []
      const self: Value = { kind: 'instance', ...below }
      const run = classMember(t.e, self, name)
      const isInherited = run?.kind === 'function' && run.file === file && run.fn === fn
      return isInherited ? [...new Set(sites)].map(site => ({ site, file, fn, self })) : []
    })
}

/** Classes that inherit a method, of which the callers are looked for. */
const MAX_SUBCLASSES = 200

/** True for the constructor of a class: what is made with it executes later, where its methods say. */
export function isConstructor(t: Tracer, file: string, fn: number): boolean {
  return classMadeBy(t.e, file, fn) !== null
}

export function recursive(steps: Step[], file: string, fn: number): boolean {
  return steps.some(step => step.file === file && step.fn === fn)
}
