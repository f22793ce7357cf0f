/** Call sites as they were before they were rewritten: read from the commits of git, never from what is checked out. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GateError } from '../../analyzers/gate/gate-error.js'
import { Git } from '../../analyzers/gate/git/git.js'
import { configAt, withCheckout } from '../../analyzers/gate/since/checkout.js'
import { analyzeForRewrite } from '../../analyzers/repository.js'
import { ConfigError } from '../../analyzers/workspace/config-error.js'
import { OPERATIONS_FILE } from '../../analyzers/workspace/recorded.js'
import { planFrom } from '../index.js'
import type { Operation } from '../operation.js'
import { operationFile } from '../operation-shape.js'
import type { AccessPlan } from '../plan/plan.js'
import { RewriteError } from '../rewrite-error.js'
import type { CodeState } from './reread/index.js'

/** The code in which the statement of an access stood, by the access's id; else why it is not at hand. */
export type FormerCode = (access: string) => CodeState | string

interface FormerOptions {
  root: string
  configFile?: string
  /** Accesses that the code no longer has. */
  accesses: string[]
  onProgress?: (stage: string, done: number, total: number) => void
}

/** Each is another analysis of the repository. */
const MOST_STATES = 5
/** Runs of `rewrite` that are looked back. */
const MOST_COMMITS = 200

const NOT_AT_HAND = 'the code that it was is not at hand'

/** Gives the former code of accesses while `use` runs. */
export async function withFormerCode<T>(
  options: FormerOptions,
  use: (former: FormerCode) => Promise<T>,
): Promise<T> {
  if (options.accesses.length === 0) return use(() => NOT_AT_HAND)
  return Git.use(options.root, async git => {
    if (git === null)
      return use(() => `${NOT_AT_HAND}: its folder is in no git repository, or there is no git`)
    const commits = commitsBefore(options.accesses, git)
    const wanted = [...new Set(commits.values())].filter(commit => commit !== null)
    const states = new Map<string, CodeState | string>()
    const former: FormerCode = access => {
      const commit = commits.get(access)
      if (!commit) return `${NOT_AT_HAND}: ${git.unshallow ?? 'no commit is from before it was rewritten'}`
      const state = states.get(commit)
      if (state === undefined) return `${NOT_AT_HAND}: it lies more than ${MOST_STATES} rewrites back`
      return typeof state === 'string' || hasAccess(state, access)
        ? state
        : `${NOT_AT_HAND}: ${commit.slice(0, 12)}, from before it was rewritten, does not have its statement`
    }
    return within(wanted.slice(0, MOST_STATES), states, git, options, () => use(former))
  })
}

function hasAccess({ repository }: CodeState, access: string): boolean {
  return repository.map.accesses.some(({ id }) => id === access)
}

/** The newest commit for each access that does not record it as rewritten; in the order of history, the newest first. */
function commitsBefore(accesses: string[], git: Git): Map<string, string | null> {
  const found = new Map<string, string | null>()
  let open = new Set(accesses)
  const take = (commit: string): void => {
    const recorded = recordedAt(commit, git)
    if (recorded === null) return
    for (const access of open) if (!recorded.has(access)) found.set(access, commit)
    open = new Set([...open].filter(access => !found.has(access)))
  }
  for (const commit of statesOf(git)) {
    if (open.size === 0) break
    take(commit)
  }
  return found
}

/** HEAD, and the commit before each that changed what is recorded. */
function* statesOf(git: Git): Iterable<string> {
  const head = git.head()
  if (head !== null) yield head
  for (const commit of git.commitsOf(OPERATIONS_FILE, MOST_COMMITS)) {
    const parent = git.parentOf(commit)
    if (parent !== null) yield parent
  }
}

/** Ids of accesses that a commit records as rewritten; null where what it has is no such record. */
function recordedAt(commit: string, git: Git): Set<string> | null {
  const text = git.textAt(commit, OPERATIONS_FILE)
  if (text === null) return new Set()
  try {
    const file: unknown = JSON.parse(text)
    if (!operationFile(file)) return null
    const uses = [...file.operations.flatMap(({ uses }) => uses), ...(file.alone ?? []).map(({ use }) => use)]
    return new Set(uses.map(({ access }) => access))
  } catch {
    return null
  }
}

/** Analyses the commits one within the other: their files are read as long as `use` runs. */
async function within<T>(
  commits: string[],
  states: Map<string, CodeState | string>,
  git: Git,
  options: FormerOptions,
  use: () => Promise<T>,
): Promise<T> {
  const [commit, ...others] = commits
  if (commit === undefined) return use()
  const { root, configFile, onProgress } = options
  let isReached = false
  try {
    return await withCheckout(git, commit, root, async folder => {
      const record = git.textAt(commit, OPERATIONS_FILE)
      if (record !== null) writeFileSync(join(folder, OPERATIONS_FILE), record)
      states.set(commit, await stateIn(folder, configAt(folder, root, configFile), onProgress))
      isReached = true
      return await within(others, states, git, options, use)
    })
  } catch (error) {
    if (isReached || !isTold(error)) throw error
    states.set(commit, `${NOT_AT_HAND}: ${commit.slice(0, 12)} can't be analysed (${error.message})`)
    return within(others, states, git, options, use)
  }
}

/** Errors whose message says what is wrong with what is analysed. */
function isTold(error: unknown): error is Error {
  return error instanceof GateError || error instanceof ConfigError || error instanceof RewriteError
}

async function stateIn(
  root: string,
  configFile: string | undefined,
  onProgress: FormerOptions['onProgress'],
): Promise<CodeState> {
  const input = await analyzeForRewrite({
    root,
    ...(configFile === undefined ? {} : { configFile }),
    ...(onProgress === undefined ? {} : { onProgress }),
  })
  // What was rewritten may have been so with --in-transactions, or have been found different since.
  const { plan, repository } = await planFrom(input, { inTransactions: true, mayDiffer: true })
  return {
    repository,
    planned: plan.accesses,
    names: new Map(plan.operations.map(({ id, name }) => [id, name])),
  }
}

/** Accesses of lifts that are not among what is planned: their code is that of an earlier commit. */
export function noLongerInCode(operations: Operation[], planned: AccessPlan[]): string[] {
  const inCode = new Set(planned.filter(({ edit }) => edit !== null).map(({ access }) => access))
  const uses = operations.flatMap(operation => operation.uses).filter(({ strategy }) => strategy === 'lift')
  return [...new Set(uses.map(({ access }) => access))].filter(access => !inCode.has(access))
}
