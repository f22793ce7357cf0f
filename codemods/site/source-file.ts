/** One source file being looked at: its text, tree and names. */
import { type Bindings, bindingsOf } from './bindings.js'
import { type Node, parseSource, visit } from './parse.js'

export interface SourceFile {
  path: string
  text: string
  program: Node
  bindings: Bindings
  isTypeScript: boolean
  /** Of a text that was put together for a look: where a place of it is written, and which names are nowhere in the code. */
  made?: { placeOf(offset: number): string; isMade(name: string): boolean }
}

export function openSource(path: string, text: string): SourceFile | null {
  const program = parseSource(path, text)
  if (!program) return null
  return { path, text, program, bindings: bindingsOf(program), isTypeScript: /\.[cm]?tsx?$/.test(path) }
}

/** Whether a file loads modules with `require` and has no imports of its own. */
export function isCommonJs({ path, program, bindings, isTypeScript }: SourceFile): boolean {
  if (isTypeScript || path.endsWith('.mjs')) return false
  const isModule = program.body.some((each: Node) => /^(?:Import|Export)/.test(each.type))
  return (
    path.endsWith('.cjs') ||
    (!isModule && ['require', 'module', 'exports'].some(name => bindings.names.has(name)))
  )
}

/** The module of `const x = require('m')`; null for other statements. */
export function requiredModule(statement: Node): string | null {
  const init = statement.type === 'VariableDeclaration' ? statement.declarations[0].init : null
  const isRequire = init?.type === 'CallExpression' && init.callee.name === 'require'
  return isRequire && init.arguments[0]?.type === 'StringLiteral' ? init.arguments[0].value : null
}

export function codeOf(file: SourceFile, node: Node): string {
  return file.text.slice(node.start, node.end)
}

/** The call or tagged template that begins and ends at these offsets. */
export function callAt(file: SourceFile, start: number, end: number): Node | null {
  let found: Node | null = null
  visit(file.program, node => {
    if (node.start === start && node.end === end && CALLS.has(node.type)) found = node
  })
  return found
}

const CALLS = new Set(['CallExpression', 'OptionalCallExpression', 'TaggedTemplateExpression'])

/** An expression without the parentheses, casts and `!` around it. */
export function bare(node: Node): Node {
  return WRAPPERS.has(node.type) ? bare(node.expression) : node
}

/** The same of a variable that is declared with a value: that value. */
export function declaredWith(file: SourceFile, node: Node): Node {
  const plain = bare(node)
  const declaration = plain.type === 'Identifier' ? file.bindings.of(plain)?.declaration : null
  return declaration?.type === 'VariableDeclarator' && declaration.init ? bare(declaration.init) : plain
}

export const WRAPPERS = new Set([
  'TSAsExpression',
  'TSNonNullExpression',
  'TSSatisfiesExpression',
  'TSTypeAssertion',
  'ParenthesizedExpression',
])
