/**
 * Units: work that begins at one file and may look at others, such as the evaluation of its calls. Each has an evaluator
 * of its own, so that what it finds depends on nothing but its questions and their answers; and what it found in an
 * earlier run is taken where these are the same. (This order of things is a build system's with constructive traces.)
 */
import { type Cache, keyOf, noCache } from '../../cache/index.js'
import { anything, count, list, object, pair, type Shape, text } from '../../cache/shape.js'
import type { Evaluator } from '../evaluator/state.js'
import { createEvaluator } from '../evaluator/state.js'
import type { SourceFiles } from '../files.js'
import { type Answers, isAboutLayout, isLasting, type Question } from './questions.js'
import { type RecordedView, recordedView } from './recording.js'
import { relationsView, type StillSame } from './relations.js'

/** A kind of unit: how what it finds is kept. */
export interface UnitKind<T, Data> {
  name: string
  shape: Shape<Data>
  /** As plain data; null where that can't be. */
  encode(result: T): Data | null
  /** Null where it speaks of what there is not. */
  decode(data: Data): T | null
}

export interface Units {
  /**
   * What a unit finds, from an earlier run or made.
   *
   * @param inputs what it is given besides the file, as a text
   */
  find<T, Data>(
    kind: UnitKind<T, Data>,
    file: string,
    inputs: string,
    run: (e: Evaluator, view: RecordedView) => T,
  ): T
  /** Keeps what was found for the next run. */
  save(): void
}

type Answered = readonly [asked: Question, answer: string]

/** What the units of one file found in one run. */
interface Kept {
  /** Of the workspace: which files there are, and what imports mean. */
  layout: string
  /** Questions with their answers; the units share them. */
  answers: Answered[]
  units: KeptUnit[]
}

interface KeptUnit {
  key: string
  /** Indexes of answers, in the order in which they were asked for. */
  asked: number[]
  result: unknown
}

const keptShape = object<Kept>({
  layout: text,
  answers: list(pair(text, text)) as Shape<Answered[]>,
  units: list(object<KeptUnit>({ key: text, asked: list(count), result: anything })),
})

/** A unit in this run. */
interface Made {
  key: string
  asked: Answered[]
  /** Those whose answer may be another when more files are read. */
  passing: Answered[]
  result: unknown
  /** What was kept of it, or how to keep it. */
  data: { kept: unknown } | { encode: () => unknown }
}

interface UnitsOfFile {
  before: Kept | null
  /** Whether an answer of these is the same now; the run does not change it. */
  holds: (boolean | undefined)[]
  made: Made[]
  isChanged: boolean
}

/**
 * @param context all else that results depend on, such as the parsers that are there
 * @param shared the repository as units see it
 */
export function createUnits(
  cache: Cache,
  context: string,
  source: SourceFiles,
  shared: RecordedView,
  answers: Answers,
): Units {
  const byFile = new Map<string, UnitsOfFile>()
  const inRun = new Map<string, { result: unknown; asked: StillSame[] }>()
  return {
    find(kind, file, inputs, run) {
      if (cache === noCache) return findInRun(kind.name, file, inputs, run)
      const units = unitsOf(file)
      const key = inputs === '' ? kind.name : `${kind.name} ${keyOf(inputs)}`
      // Later rounds ask again, and of most sinks no further caller was found.
      const known = units.made.find(unit => unit.key === key && unit.passing.every(holds))
      if (known) return known.result as ReturnType<typeof run>
      const kept = fromEarlierRun(units, key, kind)
      if (kept !== null) return kept
      const questions = new Set<Question>()
      const view = recordedView(shared, asked => questions.add(asked))
      const result = run(createEvaluator(view.program, view.sqlFiles), view)
      units.isChanged = true
      const asked = [...questions].map(each => [each, answers.to(each)] as const)
      if (asked.every(isComparable))
        add(units, { key, asked, result, data: { encode: () => kind.encode(result) } })
      return result
    },
    save() {
      for (const [file, units] of byFile) {
        const { before, made, isChanged } = units
        if (isChanged || made.length !== before?.units.length || before.layout !== answers.layout())
          cache.put('units', keyOfFile(file), toKeep(made, answers.layout()))
      }
    },
  }

  /** The same without a cache, where only what may change in a run needs to be noted. */
  function findInRun<T>(
    name: string,
    file: string,
    inputs: string,
    run: (e: Evaluator, view: RecordedView) => T,
  ): T {
    const key = `${name}\0${file}\0${inputs}`
    const known = inRun.get(key)
    if (known?.asked.every(isSame => isSame())) return known.result as T
    const asked: StillSame[] = []
    const view = relationsView(shared, asked)
    const result = run(createEvaluator(view.program, view.sqlFiles), view)
    inRun.set(key, { result, asked })
    return result
  }

  function unitsOf(file: string): UnitsOfFile {
    let units = byFile.get(file)
    if (units === undefined) {
      const before = cache.get('units', keyOfFile(file), keptShape)
      units = { before, holds: [], made: [], isChanged: false }
      byFile.set(file, units)
    }
    return units
  }

  function keyOfFile(file: string): string {
    return `${file}\0${context}`
  }

  function fromEarlierRun<T, Data>(units: UnitsOfFile, key: string, kind: UnitKind<T, Data>): T | null {
    for (const unit of units.before?.units ?? []) {
      if (unit.key !== key || !unit.asked.every(id => stillHolds(units, id))) continue
      const data = unit.result
      const result = kind.shape(data) ? kind.decode(data) : null
      if (result === null) continue
      const asked = unit.asked.map(id => units.before!.answers[id])
      for (const [each] of asked) touch(each)
      add(units, { key, asked, result, data: { kept: data } })
      return result
    }
    return null
  }

  function add(units: UnitsOfFile, made: Omit<Made, 'passing'>): void {
    units.made.push({ ...made, passing: made.asked.filter(([asked]) => !isLasting(asked)) })
  }

  function stillHolds({ before, holds: known }: UnitsOfFile, id: number): boolean {
    const answered = before!.answers[id]
    if (answered === undefined) return false
    if (!isLasting(answered[0])) return holds(answered)
    known[id] ??= (before!.layout === answers.layout() && isAboutLayout(answered[0])) || holds(answered)
    return known[id]
  }

  function holds([asked, answer]: Answered): boolean {
    return answers.to(asked) === answer
  }

  /** Files count as read in the order in which a unit comes upon them. */
  function touch(asked: Question): void {
    if (asked.startsWith('facts\0')) source.touch(asked.slice('facts\0'.length))
  }
}

function isComparable(each: readonly [Question, string | null]): each is Answered {
  return each[1] !== null
}

function toKeep(made: Made[], layout: string): Kept {
  const kept: Kept = { layout, answers: [], units: [] }
  const ids = new Map<string, number>()
  const idOf = (answered: Answered): number => {
    const key = answered.join('\0\0')
    let id = ids.get(key)
    if (id === undefined) {
      id = kept.answers.push(answered) - 1
      ids.set(key, id)
    }
    return id
  }
  for (const { key, asked, data } of made) {
    const result = 'kept' in data ? data.kept : data.encode()
    if (result !== null) kept.units.push({ key, asked: asked.map(idOf), result })
  }
  return kept
}
