/** What each name of a file means: the declaration that a reference goes to, by the rules of blocks and functions. */
import { childrenOf, type Node } from './parse.js'

export interface Binding {
  name: string
  kind: 'var' | 'let' | 'const' | 'param' | 'function' | 'class' | 'import' | 'type'
  /** The identifier that declares it. */
  identifier: Node
  /** Declarator, parameter's function, import specifier, or the declaration itself. */
  declaration: Node
  /** Every use beside the declaration, with the nodes around it, innermost last. */
  references: { node: Node; around: Node[] }[]
  /** It was declared more than once. */
  isAmbiguous: boolean
}

export interface Bindings {
  /** Binding of an identifier that refers to or declares something of this file; null for a global. */
  of(identifier: Node): Binding | null
  /** Nodes around one, innermost last. */
  around(node: Node): Node[]
  /** Names declared or used anywhere in the file. */
  names: Set<string>
  /** Identifiers and strings, by what they say. */
  saying: Map<string, Node[]>
}

interface Scope {
  names: Map<string, Binding>
  parent: Scope | null
  isFunction: boolean
}

const FUNCTIONS = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ObjectMethod',
  'ClassMethod',
  'ClassPrivateMethod',
  'TSDeclareFunction',
])
const BLOCKS = new Set([
  'BlockStatement',
  'ForStatement',
  'ForInStatement',
  'ForOfStatement',
  'SwitchStatement',
  'CatchClause',
  'StaticBlock',
  'TSModuleBlock',
])

export function isFunction(node: Node): boolean {
  return FUNCTIONS.has(node.type)
}

export function bindingsOf(program: Node): Bindings {
  const bindingOf = new Map<Node, Binding>()
  const aroundOf = new Map<Node, Node[]>()
  const names = new Set<string>()
  const saying = new Map<string, Node[]>()
  const pending: { node: Node; scope: Scope; around: Node[] }[] = []

  const declare = (scope: Scope, identifier: Node, kind: Binding['kind'], declaration: Node): void => {
    let target = scope
    if (kind === 'var') while (!target.isFunction && target.parent) target = target.parent
    const name: string = identifier.name
    const known = target.names.get(name)
    if (known) {
      known.isAmbiguous = true
      bindingOf.set(identifier, known)
      return
    }
    const binding: Binding = { name, kind, identifier, declaration, references: [], isAmbiguous: false }
    target.names.set(name, binding)
    bindingOf.set(identifier, binding)
  }

  const note = (node: Node, said: string): void => {
    const known = saying.get(said)
    if (known) known.push(node)
    else saying.set(said, [node])
  }

  const enter = (node: Node, scope: Scope, around: Node[]): void => {
    aroundOf.set(node, around)
    if (node.type === 'Identifier' || node.type === 'JSXIdentifier') names.add(node.name)
    if (node.type === 'Identifier') note(node, node.name)
    else if (node.type === 'StringLiteral') note(node, node.value)
    const children = childrenOf(node)
    const inner = children.length === 0 ? around : [...around, node]
    if (FUNCTIONS.has(node.type)) {
      if (node.id && node.type === 'FunctionDeclaration') declare(scope, node.id, 'function', node)
      const own: Scope = { names: new Map(), parent: scope, isFunction: true }
      if (node.id && node.type === 'FunctionExpression') declare(own, node.id, 'function', node)
      for (const param of node.params ?? [])
        for (const identifier of identifiersIn(param)) declare(own, identifier, 'param', node)
      for (const child of children) {
        // The body's block is the function's own scope.
        if (child === node.body && child.type === 'BlockStatement') {
          aroundOf.set(child, inner)
          for (const statement of childrenOf(child)) enter(statement, own, [...inner, child])
        } else enter(child, own, inner)
      }
      return
    }
    let current = scope
    if (BLOCKS.has(node.type)) {
      current = { names: new Map(), parent: scope, isFunction: false }
      if (node.type === 'CatchClause' && node.param)
        for (const identifier of identifiersIn(node.param)) declare(current, identifier, 'let', node)
    }
    switch (node.type) {
      case 'VariableDeclaration':
        for (const declarator of node.declarations)
          for (const identifier of identifiersIn(declarator.id))
            declare(current, identifier, node.kind, declarator)
        break
      case 'ClassDeclaration':
        if (node.id) declare(current, node.id, 'class', node)
        break
      case 'ImportSpecifier':
      case 'ImportDefaultSpecifier':
      case 'ImportNamespaceSpecifier':
        declare(current, node.local, 'import', node)
        break
      case 'TSInterfaceDeclaration':
      case 'TSTypeAliasDeclaration':
      case 'TSEnumDeclaration':
        declare(current, node.id, 'type', node)
        break
      case 'Identifier':
        if (isReference(node, around)) pending.push({ node, scope: current, around })
        break
      case 'JSXIdentifier':
        pending.push({ node, scope: current, around })
        break
      default:
        break
    }
    for (const child of children) enter(child, current, inner)
  }

  enter(program, { names: new Map(), parent: null, isFunction: true }, [])
  for (const { node, scope, around } of pending) {
    if (bindingOf.has(node)) continue
    for (let at: Scope | null = scope; at; at = at.parent) {
      const binding = at.names.get(node.name)
      if (!binding) continue
      binding.references.push({ node, around })
      bindingOf.set(node, binding)
      break
    }
  }
  return {
    of: identifier => bindingOf.get(identifier) ?? null,
    around: node => aroundOf.get(node) ?? [],
    names,
    saying,
  }
}

/** Identifiers that a pattern declares. */
export function identifiersIn(pattern: Node): Node[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern]
    case 'ObjectPattern':
      return pattern.properties.flatMap((each: Node) =>
        identifiersIn(each.type === 'RestElement' ? each.argument : each.value),
      )
    case 'ArrayPattern':
      return pattern.elements.flatMap((each: Node | null) => (each ? identifiersIn(each) : []))
    case 'AssignmentPattern':
      return identifiersIn(pattern.left)
    case 'RestElement':
      return identifiersIn(pattern.argument)
    case 'TSParameterProperty':
      return identifiersIn(pattern.parameter)
    default:
      return []
  }
}

/** An identifier that stands for a value or a type, and not for a key. */
function isReference(node: Node, around: Node[]): boolean {
  const parent = around.at(-1)
  if (!parent) return false
  switch (parent.type) {
    case 'MemberExpression':
    case 'OptionalMemberExpression':
      return parent.object === node || parent.computed
    case 'ObjectProperty':
      return parent.value === node || parent.computed
    case 'ObjectMethod':
    case 'ClassMethod':
    case 'ClassProperty':
    case 'PropertyDefinition':
    case 'TSPropertySignature':
    case 'TSMethodSignature':
    case 'TSEnumMember':
      return parent.key !== node || parent.computed
    case 'ImportSpecifier':
      return false
    case 'TSQualifiedName':
      return parent.left === node
    case 'LabeledStatement':
    case 'BreakStatement':
    case 'ContinueStatement':
      return false
    default:
      return true
  }
}
