/**
 * Units: the evaluation of one file's calls, and the following of one file's sinks. Each has an evaluator of its own, so
 * that what it finds depends on nothing but its questions and their answers; and what it found in an earlier run is
 * taken where these are the same. (This order of things is a build system's with constructive traces.)
 */
import { type Cache, keyOf, noCache } from '../../cache/index.js'
import { count, list, object, type Shape, text } from '../../cache/shape.js'
import type { FileFacts } from '../../extract/facts.js'
import type { CallerIndex, CallIndex } from '../calls.js'
import type { Evaluator } from '../evaluator/state.js'
import { createEvaluator } from '../evaluator/state.js'
import type { SourceFiles } from '../files.js'
import type { Interfaces } from '../interfaces.js'
import { noInterfaces } from '../interfaces.js'
import type { Program } from '../program.js'
import type { SqlFiles } from '../sql-files.js'
import type { Target } from '../targets.js'
import { targetsOf } from '../targets.js'
import type { SinkAt } from '../trace/follow.js'
import { decodeTargets, encodeTargets, targetsShape } from './encode-targets.js'
import { decodeFollowed, encodeFollowed, type Followed, followedShape } from './encode-trace.js'
import { createAnswers, type Question } from './questions.js'
import { type RecordedView, recordedView } from './recording.js'

export interface Units {
  /** Who calls what, for what is followed outside of units. */
  callers: CallerIndex
  /** What each call of a file may run. */
  targetsOf(facts: FileFacts): Target[][]
  /** What following sinks of one file finds. */
  follow(
    sinks: SinkAt[],
    run: (sinks: SinkAt[], e: Evaluator, callers: CallerIndex) => Followed[],
  ): Followed[]
  /** Who calls, extends and implements what may be another than it was, for more files were read. */
  setRelations(interfaces: Interfaces): void
  /** Keeps what was found for the next run. */
  save(): void
}

type Answered = readonly [asked: Question, answer: string]

/** Everything that units found in one run. */
interface Kept {
  /** Questions with their answers; units share them. */
  answers: [asked: Question, answer: string][]
  units: KeptUnit[]
}

interface KeptUnit {
  key: string
  /** Indexes of answers, in the order in which they were asked for. */
  asked: number[]
  /** As the kind of unit has it: JSON, for most are taken over unread. */
  result: string
}

const keptShape = object<Kept>({
  answers: list(
    ((value: unknown) => Array.isArray(value) && value.length === 2 && value.every(text)) as Shape<
      [string, string]
    >,
  ),
  units: list(object<KeptUnit>({ key: text, asked: list(count), result: text })),
})

/**
 * @param context all else that results depend on, such as the parsers that are there
 * @param sqlPaths paths of all `.sql` files
 */
export function createUnits(
  cache: Cache,
  context: string,
  source: SourceFiles,
  sqlFiles: SqlFiles,
  sqlPaths: string[],
  index: CallIndex,
): Units {
  let interfaces = noInterfaces
  const key = keyOf('units', context)
  const before = cache.get('units', key, keptShape)
  const candidates = new Map<string, KeptUnit[]>()
  for (const unit of before?.units ?? []) {
    const known = candidates.get(unit.key)
    if (known) known.push(unit)
    else candidates.set(unit.key, [unit])
  }
  const answers = createAnswers({ source, sqlPaths, index, interfaces: () => interfaces })
  const keeping = createKeeping()
  /** What units found in this run. */
  const made = new Map<string, { asked: Answered[]; result: unknown }[]>()
  const shared: RecordedView = {
    program: source,
    sqlFiles,
    callers: { ...index, interfacesOf: cls => interfaces.ofClass.get(cls) },
  }
  let isChanged = before === null

  return {
    callers: shared.callers,
    targetsOf: facts =>
      remember(
        keyOf('targets', facts.file),
        targetsShape,
        encoded => {
          const targets = encoded.map(decodeTargets)
          return targets.length === facts.calls.length && targets.every(each => each !== null)
            ? targets
            : null
        },
        (e, view) => {
          // Its own text is asked for even where nothing has to be evaluated.
          view.program.facts(facts.file)
          return facts.calls.map(call => targetsOf(e, facts, call))
        },
        targets => {
          const encoded = targets.map(encodeTargets)
          return encoded.every(each => each !== null) ? encoded : null
        },
      ),
    follow: (sinks, run) =>
      remember(
        keyOf('sinks', ...sinks.flatMap(keysOf)),
        followedShape,
        encoded => (encoded.traces.length === sinks.length ? decodeFollowed(encoded, index) : null),
        (e, view) => {
          view.program.facts(sinks[0].site.facts.file)
          return run(sinks, e, view.callers)
        },
        encodeFollowed,
      ),
    setRelations(found) {
      interfaces = found
      answers.forgetRelations()
    },
    save() {
      if (isChanged || keeping.kept.units.length !== before?.units.length)
        cache.put('units', key, keeping.kept)
    },
  }

  function remember<T, Data>(
    unitKey: string,
    shape: Shape<Data>,
    decode: (data: Data) => T | null,
    run: (e: Evaluator, view: RecordedView) => T,
    encode: (result: T) => Data | null,
  ): T {
    if (cache === noCache) {
      const view = { ...shared, program: withOwnMemo(source) }
      return run(createEvaluator(view.program, view.sqlFiles), view)
    }
    // Later rounds ask again, and of most sinks no further caller was found.
    const known = made.get(unitKey)?.find(unit => unit.asked.every(holds))
    if (known) return known.result as T
    const kept = fromEarlierRun(unitKey, shape, decode)
    if (kept !== null) return kept
    const questions = new Set<Question>()
    const view = recordedView(shared, asked => questions.add(asked))
    const result = run(createEvaluator(view.program, view.sqlFiles), view)
    isChanged = true
    const asked = [...questions].map(each => [each, answers.to(each)] as const)
    if (!asked.every(isComparable)) return result
    add(unitKey, asked, result)
    const data = encode(result)
    if (data !== null) keeping.add(unitKey, asked, JSON.stringify(data))
    return result
  }

  function fromEarlierRun<T, Data>(
    unitKey: string,
    shape: Shape<Data>,
    decode: (data: Data) => T | null,
  ): T | null {
    for (const unit of candidates.get(unitKey) ?? []) {
      const asked = unit.asked.map(id => before!.answers[id])
      if (!asked.every(each => each !== undefined && holds(each))) continue
      const data: unknown = JSON.parse(unit.result)
      const result = shape(data) ? decode(data) : null
      if (result === null) continue
      touch(asked)
      add(unitKey, asked, result)
      keeping.add(unitKey, asked, unit.result)
      return result
    }
    return null
  }

  function holds([asked, answer]: Answered): boolean {
    return answers.to(asked) === answer
  }

  function add(unitKey: string, asked: Answered[], result: unknown): void {
    const units = made.get(unitKey)
    if (units) units.push({ asked, result })
    else made.set(unitKey, [{ asked, result }])
  }

  /** Files count as read in the order in which a unit comes upon them: interfaces are looked for in these. */
  function touch(asked: Answered[]): void {
    for (const [each] of asked) if (each.startsWith('facts\0')) source.facts(each.slice('facts\0'.length))
  }
}

/** What is remembered of exports may depend on the order in which they were asked for, so each unit has its own. */
function withOwnMemo(program: Program): Program {
  return {
    facts: program.facts,
    resolve: program.resolve,
    subclasses: program.subclasses,
    exportMemo: new Map(),
  }
}

function isComparable(each: readonly [Question, string | null]): each is Answered {
  return each[1] !== null
}

function keysOf({ sink, site }: SinkAt): string[] {
  const { driver, ...rest } = sink
  return [site.facts.file, String(site.facts.calls.indexOf(site.call)), driver.name, JSON.stringify(rest)]
}

function createKeeping(): {
  kept: Kept
  add(key: string, answers: Answered[], result: string): void
} {
  const kept: Kept = { answers: [], units: [] }
  const ids = new Map<string, number>()
  const idOf = ([asked, answer]: Answered): number => {
    const key = `${asked}\0\0${answer}`
    let id = ids.get(key)
    if (id === undefined) {
      id = kept.answers.push([asked, answer]) - 1
      ids.set(key, id)
    }
    return id
  }
  return {
    kept,
    add: (key, answers, result) => kept.units.push({ key, asked: answers.map(idOf), result }),
  }
}
