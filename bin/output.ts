import { mkdtempSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { BadUsage } from './bad-usage.js'

/**
 * Checks before any work whether a file can be written.
 *
 * @throws BadUsage if its folder doesn't exist, or if it is a folder
 */
export function checkOutput(file: string): void {
  if (file === '') throw new BadUsage('Option --output needs a file.')
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory()) {
    throw new BadUsage(`${file} is a folder. Give a file in it, such as ${join(file, 'dependency-map.md')}.`)
  }
  const folder = dirname(resolve(file))
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new BadUsage(`There is no folder ${dirname(file)} to write ${basename(file)} to. Create it first.`)
  }
}

/**
 * Writes a file whole or not at all: through a new file beside it that takes its name. A link keeps being one; what
 * is no regular file (`/dev/stdout`, a pipe) is written to.
 *
 * @throws BadUsage if the system refuses
 */
export function writeOutput(file: string, text: string): void {
  try {
    const existing = statSync(file, { throwIfNoEntry: false })
    if (existing && !existing.isFile()) {
      writeFileSync(file, text)
      return
    }
    const target = existing ? realpathSync(file) : resolve(file)
    const folder = mkdtempSync(join(dirname(target), '.seamripper-'))
    try {
      const temporary = join(folder, basename(target))
      writeFileSync(temporary, text)
      renameSync(temporary, target)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  } catch (error) {
    throw new BadUsage(`Can't write ${file}: ${reasonOf(error)}`)
  }
}

/** `EACCES: permission denied`, without the system's call and its temporary file. */
function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message.replace(/, \w+ '.*$/s, '') : String(error)
}
