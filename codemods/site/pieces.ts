/** Pieces of a text that grows: literals, pieces chosen by a condition, lists that are joined, numbered placeholders. */
import { placeIn } from '../connection/functions.js'
import type { Binding } from './bindings.js'
import type { BuiltValue } from './built-values.js'
import { type Choice, choiceOf } from './choices.js'
import { type Assumed, both, decidedBy, negated } from './conditions.js'
import type { Evaluable } from './evaluable.js'
import { constantText, type Files } from './imported.js'
import { functionCalled, type Numeric, numericOf } from './numeric.js'
import type { Node } from './parse.js'
import { Refusal } from './refusal.js'
import type { Rewriter } from './rewritten.js'
import { bare, codeOf, type SourceFile } from './source-file.js'

/** A piece of the text, there under a test; null where it always is. */
export type Piece = { test: string | null } & (
  | { kind: 'text'; text: string; standsIn?: true }
  /** A numbered placeholder, of the nth value that is added under its test. */
  | { kind: 'number'; index: number }
  /** A number that is written into the text. */
  | { kind: 'written'; code: string; numeric: Numeric }
  /** One of several texts. */
  | { kind: 'choice'; code: string; choice: Choice; isQuoted?: true }
  /** As many placeholders as a list has elements. */
  | { kind: 'list'; code: string }
  /** Elements under tests of their own, with a separator between those that are there. */
  | { kind: 'joined'; separator: string; elements: { test: string; pieces: Piece[] }[] }
)

export type Tracked =
  | { kind: 'text'; pieces: Piece[]; arms: Arm[] }
  /** Pieces that are joined. */
  | { kind: 'pieces'; elements: { test: string | null; pieces: Piece[] }[] }
  | { kind: 'values'; values: BuiltValue[] }
  /** Values by their names. */
  | { kind: 'named'; values: BuiltValue[] }
  /** The number of the next value. */
  | { kind: 'counter' }
  /** The number of one value: as the place of that among those under a test. */
  | { kind: 'number'; index: number; test: string | null }

/** The branches that a statement stands in, outermost first. */
export type Arm = readonly { of: Node; holds: boolean; code: string }[]

/** Whether never both of them run. */
export function areExclusive(one: Arm, other: Arm): boolean {
  return one.some(({ of, holds }) => other.some(each => each.of === of && each.holds !== holds))
}

/** Values added, and numbers given out, under one test. */
export interface Count {
  added: number
  /** What a counter stands at, as the place of a value among those under this test. */
  numbered: number
  /** Where it began: 0 for a counter that holds the next number, -1 for one that holds the last. */
  from: number
}

export const UNFOLLOWED = 'its SQL text is put together in a way that is not followed'
export const ADVICE =
  'give the owner one operation for each variant of the statement, and call the one that is meant'

/** What is known when a piece is read. */
export interface Building {
  tracked: Map<Binding, Tracked>
  counts: Map<string | null, Count>
  /** The tests under which values were added, in order. */
  additions: (string | null)[]
  /** A number that was written for a value before that was added: those up to it have to come next. */
  awaited: { test: string | null; index: number } | null
  /** All that was read of the file for tests and values. */
  read: Node[]
}

export interface PieceReader {
  /** The place of the value that a number means, among those under a test; null for what is no such number. */
  numberOf(expression: Node, test: string | null): number | null
  /** The pieces of a text. */
  read(node: Node, test: string | null): Piece[]
  /** The same of a text that is only used where a list of pieces is not empty. */
  readUnlessEmpty(node: Node, test: string | null): Piece[]
  /** Whether a condition is about a list of pieces having some, or none. */
  isAboutPieces(node: Node): 'some' | 'none' | null
  countOf(test: string | null): Count
  /**
   * When a text that a condition asks for is not empty: a test, or '' for one that never is. Null where it is no text,
   * or that depends on more than one condition.
   */
  testOfText(condition: Node, test: string | null): string | null
}

/** What a number of rows, or how many are left out, stands behind. */
const ROWS = /\b(?:LIMIT\s+(?:\?\s*,\s*)?|OFFSET\s+)$/i

/** Behind it one more condition leaves out rows, and never brings any in. */
const NARROWS = /^\s*$|\b(?:WHERE|AND|ON|HAVING)[\s(]*$/i

/** A text for conditions of which none may be there. */
function isStandIn(piece: Piece): boolean {
  return piece.kind === 'text' && piece.standsIn === true
}

function alwaysTrue(): Refusal {
  return new Refusal(
    'none of the parts of its SQL text that are joined is always there, and what takes their place would bring in rows',
    'begin the list with a part that always holds, such as `1 = 1`',
  )
}

/** What a person would do with a piece that is chosen elsewhere. */
export const CHOSEN_ADVICE =
  'give the owner an operation for what is chosen there, with the choice as a parameter, and write it by hand'

const SCHEMA_ADVICE =
  'where it is the same everywhere, write the name of the schema into the statement, or leave it out where the connection finds the table without; where it tells tenants apart, give the owner an operation that takes the tenant'

/** `patients` of `FROM ${schema}.patients`; null where what is written in between is no schema. */
function tableBehind(before: string, after: string): string | null {
  if (!/\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+[`"]?$/i.test(before)) return null
  return /^[`"]?\.[`"]?(\w+)/.exec(after)?.[1] ?? null
}

/** The template that a function gives, if it does nothing else. */
function onlyReturn({ body, async, generator }: Node): Node | null {
  const [first, ...others] = body.type === 'BlockStatement' ? body.body : [{ argument: body }]
  const value: Node | null =
    !async && !generator && others.length === 0 && first?.argument ? bare(first.argument) : null
  return value?.type === 'TemplateLiteral' ? value : null
}

/** `page`, `page.limit` */
function isName(expression: Node): boolean {
  const node = bare(expression)
  return (
    node.type === 'Identifier' || (node.type === 'MemberExpression' && !node.computed && isName(node.object))
  )
}

/**
 * @param addValue takes a value into account that is added to a list
 */
export function pieceReader(
  file: SourceFile,
  building: Building,
  rewriting: Rewriter,
  { isEvaluable, isSeen }: Evaluable,
  addValue: (list: Binding, node: Node, test: string | null) => void,
  files: Files,
  assumed: readonly Assumed[],
): PieceReader {
  const { tracked, counts } = building
  const { code, knownValue } = rewriting
  return { read, readUnlessEmpty: withEmptyJoins, isAboutPieces, countOf, numberOf, testOfText }

  function read(node: Node, test: string | null): Piece[] {
    const plain = bare(node)
    const known = knownValue(plain)
    if (typeof known === 'string') return [{ kind: 'text', text: known, test }]
    // A helper that got a literal: `${alias ? `${alias}.id` : 'id'}`.
    const told = plain.type === 'ConditionalExpression' ? bare(plain.test) : null
    if (told?.type === 'StringLiteral') return read(told.value ? plain.consequent : plain.alternate, test)
    const chosen = chosenText(plain, test)
    if (chosen) return [chosen]
    switch (plain.type) {
      case 'TemplateLiteral':
        return template(plain, test)
      case 'BinaryExpression':
        if (plain.operator === '+') return added(plain, test)
        break
      case 'ConditionalExpression':
        return choice(plain, test)
      case 'CallExpression':
        return textReplaced(plain, test) ?? rowsHelped(plain, test) ?? joined(plain, test, false)
      case 'Identifier': {
        const binding = file.bindings.of(plain)
        const target = binding && tracked.get(binding)
        if (target?.kind === 'text')
          return target.pieces.map(piece => ({ ...piece, test: both(test, piece.test) }))
        const init = binding?.kind === 'const' && !binding.isAmbiguous ? binding.declaration.init : null
        if (init) return read(init, test)
        const text = binding?.kind === 'import' ? constantText(file, plain, files) : null
        if (text !== null) return [{ kind: 'text', text, test }]
        break
      }
      case 'MemberExpression': {
        const text = constantText(file, plain, files)
        if (text !== null) return [{ kind: 'text', text, test }]
        break
      }
      default:
        break
    }
    const place = file.made ? ` at ${placeIn(file, plain)}` : ''
    throw new Refusal(
      `a piece of its SQL text comes from \`${codeOf(file, plain).replace(/\s+/g, ' ').slice(0, 60)}\`${place}`,
      CHOSEN_ADVICE,
    )
  }

  /** One text behind another; `' AND status = $' + (params.length + 1)` has a numbered placeholder. */
  function added({ left, right }: Node, test: string | null): Piece[] {
    const pieces = read(left, test)
    const last = pieces.at(-1)
    const isNumbered = last?.kind === 'text' && last.test === test && last.text.endsWith('$')
    const index = isNumbered ? numberOf(bare(right), test) : null
    if (!isNumbered || index === null) return [...pieces, ...read(right, test)]
    return [
      ...pieces.slice(0, -1),
      { ...last, text: last.text.slice(0, -1) },
      { kind: 'number', index, test },
    ]
  }

  function template(node: Node, test: string | null): Piece[] {
    let isQuoted = false
    return node.quasis.flatMap((quasi: Node, at: number): Piece[] => {
      const text: string = (quasi.value.cooked ?? '').slice(isQuoted ? 1 : 0)
      const expression: Node | undefined = node.expressions[at]
      if (!expression) return [{ kind: 'text', text, test }]
      const quoted = textInQuotes(expression, text, node.quasis[at + 1].value.cooked ?? '', test)
      isQuoted = quoted !== null
      if (quoted) return [{ kind: 'text', text: text.slice(0, -1), test }, quoted]
      const before = `${node.quasis[at - 1]?.value.cooked ?? ''}?${text}`
      const written = ROWS.test(before) ? numberWritten(expression, test) : null
      if (written && !/^\w/.test(node.quasis[at + 1].value.cooked ?? ''))
        return [{ kind: 'text', text, test }, written]
      const number = text.endsWith('$') ? numberOf(bare(expression), test) : null
      if (number !== null) {
        return [
          { kind: 'text', text: text.slice(0, -1), test },
          { kind: 'number', index: number, test },
        ]
      }
      const table = tableBehind(text, node.quasis[at + 1].value.cooked ?? '')
      return [
        { kind: 'text', text, test },
        ...(table === null ? read(expression, test) : schemaOf(table, expression, test)),
      ]
    })
  }

  /** @throws Refusal that says of which table it is the schema, where that is not known */
  function schemaOf(table: string, expression: Node, test: string | null): Piece[] {
    try {
      return read(expression, test)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      const binding = expression.type === 'Identifier' ? file.bindings.of(expression) : null
      const init: Node | null = binding?.declaration.init ?? null
      const made = init ? `, which is \`${shownCode(init)}\` (${placeIn(file, init)})` : ''
      throw new Refusal(
        `the schema of ${table} is written into its SQL text by \`${shownCode(expression)}\`${made}, and is not one that is always the same`,
        SCHEMA_ADVICE,
      )
    }
  }

  function shownCode(node: Node): string {
    return codeOf(file, node).replace(/\s+/g, ' ').slice(0, 60)
  }

  /** `DATE_FORMAT(day, '${format}')`: the texts with their quotes. */
  function textInQuotes(node: Node, before: string, after: string, test: string | null): Piece | null {
    if (!before.endsWith("'") || !after.startsWith("'")) return null
    const piece = chosenText(bare(node), test)
    if (!piece || piece.choice.values.some(value => value.includes("'"))) return null
    return { ...piece, isQuoted: true }
  }

  /** A column or a direction that is chosen from a fixed list. */
  function chosenText(node: Node, test: string | null): (Piece & { kind: 'choice' }) | null {
    const isThere = isEvaluable(node) || isVariableOfCall(node)
    const choice = isThere ? choiceOf(file, node, rewriting, files) : null
    if (!choice) return null
    building.read.push(node)
    return { kind: 'choice', code: code(node), choice, test }
  }

  function isVariableOfCall(node: Node): boolean {
    const binding = node.type === 'Identifier' ? file.bindings.of(node) : null
    return binding?.kind === 'let' && isSeen(binding)
  }

  /** `LIMIT ${limit}`: a number, so that it may as well be bound. */
  function numberWritten(node: Node, test: string | null): Piece | null {
    const numeric = numericOf(file, node, files)
    if (numeric === null || knownValue(node) !== undefined || !isEvaluable(node)) return null
    building.read.push(node)
    return { kind: 'written', code: code(bare(node)), numeric, test }
  }

  /** `paginationClause(page)`, a function that writes numbers of what it gets behind LIMIT and OFFSET, and nothing else. */
  function rowsHelped(call: Node, test: string | null): Piece[] | null {
    const helper = functionCalled(file, call, files)
    const only = helper && onlyReturn(helper.node)
    if (!only || !call.arguments.every((each: Node) => isName(each) && isEvaluable(each))) return null
    const pieces: Piece[] = []
    for (const [at, quasi] of (only.quasis as Node[]).entries()) {
      const text: string = quasi.value.cooked ?? ''
      pieces.push({ kind: 'text', text, test })
      const expression: Node | undefined = only.expressions[at]
      if (!expression) continue
      const before = `${only.quasis[at - 1]?.value.cooked ?? ''}?${text}`
      const handed = handedFor(helper, call, expression)
      if (!ROWS.test(before) || handed === null) return null
      pieces.push({ kind: 'written', code: handed, numeric: 'told', test })
    }
    building.read.push(...call.arguments)
    return pieces
  }

  /** What `page.limit` in a function is at its call; null where it is no number that the call hands over. */
  function handedFor(helper: { file: SourceFile; node: Node }, call: Node, expression: Node): string | null {
    const node = bare(expression)
    if (!isName(node) || numericOf(helper.file, node, files) === null) return null
    let root = node
    while (root.type === 'MemberExpression') root = bare(root.object)
    const binding = helper.file.bindings.of(root)
    const at: number = binding?.kind === 'param' ? helper.node.params.indexOf(binding.identifier) : -1
    const argument: Node | undefined = call.arguments[at]
    return argument ? code(argument) + codeOf(helper.file, node).slice(root.end - node.start) : null
  }

  /** `$${params.length}`, `$${params.push(name)}`, `$${next++}`, `$${next + 1}`: which of the values under this test it means. */
  function numberOf(expression: Node, test: string | null): number | null {
    const node = numberWrittenAsText(expression)
    const count = countOf(test)
    const known = node.type === 'Identifier' ? tracked.get(file.bindings.of(node)!) : undefined
    if (known?.kind === 'number') {
      if (known.test === test) return known.index
      throw new Refusal('its numbered placeholders depend on which parts of the text are there', ADVICE)
    }
    if (node.type === 'UpdateExpression' && isCounter(node.argument)) {
      const by = node.operator === '++' ? 1 : -1
      count.numbered += by
      return node.prefix ? count.numbered : count.numbered - by
    }
    if (node.type === 'CallExpression') return pushed(node, test)
    const isSum = node.type === 'BinaryExpression' && /^[-+]$/.test(node.operator)
    const term: unknown = isSum ? node.right.value : 0
    const base = isSum ? bare(node.left) : node
    if (typeof term !== 'number') return null
    const more = node.operator === '-' ? -term : term
    if (isCounter(base)) return count.numbered + more
    if (!isLength(base)) return null
    // Whatever was added since then was added under this test.
    const since = more > 0 ? [] : building.additions.slice(more - 1)
    if (more <= 0 && (since.length < 1 - more || since.some(each => each !== test)))
      throw new Refusal('its numbered placeholders depend on which parts of the text are there', ADVICE)
    if (more > 0) building.awaited = { test, index: count.added - 1 + more }
    return count.added - 1 + more
  }

  /** `String(n)` and `n.toString()` are written as `n` is. */
  function numberWrittenAsText(expression: Node): Node {
    const node = bare(expression)
    if (node.type !== 'CallExpression') return node
    const { callee, arguments: given } = node
    if (given.length === 1 && callee.name === 'String' && !file.bindings.of(callee)) return bare(given[0])
    const isToString = given.length === 0 && !callee.computed && callee.property?.name === 'toString'
    return isToString ? bare(callee.object) : node
  }

  /** `params.push(name)`, which gives the number of the value that it adds. */
  function pushed({ callee, arguments: given }: Node, test: string | null): number | null {
    const list = callee.property?.name === 'push' ? file.bindings.of(callee.object) : null
    if (!list || tracked.get(list)?.kind !== 'values' || given.length === 0) return null
    for (const each of given) addValue(list, each, test)
    return countOf(test).added - 1
  }

  function isCounter(node: Node): boolean {
    const binding = node.type === 'Identifier' ? file.bindings.of(node) : null
    return binding !== null && tracked.get(binding)?.kind === 'counter'
  }

  function isLength(node: Node): boolean {
    const binding =
      node.type === 'MemberExpression' && node.property.name === 'length'
        ? file.bindings.of(node.object)
        : null
    return binding !== null && tracked.get(binding)?.kind === 'values'
  }

  /** `conditions.length > 0 ? 'WHERE ' + conditions.join(' AND ') : ''`, and pieces chosen by anything else. */
  function choice({ test: condition, consequent, alternate }: Node, test: string | null): Piece[] {
    const isEmpty = bare(alternate).type === 'StringLiteral' && bare(alternate).value === ''
    if (isEmpty && isAboutPieces(condition) === 'some') return withEmptyJoins(consequent, test)
    const about = isEmpty ? testOfText(condition, test) : null
    if (about !== null) return narrowed(read(consequent, about === '' ? test : about))
    if (!isEvaluable(condition))
      throw new Refusal('a condition of its SQL text can not be evaluated a second time')
    building.read.push(condition)
    const yes = code(condition)
    const decided = decidedBy(assumed, yes)
    if (decided !== undefined) return read(decided ? consequent : alternate, test)
    return [
      ...read(consequent, both(test, yes)),
      ...(isEmpty ? [] : read(alternate, both(test, negated(yes)))),
    ]
  }

  /** `conditions.length`, `conditions.length > 0`, `conditions.length === 0`, `!conditions.length` */
  function isAboutPieces(condition: Node): 'some' | 'none' | null {
    const node = bare(condition)
    if (node.type === 'UnaryExpression' && node.operator === '!')
      return isAboutPieces(node.argument) === 'some' ? 'none' : null
    const length = node.type === 'BinaryExpression' ? bare(node.left) : node
    const binding = length.type === 'MemberExpression' ? file.bindings.of(length.object) : null
    if (length.property?.name !== 'length' || !binding || tracked.get(binding)?.kind !== 'pieces') return null
    if (length === node) return 'some'
    const comparison = `${node.operator} ${bare(node.right).value}`
    if (/^(?:> 0|>= 1|!==? 0)$/.test(comparison)) return 'some'
    return /^(?:===? 0|< 1)$/.test(comparison) ? 'none' : null
  }

  function testOfText(condition: Node, test: string | null): string | null {
    const node = bare(condition)
    const target = node.type === 'Identifier' ? tracked.get(file.bindings.of(node)!) : undefined
    if (target?.kind !== 'text') return null
    const pieces = target.pieces.filter(piece => piece.kind !== 'text' || piece.text !== '')
    const isCertain = ({ kind }: Piece): boolean => kind !== 'list' && kind !== 'joined'
    const certain = new Set(pieces.filter(isCertain).map(piece => both(test, piece.test)))
    if (certain.has(test)) return ''
    const [only, ...others] = certain
    const isOne = others.length === 0 && pieces.every(piece => both(test, piece.test) === only)
    return isOne ? (only ?? null) : null
  }

  /** `query.replace('SELECT *', 'SELECT COUNT(*)')`, of what is always there. */
  function textReplaced({ callee, arguments: given }: Node, test: string | null): Piece[] | null {
    if (callee.property?.name !== 'replace' || given.length !== 2) return null
    const [from, to] = given.map((each: Node) => bare(each).value)
    if (typeof from !== 'string' || typeof to !== 'string' || from === '' || to.includes('$')) return null
    const pieces = read(callee.object, test)
    // A piece before, or two that it lies across, could have it too.
    const [first, ...rest] = pieces
    if (first?.kind !== 'text' || first.test !== test || !first.text.includes(from)) return null
    return [{ ...first, text: first.text.replace(from, to) }, ...rest]
  }

  /** What holds for all rows takes the place of no conditions, where these would be one more. */
  function withEmptyJoins(expression: Node, test: string | null): Piece[] {
    return narrowed(emptyJoinsIn(expression, test))
  }

  function narrowed(pieces: Piece[]): Piece[] {
    const at = pieces.findIndex(isStandIn)
    const before = pieces.slice(0, Math.max(0, at)).map(piece => (piece.kind === 'text' ? piece.text : '?'))
    if (at > 0 && !NARROWS.test(before.join(''))) throw alwaysTrue()
    return pieces
  }

  function emptyJoinsIn(expression: Node, test: string | null): Piece[] {
    const node = bare(expression)
    if (node.type === 'TemplateLiteral') {
      return node.quasis.flatMap((quasi: Node, at: number): Piece[] => {
        const expression: Node | undefined = node.expressions[at]
        const text: Piece = { kind: 'text', text: quasi.value.cooked ?? '', test }
        return expression ? [text, ...joined(bare(expression), test, true)] : [text]
      })
    }
    if (node.type === 'BinaryExpression' && node.operator === '+') {
      return [...emptyJoinsIn(node.left, test), ...emptyJoinsIn(node.right, test)]
    }
    return node.type === 'CallExpression' ? joined(node, test, true) : read(node, test)
  }

  /** `conditions.join(' AND ')`, and `ids.map(() => '?').join(',')`. */
  function joined(node: Node, test: string | null, mayBeEmpty: boolean): Piece[] {
    const { callee } = node
    const isJoin = node.type === 'CallExpression' && callee.property?.name === 'join'
    const of: Node | null = isJoin ? bare(callee.object) : null
    const binding = of?.type === 'Identifier' ? file.bindings.of(of) : null
    const target = binding && tracked.get(binding)
    if (of && target?.kind === 'pieces') {
      const separator = node.arguments[0] ? bare(node.arguments[0]).value : ','
      if (typeof separator === 'string') return join(target.elements, separator, test, mayBeEmpty)
    }
    const isPlaceholders =
      of?.type === 'CallExpression' &&
      of.callee.property?.name === 'map' &&
      bare(of.arguments[0]?.body ?? of).value === '?'
    if (isPlaceholders) return [{ kind: 'list', code: code(bare(of.callee.object)), test }]
    throw new Refusal(
      `a piece of its SQL text comes from \`${codeOf(file, node).replace(/\s+/g, ' ').slice(0, 60)}\``,
      'give the owner an operation for what is made there, with the choice as a parameter, and write it by hand',
    )
  }

  /** Elements with what separates them: one that is always there has none, the others bring it along. */
  function join(
    elements: { test: string | null; pieces: Piece[] }[],
    separator: string,
    test: string | null,
    mayBeEmpty: boolean,
  ): Piece[] {
    // What is there under the condition of all of them is always there.
    const isAnd = /^\s*AND\s*$/i.test(separator)
    if (!isAnd && elements.some(element => element.pieces.some(isStandIn))) throw alwaysTrue()
    const anchor = elements.findIndex(element => element.test === null || element.test === test)
    const pieces: Piece[] = []
    if (anchor === -1 && elements.length > 0) {
      // Where there was none the database refused it, and still does.
      if (!mayBeEmpty) {
        const under = elements.map(element => ({ ...element, test: both(test, element.test)! }))
        return [{ kind: 'joined', separator, elements: under, test }]
      }
      if (!isAnd) {
        throw new Refusal(
          'none of the parts of its SQL text that are joined is always there',
          'begin the list with a part that always holds, such as `1 = 1`',
        )
      }
      pieces.push({ kind: 'text', text: '1 = 1', test, standsIn: true })
    }
    for (const [at, element] of elements.entries()) {
      const under = both(test, element.test)
      const comma: Piece = { kind: 'text', text: separator, test: under }
      const own = element.pieces.map(piece => ({ ...piece, test: both(test, piece.test) }))
      if (at < anchor) pieces.push(...own, comma)
      else if (at === anchor) pieces.push(...own)
      else pieces.push(comma, ...own)
    }
    return pieces
  }

  function countOf(test: string | null): Count {
    const known = counts.get(test)
    if (known) return known
    const always = test === null ? null : countOf(null)
    // As many numbers given out as there are values: the counter goes up before it is written.
    const from = always && always.numbered + 1 === always.added ? -1 : 0
    const count = { added: 0, numbered: from, from }
    counts.set(test, count)
    return count
  }
}
