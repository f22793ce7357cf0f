/** What an evaluation carries along: the repository, what was found before, and its budget. */
import type { ClassId, FileFacts, FunctionId, NodeId } from '../../extract/facts.js'
import type { Program } from '../program.js'
import type { SqlFiles } from '../sql-files.js'
import type { Frame, Value } from './values.js'

const MAX_STEPS = 60_000

/**
 * Of the texts that one statement has for its callers, so many may take all steps; what comes then gets few. In the
 * repositories measured no statement had more than three, but for those whose every text is cut short: models whose
 * methods hand their options round, hundreds of texts of 25 ms each.
 */
const MAX_EXHAUSTED = 8
const FEW_STEPS = 3_000

/** A value, and whether it would differ for a known caller. */
export interface Remembered {
  value: Value
  varies: boolean
}

/** The same seen from a call. */
export interface RememberedInCall extends Remembered {
  /** The calls around it: with others, a function that calls itself may be cut short elsewhere. */
  stack: Frame[]
}

/** A field of which a value is being found. */
export interface FieldBeingRead {
  /** The call that made the object. */
  frame: Frame | null
  /** How many objects of the class, one within the other. */
  depth: number
  /** How often the field was met in its own value. */
  met: number
  /** True while that is being found. */
  isInner: boolean
}

/** A method or a field that a class has. */
export interface MemberBelow {
  file: string
  cls: ClassId
  fn?: FunctionId
  field?: NodeId
}

export interface Evaluator {
  program: Program
  sqlFiles: SqlFiles
  /** Values of nodes seen from no caller, by file. */
  memo: Map<string, Remembered[]>
  /** The same for what calls run, where arguments are not looked at. */
  targetMemo: Map<string, Remembered[]>
  /** Members of the classes that extend a class, by that class and the member's name. */
  membersBelow: Map<string, MemberBelow[]>
  /** True while only what a call runs is asked for: functions are not entered with their arguments. */
  targetsOnly: boolean
  /** True while fields that the object decides are those of all subclasses. */
  anyObject: boolean
  /** How often a parameter was met whose caller is not known. */
  paramReads: number
  /** Steps left for the question being answered, of those that it was given. */
  steps: number
  given: number
  /** Steps that the questions before it took. */
  takenBefore: number
  /** How many questions about the same statement took all of theirs. */
  exhausted: number
  nesting: number
  /** Nodes being evaluated, to stop at cycles, with how many lie around each. */
  active: Map<string, number>
  /** How many lie around the outermost of them that was met again in its own value; Infinity if none was. */
  outermostMet: number
  /** Loops of which a round is being evaluated. */
  rounds: Set<string>
  /**
   * Those of them, and of the fields below, that what is being evaluated met again and so has only in part; null for
   * none.
   */
  roundsCut: Set<string> | null
  /** Fields of which a value is being found, by class and name. */
  fields: Map<string, FieldBeingRead>
  /** How often an evaluation was cut short, other than at a cycle; what was cut is not remembered. */
  cuts: number
  /** Calls being evaluated. */
  stack: Frame[]
}

export function createEvaluator(program: Program, sqlFiles: SqlFiles): Evaluator {
  return {
    program: { ...program, facts: remembersLast(program.facts) },
    sqlFiles,
    memo: new Map(),
    targetMemo: new Map(),
    membersBelow: new Map(),
    targetsOnly: false,
    anyObject: false,
    paramReads: 0,
    steps: 0,
    given: 0,
    takenBefore: 0,
    exhausted: 0,
    nesting: 0,
    active: new Map(),
    outermostMet: Infinity,
    rounds: new Set(),
    roundsCut: null,
    fields: new Map(),
    cuts: 0,
    stack: [],
  }
}

/** Nearly every step asks for the facts of the same file as the one before. */
function remembersLast(factsOf: Program['facts']): Program['facts'] {
  let last: { file: string; facts: FileFacts | null } | null = null
  return file => {
    if (last?.file !== file) last = { file, facts: factsOf(file) }
    return last.facts
  }
}

/** Gives a new question its whole budget. */
export function refresh(e: Evaluator): void {
  if (e.steps < 0 && !e.targetsOnly) e.exhausted++
  e.takenBefore = stepsTaken(e)
  e.given = e.exhausted < MAX_EXHAUSTED ? MAX_STEPS : FEW_STEPS
  e.steps = e.given
  e.nesting = 0
  e.active.clear()
  e.outermostMet = Infinity
  e.rounds.clear()
  e.roundsCut = null
  e.fields.clear()
  e.stack = []
}

/** Steps that all questions took so far. */
export function stepsTaken({ takenBefore, given, steps }: Evaluator): number {
  return takenBefore + given - Math.max(0, steps)
}

/**
 * Takes steps for values that are looked into without being evaluated: objects spread into objects, one of hundreds
 * into one of hundreds. False where none are left.
 */
export function takeSteps(e: Evaluator, count: number): boolean {
  e.steps -= count
  if (e.steps >= 0) return true
  e.cuts++
  return false
}

/** Notes that a loop or a field was met again while a value of it is being found. */
export function leftOut(e: Evaluator, key: string): void {
  e.roundsCut ??= new Set()
  e.roundsCut.add(key)
}

/**
 * Notes that the value of a loop or a field is found, and so is what was left out of it.
 *
 * @returns whether something was
 */
export function endOf(e: Evaluator, key: string): boolean {
  if (!e.roundsCut?.delete(key)) return false
  if (e.roundsCut.size === 0) e.roundsCut = null
  return true
}

/** What two parts of an evaluation left out. */
export function together(a: Set<string> | null, b: Set<string> | null): Set<string> | null {
  if (a === null || b === null) return a ?? b
  for (const each of b) a.add(each)
  return a
}
