/** Functions that hand a text and its values on to a driver: what they give of the driver's result. */
import type { Protocol, ResultForm, RowsForm } from '../drivers/driver.js'
import { protocolOf } from '../drivers/index.js'
import type { RewriteDialect } from '../wire.js'
import { isFunction } from './bindings.js'
import { CHANGES } from './growth.js'
import { type Node, visit } from './parse.js'
import { isAssigned, isPure } from './purity.js'
import { Refusal } from './refusal.js'
import { bare, codeOf, type SourceFile, WRAPPERS } from './source-file.js'

export interface Wrapper {
  protocol: Protocol
  /** Indices of the parameters that take the text and the values; null where it takes no values. */
  text: number
  values: number | null
  /** It does something beside handing on, such as logging, that a call of the client leaves out. */
  doesMore: boolean
  /** The calls in it that hand the text on, each to the driver or to another of these functions. */
  runs: WrapperCall[]
}

export interface WrapperCall {
  file: SourceFile
  fn: Node
  call: Node
  /** Null where it is the driver's. */
  inner: Wrapper | null
}

export interface WrapperContext {
  driver: string
  dialect: RewriteDialect
  open(path: string): SourceFile | null
  /** File that an import of a file means. */
  resolve(from: string, specifier: string): string | null
}

const MAX_DEPTH = 4

/** What a value inside of the function is: the driver's result of a read and of a write, or a part of it. */
interface Form {
  read: RowsForm
  write: ResultForm
}

/**
 * @param name of the function or method
 * @throws Refusal where what it gives is not the driver's result or a part of that
 */
export function readWrapper(path: string, name: string, context: WrapperContext, depth = 0): Wrapper {
  const file = context.open(path)
  const fn = file && functionNamed(file, name)
  if (!file || !fn || depth > MAX_DEPTH || fn.generator) throw unknown(name, path)
  return createReader(file, fn, context, depth, () => unknown(name, path)).read()
}

function unknown(name: string, path: string): Refusal {
  const called = name || 'a function'
  return new Refusal(
    `it is executed by ${called} of ${path}, which does more than hand on the text and its result`,
    `call the client in its place by hand, and do there what ${called} does`,
  )
}

/** The one function of that name in a file. */
function functionNamed(file: SourceFile, name: string): Node | null {
  const found: Node[] = []
  visit(file.program, (node, around) => {
    if (!isFunction(node) || !node.body) return
    const parent = around.at(-1)
    const own =
      node.id?.name ?? node.key?.name ?? (parent?.type === 'VariableDeclarator' ? parent.id.name : null)
    if (own === name) found.push(node)
  })
  return found.length === 1 ? found[0]! : null
}

/** Objects whose methods tell what happens, and change nothing of it. */
const TELLS = /(?:^|\.)(?:console|logger|log|metrics|debug)(?:$|[.[(])|^this\.log/i

function createReader(
  file: SourceFile,
  fn: Node,
  context: WrapperContext,
  depth: number,
  fail: () => Refusal,
) {
  /** Forms of what the function gives, one for each place that gives something. */
  const given: Form[] = []
  const followed = new Set<Node>()

  function read(): Wrapper {
    const sinks: { call: Node; inner: Wrapper; text: number; values: number | null }[] = []
    visit(fn.body, node => {
      if (node.type !== 'CallExpression') return
      const sink = sinkOf(node)
      if (sink) sinks.push(sink)
      else if (isOtherStatement(node)) throw fail()
    })
    const [first] = sinks
    if (!first) throw fail()
    const { inner, text, values } = first
    for (const sink of sinks) {
      if (sink.text !== text || sink.values !== values) throw fail()
      follow(sink.call, { read: sink.inner.protocol.result, write: sink.inner.protocol.written })
    }
    for (const at of [text, values]) if (at !== null && isChanged(at)) throw fail()
    visit(fn.body, (node, around) => {
      const isOwn = !around.some(isFunction)
      if (node.type === 'ReturnStatement' && isOwn && node.argument && !followed.has(node)) throw fail()
    })
    const form: Form = given[0] ?? { read: 'nothing', write: 'nothing' }
    if (given.some(each => each.read !== form.read || each.write !== form.write)) throw fail()
    const protocol: Protocol = {
      ...inner.protocol,
      result: form.read,
      written: form.write,
      typeArgument: typeArgument(file, fn),
    }
    const runs = sinks.map(({ call, inner }): WrapperCall => {
      return { file, fn, call, inner: inner.runs.length === 0 ? null : inner }
    })
    return { protocol, text, values, doesMore: inner.doesMore || doesMore(), runs }
  }

  /** A call that hands the text on, to the driver or to a function that does. */
  function sinkOf(call: Node) {
    const { callee } = call
    const method: string | undefined = callee.property?.name ?? callee.name
    const text = call.arguments.findIndex((argument: Node) => parameterOf(argument) !== null)
    if (text === -1 || method === undefined) return null
    const inner = innerOf(call, method, text)
    if (inner === null || inner.text !== text) return null
    const values = inner.values === null ? null : (call.arguments[inner.values] ?? null)
    const handed = values === null ? null : parameterOf(values)
    if (values !== null && handed === null) throw fail()
    for (const [at, argument] of call.arguments.entries()) {
      if (at !== inner.text && at !== inner.values && !isPure(argument)) throw fail()
    }
    return { call, inner, text: parameterOf(call.arguments[text])!, values: handed }
  }

  function innerOf(call: Node, method: string, text: number): Wrapper | null {
    const { callee } = call
    const own = protocolOf(context.driver, { method, node: call, dialect: context.dialect })
    const isMethodOfHandle = callee.type === 'MemberExpression' && !isOwnFunction(callee)
    if (isMethodOfHandle) {
      const isDriver = own && text === 0 && /^(?:list|single)$/.test(own.values)
      return isDriver ? { protocol: own, text: 0, values: 1, doesMore: false, runs: [] } : null
    }
    const at = target(callee)
    if (!at) return null
    try {
      return readWrapper(...at, context, depth + 1)
    } catch (error) {
      if (error instanceof Refusal) return null
      throw error
    }
  }

  /** A statement of the function's own, or a transaction around the one that it hands on. */
  function isOtherStatement({ callee, arguments: list }: Node): boolean {
    const method: string = callee.property?.name ?? ''
    if (/^(?:beginTransaction|commit|rollback|transaction|begin)$/i.test(method)) return true
    const isSql = list[0] && /^(?:StringLiteral|TemplateLiteral)$/.test(bare(list[0]).type)
    return isSql && callee.type === 'MemberExpression' && /^(?:query|execute|raw)$/.test(method)
  }

  /** From an expression that has the driver's result, or a part of it, to where the function gives it. */
  function follow(node: Node, form: Form): undefined {
    const around = file.bindings.around(node)
    const parent = around.at(-1)!
    if (WRAPPERS.has(parent.type) || parent.type === 'AwaitExpression') return follow(parent, form)
    switch (parent.type) {
      case 'ExpressionStatement':
        return
      case 'VariableDeclarator':
        return take(parent.id, form)
      case 'AssignmentExpression':
        if (parent.right !== node || parent.left.type !== 'Identifier') throw fail()
        return take(parent.left, form)
      case 'ReturnStatement':
        return leave(around, parent, form)
      case 'ArrowFunctionExpression':
        if (parent.body !== node) throw fail()
        return leave([...around, node], null, form)
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        return parent.object === node ? followMember(parent, around, form) : undefined
      case 'LogicalExpression':
        return followFallback(parent, form)
      case 'ConditionalExpression':
        // `rows.length > 0 ? rows[0] : null`
        if (parent.test === node) return
        if (form.read !== 'first' || parent.alternate === node) throw fail()
        return follow(parent, isNull(parent.alternate) ? orNull(form) : form)
      case 'ObjectProperty':
        return followObject(parent, around, form)
      case 'CallExpression':
        return followArgument(node, parent, form)
      case 'BinaryExpression':
      case 'UnaryExpression':
      case 'IfStatement':
      case 'TemplateLiteral':
        return
      default:
        throw fail()
    }
  }

  /** A variable or pattern that takes it. */
  function take(target: Node, form: Form): undefined {
    const [element, ...rest] = target.type === 'ArrayPattern' ? target.elements : []
    const properties: Node[] = target.type === 'ObjectPattern' ? target.properties : []
    if (target.type === 'Identifier') return takeName(target, form)
    if (element?.type === 'Identifier' && rest.length === 0) return takeName(element, firstOf(form))
    for (const { key, value } of properties) {
      if (key?.name === 'rows' && value.type === 'Identifier') takeName(value, rowsOf(form))
      else if (key?.name !== 'rowCount') throw fail()
    }
    if (properties.length === 0) throw fail()
  }

  function takeName(identifier: Node, form: Form): undefined {
    const binding = file.bindings.of(identifier)
    if (!binding || binding.isAmbiguous) throw fail()
    for (const { node, around } of binding.references) {
      const parent = around.at(-1)!
      const isTarget = parent.type === 'AssignmentExpression' && parent.left === node
      if (!isTarget) follow(node, form)
    }
  }

  function followMember(member: Node, around: Node[], form: Form): undefined {
    const { property, computed } = member
    if (computed) {
      if (property.type !== 'NumericLiteral' || property.value !== 0) throw fail()
      return follow(member, firstOf(form))
    }
    const call = around.at(-2)
    const isCalled = call?.type === 'CallExpression' && call.callee === member
    if (isCalled && property.name === 'then') return followThen(call, form)
    if (isCalled && property.name === 'catch') {
      if (!throwsAgain(call.arguments[0])) throw fail()
      return follow(call, form)
    }
    if (isCalled && property.name === 'finally') return follow(call, form)
    if (isCalled && (CHANGES.test(property.name) || property.name === 'forEach')) throw fail()
    if (property.name === 'rows' && form.read === 'object') return follow(member, rowsOf(form))
    if (!/^(?:length|rowCount|affectedRows|command)$/.test(property.name)) throw fail()
    return
  }

  function followThen(call: Node, form: Form): undefined {
    const [callback, second] = call.arguments
    if (second || !callback) throw fail()
    if (callback.type === 'Identifier') return followArgument(callback, call, form)
    if (!isFunction(callback) || callback.params.length !== 1) throw fail()
    take(callback.params[0], form)
  }

  /** `log(rows)`, and `resolve(rows)` of a promise that the function makes. */
  function followArgument(node: Node, call: Node, form: Form): undefined {
    if (call.callee === node) throw fail()
    const callee = call.arguments.includes(node) && isThen(call, node) ? node : call.callee
    const binding = callee.type === 'Identifier' ? file.bindings.of(callee) : null
    const executor = binding?.kind === 'param' ? binding.declaration : null
    const promise = executor && file.bindings.around(executor).at(-1)
    const resolves =
      promise?.type === 'NewExpression' &&
      promise.callee.name === 'Promise' &&
      executor?.params[0] === binding?.identifier
    if (resolves) return follow(promise, form)
    if (!TELLS.test(codeOf(file, callee))) throw fail()
  }

  function isThen(call: Node, node: Node): boolean {
    return call.callee.property?.name === 'then' && call.arguments[0] === node
  }

  /** `rows[0] ?? null`, `rows || []` */
  function followFallback(node: Node, form: Form): undefined {
    const isOr = node.operator === '??' || node.operator === '||'
    const right = bare(node.right)
    if (isOr && isNull(right) && form.read === 'first') return follow(node, orNull(form))
    const isEmptyList = right.type === 'ArrayExpression' && right.elements.length === 0
    if (isOr && isEmptyList && form.read === 'rows') return follow(node, { read: 'rows', write: 'unknown' })
    if (node.operator !== '&&') throw fail()
  }

  /** `{ rows: result.rows, rowCount: result.rowCount }` */
  function followObject(property: Node, around: Node[], form: Form): undefined {
    const object = around.at(-2)!
    const names = object.properties.map((each: Node) => each.key?.name).sort()
    if (property.key?.name === 'rowCount') return
    if (property.key?.name !== 'rows' || form.read !== 'rows' || names.join() !== 'rowCount,rows')
      throw fail()
    follow(object, { read: 'object', write: 'unknown' })
  }

  /** A function gives it: this one, or a callback of `.then`. */
  function leave(around: Node[], statement: Node | null, form: Form): undefined {
    const inner = around.findLast(each => isFunction(each))
    if (inner === fn) {
      given.push(form)
      if (statement) followed.add(statement)
      return
    }
    const call = inner && file.bindings.around(inner).at(-1)
    if (call?.type !== 'CallExpression' || !isThen(call, inner!)) throw fail()
    follow(call, form)
  }

  function throwsAgain(callback: Node | undefined): boolean {
    let throws = false
    if (callback && isFunction(callback)) {
      visit(callback.body, node => {
        throws ||= node.type === 'ThrowStatement' || node.callee?.name === 'reject'
      })
    }
    return throws
  }

  /** Beside `const`, `return` and what they await. */
  function doesMore(): boolean {
    if (fn.body.type !== 'BlockStatement') return false
    let more = false
    visit(fn.body, (node, around) => {
      more ||= /^(?:TryStatement|IfStatement|ThrowStatement|NewExpression)$/.test(node.type)
      more ||= node.type === 'ExpressionStatement' && !around.some(isFunction)
    })
    return more
  }

  /** Index of the parameter that an expression is, and nothing else. */
  function parameterOf(expression: Node): number | null {
    const node = bare(expression)
    if (node.type !== 'Identifier') return null
    const binding = file.bindings.of(node)
    if (binding?.kind !== 'param' || binding.declaration !== fn) return null
    const index = fn.params.findIndex((param: Node) => nameOf(param) === binding.identifier)
    return index === -1 ? null : index
  }

  /** A parameter that does not reach the driver as it came. */
  function isChanged(index: number): boolean {
    const { references } = file.bindings.of(nameOf(fn.params[index])!)!
    return (
      isAssigned(references) ||
      references.some(({ node, around }) => {
        const member = around.at(-1)!
        return member.object === node && CHANGES.test(member.property?.name ?? '')
      })
    )
  }

  function isOwnFunction(callee: Node): boolean {
    return callee.object.type === 'ThisExpression' && functionNamed(file, callee.property.name) !== null
  }

  /** File and name of the function that a call runs. */
  function target(callee: Node): [path: string, name: string] | null {
    if (callee.type === 'MemberExpression' && callee.object.type === 'ThisExpression') {
      return [file.path, callee.property.name]
    }
    if (callee.type !== 'Identifier') return null
    const binding = file.bindings.of(callee)
    if (binding?.kind !== 'import') return [file.path, callee.name]
    const declaration = file.bindings.around(binding.declaration).at(-1)!
    const path = context.resolve(file.path, declaration.source.value)
    return path === null ? null : [path, binding.declaration.imported?.name ?? callee.name]
  }

  /** The element at 0: of a tuple the rows, of rows the first. */
  function firstOf({ read, write }: Form): Form {
    if (read === 'tuple') return { read: 'rows', write: write === 'tuple' ? 'header' : 'unknown' }
    if (read === 'rows') return { read: 'first', write: write === 'rows' ? 'first' : 'unknown' }
    throw fail()
  }

  function rowsOf({ read, write }: Form): Form {
    if (read !== 'object') throw fail()
    return { read: 'rows', write: write === 'object' ? 'rows' : 'unknown' }
  }

  return { read }
}

function orNull({ write }: Form): Form {
  return { read: 'row', write: write === 'first' ? 'row' : 'unknown' }
}

function isNull(node: Node): boolean {
  return bare(node).type === 'NullLiteral'
}

function nameOf(param: Node): Node | null {
  if (param.type === 'Identifier') return param
  return param.type === 'AssignmentPattern' ? param.left : null
}

/** What the type parameter of a wrapper stands for: a row, as in `Promise<T[]>`, or all that it gives. */
function typeArgument(file: SourceFile, fn: Node): Protocol['typeArgument'] {
  const [parameter] = fn.typeParameters?.params ?? []
  const returns = fn.returnType ? codeOf(file, fn.returnType).replace(/\s+/g, '') : ''
  const name: string = parameter?.name?.name ?? parameter?.name ?? ''
  return name !== '' && returns === `:Promise<${name}>` ? 'result' : 'row'
}
