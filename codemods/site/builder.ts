/**
 * SQL that grows: `let query = …; const params = […]; if (since) { query += …; params.push(since) }`. Followed from
 * the declaration to the call, statement by statement; the first that is something else ends it.
 */
import type { Binding } from './bindings.js'
import type { Node } from './parse.js'
import { isPure, isStable } from './purity.js'
import { Refusal } from './refusal.js'
import { bare, codeOf, type SourceFile } from './source-file.js'

/** A piece of the text, or a value appended to the list, under the test of the `if` around it. */
export interface Growth {
  /** Source of the condition; null where it always happens. */
  test: Node | null
  text: string
  values: Node[]
}

export interface Built {
  growth: Growth[]
  /** The statements that did it. */
  statements: Node[]
}

/** Statements of a block. */
function statementsOf(block: Node): Node[] {
  const list: unknown = block.type === 'SwitchCase' ? block.consequent : block.body
  return Array.isArray(list) ? list : []
}

/**
 * @param query the variable that holds the text
 * @param params the variable that holds the values; null where there is none
 * @param before the statement up to which it is followed
 * @throws Refusal where a step is not understood
 */
export function followBuilder(file: SourceFile, query: Binding, params: Binding | null, before: Node): Built {
  const around = file.bindings.around(query.declaration)
  const block = around.at(-2)
  const declaration = around.at(-1)
  if (!block || !declaration || declaration.type !== 'VariableDeclaration') {
    throw new Refusal('the SQL text is not put together beside the call')
  }
  const list = statementsOf(block)
  const from = list.indexOf(declaration)
  const to = list.indexOf(before)
  const paramsAt = params ? list.indexOf(file.bindings.around(params.declaration).at(-1)!) : from
  if (from === -1 || to === -1 || paramsAt === -1) {
    throw new Refusal('the SQL text is put together in another block than the call')
  }
  const built: Built = { growth: [], statements: [] }
  for (const statement of list.slice(Math.min(from, paramsAt), to)) {
    const step = readStep(file, statement, query, params, null)
    if (step === null) {
      if (!isQuiet(statement)) {
        throw new Refusal(
          'between the beginning of its SQL text and the call something else happens',
          'put the SQL text together right before the call',
        )
      }
      continue
    }
    built.growth.push(...step)
    built.statements.push(statement)
  }
  return built
}

/** What a statement adds; null for one that has nothing to do with the text. */
function readStep(
  file: SourceFile,
  statement: Node,
  query: Binding,
  params: Binding | null,
  test: Node | null,
): Growth[] | null {
  switch (statement.type) {
    case 'VariableDeclaration': {
      const growth = statement.declarations.flatMap((declarator: Node): Growth[] => {
        if (declarator === query.declaration) {
          return declarator.init ? [{ test, text: textOf(file, declarator.init), values: [] }] : []
        }
        if (params && declarator === params.declaration) {
          const init = declarator.init && bare(declarator.init)
          if (init?.type !== 'ArrayExpression') throw new Refusal('its values are not listed beside the call')
          return [{ test, text: '', values: plainItems(init.elements) }]
        }
        return []
      })
      const isOwn = statement.declarations.some(
        (declarator: Node) => declarator === query.declaration || declarator === params?.declaration,
      )
      if (!isOwn) return null
      if (statement.declarations.length > 1 && !isPure(statement.declarations.at(-1).init)) return null
      return growth
    }
    case 'ExpressionStatement':
      return readExpression(file, statement.expression, query, params, test)
    case 'IfStatement': {
      if (!mentions(file, statement, query) && !(params && mentions(file, statement, params))) return null
      if (test) throw new Refusal('its SQL text grows under conditions inside of conditions')
      if (statement.alternate) {
        throw new Refusal(
          'its SQL text has one of several parts',
          'make one operation of each variant, and call the one that is meant',
        )
      }
      if (!isPure(statement.test) || !isStable(statement.test, file.bindings)) {
        throw new Refusal('a condition of its SQL text can not be evaluated a second time')
      }
      const body =
        statement.consequent.type === 'BlockStatement' ? statement.consequent.body : [statement.consequent]
      const growth = body.flatMap((each: Node) => {
        const step = readStep(file, each, query, params, statement.test)
        if (step === null) throw new Refusal('a condition of its SQL text does something else too')
        return step
      })
      return [
        {
          test: statement.test,
          text: growth.map((each: Growth) => each.text).join(''),
          values: growth.flatMap((each: Growth) => each.values),
        },
      ]
    }
    default:
      if (mentions(file, statement, query) || (params && mentions(file, statement, params))) {
        throw new Refusal('its SQL text is put together in a way that is not followed')
      }
      return null
  }
}

function readExpression(
  file: SourceFile,
  expression: Node,
  query: Binding,
  params: Binding | null,
  test: Node | null,
): Growth[] | null {
  if (expression.type === 'AssignmentExpression' && file.bindings.of(expression.left) === query) {
    if (expression.operator === '+=') return [{ test, text: textOf(file, expression.right), values: [] }]
    const { right } = expression
    if (
      right.type === 'BinaryExpression' &&
      right.operator === '+' &&
      file.bindings.of(right.left) === query
    ) {
      return [{ test, text: textOf(file, right.right), values: [] }]
    }
    throw new Refusal('its SQL text is assigned more than once')
  }
  if (
    expression.type === 'CallExpression' &&
    expression.callee.type === 'MemberExpression' &&
    params &&
    file.bindings.of(expression.callee.object) === params
  ) {
    if (expression.callee.property.name !== 'push') throw new Refusal('its values are not only added to')
    return [{ test, text: '', values: plainItems(expression.arguments) }]
  }
  if (mentions(file, expression, query) || (params && mentions(file, expression, params))) {
    throw new Refusal('its SQL text is put together in a way that is not followed')
  }
  return null
}

function plainItems(items: (Node | null)[]): Node[] {
  return items.map(item => {
    if (!item || item.type === 'SpreadElement') throw new Refusal('its values are spread out of another list')
    return item
  })
}

/** Literal text: strings, templates without anything in them, and these put together. */
export function textOf(file: SourceFile, node: Node): string {
  const plain = bare(node)
  switch (plain.type) {
    case 'StringLiteral':
      return plain.value
    case 'TemplateLiteral':
      return plain.quasis
        .map((quasi: Node, index: number) => {
          const expression = plain.expressions[index]
          return (quasi.value.cooked ?? '') + (expression ? textOf(file, expression) : '')
        })
        .join('')
    case 'BinaryExpression':
      if (plain.operator === '+') return textOf(file, plain.left) + textOf(file, plain.right)
      break
    case 'Identifier': {
      const binding = file.bindings.of(plain)
      if (binding?.kind === 'const' && binding.declaration.init && !binding.isAmbiguous) {
        return textOf(file, binding.declaration.init)
      }
      break
    }
    default:
      break
  }
  throw new Refusal(
    `a piece of its SQL text comes from \`${codeOf(file, plain).slice(0, 60)}\``,
    'write an operation of the owner by hand for what is chosen there',
  )
}

/** A statement that changes nothing that matters here: a constant from a pure expression, or a type. */
function isQuiet(statement: Node): boolean {
  if (statement.type.startsWith('TS') || statement.type === 'EmptyStatement') return true
  if (statement.type !== 'VariableDeclaration') return false
  return statement.declarations.every((declarator: Node) => !declarator.init || isPure(declarator.init))
}

function mentions(_file: SourceFile, node: Node, binding: Binding): boolean {
  return binding.references.some(
    ({ node: reference }) => reference.start >= node.start && reference.end <= node.end,
  )
}
