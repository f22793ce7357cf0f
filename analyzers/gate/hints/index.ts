/** What most likely happened where a baseline does not fit: asked of a result that is complete. */
import type { Repository } from '../../repository.js'
import { todoFileOf } from '../baseline/todos.js'
import type { Git } from '../git/git.js'
import type { GateResult } from '../types.js'
import { lostSides } from './lost-side.js'
import { moved } from './moved.js'
import { inOtherDatabase } from './other-database.js'

export async function withHints(
  result: GateResult,
  repository: Repository,
  git: Git | null,
): Promise<GateResult> {
  const todoOf = (service: string) => todoFileOf(service, repository)
  const lost = git === null ? [] : await lostSides(result, todoOf, git, file => textOf(repository, file))
  const { stale, hints } = moved(result, todoOf)
  return { ...result, stale, hints: [...lost, ...hints, ...inOtherDatabase(result)] }
}

/** Text of a baseline in the working tree; none where there is no file. */
function textOf({ workspace, read }: Repository, file: string): string {
  if (!workspace.files.some(({ path }) => path === file)) return ''
  const content = read(file)
  return 'text' in content ? content.text : ''
}
