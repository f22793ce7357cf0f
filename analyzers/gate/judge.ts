import type { Repository } from '../repository.js'
import { applyAllowances } from './allow/index.js'
import { applyBaseline, type Baselined, type Newest } from './baseline/apply.js'
import { gitRenames, noRenames, type Renames } from './baseline/renames.js'
import { staleEntries } from './baseline/stale.js'
import { readTodos, type Todo, todoFileOf } from './baseline/todos.js'
import { checkMap, switchedOff } from './check-map.js'
import type { Git, LineRange } from './git/git.js'
import { settingsOf } from './settings.js'
import type { GateResult, StaleEntry, Violation } from './types.js'

/** What a state of the repository is judged with. */
export interface JudgeContext {
  /** `YYYY-MM-DD` */
  today: string
  /** Null where there is no git: files that were renamed are then new ones. */
  git: Git | null
  /** The commit that the state is of; null for the working tree. */
  commit: string | null
}

/** Everything of one state of the repository: what rules forbid, and which of it is allowed or listed. */
export async function judge(repository: Repository, context: JudgeContext): Promise<GateResult> {
  const todos = await readTodos(repository, renamesOf(repository, context))
  const { violations, unusedAllows, problems } = judgeAllowed(repository, context)
  const baselined = judgeBaseline(violations, todos, repository, context)
  return withVerdict({
    schemaVersion: 1,
    since: null,
    change: null,
    violations: baselined.violations,
    stale: staleOf(baselined, repository),
    unusedAllows,
    problems,
    hints: [],
  })
}

/** Entries of baselines that list more than there is. */
export function staleOf({ counted, violations }: Baselined, repository: Repository): StaleEntry[] {
  return staleEntries(counted, {
    map: repository.map,
    violations,
    switchedOff: () => switchedOff(repository.map, settingsOf(repository.workspace.config)),
    todoOf: service => todoFileOf(service, repository),
  })
}

/** What rules forbid, with what the config and comments allow of it. */
export function judgeAllowed(repository: Repository, { today }: JudgeContext) {
  const settings = settingsOf(repository.workspace.config)
  return applyAllowances(checkMap(repository.map, settings), repository, settings, today)
}

export function judgeBaseline(
  violations: Violation[],
  todos: Todo[],
  repository: Repository,
  context: JudgeContext,
): Baselined {
  return applyBaseline(violations, todos, service => todoFileOf(service, repository), newestFirst(context))
}

export function renamesOf({ workspace }: Repository, { git, commit }: JudgeContext): Renames {
  if (git === null) return noRenames
  const files = new Set(workspace.files.map(({ path }) => path))
  return gitRenames(git, commit, path => files.has(path))
}

/** Adds whether the check passes. */
export function withVerdict(result: Omit<GateResult, 'passed'>): GateResult {
  const { violations, stale, problems } = result
  const hasError = violations.some(({ state, severity }) => state === 'new' && severity === 'error')
  return { ...result, passed: !hasError && stale.length === 0 && problems.length === 0 }
}

/**
 * Where a file has more than its baseline lists, the new ones are most likely on lines that changed since the
 * baseline did. They come last; where git can't tell, the last ones of the file do.
 */
function newestFirst({ git, commit }: JudgeContext): Newest {
  return (violations, todo) => {
    if (git === null || commit !== null) return violations
    const { file } = violations[0]!
    const changed = git.changedSinceCommitOf(todo.file, file)
    const isTouched = (violation: Violation) => touches(violation, changed)
    return [
      ...violations.filter(violation => !isTouched(violation)),
      ...violations.filter(violation => isTouched(violation)),
    ]
  }
}

/** True if a statement has lines among these. */
export function touches({ line, endLine }: Violation, ranges: readonly LineRange[]): boolean {
  return ranges.some(({ from, to }) => from <= endLine && to >= line)
}
