/** Runs the tracing over the calls of the repository, as more files turn out to matter. */
import type { Driver } from '../../drivers/driver.js'
import type { CallIndex, CallSite } from '../calls.js'
import { evaluateFresh } from '../evaluator/evaluate.js'
import type { Piece } from '../evaluator/pieces.js'
import type { Evaluator } from '../evaluator/state.js'
import type { Interfaces } from '../interfaces.js'
import type { Sink } from '../sinks.js'
import { ownSinkOf, sinksOf } from '../sinks.js'
import type { Trace, WrapperKind } from './executions.js'
import { emptyTrace, merge, siteKey } from './executions.js'
import type { Tracer } from './follow.js'
import { followSafely } from './follow.js'
import { dropFragments } from './fragments.js'

interface Search {
  /** Traces the sinks among new calls, and again those whose callers may be among them. */
  add(sites: CallSite[], interfaces: Interfaces): void
  /** Functions that hand a parameter on to a driver, as far as seen. */
  wrapperNames(): Map<string, WrapperKind>
  /** All that was found so far. */
  result(): Trace
}

/** @param hasUnknownTable whether a text leaves a table's name open */
export function createSearch(
  e: Evaluator,
  index: CallIndex,
  hasUnknownTable: (pieces: Piece[], driver: Driver) => boolean,
): Search {
  const settled = emptyTrace()
  let open: { sink: Sink; site: CallSite }[] = []
  let latest = emptyTrace()
  let interfacesNow: Interfaces = { ofClass: new Map() }
  const ownCalls: { sink: Sink; site: CallSite }[] = []
  return {
    add(sites, interfaces) {
      const again = open
      open = []
      latest = emptyTrace()
      const handedOver = new Set<string>()
      const run = (sink: Sink, site: CallSite): void => {
        const t: Tracer = {
          e,
          index,
          interfaces,
          trace: emptyTrace(),
          hasUnknownTable,
          followed: 0,
          asked: false,
          handedOver,
        }
        followSafely(t, sink, site)
        if (t.asked) open.push({ sink, site })
        merge(t.asked ? latest : settled, t.trace)
      }
      interfacesNow = interfaces
      for (const site of sites) {
        for (const target of site.targets) {
          const own = ownSinkOf(site.facts, site.call, target)
          if (own) ownCalls.push({ sink: own, site })
          for (const sink of sinksOf(site.facts, site.call, target)) run(sink, site)
        }
      }
      for (const { sink, site } of again) run(sink, site)
    },
    wrapperNames: () => new Map([...settled.wrapperNames, ...latest.wrapperNames]),
    result() {
      const all = emptyTrace()
      merge(all, settled)
      merge(all, latest)
      const handedOver = new Set<string>()
      for (const { sink, site } of ownCalls) {
        if (all.executions.has(siteKey(site)) || givesText(e, site)) continue
        const t: Tracer = {
          e,
          index,
          interfaces: interfacesNow,
          trace: all,
          hasUnknownTable,
          followed: 0,
          asked: false,
          handedOver,
        }
        followSafely(t, sink, site)
      }
      dropFragments(all)
      return all
    },
  }
}

/** A function that gives the text back, changed or not, executes nothing. */
function givesText(e: Evaluator, { facts, call }: CallSite): boolean {
  return evaluateFresh(e, facts.file, call.node).kind === 'text'
}
