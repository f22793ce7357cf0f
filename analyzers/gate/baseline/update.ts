/** `baseline --write` and `--prune`: what the files have to say. Nothing is written here. */
import { groupBy, orderBy } from '../../graph/index.js'
import type { Repository } from '../../repository.js'
import { isStrict } from '../allow/index.js'
import { dayOf } from '../day.js'
import { Git } from '../git/git.js'
import { type JudgeContext, judgeAllowed, judgeBaseline, renamesOf } from '../judge.js'
import { generalOp } from '../ops.js'
import type { RuleName } from '../rules/index.js'
import type { Violation } from '../types.js'
import { renderTodo, type TodoEntry } from './todo-file.js'
import { readTodos, todoFileOf } from './todos.js'

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
}

/** Every violation of today goes onto the baseline of its service, but for what is allowed and what none accepts. */
export function writeBaseline(repository: Repository, today?: string): Promise<BaselineUpdate> {
  return withContext(repository, today, context => written(repository, context))
}

async function written(repository: Repository, context: JudgeContext): Promise<BaselineUpdate> {
  const violations = judgeAllowed(repository, context).violations.filter(({ state }) => state === 'new')
  const accepted = violations.filter(violation => !isStrict(violation))
  const entries = accepted.map(({ service, table, op, file }) => ({
    file: todoFileOf(service, repository),
    entry: { table, op, source: file, count: 1, line: 0 },
  }))
  const byRule = Object.fromEntries(
    [...groupBy(accepted, ({ rule }) => rule)].map(([rule, of]) => [rule, of.length]),
  )
  return { ...(await update(repository, context, entries)), byRule, refused: violations.filter(isStrict) }
}

/** Takes what is mended off the baselines, and writes renamed files and tables under their present names. Adds nothing. */
export function pruneBaseline(repository: Repository, today?: string): Promise<BaselineUpdate> {
  return withContext(repository, today, context => pruned(repository, context))
}

async function pruned(repository: Repository, context: JudgeContext): Promise<BaselineUpdate> {
  const { violations } = judgeAllowed(repository, context)
  const todos = await readTodos(repository, renamesOf(repository, context), 'join')
  const { counted } = judgeBaseline(violations, todos, repository, context)
  const entries = counted.flatMap(({ todo: { file }, entry, found, weaker, strict }) => [
    ...(found + strict > 0 ? [{ file, entry: { ...entry, count: found + strict } }] : []),
    ...(weaker > 0 ? [{ file, entry: { ...entry, op: generalOp(entry.op)!, count: weaker } }] : []),
  ])
  return { ...(await update(repository, context, entries)), byRule: null, refused: [] }
}

function withContext<T>(
  { workspace }: Repository,
  today = dayOf(new Date()),
  use: (context: JudgeContext) => Promise<T>,
): Promise<T> {
  return Git.use(workspace.root, git => use({ today, git, commit: null }))
}

async function update(
  repository: Repository,
  context: JudgeContext,
  entries: { file: string; entry: TodoEntry }[],
): Promise<Omit<BaselineUpdate, 'byRule' | 'refused'>> {
  const present = await readTodos(repository, renamesOf(repository, context), 'join')
  const wanted = groupBy(entries, ({ file }) => file)
  const changes: BaselineChange[] = []
  for (const file of new Set([...wanted.keys(), ...present.map(todo => todo.file)])) {
    const group = (wanted.get(file) ?? []).map(({ entry }) => entry)
    const service = serviceAt(file, repository)
    const text = group.length === 0 ? null : renderTodo(service, group)
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

function serviceAt(file: string, repository: Repository): string {
  return (
    repository.map.services.find(({ name }) => todoFileOf(name, repository) === file)?.name ??
    'this repository'
  )
}

function total(entries: readonly TodoEntry[]): number {
  return entries.reduce((sum, { count }) => sum + count, 0)
}
