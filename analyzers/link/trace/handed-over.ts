/** Calls of a wrapper that hand a whole statement over. */
import { CALLED, OF_OBJECT, type ParamValue } from '../evaluator/values.js'
import { argumentsGiven, argumentsWritten } from '../handing.js'
import type { Sink } from '../sinks/index.js'
import { isTold } from './steps-out.js'
import type { Step } from './text-at-sink.js'
import type { Tracer } from './tracer.js'

/** The call of a wrapper as a sink of its own: what it hands over is the text. Null where that is no plain argument. */
export function sinkAtCaller(
  t: Tracer,
  { sink, isGuess }: { sink: Sink; isGuess: boolean },
  { site, file, fn, handed, behind }: Step,
  param: ParamValue,
): Sink | null {
  if (handed !== undefined || behind !== undefined) return null
  // What a constructor keeps is handed over where the object is made, not at the calls of its methods.
  if (file !== param.file || fn !== param.fn) return null
  if (param.path.length > 1 || param.path[0] === CALLED || param.index === OF_OBJECT) return null
  const args = argumentsGiven(site.handing, t.e.program.facts(file)?.functions[fn]?.name ?? '')
  if (args === null || args.length <= param.index) return null
  if (args.slice(0, param.index + 1).some(({ kind }) => kind === 'spread')) return null
  const { argument: _, ...at } = sink
  return {
    ...at,
    isHandedOn: true,
    ...(isGuess ? { isGuess } : {}),
    // On a receiver of which nothing is known, it could as well be the method of something else.
    certainty: sink.certainty === 'known' && !isTold(site) ? 'named' : sink.certainty,
    sql: args[param.index].node,
    keys: param.path.length === 1 ? param.path : sink.keys,
    values: args[param.index + 1]?.node ?? null,
  }
}

/** Whether a call leaves out the argument that is the text, and there is no default for it: it gives a tag, or runs nothing. */
export function handsNothing(
  t: Tracer,
  { site, file, fn, handed, behind }: Step,
  { index, ...param }: ParamValue,
): boolean {
  if (handed !== undefined || behind !== undefined || index < 0 || file !== param.file || fn !== param.fn)
    return false
  const args = argumentsWritten(site.handing)
  if (args === null || args.length > index || args.some(arg => arg.kind === 'spread')) return false
  return t.e.program.facts(file)?.functions[fn]?.params[index]?.default == null
}
