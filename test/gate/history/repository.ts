/** A git repository in a temporary folder, its files, and what the gate says of it. */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import {
  type BaselineUpdate,
  checkGate,
  type GateResult,
  pruneBaseline,
  writeBaseline,
} from '../../../analyzers/gate/index.js'
import { analyzeRepository } from '../../../analyzers/repository.js'

/** The day on which the history is judged. */
const TODAY = '2026-06-01'

const load = (root: string, configFile?: string, owners?: Record<string, string>) =>
  analyzeRepository({
    root,
    ...(configFile === undefined ? {} : { configFile }),
    ...(owners === undefined ? {} : { owners }),
  })

export class TestRepository {
  readonly root = mkdtempSync(join(tmpdir(), 'seamripper-history-'))

  constructor() {
    this.git('init', '--quiet', '--initial-branch=main')
    for (const [key, value] of [
      ['user.name', 'Tester'],
      ['user.email', 'tester@example.org'],
      ['commit.gpgsign', 'false'],
      ['core.autocrlf', 'false'],
    ]) {
      this.git('config', key!, value!)
    }
  }

  git(...words: string[]): string {
    const result = this.tryGit(...words)
    if (result.status !== 0) throw new Error(`git ${words.join(' ')}: ${result.stdout}${result.stderr}`)
    return result.stdout
  }

  tryGit(...words: string[]) {
    return spawnSync('git', words, {
      cwd: this.root,
      encoding: 'utf8',
      env: { ...process.env, GIT_EDITOR: 'true' },
    })
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8')
  }

  /** Writes files; null deletes one. */
  write(files: Record<string, string | null>): void {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.root, path)
      if (text === null) rmSync(file, { recursive: true })
      else {
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, text)
      }
    }
  }

  edit(path: string, from: string | RegExp, to: string): void {
    const text = this.read(path)
    const edited = text.replace(from, to)
    if (edited === text) throw new Error(`${path} has no ${from}`)
    this.write({ [path]: edited })
  }

  /** Moves without telling git. */
  move(from: string, to: string): void {
    mkdirSync(dirname(join(this.root, to)), { recursive: true })
    renameSync(join(this.root, from), join(this.root, to))
  }

  commit(message: string): void {
    this.git('add', '--all')
    this.git('commit', '--quiet', '--allow-empty', '--message', message)
  }

  /** Work on a branch of its own, committed; then back on main. */
  branch(name: string, from: string, work: () => void | Promise<void>): Promise<void> {
    this.git('checkout', '--quiet', '-b', name, from)
    return Promise.resolve(work()).then(() => {
      this.commit(name)
      this.git('checkout', '--quiet', 'main')
    })
  }

  async baseline(how: 'write' | 'prune'): Promise<BaselineUpdate> {
    const repository = await load(this.root)
    const update = await (how === 'write' ? writeBaseline : pruneBaseline)(repository, TODAY)
    this.write(Object.fromEntries(update.changes.map(({ file, text }) => [file, text])))
    return update
  }

  check(since?: string): Promise<GateResult> {
    return checkGate({ root: this.root, load, today: TODAY, ...(since === undefined ? {} : { since }) })
  }
}

/** What a result tells, a line each, sorted: `orders read customers list.ts`, `stale …`, `unused …`, `problem …`. */
export function told({ violations, stale, unusedAllows, problems }: GateResult): string[] {
  const name = (table: string | null) => (table === null ? '?' : basename(table))
  return [
    ...violations
      .filter(({ state }) => state === 'new')
      .map(
        ({ severity, rule, service, op, table, file }) =>
          `${severity === 'warning' ? 'warning ' : ''}${rule === 'separated-service' || rule === 'no-database' ? `${rule} ` : ''}${service} ${op} ${name(table)} ${basename(file)}`,
      ),
    ...stale.map(
      ({ op, table, source, listed, found }) =>
        `stale ${op} ${name(table)} ${basename(source)} ${listed}→${found}`,
    ),
    ...unusedAllows.map(({ file, line }) => `unused ${basename(file)}:${line}`),
    ...problems.map(({ file, line }) => `problem ${basename(file)}:${line}`),
  ].sort()
}

/** Violations of a result that are on lines which the last commit added, read from git's own diff. */
export function onChangedLines(
  repository: TestRepository,
  { violations }: GateResult,
): GateResult['violations'] {
  const patch = repository.git('diff', '-U0', '-M', '--no-color', 'HEAD~1', 'HEAD')
  const changed = new Set<string>()
  let file = ''
  for (const line of patch.split('\n')) {
    if (line.startsWith('+++ ')) file = line.slice('+++ b/'.length)
    const [, start, count] = /^@@ -\S+ \+(\d+)(?:,(\d+))? @@/.exec(line) ?? []
    for (let at = Number(start); at < Number(start) + Number(count ?? 1); at++) changed.add(`${file}:${at}`)
  }
  return violations.filter(({ state, file, line, endLine }) => {
    const lines = Array.from({ length: endLine - line + 1 }, (_, index) => `${file}:${line + index}`)
    return state === 'new' && lines.some(each => changed.has(each))
  })
}
