/**
 * Calls of functions that put a text together or add values, `whereOf(filters, values)`, written out where they stand:
 * a file that does the same and has no such calls, to be followed like any other.
 */
import { type Binding, isFunction } from '../bindings.js'
import { contains } from '../evaluable.js'
import { type Declared, type Files, imported } from '../imported.js'
import { type Node, visit } from '../parse.js'
import { isPure } from '../purity.js'
import { Refusal } from '../refusal.js'
import { bare, codeOf, openSource, type SourceFile } from '../source-file.js'
import { assembled, type Edit } from './assembled.js'
import { type HelperCall, helperCalls, type MakingCall, makingCall } from './calls.js'
import { ADVICE, type Helper, helperCalled, namesIn } from './helper.js'
import { type Chunk, instanceOf, placeOf, type Taken } from './instance.js'
import { type Meanings, rendered } from './rendering.js'

export interface WrittenOut {
  file: SourceFile
  call: Node
  making: MakingCall[]
  /** Whether code says a name that only the file put together has. */
  saysMade(code: string): boolean
  /** A reason in the words of the code as it is. */
  plain(text: string): string
}

const MAX_ROUNDS = 4
const MOST_COPIES = 30
/**
 * @param call the executing call
 * @param valuesOf the arguments of such a call that have its values
 * @returns null where none of what its text and values are made of is such a call
 * @throws Refusal where one of them can't be written out
 */
export function withHelpersWritten(
  file: SourceFile,
  call: Node,
  valuesOf: (file: SourceFile, call: Node) => Node[],
  files: Files,
): WrittenOut | null {
  let prefix = 'made'
  while ([...file.bindings.names].some(name => name.startsWith(prefix))) prefix += '_'
  let count = 0
  const fresh = (name: string): string => `${prefix}${++count}_${name.replace(/^made_*\d+_/, '')}`
  const isMade = (name: string): boolean => name.startsWith(prefix) && /^\d+_/.test(name.slice(prefix.length))
  const said = new RegExp(`\\b${prefix}\\d+_`)
  let at = { file, call }
  let making: MakingCall[] = []
  let round = 0
  for (; round <= MAX_ROUNDS; round++) {
    const found = helperCalls(at.file, at.call, valuesOf(at.file, at.call), files)
    if (found.length === 0) break
    if (round === MAX_ROUNDS)
      throw new Refusal('functions that make its SQL text call one another too deep', ADVICE)
    if (round === 0) making = found.flatMap(each => makingCall(file, each, files))
    at = writtenOut(at.file, at.call, found, files, fresh, isMade)
  }
  if (round === 0) return null
  return {
    ...at,
    making,
    saysMade: code => said.test(code),
    plain: text => text.replace(new RegExp(said, 'g'), ''),
  }
}

/** The file with these calls written out, and the executing call in it. */
function writtenOut(
  file: SourceFile,
  call: Node,
  found: HelperCall[],
  files: Files,
  fresh: (name: string) => string,
  isMade: (name: string) => boolean,
): { file: SourceFile; call: Node } {
  const edits: Edit[] = []
  const copies = new Map<Node, string>()
  const copied: Chunk[] = []
  const outer = found.filter(
    ({ node }) => !found.some(each => each.node !== node && contains(each.node, node)),
  )
  const byStatement = new Map<Node, HelperCall[]>()
  for (const each of outer) {
    const statement = statementOf(file, each.node)
    byStatement.set(statement, [...(byStatement.get(statement) ?? []), each])
  }
  for (const [statement, calls] of byStatement) replaceIn(statement, calls)
  const { text, placeAt, offsetOf } = assembled(file, edits, copied)
  const opened = openSource(file.path, text)
  const now = opened && callOf(opened, offsetOf(call.start), offsetOf(call.end))
  if (!opened || !now) throw new Refusal('a function that makes its SQL text is not followed', ADVICE)
  return { file: { ...opened, made: { placeOf: placeAt, isMade } }, call: now }

  function unfollowed(node: Node, where = file): Refusal {
    const shown = codeOf(where, node).replace(/\s+/g, ' ').slice(0, 60)
    return new Refusal(`a piece of its SQL text comes from \`${shown}\``, ADVICE)
  }

  function replaceIn(statement: Node, calls: HelperCall[]): void {
    refuseOtherEffects(statement, calls)
    const [first] = calls
    const declarator: Node | null =
      statement.type === 'VariableDeclaration' ? statement.declarations[0] : null
    const expression: Node | null =
      statement.type === 'ExpressionStatement' ? bare(statement.expression) : null
    const isWhole =
      calls.length === 1 && statement.declarations?.length === 1 && bare(declarator!.init) === first!.node
    const chunks: Chunk[] = []
    if (isWhole) chunks.push(...declared(statement.kind, declarator!.id, first!))
    else if (calls.length === 1 && expression === first!.node)
      chunks.push(...instance(first!, 'nothing', new Map(), 'const').chunks)
    else {
      for (const each of calls) {
        const { chunks: own, results } = instance(each, 'value', new Map(), 'const')
        chunks.push(...own)
        edits.push({ ...range(each.node), chunks: [chunk(results.get('')!, each.node)] })
      }
      const { start, end } = statement
      const isOne = isInBlock(statement)
      edits.push({ start, end: start, chunks: isOne ? chunks : [chunk('{', statement), ...chunks] })
      if (!isOne) edits.push({ start: end, end, chunks: [chunk('}', statement)] })
      return
    }
    const braces = isInBlock(statement) ? ['', ''] : ['{', '}']
    const [open, close] = braces.map(text => chunk(text, statement))
    edits.push({ ...range(statement), chunks: [open!, ...chunks, close!] })
  }

  /** One of several statements, and not the only one of an `if`. */
  function isInBlock(statement: Node): boolean {
    return /^(?:BlockStatement|Program|SwitchCase)$/.test(file.bindings.around(statement).at(-1)!.type)
  }

  /** `const where = …`, `const { where, values } = …` */
  function declared(word: string, target: Node, each: HelperCall): Chunk[] {
    if (target.type === 'ObjectPattern') {
      const names = new Map<string, string>(
        target.properties.map((property: Node) => {
          const isPlain =
            property.type === 'ObjectProperty' && !property.computed && property.value.type === 'Identifier'
          if (!isPlain) throw unfollowed(target)
          return [property.key.name ?? property.key.value, property.value.name]
        }),
      )
      const { chunks, results } = instance(each, 'fields', names, word)
      if ([...names.keys()].some(name => !results.has(name))) throw unfollowed(target)
      return chunks
    }
    if (target.type === 'ArrayPattern') {
      const isPlain = target.elements.every((element: Node | null) => element?.type === 'Identifier')
      if (!isPlain) throw unfollowed(target)
      const names = new Map<string, string>(
        target.elements.map((element: Node, at: number) => [String(at), element.name]),
      )
      const { chunks, results } = instance(each, 'elements', names, word)
      if ([...names.keys()].some(name => !results.has(name))) throw unfollowed(target)
      return chunks
    }
    const binding = file.bindings.of(target)
    if (target.type !== 'Identifier' || !binding || binding.isAmbiguous) throw unfollowed(target)
    const uses = binding.references.map(({ node, around: nodes }) => ({ node, parent: nodes.at(-1)! }))
    const areFields =
      uses.length > 0 &&
      uses.every(
        ({ node, parent }) =>
          /^(?:Optional)?MemberExpression$/.test(parent.type) && parent.object === node && !parent.computed,
      )
    const isObject = areFields && givesObject(each.helper)
    if (!isObject) return instance(each, 'value', new Map([['', target.name]]), word).chunks
    const { chunks, results } = instance(each, 'fields', new Map(), 'let')
    for (const { parent } of uses) {
      const name = results.get(parent.property.name)
      if (name === undefined) throw unfollowed(parent)
      edits.push({ ...range(parent), chunks: [chunk(name, parent)] })
    }
    return chunks
  }

  function instance({ node, helper }: HelperCall, taken: Taken, names: Map<string, string>, word: string) {
    return instanceOf(helper, file, node, taken, names, word, fresh, meaningsFor(helper))
  }

  /** What the names around a function are where it is called: the same, or copies. */
  function meaningsFor(helper: Helper): Meanings {
    const own = namesIn(helper)
    const meanings: Meanings = new Map()
    visit(helper.fn, node => {
      if (node.type === 'ThisExpression' && !/Method$/.test(helper.fn.type))
        throw unfollowed(node, helper.file)
      if (node.type !== 'Identifier') return
      const binding = helper.file.bindings.of(node)
      if (!binding && isNameOfPart(helper.file, node)) return
      if (!binding && (node.name === 'arguments' || (helper.file !== file && isDeclared(node.name))))
        throw unfollowed(node, helper.file)
      if (binding && (own.has(binding) || binding.kind === 'type' || binding.identifier === helper.fn.id))
        return
      if (helper.file === file) {
        if (binding && isHidden(binding)) throw unfollowed(helper.fn.id ?? node)
      } else if (binding && isValue(helper.file, binding, node))
        meanings.set(binding, copyOf(helper.file, binding))
    })
    return meanings
  }

  function isDeclared(name: string): boolean {
    return (file.bindings.saying.get(name) ?? []).some(node => file.bindings.of(node)?.identifier === node)
  }

  /** Another thing of the name is declared around the call. */
  function isHidden(binding: Binding): boolean {
    const functions = file.bindings.around(call).filter(isFunction)
    return (file.bindings.saying.get(binding.name) ?? []).some(node => {
      const other = file.bindings.of(node)
      if (!other || other === binding || other.identifier !== node) return false
      return functions.some(fn => contains(fn, node) && !contains(fn, binding.identifier))
    })
  }

  /** The name of a constant or function of another file, which is written below. */
  function copyOf(from: SourceFile, binding: Binding): string {
    const declaredAs: Declared | null =
      binding.kind === 'import' ? imported(from, binding, files) : { file: from, node: binding.declaration }
    const node = declaredAs?.node
    if (!declaredAs || !node) throw notCopied(from, binding)
    const known = copies.get(node)
    if (known !== undefined) return known
    if (copies.size === MOST_COPIES) throw notCopied(from, binding)
    const name = fresh(binding.name)
    copies.set(node, name)
    const isMaking = node.type === 'FunctionDeclaration' || isFunction(bare(node.init ?? node))
    const isConstant =
      node.type === 'VariableDeclarator' &&
      node.id.type === 'Identifier' &&
      declaredAs.file.bindings.around(node).at(-1)?.kind === 'const' &&
      node.init &&
      (isMaking || isPure(node.init))
    if (node.type !== 'FunctionDeclaration' && !isConstant) throw notCopied(from, binding)
    const meanings: Meanings = new Map()
    const code: Node = node.type === 'FunctionDeclaration' ? node : node.init
    visit(code, each => {
      const other = each.type === 'Identifier' ? declaredAs.file.bindings.of(each) : null
      if (!other || contains(code, other.identifier) || meanings.has(other)) return
      if (isValue(declaredAs.file, other, each)) meanings.set(other, copyOf(declaredAs.file, other))
    })
    const own = node.type === 'FunctionDeclaration' ? declaredAs.file.bindings.of(node.id) : null
    if (own) meanings.set(own, name)
    const text = rendered(declaredAs.file, code, meanings, false)
    if (text === null) throw notCopied(from, binding)
    copied.push({
      text: own ? `\n${text}\n` : `\nconst ${name} = ${text};\n`,
      ...placeOf(declaredAs.file, node.start),
    })
    return name
  }

  function notCopied(from: SourceFile, { name }: Binding): Refusal {
    return new Refusal(
      `a function of ${from.path} that makes its SQL text uses \`${name}\`, which is not followed`,
      ADVICE,
    )
  }

  /** Beside the calls, the statement changes nothing that the order of both could matter for. */
  function refuseOtherEffects(statement: Node, calls: HelperCall[]): void {
    const nodes = calls.map(({ node }) => node)
    visit(statement, (node, nodesAround) => {
      if (nodes.some(each => each !== node && contains(each, node)) || node === call) return
      if (nodes.includes(node)) {
        for (const [at, outer] of nodesAround.entries()) {
          const inner = nodesAround[at + 1] ?? node
          const isSkipped =
            isFunction(outer) ||
            (outer.type === 'ConditionalExpression' && outer.test !== inner) ||
            (outer.type === 'LogicalExpression' && outer.left !== inner) ||
            /^(?:Optional|For|While|DoWhile|If|Switch|Try)/.test(outer.type)
          if (isSkipped) throw unfollowed(node)
        }
        return
      }
      const isTop = node === bare(statement.expression ?? statement)
      const isChanging =
        /^(?:Assignment|Update)Expression$/.test(node.type) ||
        (node.type === 'CallExpression' &&
          !contains(node, call) &&
          helperCalled(file, node, files) !== null) ||
        (node.type === 'CallExpression' &&
          /^(?:push|unshift|splice|pop|shift)$/.test(node.callee.property?.name ?? ''))
      if (isChanging && !isTop) throw unfollowed(node)
    })
  }

  function chunk(text: string, node: Node): Chunk {
    return { text, ...placeOf(file, node.start) }
  }
}

/** The innermost statement that something stands in. */
function statementOf({ bindings, program }: SourceFile, node: Node): Node {
  const isStatement = ({ type }: Node): boolean =>
    /^(?!Block).*Statement$/.test(type) || type === 'VariableDeclaration'
  return bindings.around(node).findLast(isStatement) ?? program
}

/** Values that a name stands for, and no type. */
function isValue(file: SourceFile, binding: Binding, node: Node): boolean {
  return binding.kind !== 'type' && !isInType(file, node)
}

function isInType({ bindings }: SourceFile, node: Node): boolean {
  return bindings.around(node).some(({ type }) => /^TSType|^TSInterface/.test(type))
}

/** The name of a property or of a field, which stands for nothing that is declared. */
function isNameOfPart(file: SourceFile, node: Node): boolean {
  const parent = file.bindings.around(node).at(-1)
  const isKey = parent?.key === node || parent?.property === node
  return isInType(file, node) || (isKey && !parent.computed && !parent.shorthand)
}

function givesObject({ fn }: Helper): boolean {
  let gives = bare(fn.body).type === 'ObjectExpression'
  visit(fn.body, (node, around) => {
    gives ||=
      node.type === 'ReturnStatement' &&
      node.argument?.type !== undefined &&
      bare(node.argument).type === 'ObjectExpression' &&
      !around.some(isFunction)
  })
  return gives
}

function range({ start, end }: Node): { start: number; end: number } {
  return { start, end }
}

function callOf({ program }: SourceFile, start: number, end: number): Node | null {
  let found: Node | null = null
  visit(program, node => {
    if (node.type === 'CallExpression' && node.start === start && node.end === end) found = node
  })
  return found
}
