/**
 * Statements that are prepared in one place and run in another. One by one they are told where they are prepared; those
 * that one call prepares, to be kept by name, where each is run.
 */
import type { Driver } from '../../drivers/driver.js'
import { unknownDriver } from '../../drivers/index.js'
import type { Piece } from '../evaluator/pieces.js'
import type { Execution, Trace } from './executions.js'
import { siteKey } from './executions.js'
import { placesIn } from './fragments.js'

/**
 * A statement that is run by its name is told where it is run, and no longer where it is prepared with all others; what is
 * run by a name that is not known, or nowhere, stays there.
 */
export function settlePrepared(trace: Trace): void {
  for (const [preparedAt, uses] of usesByPlace(trace)) {
    const all = trace.executions.get(preparedAt)
    if (!all) continue
    const placesOfAll = placesOf(all)
    const some = uses.filter(use => placesOf(use).size < placesOfAll.size)
    for (const use of uses) if (!some.includes(use)) trace.executions.delete(siteKey(use.site))
    if (some.length < uses.length) continue
    const run = new Set(some.flatMap(use => [...placesOf(use)]))
    const texts = all.texts.flatMap(text => without(text, run))
    trace.executions.delete(preparedAt)
    if (texts.length > 0)
      trace.executions.set(preparedAt, { site: all.site, driver: all.driver, origin: all.origin, texts })
  }
}

/**
 * A batch of statements that are prepared one by one (`db.batch([db.prepare(…), …])`) is no execution beside these; one of texts
 * that others run too, `tx.execute(claim())`, is. Before `dropFragments`, which takes a call within another one for a part of it.
 */
export function dropBatches(trace: Trace): void {
  const batches = [...trace.executions].filter(([, execution]) => isBatch(execution))
  if (batches.length === 0) return
  const prepared = new Set<string>()
  for (const execution of trace.executions.values())
    if (execution.isPrepared && !isBatch(execution))
      for (const place of placesOf(execution)) prepared.add(place)
  for (const [key, batch] of batches) {
    const places = [...placesOf(batch)]
    if (places.length > 0 && places.every(place => prepared.has(place))) trace.executions.delete(key)
  }
}

/** Whether a call is one of a method that gets prepared statements, by its driver or, where that is not known, its name. */
function isBatch({ site }: Execution): boolean {
  return site.targets.some(target => {
    if (target.kind === 'unknown' || target.kind === 'interface')
      return takesPrepared(unknownDriver, target.method)
    return target.kind === 'driver' && takesPrepared(target.driver, target.path.at(-1) ?? '')
  })
}

function takesPrepared({ prepares }: Driver, method: string): boolean {
  return prepares?.handedTo?.includes(method) === true
}

/** Executions of statements by the call that prepares them. */
function usesByPlace(trace: Trace): Map<string, Execution[]> {
  const found = new Map<string, Execution[]>()
  for (const execution of trace.executions.values()) {
    for (const target of execution.site.targets) {
      if (target.kind !== 'driver' || target.preparedAt === undefined) continue
      const uses = found.get(target.preparedAt)
      if (uses) uses.push(execution)
      else found.set(target.preparedAt, [execution])
    }
  }
  return found
}

function placesOf({ texts }: Execution): Set<string> {
  return new Set(texts.flatMap(text => placesIn(text)))
}

/** The alternatives of a text that are not among those at these places. */
function without(text: Piece[], places: Set<string>): Piece[][] {
  const [only] = text
  if (text.length !== 1 || only?.kind !== 'choice')
    return placesIn(text).every(at => places.has(at)) ? [] : [text]
  const of = only.of.filter(option => !placesIn(option).every(at => places.has(at)))
  return of.length === 0 ? [] : of.length === 1 ? of : [[{ kind: 'choice', of }]]
}
