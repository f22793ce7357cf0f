/** What the code around a call asks of its errors: `catch (error) { if (error.code === 'ER_DUP_ENTRY') … }`. */
import { type Binding, isFunction } from './bindings.js'
import { type Files, moduleOf } from './imported.js'
import { functionCalled, functionNamed } from './numeric.js'
import { type Node, visit } from './parse.js'
import { bare, codeOf, type SourceFile, WRAPPERS } from './source-file.js'

export interface Asked {
  file: SourceFile
  node: Node
  /** `error.code`, `error instanceof DatabaseError` */
  what: string
  /** Whether errors of the client answer as the driver's: `connection`, where they do for all but those of the connection. */
  answered: 'yes' | 'connection' | 'no'
}

const MAX_DEPTH = 2
/** What an error of the client has as the driver had it. */
const ANSWERED = /^(?:code|errno|sqlState|constraint)$/
/** What drivers tell beside that. */
const DRIVERS_OWN =
  /^(?:sqlMessage|sql|detail|hint|table|column|schema|dataType|severity|routine|position|constraint_name|table_name|column_name|schema_name|parent|original|driverError|fields|meta|fatal)$/
const DRIVERS =
  /^(?:pg|pg-promise|pg-protocol|postgres|mysql|mysql2|mariadb|knex|sequelize|sequelize-typescript|typeorm|slonik|@prisma\/client)(?:\/|$)/
const DRIVERS_NAMES = /^(?:Sequelize|Prisma|QueryFailed|DatabaseError$|PostgresError$|QueryResultError$)/
/** Words of a database's or a driver's messages. */
const DATABASES_WORDS =
  /\b(?:duplicate|unique|violates|constraint|foreign key|deadlock|does ?n[o']t exist|does not exist|unknown (?:column|table)|no such (?:table|column)|syntax error|lock wait|data too long|out of range|cannot be null|ER_[A-Z_]+|E[A-Z]+REFUSED)\b/i
const PRISMAS_CODE = /^P[12]\d{3}$/
const CONNECTIONS_CODE = /^(?:E[A-Z]{4,}|PROTOCOL_\w+|08\w{3}|53\w{3}|57\w{3}|ER_CON_\w+|ER_ACCESS_\w+)$/
const COMPARISON = /^(?:[!=]==?|in)$/
const TESTS = /^(?:includes|startsWith|endsWith|match|test|indexOf|search|has)$/

/** What handles errors of a call: a `catch`, or a function that a promise hands them to. */
interface Handler {
  file: SourceFile
  param: Node | null
  body: Node
}

/** What handlers around a call, and the functions that they hand its errors to, ask of them. */
export function askedOfErrors(file: SourceFile, call: Node, files: Files): Asked[] {
  const handlers = [...catchesOf(file, call), ...rejectionsOf(file, call, files)]
  return [
    ...handlers.flatMap(({ file: of, param }) => (param ? askedOfPattern(of, param, files, 0) : [])),
    ...classesCaught(file, call),
  ]
}

/** Whether a handler around a call throws another error in the place of the one that it got. */
export function throwsOthers(file: SourceFile, call: Node): boolean {
  return catchesOf(file, call).some(({ param, body }) => {
    let does = false
    visit(body, ({ type, argument }) => {
      if (type === 'ThrowStatement') does ||= bare(argument).name !== param?.name
    })
    return does
  })
}

/** The `catch` of each `try` in which a call stands. */
function catchesOf(file: SourceFile, call: Node): Handler[] {
  const around = file.bindings.around(call)
  return around.flatMap((node, at) => {
    const isTried = node.type === 'TryStatement' && (around[at + 1] ?? call) === node.block
    return isTried && node.handler ? [{ file, param: node.handler.param, body: node.handler.body }] : []
  })
}

/** Calls of `.catch` and `.then` of promises that a call is part of. */
function chainsOf(file: SourceFile, call: Node): { method: string; args: Node[] }[] {
  const around = file.bindings.around(call)
  return around.flatMap((node, at) => {
    const isCall = node.type === 'CallExpression' || node.type === 'OptionalCallExpression'
    const callee = isCall && around[at + 1] === node.callee ? bare(node.callee) : null
    const method: unknown = callee?.property && !callee.computed ? callee.property.name : null
    return method === 'catch' || method === 'then' ? [{ method, args: node.arguments as Node[] }] : []
  })
}

/** The functions that promises of a call hand errors to: the one of `.catch`, the second one of `.then`. */
function rejectionsOf(file: SourceFile, call: Node, files: Files): Handler[] {
  return chainsOf(file, call).flatMap(({ method, args }): Handler[] => {
    const given = method === 'then' ? args[1] : args.at(-1)
    const own = given && bare(given)
    if (!own) return []
    const handler = isFunction(own) ? { file, node: own } : functionNamed(file, own, files)
    return handler
      ? [{ file: handler.file, param: handler.node.params[0] ?? null, body: handler.node.body }]
      : []
  })
}

/** Bluebird's `.catch(QueryResultError, handler)`. */
function classesCaught(file: SourceFile, call: Node): Asked[] {
  return chainsOf(file, call).flatMap(({ method, args }) =>
    (method === 'catch' ? args.slice(0, -1) : [])
      .filter(each => isDriversClass(file, each))
      .map((node): Asked => ({ file, node, what: codeOf(file, node), answered: 'no' })),
  )
}

function askedOfPattern(file: SourceFile, pattern: Node, files: Files, depth: number): Asked[] {
  if (pattern.type === 'Identifier') {
    const binding = file.bindings.of(pattern)
    return binding ? askedOfBinding(file, binding, files, depth) : []
  }
  const properties: Node[] = pattern.type === 'ObjectPattern' ? pattern.properties : []
  return properties.flatMap(({ key, value }): Asked[] => {
    const binding = value?.type === 'Identifier' ? file.bindings.of(value) : null
    if (!binding || !key?.name) return []
    return binding.references.flatMap(({ node, around }) =>
      askedOfProperty(file, node, [...around], key.name, codeOf(file, node)),
    )
  })
}

function askedOfBinding(file: SourceFile, binding: Binding, files: Files, depth: number): Asked[] {
  if (depth > MAX_DEPTH) return []
  return binding.references.flatMap(({ node, around }): Asked[] => {
    const outer = [...around]
    let use = node
    while (outer.length > 0 && WRAPPERS.has(outer.at(-1)!.type)) use = outer.pop()!
    const parent = outer.pop()
    switch (parent?.type) {
      case 'MemberExpression':
      case 'OptionalMemberExpression': {
        if (parent.object !== use) return []
        const name: unknown = parent.computed ? bare(parent.property).value : parent.property.name
        return typeof name === 'string'
          ? askedOfProperty(file, parent, outer, name, codeOf(file, parent))
          : []
      }
      case 'BinaryExpression':
        if (parent.operator === 'instanceof' && parent.left === use) return askedOfClass(file, parent)
        if (parent.operator === 'in' && parent.right === use && DRIVERS_OWN.test(bare(parent.left).value))
          return [{ file, node: parent, what: codeOf(file, parent), answered: 'no' }]
        return []
      case 'VariableDeclarator':
        return parent.init === use ? askedOfPattern(file, parent.id, files, depth + 1) : []
      case 'CallExpression':
      case 'OptionalCallExpression': {
        const at: number = parent.arguments.indexOf(use)
        const called = at === -1 ? null : functionCalled(file, parent, files)
        const parameter: Node | undefined = called?.node.params[at]
        return called && parameter ? askedOfPattern(called.file, parameter, files, depth + 1) : []
      }
      default:
        return []
    }
  })
}

/** `error instanceof pg.DatabaseError` */
function askedOfClass(file: SourceFile, test: Node): Asked[] {
  if (!isDriversClass(file, test.right)) return []
  return [{ file, node: test, what: codeOf(file, test), answered: 'no' }]
}

/** By the package that it comes from; where that is not seen, by its name: `pgp.errors.QueryResultError`. */
function isDriversClass(file: SourceFile, expression: Node): boolean {
  const named = bare(expression)
  const name: string | undefined = named.property?.name ?? named.name
  let root = named
  while (root.type === 'MemberExpression') root = bare(root.object)
  const binding = root.type === 'Identifier' ? file.bindings.of(root) : null
  if (binding?.kind === 'import' && DRIVERS.test(moduleOf(file, binding))) return true
  // One that is declared by the code, or by a module of it, may be its own of that name.
  const isOwn = binding?.kind === 'class' || (binding?.kind === 'import' && named === root)
  return !isOwn && DRIVERS_NAMES.test(name ?? '')
}

/** @param around what stands around what is asked for, innermost last */
function askedOfProperty(file: SourceFile, node: Node, around: Node[], name: string, what: string): Asked[] {
  const compared = comparedWith(node, around)
  if (compared === null) return []
  const texts = textsIn(compared)
  const asked = (answered: Asked['answered']): Asked[] => [{ file, node, what, answered }]
  if (ANSWERED.test(name)) {
    if (texts.some(text => PRISMAS_CODE.test(text))) return asked('no')
    return asked(texts.some(text => CONNECTIONS_CODE.test(text)) ? 'connection' : 'yes')
  }
  if (DRIVERS_OWN.test(name)) return asked('no')
  const isDrivers =
    (name === 'name' && texts.some(text => DRIVERS_NAMES.test(text))) ||
    (name === 'message' && texts.some(text => DATABASES_WORDS.test(text) && !isOwnText(file, text)))
  return isDrivers ? asked('no') : []
}

/** What a value is compared with, or looked for in; null where nothing depends on it but what is told or shown. */
function comparedWith(node: Node, around: Node[]): Node | null {
  let inner = node
  for (let at = around.length - 1; at >= 0; at--) {
    const parent = around[at]!
    if (isFunction(parent)) return null
    switch (parent.type) {
      case 'BinaryExpression':
        return COMPARISON.test(parent.operator) ? parent : null
      case 'SwitchStatement':
        return parent.discriminant === inner ? parent : null
      case 'CallExpression':
      case 'OptionalCallExpression': {
        if (TESTS.test(parent.callee.property?.name ?? '')) return parent
        // `error.message.toLowerCase()`, `String(error.message)`
        if (parent.callee !== inner && parent.callee.name !== 'String') return null
        break
      }
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        if (parent.object !== inner) return null
        break
      case 'LogicalExpression':
        if (parent.operator === '&&') return null
        break
      default:
        if (!WRAPPERS.has(parent.type)) return null
    }
    inner = parent
  }
  return null
}

/** Texts of a comparison, or of the cases of a `switch`. */
function textsIn(node: Node): string[] {
  const texts: string[] = []
  const read = (part: Node): void =>
    visit(part, ({ type, value, pattern }) => {
      if (type === 'StringLiteral') texts.push(value)
      else if (type === 'RegExpLiteral') texts.push(pattern)
    })
  if (node.type === 'SwitchStatement') for (const { test } of node.cases) test && read(test)
  else read(node)
  return texts
}

/** Whether the file makes errors of this text. */
function isOwnText(file: SourceFile, text: string): boolean {
  return (file.bindings.saying.get(text) ?? []).some(
    each => file.bindings.around(each).at(-1)?.type === 'NewExpression',
  )
}
