/**
 * Objects of the class that a project's own tag makes of a template, where helpers beside the tag make them by hand:
 * `raw(name)` gives `new Sql([name], [])` as the tag gives `new Sql(strings, values)`. They are the template again. Of a tag
 * that puts the text together itself, and gives `new Sql(text, values)`, they are that text.
 */
import type { ClassId, ExprNode, FileFacts, FunctionId, NodeId } from '../../extract/facts.js'
import { untyped } from '../../extract/untyped.js'
import { evaluate } from './evaluate.js'
import type { Piece } from './pieces.js'
import { addPieces, piecesOf } from './pieces.js'
import type { Evaluator } from './state.js'
import type { Value } from './values.js'

/** What stands for a value in a template: its pieces, behind those before it. */
export type Bind = (value: Value, before: Piece[]) => Piece[]

/** Objects deeper within each other than this are no one's statement. */
const MAX_DEPTH = 20

/** The value with the text of each such object in its place. */
export function withPartsOfMade(
  e: Evaluator,
  facts: FileFacts,
  tag: NodeId,
  value: Value,
  bind: Bind,
  depth = 0,
): Value {
  if (value.kind === 'choice') {
    const of = value.of.map(each => withPartsOfMade(e, facts, tag, each, bind, depth))
    return of.every((each, at) => each === value.of[at]) ? value : { ...value, of }
  }
  if (value.kind !== 'instance' || value.frame === undefined || depth > MAX_DEPTH) return value
  const made = classOfTag(e, facts, tag)
  if (made === null || made.file !== value.file || made.cls !== value.cls) return value
  const [strings, values] = value.frame.args
  if (strings?.kind === 'text') return { kind: 'text', pieces: strings.pieces, fragment: true }
  if (strings?.kind !== 'array' || strings.items.length === 0) return value
  const held = values?.kind === 'array' ? values.items : values === undefined ? [] : [values]
  const pieces: Piece[] = []
  addPieces(pieces, piecesOf(strings.items[0], ''))
  for (const [at, each] of held.entries()) {
    addPieces(pieces, bind(withPartsOfMade(e, facts, tag, each, bind, depth + 1), pieces))
    // A list of unknown length has fewer parts than values: what stands between two of them stands between all.
    const between = strings.items.length > held.length ? strings.items[at + 1] : strings.items[1]
    const next = at === held.length - 1 ? strings.items.at(-1) : between
    if (next !== undefined && next !== strings.items[0]) addPieces(pieces, piecesOf(next, ''))
  }
  return { kind: 'text', pieces, fragment: true }
}

/** The class of what a tag gives: `new Sql(strings, values)`, or `new Sql(text, values)`. */
function classOfTag(e: Evaluator, facts: FileFacts, tag: NodeId): (Value & { kind: 'class' }) | null {
  const fn = evaluate(e, facts.file, tag, null)
  const home = fn.kind === 'function' ? e.program.facts(fn.file) : null
  const made = fn.kind === 'function' && home ? onlyMade(home, fn.fn) : null
  const cls = made && home ? evaluate(e, home.file, made.callee, null) : null
  return cls?.kind === 'class' ? cls : null
}

/** What a function makes of two things and gives back, where that is all that it gives. */
function onlyMade(home: FileFacts, fn: FunctionId): (ExprNode & { kind: 'new' }) | null {
  const { returns } = home.functions[fn]
  const made = returns.length === 1 ? home.nodes[returns[0]] : undefined
  return made?.kind === 'new' && made.args.length === 2 ? made : null
}

/** Whether a tag in the file of a class makes its objects. */
export function isMadeByTag(e: Evaluator, { file, cls }: { file: string; cls: ClassId }): boolean {
  const home = e.program.facts(file)
  return home?.functions.some((_, fn) => classMadeOfParts(e, home, fn)?.cls === cls) ?? false
}

function classMadeOfParts(e: Evaluator, home: FileFacts, fn: FunctionId): (Value & { kind: 'class' }) | null {
  const made = onlyMade(home, fn)
  if (made === null) return null
  const isOwn = made.args.every((arg, at) => {
    const node = untyped(home, arg)
    return node.kind === 'param' && node.index === at
  })
  const cls = isOwn ? evaluate(e, home.file, made.callee, null) : null
  return cls?.kind === 'class' ? cls : null
}
