/** Packages that show how to use a product, or that its tests run: they look like services, and nobody deploys them. */
import type { Diagnostic } from '../model.js'
import { isServiceContainer } from './conventions.js'
import { baseName, folderOf, upwards } from './paths.js'

/** What holds such packages, and can be such a package itself. */
const SAMPLES = /^(?:examples?|playgrounds?)$/i
/** These are words of a business as well: the fixtures of a league, the samples of a laboratory, templates of letters. */
const PERHAPS = /^(?:fixtures?|samples?|templates?|starters?|demos?|archived?)$/i

/**
 * The folder of samples that a package lies in, the outermost; null if in none. One that lies among services
 * (`services/samples`) is one of them, and what it holds is its own.
 *
 * @param folders all folders that may be a service or a library
 */
export function samplesAround(path: string, folders: ReadonlySet<string>): string | null {
  const above = [...upwards(path)].filter(folder => folder !== '.').reverse()
  return above.find(folder => isSamples(folder, folders)) ?? null
}

function isSamples(folder: string, folders: ReadonlySet<string>): boolean {
  const name = baseName(folder)
  const isAmongServices = isServiceContainer(baseName(folderOf(folder)))
  if (SAMPLES.test(name)) return !isAmongServices || !folders.has(folder)
  return PERHAPS.test(name) && !isAmongServices && !folders.has(folder)
}

/** Folders that the message lists. */
const MAX_NAMED = 5

/** Tells which packages are held for samples, and how to say otherwise. `folders` has that around each of them. */
export function samplesLeftOut(folders: readonly string[]): Diagnostic[] {
  if (folders.length === 0) return []
  const counts = new Map<string, number>()
  for (const folder of folders) counts.set(folder, (counts.get(folder) ?? 0) + 1)
  const listed = [...counts].map(([folder, count]) => `${folder}/ (${count})`)
  const more = listed.length > MAX_NAMED ? `, and ${listed.length - MAX_NAMED} more folders` : ''
  const [packages, they] =
    folders.length === 1
      ? ['1 package that looks', 'counts as a library']
      : [`${folders.length} packages that look`, 'count as libraries']
  return [
    {
      severity: 'info',
      code: 'samples',
      message:
        `${packages} like a service ${they}, which nobody deploys, for where ${folders.length === 1 ? 'it lies' : 'they lie'}: ` +
        `${listed.slice(0, MAX_NAMED).join(', ')}${more}. If one is deployed, name it in seamripper.yml: services.<name>.path`,
      file: null,
      line: null,
    },
  ]
}
