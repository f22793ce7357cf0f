import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { groupBy } from '../../graph/group-by.js'
import { isManifest, kindOf } from '../../workspace/classify.js'
import { baseName, folderOf, joinInside } from '../../workspace/paths.js'
import { sizeLimits } from '../../workspace/read.js'
import type { CommittedFile, Git } from '../git/git.js'
import { withTemporaryFolder } from './temporary-folder.js'

/** Larger files are left out by the analysis too. */
const LARGEST = 8 * 1024 * 1024

/** Makes a folder hold the files of a commit that the analysis reads. */
export type CheckOut = (commit: string) => string

/**
 * Gives `use` a folder with the files of a commit that the analysis reads. Files that git tracks are never ignored, so it gets
 * no .gitignore.
 */
export async function withCheckout<T>(
  git: Git,
  commit: string,
  root: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  return withCheckouts(git, root, checkOut => use(checkOut(commit)))
}

/**
 * The same for one commit after the other, in one temporary folder of the root's name: only what differs between them is
 * written. It is taken away after `use`.
 */
export async function withCheckouts<T>(
  git: Git,
  root: string,
  use: (checkOut: CheckOut) => Promise<T>,
): Promise<T> {
  return withTemporaryFolder('seamripper-base-', async temporary => {
    const folder = join(temporary, basename(resolve(root)) || 'root')
    mkdirSync(folder)
    let there = new Map<string, CommittedFile>()
    return use(commit => {
      const wanted = new Map(readFilesAt(git, commit).map(file => [file.path, file]))
      change(folder, there, wanted)
      there = wanted
      return folder
    })
  })
}

/** Files of a commit that the analysis reads. */
export function readFilesAt(git: Git, commit: string): CommittedFile[] {
  return git.filesAt(commit).filter(
    ({ mode, size, path }) =>
      // A tree made by hand can hold any path.
      joinInside('.', path) === path &&
      !path.split('/').includes('.git') &&
      size <= LARGEST &&
      (isLink({ mode }) || (mode.startsWith('100') && isRead(path, size))),
  )
}

/** Links are taken away first and made last, also those that stay: nothing is written through one. */
function change(
  folder: string,
  there: ReadonlyMap<string, CommittedFile>,
  wanted: ReadonlyMap<string, CommittedFile>,
): void {
  const stays = (file: CommittedFile, other: CommittedFile | undefined) =>
    other !== undefined && !isLink(file) && !isLink(other) && file.object === other.object
  const former = [...there.values()].filter(file => !stays(file, wanted.get(file.path)))
  for (const { path } of [...former.filter(isLink), ...former.filter(file => !isLink(file))])
    remove(folder, path)
  const added = [...wanted.values()].filter(file => !stays(file, there.get(file.path)))
  const contents = [...groupBy(added, file => file.git)].flatMap(([holder, files]) => {
    const bytes = holder.contents(files.map(({ object }) => object))
    return files.map((file, index) => ({ ...file, bytes: bytes[index]! }))
  })
  for (const { path, bytes } of contents.filter(file => !isLink(file))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), bytes)
  }
  for (const { path, bytes } of contents.filter(isLink)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    link(bytes.toString('utf8'), join(folder, path))
  }
}

/** Takes a file away, and the folders that are empty without it: a commit has none. */
function remove(folder: string, path: string): void {
  rmSync(join(folder, path), { force: true })
  for (let at = dirname(path); at !== '.'; at = dirname(at)) {
    try {
      rmdirSync(join(folder, at))
    } catch {
      return
    }
  }
}

function isLink({ mode }: Pick<CommittedFile, 'mode'>): boolean {
  return mode === '120000'
}

/** Of data, which any repository may have much of, only what could be a module. */
function isRead(path: string, size: number): boolean {
  const kind = kindOf(baseName(path), folderOf(path))
  return kind === 'data' ? size <= sizeLimits.data : kind !== null || isManifest(path)
}

/** Systems that have no links, or not for everyone, do without. */
function link(target: string, path: string): void {
  try {
    symlinkSync(target, path)
  } catch {
    // The analysis does not follow links; imports through one are then not resolved.
  }
}

/**
 * Puts files that no commit has, generated ones that git ignores, into a state of before: whatever made them then, of what
 * they are made now is the closest.
 *
 * What that state has at such a path, a link on the way to it included, stays: nothing is written through one.
 *
 * @param paths relative to both folders
 */
export function putIgnored(from: string, to: string, paths: readonly string[]): void {
  for (const path of paths) {
    const target = join(to, path)
    if (lstatSync(target, { throwIfNoEntry: false }) || !isFolderOrMissing(to, dirname(path))) continue
    mkdirSync(dirname(target), { recursive: true })
    copyFileSync(join(from, path), target)
  }
}

/** Whether all that is there of a path below a folder are folders, none of them a link. */
function isFolderOrMissing(folder: string, path: string): boolean {
  if (path === '.') return true
  if (!isFolderOrMissing(folder, dirname(path))) return false
  return lstatSync(join(folder, path), { throwIfNoEntry: false })?.isDirectory() ?? true
}

/** The config that was given, as it was in the other state; one outside of the root is the same in both. */
export function configAt(folder: string, root: string, configFile: string | undefined): string | undefined {
  if (configFile === undefined) return undefined
  const path = relative(root, resolve(configFile))
  if (path.startsWith('..') || isAbsolute(path)) return configFile
  return existsSync(join(folder, path)) ? join(folder, path) : configFile
}
