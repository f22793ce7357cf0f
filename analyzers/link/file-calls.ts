/** The calls of one file: what each may run, and what of it concerns the whole repository. */
import type { FileFacts } from '../extract/facts.js'
import { builderNamesIn } from './builder-names.js'
import type { CallSink, FileCalls } from './calls.js'
import { functionsUndone } from './code-schema.js'
import type { Evaluator } from './evaluator/state.js'
import { handedTargets } from './handed-targets.js'
import { handingOf } from './handing.js'
import { createMadeStatements } from './made-statements.js'
import { isSameSink, ownSinkOf, type Sink, sinksOf } from './sinks/index.js'
import { type Target, targetsOf as targetsOfCall } from './targets.js'
import { transactionsOf } from './transactions/index.js'

export function callsOf(e: Evaluator, facts: FileFacts): FileCalls {
  const undone = functionsUndone(facts)
  const madeStatements = createMadeStatements(e, facts)
  const targets: Target[] = []
  const sinks: CallSink[] = []
  const ownSinks: CallSink[] = []
  const targetsOf = facts.calls.map((call, at) => {
    const own = targetsOfCall(e, facts, call)
    const ofCall: Sink[] = []
    const ids = [...own, ...handedTargets(e, facts, call, own)].map(target => {
      const ownSink = ownSinkOf(facts, call, target)
      if (ownSink) ownSinks.push({ at, sink: ownSink })
      // Of several targets, as the implementations of an interface, nothing may be known but the same.
      for (const sink of sinksOf(facts, call, target, own))
        if (!ofCall.some(each => isSameSink(each, sink))) ofCall.push(sink)
      return targets.push(target) - 1
    })
    for (const sink of ofCall) sinks.push({ at, sink })
    for (const sink of madeStatements?.(call, own) ?? []) ownSinks.push({ at, sink })
    return ids
  })
  return {
    file: facts.file,
    spans: facts.calls.flatMap(({ start, end }) => [start, end]),
    targets,
    targetsOf,
    handed: facts.calls.map((call, at) =>
      targetsOf[at].some(id => isOfTheRepository(targets[id])) ? handingOf(facts, call) : [],
    ),
    sinks,
    ownSinks,
    builderNames: builderNamesIn(facts),
    transactions: transactionsOf(facts, { targets, targetsOf }),
    undoing: facts.calls.flatMap((call, at) => (call.fn !== null && undone[call.fn] ? [at] : [])),
  }
}

/** Whether it is, or may be, a function of the repository: calls of these are looked up. */
function isOfTheRepository({ kind }: Target): boolean {
  return kind === 'function' || kind === 'bound' || kind === 'interface' || kind === 'unknown'
}
