/** The shape of `FileFacts`, and that its ids lead somewhere and never in a circle: see `extract/facts.ts`. */
import type {
  CallFacts,
  ClassFacts,
  ExprNode,
  FileFacts,
  FunctionFacts,
  ImportFacts,
  ParamFacts,
} from '../extract/facts.js'
import { diagnostic } from './map-shape.js'
import { bool, byKind, count, list, nullable, object, pair, record, type Shape, text } from './shape.js'

const node = byKind<ExprNode>({
  text: object({ text, at: count }),
  concat: object({ parts: list(count) }),
  choice: object<{ of: number[]; test?: string }>({ of: list(count), test: text }, 'test'),
  param: object({ fn: count, index: count }),
  import: object({ name: text }),
  module: object({ module: text }),
  variable: object({ name: text }),
  global: object({ name: text }),
  function: object({ fn: count }),
  class: object({ cls: count }),
  this: object({ cls: nullable(count) }),
  super: object({ cls: count }),
  member: object({ of: count, name: text }),
  index: object({ of: count, by: count }),
  call: object({ callee: count, args: list(count), at: count, types: list(text) }),
  new: object({ callee: count, args: list(count), at: count }),
  tagged: object({ tag: count, text: count, at: count }),
  object: object({ entries: list(pair(text, count)), at: count }),
  assign: object({ of: count, key: text, by: nullable(count), value: count }),
  array: object({ items: list(count) }),
  append: object({ of: count, items: list(count), maybe: bool }),
  spread: object({ of: count }),
  element: object({ of: count }),
  typed: object({ of: nullable(count), types: list(text) }),
  here: object({ folder: bool }),
  unknown: object({ code: text }),
})

const param = object<ParamFacts>({ name: text, types: list(text), default: nullable(count), rest: bool })

const fn = object<FunctionFacts>({
  name: text,
  params: list(param),
  cls: nullable(count),
  parent: nullable(count),
  returns: list(count),
  element: nullable(count),
  returnTypes: list(text),
  line: count,
})

const cls = object<ClassFacts>({
  name: text,
  extends: nullable(count),
  implements: list(text),
  fields: record(count),
  methods: record(count),
  constructor: nullable(count),
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
  variables: record(count),
  imports: record(object<ImportFacts>({ module: text, name: text })),
  exports: record(count),
  reexports: list(object({ module: text, name: text, as: text })),
  calls: list(call),
  lineStarts: list(count),
  diagnostics: list(diagnostic),
})

export const factsShape = ((value: unknown) => fields(value) && idsAreSound(value)) as Shape<FileFacts>

/** Nodes and functions come after what they are made of, so those who follow them come to an end. */
function idsAreSound(facts: FileFacts): boolean {
  const { nodes, functions, classes } = facts
  const isNode = (id: number | null): boolean => id === null || id < nodes.length
  const isFunction = (id: number | null): boolean => id === null || id < functions.length
  const isClass = (id: number | null): boolean => id === null || id < classes.length
  return (
    nodes.every((each, id) => {
      switch (each.kind) {
        case 'param':
        case 'function':
          return isFunction(each.fn)
        case 'class':
        case 'this':
        case 'super':
          return isClass(each.cls)
        default:
          return childrenOf(each).every(child => child === null || child < id)
      }
    }) &&
    functions.every(
      ({ parent, cls, returns, element, params }, id) =>
        (parent === null || parent < id) &&
        isClass(cls) &&
        returns.every(isNode) &&
        isNode(element) &&
        params.every(each => isNode(each.default)),
    ) &&
    classes.every(
      each =>
        isNode(each.extends) &&
        Object.values(each.fields).every(isNode) &&
        Object.values(each.methods).every(isFunction) &&
        isFunction(each.constructor),
    ) &&
    Object.values(facts.variables).every(isNode) &&
    Object.values(facts.exports).every(isNode) &&
    facts.calls.every(each => isNode(each.node) && isFunction(each.fn) && each.callbacks.every(isFunction))
  )
}

function childrenOf(node: ExprNode): (number | null)[] {
  switch (node.kind) {
    case 'concat':
      return node.parts
    case 'choice':
      return node.of
    case 'member':
    case 'spread':
    case 'element':
    case 'typed':
      return [node.of]
    case 'index':
      return [node.of, node.by]
    case 'call':
    case 'new':
      return [node.callee, ...node.args]
    case 'tagged':
      return [node.tag, node.text]
    case 'object':
      return node.entries.map(([, id]) => id)
    case 'assign':
      return [node.of, node.by, node.value]
    case 'array':
      return node.items
    case 'append':
      return [node.of, ...node.items]
    default:
      return []
  }
}
