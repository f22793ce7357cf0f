/**
 * The statements of a call site, read anew from its code with given values, beside what the call hands over now for the
 * same values: no part of what the plan found out, so that a fault of the plan is a difference.
 */
import type { Operation, OperationUse, Parameter } from '../../operation.js'
import type { AccessPlan, LiftEdit, Otherwise } from '../../plan/plan.js'
import { readSite } from '../../plan/site.js'
import type { Repository } from '../../repository/index.js'
import { type Node, visit } from '../../site/parse.js'
import { Refusal } from '../../site/refusal.js'
import { openSource, type SourceFile } from '../../site/source-file.js'
import { tokensOf } from '../../sql/read.js'
import type { Statement } from '../old-statement.js'
import type { Values } from '../parameters.js'
import { known } from './builtins.js'
import { type Handed, handedBy, type Taken } from './handed.js'
import { Inputs, NotRead, Unknown } from './inputs.js'
import { endsByItself, Interpreter } from './interpreter.js'
import { reach } from './reach.js'
import type { Scope } from './scope.js'

/** What was read anew. */
export interface Reread {
  /** What the call hands over now, in the place of each set of values. */
  sets: Values[]
  /** The statement that the code runs for such a set; none where the code does not get to the call with it. */
  statements: Map<Values, Statement>
}

/** A call as it stood in the code, and what takes its place. */
interface Site extends Taken {
  file: SourceFile
  call: Node
  /** Conditions on which this operation is called: the last holds, if `isLast` does not say that none does. */
  tests: { code: string; holds: boolean }[]
  /** Expressions by the names of the parameters. */
  arguments: { name: string; code: string }[]
}

/** Code with call sites as they were, and what is planned for them. */
export interface CodeState {
  repository: Repository
  planned: AccessPlan[]
  /** Names of that plan's operations by their ids, where they may be others than those of now. */
  names?: Map<string, string>
}

/**
 * Reads a call site for sets of values.
 *
 * @returns why it can't be read, where it can't
 */
export function readAnew(
  operation: Operation,
  use: OperationUse,
  sets: Values[],
  state: CodeState,
): Reread | string {
  try {
    return readSets(siteOf(operation, use, state), operation, use, sets, state.repository)
  } catch (error) {
    if (error instanceof NotRead || error instanceof Refusal) return error.message
    throw error
  }
}

function siteOf({ id, name }: Operation, use: OperationUse, { repository, planned, names }: CodeState): Site {
  const edit = planned.find(({ access }) => access === use.access)?.edit
  const access = repository.map.accesses.find(each => each.id === use.access)
  if (edit?.kind === 'event') throw new NotRead('its write became an event')
  if (!access || edit?.kind !== 'lift') throw new NotRead('the code that it was would not be rewritten now')
  const { file, call, protocol, wrapper } = readSite(access, repository)
  return { file, call, protocol, wrapper, ...calledIn(edit, names?.get(id) ?? name) }
}

/** The call of an operation, among those of which one is made. */
function calledIn(edit: LiftEdit, name: string): Pick<Site, 'tests' | 'arguments'> {
  const tests: Site['tests'] = []
  let each: Pick<Otherwise, 'operation' | 'arguments' | 'otherwise'> = edit
  while (each.operation !== name) {
    const { otherwise } = each
    if (!otherwise) throw new NotRead('its call is not among those that are made')
    tests.push({ code: otherwise.test, holds: false })
    each = otherwise
  }
  if (each.otherwise) tests.push({ code: each.otherwise.test, holds: true })
  return { tests, arguments: each.arguments }
}

function readSets(
  site: Site,
  { dialect, parameters }: Operation,
  { driver }: OperationUse,
  sets: Values[],
  repository: Repository,
): Reread {
  const codes = new Codes()
  const kinds = new Map<string, 'text' | 'list'>()
  const ofRows = new Set(parameters.flatMap(({ name, type }) => (type.kind === 'rows' ? [name] : [])))
  const { paths, cells } = pathsOf(site, codes, kinds, repository, ofRows)
  const statements = new Map<Values, Statement>()
  const steered = steeredTo(site, codes, kinds, repository)
  const chosen = parameters.filter(({ type }) => type.kind === 'choice' || type.kind === 'flag')
  const leading = new Map<string, unknown>()
  const all = sets.map((set, turn) => {
    const bound = new Map<string, unknown>([
      ...steered,
      ...[...cells].map(([path, [name, row, at]]) => [path, (set[name] as unknown[][])[row]?.[at]] as const),
      ...[...paths].map(([name, path]) => [path, set[name]] as const),
    ])
    const read = () => once(site, new Inputs(bound, kinds, turn), codes, repository)
    for (const { name } of chosen) {
      const path = paths.get(name)
      if (path === undefined) continue
      const key = JSON.stringify([name, set[name]])
      // Where the code makes its choice of something else, that is looked for among what it mentions.
      if (!leading.has(key)) leading.set(key, leadingTo(name, set[name], path, bound, read, site.file))
      bound.set(path, leading.get(key))
    }
    const found = read()
    if (!found || chosen.some(each => !isChoice(each, found.arguments[each.name]))) return set
    const handed = { ...found.arguments }
    statements.set(handed, withNames(found.handed, dialect, driver))
    return handed
  })
  if (statements.size === 0) throw new NotRead('its code does not get to the call with any of the values')
  return { sets: all, statements }
}

function isChoice({ type, optional }: Parameter, value: unknown): boolean {
  return type.kind !== 'choice' || (optional && value === undefined) || type.values.includes(value as string)
}

/** More would be a search through the file. */
const MOST_MENTIONED = 200

/** What is given from outside where the call hands over a value; that value itself where nothing that was tried gives it. */
function leadingTo(
  name: string,
  value: unknown,
  path: string,
  bound: Map<string, unknown>,
  read: () => { arguments: Values } | null,
  file: SourceFile,
): unknown {
  const wanted = value ?? false
  for (const candidate of [value, true, false, undefined, ...mentionedIn(file)]) {
    bound.set(path, candidate)
    if ((read()?.arguments[name] ?? false) === wanted) return candidate
  }
  return value
}

/** Texts that a file compares with, and keys of what it looks up. */
function mentionedIn({ program }: SourceFile): string[] {
  const texts = new Set<string>()
  visit(program, ({ type, value, key }) => {
    if (type === 'StringLiteral') texts.add(value)
    else if (type === 'ObjectProperty' && key.type === 'Identifier') texts.add(key.name)
  })
  return [...texts].filter(text => text.length < 40).slice(0, MOST_MENTIONED)
}

/** @returns null where the code does not get there, or to another call */
function once(
  site: Site,
  inputs: Inputs,
  codes: Codes,
  repository: Repository,
): { handed: Handed; arguments: Values } | null {
  const interpreter = new Interpreter(inputs, repository)
  try {
    const scope = reach(interpreter, site.file, site.call)
    const isHere = site.tests.every(
      ({ code, holds }) => interpreter.truthy(codes.evaluate(code, interpreter, scope)) === holds,
    )
    if (!isHere) return null
    const handed = handedBy(interpreter, site.call, site, scope)
    return {
      handed,
      arguments: Object.fromEntries(
        site.arguments.map(({ name, code }) => [
          name,
          known(codes.evaluate(code, interpreter, scope), inputs),
        ]),
      ),
    }
  } catch (error) {
    if (endsByItself(error)) return null
    throw error
  }
}

/** Values of what decides which of several is called, with which it is this one. */
function steeredTo(
  site: Site,
  codes: Codes,
  kinds: Map<string, 'text' | 'list'>,
  repository: Repository,
): Map<string, unknown> {
  const steered = new Map<string, unknown>()
  for (const { code, holds } of site.tests) {
    const asked = (given: Map<string, unknown>): { isHere: boolean; paths: string[] } => {
      const interpreter = new Interpreter(new Inputs(given, kinds), repository)
      try {
        const scope = reach(interpreter, site.file, site.call)
        interpreter.inputs.touched.clear()
        const isHere = interpreter.truthy(codes.evaluate(code, interpreter, scope)) === holds
        return { isHere, paths: [...interpreter.inputs.touched] }
      } catch (error) {
        if (!endsByItself(error)) throw error
        return { isHere: false, paths: [] }
      }
    }
    const { isHere, paths } = asked(steered)
    if (isHere) continue
    const found = paths
      .filter(path => !steered.has(path))
      .flatMap(path =>
        [undefined, true, false, ...mentionedIn(site.file)].map(value => [path, value] as const),
      )
      .find(each => asked(new Map([...steered, each])).isHere)
    if (found) steered.set(...found)
  }
  return steered
}

/** Where the values of parameters come from: by their names, and those of rows by the place in these. */
interface Paths {
  paths: Map<string, string>
  cells: Map<string, [name: string, row: number, at: number]>
}

/** Where the value of each parameter comes from, in the code: what that is given decides what the call hands over. */
function pathsOf(
  site: Site,
  codes: Codes,
  kinds: Map<string, 'text' | 'list'>,
  repository: Repository,
  ofRows: Set<string>,
): Paths {
  const paths: Paths['paths'] = new Map()
  const cells: Paths['cells'] = new Map()
  for (let turn = 0; turn < 3; turn++) {
    const inputs = new Inputs(new Map(), kinds, turn)
    const interpreter = new Interpreter(inputs, repository)
    try {
      const scope = reach(interpreter, site.file, site.call)
      const asked = site.arguments.map(({ name, code }) => {
        inputs.touched.clear()
        const value = codes.evaluate(code, interpreter, scope)
        return { name, value, touched: [...inputs.touched] }
      })
      const taken = new Set<string>()
      for (const { name, value } of asked) {
        if (ofRows.has(name)) for (const [path, ...place] of cellsOf(value)) cells.set(path, [name, ...place])
        if (!(value instanceof Unknown)) continue
        paths.set(name, value.path)
        taken.add(value.path)
      }
      for (const { name, touched } of asked) {
        const path = touched.findLast(each => !taken.has(each))
        if (paths.has(name) || ofRows.has(name) || path === undefined) continue
        paths.set(name, path)
        taken.add(path)
      }
      // What was calculated before the call, where there is no doubt of what.
      const left = [...inputs.asked].filter(path => !taken.has(path))
      const open = asked.filter(({ name }) => !paths.has(name) && !ofRows.has(name))
      if (left.length === 1 && open.length === 1) paths.set(open[0]!.name, left[0]!)
      return { paths, cells }
    } catch (error) {
      if (!endsByItself(error)) throw error
    }
  }
  return { paths, cells }
}

/** What is not known in rows, with its place. */
function cellsOf(rows: unknown): [path: string, row: number, at: number][] {
  if (!Array.isArray(rows)) return []
  return rows.flatMap((row: unknown, place) =>
    Array.isArray(row)
      ? row.flatMap((each: unknown, at): [string, number, number][] =>
          each instanceof Unknown ? [[each.path, place, at]] : [],
        )
      : [],
  )
}

/** Expressions that stand at the call now, parsed once. */
class Codes {
  private readonly parsed = new Map<string, Node | null>()

  evaluate(code: string, interpreter: Interpreter, scope: Scope): unknown {
    if (!this.parsed.has(code)) {
      const [statement] = openSource('code.ts', `(${code})`)?.program.body ?? []
      this.parsed.set(code, statement?.expression ?? null)
    }
    const node = this.parsed.get(code)
    if (!node) throw new NotRead('what is handed over now is no expression')
    return interpreter.evaluate(node, scope)
  }
}

/** Drivers that take named values are handed them; mysql2 and mariadb get them in order. */
function withNames({ text, values }: Handed, dialect: Operation['dialect'], driver: string): Statement {
  if (Array.isArray(values) || !/^(?:mysql2|mariadb)$/.test(driver) || typeof values !== 'object')
    return { text, values: values as unknown[] }
  const named = new Map(Object.entries(values as object))
  let result = ''
  let at = 0
  const listed: unknown[] = []
  for (const { kind, value, start, end } of tokensOf(text, dialect)) {
    if (kind !== 'placeholder') continue
    const name = value.replace(/^:/, '')
    if (!named.has(name)) throw new NotRead(`its value \`${value}\` is not among those that are named`)
    result += `${text.slice(at, start)}?`
    at = end
    listed.push(named.get(name))
  }
  return { text: result + text.slice(at), values: listed }
}
