/** Writes all changes, or none. */
import {
  closeSync,
  copyFileSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import type { Change, Removal } from './changes.js'

/** A change could not be written; nothing was changed, or the message says what was. */
export class WriteError extends Error {
  override name = 'WriteError'
}

interface Step {
  target: string
  /** The new text, beside its place. */
  temporary: string
  /** The file as it was, under another name; null where there was none. */
  backup: string | null
}

/** All that was done so far, to be undone in the other direction. */
interface Done {
  folders: string[]
  temporaries: string[]
  backups: string[]
  placed: Step[]
  aside: { target: string; backup: string }[]
}

/**
 * All that may fail for want of space comes first: every new text is written beside its place, and every file that is
 * to change gets a second name. Then all take their places, each by one rename, and what goes is put aside. What goes
 * wrong on the way is undone, by renames alone, which a full disk takes.
 *
 * @throws WriteError
 */
export function writeChanges(root: string, changes: Change[], removals: Removal[] = []): void {
  const done: Done = { folders: [], temporaries: [], backups: [], placed: [], aside: [] }
  holdingSignals(() => {
    try {
      const steps = changes.map(change => prepare(root, change, done))
      for (const removal of removals) checkTarget(root, join(root, removal.path), removal)
      for (const step of steps) {
        renameSync(step.temporary, step.target)
        done.placed.push(step)
      }
      for (const { path } of removals) {
        const target = join(root, path)
        const backup = besides(target, 'old')
        renameSync(target, backup)
        done.aside.push({ target, backup })
      }
    } catch (error) {
      const lost = undo(done)
      const message = error instanceof Error ? error.message : String(error)
      if (lost.length > 0) throw new WriteError(`${message}\n${lost.join('\n')}`)
      if (error instanceof WriteError) throw error
      throw new WriteError(`Nothing was changed: ${message}`)
    }
    tidy(root, done)
  })
}

function prepare(root: string, change: Change, done: Done): Step {
  const target = join(root, change.path)
  checkTarget(root, target, change)
  makeFolder(dirname(target), done.folders)
  const temporary = besides(target, 'new')
  const file = openSync(temporary, 'wx', modeOf(target))
  // From here on it is there, even if the disk takes no more.
  done.temporaries.push(temporary)
  try {
    writeFileSync(file, change.after)
  } finally {
    closeSync(file)
  }
  if (change.before === null) return { target, temporary, backup: null }
  const backup = besides(target, 'old')
  try {
    linkSync(target, backup)
  } catch {
    // Not every file system has second names.
    done.backups.push(backup)
    copyFileSync(target, backup)
  }
  if (!done.backups.includes(backup)) done.backups.push(backup)
  return { target, temporary, backup }
}

/** @returns what could not be put back, and where it is */
function undo({ folders, temporaries, backups, placed, aside }: Done): string[] {
  const lost: string[] = []
  const attempt = (what: string, act: () => void): void => {
    try {
      act()
    } catch (error) {
      lost.push(`${what}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  for (const { target, backup } of aside.reverse())
    attempt(`${target} is now ${backup}`, () => renameSync(backup, target))
  for (const { target, backup } of placed.reverse()) {
    if (backup === null) attempt(`${target} was written`, () => rmSync(target, { force: true }))
    else attempt(`${target} was changed, it was ${backup}`, () => renameSync(backup, target))
  }
  const kept = new Set(lost.length === 0 ? [] : backups)
  for (const path of [...temporaries, ...backups])
    if (!kept.has(path)) attempt(`${path} is left over`, () => rmSync(path, { force: true }))
  for (const folder of folders.reverse()) removeIfEmpty(folder)
  return lost
}

/** @throws WriteError where everything was written, and something of no more use is still there */
function tidy(root: string, { backups, aside }: Done): void {
  const left: string[] = []
  for (const path of [...backups, ...aside.map(({ backup }) => backup)]) {
    try {
      rmSync(path, { force: true })
    } catch {
      left.push(path)
    }
  }
  for (const { target } of aside)
    for (let folder = dirname(target); folder !== root && removeIfEmpty(folder); ) folder = dirname(folder)
  if (left.length > 0)
    throw new WriteError(`Everything was written. Remove what is of no more use:\n${left.join('\n')}`)
}

/** Ctrl-C in the middle comes afterwards, and then ends nothing any more. */
function holdingSignals(act: () => void): void {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  const ignore = (): void => {}
  for (const signal of signals) process.on(signal, ignore)
  try {
    act()
  } finally {
    for (const signal of signals) process.off(signal, ignore)
  }
}

function besides(target: string, what: 'new' | 'old'): string {
  return join(dirname(target), `.${basename(target)}.seamripper-${process.pid}-${what}`)
}

/** A file that has changed since it was read, a link, or a place out of the root is not written. */
function checkTarget(root: string, target: string, change: Pick<Change, 'path' | 'before'>): void {
  const stats = lstatSync(target, { throwIfNoEntry: false })
  if (stats?.isSymbolicLink()) throw new WriteError(`${change.path} is a symbolic link. Nothing was changed.`)
  if (stats && !stats.isFile()) throw new WriteError(`${change.path} is no file. Nothing was changed.`)
  const now = stats ? readFileSync(target, 'utf8') : null
  if (now !== change.before)
    throw new WriteError(`${change.path} has changed meanwhile. Nothing was changed.`)
  let existing = dirname(target)
  while (!lstatSync(existing, { throwIfNoEntry: false })) existing = dirname(existing)
  const real = realpathSync(existing)
  const base = realpathSync(root)
  if (real !== base && !real.startsWith(base + sep)) {
    throw new WriteError(`${change.path} lies outside of the root, by a link. Nothing was changed.`)
  }
}

function modeOf(target: string): number {
  return lstatSync(target, { throwIfNoEntry: false })?.mode ?? 0o644
}

function makeFolder(folder: string, made: string[]): void {
  if (lstatSync(folder, { throwIfNoEntry: false })) return
  makeFolder(dirname(folder), made)
  mkdirSync(folder)
  made.push(folder)
}

function removeIfEmpty(folder: string): boolean {
  try {
    rmdirSync(folder)
    return true
  } catch {
    // Something else is in it.
    return false
  }
}
