/** Functions that hand a text and its values on to a driver: what they give of the driver's result. */
import type { Protocol, RowsForm } from '../drivers/driver.js'
import { protocolOf } from '../drivers/index.js'
import type { RewriteDialect } from '../wire.js'
import { isFunction } from './bindings.js'
import { type Node, visit } from './parse.js'
import { isPure } from './purity.js'
import { Refusal } from './refusal.js'
import { bare, codeOf, type SourceFile } from './source-file.js'

export interface Wrapper {
  protocol: Protocol
  /** Indices of the parameters that take the text and the values; null where it takes no values. */
  text: number
  values: number | null
}

export interface WrapperContext {
  driver: string
  dialect: RewriteDialect
  open(path: string): SourceFile | null
  /** File that an import of a file means. */
  resolve(from: string, specifier: string): string | null
}

const MAX_DEPTH = 4

/**
 * @param name of the function or method
 * @throws Refusal where it does more than hand on
 */
export function readWrapper(path: string, name: string, context: WrapperContext, depth = 0): Wrapper {
  const file = context.open(path)
  const fn = file && functionNamed(file, name)
  if (!file || !fn || depth > MAX_DEPTH) throw unknown(name, path)
  const reader = createReader(file, fn, context, depth, () => unknown(name, path))
  const statements: Node[] = fn.body.type === 'BlockStatement' ? fn.body.body : []
  if (fn.body.type !== 'BlockStatement') return reader.finish(reader.formOf(fn.body))
  for (const statement of statements.slice(0, -1)) reader.declare(statement)
  const last = statements.at(-1)
  if (last?.type !== 'ReturnStatement' || !last.argument) throw unknown(name, path)
  return reader.finish(reader.formOf(last.argument))
}

function unknown(name: string, path: string): Refusal {
  return new Refusal(
    `it is executed by ${name || 'a function'} of ${path}, which does more than hand on the text and its result`,
    'call the client in its place by hand',
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

function createReader(
  file: SourceFile,
  fn: Node,
  context: WrapperContext,
  depth: number,
  fail: () => Refusal,
) {
  const forms = new Map<Node, RowsForm>()
  let sink: Wrapper | null = null

  /** `const [rows] = …`, `const { rows } = …`, `const rows = …`. */
  function declare(statement: Node): void {
    if (statement.type !== 'VariableDeclaration' || statement.kind !== 'const') throw fail()
    for (const { id, init } of statement.declarations) {
      const form = formOf(init)
      const [element, ...rest] = id.type === 'ArrayPattern' ? id.elements : []
      const [property] = id.type === 'ObjectPattern' ? id.properties : []
      if (id.type === 'Identifier') forms.set(id, form)
      else if (form === 'tuple' && element?.type === 'Identifier' && rest.length === 0)
        forms.set(element, 'rows')
      else if (form === 'object' && property?.key?.name === 'rows' && property.value.type === 'Identifier') {
        forms.set(property.value, 'rows')
      } else throw fail()
    }
  }

  function formOf(expression: Node | null): RowsForm {
    if (!expression) throw fail()
    const node = bare(expression)
    switch (node.type) {
      case 'AwaitExpression':
        return formOf(node.argument)
      case 'Identifier': {
        const binding = file.bindings.of(node)
        const form = binding && forms.get(binding.identifier)
        if (!form) throw fail()
        return form
      }
      case 'MemberExpression': {
        const form = formOf(node.object)
        if (node.computed && node.property.type === 'NumericLiteral' && node.property.value === 0) {
          if (form === 'tuple') return 'rows'
          if (form === 'rows') return 'first'
        }
        if (!node.computed && node.property.name === 'rows' && form === 'object') return 'rows'
        throw fail()
      }
      case 'LogicalExpression': {
        const isNull = node.right.type === 'NullLiteral' && (node.operator === '??' || node.operator === '||')
        if (isNull && formOf(node.left) === 'first') return 'row'
        throw fail()
      }
      case 'CallExpression':
        return formOfCall(node)
      default:
        throw fail()
    }
  }

  function formOfCall(call: Node): RowsForm {
    const { callee } = call
    const method: string | undefined = callee.property?.name ?? callee.name
    if (method === 'then' && callee.type === 'MemberExpression') {
      const [callback, second] = call.arguments
      if (second || callback?.type !== 'ArrowFunctionExpression' || callback.params.length !== 1) throw fail()
      const [parameter] = callback.params
      const form = formOf(callee.object)
      if (parameter.type === 'Identifier') forms.set(parameter, form)
      else if (parameter.type === 'ArrayPattern' && form === 'tuple' && parameter.elements.length === 1) {
        forms.set(parameter.elements[0], 'rows')
      } else throw fail()
      return formOf(callback.body)
    }
    if (sink !== null || method === undefined) throw fail()
    const text = call.arguments.findIndex((argument: Node) => parameterOf(argument) !== null)
    if (text === -1) throw fail()
    const own = protocolOf(context.driver, { method, node: call, dialect: context.dialect })
    const isMethodOfHandle = callee.type === 'MemberExpression' && !isOwnFunction(callee)
    const inner =
      own && isMethodOfHandle && text === 0 && own.values !== 'tag' && own.values !== 'options'
        ? { protocol: own, text: 0, values: 1 }
        : readWrapper(...target(callee), context, depth + 1)
    const values = inner.values === null ? null : (call.arguments[inner.values] ?? null)
    if (inner.text !== text) throw fail()
    const handed = values === null ? null : parameterOf(values)
    if (values !== null && handed === null) throw fail()
    for (const [at, argument] of call.arguments.entries()) {
      if (at !== inner.text && at !== inner.values && !isPure(argument)) throw fail()
    }
    sink = { protocol: inner.protocol, text: parameterOf(call.arguments[text])!, values: handed }
    return inner.protocol.result
  }

  /** Index of the parameter that an expression is, and nothing else. */
  function parameterOf(expression: Node): number | null {
    const node = bare(expression)
    if (node.type !== 'Identifier') return null
    const binding = file.bindings.of(node)
    if (binding?.kind !== 'param' || binding.declaration !== fn) return null
    const index = fn.params.findIndex(
      (param: Node) =>
        param === binding.identifier ||
        (param.type === 'AssignmentPattern' && param.left === binding.identifier),
    )
    return index === -1 ? null : index
  }

  function isOwnFunction(callee: Node): boolean {
    return callee.object.type === 'ThisExpression' && functionNamed(file, callee.property.name) !== null
  }

  /** File and name of the function that a call runs. */
  function target(callee: Node): [path: string, name: string] {
    if (callee.type === 'MemberExpression' && callee.object.type === 'ThisExpression') {
      return [file.path, callee.property.name]
    }
    if (callee.type !== 'Identifier') throw fail()
    const binding = file.bindings.of(callee)
    if (binding?.kind !== 'import') return [file.path, callee.name]
    const declaration = file.bindings.around(binding.declaration).at(-1)!
    const path = context.resolve(file.path, declaration.source.value)
    if (path === null) throw fail()
    return [path, binding.declaration.imported?.name ?? callee.name]
  }

  return {
    declare,
    formOf,
    finish(form: RowsForm): Wrapper {
      if (!sink) throw fail()
      const { protocol, text, values } = sink as Wrapper
      // What it makes of rows it makes of the result of a write too, which is not followed.
      const written = form === protocol.result ? protocol.written : 'unknown'
      const typed = typeArgument(file, fn)
      return { protocol: { ...protocol, result: form, written, typeArgument: typed }, text, values }
    },
  }
}

/** What the type parameter of a wrapper stands for: a row, as in `Promise<T[]>`, or all that it gives. */
function typeArgument(file: SourceFile, fn: Node): Protocol['typeArgument'] {
  const [parameter] = fn.typeParameters?.params ?? []
  const returns = fn.returnType ? codeOf(file, fn.returnType).replace(/\s+/g, '') : ''
  const name: string = parameter?.name?.name ?? parameter?.name ?? ''
  return name !== '' && returns === `:Promise<${name}>` ? 'result' : 'row'
}
