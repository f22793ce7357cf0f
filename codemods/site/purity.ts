/** Whether an expression can be read again, or somewhat later, and mean the same. */
import type { Bindings } from './bindings.js'
import { childrenOf, type Node } from './parse.js'

const PURE = new Set([
  'Identifier',
  'ThisExpression',
  'StringLiteral',
  'NumericLiteral',
  'BooleanLiteral',
  'NullLiteral',
  'BigIntLiteral',
  'RegExpLiteral',
  'TemplateLiteral',
  'TemplateElement',
  'MemberExpression',
  'OptionalMemberExpression',
  'BinaryExpression',
  'LogicalExpression',
  'UnaryExpression',
  'ConditionalExpression',
  'ParenthesizedExpression',
  'TSAsExpression',
  'TSNonNullExpression',
  'TSSatisfiesExpression',
  'ArrayExpression',
  'ObjectExpression',
  'ObjectProperty',
])
/** Methods that only read. */
const READING =
  /^(?:trim|trimStart|trimEnd|toLowerCase|toUpperCase|toString|toISOString|toFixed|getTime|valueOf|slice|substring|includes|startsWith|endsWith|padStart|padEnd|join|concat|replace|replaceAll|split|charAt|at|map|flatMap|flat|filter|some|every|find|keys|values|entries|has|get)$/
const READING_FUNCTIONS =
  /^(?:String|Number|Boolean|BigInt|Math|JSON|Array|Object|parseInt|parseFloat|encodeURIComponent)$/

/** True for a call of what is known to look at values only. */
export function isReadingCall({ callee }: Node): boolean {
  if (!isMember(callee)) return callee.type === 'Identifier' && READING_FUNCTIONS.test(callee.name)
  return (
    (!callee.computed && READING.test(callee.property.name)) ||
    (callee.object.type === 'Identifier' && READING_FUNCTIONS.test(callee.object.name))
  )
}

function isMember({ type }: Node): boolean {
  return type === 'MemberExpression' || type === 'OptionalMemberExpression'
}

/**
 * True where evaluating it has no effect and needs no wait.
 *
 * @param mayBe effects that do not matter
 */
export function isPure(node: Node, mayBe: (node: Node) => boolean = () => false): boolean {
  if (mayBe(node)) return true
  const areAll = (nodes: Node[]): boolean => nodes.every(each => isPure(each, mayBe))
  if (node.type.startsWith('TS') && !PURE.has(node.type)) return true
  if (node.type === 'CallExpression' || node.type === 'OptionalCallExpression') {
    const { callee } = node
    return (
      isReadingCall(node) && (!isMember(callee) || isPure(callee.object, mayBe)) && areAll(node.arguments)
    )
  }
  if (node.type === 'NewExpression') {
    return node.callee.type === 'Identifier' && node.callee.name === 'Date' && areAll(node.arguments)
  }
  if (node.type === 'ArrowFunctionExpression') {
    if (node.body.type !== 'BlockStatement') return isPure(node.body, mayBe)
    return node.body.body.every((each: Node) => isPureStep(each, mayBe))
  }
  if (node.type === 'UnaryExpression' && node.operator === 'delete') return false
  if (node.type === 'SpreadElement') return isPure(node.argument, mayBe)
  return PURE.has(node.type) && areAll(childrenOf(node))
}

/** `const first = at * 2`, `return first + 1` */
function isPureStep({ type, kind, declarations, argument }: Node, mayBe: (node: Node) => boolean): boolean {
  if (type === 'ReturnStatement') return !argument || isPure(argument, mayBe)
  return (
    type === 'VariableDeclaration' &&
    kind === 'const' &&
    declarations.every(({ id, init }: Node) => id.type === 'Identifier' && isPure(init, mayBe))
  )
}

/** True where every name in it keeps its value: constants, and parameters and variables that nothing assigns to. */
export function isStable(node: Node, bindings: Bindings): boolean {
  if (node.type === 'Identifier') {
    const binding = bindings.of(node)
    return !binding || !isAssigned(binding.references)
  }
  return childrenOf(node).every(child => isStable(child, bindings))
}

export function isAssigned(references: { node: Node; around: Node[] }[]): boolean {
  return references.some(({ node, around }) => {
    const parent = around.at(-1)
    if (!parent) return false
    if (parent.type === 'AssignmentExpression') return parent.left === node
    if (parent.type === 'UpdateExpression') return true
    if (parent.type === 'ForInStatement' || parent.type === 'ForOfStatement') return parent.left === node
    return parent.type === 'ArrayPattern' || parent.type === 'AssignmentPattern'
      ? around.some(each => each.type === 'AssignmentExpression')
      : false
  })
}
