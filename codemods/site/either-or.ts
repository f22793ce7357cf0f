/** A call with one of two whole statements: `const sql = all ? 'SELECT …' : 'SELECT … WHERE …'`. */
import type { Node } from './parse.js'
import { isPure, isStable } from './purity.js'
import { bare, codeOf, type SourceFile } from './source-file.js'

export interface EitherOr {
  /** Code of the condition. */
  test: string
  /** The call as it is where that holds, and where it does not. */
  calls: [yes: Node, no: Node]
}

const STATEMENT = /^[\s(]*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b/i

/**
 * @param text index of the argument that has the text
 * @param values of the one that has its values; null for none
 * @returns null where the text is no such choice, or its condition may be another one at the call
 */
export function eitherOr(file: SourceFile, call: Node, text: number, values: number | null): EitherOr | null {
  const choice = choiceIn(file, call.arguments?.[text])
  if (!choice || ![choice.consequent, choice.alternate].every(isStatement)) return null
  if (!isPure(choice.test) || !isStable(choice.test, file.bindings)) return null
  const test = codeOf(file, choice.test)
  const given: Node | undefined = values === null ? undefined : call.arguments[values]
  const list = given && choiceIn(file, given)
  if (list && codeOf(file, list.test) !== test) return null
  const callWith = (branch: 'consequent' | 'alternate'): Node => ({
    ...call,
    arguments: call.arguments.map((each: Node, at: number) => {
      if (at === text) return choice[branch]
      return list && at === values ? list[branch] : each
    }),
  })
  return { test, calls: [callWith('consequent'), callWith('alternate')] }
}

/** The choice that an expression is, or a constant that is never another. */
function choiceIn(file: SourceFile, expression: Node | undefined): Node | null {
  const node = expression && bare(expression)
  if (node?.type === 'ConditionalExpression') return node
  const binding = node?.type === 'Identifier' ? file.bindings.of(node) : null
  const init: Node | null =
    binding?.kind === 'const' && !binding.isAmbiguous ? binding.declaration.init : null
  return init && bare(init).type === 'ConditionalExpression' ? bare(init) : null
}

function isStatement(expression: Node): boolean {
  const node = bare(expression)
  if (node.type === 'StringLiteral') return STATEMENT.test(node.value)
  return node.type === 'TemplateLiteral' && STATEMENT.test(node.quasis[0].value.cooked ?? '')
}
