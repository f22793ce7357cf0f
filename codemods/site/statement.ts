/** The SQL that a call executes, with its values in place. */
import type { OnlyText } from '../../analyzers/link/statements.js'
import type { Protocol } from '../drivers/driver.js'
import type { RewriteDialect } from '../wire.js'
import type { Wrapper } from '../wrapper/wrapper.js'
import { type Binding, isFunction } from './bindings.js'
import { followBuilder } from './builder.js'
import type { Assumed } from './conditions.js'
import { isGivenByCallers } from './given-by-callers.js'
import type { MakingCall } from './helpers/calls.js'
import { ADVICE } from './helpers/helper.js'
import { type WrittenOut, withHelpersWritten } from './helpers/index.js'
import type { Files } from './imported.js'
import { withoutNames } from './names-given.js'
import type { Node } from './parse.js'
import { type GivenValues, placeValues, type Value } from './place.js'
import { placeBuilt } from './place-built.js'
import { isAssigned, isPure, isStable } from './purity.js'
import { OneOfSeveral, Refusal } from './refusal.js'
import { readRows } from './rows.js'
import { tellingRows } from './rows-added.js'
import { bare, codeOf, type SourceFile } from './source-file.js'
import { readTag } from './tag.js'
import type { TemplatePart } from './template.js'

export interface SiteStatement {
  parts: TemplatePart[]
  /** Expressions of its values in order, where the call has one text and a list of them. */
  values?: string[]
  /** Calls that made a piece of its text, or values, and nothing else. */
  making?: MakingCall[]
}

/**
 * @param at where the call stands, if it is another one than is written there
 * @param assumed conditions of which only one branch is looked at
 * @param onlyText the text as the linker found it, where it is the only one
 * @throws Refusal
 */
export function readSiteStatement(
  file: SourceFile,
  call: Node,
  protocol: Protocol,
  onlyText: OnlyText | null,
  dialect: RewriteDialect,
  wrapper: Wrapper | null,
  files: Files,
  at: Node = call,
  assumed: readonly Assumed[] = [],
): SiteStatement {
  if (call.type === 'TaggedTemplateExpression') {
    return { parts: readTag(file, call) }
  }
  if (protocol.values === 'piece') return { parts: readTag(file, pieceHanded(file, call)) }
  const { text, values } = argumentsAt(file, call, protocol, wrapper)
  const growing = (): SiteStatement => {
    const built = followBuilder(file, text, values, statementAround(file, at), files, assumed)
    return { parts: placeBuilt(built, dialect, protocol) }
  }
  const asItStands = (): SiteStatement => {
    // What is there under conditions is followed, and so is what other callers than those that are seen may change.
    if (!onlyText || isGivenByCallers(file, text, onlyText.repeats.length > 0)) return growing()
    const list = readValues(file, call, values, protocol)
    // Values that are added to their list one by one are followed as those of a text that grows.
    if (list === 'changed') return growing()
    const given = { ...list, listed: withoutNames(file, text, values, list.listed) }
    const isListed = !given.named && !given.whole && onlyText.repeats.length === 0
    return {
      parts: placeValues(onlyText, given, dialect, protocol),
      ...(isListed ? { values: given.listed.map(({ code }) => code) } : {}),
    }
  }
  const added = call === at && values ? readRows(file, text, values, protocol, dialect, files) : null
  if (added) return { parts: added }
  try {
    return asItStands()
  } catch (error) {
    if (!(error instanceof Refusal) || call !== at) throw error
    const valuesOf = (from: SourceFile, each: Node): Node[] => {
      const own = argumentsAt(from, each, protocol, wrapper)
      return own.values ? [own.values] : []
    }
    const written = withHelpersWritten(file, call, valuesOf, files)
    if (!written) throw tellingRows(error, file, text, onlyText)
    return readWritten(written, protocol, dialect, wrapper, files, assumed)
  }
}

/** The same with the functions written out that make the text. */
function readWritten(
  written: WrittenOut,
  protocol: Protocol,
  dialect: RewriteDialect,
  wrapper: Wrapper | null,
  files: Files,
  assumed: readonly Assumed[],
): SiteStatement {
  const { file, call, making } = written
  try {
    const { text, values } = argumentsAt(file, call, protocol, wrapper)
    const built = followBuilder(file, text, values, statementAround(file, call), files, assumed)
    const parts = placeBuilt(built, dialect, protocol)
    for (const code of codeIn(parts)) {
      if (written.saysMade(code))
        throw new Refusal(
          `\`${code.slice(0, 60)}\`, which a function makes that puts its SQL text together, is not there at the call`,
          ADVICE,
        )
    }
    return { parts, making }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const reason = written.plain(error.message)
    if (error instanceof OneOfSeveral && !written.saysMade(error.test))
      throw new OneOfSeveral(error.test, reason, error.advice)
    throw new Refusal(reason, error.advice)
  }
}

/** All code that the parts hand over or ask. */
function codeIn(parts: readonly TemplatePart[]): string[] {
  return parts.flatMap(part => {
    if (part.kind === 'value' || part.kind === 'choice') return [part.code]
    if (part.kind === 'rows') return [part.code]
    if (part.kind === 'optional') return [part.test, ...codeIn(part.parts)]
    return part.kind === 'joined' ? codeIn(part.parts) : []
  })
}

/** The expressions of the text and of the values. */
function argumentsAt(
  file: SourceFile,
  call: Node,
  protocol: Protocol,
  wrapper: Wrapper | null,
): { text: Node; values: Node | null } {
  return wrapper ? wrapperArguments(call, wrapper) : argumentsOf(file, call, protocol)
}

/** The same of a function that hands them on; what else it takes has to be evaluated without effect. */
function wrapperArguments(call: Node, wrapper: Wrapper): { text: Node; values: Node | null } {
  const text = call.arguments?.[wrapper.text]
  const isRest = wrapper.protocol.values === 'rest'
  const before: Node[] = isRest ? call.arguments?.slice(0, wrapper.values) : call.arguments
  if (!text || before.some((each: Node) => each.type === 'SpreadElement')) {
    throw new Refusal('its arguments are not written one by one')
  }
  const elements: Node[] = isRest ? call.arguments.slice(wrapper.values) : []
  const listed = { type: 'ArrayExpression', start: elements[0]?.start ?? text.end, end: call.end, elements }
  const values = isRest
    ? elements.length > 0
      ? listed
      : null
    : wrapper.values === null
      ? null
      : (call.arguments[wrapper.values] ?? null)
  for (const argument of before) {
    if (argument === text || argument === values) continue
    if (!isPure(argument)) {
      throw new Refusal('the call evaluates something that would no longer be evaluated')
    }
  }
  return { text, values }
}

/** The template that a call gets as its only argument, also by way of a constant. */
function pieceHanded(file: SourceFile, call: Node): Node {
  const [first, ...more] = call.arguments as Node[]
  let node = first && more.length === 0 ? bare(first) : null
  if (node?.type === 'Identifier') {
    const binding = file.bindings.of(node)
    const init: Node | null =
      binding?.kind === 'const' && !binding.isAmbiguous ? binding.declaration.init : null
    node = init && bare(init)
    // Values of a template that was made before may be others by now.
    const values: Node[] = node?.quasi?.expressions ?? []
    if (!values.every(each => isPure(each, isPieceOfTag) && isStable(each, file.bindings))) node = null
  }
  if (node?.type === 'TaggedTemplateExpression') return node
  throw new Refusal('its SQL is not written beside the call, as a template', 'write it in the call')
}

/** `sql.array(ids, 'uuid')`, `sql.fragment`…``: makes a piece, and does nothing else. */
function isPieceOfTag(node: Node): boolean {
  const callee = node.type === 'TaggedTemplateExpression' ? node.tag : node.callee
  return callee !== undefined && /^sql$/.test(callee.object?.name ?? callee.name ?? '')
}

/** The same of a driver's own call. */
function argumentsOf(file: SourceFile, call: Node, protocol: Protocol): { text: Node; values: Node | null } {
  if (protocol.values === 'rest') {
    const [text, ...elements] = call.arguments
    return { text, values: { type: 'ArrayExpression', start: text.end, end: call.end, elements } }
  }
  const [first, second, ...more] = call.arguments
  if (more.length > 0) throw new Refusal('the call takes more than a text and its values (a callback?)')
  if (protocol.values === 'options') return { text: first, values: optionValues(second) }
  const plain = bare(first)
  const object =
    plain.type === 'ObjectExpression'
      ? plain
      : plain.type === 'Identifier' && file.bindings.of(plain)?.declaration.init?.type === 'ObjectExpression'
        ? file.bindings.of(plain)!.declaration.init
        : null
  if (!object) return { text: first, values: second ?? null }
  const entries = new Map<string, Node>(
    object.properties.map((property: Node) => [
      property.type === 'ObjectProperty' && !property.computed
        ? (property.key.name ?? property.key.value)
        : '',
      property.value,
    ]),
  )
  for (const key of entries.keys()) {
    if (!/^(?:sql|text|values|name)$/.test(key)) {
      throw new Refusal(`the call has the option \`${key || '…'}\`, which may change what it gives`)
    }
  }
  const text = entries.get('text') ?? entries.get('sql')
  if (!text) throw new Refusal('the call has no text in its options')
  return { text, values: entries.get('values') ?? second ?? null }
}

/** Sequelize's values, under the one or the other key. */
function optionValues(options: Node | undefined): Node | null {
  const properties: Node[] = options ? bare(options).properties : []
  return properties.find(({ key }) => /^(?:replacements|bind)$/.test(key?.name))?.value ?? null
}

/** Values by the order in which the call has them, or by name; `changed` where something is done to their list. */
function readValues(
  file: SourceFile,
  call: Node,
  node: Node | null,
  protocol: Protocol,
): GivenValues | 'changed' {
  const nothing: GivenValues = { listed: [], named: null, whole: null }
  if (!node) return nothing
  const plain = bare(node)
  switch (plain.type) {
    case 'ArrayExpression':
      return { ...nothing, listed: plain.elements.map((each: Node | null) => siteValue(file, each)) }
    case 'ObjectExpression':
      return { ...nothing, named: namedValues(file, plain) }
    case 'Identifier': {
      const binding = file.bindings.of(plain)
      const init = binding?.declaration.init && bare(binding.declaration.init)
      const isOwn = binding && (binding.kind === 'const' || binding.kind === 'let') && !binding.isAmbiguous
      if (isOwn && init?.type === 'ArrayExpression' && !isCopy(init)) {
        const items = init.elements.map((each: Node | null) => siteValue(file, each))
        const listed = movable(file, call, binding, init, items)
        return listed === null ? 'changed' : { ...nothing, listed }
      }
      if (protocol.values === 'single' && binding && isPrimitive(binding)) {
        return { ...nothing, listed: [{ code: codeOf(file, plain), isSpread: false }] }
      }
      return { ...nothing, whole: { code: codeOf(file, plain), isSpread: true } }
    }
    default:
      if (protocol.values === 'single')
        return { ...nothing, listed: [{ code: codeOf(file, plain), isSpread: false }] }
      return { ...nothing, whole: { code: codeOf(file, plain), isSpread: true } }
  }
}

/** `[...new Set(ids)]`: a list like any other that is not written out. */
function isCopy({ elements }: Node): boolean {
  return elements.length === 1 && elements[0]?.type === 'SpreadElement'
}

/** One value by its type, and no list of values. */
function isPrimitive({ identifier }: Binding): boolean {
  const type = identifier.typeAnnotation?.typeAnnotation.type ?? ''
  return /^TS(?:String|Number|Boolean|BigInt)Keyword$/.test(type)
}

/**
 * Values listed in a variable: their expressions where these mean the same at the call, else `params[0]`. Null where
 * the list may have changed by then.
 */
function movable(file: SourceFile, call: Node, binding: Binding, init: Node, items: Value[]): Value[] | null {
  const isOnlyHandedOn = binding.references.every(({ around }) => {
    const parent = around.at(-1)
    return parent === call || (parent?.type === 'ObjectProperty' && around.includes(call))
  })
  if (!isOnlyHandedOn) {
    // Another statement runs with the same list: it may be handed on, but not added to.
    const isRead = binding.references.every(({ around }) => {
      const parent = around.at(-1)
      return (
        parent?.type === 'CallExpression' ||
        parent?.type === 'ObjectProperty' ||
        parent?.type === 'SpreadElement'
      )
    })
    if (!isRead) return null
  }
  const areStable = init.elements.every(
    (each: Node) => isPure(each) && (isStable(each, file.bindings) || isSetBefore(file, each, init, call)),
  )
  return areStable
    ? items
    : items.map((item, index) => {
        if (item.isSpread) throw new Refusal('its values are spread out of another list')
        return { code: `${binding.name}[${index}]`, isSpread: false }
      })
}

/** A variable that is set before the list is made, and never again, in the function that has the call. */
function isSetBefore({ bindings }: SourceFile, node: Node, list: Node, call: Node): boolean {
  const binding = node.type === 'Identifier' ? bindings.of(node) : null
  const functionOf = (each: Node): Node | undefined => bindings.around(each).findLast(isFunction)
  const here = functionOf(call)
  const isHere = (each: Node): boolean => functionOf(each) === here
  return (
    binding !== null &&
    !binding.isAmbiguous &&
    [list, binding.identifier].every(isHere) &&
    binding.references.every(({ node: each, around }) => {
      const { type, operator, left, end }: Node = around.at(-1)!
      const isSet = type === 'AssignmentExpression' && operator === '=' && left === each
      return isSet ? isHere(each) && end <= list.start : !isAssigned([{ node: each, around }])
    })
  )
}

function siteValue(file: SourceFile, node: Node | null): Value {
  if (!node) throw new Refusal('its list of values has a gap')
  if (node.type === 'SpreadElement') return { code: codeOf(file, node.argument), isSpread: true }
  return { code: codeOf(file, node), isSpread: false }
}

function namedValues(file: SourceFile, object: Node): Map<string, Value> {
  return new Map(
    object.properties.map((property: Node) => {
      if (property.type !== 'ObjectProperty' || property.computed) {
        throw new Refusal('its named values are not listed one by one')
      }
      return [property.key.name ?? String(property.key.value), siteValue(file, property.value)]
    }),
  )
}

/** The statement of a block in which a call stands. */
export function statementAround(file: SourceFile, call: Node): Node {
  const around = file.bindings.around(call)
  for (let at = around.length - 1; at > 0; at--) {
    const parent = around[at - 1]!
    if (parent.type === 'BlockStatement' || parent.type === 'Program' || parent.type === 'SwitchCase')
      return around[at]!
  }
  return call
}
