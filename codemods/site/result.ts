/**
 * What becomes of a call's result, and so what has to change when the call gives rows (or the result of a write)
 * instead of what the driver gave.
 */
import type { ResultForm } from '../drivers/driver.js'
import type { Binding } from './bindings.js'
import type { Node } from './parse.js'
import { Refusal } from './refusal.js'
import { codeOf, type SourceFile, WRAPPERS } from './source-file.js'

/** A piece of the file replaced. */
export interface TextEdit {
  start: number
  end: number
  text: string
}

export interface ResultEdit {
  /** Edits beside the call itself. */
  edits: TextEdit[]
  /** What is written after the new call: `.then(…)`. */
  after: string
  /** Nothing looks at the result. */
  isDiscarded: boolean
}

/** What of the driver's result is meant, and how it is had from the client's. */
interface Access {
  /** The part of a tuple or object that is looked at. */
  part: 'rows' | 'count'
}

const FIELDS_ADVICE = 'read what it needs from the rows, or call the client by hand'

/**
 * @param form what the driver's call gives
 * @param isWrite the client's call gives the driver's own result object: `{ rows, rowCount }` of PostgreSQL, and
 * MySQL's without the tuple around it
 * @param column the only one of its rows, where the driver gives its values alone
 * @param unfollowed why an unknown form is unknown, if not by the driver
 * @throws Refusal where the result goes somewhere that is not followed
 */
export function readResult(
  file: SourceFile,
  call: Node,
  form: ResultForm,
  isWrite: boolean,
  column: string | null = null,
  unfollowed: Refusal | null = null,
): ResultEdit {
  const { outer, isAwaited, parent, around, cast } = outermost(file, call, form)
  const reader = createReader(file, form)
  if (isDropped(parent)) {
    // That there is a row is asked for, though nothing looks at it.
    if (rowHelperOf(form)) return { edits: [], after: afterCall(form, isWrite, column)!, isDiscarded: false }
    return { edits: [], after: '', isDiscarded: true }
  }
  if (form === 'nothing') throw new Refusal('its result, which is always null, is looked at')
  if (form === 'unknown') {
    if (unfollowed) throw unfollowed
    throw new Refusal(
      'what its driver gives of a write is looked at',
      'read the number of rows from the result of the client',
    )
  }
  if (cast) {
    const isTaken = isAwaited && parent.type === 'VariableDeclarator' && parent.id.type === 'ArrayPattern'
    if (!isTaken || parent.id.typeAnnotation) throw new Refusal(CAST)
    const { edits } = reader.readTuplePattern(parent.id, cast.type)
    return { edits: [...edits, ...cast.edits], after: '', isDiscarded: false }
  }
  const chain = isAwaited ? null : handledChain(outer, around)
  if (chain && KEPT.test(form)) return readChain(file, chain, form, isWrite)
  if (form === 'object' && isWrite) {
    reader.checkWriteUses(outer, parent, isAwaited, around)
    return { edits: [], after: '', isDiscarded: false }
  }
  if (form === 'counted') return reader.readCount(outer, parent)
  const taken = rowPattern(call, form, isWrite, around)
  if (taken) return { edits: [taken], after: '', isDiscarded: false }
  const after = afterCall(form, isWrite, column)
  if (after !== null) return { edits: [], after, isDiscarded: false }
  if (isAwaited) {
    const direct = reader.readPosition(outer, parent, around)
    if (direct) return direct
    throw new Refusal('its result leaves the function as the driver gave it', FIELDS_ADVICE)
  }
  const inAll = elementOfPromiseAll(outer, parent, around)
  if (inAll === 'nothing') return { edits: [], after: '', isDiscarded: true }
  if (inAll) return reader.readTarget(inAll)
  const then = thenCallback(parent, outer, around)
  if (then === 'nothing') return { edits: [], after: '', isDiscarded: true }
  if (then) return reader.readParameter(then)
  throw new Refusal('its result leaves the function as the driver gave it', FIELDS_ADVICE)
}

/** Whether nothing takes what stands in a node. */
function isDropped({ type, operator }: Node): boolean {
  return type === 'ExpressionStatement' || (type === 'UnaryExpression' && operator === 'void')
}

/** `const patient = await …` of one row: `const [patient = null] = await …`. */
function rowPattern(call: Node, form: ResultForm, isWrite: boolean, around: Node[]): TextEdit | null {
  const [declarator, awaiting] = [around.at(-1)!, around.at(-1)?.init]
  if ((form !== 'row' && form !== 'first') || isWrite || declarator.type !== 'VariableDeclarator') return null
  // A cast, or a type of the variable, speaks of the row.
  const isPlain = awaiting?.type === 'AwaitExpression' && awaiting.argument === call
  const { type, typeAnnotation, start, end, name } = declarator.id as Node
  if (!isPlain || type !== 'Identifier' || typeAnnotation) return null
  return { start, end, text: form === 'row' ? `[${name} = null]` : `[${name}]` }
}

/** What makes the driver's result of the client's; null where the place that takes it has to change instead. */
function afterCall(form: ResultForm, isWrite: boolean, column: string | null): string | null {
  const value = propertyCode(column ?? '')
  // Of a write the client gives an object that has the rows.
  const row = isWrite ? '{ rows: [row] }' : '[row]'
  switch (form) {
    case 'rows':
      return isWrite ? `.then(({ rows }) => rows)` : ''
    case 'first':
      return `.then((${row}) => row)`
    case 'row':
      return `.then((${row}) => row ?? null)`
    case 'optional':
    case 'optional or undefined':
    case 'one':
    case 'some':
      return isWrite ? `.then(({ rows }) => ${ROW_HELPERS[form]}(rows))` : `.then(${ROW_HELPERS[form]})`
    case 'values':
      return isWrite
        ? `.then(({ rows }) => rows.map(row => row${value}))`
        : `.then(rows => rows.map(row => row${value}))`
    case 'some values':
      return `${afterCall('some', isWrite, column)}.then(rows => rows.map(row => row${value}))`
    case 'one value':
      return `${afterCall('one', isWrite, column)}.then(row => row${value})`
    case 'optional value':
      return `${afterCall('optional', isWrite, column)}.then(row => row && row${value})`
    case 'header':
      return ''
    case 'big header':
      return '.then(result => ({ ...result, insertId: BigInt(result.insertId) }))'
    case 'affectedRows':
    case 'insertId':
      return `.then(result => result.${form})`
    case 'none':
      return '.then(() => null)'
    case 'rowCount':
      return isWrite ? '.then(result => result.rowCount)' : '.then(rows => rows.length)'
    default:
      return null
  }
}

/** Functions of the runtime that hold rows to the number that the driver's method expects. */
export const ROW_HELPERS = {
  one: 'oneRow',
  optional: 'rowOrNull',
  'optional or undefined': 'rowOrUndefined',
  some: 'someRows',
} as const

/** The function that a form needs. */
export function rowHelperOf(form: ResultForm): string | null {
  const base = form.replace(/ values?$/, '')
  return Object.entries(ROW_HELPERS).find(([each]) => each === base)?.[1] ?? null
}

function propertyCode(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`
}

const CAST = 'a cast of its result speaks of the driver'

/** `… as [User[], unknown]`: the type of the rows, and edits that take it away. */
interface TupleCast {
  /** All of the cast. */
  outer: Node
  type: Node
  edits: TextEdit[]
}

/** The call with what only wraps it: `await`, parentheses, casts. */
function outermost(
  file: SourceFile,
  call: Node,
  form: ResultForm,
): { outer: Node; isAwaited: boolean; parent: Node; around: Node[]; cast: TupleCast | null } {
  const around = [...file.bindings.around(call)]
  let outer = call
  let isAwaited = false
  let cast: TupleCast | null = null
  for (;;) {
    const parent = around.at(-1)!
    const tuple: TupleCast | null = form === 'tuple' ? tupleCast(parent, outer, around.at(-2)) : null
    if (tuple) {
      cast = tuple
      outer = tuple.outer
      while (around.pop() !== outer);
      continue
    }
    if (parent.type === 'AwaitExpression') isAwaited = true
    else if (parent.type === 'TSAsExpression' && parent.typeAnnotation.type !== 'TSAnyKeyword') {
      if (form === 'tuple' || form === 'object') throw new Refusal(CAST)
    } else if (!WRAPPERS.has(parent.type)) return { outer, isAwaited, parent, around, cast }
    outer = parent
    around.pop()
  }
}

/** `as [User[], unknown]`, also by way of `unknown`. */
function tupleCast(parent: Node, inner: Node, above: Node | undefined): TupleCast | null {
  if (parent.type !== 'TSAsExpression') return null
  const isUnknown = parent.typeAnnotation.type === 'TSUnknownKeyword' && above?.type === 'TSAsExpression'
  const last: Node = isUnknown ? above! : parent
  const [type] =
    last.typeAnnotation.type === 'TSTupleType' ? (last.typeAnnotation.elementTypes as Node[]) : []
  if (!type) return null
  const open: number | undefined = inner.extra?.parenStart
  const edits = open === undefined ? [] : [{ start: open, end: inner.start, text: '' }]
  return { outer: last, type, edits: [...edits, { start: inner.end, end: last.end, text: '' }] }
}

function createReader(file: SourceFile, form: ResultForm) {
  const ok = (edits: TextEdit[], after = ''): ResultEdit => ({ edits, after, isDiscarded: false })

  /** `const [rows] = …`, `(…)[0]`, `(…).rows`. */
  function readPosition(outer: Node, parent: Node, around: Node[]): ResultEdit | null {
    if (parent.type === 'VariableDeclarator' && parent.init === outer) return readTarget(parent.id)
    if (parent.type === 'AssignmentExpression' && parent.right === outer && parent.operator === '=') {
      if (parent.left.type === 'ArrayPattern' || parent.left.type === 'ObjectPattern')
        return readTarget(parent.left)
      return parent.left.type === 'Identifier' ? readAssigned(parent.left) : null
    }
    if (isMember(parent) && parent.object === outer) {
      const access = accessOf(parent)
      if (!access) throw unknownPart(parent)
      return ok(replaceMember(outer, parent, around, access))
    }
    return null
  }

  /** A pattern or variable that takes the result. */
  function readTarget(target: Node): ResultEdit {
    switch (target.type) {
      case 'ArrayPattern':
        if (form !== 'tuple') break
        return readTuplePattern(target)
      case 'ObjectPattern':
        if (form !== 'object') break
        return readObjectPattern(target)
      case 'Identifier': {
        const binding = file.bindings.of(target)
        if (!binding || binding.kind === 'param' || binding.isAmbiguous) break
        if (target.typeAnnotation && target.typeAnnotation.typeAnnotation.type !== 'TSAnyKeyword') {
          throw new Refusal('the variable that takes its result has a type that speaks of the driver')
        }
        return binding.references.some(isTarget) ? keepShape(binding) : ok(readVariable(binding))
      }
      default:
        break
    }
    throw new Refusal('its result is taken apart in a way that is not followed', FIELDS_ADVICE)
  }

  /** @param cast type of the rows, where a cast tells it */
  function readTuplePattern(pattern: Node, cast: Node | null = null): ResultEdit {
    const [first, ...rest] = pattern.elements as (Node | null)[]
    for (const element of rest) {
      const binding = element?.type === 'Identifier' ? file.bindings.of(element) : null
      if (element && (!binding || binding.references.length > 0)) {
        throw new Refusal('it looks at the descriptions of the columns too', FIELDS_ADVICE)
      }
    }
    if (!first || first.type === 'RestElement' || first.type === 'AssignmentPattern') {
      throw new Refusal('its result is taken apart in a way that is not followed', FIELDS_ADVICE)
    }
    const annotation = pattern.typeAnnotation as Node | undefined
    const isAny = annotation?.typeAnnotation.type === 'TSAnyKeyword'
    const tuple: Node | null =
      annotation?.typeAnnotation.type === 'TSTupleType' ? annotation.typeAnnotation.elementTypes[0] : cast
    if (annotation && !isAny && !tuple) {
      throw new Refusal('the variable that takes its result has a type that speaks of the driver')
    }
    const type = tuple ? `: ${codeOf(file, tuple)}` : isAny ? ': any' : ''
    const end = annotation ? annotation.end : pattern.end
    return ok([{ start: pattern.start, end, text: `${codeOf(file, first)}${type}` }])
  }

  function readObjectPattern(pattern: Node): ResultEdit {
    const annotation = pattern.typeAnnotation as Node | undefined
    if (annotation && annotation.typeAnnotation.type !== 'TSAnyKeyword') {
      throw new Refusal('the variable that takes its result has a type that speaks of the driver')
    }
    const properties = pattern.properties as Node[]
    for (const property of properties) {
      const key = property.type === 'ObjectProperty' && !property.computed ? property.key.name : null
      if (key !== 'rows' && key !== 'rowCount') {
        throw new Refusal(`it looks at \`${key ?? '…'}\` of the result`, FIELDS_ADVICE)
      }
    }
    const [only] = properties
    if (properties.length === 1 && only!.key.name === 'rows' && only!.value.type !== 'AssignmentPattern') {
      const type = annotation ? ': any' : ''
      return ok([
        {
          start: pattern.start,
          end: annotation ? annotation.end : pattern.end,
          text: `${codeOf(file, only!.value)}${type}`,
        },
      ])
    }
    return ok([], '.then(rows => ({ rows, rowCount: rows.length }))')
  }

  /** `let result; if (own) result = await …; else result = await …`: of the others it may still be the driver's. */
  function readAssigned(target: Node): ResultEdit | null {
    const binding = file.bindings.of(target)
    if (!binding || binding.kind === 'param') return null
    if (!takesAnything(file, binding))
      throw new Refusal('the variable that takes its result has a type that speaks of the driver')
    return keepShape(binding)
  }

  /** A variable that others are assigned to as well: its uses stay, and the rows become an object like the driver's. */
  function keepShape(binding: Binding): ResultEdit {
    const names = form === 'object' ? partsLookedAt(binding) : null
    if (!names)
      throw new Refusal('its variable gets other results too, and is looked at as a whole', FIELDS_ADVICE)
    const counts = names.has('rowCount')
    // What is assigned later was made for the driver's type, where the number may be null.
    if (counts && !takesAnything(file, binding))
      throw new Refusal(
        'its variable gets other results too, whose number of rows is looked at',
        FIELDS_ADVICE,
      )
    return ok([], counts ? '.then(rows => ({ rows, rowCount: rows.length }))' : '.then(rows => ({ rows }))')
  }

  /** All uses of a variable that held the driver's result: each has to look at a part that there still is. */
  function readVariable(binding: Binding): TextEdit[] {
    return binding.references.flatMap(({ node, around }) => {
      const parent = around.at(-1)!
      const access = isMember(parent) && parent.object === node ? accessOf(parent) : null
      if (!access) throw new Refusal('its result leaves the function as the driver gave it', FIELDS_ADVICE)
      return [{ start: parent.start, end: parent.end, text: partOf(binding.name, access) }]
    })
  }

  /** The parameter of a callback of `.then`. */
  function readParameter(parameter: Node): ResultEdit {
    if (parameter.type === 'ArrayPattern' || parameter.type === 'ObjectPattern') return readTarget(parameter)
    const binding = parameter.type === 'Identifier' ? file.bindings.of(parameter) : null
    if (!binding || parameter.typeAnnotation) {
      throw new Refusal('its result is taken apart in a way that is not followed', FIELDS_ADVICE)
    }
    return ok(readVariable(binding))
  }

  function accessOf(member: Node): Access | null {
    const { computed, property } = member
    if (form === 'tuple') {
      return computed && property.type === 'NumericLiteral' && property.value === 0 ? { part: 'rows' } : null
    }
    if (computed) return null
    if (property.name === 'rows') return { part: 'rows' }
    return property.name === 'rowCount' ? { part: 'count' } : null
  }

  function partOf(code: string, { part }: Access): string {
    return part === 'rows' ? code : `${code}.length`
  }

  /** `(await call)[0]`: the index goes, and the parentheses where nothing needs them. */
  function replaceMember(outer: Node, member: Node, around: Node[], access: Access): TextEdit[] {
    const above = around.at(-2)
    const isPlain =
      access.part === 'rows' &&
      (above?.type === 'VariableDeclarator' ||
        above?.type === 'ReturnStatement' ||
        (above?.type === 'ArrowFunctionExpression' && above.body === member))
    const after = access.part === 'count' ? '.length' : ''
    const open: number | undefined = outer.extra?.parenStart
    if (open === undefined) return [{ start: outer.end, end: member.end, text: after }]
    if (!isPlain) return [{ start: file.text.indexOf(')', outer.end) + 1, end: member.end, text: after }]
    return [
      { start: open, end: outer.start, text: '' },
      { start: outer.end, end: member.end, text: '' },
    ]
  }

  function unknownPart(member: Node): Refusal {
    return new Refusal(`it looks at \`${codeOf(file, member).slice(-30)}\` of the result`, FIELDS_ADVICE)
  }

  /** A write of PostgreSQL gives `{ rows, rowCount }` as before: nothing but these may be looked at. */
  function checkWriteUses(outer: Node, parent: Node, isAwaited: boolean, around: Node[]): undefined {
    const known = (name: string | null): undefined => {
      if (name !== 'rows' && name !== 'rowCount') {
        throw new Refusal(`it looks at \`${name ?? '…'}\` of the result`, FIELDS_ADVICE)
      }
    }
    const memberName = (member: Node): string | null => (member.computed ? null : member.property.name)
    if (isMember(parent) && parent.object === outer && isAwaited) return known(memberName(parent))
    const then = isAwaited ? null : thenCallback(parent, outer, around)
    if (then === 'nothing') return
    if (then) return checkTaken(then)
    const assigned =
      parent.type === 'AssignmentExpression' && parent.operator === '=' && parent.right === outer
        ? file.bindings.of(parent.left)
        : null
    if (assigned && takesAnything(file, assigned) && partsLookedAt(assigned)) return
    if (parent.type !== 'VariableDeclarator') {
      throw new Refusal('its result leaves the function as the driver gave it', FIELDS_ADVICE)
    }
    checkTaken(parent.id)

    function checkTaken(target: Node): undefined {
      const type: Node | undefined = target.typeAnnotation?.typeAnnotation
      if (type && type.type !== 'TSAnyKeyword')
        throw new Refusal('the variable that takes its result has a type that speaks of the driver')
      if (target.type === 'ObjectPattern') {
        for (const property of target.properties) known(property.key?.name ?? null)
        return
      }
      for (const { node, around: outside } of file.bindings.of(target)?.references ?? []) {
        const user = outside.at(-1)!
        known(isMember(user) && user.object === node ? memberName(user) : null)
      }
    }
  }

  /** postgres.js tells of a write by `count` what pg tells by `rowCount`; there is nothing else to look at. */
  function readCount(outer: Node, parent: Node): ResultEdit {
    const renamed = (member: Node): TextEdit => {
      if (!isMember(member) || member.computed || member.property.name !== 'count') throw unknownPart(member)
      return { start: member.property.start, end: member.property.end, text: 'rowCount' }
    }
    if (isMember(parent) && parent.object === outer) return ok([renamed(parent)])
    const binding = parent.type === 'VariableDeclarator' ? file.bindings.of(parent.id) : null
    if (!binding) throw new Refusal('its result leaves the function as the driver gave it', FIELDS_ADVICE)
    return ok(binding.references.map(({ around }) => renamed(around.at(-1)!)))
  }

  return { readPosition, readTarget, readTuplePattern, readParameter, checkWriteUses, readCount }
}

/** A variable that has no type of its own, so that it may take a result of another one. */
function takesAnything(file: SourceFile, binding: Binding): boolean {
  const { kind, isAmbiguous, declaration, identifier } = binding
  if (kind === 'param' || isAmbiguous || declaration.type !== 'VariableDeclarator') return false
  if (!file.isTypeScript) return true
  if (identifier.typeAnnotation) return identifier.typeAnnotation.typeAnnotation.type === 'TSAnyKeyword'
  return !declaration.init || declaration.init.type === 'NullLiteral'
}

/** `rows` and `rowCount` of a variable, if nothing else of it is looked at, and no use hands it on. */
function partsLookedAt(binding: Binding): Set<string> | null {
  const names = new Set<string>()
  for (const reference of binding.references) {
    const user = reference.around.at(-1)!
    if (isTarget(reference) || (user.type === 'UnaryExpression' && user.operator === '!')) continue
    const isPart = isMember(user) && user.object === reference.node && !user.computed
    if (!isPart || !/^(?:rows|rowCount)$/.test(user.property.name)) return null
    names.add(user.property.name)
  }
  return names
}

function isTarget({ node, around }: Binding['references'][number]): boolean {
  const user = around.at(-1)!
  return user.type === 'AssignmentExpression' && user.left === node && user.operator === '='
}

function isMember(node: Node): boolean {
  return node.type === 'MemberExpression' || node.type === 'OptionalMemberExpression'
}

/** In `const [a, [rows]] = await Promise.all([x, call])`: the pattern that takes the call's result, if one does. */
function elementOfPromiseAll(outer: Node, array: Node, around: Node[]): Node | 'nothing' | null {
  const all = around.at(-2)
  if (array.type !== 'ArrayExpression' || all?.type !== 'CallExpression') return null
  const { callee } = all
  const isAll =
    callee.type === 'MemberExpression' && callee.object.name === 'Promise' && callee.property.name === 'all'
  if (!isAll || around.at(-3)?.type !== 'AwaitExpression') return null
  if (array.elements.some((each: Node | null) => !each || each.type === 'SpreadElement')) return null
  const user = around.at(-4)
  if (user?.type === 'ExpressionStatement') return 'nothing'
  if (user?.type !== 'VariableDeclarator' || user.id.type !== 'ArrayPattern' || user.id.typeAnnotation)
    return null
  if (user.id.elements.some((each: Node | null) => each?.type === 'RestElement')) return null
  return user.id.elements[array.elements.indexOf(outer)] ?? 'nothing'
}

/** The parameter of the callback in `call.then(callback)`, if it takes one. */
function thenCallback(parent: Node, outer: Node, around: Node[]): Node | 'nothing' | null {
  const call = around.at(-2)
  if (!isMember(parent) || parent.object !== outer || parent.property.name !== 'then') return null
  const [callback, second] = call?.type === 'CallExpression' ? call.arguments : []
  if (second || !/^(?:ArrowFunction|Function)Expression$/.test(callback?.type ?? '')) return null
  const [parameter, ...more] = callback.params as Node[]
  return more.length > 0 ? null : (parameter ?? 'nothing')
}

/** A promise with what handles its errors, `call.catch(…)`, and what stands around that, innermost last. */
interface Chain {
  outer: Node
  isAwaited: boolean
  around: Node[]
}

/** Forms of which what handles the errors may give another one in the place of. */
const KEPT = /^(?:object|tuple)$/

function handledChain(call: Node, callAround: Node[]): Chain | null {
  const around = [...callAround]
  let outer = call
  for (;;) {
    const [made, member] = around.slice(-2) as (Node | undefined)[]
    const isHandled =
      member !== undefined &&
      isMember(member) &&
      member.object === outer &&
      /^(?:catch|finally)$/.test(member.computed ? '' : member.property.name) &&
      made?.type === 'CallExpression' &&
      made.callee === member
    if (!isHandled) break
    outer = made!
    around.splice(-2)
  }
  if (outer === call) return null
  let isAwaited = false
  while (around.at(-1)!.type === 'AwaitExpression' || around.at(-1)!.type === 'ParenthesizedExpression') {
    outer = around.pop()!
    isAwaited ||= outer.type === 'AwaitExpression'
  }
  return { outer, isAwaited, around }
}

/**
 * What handles an error gives may stand for the driver's result, so the client's gets its form, before the errors are
 * handled, and whoever takes either stays as it is.
 *
 * @throws Refusal where more of it is looked at than there still is
 */
function readChain(
  file: SourceFile,
  { outer, isAwaited, around }: Chain,
  form: ResultForm,
  isWrite: boolean,
): ResultEdit {
  const parent = around.at(-1)!
  const nothing: ResultEdit = { edits: [], after: '', isDiscarded: true }
  if (isDropped(parent)) return nothing
  const inAll = isAwaited ? null : elementOfPromiseAll(outer, parent, around)
  if (inAll === 'nothing') return nothing
  const isTaken = isAwaited && parent.type === 'VariableDeclarator' && parent.init === outer
  const target = isTaken ? (parent.id as Node) : inAll
  const isPart = isAwaited && isMember(parent) && parent.object === outer
  const names = isPart ? partNamed(parent, form) : target && partsTaken(file, target, form)
  if (!names) throw new Refusal('its result, or what handles its errors, leaves the function', FIELDS_ADVICE)
  if (form === 'tuple') return { edits: [], after: `.then(${TUPLE[String(isWrite)]})`, isDiscarded: false }
  if (isWrite) return { ...nothing, isDiscarded: false }
  const count = names.has('rowCount') ? ', rowCount: rows.length' : ''
  return { edits: [], after: `.then(rows => ({ rows${count} }))`, isDiscarded: false }
}

const TUPLE: Record<string, string> = { false: 'rows => [rows]', true: 'result => [result]' }

/** `rows`, `rowCount`, or `0` of a tuple, as a member asks for it. */
function partNamed({ computed, property }: Node, form: ResultForm): Set<string> | null {
  const isFirst = computed && property.type === 'NumericLiteral' && property.value === 0
  if (form === 'tuple') return isFirst ? new Set(['0']) : null
  return !computed && /^(?:rows|rowCount)$/.test(property.name) ? new Set([property.name]) : null
}

/** What a pattern or a variable takes of a result. */
function partsTaken(file: SourceFile, target: Node, form: ResultForm): Set<string> | null {
  if (target.typeAnnotation) return null
  if (form === 'tuple') {
    const [first, ...rest] = target.type === 'ArrayPattern' ? (target.elements as (Node | null)[]) : []
    const isUsed = (each: Node | null): boolean =>
      each !== null && (each.type !== 'Identifier' || file.bindings.of(each)!.references.length > 0)
    return first && first.type !== 'RestElement' && !rest.some(isUsed) ? new Set(['0']) : null
  }
  if (target.type === 'Identifier') {
    const binding = file.bindings.of(target)
    return binding && binding.kind !== 'param' && !binding.isAmbiguous ? partsLookedAt(binding) : null
  }
  if (target.type !== 'ObjectPattern') return null
  const keys = (target.properties as Node[]).map(({ computed, key }) => (computed ? '' : (key?.name ?? '')))
  return keys.every(key => /^(?:rows|rowCount)$/.test(key)) ? new Set(keys) : null
}
