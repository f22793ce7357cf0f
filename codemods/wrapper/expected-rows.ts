/** How many rows a function expects: `if (rows.length > 1) throw …`. */
import type { Binding } from '../site/bindings.js'
import type { Node } from '../site/parse.js'
import { bare } from '../site/source-file.js'
import type { Form } from './given.js'

/** What the first row of a variable is, after the function has looked at the number of them. */
export function expectedRows(fn: Node, { references }: Binding): Pick<Form, 'first'> {
  const statements: Node[] = fn.body.type === 'BlockStatement' ? fn.body.body : []
  for (const statement of statements) {
    const test = statement.type === 'IfStatement' && !statement.alternate ? bare(statement.test) : null
    if (test?.type !== 'BinaryExpression' || !onlyThrows(statement.consequent)) continue
    const length = bare(test.left)
    const name = length.property?.name === 'length' ? bare(length.object) : null
    if (!references.some(({ node }) => node === name)) continue
    const isFirstUse = references.every(({ node, around }) => {
      const isAssigned = around.at(-1)!.type === 'AssignmentExpression'
      return isAssigned || node.start >= statement.start
    })
    const expected = isFirstUse ? firstAfter(test.operator, bare(test.right).value) : null
    if (expected) return { first: expected }
  }
  return {}
}

function firstAfter(operator: string, count: unknown): Form['first'] | null {
  if ((operator === '>' && count === 1) || (operator === '>=' && count === 2)) return 'optional or undefined'
  return (operator === '!==' || operator === '!=') && count === 1 ? 'one' : null
}

function onlyThrows(statement: Node): boolean {
  const statements: Node[] = statement.type === 'BlockStatement' ? statement.body : [statement]
  return statements.length === 1 && statements[0]!.type === 'ThrowStatement'
}
