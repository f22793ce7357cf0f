/** The shape of `FileFacts`, and that its ids lead somewhere and never in a circle: see `extract/facts.ts`. */
import type {
  Admission,
  CallFacts,
  Check,
  ClassFacts,
  Condition,
  DecoratorFacts,
  ExprNode,
  FileFacts,
  FunctionFacts,
  ImportFacts,
  ParamFacts,
} from '../extract/facts.js'
import { nodeParts } from '../extract/node-parts.js'
import { diagnostic } from './map-shape.js'
import {
  bool,
  byKind,
  count,
  list,
  maybe,
  nullable,
  object,
  oneOf,
  only,
  pair,
  record,
  type Shape,
  text,
} from './shape.js'

const not = maybe(only(true))
const numberOrBool: Shape<number | boolean> = (value): value is number | boolean =>
  typeof value === 'number' || typeof value === 'boolean'
const check = byKind<Check>({
  typeof: { of: count, type: text, not },
  array: { of: count, not },
  truthy: { of: count, not },
  missing: { of: count, not },
  equal: { of: count, text, loose: maybe(only(true)), not },
  same: { of: count, value: numberOrBool, loose: maybe(only(true)), not },
  nothing: { of: count, is: maybe(oneOf({ null: true, undefined: true })), not },
  has: { of: count, text, not },
  asked: { callee: count, args: list(count), not },
  other: {},
})
const condition = object<Condition>({ checks: list(check), holds: bool })

const node = byKind<ExprNode>({
  text: { text, at: count, number: maybe(only(true)) },
  concat: { parts: list(count), grows: maybe(only(true)) },
  choice: { of: list(count), test: maybe(text), when: maybe(condition), inTurn: not },
  loop: { before: count, of: list(count) },
  param: { fn: count, index: count },
  import: { name: text },
  module: { module: text, required: maybe(only(true)) },
  variable: { name: text },
  global: { name: text },
  function: { fn: count },
  class: { cls: count },
  this: { cls: nullable(count) },
  super: { cls: count },
  member: { of: count, name: text },
  index: { of: count, by: count },
  call: { callee: count, args: list(count), at: count, types: list(text) },
  new: { callee: count, args: list(count), at: count },
  tagged: { tag: count, text: count, at: count },
  awaited: { of: count },
  object: { entries: list(pair(text, count)), computed: maybe(list(pair(count, count))), at: count },
  assign: { of: count, key: text, by: nullable(count), value: count },
  array: { items: list(count) },
  append: { of: count, items: list(count), maybe: bool, front: maybe(only(true)) },
  grown: { of: count, call: count, index: nullable(count) },
  spread: { of: count },
  element: { of: count },
  typed: { of: nullable(count), types: list(text) },
  among: { of: count, set: count, when: maybe(condition) },
  admitted: { callee: count, index: count, answers: bool },
  here: { folder: bool },
  unknown: { code: text },
})

const param = object<ParamFacts>({
  name: text,
  types: list(text),
  default: nullable(count),
  rest: bool,
  required: maybe(only(true)),
  after: maybe(count),
})

const fn = object<FunctionFacts>({
  name: text,
  params: list(param),
  cls: nullable(count),
  parent: nullable(count),
  returns: list(count),
  returnsWhen: maybe(list(list(condition))),
  asks: maybe(condition),
  admits: maybe(list(object<Admission>({ index: count, set: count, answers: bool }))),
  element: nullable(count),
  returnTypes: list(text),
  decorators: maybe(list(object<DecoratorFacts>({ name: text, args: list(count) }))),
  start: count,
  end: count,
})

const cls = object<ClassFacts>({
  name: text,
  extends: nullable(count),
  implements: list(text),
  fields: record(count),
  methods: record(count),
  statics: record(count),
  constructor: nullable(count),
  superCall: nullable(count),
})

const call = object<CallFacts>({
  node: count,
  fn: nullable(count),
  start: count,
  end: count,
  callbacks: list(count),
})

const fields = object<FileFacts>({
  file: text,
  nodes: list(node),
  functions: list(fn),
  classes: list(cls),
  interfaces: record(list(text)),
  fieldTypes: record(record(list(text))),
  variables: record(count),
  shared: list(pair(text, count)),
  sharedTypes: record(list(text)),
  imports: record(object<ImportFacts>({ module: text, name: text })),
  exports: record(count),
  reexports: list(object({ module: text, name: text, as: text })),
  calls: list(call),
  catches: list(pair(count, count)),
  lineStarts: list(count),
  diagnostics: list(diagnostic),
})

export const factsShape = ((value: unknown) => fields(value) && idsAreSound(value)) as Shape<FileFacts>

/** Whoever follows ids, from a node to its parts or from a function to the one around it, must come to an end. */
function idsAreSound(facts: FileFacts): boolean {
  const { nodes, functions, classes } = facts
  const isNode = (id: number | null): boolean => id === null || id < nodes.length
  const isFunction = (id: number | null): boolean => id === null || id < functions.length
  const isClass = (id: number | null): boolean => id === null || id < classes.length
  return (
    nodes.every(each => {
      switch (each.kind) {
        case 'param':
        case 'function':
          return isFunction(each.fn)
        case 'class':
        case 'this':
        case 'super':
          return isClass(each.cls)
        case 'loop':
          return isNode(each.before) && each.of.every(isNode)
        default:
          return partsOf(each).every(isNode)
      }
    }) &&
    (areInOrder(nodes) || endsSomewhere(nodes)) &&
    functions.every(
      ({ parent, cls, returns, returnsWhen, asks, admits, element, params, decorators }, id) =>
        (parent === null || parent < id) &&
        isClass(cls) &&
        returns.every(isNode) &&
        (returnsWhen?.every(each => each.flatMap(conditionParts).every(isNode)) ?? true) &&
        (asks === undefined || conditionParts(asks).every(isNode)) &&
        (admits?.every(each => isNode(each.set)) ?? true) &&
        isNode(element) &&
        (decorators?.every(each => each.args.every(isNode)) ?? true) &&
        params.every(each => isNode(each.default) && isNode(each.after ?? null)),
    ) &&
    classes.every(
      each =>
        isNode(each.extends) &&
        Object.values(each.fields).every(isNode) &&
        Object.values(each.methods).every(isFunction) &&
        Object.values(each.statics).every(isFunction) &&
        isFunction(each.constructor),
    ) &&
    Object.values(facts.variables).every(isNode) &&
    Object.values(facts.exports).every(isNode) &&
    facts.shared.every(([, value]) => isNode(value)) &&
    facts.calls.every(each => isNode(each.node) && isFunction(each.fn) && each.callbacks.every(isFunction))
  )
}

/** Whether each node comes after its parts, as nearly always. */
function areInOrder(nodes: ExprNode[]): boolean {
  return nodes.every((node, id) => partsOf(node).every(part => part < id))
}

/** Whether no node is a part of itself, other than through a loop, where the evaluator expects it. */
function endsSomewhere(nodes: ExprNode[]): boolean {
  const isInOrder = (id: number): boolean => partsOf(nodes[id]).every(part => part < id)
  const state = new Uint8Array(nodes.length)
  const [OPEN, DONE] = [1, 2]
  for (let root = 0; root < nodes.length; root++) {
    // Nearly always parts come first.
    if (isInOrder(root) && partsOf(nodes[root]).every(part => state[part] === DONE)) {
      state[root] = DONE
      continue
    }
    const stack = [root]
    for (let id = stack.at(-1); id !== undefined; id = stack.at(-1)) {
      if (state[id] === 0) {
        state[id] = OPEN
        for (const part of partsOf(nodes[id])) {
          if (state[part] === DONE) continue
          if (state[part] === OPEN) return false
          stack.push(part)
        }
      } else {
        state[id] = DONE
        stack.pop()
      }
    }
  }
  return true
}

/** Nodes that a node consists of, with its tag, and those that its condition asks about. */
function partsOf(node: ExprNode): number[] {
  if (node.kind === 'tagged') return [node.tag, node.text]
  const parts = nodeParts(node)
  return (node.kind === 'choice' || node.kind === 'among') && node.when
    ? [...parts, ...conditionParts(node.when)]
    : parts
}

function conditionParts({ checks }: Condition): number[] {
  return checks.flatMap(each =>
    each.kind === 'other' ? [] : each.kind === 'asked' ? [each.callee, ...each.args] : [each.of],
  )
}
