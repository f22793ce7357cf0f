/** What a test asks of an argument of the function, where the argument itself may tell when the function is called. */
import type { BinaryExpression, Expression } from '@oxc-project/types'
import type { Check, Condition, NodeId } from './facts.js'
import { lowerExpression } from './lower-expression.js'
import type { Lowering } from './lowering.js'

/** The condition that a test is; null where no argument decides it. */
export function conditionOf(l: Lowering, test: Expression): Condition | null {
  if (l.fn === null) return null
  const condition = read(l, test)
  return condition?.checks.some(check => check.kind !== 'other') ? condition : null
}

/** The same condition, not met. */
export function unmet({ checks, holds }: Condition): Condition {
  return { checks, holds: !holds }
}

function read(l: Lowering, test: Expression): Condition | null {
  switch (test.type) {
    case 'ParenthesizedExpression':
      return read(l, test.expression)
    case 'UnaryExpression': {
      const inner = test.operator === '!' ? read(l, test.argument) : null
      return inner && unmet(inner)
    }
    case 'LogicalExpression': {
      if (test.operator === '??') return null
      const isAnd = test.operator === '&&'
      const [left, right] = [read(l, test.left), read(l, test.right)]
      if (!left && !right) return null
      // `a || b` is that not both are unmet.
      const checks = [left, right].flatMap(each => checksFor(each, isAnd))
      return { checks, holds: isAnd }
    }
    default: {
      const check = checkOf(l, test)
      return check && { checks: [check], holds: true }
    }
  }
}

/** Checks that are all met where the condition is met, or is not. What can't be put so is something else. */
function checksFor(condition: Condition | null, met: boolean): Check[] {
  if (condition?.holds === met) return condition.checks
  const [check] = condition?.checks ?? []
  return condition?.checks.length === 1 && check.kind !== 'other' ? [opposite(check)] : [{ kind: 'other' }]
}

function opposite(check: Exclude<Check, { kind: 'other' }>): Check {
  const { not, ...rest } = check
  return not ? rest : { ...rest, not: true }
}

function checkOf(l: Lowering, test: Expression): Check | null {
  if (test.type === 'CallExpression') {
    const args = test.arguments.map(each => (each.type === 'SpreadElement' ? null : argumentAsked(l, each)))
    if (!args.every(each => each !== null) || args.length === 0) return null
    const { callee } = test
    if (l.source.slice(callee.start, callee.end) === 'Array.isArray') return { kind: 'array', of: args[0] }
    return callee.type === 'Identifier' ? { kind: 'asked', callee: lowerExpression(l, callee), args } : null
  }
  return test.type === 'BinaryExpression' ? comparison(l, test as BinaryExpression) : null
}

function comparison(l: Lowering, { left, operator, right }: BinaryExpression): Check | null {
  if (operator === 'in') {
    const of = isText(left) ? argumentAsked(l, right) : null
    return of === null || !isText(left) ? null : { kind: 'has', of, text: left.value }
  }
  if (!/^[!=]==?$/.test(operator)) return null
  const not = operator.startsWith('!') ? { not: true as const } : {}
  const [side, other] = isConstant(right) ? [left, right] : [right, left]
  const isTypeof = side.type === 'UnaryExpression' && side.operator === 'typeof'
  if (!isConstant(other)) return null
  const of = argumentAsked(l, isTypeof ? side.argument : side)
  if (of === null) return null
  if (!isText(other)) return isTypeof ? null : { kind: 'nothing', of, ...not }
  return isTypeof
    ? { kind: 'typeof', of, type: other.value, ...not }
    : { kind: 'equal', of, text: other.value, ...not }
}

/** A text, `null` or `undefined`. */
function isConstant(expression: Expression): boolean {
  const isNull = expression.type === 'Literal' && expression.value === null && !('regex' in expression)
  return isText(expression) || isNull || (expression.type === 'Identifier' && expression.name === 'undefined')
}

function isText(expression: Expression): expression is Expression & { type: 'Literal'; value: string } {
  return expression.type === 'Literal' && typeof expression.value === 'string'
}

/** An argument, a property or an element of one, as it is at this point; null for anything else. */
function argumentAsked(l: Lowering, expression: Expression): NodeId | null {
  if (!isPath(expression)) return null
  const id = lowerExpression(l, expression)
  return isOfArgument(l, id) ? id : null
}

/** A name with properties: to read it once more calls nothing. */
function isPath(expression: Expression): boolean {
  let at: { type: string; computed?: boolean; object?: unknown } = expression
  while (at.type === 'MemberExpression' && !at.computed) at = at.object as typeof at
  return at.type === 'Identifier'
}

function isOfArgument(l: Lowering, id: NodeId): boolean {
  for (let node = l.nodes[id]; ; ) {
    if (node.kind === 'param') return true
    if (node.kind !== 'member' && node.kind !== 'index' && node.kind !== 'typed') return false
    if (node.of === null) return false
    node = l.nodes[node.of]
  }
}
