/** Arguments of a call. */
import type { FileFacts, NodeId } from '../../extract/facts.js'
import { evaluate } from './evaluate.js'
import { isRest, memberOf } from './members.js'
import type { Evaluator } from './state.js'
import type { Frame, ParamValue, Value } from './values.js'
import { choiceOf, unknown } from './values.js'

/**
 * Arguments in order, spreads written out. Each is evaluated when it is first looked at: most functions look at one
 * or two, and the others (whole requests, contexts) are what costs.
 */
export function argumentsOf(e: Evaluator, facts: FileFacts, ids: NodeId[], frame: Frame | null): Value[] {
  if (ids.length > MAX_LATE || ids.some(id => facts.nodes[id].kind === 'spread'))
    return spreadArguments(e, facts, ids, frame)
  return new LateArguments(ids.length).of({ e, facts, ids, frame, stack: e.stack })
}

/** One of the arguments, if there are as many; the same as by its index, but quicker. */
export function argumentAt(args: Value[], index: number): Value | undefined {
  return args instanceof LateArguments ? args.argumentAt(index) : args[index]
}

/** Where an argument is written; `missing` where the call has fewer, null where it is not known how many it has. */
export function argumentNode(
  args: Value[],
  index: number,
): { facts: FileFacts; id: NodeId; frame: Frame | null } | 'missing' | null {
  return args instanceof LateArguments ? args.nodeAt(index) : null
}

/**
 * The arguments for whoever looks for a text or a function among them: literals of objects and arrays, which are neither, are
 * not evaluated. Those that describe the data of a whole product (`z.object({ … })`) are most of what its files have.
 */
export function withoutLiterals(args: Value[]): Value[] {
  if (!(args instanceof LateArguments)) return args
  return Array.from(
    { length: args.length },
    (_, index) => (args.isLiteral(index) ? unknown('') : args.argumentAt(index)) as Value,
  )
}

/** Arguments that are found out late. */
const MAX_LATE = 32

/** The call that arguments are of. */
interface CallOf {
  e: Evaluator
  facts: FileFacts
  ids: NodeId[]
  frame: Frame | null
  stack: Frame[]
}

/**
 * An array with nothing in it: what it does not have is looked for in its prototype, which finds it out. (Properties of
 * the array itself that do so took a tenth of all tracing to be made.)
 */
class LateArguments extends Array<Value> {
  declare private call: CallOf
  declare private found: (Value | undefined)[]

  /** Parts of it are plain arrays. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }

  of(call: CallOf): this {
    this.call = call
    this.found = []
    return this
  }

  nodeAt(index: number): Exclude<ReturnType<typeof argumentNode>, null> {
    const { facts, ids, frame } = this.call
    return index < ids.length ? { facts, id: ids[index], frame } : 'missing'
  }

  /** Whether an argument is written as an object or array. */
  isLiteral(index: number): boolean {
    const { facts, ids } = this.call
    const { kind } = facts.nodes[ids[index]]
    return kind === 'object' || kind === 'array'
  }

  argumentAt(index: number): Value | undefined {
    if (index >= this.length) return undefined
    const known = this.found[index]
    if (known !== undefined) return known
    const { e, facts, ids, frame, stack: stackOfCall } = this.call
    // Whoever looks at it first, it belongs to the place of the call.
    const { stack } = e
    e.stack = stackOfCall
    const value = evaluate(e, facts.file, ids[index], frame)
    e.stack = stack
    this.found[index] = value
    return value
  }
}

for (let index = 0; index < MAX_LATE; index++) {
  Object.defineProperty(LateArguments.prototype, index, {
    get(this: LateArguments) {
      return this.argumentAt(index)
    },
  })
}

function spreadArguments(e: Evaluator, facts: FileFacts, ids: NodeId[], frame: Frame | null): Value[] {
  const args: Value[] = []
  for (const id of ids) {
    const node = facts.nodes[id]
    if (node.kind !== 'spread') args.push(evaluate(e, facts.file, id, frame))
    else args.push(...spreadOut(e, evaluate(e, facts.file, node.of, frame)))
  }
  return args
}

/** The arguments that a value is when it is spread. */
export function spreadOut(e: Evaluator, of: Value): Value[] {
  switch (of.kind) {
    case 'array':
      return of.items
    case 'param':
      return isRest(e, of) ? argumentsFrom(of) : itemsOf(e, of)
    case 'choice':
      return oneOfEach(of.of.map(each => spreadOut(e, each)))
    case 'text':
      // `query(...statement.toQuery())`
      return of.fragment ? [of] : [unknown('...')]
    default:
      return [unknown('...')]
  }
}

/** Of several lists of arguments, what may stand at each place. */
export function oneOfEach(lists: Value[][]): Value[] {
  if (lists.length === 1) return lists[0]
  const length = Math.max(0, ...lists.map(list => list.length))
  return Array.from({ length }, (_, at) => choiceOf(lists.flatMap(list => list[at] ?? [])))
}

/** Statements stand among the first arguments. */
const MAX_HANDED_ON = 4

/** What a function that hands on all its arguments is given, one by one: which these are, its callers tell. */
function argumentsFrom(rest: ParamValue): Value[] {
  return Array.from({ length: MAX_HANDED_ON }, (_, at) => ({ ...rest, index: rest.index + at }))
}

/** What an array that a caller hands over has in it. */
function itemsOf(e: Evaluator, array: ParamValue): Value[] {
  return Array.from({ length: MAX_HANDED_ON }, (_, at) => memberOf(e, array, String(at)))
}
