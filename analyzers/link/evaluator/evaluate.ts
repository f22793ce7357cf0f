/**
 * The evaluator: what a node of the facts holds, without running anything.
 * Follows names across files, calls into functions with their arguments, and the methods of texts and arrays.
 */
import { posix } from 'node:path'
import { isPrepared } from '../../drivers/index.js'
import type { ClassId, ExprNode, FileFacts, NodeId } from '../../extract/facts.js'
import { MODULE } from '../../extract/lower-pattern.js'
import { lineAt } from '../../extract/positions.js'
import { untyped } from '../../extract/untyped.js'
import { folderOf } from '../../workspace/paths.js'
import type { Resolution } from '../program.js'
import { resolveExport, resolveImport } from '../program.js'
import { normalized } from '../sql-paths.js'
import { admitted, among } from './allow-lists.js'
import { call } from './call.js'
import { classMadeBy, hasMethod, instanceOf } from './class-members.js'
import { codeOf } from './code-of.js'
import { appended, arrayOf, assigned, grown, objectOf } from './composites.js'
import { isMet } from './conditions.js'
import { construct } from './construct.js'
import { valueOfTypes, valuesOfType } from './declared-types.js'
import { elementHeld } from './elements.js'
import { madeStatement } from './made-of-sql.js'
import { gotOfMade } from './made-of-templates.js'
import { chosenBy, elementOf, memberOf, namesLike } from './members.js'
import { paramOf } from './parameters.js'
import { isMadeByTag } from './parts-of-made.js'
import type { Piece } from './pieces.js'
import { addPieces, piecesOf } from './pieces.js'
import { withoutRemembered } from './remembered.js'
import { sharedUnder } from './shared.js'
import type { Evaluator, Remembered, RememberedInCall } from './state.js'
import { endOf, leftOut, refresh, together } from './state.js'
import { tagged } from './templates.js'
import type { Frame, Value } from './values.js'
import { choiceOf, holdsParam, isVague, knownText, textValue, unknown } from './values.js'
import { writtenOut } from './written-out.js'

const MAX_NESTING = 400

/** Value of a node from outside: with a fresh budget. */
export function evaluateFresh(e: Evaluator, file: string, node: NodeId, frame: Frame | null = null): Value {
  refresh(e)
  return evaluate(e, file, node, frame)
}

/** Value of what a call runs. Cheaper than `evaluateFresh`, and blind to what depends on arguments. */
export function evaluateTarget(e: Evaluator, file: string, node: NodeId): Value {
  e.targetsOnly = true
  const value = evaluateFresh(e, file, node)
  e.targetsOnly = false
  return value
}

/** Value of a node. With no frame, parameters stay symbolic. */
export function evaluate(e: Evaluator, file: string, id: NodeId, frame: Frame | null): Value {
  const facts = e.program.facts(file)
  const node = facts?.nodes[id]
  if (!facts || !node) return unknown('')
  const known = frame ? knownInCall(e, file, id, frame) : memoOf(e, file)[id]
  if (known) {
    if (known.varies) e.paramReads++
    return known.value
  }
  // Inside of a loop's rounds a node may be met again, with less of the loop to be followed.
  const key = frame ? '' : `${file}\0${id}\0${e.rounds.size}`
  const met = e.active.get(key)
  if (met !== undefined) e.outermostMet = Math.min(e.outermostMet, met)
  if (--e.steps < 0 || e.nesting > MAX_NESTING) {
    e.cuts++
    return unknown('…')
  }
  return met === undefined ? found(e, facts, id, node, frame, key) : ITSELF
}

/** A node met in its own value. As one of several it adds nothing to the others: `config ??= load()`. */
const ITSELF = unknown('…')

/** Value of a node that is not known yet; remembered, if it is whole. */
function found(
  e: Evaluator,
  facts: FileFacts,
  id: NodeId,
  node: ExprNode,
  frame: Frame | null,
  key: string,
): Value {
  const { file } = facts
  const cutsBefore = e.cuts
  const readsBefore = e.paramReads
  const metBefore = e.outermostMet
  const cutBefore = e.roundsCut
  e.outermostMet = Infinity
  e.roundsCut = null
  const depth = key ? e.active.size : Infinity
  if (key) e.active.set(key, depth)
  e.nesting++
  const value = compute(e, facts, id, node, frame)
  e.nesting--
  if (key) e.active.delete(key)
  // What was met in its own value is whole when that is found; what lies between the two is not.
  if (e.outermostMet >= depth) e.outermostMet = Infinity
  const isWhole = e.outermostMet === Infinity && e.cuts === cutsBefore && e.roundsCut === null
  e.outermostMet = Math.min(e.outermostMet, metBefore)
  e.roundsCut = together(cutBefore, e.roundsCut)
  if (isWhole) {
    const varies = e.paramReads > readsBefore
    if (frame) rememberInCall(e, file, id, frame, { value, varies, stack: e.stack })
    else remember(e, file, id, { value, varies })
  }
  return value
}

/** What a choice may be: without a test that others share, also what the choices in it may be. */
function optionsOf(
  e: Evaluator,
  facts: FileFacts,
  { of, test, when }: ExprNode & { kind: 'choice' },
  frame: Frame | null,
): NodeId[] {
  const met = when && isMet(e, facts, when, frame)
  const left = met === undefined ? withoutRemembered(facts, of) : [of[met ? 0 : 1]]
  if (!when || test !== undefined || left.length === 1) return left
  return left.flatMap(id => {
    const node = facts.nodes[id]
    return node.kind === 'choice' && node.when ? optionsOf(e, facts, node, frame) : [id]
  })
}

/** Keeps a value, seen from no caller. */
export function remember(e: Evaluator, file: string, id: NodeId, found: Remembered): void {
  memoOf(e, file)[id] = found
}

/** What is remembered of a file, seen from no caller. */
function memoOf(e: Evaluator, file: string): Remembered[] {
  const memos = e.targetsOnly ? e.targetMemo : e.memo
  let memo = memos.get(file)
  if (!memo) {
    memo = []
    memos.set(file, memo)
  }
  return memo
}

function knownInCall(e: Evaluator, file: string, id: NodeId, frame: Frame): Remembered | undefined {
  if (e.targetsOnly || file !== frame.file) return undefined
  const known = frame.memo?.of === e ? frame.memo.values.get(id) : undefined
  return known?.stack === e.stack ? known : undefined
}

function rememberInCall(e: Evaluator, file: string, id: NodeId, frame: Frame, found: RememberedInCall): void {
  if (e.targetsOnly || file !== frame.file) return
  if (frame.memo?.of === e) frame.memo.values.set(id, found)
  else frame.memo = { of: e, values: new Map([[id, found]]) }
}

function compute(e: Evaluator, facts: FileFacts, id: NodeId, node: ExprNode, frame: Frame | null): Value {
  const { file } = facts
  switch (node.kind) {
    case 'text':
      return {
        kind: 'text',
        pieces: [{ kind: 'text', text: node.text, file, line: lineAt(facts.lineStarts, node.at) }],
      }
    case 'concat': {
      const pieces: Piece[] = []
      // A statement of a template tag stays one when more is appended to it.
      let isFragment = false
      // `Number(year) + 1` is no more known than its first part.
      let sum: Value | null | undefined
      for (const [at, part] of node.parts.entries()) {
        const code = codeOf(facts, part)
        const value = evaluate(e, file, part, frame)
        const isNumber = value.kind === 'text' && value.number === true
        if (isNumber && sum !== null) sum = value
        else if (!isNumber && !isWrittenNumber(facts.nodes[part])) sum = null
        // `query.append(…)` of a class of the repository adds to no text: it is a method like any other.
        if (at === 0 && value.kind === 'instance' && hasMethod(e, value, 'append')) return value
        if (at === 0) isFragment = value.kind === 'text' && value.fragment === true
        const text = writtenOut(e, value, code)
        if (node.parts.length === 1) return text
        addPieces(pieces, isInName(pieces, text) ? [{ kind: 'hole', code }] : piecesOf(text, code))
      }
      if (sum && node.parts.length > 1) return sum
      return isFragment ? { kind: 'text', pieces, fragment: true } : { kind: 'text', pieces }
    }
    case 'choice': {
      const open = optionsOf(e, facts, node, frame)
      return open.length === 1 ? evaluate(e, file, open[0], frame) : oneOf(e, file, open, frame, node)
    }
    case 'loop':
      return rounds(e, facts, id, node, frame)
    case 'param':
      return paramOf(e, facts, node.fn, node.index, frame)
    case 'import':
      return (
        importedSql(e, file, facts.imports[node.name].module) ??
        madeStatement(e, facts, node.name) ??
        resolved(e, resolveImport(e.program, file, node.name), node.name)
      )
    case 'module':
      return (
        importedSql(e, file, node.module) ??
        (node.required ? moduleItself(e, file, node.module) : null) ??
        resolved(e, resolveExport(e.program, file, node.module, '*'), node.module)
      )
    case 'variable':
      return Object.hasOwn(facts.variables, node.name)
        ? evaluate(e, file, facts.variables[node.name], null)
        : unknown(node.name)
    case 'global':
      return { kind: 'external', module: '', path: [node.name] }
    case 'function':
      // A function within another one sees that one's parameters.
      if (!frame && facts.functions[node.fn].parent !== null) e.paramReads++
      return { kind: 'function', file, fn: node.fn, frame, self: frame?.self ?? null }
    case 'class':
      if (!frame && isWrittenInFunction(facts, node.cls)) e.paramReads++
      return { kind: 'class', file, cls: node.cls, ...(frame && { made: frame }) }
    case 'this': {
      // In a class, an arrow function in an object has the `this` of the class.
      const self = node.cls !== null && frame?.self?.kind === 'object' ? null : frame?.self
      return self ?? (node.cls === null ? unknown('this') : { kind: 'instance', file, cls: node.cls })
    }
    case 'super': {
      const parent = facts.classes[node.cls].extends
      return parent === null ? unknown('super') : evaluate(e, file, parent, null)
    }
    case 'member': {
      const got = gotOfMade(e, facts, node, frame)
      if (got !== null) return got
      const of = evaluate(e, file, node.of, frame)
      const value = memberOf(e, of, node.name)
      if (value.kind === 'param' && !e.targetsOnly) {
        const declared = handleDeclared(e, facts, node)
        if (declared) return declared
      }
      const shared = isVague(value) ? sharedUnder(e, facts, node.of, of, node.name) : null
      if (shared !== null) return shared
      return keptByConstructor(e, of, value)
        ? memberOf(e, untypedValue(e, facts, node.of, frame) ?? of, node.name)
        : value
    }
    case 'index': {
      const of = evaluate(e, file, node.of, frame)
      const by = evaluate(e, file, node.by, frame)
      if (by.kind === 'text' && by.number) return elementOf(e, of)
      const key = knownText(by)
      if (key !== null) return memberOf(e, of, key)
      // One of several known keys is one of their values.
      const keys = by.kind === 'choice' ? by.of.map(knownText) : []
      if (keys.length > 0 && keys.every(each => each !== null))
        return chosenBy(by, choiceOf(keys.map(each => memberOf(e, of, each))))
      return chosenBy(by, elementOf(e, of, namesLike(by), codeOf(facts, id)))
    }
    case 'element':
      return elementHeld(facts, id, frame) ?? elementOf(e, evaluate(e, file, node.of, frame))
    case 'spread':
      return elementOf(e, evaluate(e, file, node.of, frame))
    case 'array':
      return arrayOf(e, facts, [], false, node.items, frame)
    case 'append':
      return appended(e, facts, node, frame)
    case 'grown':
      return grown(e, facts, node, frame)
    case 'object':
      return objectOf(e, facts, node, frame)
    case 'assign':
      return assigned(e, facts, node, frame)
    case 'typed': {
      const inner = node.of === null ? unknown('') : evaluate(e, file, node.of, frame)
      if (node.of !== null && !isHandedOver(facts, node.of) && isFromOutside(inner)) {
        const allowed = valuesOfType(e, facts, node.types)
        if (allowed) return allowed
      }
      if (!isVague(inner)) return inner
      const declared = valueOfTypes(e, facts, node.types)
      // What is called is found by the type; what a caller hands over may say more than the type's name.
      return declared === null || (!e.targetsOnly && holdsParam(inner) && saysLessThanCaller(e, declared))
        ? inner
        : declared
    }
    case 'among':
      return among(e, facts, node, frame)
    case 'admitted':
      return admitted(e, facts, node, frame)
    case 'call': {
      const value = call(e, facts, node, frame)
      return isVague(value)
        ? (typedByCall(e, facts, node) ??
            objectOfClass(e, facts, node, frame) ??
            gotOfApplication(e, facts, node, frame) ??
            value)
        : value
    }
    case 'new':
      return construct(e, facts, node, frame)
    case 'tagged':
      return tagged(e, facts, node, frame)
    case 'awaited': {
      const value = evaluate(e, file, node.of, frame)
      return value.kind === 'text' && value.fragment ? unknown(codeOf(facts, node.of)) : value
    }
    case 'here':
      return textValue(node.folder ? file.slice(0, Math.max(0, file.lastIndexOf('/'))) : file)
    case 'unknown':
      return unknown(node.code)
  }
}

/** A number that is not known, behind a part of a name: `lines_${Number(year)}`. `:p${Number(i)}` and `$${…}` are placeholders. */
function isInName(before: Piece[], value: Value): boolean {
  if (value.kind !== 'text' || !value.number) return false
  const last = before.at(-1)
  return last?.kind === 'text' && /(?<![\w$:@?])[\p{L}_][\w$]*$/u.test(last.text)
}

/** Whether a class sees the parameters of a function around it. */
function isWrittenInFunction({ classes, functions }: FileFacts, cls: ClassId): boolean {
  const { methods, statics } = classes[cls]
  return [...Object.values(methods), ...Object.values(statics)].some(fn => functions[fn].parent !== null)
}

function isWrittenNumber(node: ExprNode): boolean {
  return node.kind === 'text' && node.number === true
}

/**
 * What callers hand over, be it in an object: `({ table }: { table: Table }) => …`. They say more than the declared type, which is
 * no default either for a call that hands over nothing.
 */
function isHandedOver({ nodes }: FileFacts, id: NodeId): boolean {
  const node = nodes[id]
  return node.kind === 'param' || (node.kind === 'member' && nodes[node.of].kind === 'param')
}

/** What comes from outside of the repository, or is a number of which nothing is known. */
function isFromOutside(value: Value): boolean {
  return (isVague(value) && !holdsParam(value)) || (value.kind === 'text' && value.number === true)
}

/**
 * What the type that a call is given says of what it gives: a handle, or an object that a container gives, `get<Users>(USERS)`.
 * Of rows, `query<User>(text)`, it says nothing that is looked for.
 */
function typedByCall(e: Evaluator, facts: FileFacts, node: ExprNode & { kind: 'call' }): Value | null {
  if (node.types.length === 0) return null
  const declared = valueOfTypes(e, facts, node.types)
  if (declared?.kind === 'handle') return declared
  const callee = facts.nodes[node.callee]
  return declared?.kind === 'instance' && callee.kind === 'member' && GIVES_OBJECT.test(callee.name)
    ? declared
    : null
}

/** The object that a container gives for its class: `container.resolve(Users)`, `moduleRef.get(Users)`. */
function objectOfClass(
  e: Evaluator,
  facts: FileFacts,
  node: ExprNode & { kind: 'call' },
  frame: Frame | null,
): Value | null {
  const callee = facts.nodes[node.callee]
  if (callee.kind !== 'member' || !GIVES_OBJECT.test(callee.name) || node.args.length === 0) return null
  const asked = evaluate(e, facts.file, node.args[0], frame)
  return asked.kind === 'class' ? instanceOf(e, asked) : null
}

/** What an application gives that is shared by it: `req.app.get('db')`. */
function gotOfApplication(
  e: Evaluator,
  facts: FileFacts,
  node: ExprNode & { kind: 'call' },
  frame: Frame | null,
): Value | null {
  const callee = facts.nodes[node.callee]
  if (callee.kind !== 'member' || callee.name !== 'get' || node.args.length !== 1) return null
  const name = untyped(facts, node.args[0])
  return name.kind === 'text'
    ? sharedUnder(e, facts, callee.of, evaluate(e, facts.file, callee.of, frame), name.text)
    : null
}

/** Methods of containers that give the object for a token. */
const GIVES_OBJECT = /^(?:get|resolve|make)(?:Async)?$/

/** Whether a declared type leaves open what is executed: an interface, or a statement that runs itself. */
function saysLessThanCaller(e: Evaluator, declared: Value): boolean {
  if (declared.kind === 'instance') return isMadeByTag(e, declared)
  return declared.kind === 'typed' || (declared.kind === 'handle' && isPrepared(declared.driver))
}

/** The handle that the declared type of a parameter says a property of it is: `deps.pool`, of `deps: { pool: Pool }`. */
function handleDeclared(
  e: Evaluator,
  facts: FileFacts,
  node: ExprNode & { kind: 'member' },
): (Value & { kind: 'handle' | 'method' }) | null {
  const of = facts.nodes[node.of]
  if (of.kind !== 'typed') return null
  const declared = valueOfTypes(
    e,
    facts,
    of.types.map(type => `${type}.${node.name}`),
  )
  return declared?.kind === 'handle' && !isPrepared(declared.driver) ? declared : null
}

/** A field of an object that is only known by its class, which its constructor got: whoever hands the object over tells. */
function keptByConstructor(e: Evaluator, of: Value, value: Value): boolean {
  if (of.kind !== 'instance' || of.frame || value.kind !== 'param' || e.targetsOnly) return false
  return value.fn >= 0 && classMadeBy(e, value.file, value.fn) !== null
}

/** What a node holds by the declared type of what it is a member of, whatever callers hand over. */
export function evaluateDeclared(e: Evaluator, facts: FileFacts, id: NodeId): Value {
  const node = facts.nodes[id]
  if (node.kind === 'member') return memberOf(e, evaluateDeclared(e, facts, node.of), node.name)
  const declared = node.kind === 'typed' ? valueOfTypes(e, facts, node.types) : null
  return declared ?? evaluate(e, facts.file, id, null)
}

/** The parameter that a node with a declared type is; null for any other node. */
export function untypedValue(e: Evaluator, facts: FileFacts, id: NodeId, frame: Frame | null): Value | null {
  const node = facts.nodes[id]
  if (node.kind !== 'typed' || node.of === null) return null
  const value = evaluate(e, facts.file, node.of, frame)
  return value.kind === 'param' ? value : null
}

/** One of several nodes. */
function oneOf(
  e: Evaluator,
  file: string,
  of: NodeId[],
  frame: Frame | null,
  { test, inTurn }: Pick<ExprNode & { kind: 'choice' }, 'test' | 'inTurn'> = {},
): Value {
  const values = of.map(each => evaluate(e, file, each, frame))
  const told = values.filter(value => value.kind !== 'typed' && value.kind !== 'unknown')
  if (told.length === 0) return choiceOf(values, test)
  // What is only declared (`pool: Pool`) is what is assigned to it.
  const nodes = e.program.facts(file)?.nodes ?? []
  const assigned = values.filter((value, at) => saysMore(value) && !isDeclaration(nodes[of[at]]))
  const left = assigned.length > 0 ? assigned : values.filter(saysMore)
  const value = choiceOf(left, test)
  const keepsTurns =
    inTurn && value.kind === 'choice' && left.every(each => each.kind !== 'choice' || each.inTurn)
  return keepsTurns ? { ...value, inTurn } : value
}

function isDeclaration(node: ExprNode): boolean {
  return node.kind === 'typed' && node.of === null
}

/** A declared type, or no value at all, says less than any value that is known. */
function saysMore(value: Value): boolean {
  return (
    value !== ITSELF &&
    value.kind !== 'typed' &&
    !(value.kind === 'unknown' && /^(?:null|undefined)?$/.test(value.code))
  )
}

/** A name at the beginning of a loop's rounds: as before the loop, or as at the end of a round that began so. */
function rounds(
  e: Evaluator,
  { file }: FileFacts,
  id: NodeId,
  node: ExprNode & { kind: 'loop' },
  frame: Frame | null,
): Value {
  const key = `${file}\0${id}`
  if (e.rounds.has(key)) {
    leftOut(e, key)
    return evaluate(e, file, node.before, frame)
  }
  e.rounds.add(key)
  const value = oneOf(e, file, [node.before, ...node.of], frame)
  e.rounds.delete(key)
  endOf(e, key)
  return value
}

/**
 * What `require` gives of a file that says so: `module.exports = class …`. An object gives its entries by their names, as
 * modules do.
 */
function moduleItself(e: Evaluator, file: string, module: string): Value | null {
  const found = resolveExport(e.program, file, module, MODULE)
  const value = found?.kind === 'node' ? resolved(e, found, module) : null
  return value === null || value.kind === 'object' || isVague(value) ? null : value
}

/** What `require` gives for a path or name that is put together: `require(path.join(__dirname, 'db'))`. */
export function required(e: Evaluator, file: string, path: Value | undefined): Value | null {
  const known = path && knownText(path)
  if (typeof known !== 'string') return null
  // What is made of the file's own folder is a path from the root.
  const fromFile = posix.relative(folderOf(file), normalized(known.split('/')))
  const names = [known, fromFile.startsWith('.') ? fromFile : `./${fromFile}`]
  const module = names.find(each => e.program.resolve(file, each) !== null) ?? known
  return moduleItself(e, file, module) ?? resolved(e, resolveExport(e.program, file, module, '*'), module)
}

/** The text of a `.sql` file that is imported like a module; null for other modules. */
function importedSql(e: Evaluator, file: string, module: string): Value | null {
  return module.includes('.sql') ? e.sqlFiles.imported(module, file) : null
}

export function resolved(e: Evaluator, resolution: Resolution | null, name: string): Value {
  switch (resolution?.kind) {
    case 'node':
      return evaluate(e, resolution.file, resolution.node, null)
    case 'namespace':
      return { kind: 'namespace', file: resolution.file }
    case 'interface':
      return { kind: 'typed', file: resolution.file, name: resolution.name }
    case 'external':
      return external(resolution.module, resolution.path)
    default:
      return unknown(name)
  }
}

/** Something of a package. Names that are themselves handles (`import { sql, db } from '@vercel/postgres'`) are so. */
export function external(module: string, path: string[]): Value {
  return { kind: 'external', module, path: path[0] === '*' ? path.slice(1) : path }
}
