/**
 * For all test files of a run: the bundle as it is built from the sources of now, and a folder for the servers that
 * they start, with the end of these servers. They start when a test first needs them, see databases.ts.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Variable with the folder, which the processes of the tests inherit. */
export const SERVERS = 'SEAMRIPPER_TEST_SERVERS'
/** Variable with the process that runs all tests: servers end when it does, however it ends. */
export const MAIN = 'SEAMRIPPER_TEST_MAIN'

const project = fileURLToPath(new URL('../..', import.meta.url))

export function setup(): () => Promise<void> {
  execFileSync(process.execPath, ['node_modules/rolldown/bin/cli.mjs', '-c'], { cwd: project, stdio: 'pipe' })
  const folder = mkdtempSync(join(tmpdir(), 'seamripper-servers-'))
  process.env[SERVERS] = folder
  process.env[MAIN] = String(process.pid)
  return async () => {
    const pids = readdirSync(folder)
      .filter(file => file.endsWith('.pid'))
      .map(file => Number(readFileSync(join(folder, file), 'utf8')))
    for (const pid of pids) end(pid)
    for (let tries = 0; tries < 100 && pids.some(isAlive); tries++) {
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    if (existsSync(folder)) rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

function end(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM')
  } catch {
    // It has ended by itself.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
