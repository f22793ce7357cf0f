/** Which expressions are numbers, so that what is written into a text for them is one. */
import type { Bindings } from './bindings.js'
import { typeOfProperty } from './declared-types.js'
import { type Files, imported } from './imported.js'
import type { Node } from './parse.js'
import { bare, type SourceFile } from './source-file.js'

const MAX_DEPTH = 8

/** sure: whatever code of other files hands over. told: by a type. */
export type Numeric = 'sure' | 'told'

/** Whether an expression is a number; null where it may be something else. */
export function numericOf(file: SourceFile, expression: Node, files: Files, depth = 0): Numeric | null {
  if (depth > MAX_DEPTH) return null
  const { bindings } = file
  const node = bare(expression)
  const both = (...nodes: Node[]): Numeric | null => {
    const found = nodes.map(each => numericOf(file, each, files, depth + 1))
    if (found.includes(null)) return null
    return found.includes('told') ? 'told' : 'sure'
  }
  switch (node.type) {
    case 'NumericLiteral':
      return 'sure'
    case 'UnaryExpression':
      return /^[-+~]$/.test(node.operator) ? 'sure' : null
    case 'BinaryExpression':
      return /^(?:[-*/%&|^]|\*\*|<<|>>>?)$/.test(node.operator)
        ? 'sure'
        : node.operator === '+'
          ? both(node.left, node.right)
          : null
    case 'LogicalExpression':
      // `Number(x) || 20`: what is on the left of `&&` may be given too.
      return both(node.left, node.right)
    case 'ConditionalExpression':
      return both(node.consequent, node.alternate)
    case 'CallExpression':
      return isNumberCall(node.callee, bindings) ? 'sure' : null
    case 'Identifier':
      return ofName(node)
    case 'MemberExpression':
      return isNumberType(typeOfMember(file, node, files)) ? 'told' : null
    default:
      return null
  }

  function ofName(name: Node): Numeric | null {
    const binding = bindings.of(name)
    if (!binding || binding.isAmbiguous) return null
    const { identifier, declaration } = binding
    if (isNumberType(identifier.typeAnnotation)) return 'told'
    if (binding.kind === 'param') return ofParameter(identifier, declaration)
    if (binding.kind !== 'const' || declaration.id !== identifier || !declaration.init) return null
    return numericOf(file, declaration.init, files, depth + 1)
  }

  /** `(limit: number)`, `(limit = 20)`. */
  function ofParameter(identifier: Node, fn: Node): Numeric | null {
    const param = fn.params?.find(
      (each: Node) => each.type === 'AssignmentPattern' && each.left === identifier,
    )
    return param?.right.type === 'NumericLiteral' ? 'told' : null
  }
}

/** The type that `page.limit` has by what its object is declared to be. */
function typeOfMember(file: SourceFile, member: Node, files: Files): Node | null {
  const path: string[] = []
  let node = member
  for (; node.type === 'MemberExpression' && !node.computed; node = bare(node.object))
    path.unshift(node.property.name)
  const binding = node.type === 'Identifier' ? file.bindings.of(node) : null
  if (!binding || binding.isAmbiguous) return null
  const annotation: Node | undefined = binding.identifier.typeAnnotation
  if (annotation) return typeOfProperty(file, annotation, path, files)
  const { init } = binding.declaration
  const made = binding.kind === 'const' && init ? functionCalled(file, bare(init), files) : null
  return made && typeOfProperty(made.file, made.node.returnType ?? null, path, files)
}

/** The function that a call runs, where it is called by its own name. */
export function functionCalled(
  file: SourceFile,
  call: Node,
  files: Files,
): { file: SourceFile; node: Node } | null {
  return call.type === 'CallExpression' ? functionNamed(file, call.callee, files) : null
}

/** The function that a name means, in this file or another. */
export function functionNamed(
  file: SourceFile,
  name: Node,
  files: Files,
): { file: SourceFile; node: Node } | null {
  const binding = name.type === 'Identifier' ? file.bindings.of(name) : null
  if (!binding || binding.isAmbiguous) return null
  const found =
    binding.kind === 'import' ? imported(file, binding, files) : { file, node: binding.declaration }
  const node: Node | undefined =
    found?.node.type === 'VariableDeclarator' ? bare(found.node.init ?? found.node) : found?.node
  return found &&
    node &&
    /^(?:FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)
    ? { file: found.file, node }
    : null
}

function isNumberType(annotation: Node | null | undefined): boolean {
  const type = annotation?.type === 'TSTypeAnnotation' ? annotation.typeAnnotation : annotation
  return type?.type === 'TSNumberKeyword'
}

/** `Number(x)`, `parseInt(x, 10)`, `Math.min(a, b)`. */
function isNumberCall(callee: Node, bindings: Bindings): boolean {
  const isGlobal = (node: Node, names: RegExp): boolean =>
    node.type === 'Identifier' && names.test(node.name) && !bindings.of(node)
  if (isGlobal(callee, /^(?:Number|parseInt|parseFloat)$/)) return true
  return (
    callee.type === 'MemberExpression' &&
    !callee.computed &&
    (isGlobal(callee.object, /^Math$/) ||
      (isGlobal(callee.object, /^Number$/) && /^parse(?:Int|Float)$/.test(callee.property.name)))
  )
}
