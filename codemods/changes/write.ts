/** Writes all changes, or none. */
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import type { Change } from './changes.js'

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
 * Every new text is first written beside its place; then all take their places, each by one rename. What goes wrong on
 * the way is undone.
 *
 * @throws WriteError
 */
export function writeChanges(root: string, changes: Change[]): void {
  const folders: string[] = []
  const written: Step[] = []
  const placed: Step[] = []
  try {
    for (const change of changes) {
      const target = join(root, change.path)
      checkTarget(root, target, change)
      makeFolder(dirname(target), folders)
      const temporary = join(dirname(target), `.${basename(target)}.seamripper-${process.pid}`)
      writeFileSync(temporary, change.after, { flag: 'wx', mode: modeOf(target) })
      written.push({ change, target, temporary })
    }
    for (const step of written) {
      renameSync(step.temporary, step.target)
      placed.push(step)
    }
  } catch (error) {
    for (const { change, target } of placed.reverse()) {
      if (change.before === null) rmSync(target, { force: true })
      else writeFileSync(target, change.before)
    }
    for (const { temporary } of written) rmSync(temporary, { force: true })
    for (const folder of folders.reverse()) removeIfEmpty(folder)
    if (error instanceof WriteError) throw error
    throw new WriteError(`Nothing was changed: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** A file that has changed since it was read, a link, or a place out of the root is not written. */
function checkTarget(root: string, target: string, change: Change): void {
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

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // Something else is in it by now.
  }
}
