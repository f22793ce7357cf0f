/** Text of tagged templates. */
import type { Driver } from '../../drivers/driver.js'
import { driverOfModule, isPrepared } from '../../drivers/index.js'
import type { ExprNode, FileFacts, NodeId } from '../../extract/facts.js'
import { codeOf } from './code-of.js'
import { identifier } from './driver-texts.js'
import { evaluate } from './evaluate.js'
import { withPartsOfMade } from './parts-of-made.js'
import type { Piece } from './pieces.js'
import { addPieces, choiceLike, piecesOf, roughText } from './pieces.js'
import type { Evaluator } from './state.js'
import type { Frame, Value } from './values.js'

/**
 * Text of a tagged template. A tag makes a bound parameter of each value that is not SQL itself (`sql`…${id}…``), so
 * what stands where a value may stand is a placeholder. Whether the tag executes is decided where sinks are found.
 */
export function tagged(
  e: Evaluator,
  facts: FileFacts,
  node: ExprNode & { kind: 'tagged' },
  frame: Frame | null,
): Value {
  const content = facts.nodes[node.text]
  const parts = content.kind === 'concat' ? content.parts : [node.text]
  const pieces: Piece[] = []
  for (const part of parts) {
    const name = namedByTag(e, facts, node.tag, part, pieces, frame)
    const bind = (each: Value, before: Piece[]) => boundPieces(each, codeOf(facts, part), before)
    const value = name ?? withPartsOfMade(e, facts, node.tag, evaluate(e, facts.file, part, frame), bind)
    if (facts.nodes[part].kind === 'text') addPieces(pieces, piecesOf(value, ''))
    else addPieces(pieces, bind(value, pieces))
  }
  const text: Value = { kind: 'text', pieces, fragment: true }
  const tag = facts.nodes[node.tag]
  const driver = tag.kind === 'import' ? driverOfTag(e, facts, node.tag) : null
  return driver && isPrepared(driver) ? { kind: 'handle', driver, origin: null, statement: text } : text
}

/** What a tag of the repository is called with: the parts of the template, and its values. */
export function argumentsOfTag(
  e: Evaluator,
  facts: FileFacts,
  node: ExprNode & { kind: 'tagged' },
  frame: Frame | null,
): Value[] {
  const text = tagged(e, facts, node, frame)
  const content = facts.nodes[node.text]
  const values = (content.kind === 'concat' ? content.parts : []).filter(
    part => facts.nodes[part].kind !== 'text',
  )
  return [
    text.kind === 'text' ? { ...text, strings: true } : text,
    ...values.map(value => evaluate(e, facts.file, value, frame)),
  ]
}

/** The driver whose tag a name stands for, also where a module of the repository hands it on. */
function driverOfTag(e: Evaluator, facts: FileFacts, tag: NodeId): Driver | null {
  const value = evaluate(e, facts.file, tag, null)
  return value.kind === 'external' ? driverOfModule(value.module) : null
}

/**
 * The name that a tag is called with where a table's name stands (`sql`SELECT * FROM ${sql(table)}``), whatever is known of
 * the tag and of the name: anywhere else it may be called with columns and values. Null for any other part.
 */
function namedByTag(
  e: Evaluator,
  facts: FileFacts,
  tag: NodeId,
  part: NodeId,
  before: Piece[],
  frame: Frame | null,
): Value | null {
  const node = facts.nodes[part]
  if (node.kind !== 'call' || node.args.length !== 1 || !isTablePosition(before)) return null
  const isTag =
    node.callee === tag ||
    codeOf(facts, node.callee) === codeOf(facts, tag) ||
    isTagHandle(evaluate(e, facts.file, node.callee, frame))
  return isTag
    ? identifier([evaluate(e, facts.file, node.args[0], frame)], codeOf(facts, node.args[0]))
    : null
}

function isTagHandle(value: Value): boolean {
  return value.kind === 'handle' && value.driver.tags.includes('')
}

const TABLE_POSITION = /\b(?:FROM|JOIN|INTO|UPDATE|TABLE|TRUNCATE|MERGE|ONLY|EXISTS)\s+$/i
const INDEX = /\bINDEX\b[^;]*$/i

/** Whether a table's name stands next. */
function isTablePosition(before: Piece[]): boolean {
  const last = before.at(-1)
  if (last?.kind !== 'text') return false
  return TABLE_POSITION.test(last.text) || (/\bON\s+$/i.test(last.text) && INDEX.test(roughText(before)))
}

/** Text after which a value, and nothing else, can stand. */
const VALUE_POSITION =
  /(?:[=<>+*/|%-]|\b(?:LIMIT|OFFSET|LIKE|ILIKE|THEN|ELSE|BETWEEN|ANY|ALL|IN|INTERVAL)\s*\(?)\s*$/i

const LIST_POSITION = /[(,]\s*$/

/** The statement without text that packages offer: `Prisma.empty`, `import { empty } from 'sql-template-tag'`. */
function isEmptyStatement(value: Value): boolean {
  return (
    value.kind === 'external' &&
    value.path.at(-1) === 'empty' &&
    /^(?:sql-template-tag|\.?@?prisma\/client)$/.test(value.module)
  )
}

function boundPieces(value: Value, code: string, before: Piece[]): Piece[] {
  if (value.kind === 'choice') {
    const of = value.of.map(each => boundPieces(each, code, before))
    return [choiceLike(value, of)]
  }
  if (value.kind === 'text' && value.fragment) return value.pieces
  if (isEmptyStatement(value)) return []
  if (value.kind === 'handle' && value.statement) return piecesOf(value.statement, code)
  if (value.kind === 'array' && value.items.some(item => item.kind === 'text' && item.fragment))
    return piecesOf(value, code)
  const last = before.at(-1)
  const preceding = last?.kind === 'text' ? last.text : ''
  if (value.kind === 'text' || VALUE_POSITION.test(preceding) || LIST_POSITION.test(preceding)) {
    return [{ kind: 'text', text: '?', file: '', line: 0 }]
  }
  return value.kind === 'param' ? piecesOf(value, code) : [{ kind: 'hole', code }]
}
