import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const project = fileURLToPath(new URL('../..', import.meta.url))

/** Arguments of `node` that run the tool as users have it: the bundle, which servers.ts builds for the run. */
export const TOOL = [join(project, 'dist/bin/seamripper.js')]

/** Runs the tool as a child process whose output is a pipe. */
export function seamripper(words: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) {
  const { NO_COLOR: _, FORCE_COLOR: __, ...inherited } = process.env
  const result = spawnSync(process.execPath, [...TOOL, ...words], {
    cwd: options.cwd ?? project,
    env: { ...inherited, ...options.env },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  return { status: result.status, stdout: result.stdout, stderr: result.stderr }
}

/** A new folder with these files. */
export function folderWith(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'seamripper-cli-'))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}
