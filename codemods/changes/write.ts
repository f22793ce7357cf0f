/** Writes all changes, or none. */
import {
  closeSync,
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

/** A change could not be written; nothing was changed. */
export class WriteError extends Error {
  override name = 'WriteError'
}

interface Step {
  change: Change
  target: string
  temporary: string
}

/**
 * Every new text is first written beside its place; then all take their places, each by one rename, and what goes is
 * put aside. What goes wrong on the way is undone.
 *
 * @throws WriteError
 */
export function writeChanges(root: string, changes: Change[], removals: Removal[] = []): void {
  const folders: string[] = []
  const written: Step[] = []
  const placed: Step[] = []
  const aside: { target: string; temporary: string }[] = []
  try {
    for (const change of changes) {
      const target = join(root, change.path)
      checkTarget(root, target, change)
      makeFolder(dirname(target), folders)
      const temporary = besides(target)
      const file = openSync(temporary, 'wx', modeOf(target))
      // From here on it is there, even if the disk takes no more.
      written.push({ change, target, temporary })
      try {
        writeFileSync(file, change.after)
      } finally {
        closeSync(file)
      }
    }
    for (const removal of removals) checkTarget(root, join(root, removal.path), removal)
    for (const step of written) {
      renameSync(step.temporary, step.target)
      placed.push(step)
    }
    for (const { path } of removals) {
      const target = join(root, path)
      const temporary = besides(target)
      renameSync(target, temporary)
      aside.push({ target, temporary })
    }
  } catch (error) {
    for (const { target, temporary } of aside) renameSync(temporary, target)
    for (const { change, target } of placed.reverse()) {
      if (change.before === null) rmSync(target, { force: true })
      else writeFileSync(target, change.before)
    }
    for (const { temporary } of written) rmSync(temporary, { force: true })
    for (const folder of folders.reverse()) removeIfEmpty(folder)
    if (error instanceof WriteError) throw error
    throw new WriteError(`Nothing was changed: ${error instanceof Error ? error.message : String(error)}`)
  }
  for (const { target, temporary } of aside) {
    rmSync(temporary)
    for (let folder = dirname(target); folder !== root && removeIfEmpty(folder); ) folder = dirname(folder)
  }
}

function besides(target: string): string {
  return join(dirname(target), `.${basename(target)}.seamripper-${process.pid}`)
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
