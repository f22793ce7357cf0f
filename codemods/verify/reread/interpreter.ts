/**
 * Reads code by following what it does with given values: no part of the planner, so that what that misreads is seen.
 * The code is hostile: nothing of it is run, and steps, depths and sizes have ends.
 */
import { identifiersIn, isFunction } from '../../site/bindings.js'
import { type Files, imported } from '../../site/imported.js'
import { type Node, visit } from '../../site/parse.js'
import { codeOf, type SourceFile, WRAPPERS } from '../../site/source-file.js'
import {
  bounded,
  callMethod,
  GLOBALS,
  isChanging,
  isPlain,
  kindBy,
  listOf,
  MOST,
  NOW,
  type Plain,
  plainObject,
  textOf,
} from './builtins.js'
import { type Inputs, NotReached, NotRead, Unknown } from './inputs.js'
import { Closure, OfClass, Scope } from './scope.js'

/** How a statement ended, where it did not go on to the next. */
export type Ending = { kind: 'return' | 'break' | 'continue'; value?: unknown; label?: string } | null

/** What the code throws. */
class Thrown extends Error {}

const MOST_STEPS = 40_000
const MOST_DEPTH = 24
const MOST_ROUNDS = 500
/** Functions that do nothing to a list or an object that they get. */
const READING =
  /^(?:log|debug|info|warn|error|trace|query|execute|raw|any|one|many|none|oneOrNone|manyOrNone|unsafe)$/

export class Interpreter {
  private steps = 0
  private depth = 0
  private readonly modules = new Map<string, Scope>()
  /** Fields that the code gives to what it got. */
  private readonly given = new Map<string, unknown>()
  /** Lists and objects that were handed to what is not seen, which may have changed them. */
  private readonly handedOut = new WeakSet<object>()

  constructor(
    readonly inputs: Inputs,
    private readonly files: Files,
  ) {}

  isHandedOut(value: unknown): boolean {
    return typeof value === 'object' && value !== null && this.handedOut.has(value)
  }

  /** The names of a file, each found when it is asked for. */
  moduleScope(file: SourceFile): Scope {
    const known = this.modules.get(file.path)
    if (known) return known
    const scope = new Scope(file)
    this.modules.set(file.path, scope)
    for (const statement of file.program.body as Node[]) this.declareTop(statement, scope)
    return scope
  }

  private declareTop(statement: Node, scope: Scope): void {
    const { file } = scope
    if (statement.type === 'ImportDeclaration') {
      for (const { local } of statement.specifiers as Node[])
        scope.declareLazily(local.name, () => this.importedValue(file, local, null) ?? outside(local.name))
      return
    }
    const declared: Node = statement.declaration ?? statement
    if (declared.type === 'VariableDeclaration') {
      for (const { id, init } of declared.declarations as Node[]) {
        for (const { name } of identifiersIn(id)) {
          if (declared.kind !== 'const' || id.type !== 'Identifier' || !init) {
            scope.declare(name, outside(name))
            continue
          }
          scope.declareLazily(name, () => this.orOutside(name, () => this.evaluate(init, scope)))
        }
      }
    } else this.hoist([declared], scope)
  }

  private importedValue(file: SourceFile, local: Node, member: string | null): unknown {
    const binding = file.bindings.of(local)
    const found = binding && imported(file, binding, this.files, member)
    if (!found) return null
    const scope = this.moduleScope(found.file)
    const { node } = found
    const name: string | undefined = node.id?.name
    if (name !== undefined && scope.has(name)) return scope.get(name)
    return this.orOutside(local.name, () => this.evaluate(node, scope))
  }

  /** What can't be read is something unknown: it counts only where it is part of the statement. */
  private orOutside(name: string, evaluate: () => unknown): unknown {
    try {
      return evaluate()
    } catch (error) {
      if (error instanceof NotRead || error instanceof TypeError || error instanceof Thrown)
        return outside(name)
      throw error
    }
  }

  /** Functions, classes and enums of a block are there before its first statement. */
  hoist(statements: Node[], scope: Scope): void {
    for (const node of statements) {
      if (node.type === 'FunctionDeclaration' && node.id)
        scope.declare(node.id.name, new Closure(node, scope))
      else if (node.type === 'ClassDeclaration' && node.id)
        scope.declare(node.id.name, new OfClass(node, scope, true))
      else if (node.type === 'TSEnumDeclaration')
        scope.declareLazily(node.id.name, () => this.enumOf(node, scope))
    }
  }

  private enumOf(node: Node, scope: Scope): Plain {
    let next = 0
    return plainObject(
      (node.members as Node[]).map(({ id, initializer }) => {
        const value = initializer ? this.evaluate(initializer, scope) : next
        next = Number(value) + 1
        return [id.name ?? id.value, value] as const
      }),
    )
  }

  truthy(value: unknown): boolean {
    return Boolean(value instanceof Unknown ? this.inputs.valueOf(value) : value)
  }

  private scalar(value: unknown): unknown {
    return value instanceof Unknown ? this.inputs.valueOf(value) : value
  }

  /** @throws NotRead where it goes on for too long */
  private step(): void {
    if (++this.steps > MOST_STEPS) throw new NotRead('it takes too many steps')
  }

  // Expressions

  evaluate(node: Node, scope: Scope): unknown {
    this.step()
    if (WRAPPERS.has(node.type) || node.type === 'AwaitExpression')
      return this.evaluate(node.expression ?? node.argument, scope)
    switch (node.type) {
      case 'StringLiteral':
      case 'NumericLiteral':
      case 'BooleanLiteral':
        return node.value
      case 'BigIntLiteral':
        return BigInt(node.value)
      case 'NullLiteral':
        return null
      case 'RegExpLiteral':
        return new RegExp(node.pattern, node.flags.replace(/[^gimsuy]/g, ''))
      case 'TemplateLiteral':
        return bounded(
          node.quasis
            .map((each: Node, at: number) => {
              const expression = node.expressions[at]
              const value = expression ? textOf(this.evaluate(expression, scope), this.inputs) : ''
              return `${each.value.cooked ?? ''}${value}`
            })
            .join(''),
        )
      case 'Identifier':
        return this.named(node.name, scope)
      case 'ThisExpression':
        return scope.this ?? outside('this')
      case 'ArrayExpression':
        return this.elements(node.elements, scope)
      case 'ObjectExpression':
        return this.object(node, scope)
      case 'ArrowFunctionExpression':
      case 'FunctionExpression':
        return new Closure(node, scope)
      case 'MemberExpression':
      case 'OptionalMemberExpression':
        return this.member(node, scope)
      case 'CallExpression':
      case 'OptionalCallExpression':
        return this.call(node, scope)
      case 'NewExpression':
        return this.made(node, scope)
      case 'ConditionalExpression':
        return this.truthy(this.evaluate(node.test, scope))
          ? this.evaluate(node.consequent, scope)
          : this.evaluate(node.alternate, scope)
      case 'LogicalExpression':
        return this.logical(node, scope)
      case 'BinaryExpression':
        return this.binary(node.operator, this.evaluate(node.left, scope), this.evaluate(node.right, scope))
      case 'UnaryExpression':
        return this.unary(node, scope)
      case 'UpdateExpression': {
        const before = Number(this.scalar(this.evaluate(node.argument, scope)))
        const after = node.operator === '++' ? before + 1 : before - 1
        this.assign(node.argument, after, scope)
        return node.prefix ? after : before
      }
      case 'AssignmentExpression':
        return this.assignment(node, scope)
      case 'SequenceExpression':
        return node.expressions.map((each: Node) => this.evaluate(each, scope)).at(-1)
      case 'TaggedTemplateExpression':
        return outside(codeOf(scope.file, node).slice(0, 200))
      default:
        throw new NotRead(`it has a ${node.type}`)
    }
  }

  private named(name: string, scope: Scope): unknown {
    if (scope.has(name)) return scope.get(name)
    if (name === 'undefined') return undefined
    if (name === 'NaN') return Number.NaN
    if (name === 'Infinity') return Number.POSITIVE_INFINITY
    return outside(name)
  }

  private elements(elements: (Node | null)[], scope: Scope): unknown[] {
    const list = elements.flatMap(each => {
      if (each?.type === 'SpreadElement') return listOf(this.evaluate(each.argument, scope), this.inputs)
      return [each ? this.evaluate(each, scope) : undefined]
    })
    if (list.length > MOST) throw new NotRead('a list grows without end')
    return list
  }

  private object(node: Node, scope: Scope): Plain {
    const object = plainObject()
    for (const property of node.properties as Node[]) {
      if (property.type === 'SpreadElement') {
        const spread = this.evaluate(property.argument, scope)
        if (spread === null || spread === undefined) continue
        if (!isPlain(spread)) throw new NotRead('an object is spread whose fields are not known')
        Object.assign(object, spread)
        continue
      }
      const key = this.keyOf(property, scope)
      object[key] =
        property.type === 'ObjectMethod' ? new Closure(property, scope) : this.evaluate(property.value, scope)
    }
    return object
  }

  private keyOf({ key, property, computed }: Node, scope: Scope): string {
    const node = key ?? property
    if (computed) return textOf(this.evaluate(node, scope), this.inputs)
    return node.name ?? String(node.value ?? node.id?.name)
  }

  private member(node: Node, scope: Scope): unknown {
    const object = this.evaluate(node.object, scope)
    if (node.optional && this.isNothing(object)) return undefined
    if (object === undefined && node.type === 'OptionalMemberExpression') return undefined
    return this.fieldOf(object, this.keyOf(node, scope))
  }

  private isNothing(value: unknown): boolean {
    const found = this.scalar(value)
    return found === null || found === undefined
  }

  private fieldOf(object: unknown, key: string): unknown {
    if (object instanceof Unknown) {
      const path = pathOf(key)
      if (this.given.has(object.path + path)) return this.given.get(object.path + path)
      if (!this.inputs.isBound(object) && !(key === 'length' && this.inputs.isList(object)))
        return /^\d+$/.test(key) && this.inputs.isList(object)
          ? (this.inputs.valueOf(object) as unknown[])[Number(key)]
          : object.at(path)
      return this.fieldOf(this.inputs.valueOf(object), key)
    }
    if (object === null || object === undefined) throw new TypeError(`${key} of ${object}`)
    if (object instanceof OfClass) return this.fieldOfClass(object, key)
    if (isPlain(object)) return Object.hasOwn(object, key) ? object[key] : undefined
    if (Array.isArray(object) || typeof object === 'string') {
      if (key === 'length') return object.length
      return /^\d+$/.test(key) ? object[Number(key)] : undefined
    }
    if ((object instanceof Map || object instanceof Set) && key === 'size') return object.size
    if (typeof object === 'number' || typeof object === 'boolean') return undefined
    throw new NotRead(`it asks for \`${key}\``)
  }

  private fieldOfClass(of: OfClass, key: string): unknown {
    const name = `${of.isStatic ? (of.node.id?.name ?? 'class') : 'this'}${pathOf(key)}`
    if (this.given.has(name)) return this.given.get(name)
    const member = (of.node.body.body as Node[]).find(
      each => (each.key?.name ?? each.key?.id?.name) === key && Boolean(each.static) === of.isStatic,
    )
    if (member && isFunction(member) && member.kind === 'method') return new Closure(member, of.scope, of)
    if (!member?.value) return outside(name)
    const isSet = new RegExp(`\\b${key.replace(/\W/g, '\\$&')}\\s*(?:[-+*/|&?]{0,2}=(?!=)|\\+\\+|--)`)
    const around = codeOf(of.scope.file, of.node).replace(codeOf(of.scope.file, member), '')
    if (isSet.test(around)) return outside(name)
    return this.orOutside(name, () => this.evaluate(member.value, of.scope.inner(of)))
  }

  private call(node: Node, scope: Scope): unknown {
    const { callee } = node
    const target: Node = WRAPPERS.has(callee.type) ? callee.expression : callee
    if (target.type === 'Import') return new Unknown('import()', true)
    if (target.type === 'MemberExpression' || target.type === 'OptionalMemberExpression') {
      const method = target.computed ? null : (target.property.name ?? null)
      const global = `${target.object.name}.${method}`
      if (Object.hasOwn(GLOBALS, global) && !scope.has(target.object.name))
        return GLOBALS[global]!(this.elements(node.arguments, scope), this.inputs)
      if (global === 'Promise.all') return this.elements(node.arguments, scope)[0]
      const object = this.evaluate(target.object, scope)
      if ((target.optional || node.optional) && this.isNothing(object)) return undefined
      if (object === undefined && node.type === 'OptionalCallExpression') return undefined
      return this.callOf(object, method ?? this.keyOf(target, scope), node, scope)
    }
    if (target.type === 'Identifier' && !scope.has(target.name) && Object.hasOwn(GLOBALS, target.name))
      return GLOBALS[target.name]!(this.elements(node.arguments, scope), this.inputs)
    return this.apply(this.evaluate(target, scope), node, scope, target.name ?? '')
  }

  private callOf(object: unknown, method: string, node: Node, scope: Scope): unknown {
    if (isPlain(object) || object instanceof OfClass)
      return this.apply(this.fieldOf(object, method), node, scope, method)
    const args = (): unknown[] => this.elements(node.arguments, scope)
    if (!(object instanceof Unknown)) {
      if (this.isHandedOut(object)) throw new NotRead('a list is handed to what is not seen')
      return callMethod(object, method, args(), (fn, values) => this.run(fn, values), this.inputs)
    }
    const kind = kindBy(method)
    if (isChanging(method) && !object.isOfCode) throw new NotRead(`it changes \`${object.path}\``)
    const isValue = this.inputs.isBound(object) || (kind !== null && !object.isOfCode)
    if (!isValue) return this.apply(object.at(`.${method}`), node, scope, method)
    if (kind && !this.inputs.isBound(object)) this.inputs.learn(object, kind)
    return callMethod(
      this.inputs.valueOf(object),
      method,
      args(),
      (fn, values) => this.run(fn, values),
      this.inputs,
    )
  }

  private apply(fn: unknown, node: Node, scope: Scope, name: string): unknown {
    if (node.optional && this.isNothing(fn)) return undefined
    const args = this.elements(node.arguments, scope)
    if (fn instanceof Closure) {
      try {
        return this.run(fn, args)
      } catch (error) {
        // What it does can't be read: harmless, if it has nothing of ours in its hands.
        const isOurs = args.some(
          each => typeof each === 'object' && each !== null && !(each instanceof Unknown),
        )
        if (!(error instanceof NotRead) || isOurs) throw error
        return outside(`${name}(${args.map(described).join(', ')})`)
      }
    }
    if (!(fn instanceof Unknown)) throw new TypeError(`${name} is not a function`)
    for (const each of args) {
      if (each instanceof Closure && changesWhatIsAround(each.node))
        throw new NotRead(`a function is handed to \`${name}\`, which may change what is read here`)
      const isHeld = Array.isArray(each) || isPlain(each) || each instanceof Map || each instanceof Set
      if (isHeld && !READING.test(name)) this.handedOut.add(each as object)
    }
    return fn.at(`(${args.map(described).join(', ')})`)
  }

  /** Calls a function of the code with values. */
  run(fn: unknown, args: unknown[]): unknown {
    if (!(fn instanceof Closure)) {
      if (fn instanceof Unknown) return fn.at(`(${args.map(described).join(', ')})`)
      throw new TypeError('it is not a function')
    }
    const { node } = fn
    if (node.generator) throw new NotRead('it has a generator')
    if (++this.depth > MOST_DEPTH) throw new NotRead('functions call one another too deeply')
    const scope = fn.scope.inner(fn.self)
    try {
      for (const [at, parameter] of (node.params as Node[]).entries()) {
        const value = parameter.type === 'RestElement' ? args.slice(at) : args[at]
        this.bind(parameter.type === 'RestElement' ? parameter.argument : parameter, value, scope)
      }
      if (node.body.type !== 'BlockStatement') return this.evaluate(node.body, scope)
      const ending = this.block(node.body.body, scope)
      return ending?.kind === 'return' ? ending.value : undefined
    } finally {
      this.depth--
    }
  }

  private made(node: Node, scope: Scope): unknown {
    const name: string = node.callee.name ?? ''
    const args = this.elements(node.arguments, scope)
    const [first] = args
    if (!scope.has(name)) {
      if (name === 'Date') return args.length === 0 ? new Date(NOW) : new Date(this.scalar(first) as string)
      if (name === 'Set') return new Set(first === undefined ? [] : listOf(first, this.inputs))
      if (name === 'Map')
        return new Map(first === undefined ? [] : (listOf(first, this.inputs) as [unknown, unknown][]))
    }
    return outside(`new ${name}(${args.map(described).join(', ')})`)
  }

  private logical(node: Node, scope: Scope): unknown {
    const left = this.evaluate(node.left, scope)
    const goesOn =
      node.operator === '??' ? this.isNothing(left) : this.truthy(left) === (node.operator === '&&')
    return goesOn ? this.evaluate(node.right, scope) : left
  }

  private binary(operator: string, left: unknown, right: unknown): unknown {
    if (operator === '+') {
      const [a, b] = [left, right].map(each => (each instanceof Unknown ? this.inputs.pieceOf(each) : each))
      const isText = [a, b].some(each => typeof each === 'string' || typeof each === 'object')
      if (isText && ![a, b].every(each => each === null))
        return bounded(textOf(a, this.inputs) + textOf(b, this.inputs))
    }
    const [a, b] = [this.scalar(left), this.scalar(right)] as [never, never]
    switch (operator) {
      case '===':
        return a === b
      case '!==':
        return a !== b
      case '==':
        return isSame(a, b)
      case '!=':
        return !isSame(a, b)
      case '<':
        return a < b
      case '>':
        return a > b
      case '<=':
        return a <= b
      case '>=':
        return a >= b
      case '+':
        return a + b
      case '-':
        return a - b
      case '*':
        return a * b
      case '/':
        return a / b
      case '%':
        return a % b
      case 'in':
        if (isPlain(right)) return Object.hasOwn(right, textOf(left, this.inputs))
        if (right instanceof Unknown)
          return this.scalar(this.fieldOf(right, textOf(left, this.inputs))) !== undefined
        throw new NotRead('it asks what an object has')
      default:
        throw new NotRead(`it calculates with ${operator}`)
    }
  }

  private unary({ operator, argument }: Node, scope: Scope): unknown {
    if (operator === 'void') return undefined
    const value = this.evaluate(argument, scope)
    switch (operator) {
      case '!':
        return !this.truthy(value)
      case '-':
        return -(this.scalar(value) as number)
      case '+':
        return Number(this.scalar(value))
      case 'typeof': {
        const found = this.scalar(value)
        return found instanceof Closure ? 'function' : typeof found
      }
      default:
        throw new NotRead(`it has ${operator}`)
    }
  }

  private assignment({ operator, left, right }: Node, scope: Scope): unknown {
    if (operator === '=') {
      const value = this.evaluate(right, scope)
      this.assign(left, value, scope)
      return value
    }
    const before = this.evaluate(left, scope)
    const short = operator.slice(0, -1)
    if (/^(?:\?\?|\|\||&&)$/.test(short)) {
      const goesOn = short === '??' ? this.isNothing(before) : this.truthy(before) === (short === '&&')
      if (!goesOn) return before
      const value = this.evaluate(right, scope)
      this.assign(left, value, scope)
      return value
    }
    const value = this.binary(short, before, this.evaluate(right, scope))
    this.assign(left, value, scope)
    return value
  }

  private assign(left: Node, value: unknown, scope: Scope): void {
    const target: Node = WRAPPERS.has(left.type) ? left.expression : left
    if (target.type === 'Identifier') {
      if (!scope.set(target.name, value)) scope.declare(target.name, value)
      return
    }
    if (target.type !== 'MemberExpression') {
      this.bind(target, value, scope, true)
      return
    }
    const object = this.evaluate(target.object, scope)
    const key = this.keyOf(target, scope)
    if (isPlain(object)) object[key] = value
    else if (Array.isArray(object) && /^\d{1,4}$/.test(key)) object[Number(key)] = value
    else if (object instanceof Unknown) this.given.set(object.path + pathOf(key), value)
    else if (object instanceof OfClass) this.given.set(`this${pathOf(key)}`, value)
    else throw new NotRead(`it sets \`${key}\``)
  }

  /** Gives names to a value, or to parts of it. */
  bind(pattern: Node, value: unknown, scope: Scope, isAssigned = false): void {
    switch (pattern.type) {
      case 'Identifier':
        if (!isAssigned || !scope.set(pattern.name, value)) scope.declare(pattern.name, value)
        return
      case 'TSParameterProperty':
        this.bind(pattern.parameter, value, scope, isAssigned)
        return
      case 'AssignmentPattern': {
        const isLeft = value instanceof Unknown ? this.isLeftOut(value) : value === undefined
        this.bind(pattern.left, isLeft ? this.evaluate(pattern.right, scope) : value, scope, isAssigned)
        return
      }
      case 'ObjectPattern': {
        const taken = new Set<string>()
        for (const property of pattern.properties as Node[]) {
          if (property.type === 'RestElement') {
            if (!isPlain(value)) throw new NotRead('the rest of an object is taken')
            const rest = Object.entries(value).filter(([name]) => !taken.has(name))
            this.bind(property.argument, plainObject(rest), scope, isAssigned)
            continue
          }
          const key = this.keyOf(property, scope)
          taken.add(key)
          this.bind(property.value, this.fieldOf(value, key), scope, isAssigned)
        }
        return
      }
      case 'ArrayPattern':
        for (const [at, each] of (pattern.elements as (Node | null)[]).entries()) {
          if (!each) continue
          if (each.type === 'RestElement')
            this.bind(each.argument, listOf(value, this.inputs).slice(at), scope, isAssigned)
          else this.bind(each, this.fieldOf(value, String(at)), scope, isAssigned)
        }
        return
      case 'MemberExpression':
        this.assign(pattern, value, scope)
        return
      default:
        throw new NotRead(`it takes a value apart by a ${pattern.type}`)
    }
  }

  /** Whether it is given as undefined: a default takes its place. */
  private isLeftOut(value: Unknown): boolean {
    return this.inputs.isBound(value) && this.inputs.valueOf(value) === undefined
  }

  // Statements

  block(statements: Node[], scope: Scope): Ending {
    this.hoist(statements, scope)
    for (const statement of statements) {
      const ending = this.execute(statement, scope)
      if (ending) return ending
    }
    return null
  }

  execute(node: Node, scope: Scope): Ending {
    this.step()
    switch (node.type) {
      case 'VariableDeclaration':
        for (const declarator of node.declarations as Node[]) this.declareVariable(declarator, node, scope)
        return null
      case 'ExpressionStatement':
        this.evaluate(node.expression, scope)
        return null
      case 'BlockStatement':
        return this.block(node.body, scope.inner())
      case 'IfStatement':
        if (this.truthy(this.evaluate(node.test, scope))) return this.execute(node.consequent, scope.inner())
        return node.alternate ? this.execute(node.alternate, scope.inner()) : null
      case 'ReturnStatement':
        return { kind: 'return', value: node.argument ? this.evaluate(node.argument, scope) : undefined }
      case 'ThrowStatement':
        throw new Thrown()
      case 'BreakStatement':
        return { kind: 'break', label: node.label?.name }
      case 'ContinueStatement':
        return { kind: 'continue', label: node.label?.name }
      case 'TryStatement':
        return this.tried(node, scope)
      case 'SwitchStatement':
        return this.switched(node, scope)
      case 'ForOfStatement':
        return this.rounds(
          listOf(this.evaluate(node.right, scope), this.inputs).map(
            value => () => this.inRound(node, value, scope),
          ),
        )
      case 'ForInStatement': {
        const object = this.evaluate(node.right, scope)
        if (!isPlain(object)) throw new NotRead('it goes through an object whose fields are not known')
        return this.rounds(Object.keys(object).map(value => () => this.inRound(node, value, scope)))
      }
      case 'ForStatement':
        return this.counted(node, scope)
      case 'WhileStatement':
        for (let round = 0; this.truthy(this.evaluate(node.test, scope)); round++) {
          if (round > MOST_ROUNDS) throw new NotRead('a loop has no end')
          const ending = this.execute(node.body, scope.inner())
          if (ending?.kind === 'break') return null
          if (ending?.kind === 'return') return ending
        }
        return null
      case 'FunctionDeclaration':
      case 'ClassDeclaration':
      case 'EmptyStatement':
      case 'TSEnumDeclaration':
      case 'TSTypeAliasDeclaration':
      case 'TSInterfaceDeclaration':
        return null
      default:
        throw new NotRead(`it has a ${node.type}`)
    }
  }

  declareVariable({ id, init }: Node, { kind }: Node, scope: Scope): void {
    if (!init && kind === 'var' && scope.has(id.name)) return
    this.bind(id, init ? this.evaluate(init, scope) : undefined, scope)
  }

  /** One round of a loop over values. */
  private inRound(node: Node, value: unknown, scope: Scope): Ending {
    const own = scope.inner()
    this.bindRound(node, value, own)
    return this.execute(node.body, own)
  }

  bindRound({ left }: Node, value: unknown, scope: Scope): void {
    if (left.type === 'VariableDeclaration') this.bind(left.declarations[0].id, value, scope)
    else this.assign(left, value, scope)
  }

  private rounds(all: (() => Ending)[]): Ending {
    if (all.length > MOST_ROUNDS) throw new NotRead('a loop has no end')
    for (const round of all) {
      const ending = round()
      if (ending?.label) throw new NotRead('it leaves a loop by its label')
      if (ending?.kind === 'break') break
      if (ending?.kind === 'return') return ending
    }
    return null
  }

  private counted(node: Node, scope: Scope): Ending {
    const own = scope.inner()
    if (node.init?.type === 'VariableDeclaration') this.execute(node.init, own)
    else if (node.init) this.evaluate(node.init, own)
    for (let round = 0; !node.test || this.truthy(this.evaluate(node.test, own)); round++) {
      if (round > MOST_ROUNDS) throw new NotRead('a loop has no end')
      const ending = this.execute(node.body, own.inner())
      if (ending?.label) throw new NotRead('it leaves a loop by its label')
      if (ending?.kind === 'break') break
      if (ending?.kind === 'return') return ending
      if (node.update) this.evaluate(node.update, own)
    }
    return null
  }

  private tried(node: Node, scope: Scope): Ending {
    let ending: Ending = null
    try {
      ending = this.block(node.block.body, scope.inner())
    } catch (error) {
      if (!(error instanceof Thrown || error instanceof TypeError) || !node.handler) throw error
      const own = scope.inner()
      if (node.handler.param) this.bind(node.handler.param, outside('error'), own)
      ending = this.block(node.handler.body.body, own)
    }
    return node.finalizer ? (this.block(node.finalizer.body, scope.inner()) ?? ending) : ending
  }

  private switched(node: Node, scope: Scope): Ending {
    return this.fromCase(node, this.caseOf(node, scope), scope.inner())
  }

  /** Index of the case that is taken; -1 for none. */
  caseOf(node: Node, scope: Scope): number {
    const value = this.scalar(this.evaluate(node.discriminant, scope))
    const cases = node.cases as Node[]
    const found = cases.findIndex(({ test }) => test && this.scalar(this.evaluate(test, scope)) === value)
    return found >= 0 ? found : cases.findIndex(({ test }) => !test)
  }

  private fromCase(node: Node, from: number, scope: Scope): Ending {
    if (from < 0) return null
    for (const each of (node.cases as Node[]).slice(from)) {
      const ending = this.block(each.consequent, scope)
      if (ending?.kind === 'break' && !ending.label) return null
      if (ending) return ending
    }
    return null
  }
}

function outside(path: string): Unknown {
  return new Unknown(path, true)
}

function pathOf(key: string): string {
  return /^\d+$/.test(key) ? `[${key}]` : `.${key}`
}

/** An argument of what is not seen: equal calls give equal values. */
function described(value: unknown): string {
  if (value instanceof Unknown) return value.path
  if (typeof value === 'object' && value !== null && !(value instanceof Date)) return '{…}'
  return typeof value === 'function' ? 'f' : String(value).slice(0, 100)
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === null || a === undefined) return b === null || b === undefined
  // biome-ignore lint/suspicious/noDoubleEquals: the code's own
  return a == b
}

/** Whether a function does more than calculate: what runs it is not seen, nor whether it does. */
function changesWhatIsAround(fn: Node): boolean {
  let changes = false
  visit(fn.body, node => {
    const { type, callee } = node
    if (type === 'AssignmentExpression' || type === 'UpdateExpression') changes = true
    if (type === 'CallExpression' && isChanging(callee.property?.name ?? '')) changes = true
  })
  return changes
}

/** What the code itself ends with: it throws, or asks something of nothing. */
export function endsByItself(error: unknown): boolean {
  return (
    error instanceof Thrown ||
    error instanceof TypeError ||
    error instanceof RangeError ||
    // `BigInt('x')`
    error instanceof SyntaxError ||
    error instanceof NotReached
  )
}
