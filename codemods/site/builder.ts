/**
 * SQL that grows: `let query = …; if (since) { query += …; params.push(since) }`, `conditions.push(…)` and
 * `conditions.join(' AND ')`, pieces chosen by `a ? b : ''`. Followed from the declarations to the call, statement by
 * statement; the first that is not understood ends it.
 */
import type { Binding } from './bindings.js'
import { both, negated } from './conditions.js'
import { CHANGES } from './growth.js'
import { type Node, visit } from './parse.js'
import { ADVICE, type Building, type Piece, pieceReader, type Tracked } from './pieces.js'
import { isPure, isStable } from './purity.js'
import { Refusal } from './refusal.js'
import { bare, codeOf, type SourceFile } from './source-file.js'

export interface BuiltValue {
  test: string | null
  code: string
  /** All elements of a list. */
  isSpread: boolean
}

export interface Built {
  pieces: Piece[]
  /** In the order in which they are in the list of values. */
  values: BuiltValue[]
}

const UNFOLLOWED = 'its SQL text is put together in a way that is not followed'
/**
 * @param text the expression of the text, and of the values if there are any, as the call has them
 * @param before the statement up to which they are followed
 * @throws Refusal where a step is not understood
 */
export function followBuilder(file: SourceFile, text: Node, values: Node | null, before: Node): Built {
  const builder = createBuilder(file, text, values)
  const block = file.bindings.around(before).at(-1)
  const list = block ? statementsOf(block) : []
  const to = list.indexOf(before)
  const from = list.findIndex(statement => builder.declares(statement))
  if (to === -1) throw new Refusal('the SQL text is put together in another block than the call', ADVICE)
  if (from !== -1) for (const statement of list.slice(from, to)) builder.step(statement, null)
  return builder.finish()
}

/** Statements of a block. */
function statementsOf(block: Node): Node[] {
  const list: unknown = block.type === 'SwitchCase' ? block.consequent : block.body
  return Array.isArray(list) ? list : []
}

function createBuilder(file: SourceFile, textNode: Node, valuesNode: Node | null) {
  const building: Building = { tracked: new Map(), counts: new Map(), lastAdded: null }
  const { tracked, counts } = building
  const { read, countOf } = pieceReader(file, building)
  const listed = valuesNode ? valueBindings(valuesNode) : []
  const wanted = bindingsToTrack()

  /** Local variables that the text and the values are made of. */
  function bindingsToTrack(): Set<Binding> {
    const found = new Set<Binding>(listed)
    const add = (node: Node): void =>
      visit(node, each => {
        const binding = each.type === 'Identifier' ? file.bindings.of(each) : null
        if (binding && !found.has(binding) && isLocal(binding) && kindOf(binding) !== null) found.add(binding)
      })
    add(textNode)
    for (const binding of found) {
      if (listed.includes(binding)) continue
      for (const made of [binding.declaration.init, ...additionsTo(binding)]) if (made) add(made)
    }
    return found
  }

  function isLocal(binding: Binding): boolean {
    return (binding.kind === 'let' || binding.kind === 'const') && !binding.isAmbiguous
  }

  /** What is assigned or pushed to a variable. */
  function additionsTo(binding: Binding): Node[] {
    return binding.references.flatMap(({ around }) => {
      const parent = around.at(-1)!
      if (parent.type === 'AssignmentExpression') return [parent.right]
      const call = around.at(-2)
      return parent.type === 'MemberExpression' && call?.type === 'CallExpression' && call.callee === parent
        ? call.arguments
        : []
    })
  }

  function kindOf(binding: Binding): Tracked['kind'] | null {
    const init: Node | null = binding.declaration.init && bare(binding.declaration.init)
    if (!init) return binding.kind === 'let' ? 'text' : null
    switch (init.type) {
      case 'ArrayExpression':
        return 'pieces'
      case 'NumericLiteral':
        return binding.kind === 'let' ? 'counter' : null
      case 'StringLiteral':
      case 'TemplateLiteral':
      case 'BinaryExpression':
      case 'ConditionalExpression':
        return 'text'
      case 'CallExpression':
        return init.callee.property?.name === 'join' ? 'text' : null
      default:
        return null
    }
  }

  /** `params`, `[...params, limit]`: the lists that the call's values come from. */
  function valueBindings(node: Node): Binding[] {
    const plain = bare(node)
    const parts = plain.type === 'ArrayExpression' ? plain.elements : [plain]
    return parts.flatMap((part: Node | null) => {
      const inner = part && bare(part.type === 'SpreadElement' ? part.argument : part)
      if (part?.type !== 'SpreadElement' && part !== plain) return []
      const binding = inner?.type === 'Identifier' ? file.bindings.of(inner) : null
      const init = binding?.declaration.init && bare(binding.declaration.init)
      return binding && isLocal(binding) && init?.type === 'ArrayExpression' ? [binding] : []
    })
  }

  function declares(statement: Node): boolean {
    return (
      statement.type === 'VariableDeclaration' &&
      statement.declarations.some((each: Node) => wanted.has(file.bindings.of(each.id)!))
    )
  }

  /** Takes a statement into account. */
  function step(statement: Node, test: string | null): undefined {
    if (!mentionsTracked(statement)) {
      if (!isHarmless(statement)) {
        throw new Refusal(
          test === null
            ? 'between the beginning of its SQL text and the call something else happens'
            : 'a condition of its SQL text does something else too',
          'put the SQL text together right before the call',
        )
      }
      return
    }
    switch (statement.type) {
      case 'VariableDeclaration':
        for (const declarator of statement.declarations) declare(declarator, test)
        return
      case 'ExpressionStatement':
        return expression(bare(statement.expression), test)
      case 'IfStatement':
        return branch(statement, test)
      case 'BlockStatement':
        for (const each of statement.body) step(each, test)
        return
      default:
        throw new Refusal(UNFOLLOWED, ADVICE)
    }
  }

  function mentionsTracked(node: Node): boolean {
    return [...wanted].some(
      ({ identifier, references }) =>
        contains(node, identifier) || references.some(({ node: reference }) => contains(node, reference)),
    )
  }

  /** It changes nothing that the text and the values are made of. */
  function isHarmless(statement: Node): boolean {
    if (statement.type.startsWith('TS') || statement.type === 'EmptyStatement') return true
    if (statement.type === 'VariableDeclaration') {
      return statement.declarations.every((each: Node) => !each.init || isPure(each.init))
    }
    // A guard leaves the function, or does nothing.
    return statement.type === 'IfStatement' && isPure(statement.test) && leaves(statement.consequent)
  }

  function leaves(statement: Node): boolean {
    const last = statement.type === 'BlockStatement' ? statement.body.at(-1) : statement
    return last?.type === 'ReturnStatement' || last?.type === 'ThrowStatement'
  }

  function declare({ id, init }: Node, test: string | null): void {
    const binding = id.type === 'Identifier' ? file.bindings.of(id) : null
    if (!binding || !wanted.has(binding)) {
      // A statement that ran before with the same text and values: it may look at them, not change them.
      if (init && !onlyHandsOn(init)) throw new Refusal(UNFOLLOWED, ADVICE)
      return
    }
    if (test !== null) throw new Refusal(UNFOLLOWED, ADVICE)
    const value = init && bare(init)
    if (listed.includes(binding)) {
      tracked.set(binding, { kind: 'values', values: [] })
      for (const element of value?.elements ?? []) addValue(binding, element, null)
      return
    }
    switch (kindOf(binding)) {
      case 'pieces': {
        const elements = value!.elements.map((each: Node | null) => {
          if (!each || each.type === 'SpreadElement') throw new Refusal(UNFOLLOWED, ADVICE)
          return { test: null, pieces: read(each, null) }
        })
        tracked.set(binding, { kind: 'pieces', elements })
        return
      }
      case 'counter':
        tracked.set(binding, { kind: 'counter' })
        countOf(null).numbered = value!.value - 1
        return
      default:
        tracked.set(binding, { kind: 'text', pieces: value ? read(value, null) : [] })
    }
  }

  /** `const [total] = await db.query(count, params)`: tracked names are nothing but arguments or read in it. */
  function onlyHandsOn(init: Node): boolean {
    let fine = true
    visit(init, (node, around) => {
      if (node.type !== 'Identifier' || !wanted.has(file.bindings.of(node)!)) return
      const parent = around.at(-1)
      fine &&= !(parent?.type === 'AssignmentExpression' || parent?.type === 'UpdateExpression')
      fine &&= !(parent?.type === 'MemberExpression' && CHANGES.test(parent.property.name ?? ''))
    })
    return fine
  }

  function branch(statement: Node, test: string | null): undefined {
    if (onlyHandsOn(statement) && leaves(statement.consequent) && !statement.alternate) return
    if (!isPure(statement.test) || !isStable(statement.test, file.bindings) || !isInScope(statement.test)) {
      throw new Refusal(
        'a condition of its SQL text can not be evaluated a second time',
        'put the condition into a constant before the SQL text',
      )
    }
    const code = codeOf(file, statement.test)
    step(block(statement.consequent), both(test, code))
    if (statement.alternate) step(block(statement.alternate), both(test, negated(code)))
  }

  /** Statements under a condition as a block: every one of them has to be understood. */
  function block(statement: Node): Node {
    return statement.type === 'BlockStatement' || statement.type === 'IfStatement'
      ? statement
      : { type: 'BlockStatement', start: statement.start, end: statement.end, body: [statement] }
  }

  function expression(node: Node, test: string | null): undefined {
    if (node.type === 'UpdateExpression' && node.operator === '++') return raise(node.argument, 1, test)
    if (node.type === 'AssignmentExpression') return assign(node, test)
    const { callee } = node
    if (node.type === 'CallExpression' && callee.type === 'MemberExpression') {
      const binding = file.bindings.of(callee.object)
      const target = binding && tracked.get(binding)
      if (target && callee.property.name === 'push') {
        for (const argument of node.arguments) push(binding, target, argument, test)
        return
      }
    }
    if (onlyHandsOn(node)) return
    const called = callee?.type === 'MemberExpression' ? file.bindings.of(callee.object) : null
    const isOfValues = called && tracked.get(called)?.kind === 'values'
    throw new Refusal(isOfValues ? 'its values are not only added to' : UNFOLLOWED, ADVICE)
  }

  /** Names of it mean the same where the text is handed over: none is declared in a block that does not hold that. */
  function isInScope(node: Node): boolean {
    let fine = true
    visit(node, each => {
      const binding = each.type === 'Identifier' ? file.bindings.of(each) : null
      if (!binding || binding.kind === 'import' || contains(node, binding.identifier)) return
      const block = file.bindings
        .around(binding.identifier)
        .findLast(around => around.type === 'BlockStatement')
      fine &&= !block || binding.kind === 'param' || contains(block, textNode)
    })
    return fine
  }

  function push(binding: Binding, target: Tracked, argument: Node, test: string | null): undefined {
    if (target.kind === 'values') return addValue(binding, argument, test)
    if (target.kind !== 'pieces' || argument.type === 'SpreadElement') throw new Refusal(UNFOLLOWED, ADVICE)
    target.elements.push({ test, pieces: read(argument, test) })
  }

  function assign({ left, right, operator }: Node, test: string | null): undefined {
    const binding = file.bindings.of(left)
    const target = binding && tracked.get(binding)
    if (target?.kind === 'counter' && operator === '+=' && right.type === 'NumericLiteral') {
      return raise(left, right.value, test)
    }
    if (target?.kind !== 'text') throw new Refusal(UNFOLLOWED, ADVICE)
    const pieces = read(right, test)
    if (operator === '+=') target.pieces.push(...pieces)
    else if (operator === '=' && (isEmpty(target.pieces) || beginsWith(pieces, target.pieces))) {
      target.pieces = pieces
    } else throw new Refusal('its SQL text is assigned more than once', ADVICE)
  }

  function raise(counter: Node, by: number, test: string | null): undefined {
    const binding = file.bindings.of(counter)
    if (!binding || tracked.get(binding)?.kind !== 'counter') throw new Refusal(UNFOLLOWED, ADVICE)
    countOf(test).numbered += by
  }

  function addValue(binding: Binding, node: Node | null, test: string | null): undefined {
    const target = tracked.get(binding)
    if (target?.kind !== 'values' || !node) throw new Refusal(UNFOLLOWED, ADVICE)
    target.values.push(...valuesOf(node, test))
    countOf(test).added++
    building.lastAdded = test
  }

  /** A value, all elements of a list, or what `...(since ? [since] : [])` adds. */
  function valuesOf(node: Node, test: string | null): BuiltValue[] {
    const inner = bare(node.type === 'SpreadElement' ? node.argument : node)
    if (node.type === 'SpreadElement' && inner.type === 'ConditionalExpression') {
      const [yes, no] = [bare(inner.consequent), bare(inner.alternate)]
      if (yes.type !== 'ArrayExpression' || no.type !== 'ArrayExpression' || no.elements.length > 0) {
        throw new Refusal(UNFOLLOWED, ADVICE)
      }
      const code = both(test, codeOf(file, inner.test))
      return yes.elements.flatMap((each: Node) => valuesOf(each, code))
    }
    if (!isPure(inner) || !isStable(inner, file.bindings) || !isInScope(inner)) {
      throw new Refusal(
        `\`${codeOf(file, inner).slice(0, 40)}\`, one of its values, may be another when it is evaluated at the call`,
        'put the value into a constant before the SQL text',
      )
    }
    return [{ test, code: codeOf(file, inner), isSpread: node.type === 'SpreadElement' }]
  }

  /** A counter that falls behind the list would number other values. */
  function refuseUneven(): void {
    const hasCounter = [...tracked.values()].some(({ kind }) => kind === 'counter')
    for (const [test, { added, numbered }] of counts) {
      if (hasCounter && test !== null && added !== numbered) throw new Refusal(UNFOLLOWED, ADVICE)
    }
  }

  function finish(): Built {
    const pieces = read(textNode, null)
    refuseUneven()
    const plain = valuesNode && bare(valuesNode)
    const values: BuiltValue[] = []
    const elements: (Node | null)[] =
      plain?.type === 'ArrayExpression' ? plain.elements : plain ? [plain] : []
    for (const element of elements) {
      if (!element) throw new Refusal('its list of values has a gap')
      const inner = bare(element.type === 'SpreadElement' ? element.argument : element)
      const binding = inner.type === 'Identifier' ? file.bindings.of(inner) : null
      const target = binding && tracked.get(binding)
      if (target?.kind === 'values') values.push(...target.values)
      else if (plain?.type === 'ArrayExpression') values.push(...atCall(element))
      else throw new Refusal('its values are not listed beside the call', 'list the values beside the call')
    }
    return { pieces, values }
  }

  /** Listed in the call itself: evaluated there, as before. */
  function atCall(node: Node): BuiltValue[] {
    const isSpread = node.type === 'SpreadElement'
    if (isSpread && bare(node.argument).type === 'ConditionalExpression') return valuesOf(node, null)
    return [{ test: null, code: codeOf(file, isSpread ? node.argument : node), isSpread }]
  }

  return { declares, step, finish }
}

function contains(outer: Node, inner: Node): boolean {
  return inner.start >= outer.start && inner.end <= outer.end
}

/** `let where = ''`: what is assigned to it later, under one condition, is all that it ever has. */
function isEmpty(pieces: Piece[]): boolean {
  return pieces.every(piece => piece.kind === 'text' && piece.text === '')
}

function beginsWith(pieces: Piece[], start: Piece[]): boolean {
  return start.every((piece, at) => {
    const other = pieces[at]
    if (piece.kind !== 'text' || other?.kind !== 'text')
      return JSON.stringify(piece) === JSON.stringify(other)
    return piece.test === other.test && other.text.startsWith(piece.text)
  })
}
