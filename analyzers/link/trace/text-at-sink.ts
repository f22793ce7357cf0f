/** The text that a sink is handed, seen from the calls that lead to it. */
import { isCommandLine } from '../../drivers/engines.js'
import type { ClassId, FileFacts, FunctionId, NodeId } from '../../extract/facts.js'
import { looksLikeSql } from '../../sql/looks-like-sql.js'
import type { CallSite } from '../calls.js'
import { argumentsOf } from '../evaluator/arguments.js'
import { classMadeBy, madeIn, objectOfClass } from '../evaluator/class-members.js'
import { codeOf } from '../evaluator/code-of.js'
import { evaluate, evaluateDeclared, untypedValue } from '../evaluator/evaluate.js'
import { argumentsOfHanded } from '../evaluator/handed.js'
import { keeping } from '../evaluator/kept.js'
import { elementOf, entryOf, memberOf } from '../evaluator/members.js'
import { fileOfOrigin } from '../evaluator/origins.js'
import type { Piece } from '../evaluator/pieces.js'
import { piecesOf, roughText } from '../evaluator/pieces.js'
import { fillPlaceholders } from '../evaluator/placeholders.js'
import type { Evaluator } from '../evaluator/state.js'
import { refresh } from '../evaluator/state.js'
import { argumentsOfTag } from '../evaluator/templates.js'
import { choiceOf, type Frame, type ParamValue, type Value } from '../evaluator/values.js'
import { onlyTextTells, type Sink } from '../sinks/index.js'
import { argumentsHanded, calleeOf } from '../targets.js'
import { variantsOf } from '../variants.js'
import { withClauses } from './clauses.js'
import { statementOfCommand } from './command-line.js'
import type { Tracer } from './tracer.js'
import { withKept } from './with-kept.js'

/** A call on the way out, and the function that it calls. */
export interface Step {
  site: CallSite
  file: string
  fn: number
  self: Value | null
  /** It does not call it but hands it over, as this argument. */
  handed?: number
  /** The function has so many of its arguments already, by `bind`. */
  behind?: number
  /** The function keeps what it is given for what runs elsewhere: see `registrars.ts`. */
  keeps?: true
  /** The call in which the function was made that this one runs: see `stored.ts`. */
  outer?: Frame
  /** What other functions are handed of the same text, their callers tell: see `apart.ts`. */
  isApart?: true
}

/** The SQL text of a sink, seen from the outermost step. Null when there is none. */
export function textAt(
  e: Evaluator,
  sink: Sink,
  sinkSite: CallSite,
  steps: Step[],
  outermost: Frame | null = null,
): Piece[] | null {
  refresh(e)
  let frame = outermost
  const kept: Frame[] = []
  let made = outermost && madeBy(e, outermost)
  if (frame && made) frame = { ...frame, self: made, memo: undefined }
  for (const step of steps.toReversed()) {
    const name = e.program.facts(step.file)?.functions[step.fn]?.name ?? ''
    const own = argumentsRun(e, step.site, name, step.handed, frame)
    if (own === null) return null
    const args = step.behind === undefined ? own : [...boundTo(e, step.site, frame), ...own]
    const next: Frame = { file: step.file, fn: step.fn, args, self: null, outer: step.outer ?? null }
    const object = madeBy(e, next)
    const receiver = object ?? receiverOf(e, step, made, frame)
    const grown = object ? null : madeWith(e, step, args, receiver)
    next.self = grown ?? receiver
    if (receiver?.kind === 'instance') next.outer = madeIn(receiver)
    made = grown ?? object ?? made
    frame = next
    if (step.keeps) kept.push(next)
  }
  const given = givenTo(e, sink, sinkSite, frame)
  if (given === null) return null
  const text = textGiven(e, sink, given.text, sinkSite.facts.file)
  const pieces = piecesOfGiven(e, sink, sinkSite, frame, text, given.values)
  return pieces && kept.length > 0 ? withKept(e, pieces, kept) : pieces
}

/** The arguments that what a call runs was bound to before. */
function boundTo(e: Evaluator, { facts, call }: CallSite, frame: Frame | null): Value[] {
  const run = evaluate(e, facts.file, calleeOf(facts, call), frame)
  const fn = run.kind === 'builtin' ? run.of : run
  return (fn.kind === 'function' && fn.bound) || []
}

/** The text that a sink is given, or that of the `.sql` file which it is given the path or the key of: `sql.file('find.sql')`. */
function textGiven(e: Evaluator, sink: Sink, given: Value, file: string): Value {
  if (sink.isKey) return textOfKey(e, given, sink.origin === null ? file : fileOfOrigin(sink.origin))
  return (given.kind === 'text' && e.sqlFiles.fromLoader([given], file)) || given
}

/**
 * The text of the `.sql` file with this key: `users.find` is `users/find.sql` below a folder of the object that runs it. Of
 * several such files it is the one nearest to where that is made. What callers tell is left to them.
 */
function textOfKey(e: Evaluator, key: Value, madeIn: string): Value {
  if (key.kind === 'choice') return choiceOf(key.of.map(each => textOfKey(e, each, madeIn)))
  if (key.kind !== 'text') return key
  const names = variantsOf(key.pieces).texts.map(parts =>
    parts.every(part => typeof part === 'string') ? parts.join('') : null,
  )
  const found = names.map(name => (name === null ? null : e.sqlFiles.ofKey(name, madeIn)))
  return found.length === 0 || found.includes(null) ? key : choiceOf(found.filter(each => each !== null))
}

/** What a sink is given: the text, and the values to be bound. Null where it is not run. */
function givenTo(
  e: Evaluator,
  { sql, values, argument }: Sink,
  site: CallSite,
  frame: Frame | null,
): { text: Value; values: () => Value | undefined } | null {
  const { facts } = site
  if (argument === undefined)
    return {
      text: evaluate(e, facts.file, sql, frame),
      values: () => (values === null ? undefined : evaluate(e, facts.file, values, frame)),
    }
  const args = argumentsRun(e, site, '', argument.handed, frame)
  const text = args?.at(argument.index)
  return text ? { text, values: () => args?.at(argument.index + 1) } : null
}

/**
 * The arguments that what a call runs gets, by what they are; null where it hands that over to what does not run it.
 *
 * @param name of what is run
 * @param handed which argument it is, where the call hands it over
 */
function argumentsRun(
  e: Evaluator,
  { facts, call }: CallSite,
  name: string,
  handed: number | undefined,
  frame: Frame | null,
): Value[] | null {
  if (handed !== undefined) return argumentsOfHanded(e, facts, call, handed, frame)
  const node = facts.nodes[call.node]
  if (node.kind === 'tagged') return argumentsOfTag(e, facts, node, frame)
  return argumentsOf(e, facts, argumentsHanded(facts, call, name), frame)
}

function piecesOfGiven(
  e: Evaluator,
  sink: Sink,
  { facts }: CallSite,
  frame: Frame | null,
  value: Value,
  valuesGiven: () => Value | undefined,
): Piece[] | null {
  const code = codeOf(facts, sink.sql)
  if (isCommandLine(sink.driver)) {
    const beside = sink.values === null ? null : evaluate(e, facts.file, sink.values, frame)
    return statementOfCommand(e, value, beside, code)
  }
  // An object of a declared class, of which callers hand over the template that it is made of.
  if (value.kind === 'instance' && !sink.keys.some(key => memberOf(e, value, key).kind === 'text'))
    value = untypedValue(e, facts, sink.sql, frame) ?? value
  if (value.kind === 'unknown' && !onlyTextTells(sink))
    value = textHandedOn(e, facts, sink.sql, frame) ?? value
  const pieces = piecesOfSql(e, value, sink.keys, code) ?? notFound(value, sink, code)
  return pieces && fillPlaceholders(e, pieces, valuesGiven)
}

/** The object that a call of a constructor makes; null where the frame is that of another function. */
function madeBy(e: Evaluator, frame: Frame): (Value & { kind: 'instance' }) | null {
  const cls = classMadeBy(e, frame.file, frame.fn)
  return cls === null ? null : { kind: 'instance', file: frame.file, cls, frame }
}

/** The object whose constructor calls a method of it, which keeps what that is given: `this.load(folder, name)`. */
function madeWith(
  e: Evaluator,
  { site: { facts, call }, file, fn }: Step,
  args: Value[],
  receiver: Value | null,
): (Value & { kind: 'instance' }) | null {
  if (receiver?.kind !== 'instance' || call.fn === null) return null
  if (classMadeBy(e, facts.file, call.fn) === null) return null
  const method: Value = { kind: 'function', file, fn, frame: null, self: receiver }
  return keeping(e, receiver, method, args)
}

/** The object that a step calls a method of: as it was made, where that is seen. */
function receiverOf(
  e: Evaluator,
  { site: { facts, call }, file, fn, self, handed }: Step,
  made: (Value & { kind: 'instance' }) | null,
  frame: Frame | null,
): Value | null {
  if (handed !== undefined) return self
  const callee = facts.nodes[calleeOf(facts, call)]
  if (callee.kind !== 'member' || e.program.facts(file)?.functions[fn]?.cls == null) return self
  if (facts.nodes[callee.of].kind === 'super' && frame?.self?.kind === 'instance') return frame.self
  const held = objectOf(evaluate(e, facts.file, callee.of, frame), self)
  const of = held.kind === 'class' && held.made ? objectOfClass(held) : held
  const seen = of.kind === 'instance' ? of : (asMade(e, facts, callee.of, self) ?? self)
  if (!made || seen?.kind !== 'instance' || seen.frame) return seen
  return seen.file === made.file && seen.cls === made.cls ? made : seen
}

/** Whether a step calls a method of a class, or of an object of one, that is seen made by the function that a parameter is of. */
export function isMadeBy(e: Evaluator, step: Step, { file, fn }: ParamValue): boolean {
  refresh(e)
  const receiver = receiverOf(e, step, null, null)
  const by = receiver?.kind === 'instance' ? madeIn(receiver) : null
  return by !== null && by.file === file && by.fn === fn
}

/** Of what may be one of several (`cached ?? new KINDS[kind]()`), the only object, or the only one of the class that is looked at. */
function objectOf(value: Value, self: Value | null): Value {
  const objects = value.kind === 'choice' ? value.of.filter(each => each.kind === 'instance') : []
  const ofClass = objects.filter(
    each => self?.kind === 'instance' && each.file === self.file && each.cls === self.cls,
  )
  const [only, ...others] = objects.length === 1 ? objects : ofClass
  return only === undefined || others.length > 0 ? value : only
}

/** The object that a step calls a method of, as it was made, where the declared type of what holds it tells: `db.users`. */
function asMade(e: Evaluator, facts: FileFacts, id: NodeId, self: Value | null): Value | null {
  if (self?.kind !== 'instance' || self.frame) return null
  const declared = evaluateDeclared(e, facts, id)
  const options = declared.kind === 'choice' ? declared.of : [declared]
  const found = options.filter(
    each => each.kind === 'instance' && each.file === self.file && each.cls === self.cls,
  )
  return found.length === 1 ? found[0] : null
}

/** Beside a text: callers that are not seen may make another one of it. */
export const NOT_THE_ONLY: Piece = { kind: 'text', text: '', file: '', line: 0, partly: true }

/** The text when a function that no one was seen to call gets no argument: its defaults and its types tell. */
export function withDefaults(
  t: Tracer,
  sink: Sink,
  sinkSite: CallSite,
  steps: Step[],
  param: ParamValue,
): Piece[] | null {
  t.e.anyObject = true
  const text = textAt(t.e, sink, sinkSite, steps, {
    file: param.file,
    fn: param.fn,
    args: [],
    self: null,
    outer: null,
  })
  t.e.anyObject = false
  return text && [...text, NOT_THE_ONLY]
}

/** The text where the method of the sink runs on an object of this class. */
export function textOn(
  t: Tracer,
  sink: Sink,
  sinkSite: CallSite,
  fn: FunctionId,
  { file, cls }: { file: string; cls: ClassId },
): Piece[] | null {
  const self: Value = { kind: 'instance', file, cls }
  return textAt(t.e, sink, sinkSite, [], { file: sinkSite.facts.file, fn, args: [], self, outer: null })
}

/**
 * The statement among the arguments of a function that could not be found, where what that gives is executed:
 * `query(prepare(text)(values))`.
 */
function textHandedOn(e: Evaluator, facts: FileFacts, id: NodeId, frame: Frame | null): Value | null {
  const node = facts.nodes[id]
  if (node.kind !== 'call') return null
  for (const arg of node.args) {
    const value = facts.nodes[arg].kind === 'function' ? null : evaluate(e, facts.file, arg, frame)
    const text = value?.kind === 'choice' ? value.of.find(each => each.kind === 'text') : value
    if (value && text?.kind === 'text' && looksLikeSql(roughText(text.pieces))) return value
  }
  return textHandedOn(e, facts, node.callee, frame)
}

/** A driver gets something that is no text as far as can be seen, and no function or builder either: not told. */
function notFound(
  value: Value,
  { certainty, values, before, isHandedOn }: Sink,
  code: string,
): Piece[] | null {
  if (certainty !== 'known' || before !== undefined) return null
  if (value.kind === 'sql-file' || value.kind === 'namespace') return [{ kind: 'hole', code }]
  if (isHandedOn || (value.kind !== 'object' && value.kind !== 'typed')) return null
  // The only argument of a method that takes something else as well: `connect(options)`, `run(client)`.
  return value.kind === 'object' && values === null && value.entries.size === 0
    ? null
    : [{ kind: 'hole', code }]
}

/** Several statements, or the pieces of one: what goes on with a clause (`'WHERE id ='`) is no statement of its own. */
function piecesOfList(e: Evaluator, items: Value[], keys: string[], code: string): Piece[] {
  const ofItem = [...new Set([...keys, 'sql', 'text'])]
  const all = items.map(item => piecesOfSql(e, item, ofItem, code))
  const isOne = all.some((pieces, at) => at > 0 && pieces !== null && GOES_ON.test(roughText(pieces)))
  const between: Piece = { kind: 'text', text: isOne ? ' ' : ';\n', file: '', line: 0 }
  // Among pieces of a text an object is a value.
  return all.flatMap(pieces => [...(pieces ?? (isOne ? [{ kind: 'hole' as const, code }] : [])), between])
}

const GOES_ON =
  /^\s*(?:[,)=]|(?:and|or|from|where|values|group|order|having|limit|offset|join|left|inner|on|as|in|returning|union)\b)/i

function piecesOfSql(e: Evaluator, value: Value, keys: string[], code: string): Piece[] | null {
  switch (value.kind) {
    case 'object': {
      for (const key of keys) {
        // Any of its values: `Object.values(queries)`.
        const text = key === '*' && !value.entries.has('*') ? elementOf(e, value) : entryOf(e, value, key)
        if (text?.kind === 'object') return piecesOfSql(e, text, keys, code)
        if (text)
          return fillPlaceholders(e, withClauses(piecesOf(text, code), value), () =>
            value.entries.get('values'),
          )
      }
      return null
    }
    case 'array':
      // One of a pair: `rows([text, values])` over `pool.query(...pair)`.
      return keys.length === 1 && /^\d$/.test(keys[0])
        ? piecesOfSql(e, memberOf(e, value, keys[0]), keys, code)
        : piecesOfList(e, value.items, keys, code)
    case 'choice': {
      const options = value.of.map(each => piecesOfSql(e, each, keys, code)).filter(option => option !== null)
      const { chosenBy } = value
      return options.length === 0 ? null : [{ kind: 'choice', of: options, ...(chosenBy && { chosenBy }) }]
    }
    case 'param': {
      // `query(config: string | { text })`: what callers pass decides.
      return piecesOf(value, code)
    }
    case 'unknown':
      return value.code === 'null' ? null : [{ kind: 'hole', code: value.code || code }]
    case 'text':
      return value.pieces
    case 'handle':
      return value.statement ? piecesOfSql(e, value.statement, keys, code) : null
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
