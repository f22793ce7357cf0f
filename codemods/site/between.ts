/** What happens between the place where a value or a condition was read, and the call where it is read instead. */
import { type Binding, isFunction } from './bindings.js'
import { type Node, visit } from './parse.js'
import { isReadingCall } from './purity.js'
import { codeOf, type SourceFile } from './source-file.js'

/**
 * True where a statement may change what expressions give. It may not where it neither writes to the objects that they
 * look into, nor hands these to anything, nor runs a function that has them.
 */
export function mayChange(file: SourceFile, statement: Node, read: Node[]): boolean {
  const paths = read.flatMap(node => pathsIn(file, node))
  if (paths.length === 0) return false
  const roots = new Set(paths.map(({ root }) => root))
  const { bindings } = file
  let changes = false
  visit(statement, (node, around) => {
    const root = rootOf(file, node)
    if (root === null || !roots.has(root)) {
      changes ||= runsClosure(node)
      return
    }
    const { outer, text, parent } = pathAt(file, node, around)
    const of = paths.filter(each => each.root === root)
    if (!parent || of.length === 0) return
    const isWritten =
      (parent.type === 'AssignmentExpression' && parent.left === outer) ||
      parent.type === 'UpdateExpression' ||
      (parent.type === 'UnaryExpression' && parent.operator === 'delete')
    const isCalled = /^(?:Optional)?CallExpression$/.test(parent.type) && parent.callee === outer
    if (isCalled) changes ||= !isReadingCall(parent)
    else if (isWritten) changes ||= of.some(each => lies(each.text, text) || lies(text, each.text))
    // What is handed over may be changed, and all that lies in it.
    else if (!LOOKING.has(parent.type))
      changes ||= of.some(each => lies(each.text, text) || (each.isOpen && lies(text, each.text)))
  })
  return changes

  /** A function of the code around sees these names, too. */
  function runsClosure(node: Node): boolean {
    const binding = /CallExpression$/.test(node.type) ? bindings.of(node.callee) : null
    const fn = binding && (isFunction(binding.declaration) ? binding.declaration : binding.declaration.init)
    if (!fn || !isFunction(fn) || bindings.around(binding.identifier).every(each => !isFunction(each)))
      return false
    let sees = false
    visit(fn, each => {
      const root = rootOf(file, each)
      sees ||= root !== null && roots.has(root)
    })
    return sees
  }
}

interface Path {
  /** What a name means, or `this`. */
  root: unknown
  /** `filters.from`, as far as names lead. */
  text: string
  /** It leads on by a name that is not known, `filters[key]`. */
  isOpen: boolean
}

/** Objects, and what of them, an expression reads. */
function pathsIn(file: SourceFile, node: Node): Path[] {
  const found: Path[] = []
  visit(node, (each, around) => {
    const root = rootOf(file, each)
    if (root === null) return
    const { text, isOpen } = pathAt(file, each, around)
    if (text.includes('.') || isOpen || !isPlainValue(root as Binding)) found.push({ root, text, isOpen })
  })
  return found
}

/** What a name means, or `this`; null for what is no name of a value. */
function rootOf(file: SourceFile, node: Node): unknown {
  if (node.type === 'ThisExpression') return 'this'
  return node.type === 'Identifier' ? file.bindings.of(node) : null
}

/** Texts, numbers and flags are the same whoever gets them. */
function isPlainValue({ kind, identifier, declaration }: Binding): boolean {
  const type = identifier?.typeAnnotation?.typeAnnotation.type ?? ''
  if (/^TS(?:String|Number|Boolean|BigInt)Keyword$/.test(type)) return true
  const init: Node | null = kind === 'const' && declaration.id === identifier ? declaration.init : null
  return init !== null && /^(?:String|Numeric|Boolean|Template)Literal$/.test(init.type)
}

/** `filters.range.from` around `filters`: the whole of it, what uses it, and how far names lead. */
function pathAt(file: SourceFile, node: Node, around: Node[]) {
  let outer = node
  let named = node
  let isOpen = false
  let depth = around.length - 1
  for (; depth >= 0; depth--) {
    const parent = around[depth]!
    const isMember = /^(?:Optional)?MemberExpression$/.test(parent.type) && parent.object === outer
    if (!isMember && !/^TS(?:NonNull|As)Expression$|^Parenthesized/.test(parent.type)) break
    isOpen ||= isMember && parent.computed
    outer = parent
    if (!isOpen) named = parent
  }
  return { outer, isOpen, parent: around[depth], text: codeOf(file, named).replace(/[\s?!()]/g, '') }
}

/** Whether a path is another one, or leads into it. */
function lies(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`)
}

/** What looks at a value, or copies it, and keeps nothing of it. */
const LOOKING = new Set([
  'BinaryExpression',
  'UnaryExpression',
  'TemplateLiteral',
  'IfStatement',
  'ConditionalExpression',
  'MemberExpression',
  'OptionalMemberExpression',
])
