/** A copy of a checkout that the measuring scripts may change, with git and the built tool run in it. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const tool = resolve(import.meta.dirname, '../../dist/bin/seamripper.js')

export class Checkout {
  /** Copies without the history; `config` becomes its seamripper.yml, `schema` a script of its own. */
  constructor(source, { config, schema } = {}) {
    this.root = mkdtempSync(join(tmpdir(), 'seamripper-checkout-'))
    cpSync(source, this.root, {
      recursive: true,
      filter: path => !/[\\/]\.git$/.test(path),
      verbatimSymlinks: true,
    })
    if (config) cpSync(config, join(this.root, 'seamripper.yml'))
    if (schema) {
      mkdirSync(join(this.root, 'migrations'), { recursive: true })
      cpSync(schema, join(this.root, 'migrations/000_missing.sql'))
    }
  }

  git(...args) {
    return execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      cwd: this.root,
      stdio: 'pipe',
      maxBuffer: 1 << 28,
    })
  }

  begin() {
    this.git('init', '-q')
    this.commit('before')
  }

  /** All files, also those that its own `.gitignore` names, but no packages. */
  commit(message) {
    this.git('add', '-A', '-f', '--', '.', ':!**/node_modules')
    this.git('commit', '-qm', message, '--allow-empty')
  }

  /** Runs a command of the tool on it. */
  seamripper(command, ...args) {
    return spawnSync(process.execPath, [tool, command, ...args], {
      cwd: this.root,
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { ...process.env, NO_COLOR: '1' },
    })
  }

  remove() {
    rmSync(this.root, { recursive: true })
  }
}

/** The same order for the same list, wherever it runs (mulberry32). */
export function shuffled(list, seed = 42) {
  let state = seed
  const random = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const items = [...list]
  for (let at = items.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1))
    ;[items[at], items[other]] = [items[other], items[at]]
  }
  return items
}
