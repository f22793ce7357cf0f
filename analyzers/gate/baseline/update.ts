/** `baseline --write` and `--prune`: what the files have to say. Nothing is written here. */
import { groupBy, orderBy } from '../../graph/index.js'
import type { Repository } from '../../repository.js'
import { isStrict } from '../allow/index.js'
import { dayOf } from '../day.js'
import { Git } from '../git/git.js'
import { moved, newPlaceOf } from '../hints/moved.js'
import { type JudgeContext, judgeAllowed, judgeBaseline, renamesOf, staleOf } from '../judge.js'
import { generalOp } from '../ops.js'
import type { RuleName } from '../rules/index.js'
import type { Violation } from '../types.js'
import { joinedNote } from './conflict.js'
import { markOf } from './mark.js'
import {
  addUp,
  NO_TABLE,
  parseTodo,
  renderTodo,
  type TodoEntry,
  type TodoNote,
  todoKey,
} from './todo-file.js'
import { readTodos, type Todo, todoFileOf } from './todos.js'

/** How a baseline has to look from now on. */
export interface BaselineChange {
  file: string
  /** Null if the file is to be deleted: it has nothing to list. */
  text: string | null
  /** Violations that it lists. */
  listed: number
}

export interface BaselineUpdate {
  /** Files that are to be written or deleted; those that stay as they are are not among them. */
  changes: BaselineChange[]
  /** Violations that all baselines list together. */
  listed: number
  /** So many were listed before. */
  before: number
  /** How many of them each rule forbids; known where they were just judged, and null after `--prune`. */
  byRule: Partial<Record<RuleName, number>> | null
  /** Violations that no baseline may accept. */
  refused: Violation[]
  /** What `--prune` takes off and is new elsewhere, as code that was moved is: so many uses from one place to another. */
  moved: { from: string; to: string; count: number }[]
}

/** Every violation of today goes onto the baseline of its service, but for what is allowed and what none accepts. */
export function writeBaseline(repository: Repository, today?: string): Promise<BaselineUpdate> {
  return withContext(repository, today, context => written(repository, context))
}

async function written(repository: Repository, context: JudgeContext): Promise<BaselineUpdate> {
  const judged = judgeAllowed(repository, context).violations
  const violations = judged.filter(({ state }) => state === 'new')
  const accepted = violations.filter(violation => !isStrict(violation))
  const entries = accepted.map(({ service, table, op, file }) => ({
    file: todoFileOf(service, repository),
    entry: { table, op, source: file, count: 1, mark: null, line: 0 },
  }))
  const byRule = Object.fromEntries(
    [...groupBy(accepted, ({ rule }) => rule)].map(([rule, of]) => [rule, of.length]),
  )
  return {
    ...(await update(repository, context, judged, entries)),
    byRule,
    refused: violations.filter(isStrict),
    moved: [],
  }
}

/** Takes what is mended off the baselines, and writes renamed files and tables under their present names. Adds nothing. */
export function pruneBaseline(repository: Repository, today?: string): Promise<BaselineUpdate> {
  return withContext(repository, today, context => pruned(repository, context))
}

async function pruned(repository: Repository, context: JudgeContext): Promise<BaselineUpdate> {
  const { violations } = judgeAllowed(repository, context)
  const todos = await presentTodos(repository, context)
  const baselined = judgeBaseline(violations, todos, repository, context)
  const entries = baselined.counted.flatMap(({ todo: { file }, entry, found, weaker, strict }) => [
    ...(found + strict > 0 ? [{ file, entry: { ...entry, count: found + strict } }] : []),
    ...(weaker > 0 ? [{ file, entry: { ...entry, op: generalOp(entry.op)!, count: weaker } }] : []),
  ])
  const { moves } = moved(
    { violations: baselined.violations, stale: staleOf(baselined, repository) },
    service => todoFileOf(service, repository),
  )
  return {
    ...(await update(repository, context, violations, entries)),
    byRule: null,
    refused: [],
    moved: [...groupBy(moves, move => JSON.stringify([move.from, newPlaceOf(move)])).values()].map(of => ({
      from: of[0]!.from,
      to: newPlaceOf(of[0]!),
      count: of.length,
    })),
  }
}

function withContext<T>(
  { workspace }: Repository,
  today = dayOf(new Date()),
  use: (context: JudgeContext) => Promise<T>,
): Promise<T> {
  return Git.use(workspace.root, git => use({ today, git, commit: null }))
}

/** The baselines as they are, both sides of a merge joined. */
function presentTodos(repository: Repository, context: JudgeContext): Promise<Todo[]> {
  const ancestorOf = (file: string) => context.git?.ancestorInMerge(file) ?? null
  return readTodos(repository, renamesOf(repository, context), ancestorOf)
}

/** @param violations all of them, in any state */
async function update(
  repository: Repository,
  context: JudgeContext,
  violations: readonly Violation[],
  entries: { file: string; entry: TodoEntry }[],
): Promise<Omit<BaselineUpdate, 'byRule' | 'refused' | 'moved'>> {
  const present = await presentTodos(repository, context)
  const wanted = groupBy(entries, ({ file }) => file)
  const deleted = await deletedTodos([...wanted.keys()], present, context)
  const mark = marker(repository, violations, [...present, ...deleted])
  const changes: BaselineChange[] = []
  for (const file of new Set([...wanted.keys(), ...present.map(todo => todo.file)])) {
    const group = mark(file, addUp((wanted.get(file) ?? []).map(({ entry }) => entry)))
    const service = serviceAt(file, repository)
    const notes = present.find(todo => todo.file === file)?.notes ?? []
    const text = group.length === 0 ? null : renderTodo(service, group, placedNotes(notes, group))
    const content = repository.workspace.files.some(({ path }) => path === file)
      ? repository.read(file)
      : null
    // Git checks it out with the line endings of Windows there; that is no change of it.
    const former = content !== null && 'text' in content ? content.text.replaceAll('\r\n', '\n') : null
    if (text !== former) changes.push({ file, text, listed: total(group) })
  }
  return {
    changes: changes.sort(orderBy(change => change.file)),
    listed: total(entries.map(({ entry }) => entry)),
    before: total(present.flatMap(todo => todo.entries)),
  }
}

/** Baselines that were deleted in the working tree and are written again: as they are committed. */
async function deletedTodos(
  wanted: readonly string[],
  present: readonly Todo[],
  { git }: JudgeContext,
): Promise<Pick<Todo, 'file' | 'entries'>[]> {
  const missing = wanted.filter(file => present.every(todo => todo.file !== file))
  const found = missing.map(async file => {
    const text = git?.textAt('HEAD', file) ?? null
    return {
      file,
      entries:
        text === null
          ? []
          : await parseTodo(text, file).then(
              todo => todo.entries,
              () => [],
            ),
    }
  })
  return (await Promise.all(found)).filter(({ entries }) => entries.length > 0)
}

/**
 * Gives the entries of a file their marks: a count that stays keeps the one that it has, one that changes, or is new, gets
 * another. The first baselines of a repository have none, for there is nothing that two branches could change.
 */
function marker(
  { read, ...repository }: Repository,
  violations: readonly Violation[],
  present: readonly Pick<Todo, 'file' | 'entries'>[],
): (file: string, entries: TodoEntry[]) => TodoEntry[] {
  const inFile = (file: string, entry: Parameters<typeof todoKey>[0]) => file + todoKey(entry)
  const before = new Map(
    present.flatMap(({ file, entries }) => addUp(entries).map(entry => [inFile(file, entry), entry])),
  )
  const uses = groupBy(
    violations.filter(({ state }) => state !== 'allowed'),
    use => inFile(todoFileOf(use.service, repository), { ...use, source: use.file }),
  )
  return (file, entries) =>
    entries.map(entry => {
      const former = before.get(inFile(file, entry))
      const isKept = present.length === 0 || (former?.count === entry.count && !former.isJoined)
      const mark = isKept ? (former?.mark ?? null) : markOf(uses.get(inFile(file, entry)) ?? [], read)
      return { ...entry, mark }
    })
}

/** Comments of people at the entries that there are: that of a read which is a join now stays with it. */
function placedNotes(notes: readonly TodoNote[], entries: readonly TodoEntry[]): TodoNote[] {
  const placed = new Map<string, TodoNote>()
  for (const note of notes) {
    const [table, op, source] = note.at
    const alike = entries.filter(entry => (entry.table ?? NO_TABLE) === table && entry.source === source)
    const isThere = source === undefined || alike.some(entry => entry.op === op) || alike.length === 0
    const at = isThere ? note.at : [table!, alike[0]!.op, source]
    const key = JSON.stringify(at)
    placed.set(key, joinedNote({ ...note, at }, placed.get(key) ?? { at, above: [], behind: '' }))
  }
  return [...placed.values()]
}

function serviceAt(file: string, repository: Repository): string {
  return (
    repository.map.services.find(({ name }) => todoFileOf(name, repository) === file)?.name ??
    'this repository'
  )
}

function total(entries: readonly TodoEntry[]): number {
  return entries.reduce((sum, { count }) => sum + count, 0)
}
