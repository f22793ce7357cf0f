/** What a rewritten call leaves behind: variables and imports that nothing uses any more. */
import { type Binding, identifiersIn, isFunction } from '../site/bindings.js'
import type { MakingCall } from '../site/helpers/calls.js'
import { type Node, visit } from '../site/parse.js'
import { isPure } from '../site/purity.js'
import { bare, codeOf, type SourceFile } from '../site/source-file.js'
import { statementAround } from '../site/statement.js'
import { importsOf } from './layout.js'

interface Range {
  start: number
  end: number
}

/** Names that go, and the calls that may go with them. */
class Spent extends Set<Binding> {
  readonly #file: SourceFile
  readonly #changes: ReadonlyMap<string, string[]>

  constructor(file: SourceFile, making: MakingCall[], names: Binding[]) {
    super(names)
    this.#file = file
    this.#changes = new Map(making.map(({ code, changes }) => [code, changes]))
  }

  /** A call that makes a piece of a text, or values: all that it changes goes as well. */
  hasCall(node: Node): boolean {
    const changes = this.#changes.get(codeOf(this.#file, node))
    return changes?.every(name => this.#hasNamed(name, node)) ?? false
  }

  /** What the call hands over of the name, or what is called so around it. */
  #hasNamed(name: string, { arguments: given }: Node): boolean {
    const handed: Node[] = given.filter((each: Node) => bare(each).name === name)
    if (handed.length > 0) return handed.every(each => this.has(this.#file.bindings.of(bare(each))!))
    return [...this].some(each => each.name === name)
  }
}

/** Functions of the file that such calls run, unless other files may. */
function functionsOf(file: SourceFile, making: MakingCall[]): Binding[] {
  const found = new Set<Binding>()
  const codes = new Set(making.map(({ code }) => code))
  if (codes.size === 0) return []
  visit(file.program, node => {
    if (node.type !== 'CallExpression' || !codes.has(codeOf(file, node))) return
    const binding = node.callee.type === 'Identifier' ? file.bindings.of(node.callee) : null
    const isHere = binding && !binding.isAmbiguous && /^(?:function|const)$/.test(binding.kind)
    if (isHere && !isExported(file, binding)) found.add(binding)
  })
  return [...found]
}

/**
 * Statements that only made the text and the values of these calls, and functions that only such statements call.
 *
 * @param making calls that made a piece of a text, or values, and nothing else
 * @param isHandedOver whether the new calls use it
 */
export function spentStatements(
  file: SourceFile,
  calls: Node[],
  making: MakingCall[],
  isHandedOver: (binding: Binding) => boolean,
): Node[] {
  const found = calls.flatMap(call => variablesIn(file, call.arguments ?? []))
  const all = [...withSources(file, found), ...functionsOf(file, making)]
  const spent = new Spent(
    file,
    making,
    all.filter(binding => !isHandedOver(binding)),
  )
  const inCalls = (node: Node): boolean =>
    calls.some(call => node.start >= call.start && node.end <= call.end)
  // One that is used elsewhere keeps those that are needed to make it.
  for (let before = -1; before !== spent.size; ) {
    before = spent.size
    for (const binding of [...spent]) {
      const uses = binding.references.map(({ node }) => node).filter(node => !inCalls(node))
      const isMade = [binding.identifier, ...uses].every(node =>
        makesOnly(file, statementAround(file, node), spent),
      )
      if (!isMade) spent.delete(binding)
    }
  }
  const statements = new Set<Node>()
  for (const binding of spent) {
    for (const node of [binding.identifier, ...binding.references.map(each => each.node)]) {
      if (!inCalls(node)) statements.add(outermostMaking(file, node, spent))
    }
  }
  return [...statements]
}

/**
 * Variables of pools that nothing but these calls ran on: `const pool = getPool()`, `const { pool } = req.app.locals`.
 * One that is taken from a pool is given back to it, and so used elsewhere.
 */
export function spentPools(file: SourceFile, calls: Node[]): Node[] {
  const statements = calls.flatMap((call): Node[] => {
    const receiver: Node | null = call.callee?.object ? rootOf(call.callee.object) : null
    const binding = receiver?.type === 'Identifier' ? file.bindings.of(receiver) : null
    if (!binding || binding.isAmbiguous || !/^(?:const|let)$/.test(binding.kind)) return []
    const { id, init } = binding.declaration as Node
    const isOnly = id?.type === 'Identifier' || (id?.type === 'ObjectPattern' && id.properties.length === 1)
    const statement = file.bindings.around(binding.declaration).at(-1)!
    if (!isOnly || !init || statement.declarations?.length !== 1 || !isGetting(init)) return []
    // At the top of a file it may be what the module is for.
    if (file.bindings.around(statement).at(-1)?.type !== 'BlockStatement') return []
    const isGone = binding.references.every(({ node }) =>
      calls.some(({ callee }) => callee?.object && rootOf(callee.object) === node),
    )
    return isGone ? [statement] : []
  })
  return [...new Set(statements)]
}

/** What a path of properties begins with: `pool` of `pool.default`. */
function rootOf(node: Node): Node {
  const plain = bare(node)
  return plain.type === 'MemberExpression' && !plain.computed ? rootOf(plain.object) : plain
}

/** `getPool()`, `await getPool()`, `req.app.locals.pool`, `(await import('./db')).default` */
function isGetting(init: Node): boolean {
  const node = bare(init)
  const call = node.type === 'AwaitExpression' ? bare(node.argument) : node
  const root = rootOf(node)
  const loaded = root.type === 'AwaitExpression' ? bare(root.argument) : root
  if (loaded.type === 'CallExpression' && loaded.callee.type === 'Import')
    return /^StringLiteral$/.test(loaded.arguments[0]?.type)
  return isPure(call) || (call.type === 'CallExpression' && call.arguments.length === 0)
}

/** These variables and those that their values are made of; what is made of them itself is none of the calls'. */
function withSources(file: SourceFile, found: Binding[]): Binding[] {
  const all = new Set(found)
  for (const binding of all) {
    const making = [binding.identifier, ...binding.references.map(({ node }) => node)].filter(node =>
      isMadeAt(file, node),
    )
    const statements = making.flatMap(node => withConditions(file, statementAround(file, node)))
    for (const each of variablesIn(file, statements)) all.add(each)
  }
  return [...all]
}

/** Declared, assigned, counted or added to, not only read. */
function isMadeAt(file: SourceFile, node: Node): boolean {
  const [outer, parent] = file.bindings.around(node).slice(-2)
  if (parent?.type === 'VariableDeclarator') return parent.id === node
  if (parent?.type === 'AssignmentExpression') return parent.left === node
  if (parent?.type === 'MemberExpression')
    return parent.object === node && (outer?.callee === parent || isAssigned(outer, parent))
  return parent?.type === 'UpdateExpression'
}

function isAssigned(outer: Node | undefined, left: Node): boolean {
  return outer?.type === 'AssignmentExpression' && outer.left === left
}

/** A statement, the tests of the `if`s that it stands in, and the lists of loops. */
function withConditions(file: SourceFile, statement: Node): Node[] {
  const conditions = file.bindings
    .around(statement)
    .filter(({ type }) => type === 'IfStatement' || type === 'ForOfStatement')
  return [statement, ...conditions.map(({ test, right }): Node => test ?? right)]
}

/** Local variables that some code uses. */
function variablesIn(file: SourceFile, code: Node[]): Binding[] {
  const found: Binding[] = []
  for (const part of code) {
    visit(bare(part), node => {
      if (node.type !== 'Identifier') return
      const binding = file.bindings.of(node)
      if (!binding || binding.isAmbiguous || (binding.kind !== 'const' && binding.kind !== 'let')) return
      if (isExported(file, binding)) return
      found.push(binding)
    })
  }
  return found
}

function isExported(file: SourceFile, binding: Binding): boolean {
  return file.bindings.around(binding.declaration).at(-2)?.type === 'ExportNamedDeclaration'
}

/**
 * True for a statement that does nothing but make these variables.
 *
 * @param inLoop it goes with the loop that it stands in
 */
function makesOnly(file: SourceFile, statement: Node, spent: Spent, inLoop = false): boolean {
  const isSpent = (node: Node): boolean => node.type === 'Identifier' && spent.has(file.bindings.of(node)!)
  /** `next++`, `params.push(name)`: changes nothing else. */
  const isOwnChange = (node: Node): boolean => {
    const { type, argument, callee, arguments: given } = node
    if (spent.hasCall(node)) return true
    if (type === 'UpdateExpression') return isSpent(argument)
    if (type !== 'CallExpression') return false
    if (callee.type !== 'MemberExpression' || !isSpent(callee.object)) return false
    return given.every((each: Node) => isPure(each, isOwnChange))
  }
  switch (statement.type) {
    case 'VariableDeclaration':
      return statement.declarations.every(({ id, init }: Node) => {
        const isFunctionOfCalls = init && isFunction(bare(init))
        const areSpent = identifiersIn(id).every(
          each => isSpent(each) || file.bindings.of(each)?.references.length === 0,
        )
        return areSpent && (!init || isFunctionOfCalls || isPure(init, isOwnChange))
      })
    case 'FunctionDeclaration':
      return isSpent(statement.id)
    case 'ExpressionStatement': {
      const { expression } = statement
      if (isOwnChange(expression)) return true
      if (expression.type !== 'AssignmentExpression') return false
      const { left } = expression
      const isMade = isSpent(left) || (left.type === 'MemberExpression' && isSpent(left.object))
      return isMade && isPure(expression.right, isOwnChange)
    }
    case 'IfStatement': {
      const branches: Node[] = [statement.consequent, ...(statement.alternate ? [statement.alternate] : [])]
      return isPure(statement.test) && branches.every(each => makesOnly(file, each, spent, inLoop))
    }
    case 'BlockStatement':
      return statement.body.every((each: Node) => makesOnly(file, each, spent, inLoop))
    case 'ForOfStatement':
      return !statement.await && isPure(statement.right) && makesOnly(file, statement.body, spent, true)
    case 'ContinueStatement':
      return inLoop
    default:
      return false
  }
}

/** The statement of a use, or the `if` or loop around it that does no more. */
function outermostMaking(file: SourceFile, node: Node, spent: Spent): Node {
  let statement = statementAround(file, node)
  for (;;) {
    const around = file.bindings.around(statement)
    const parent = around.at(-1)
    const outer = parent?.type === 'BlockStatement' ? around.at(-2) : parent
    const isMaking = outer?.type === 'IfStatement' || outer?.type === 'ForOfStatement'
    if (!isMaking || !makesOnly(file, outer, spent)) return statement
    statement = outer
  }
}

/** Import specifiers of which every use lies in what goes away. */
export function spentImports(file: SourceFile, gone: Range[]): Node[] {
  const isGone = (node: Node): boolean =>
    gone.some(range => node.start >= range.start && node.end <= range.end)
  return importsOf(file.program).flatMap(declaration =>
    declaration.specifiers.filter((specifier: Node) => {
      const binding = file.bindings.of(specifier.local)
      return binding && binding.references.length > 0 && binding.references.every(({ node }) => isGone(node))
    }),
  )
}
