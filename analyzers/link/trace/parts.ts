/** Parts of statements: what a builder's method or a tag gets that is no statement of its own. */
import type { FileFacts, NodeId } from '../../extract/facts.js'
import { untyped } from '../../extract/untyped.js'
import { looksLikeSql } from '../../sql/looks-like-sql.js'
import type { CallSite } from '../calls.js'
import type { Piece } from '../evaluator/pieces.js'
import { roughText } from '../evaluator/pieces.js'
import type { Sink } from '../sinks/index.js'

/** Words behind which a table is named. Functions have FROM as well (`EXTRACT(YEAR FROM x)`): the parser tells. */
const NAMES_TABLE = /\b(?:from|join|into|update|truncate|table)\s+["`[\w$?]/i

/**
 * The statement of which a text is a part, so far as it is known: the rest of it is a hole. What names no table
 * anywhere is no access, whatever the rest is, and gives null.
 *
 * @param rough the text as `roughText` has it
 */
export function statementAround(pieces: Piece[], rough: string, before: Sink['before']): Piece[] | null {
  if (before === undefined || rough.trim() === '') return null
  if (before === 'CALL' || before === 'PRAGMA') return [known(`${before} `), ...pieces]
  if (!NAMES_TABLE.test(`${before} ${rough}`)) return null
  return [...lead(rough.trimStart(), before), ...pieces]
}

/**
 * A statement behind a begin that is not known, as a statement behind the CTEs that it most likely is:
 * `${ctes.toString()} UPDATE …`. Any other text as it is.
 */
export function behindUnknownBegin(pieces: Piece[]): Piece[] {
  const at = pieces.findIndex(piece => piece.kind !== 'hole' && piece.kind !== 'param' && !isBlank(piece))
  if (at < 1 || pieces.slice(0, at).every(isBlank) || !looksLikeSql(roughText(pieces.slice(at))))
    return pieces
  return [known('WITH '), ...pieces]
}

function isBlank(piece: Piece): boolean {
  return piece.kind === 'text' && piece.text.trim() === ''
}

/** Whether a text was made so. */
export function isAroundPart(text: Piece[]): boolean {
  const [, second] = text
  return second?.kind === 'hole' && second.code === rest.code
}

const rest: Piece & { kind: 'hole' } = { kind: 'hole', code: '…' }

function known(text: string): Piece {
  return { kind: 'text', text, file: '', line: 0 }
}

function lead(rough: string, before: Sink['before']): Piece[] {
  if (before) return [known('SELECT '), rest, known(` ${before} `)]
  if (/^(?:from|where|order|group|having|limit|union|intersect|except)\b/i.test(rough))
    return [known('SELECT '), rest, known(' ')]
  if (/^(?:and|or)\b/i.test(rough)) return [known('SELECT '), rest, known(' WHERE '), rest, known(' ')]
  if (/^(?:(?:natural|left|right|full|inner|outer|cross|lateral)\s+)*(?:join|straight_join)\b/i.test(rough))
    return [known('SELECT '), rest, known(' FROM (SELECT '), rest, known(') AS q ')]
  return [known('SELECT '), rest, known(', ')]
}

/**
 * `sql`… ${sql.unsafe(order)} …``, `conditions.push(sql`${column} = 1`)`, `[sql`${column} = 1`]`: a part that names no
 * table by itself is told with the whole.
 */
export function isPut({ facts, call }: CallSite): boolean {
  return (
    facts.nodes.some(node => node.kind === 'array' && node.items.includes(call.node)) ||
    facts.calls.some(({ start, end, node }) => {
      if (start >= call.start || end < call.end) return false
      const around = facts.nodes[node]
      const callee = around.kind === 'call' ? facts.nodes[around.callee] : null
      return around.kind === 'tagged' || (callee?.kind === 'member' && /^(?:push|unshift)$/.test(callee.name))
    })
  )
}

/**
 * Whether a template behind a tag is a part of another one, if it is no statement by its own words: `sql`${a} AND ${b}`` is
 * run only where it is awaited. What it holds are templates, each told where it stands. A method that executes
 * (`$queryRaw`) is no such tag.
 */
export function isLazyTemplate({ facts, call }: CallSite): boolean {
  const node = facts.nodes[call.node]
  if (node.kind !== 'tagged') return false
  const tag = facts.nodes[node.tag]
  return (tag.kind !== 'member' || !/query|exec|batch/i.test(tag.name)) && !awaitedIn(facts).has(call.node)
}

/**
 * Whether what a builder's method makes of the text that is written in its call may be put into other texts and be run with
 * these (`[knex.raw('…'), knex.raw('…')].join(';')`): nothing awaits it.
 */
export function isLazyText({ before }: Sink, { facts, call }: CallSite): boolean {
  const node = facts.nodes[call.node]
  if (before !== '' || node.kind !== 'call' || node.args.length === 0) return false
  return isTextWritten(facts, node.args[0]) && !awaitedIn(facts).has(call.node)
}

function isTextWritten(facts: FileFacts, id: NodeId): boolean {
  const { kind } = untyped(facts, id)
  return kind === 'text' || kind === 'concat'
}

const awaited = new WeakMap<FileFacts, Set<NodeId>>()

function awaitedIn(facts: FileFacts): Set<NodeId> {
  const known =
    awaited.get(facts) ?? new Set(facts.nodes.flatMap(each => (each.kind === 'awaited' ? each.of : [])))
  awaited.set(facts, known)
  return known
}
