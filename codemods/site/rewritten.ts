/** Code that is moved to the call: names that mean nothing there are replaced by what they are known to be. */
import type { Binding } from './bindings.js'
import { childrenOf, type Node } from './parse.js'
import { bare, codeOf, type SourceFile } from './source-file.js'

/** What stands for a name: a literal of a loop's round, or the expression that a constant was made of. */
export type Replaced = Map<Binding, Node>

/** A value that code certainly has; undefined where that is not known. */
export type Known = string | number | boolean | null | undefined

/** A literal that stands for a name, and nowhere in the file. */
export function literal(value: string | number | boolean | null): Node {
  const type = { string: 'StringLiteral', number: 'NumericLiteral', boolean: 'BooleanLiteral' }[
    typeof value as string
  ]
  return { type: type ?? 'NullLiteral', value, start: -1, end: -1 }
}

export interface Rewriter {
  /** The code of an expression with all of its names replaced. */
  code(node: Node): string
  /** The value that it certainly has. */
  knownValue(node: Node): Known
}

export function rewriter(file: SourceFile, replaced: Replaced): Rewriter {
  return { code, knownValue }

  function replacementOf(node: Node): Node | null {
    const binding = node.type === 'Identifier' ? file.bindings.of(node) : null
    return (binding && replaced.get(binding)) ?? null
  }

  function isReplaced(node: Node): boolean {
    return replaced.size > 0 && (replacementOf(node) !== null || childrenOf(node).some(isReplaced))
  }

  function code(node: Node): string {
    if (node.start === -1) return literalCode(node.value)
    const replacement = replacementOf(node)
    if (replacement) return replacement.start === -1 ? code(replacement) : grouped(replacement)
    if (!isReplaced(node)) return codeOf(file, node)
    const known = knownValue(node)
    if (known !== undefined) return literalCode(known)
    if (node.type === 'ConditionalExpression') {
      const test = knownValue(node.test)
      if (test !== undefined) return code(test ? node.consequent : node.alternate)
    }
    if (/^(?:Optional)?MemberExpression$/.test(node.type) && node.computed) {
      const name = knownValue(node.property)
      if (typeof name === 'string' && /^[A-Za-z_$][\w$]*$/.test(name))
        return `${code(node.object)}${node.optional ? '?.' : '.'}${name}`
    }
    let text = ''
    let at = node.start
    for (const child of childrenOf(node).toSorted((a, b) => a.start - b.start)) {
      if (child.start < at) continue
      text += file.text.slice(at, child.start) + code(child)
      at = child.end
    }
    return text + file.text.slice(at, node.end)
  }

  function grouped(node: Node): string {
    const text = code(node)
    return SINGLE.has(node.type) ? text : `(${text})`
  }

  function knownValue(expression: Node): Known {
    const node = bare(expression)
    const replacement = replacementOf(node)
    if (replacement) return replacement.start === -1 ? replacement.value : knownValue(replacement)
    switch (node.type) {
      case 'StringLiteral':
      case 'NumericLiteral':
      case 'BooleanLiteral':
        return node.value
      case 'TemplateLiteral':
        return joinedText(
          node.quasis.map((quasi: Node) => quasi.value.cooked ?? ''),
          node.expressions,
        )
      case 'UnaryExpression': {
        const value = node.operator === '!' ? knownValue(node.argument) : undefined
        return value === undefined ? undefined : !value
      }
      case 'BinaryExpression':
        return compared(node.operator, knownValue(node.left), knownValue(node.right))
      case 'LogicalExpression':
        return chained(node.operator, knownValue(node.left), () => knownValue(node.right))
      case 'CallExpression':
        return contained(node)
      case 'MemberExpression':
        return propertyOf(node)
      default:
        return undefined
    }
  }

  function joinedText(texts: string[], expressions: Node[]): Known {
    const values = expressions.map(knownValue)
    if (values.some(value => value === undefined)) return undefined
    return texts.map((text, at) => `${text}${values[at] ?? ''}`).join('')
  }

  /** `jsonColumns.includes(column)`, `jsonColumns.has(column)`. */
  function contained({ callee, arguments: [given, ...more] }: Node): Known {
    if (callee.type !== 'MemberExpression' || more.length > 0 || !given) return undefined
    const isSet = callee.property.name === 'has'
    const list = callee.property.name === 'includes' || isSet ? constantOf(callee.object) : null
    const value = knownValue(given)
    const array: Node | null =
      isSet && list?.type === 'NewExpression' && list.callee.name === 'Set' && list.arguments[0]
        ? bare(list.arguments[0])
        : list
    if (value === undefined || array?.type !== 'ArrayExpression') return undefined
    const values = array.elements.map((each: Node | null) => (each ? knownValue(each) : undefined))
    return values.includes(undefined) ? undefined : values.includes(value)
  }

  /** `columnOf[key]`, of an object that is written out. */
  function propertyOf(node: Node): Known {
    const name = node.computed ? knownValue(node.property) : node.property.name
    const object = typeof name === 'string' ? constantOf(node.object) : null
    if (object?.type !== 'ObjectExpression') return undefined
    const found = object.properties.filter((each: Node) => (each.key?.name ?? each.key?.value) === name)
    const isPlain = object.properties.every((each: Node) => each.type === 'ObjectProperty' && !each.computed)
    return isPlain && found.length === 1 ? knownValue(found[0].value) : undefined
  }

  /** What a list or an object is, written in place or in a constant that nothing changes. */
  function constantOf(expression: Node): Node | null {
    const node = bare(expression)
    if (node.type !== 'Identifier') return node
    const replacement = replacementOf(node)
    return replacement ? bare(replacement) : constantMade(file, node)
  }
}

/** The list or object of a constant that is only read, in this file; null for others. */
export function constantMade(file: SourceFile, identifier: Node): Node | null {
  const binding = file.bindings.of(identifier)
  const init: Node | null =
    binding?.kind === 'const' && !binding.isAmbiguous ? binding.declaration.init : null
  if (!binding || !init || binding.declaration.id.type !== 'Identifier') return null
  return binding.references.every(({ around }) => isReading(around)) ? bare(init) : null
}

/** True where a list or an object is read and stays as it is. */
function isReading(around: Node[]): boolean {
  const [user, parent] = around.filter(({ type }) => !WRAPPING.test(type)).slice(-2)
  if (!parent) return false
  if (/^TS/.test(parent.type) || parent.type === 'SpreadElement') return true
  if (parent.type === 'ForOfStatement' || parent.type === 'ForInStatement') return true
  if (/^(?:Optional)?MemberExpression$/.test(parent.type)) {
    if (parent.computed) return user?.type !== 'AssignmentExpression' || user.left !== parent
    return READS.test(parent.property.name)
  }
  if (parent.type !== 'CallExpression' && parent.type !== 'NewExpression') return false
  const { callee } = parent
  return (
    /^(?:Object|Set|Map)$/.test(callee.object?.name ?? callee.name ?? '') &&
    callee.property?.name !== 'assign'
  )
}

const WRAPPING = /^(?:TSAsExpression|TSSatisfiesExpression|TSNonNullExpression|ParenthesizedExpression)$/
const READS =
  /^(?:includes|indexOf|has|map|filter|forEach|some|every|find|join|length|keys|entries|values|size|get)$/
/** Expressions that stay one wherever they stand. */
const SINGLE = new Set([
  'Identifier',
  'ThisExpression',
  'StringLiteral',
  'NumericLiteral',
  'TemplateLiteral',
  'MemberExpression',
  'CallExpression',
  'ParenthesizedExpression',
])

function literalCode(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value)
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

function compared(operator: string, left: Known, right: Known): Known {
  if (left === undefined || right === undefined) return undefined
  if (operator === '===' || operator === '!==') return (left === right) === (operator === '===')
  return operator === '+' && typeof left === 'string' && typeof right === 'string' ? left + right : undefined
}

function chained(operator: string, left: Known, right: () => Known): Known {
  if (left === undefined) return undefined
  const isDecided = operator === '&&' ? !left : operator === '||' ? Boolean(left) : left !== null
  return isDecided ? left : right()
}
