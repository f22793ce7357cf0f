/** What a test asks of an argument of the function, where the argument itself may tell when the function is called. */
import type { BinaryExpression, Expression, LogicalExpression } from '@oxc-project/types'
import type { Check, Condition, NodeId } from './facts.js'
import { lowerExpression } from './lower-expression.js'
import type { Lowering } from './lowering.js'

/** The condition that a test is; null where no argument decides it. */
export function conditionOf(l: Lowering, test: Expression): Condition | null {
  if (l.fn === null) return null
  const condition = read(l, test)
  return condition?.checks.some(check => isDecided(l, check)) ? condition : null
}

/** Whether a call decides it: what a callback is called with is an argument, what a loop goes through is none. */
function isDecided(l: Lowering, check: Check): boolean {
  return askedBy(check).some(id => {
    const root = rootOf(l, id)
    if (root === null || l.nodes[root].kind !== 'element') return true
    for (let fn = l.fn; fn !== null; fn = l.functions[fn].parent)
      if (l.functions[fn].element === root) return true
    return false
  })
}

/** The values that a check asks of. */
function askedBy(check: Check): NodeId[] {
  if (check.kind === 'other') return []
  return check.kind === 'asked' ? check.args : [check.of]
}

/** What a test asks of an element of an iteration, with the element; null where it asks of none, or of several. */
export function conditionOfElement(
  l: Lowering,
  test: Expression,
): { element: NodeId; condition: Condition } | null {
  const condition = read(l, test)
  const elements = new Set(
    (condition?.checks ?? []).flatMap(askedBy).flatMap(id => {
      const root = rootOf(l, id)
      return root !== null && l.nodes[root].kind === 'element' ? [root] : []
    }),
  )
  const [element] = elements
  return condition && elements.size === 1 ? { element, condition } : null
}

/** The same condition, not met. */
export function unmet({ checks, holds }: Condition): Condition {
  return { checks, holds: !holds }
}

/** The condition on which the right side of `a && b`, `a || b`, `a ?? b` counts; null where no argument decides it. */
export function conditionOfSecond(l: Lowering, { left, operator }: LogicalExpression): Condition | null {
  if (operator === '??') {
    const of = l.fn === null ? null : argumentAsked(l, left)
    return of === null ? null : { checks: [{ kind: 'nothing', of }], holds: true }
  }
  const condition = conditionOf(l, left)
  return condition && operator === '||' ? unmet(condition) : condition
}

/** What lies deeper in a test is something else: in a chain of `&&` each further one is read with all that it follows. */
const MAX_DEPTH = 30

function read(l: Lowering, test: Expression, depth = 0): Condition | null {
  if (depth > MAX_DEPTH) return null
  switch (test.type) {
    case 'ParenthesizedExpression':
      return read(l, test.expression, depth + 1)
    case 'UnaryExpression': {
      const inner = test.operator === '!' ? read(l, test.argument, depth + 1) : null
      return inner && unmet(inner)
    }
    case 'LogicalExpression': {
      if (test.operator === '??') return null
      const isAnd = test.operator === '&&'
      const [left, right] = [read(l, test.left, depth + 1), read(l, test.right, depth + 1)]
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
  if (test.type === 'BinaryExpression') return comparison(l, test as BinaryExpression)
  const of = argumentAsked(l, test)
  return of === null ? null : { kind: 'truthy', of }
}

/** Of each group of the cases of a `switch` when it is entered, if not by falling into it; null where no argument decides. */
export function conditionsOfCases(
  l: Lowering,
  discriminant: Expression,
  groups: { tests: (Expression | null)[] }[],
): (Condition | null)[] {
  if (l.fn === null) return groups.map(() => null)
  const isEach = groups.map(({ tests }) =>
    tests.map(test => test && comparison(l, { left: discriminant, operator: '===', right: test })),
  )
  return groups.map(({ tests }, at): Condition | null => {
    const isDefault = tests.includes(null)
    const others = isDefault ? isEach.filter((_, other) => other !== at).flat() : isEach[at]
    const checks = others.map(
      (each): Check => (each === null || each.kind === 'other' ? { kind: 'other' } : opposite(each)),
    )
    if (!checks.some(({ kind }) => kind !== 'other')) return null
    // Entered where one of its own is met, which is that not all are unmet; by default where none of the others is.
    return { checks, holds: isDefault }
  })
}

/** Whether what a pattern takes out of an argument is there, so that its default counts for nothing; null for anything else. */
export function isGiven(l: Lowering, value: NodeId): Condition | null {
  if (l.fn === null || !isOfArgument(l, value)) return null
  return { checks: [{ kind: 'missing', of: value }], holds: false }
}

function comparison(
  l: Lowering,
  { left, operator, right }: Pick<BinaryExpression, 'operator' | 'right'> & { left: Expression },
): Check | null {
  if (operator === 'in') {
    const of = isText(left) ? argumentAsked(l, right) : null
    return of === null || !isText(left) ? null : { kind: 'has', of, text: left.value }
  }
  if (!/^[!=]==?$/.test(operator)) return null
  const not = operator.startsWith('!') ? { not: true as const } : {}
  const loose = operator.length === 2 ? { loose: true as const } : {}
  const onRight = constantOf(right)
  const constant = onRight ?? constantOf(left)
  if (constant === null) return null
  const side = onRight ? left : right
  const isTypeof = side.type === 'UnaryExpression' && side.operator === 'typeof'
  const of = argumentAsked(l, isTypeof ? side.argument : side)
  if (of === null) return null
  const { value } = constant
  if (isTypeof) return typeof value === 'string' ? { kind: 'typeof', of, type: value, ...not } : null
  if (typeof value === 'string') return { kind: 'equal', of, text: value, ...loose, ...not }
  if (value == null)
    return { kind: 'nothing', of, ...(!loose.loose && { is: value === null ? 'null' : 'undefined' }), ...not }
  return { kind: 'same', of, value, ...loose, ...not }
}

/** A text, a number, `true`, `false`, `null` or `undefined`. */
function constantOf(expression: Expression): { value: string | number | boolean | null | undefined } | null {
  if (expression.type === 'Identifier') return expression.name === 'undefined' ? { value: undefined } : null
  if (expression.type !== 'Literal' || 'regex' in expression) return null
  const { value } = expression
  return value === null || /^(?:string|number|boolean)$/.test(typeof value)
    ? { value: value as string | number | boolean | null }
    : null
}

function isText(expression: Expression): expression is Expression & { type: 'Literal'; value: string } {
  return expression.type === 'Literal' && typeof expression.value === 'string'
}

/** An argument, a property or an element of one, as it is at this point; null for anything else. */
function argumentAsked(l: Lowering, expression: Expression): NodeId | null {
  if (expression.type === 'ChainExpression' || expression.type === 'ParenthesizedExpression')
    return argumentAsked(l, expression.expression)
  if (rootOfPath(expression) !== 'Identifier') return null
  const id = lowerExpression(l, expression)
  return isOfArgument(l, id) ? id : null
}

/** What kind of expression the properties are taken from, one of another: of a name, to read them once more calls nothing. */
export function rootOfPath(expression: { type: string }): string {
  let at: { type: string; computed?: boolean; object?: unknown } = expression
  while (at.type === 'MemberExpression' && !at.computed) at = at.object as typeof at
  return at.type
}

function isOfArgument(l: Lowering, id: NodeId): boolean {
  return rootOf(l, id) !== null
}

/** The parameter, the element of an iteration, or what a condition on one decides, of which a value is a property. */
export function rootOf(l: Lowering, id: NodeId): NodeId | null {
  for (let at = id; ; ) {
    const node = l.nodes[at]
    if (node.kind === 'param' || node.kind === 'element') return at
    // What a name holds by a condition on an argument.
    if (node.kind === 'choice' && node.when) return at
    if (node.kind !== 'member' && node.kind !== 'index' && node.kind !== 'typed' && node.kind !== 'among')
      return null
    if (node.of === null) return null
    at = node.of
  }
}
