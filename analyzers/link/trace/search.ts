/** Runs the tracing over the calls of the repository, as more files turn out to matter. */
import type { Driver } from '../../drivers/driver.js'
import type { CallerIndex, CallSite } from '../calls.js'
import { evaluateFresh } from '../evaluator/evaluate.js'
import type { Piece } from '../evaluator/pieces.js'
import type { Evaluator } from '../evaluator/state.js'
import { ownSinkOf, sinksOf } from '../sinks.js'
import type { Followed } from '../units/encode-trace.js'
import type { Units } from '../units/units.js'
import type { Trace, WrapperKind } from './executions.js'
import { emptyTrace, merge, siteKey } from './executions.js'
import type { SinkAt, Tracer } from './follow.js'
import { followSafely } from './follow.js'
import { dropFragments } from './fragments.js'

interface Search {
  /** Traces the sinks among new calls, and again those whose callers may be among them. */
  add(sites: CallSite[]): void
  /** Functions that hand a parameter on to a driver, as far as seen. */
  wrapperNames(): Map<string, WrapperKind>
  /** All that was found so far. */
  result(): Trace
}

/**
 * @param e for calls of the project's own functions, which are looked at last
 * @param hasUnknownTable whether a text leaves a table's name open
 */
export function createSearch(
  e: Evaluator,
  callers: CallerIndex,
  units: Units,
  hasUnknownTable: (pieces: Piece[], driver: Driver) => boolean,
): Search {
  const settled = emptyTrace()
  let open: SinkAt[] = []
  let latest = emptyTrace()
  const ownCalls: SinkAt[] = []
  return {
    add(sites) {
      const again = open
      open = []
      latest = emptyTrace()
      const added: SinkAt[] = []
      for (const site of sites) {
        for (const target of site.targets) {
          const own = ownSinkOf(site.facts, site.call, target)
          if (own) ownCalls.push({ sink: own, site })
          for (const sink of sinksOf(site.facts, site.call, target)) added.push({ sink, site })
        }
      }
      const seen = new Set<string>()
      for (let next = [...added, ...again]; next.length > 0; ) {
        const handedOver: SinkAt[] = []
        for (const sinks of byFile(next)) {
          units.follow(sinks, followAll).forEach((found, at) => {
            // What is handed over is so again when the wrapper is followed again.
            if (found.asked && !sinks[at].sink.isHandedOn) open.push(sinks[at])
            merge(found.asked ? latest : settled, found.trace)
            for (const each of found.handedOver) handedOver.push(each)
          })
        }
        next = onlyNew(handedOver, seen)
      }
    },
    wrapperNames: () => new Map([...settled.wrapperNames, ...latest.wrapperNames]),
    result() {
      const all = emptyTrace()
      merge(all, settled)
      merge(all, latest)
      const seen = new Set<string>()
      for (const own of ownCalls) {
        if (all.executions.has(siteKey(own.site)) || givesText(e, own.site)) continue
        for (let next = [own]; next.length > 0; ) {
          const found = followAll(next, e, callers)
          for (const { trace } of found) merge(all, trace)
          next = onlyNew(
            found.flatMap(each => each.handedOver),
            seen,
          )
        }
      }
      dropFragments(all)
      return all
    },
  }

  function followAll(sinks: SinkAt[], own: Evaluator, seen: CallerIndex): Followed[] {
    return sinks.map(({ sink, site }) => {
      const t: Tracer = {
        e: own,
        callers: seen,
        trace: emptyTrace(),
        hasUnknownTable,
        followed: 0,
        asked: false,
        handedOver: [],
      }
      followSafely(t, sink, site)
      return { trace: t.trace, asked: t.asked, handedOver: t.handedOver }
    })
  }
}

/** What two implementations of one interface do with a statement is the same, and need not be found out twice. */
function onlyNew(sinks: SinkAt[], seen: Set<string>): SinkAt[] {
  return sinks.filter(({ sink, site }) => {
    const key = `${siteKey(site)}#${sink.sql}.${sink.keys.join('.')}`
    const isNew = !seen.has(key)
    seen.add(key)
    return isNew
  })
}

/** The sinks of each file, in the order of the first of each. */
function byFile(sinks: SinkAt[]): SinkAt[][] {
  const groups = new Map<string, SinkAt[]>()
  for (const each of sinks) {
    const { file } = each.site.facts
    const group = groups.get(file)
    if (group) group.push(each)
    else groups.set(file, [each])
  }
  return [...groups.values()]
}

/** A function that gives the text back, changed or not, executes nothing. */
function givesText(e: Evaluator, { facts, call }: CallSite): boolean {
  return evaluateFresh(e, facts.file, call.node).kind === 'text'
}
