/** Whether everything under a folder is committed. */
import { execFileSync } from 'node:child_process'

export type GitState = 'clean' | 'dirty' | 'no repository'

/** Asks git, with nothing that the repository's configuration could make it run. */
export function gitState(root: string): GitState {
  try {
    const status = execFileSync(
      'git',
      ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', 'status', '--porcelain', '--', '.'],
      { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], maxBuffer: 1 << 26 },
    )
    return status.trim() === '' ? 'clean' : 'dirty'
  } catch {
    return 'no repository'
  }
}
