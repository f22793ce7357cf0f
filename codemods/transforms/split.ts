/** A statement keeps its own part, and its rows are joined with what other services give. */
import { key, quoted } from '../generate/text.js'
import type { Rank } from '../operation.js'
import type { CallSiteEdit, JoinEdit, SplitEdit } from '../plan/plan.js'
import type { Node } from '../site/parse.js'
import type { TextEdit } from '../site/result.js'
import { bare, type SourceFile } from '../site/source-file.js'
import { headEdits, textEdits } from '../site/text-edits.js'
import { arrowsOf, indentationAt, layoutOf, MAX_WIDTH } from './layout.js'

/** The function of codemods/runtime/join that joins what a call gives: rows, or one row. */
export function joinerFor(edit: CallSiteEdit): 'joinRow' | 'joinRows' {
  return edit.kind === 'split' && /^(?:row|first)$/.test(edit.result) ? 'joinRow' : 'joinRows'
}

/** @param locals names under which the clients and what joins are there */
export function splitEdits(
  file: SourceFile,
  call: Node,
  edit: SplitEdit,
  locals: Map<string, string>,
): TextEdit[] {
  const own = (edit.isBuilt ? headEdits : textEdits)(file, call, edit.text, edit.sql, edit.own)
  if (!own) return []
  if (edit.joins.length === 0) return own
  return [
    {
      start: call.start,
      end: call.start,
      text: `${orderStart(edit.order, locals)}${locals.get(joinerFor(edit))}(`,
    },
    ...own,
    ...valueEdits(call, edit),
    {
      start: call.end,
      end: call.end,
      text: `${joinsCode(file, call, edit.joins, locals)})${orderEnd(file, edit.order)}`,
    },
  ]
}

/** `inOrder(` around what joins rows that do not come in their order. */
export function orderStart(order: Rank[], locals: Map<string, string>): string {
  return order.length === 0 ? '' : `${locals.get('inOrder')}(`
}

/** `, [{ column: 'seam_rank' }])` */
export function orderEnd(file: SourceFile, order: Rank[]): string {
  const { quote } = layoutOf(file)
  const ranks = order.map(
    ({ column, nulls }) =>
      `{ column: ${quoted(column, quote)}${nulls === undefined ? '' : `, nulls: ${quoted(nulls, quote)}`} }`,
  )
  return order.length === 0 ? '' : `, [${ranks.join(', ')}])`
}

/** `, { fetch: …, key: … }` for each join. */
export function joinsCode(
  file: SourceFile,
  call: Node,
  joins: JoinEdit[],
  locals: Map<string, string>,
): string {
  const { step, newline } = layoutOf(file)
  const indentation = indentationAt(file.text, call.start)
  const codes = joins.map(join => {
    const lines = joinLines(file, join, locals.get(join.client.name)!, indentation + step)
    return `, {${newline}${lines.map(line => `${indentation}${step}${line}${newline}`).join('')}${indentation}}`
  })
  return codes.join('')
}

/** @param inner indentation of the lines */
function joinLines(file: SourceFile, join: JoinEdit, client: string, inner: string): string[] {
  const { quote, step, newline } = layoutOf(file)
  const { parameter, columns } = join
  const codes = join.arguments.map(({ code }) => code)
  const isTaken = (name: string): boolean =>
    codes.some(code => new RegExp(`(?<![\\w$.])${name}(?![\\w$])`).test(code))
  let keys = parameter
  for (let number = 1; isTaken(keys); number++) keys = number === 1 ? 'keys' : `keys${number}`
  const given = [
    keys === parameter ? parameter : `${parameter}: ${keys}`,
    ...join.arguments.map(({ name, code }) => (name === code ? name : `${name}: ${code}`)),
  ]
  const shown = columns.map(({ name, column }) => `${key(name, quote)}: ${quoted(column, quote)}`)
  const line = `columns: { ${shown.join(', ')} },`
  const isLong = inner.length + line.length > MAX_WIDTH
  const listed = shown.map(each => `${inner}${step}${each},${newline}`).join('')
  return [
    `${arrowsOf(file, `fetch: ${keys} =>`)} ${client}.${join.operation}({ ${given.join(', ')} }),`,
    `kind: ${quoted(join.kind, quote)},`,
    `key: ${quoted(join.ownKey, quote)},`,
    `foreignKey: ${quoted(join.foreignKey, quote)},`,
    ...(join.addedKey ? ['dropKey: true,'] : []),
    ...(join.isRanked ? ['ranked: true,'] : []),
    ...(shown.length === 0 ? [] : [isLong ? `columns: {${newline}${listed}${inner}},` : line]),
  ]
}

/** Values that go with the foreign parts leave the list. */
function valueEdits(call: Node, { values }: SplitEdit): TextEdit[] {
  if (!values) return []
  const argument = call.arguments[values.argument] as Node
  const { elements } = bare(argument) as unknown as { elements: Node[] }
  const stays = (at: number): boolean => !values.gone.includes(at)
  if (!elements.some((_, at) => stays(at))) {
    const isLast = call.arguments.at(-1) === argument
    const before = call.arguments[values.argument - 1] as Node | undefined
    return isLast && before
      ? [{ start: before.end, end: argument.end, text: '' }]
      : [{ start: argument.start, end: argument.end, text: '[]' }]
  }
  return values.gone.map(at => {
    const hasBefore = elements.slice(0, at).some((_, other) => stays(other))
    return hasBefore
      ? { start: elements[at - 1]!.end, end: elements[at]!.end, text: '' }
      : { start: elements[at]!.start, end: elements[at + 1]!.start, text: '' }
  })
}
