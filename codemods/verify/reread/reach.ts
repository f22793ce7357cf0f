/** Goes through the code around a call up to it, with what it was given. */
import { isFunction } from '../../site/bindings.js'
import { childrenOf, type Node } from '../../site/parse.js'
import type { SourceFile } from '../../site/source-file.js'
import { listOf } from './builtins.js'
import { NotReached, NotRead, Unknown } from './inputs.js'
import type { Interpreter } from './interpreter.js'
import { OfClass, type Scope } from './scope.js'

const CLASSES = new Set(['ClassDeclaration', 'ClassExpression'])

/**
 * The names at a call, and what they hold, once the function around it has got there.
 *
 * @throws NotReached where it ends before
 * @throws NotRead
 */
export function reach(interpreter: Interpreter, file: SourceFile, call: Node): Scope {
  return new Way(interpreter, file, call).begin()
}

class Way {
  constructor(
    private readonly interpreter: Interpreter,
    private readonly file: SourceFile,
    private readonly target: Node,
  ) {}

  begin(): Scope {
    const { file, interpreter, target } = this
    const scope = interpreter.moduleScope(file)
    const around = file.bindings.around(target)
    const first = around.find(isFunction)
    if (!first) return this.through(file.program.body, scope)
    const before = around.slice(0, around.indexOf(first))
    const ofClass = before.findLast(({ type }) => CLASSES.has(type))
    return this.into(
      first,
      ofClass ? scope.inner(new OfClass(ofClass, scope, Boolean(first.static))) : scope.inner(),
    )
  }

  private has(node: Node | null | undefined): boolean {
    return Boolean(node && node.start <= this.target.start && this.target.end <= node.end)
  }

  /** Into a function that somebody calls: what it gets is not known. */
  private into(fn: Node, around: Scope): Scope {
    const scope = around.inner()
    for (const [at, parameter] of (fn.params as Node[]).entries()) {
      if (this.has(parameter)) throw new NotRead('it is a default of a parameter')
      const name = nameOf(parameter) ?? `argument ${at + 1}`
      const plain = parameter.type === 'RestElement' ? parameter.argument : parameter
      this.interpreter.bind(plain, new Unknown(name), scope)
    }
    if (fn.body.type !== 'BlockStatement') return this.inside(fn.body, scope)
    return this.through(fn.body.body, scope)
  }

  /** Through statements, up to the one that has the call. */
  private through(statements: Node[], scope: Scope): Scope {
    const { interpreter } = this
    interpreter.hoist(statements, scope)
    for (const statement of statements) {
      if (this.has(statement)) return this.intoStatement(statement, scope)
      this.pass(statement, scope)
    }
    throw new NotRead('the call is not found')
  }

  private pass(statement: Node, scope: Scope): void {
    if (/^(?:Import|Export)/.test(statement.type)) return
    if (statement.type === 'IfStatement') {
      // `if (!row) return` of what nothing is known of: the call is only made where it goes on.
      const leaves = [statement.consequent, statement.alternate].map(each => each && endsThere(each))
      if (leaves.some(Boolean)) {
        const { holds, isOpen } = this.asked(statement.test, scope)
        const taken = holds ? 0 : 1
        const goesOn = isOpen && leaves[taken] ? 1 - taken : taken
        if (leaves[goesOn]) throw new NotReached()
        const branch = goesOn === 0 ? statement.consequent : statement.alternate
        if (branch) this.run(branch, scope.inner())
        return
      }
    }
    this.run(statement, scope)
  }

  private run(statement: Node, scope: Scope): void {
    const ending = this.interpreter.execute(statement, scope)
    if (ending) throw new NotReached()
  }

  /** Whether a condition holds, and whether that is by nothing that was given from outside. */
  private asked(test: Node, scope: Scope): { holds: boolean; isOpen: boolean } {
    const { inputs } = this.interpreter
    inputs.touched.clear()
    const holds = this.interpreter.truthy(this.interpreter.evaluate(test, scope))
    return { holds, isOpen: inputs.touched.size > 0 && !inputs.dependsOnBound }
  }

  /** @throws NotReached where the other branch is taken */
  private decide(test: Node, wanted: boolean, scope: Scope): void {
    const { holds, isOpen } = this.asked(test, scope)
    if (holds !== wanted && !isOpen) throw new NotReached()
  }

  private intoStatement(node: Node, scope: Scope): Scope {
    const { interpreter } = this
    switch (node.type) {
      case 'BlockStatement':
        return this.through(node.body, scope.inner())
      case 'VariableDeclaration':
        for (const declarator of node.declarations as Node[]) {
          if (this.has(declarator)) return this.inside(declarator.init, scope)
          interpreter.declareVariable(declarator, node, scope)
        }
        break
      case 'IfStatement': {
        if (this.has(node.test)) return this.inside(node.test, scope)
        const isThen = this.has(node.consequent)
        this.decide(node.test, isThen, scope)
        return this.intoStatement(isThen ? node.consequent : node.alternate, scope.inner())
      }
      case 'TryStatement': {
        if (this.has(node.block)) return this.intoStatement(node.block, scope)
        if (!this.has(node.handler)) return this.intoStatement(node.finalizer, scope)
        const own = scope.inner()
        if (node.handler.param) interpreter.bind(node.handler.param, new Unknown('error', true), own)
        return this.through(node.handler.body.body, own)
      }
      case 'ForOfStatement': {
        if (this.has(node.right)) return this.inside(node.right, scope)
        const [first] = listOf(interpreter.evaluate(node.right, scope), interpreter.inputs)
        if (first === undefined) throw new NotReached()
        const own = scope.inner()
        interpreter.bindRound(node, first, own)
        return this.intoStatement(node.body, own)
      }
      case 'ForStatement': {
        const own = scope.inner()
        if (node.init?.type === 'VariableDeclaration') interpreter.execute(node.init, own)
        return this.intoStatement(node.body, own)
      }
      case 'WhileStatement':
      case 'DoWhileStatement':
        if (this.has(node.test)) return this.inside(node.test, scope)
        return this.intoStatement(node.body, scope.inner())
      case 'SwitchStatement':
        return this.intoCase(node, scope)
      case 'FunctionDeclaration':
        return this.into(node, scope)
      default:
        return this.inside(node, scope)
    }
    throw new NotRead('the call is not found')
  }

  private intoCase(node: Node, scope: Scope): Scope {
    if (this.has(node.discriminant)) return this.inside(node.discriminant, scope)
    const { interpreter } = this
    const cases = node.cases as Node[]
    const at = cases.findIndex(each => this.has(each))
    interpreter.inputs.touched.clear()
    const taken = interpreter.caseOf(node, scope)
    const own = scope.inner()
    if (taken !== at) {
      if (interpreter.inputs.dependsOnBound || interpreter.inputs.touched.size === 0) throw new NotReached()
    }
    return this.through(cases[at]!.consequent, own)
  }

  /** Into an expression: what decides whether the call is made is asked. */
  private inside(node: Node, scope: Scope): Scope {
    if (node === this.target) return scope
    if (isFunction(node)) return this.into(node, scope)
    if (node.type === 'ConditionalExpression' && !this.has(node.test)) {
      const isThen = this.has(node.consequent)
      this.decide(node.test, isThen, scope)
      return this.inside(isThen ? node.consequent : node.alternate, scope)
    }
    if (node.type === 'LogicalExpression' && this.has(node.right)) {
      if (node.operator !== '??') this.decide(node.left, node.operator === '&&', scope)
      return this.inside(node.right, scope)
    }
    const inner = childrenOf(node).find(each => this.has(each))
    if (!inner) throw new NotRead('the call is not found')
    if (CLASSES.has(node.type)) throw new NotRead('it is in a class within an expression')
    return inner.type.endsWith('Statement') || inner.type.endsWith('Declaration')
      ? this.intoStatement(inner, scope)
      : this.inside(inner, scope)
  }
}

function nameOf(parameter: Node): string | null {
  switch (parameter.type) {
    case 'Identifier':
      return parameter.name
    case 'AssignmentPattern':
      return nameOf(parameter.left)
    case 'RestElement':
      return nameOf(parameter.argument)
    case 'TSParameterProperty':
      return nameOf(parameter.parameter)
    default:
      return null
  }
}

/** Whether a branch always leaves what is around it. */
function endsThere(node: Node): boolean {
  if (node.type === 'BlockStatement') return node.body.length > 0 && endsThere(node.body.at(-1))
  return /^(?:Return|Throw|Continue|Break)Statement$/.test(node.type)
}
