/** Templates that are a part of others. */

import { groupBy } from '../../graph/index.js'
import { leavesOf, type Piece } from '../evaluator/pieces.js'
import type { Execution, Trace } from './executions.js'
import { isAroundPart, isLazyTemplate } from './parts.js'

/**
 * A tagged template inside of another is a part of it and runs with it: an execution whose text begins inside the text
 * of another one, made by a tag or a part of a statement by its words, is none of its own. Neither is a call that is an
 * argument of the one that executes its text (`query(prepare(text))`).
 */
export function dropFragments(trace: Trace): void {
  const enclosed = new Set(enclosedCalls([...trace.executions.values()]))
  const candidates = [...trace.executions].filter(
    ([, execution]) => mayBePart(execution) || enclosed.has(execution),
  )
  if (candidates.length === 0) return
  const uses = new Map<string, Set<string>>()
  for (const [key, execution] of trace.executions) {
    for (const place of new Set(execution.texts.flatMap(text => placesIn(text)))) {
      const users = uses.get(place)
      if (users) users.add(key)
      else uses.set(place, new Set([key]))
    }
  }
  for (const [key, execution] of candidates) {
    const own = firstPlace(execution)
    const users = own === undefined ? undefined : uses.get(own)
    if (own === undefined || !users || users.size === 1) continue
    for (const user of users) {
      const whole = user === key ? undefined : trace.executions.get(user)
      if (!whole || !(mayBePart(execution) ? isPartOf(execution, whole, own) : encloses(whole, execution)))
        continue
      trace.executions.delete(key)
      break
    }
  }
}

/** Whether an execution is one of a tag, or of a part of a statement by its words. */
export function mayBePart(execution: Execution): boolean {
  execution.mayBePart ??= isOfTag(execution) || execution.texts.every(isAroundPart)
  return execution.mayBePart
}

function isOfTag({ site }: Execution): boolean {
  return site.facts.nodes[site.call.node].kind === 'tagged'
}

/** Executions by calls that stand within the call of another one: see `encloses`. */
function enclosedCalls(executions: Execution[]): Execution[] {
  const byFile = groupBy(executions, ({ site }) => site.file)
  return [...byFile.values()].flatMap(inOne => {
    let [start, endBefore, end] = [-1, -1, -1]
    return inOne
      .sort((a, b) => a.site.start - b.site.start)
      .filter(({ site }) => {
        if (site.start > start) [start, endBefore] = [site.start, end]
        end = Math.max(end, site.end)
        return site.end <= endBefore
      })
  })
}

/** Whether a text stands inside of another one, or begins one that goes on, or is an argument of what executes it. */
function isPartOf(part: Execution, whole: Execution, place: string): boolean {
  return (
    encloses(whole, part) ||
    firstPlace(whole) !== place ||
    part.texts.some(text => goesOn(text, whole)) ||
    (isLazyTemplate(part.site) && !isLazyTemplate(whole.site) && part.texts.some(text => isHeld(text, whole)))
  )
}

/**
 * Whether another text has all of this one, in its order, and maybe more between: what `columns => sql`SELECT ${columns} FROM a``
 * gives, of which nothing is awaited, within `await sql`${query(sql`a.id`)}``.
 */
function isHeld(text: Piece[], { texts }: Execution): boolean {
  const own = placesIn(text)
  return texts.some(other => {
    const places = placesIn(other)
    let from = 0
    return own.every(place => {
      from = places.indexOf(place, from) + 1
      return from > 0
    })
  })
}

/** Whether a call stands within another one. */
function encloses({ site: outer }: Execution, { site: inner }: Execution): boolean {
  return outer.file === inner.file && outer.start < inner.start && outer.end >= inner.end
}

/** Whether another text begins with this one and has more behind it. */
function goesOn(text: Piece[], { texts }: Execution): boolean {
  const own = placesIn(text)
  return texts.some(other => {
    const places = placesIn(other)
    return places.length > own.length && own.every((place, at) => place === places[at])
  })
}

function firstPlace(execution: Execution | undefined): string | undefined {
  return execution?.texts.flatMap(text => placesIn(text))[0]
}

/** Places of the known texts in some pieces. */
export function placesIn(pieces: Piece[]): string[] {
  return leavesOf(pieces).flatMap(piece =>
    piece.kind === 'text' && piece.file !== ''
      ? [`${piece.file}:${piece.line}:${piece.text.slice(0, 40)}`]
      : [],
  )
}
