/** What the words of `--history` mean: revisions of git, saved maps, the working tree. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, join, relative, resolve } from 'node:path'
import { type Cache, keyOf } from '../cache/index.js'
import { GateError } from '../gate/gate-error.js'
import type { Git } from '../gate/git/git.js'
import { type CheckOut, configAt, readFilesAt } from '../gate/since/checkout.js'
import type { Load } from '../gate/since/index.js'
import { OPERATIONS_FILE } from '../workspace/recorded.js'
import { type Measured, measure, measuredShape } from './measure.js'
import { type GeneratedCounts, generatedCounts } from './operations.js'
import { savedMap } from './saved-map.js'

/** Means all tags before HEAD, and the working tree. */
export const TAGS = 'tags'
/** Most tags that are read: each is an analysis of its own. */
export const MOST_TAGS = 20
const WORKING_TREE = 'working tree'

/** One revision, before it is read. */
export interface Revision {
  label: string
  read(): Promise<RevisionRead>
  /** Whether its files can't be mended any more: what is wrong there ends nothing. */
  isPast: boolean
}

export interface RevisionRead {
  date: string | null
  measured: Measured
  generated: GeneratedCounts
}

export interface Sources {
  root: string
  configFile?: string
  load: Load
  /** Has what earlier runs measured, by the files of the revision. */
  cache: Cache
  /** Both null where there is no repository. */
  git: Git | null
  checkOut: CheckOut | null
}

/**
 * What one word of the history means. Revisions are looked up at once, so that a typing error costs no analysis.
 *
 * @throws GateError for a revision that is none, and where there is no git
 */
export function revisionsOf(word: string, sources: Sources): Revision[] {
  const { git, checkOut } = sources
  if (/\.json$/i.test(word)) {
    const read = async () => ({
      date: null,
      measured: measure(savedMap(word)),
      generated: generatedCounts(undefined),
    })
    return [{ label: basename(word), read, isPast: false }]
  }
  if (git === null || checkOut === null) {
    throw new GateError(
      `To read ${word === TAGS ? 'tags' : word}, a git repository is needed, and git. Maps saved with "seamripper map --format json" can be given as files: --history january.json february.json`,
    )
  }
  const at = (label: string, commit: string): Revision => ({
    label,
    read: async () => atCommit(commit, git, checkOut, sources),
    isPast: true,
  })
  if (word !== TAGS) return [at(word, git.commitOf(word))]
  const tags = git.tags()
  if (tags.length === 0) {
    throw new GateError(`There are no tags before HEAD. ${git.unshallow ?? revisionsToCompare(git)}`)
  }
  const commits = tags.slice(-MOST_TAGS).map(tag => ({ tag, commit: git.commitOf(`refs/tags/${tag}`) }))
  const isNewest = commits.at(-1)?.commit === git.head() && git.isClean()
  return [
    ...commits.map(({ tag, commit }) => at(tag, commit)),
    // Of the newest tag itself it would only say the same again.
    ...(isNewest
      ? []
      : [{ label: WORKING_TREE, read: async () => workingTree(sources), isPast: false } satisfies Revision]),
  ]
}

/** Revisions that there are: a short history has no `HEAD~50`. */
function revisionsToCompare(git: Git): string {
  const back = Math.min(git.commitsBefore('HEAD'), 50)
  if (back === 0) return 'HEAD is the first commit: there is nothing to compare with yet.'
  const between = back > 1 ? ` HEAD~${Math.floor(back / 2)}` : ''
  return `Say which revisions to compare: --history HEAD~${back}${between} HEAD`
}

async function atCommit(
  commit: string,
  git: Git,
  checkOut: CheckOut,
  { root, configFile, load, cache }: Sources,
): Promise<RevisionRead> {
  const files = readFilesAt(git, commit)
  const operations = files.find(({ path }) => path === OPERATIONS_FILE)
  const key = keyOf(
    basename(resolve(root)),
    ...configKey(root, configFile),
    ...files.flatMap(({ mode, object, path }) => [mode, object, path]),
  )
  let measured = cache.get('revisions', key, measuredShape)
  if (measured === null) {
    const folder = checkOut(commit)
    measured = measure((await load(folder, configAt(folder, root, configFile))).map)
    cache.put('revisions', key, measured)
  }
  return {
    date: git.dateOf(commit),
    measured,
    generated: generatedCounts(
      operations === undefined ? null : git.contents([operations.object])[0]!.toString('utf8'),
    ),
  }
}

/** A revision that does not have the file is read by the one that is there now. */
function configKey(root: string, configFile: string | undefined): string[] {
  if (configFile === undefined) return []
  const path = resolve(configFile)
  return [relative(root, path), existsSync(path) ? readFileSync(path, 'utf8') : '']
}

async function workingTree({ root, load, configFile }: Sources): Promise<RevisionRead> {
  const file = join(root, OPERATIONS_FILE)
  return {
    date: null,
    measured: measure((await load(root, configFile)).map),
    generated: generatedCounts(existsSync(file) ? readFileSync(file, 'utf8') : null),
  }
}
