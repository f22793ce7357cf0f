/** Texts that are written with what callers of the function around a call hand over. */
import { type Binding, isFunction } from './bindings.js'
import { childrenOf, type Node } from './parse.js'
import { bare, type SourceFile } from './source-file.js'

/** Expressions that are looked at for one text. */
const MAX_PARTS = 500
/** Of a list these take the length, or its places alone. */
const LENGTHS = /^(?:length|size)$/

/**
 * Whether an expression has the value of a parameter of a function around it written into it, by way of variables of the
 * file. The linker knows what the callers that it sees hand over, which may be one value; another caller hands over
 * another, and a statement without it would be the same for both.
 *
 * @param isListed the text has something as often as a list is long: a function that is called with the list makes that
 */
export function isGivenByCallers(file: SourceFile, expression: Node, isListed: boolean): boolean {
  const seen = new Set<Binding>()
  const around = new Set(file.bindings.around(expression).filter(isFunction))
  let left = MAX_PARTS
  const isGiven = (each: Node | null | undefined): boolean => {
    if (!each) return false
    if (left-- <= 0) return true
    const node = bare(each)
    if (isFunction(node)) return false
    switch (node.type) {
      case 'Identifier':
        return isGivenName(node)
      case 'MemberExpression':
      case 'OptionalMemberExpression': {
        if (!node.computed && LENGTHS.test(node.property.name)) return false
        return isGiven(node.object) || (node.computed && isGiven(node.property))
      }
      case 'CallExpression':
      case 'OptionalCallExpression':
      case 'NewExpression': {
        const { callee } = node
        const called: Node | null = callee.type.endsWith('MemberExpression') ? callee : null
        const args: Node[] = node.arguments
        const [callback] = args
        // `ids.map(() => '?')`, `ids.map((_, at) => `$${at + 1}`)`
        const looksAtNone = callback && isFunction(bare(callback)) && !usesFirst(bare(callback))
        if (called && looksAtNone) return false
        if (called && isGiven(called.object)) return true
        return !isListed && args.some(isGiven)
      }
      case 'ConditionalExpression':
        return isGiven(node.consequent) || isGiven(node.alternate)
      default:
        return childrenOf(node).some(isGiven)
    }
  }
  const isGivenName = (node: Node): boolean => {
    const binding = file.bindings.of(node)
    if (!binding || seen.has(binding)) return false
    seen.add(binding)
    if (binding.kind === 'param') return around.has(binding.declaration)
    if (!/^(?:var|let|const)$/.test(binding.kind)) return false
    const looped = file.bindings.around(binding.declaration).at(-2)
    const list: Node | null = looped && /^For(?:Of|In)Statement$/.test(looped.type) ? looped.right : null
    return isGiven(binding.declaration.init ?? list) || binding.references.some(each => isGiven(setTo(each)))
  }
  const usesFirst = ({ params }: Node): boolean => {
    const [first] = params as Node[]
    const binding = first?.type === 'Identifier' ? file.bindings.of(first) : null
    return first !== undefined && (!binding || binding.references.length > 0)
  }
  return isGiven(expression)
}

/** What a variable is set to there, or grows by. */
function setTo({ node, around }: Binding['references'][number]): Node | null {
  const user = around.at(-1)!
  return user.type === 'AssignmentExpression' && user.left === node ? user.right : null
}
