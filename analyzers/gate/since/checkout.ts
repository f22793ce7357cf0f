import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { groupBy } from '../../graph/group-by.js'
import { isManifest, kindOf } from '../../workspace/classify.js'
import { baseName, folderOf, joinInside } from '../../workspace/paths.js'
import type { Git } from '../git/git.js'

/** Larger files are left out by the analysis too. */
const LARGEST = 8 * 1024 * 1024

/**
 * Writes the files of a commit that the analysis reads to a temporary folder of the root's name, and takes it away
 * after `use`. Files that git tracks are never ignored, so it gets no .gitignore.
 */
export async function withCheckout<T>(
  git: Git,
  commit: string,
  root: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const temporary = mkdtempSync(join(tmpdir(), 'seamripper-base-'))
  try {
    const folder = join(temporary, basename(resolve(root)) || 'root')
    mkdirSync(folder)
    const wanted = git.filesAt(commit).filter(
      ({ mode, size, path }) =>
        // A tree made by hand can hold any path.
        joinInside('.', path) === path &&
        !path.split('/').includes('.git') &&
        size <= LARGEST &&
        (mode === '120000' || (mode.startsWith('100') && isRead(path))),
    )
    // Links last: nothing is written through one.
    const order = [...groupBy(wanted, file => file.git)].flatMap(([holder, files]) => {
      const contents = holder.contents(files.map(({ object }) => object))
      return files.map((file, index) => ({ ...file, bytes: contents[index]! }))
    })
    for (const { path, bytes } of order.filter(({ mode }) => mode !== '120000')) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), bytes)
    }
    for (const { path, bytes } of order.filter(({ mode }) => mode === '120000')) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      link(bytes.toString('utf8'), join(folder, path))
    }
    return await use(folder)
  } finally {
    rmSync(temporary, { recursive: true, force: true })
  }
}

function isRead(path: string): boolean {
  return kindOf(baseName(path), folderOf(path)) !== null || isManifest(path)
}

/** Systems that have no links, or not for everyone, do without. */
function link(target: string, path: string): void {
  try {
    symlinkSync(target, path)
  } catch {
    // The analysis does not follow links; imports through one are then not resolved.
  }
}

/** The config that was given, as it was in the other state; one outside of the root is the same in both. */
export function configAt(folder: string, root: string, configFile: string | undefined): string | undefined {
  if (configFile === undefined) return undefined
  const path = relative(root, resolve(configFile))
  if (path.startsWith('..') || isAbsolute(path)) return configFile
  return existsSync(join(folder, path)) ? join(folder, path) : configFile
}
