/** Compares revisions of a platform: how many crossings are left, what is separated, what has moved. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { GateError } from '../gate/gate-error.js'
import { Git } from '../gate/git/git.js'
import { withCheckout } from '../gate/since/checkout.js'
import type { Load } from '../gate/since/index.js'
import type { DependencyMap } from '../model.js'
import { OPERATIONS_FILE } from '../workspace/recorded.js'
import { measure } from './measure.js'
import { TableMoves } from './moves.js'
import { generatedCounts } from './operations.js'
import { savedMap } from './saved-map.js'
import type { Progress, ProgressPoint } from './types.js'

export type * from './types.js'

/** Means all tags before HEAD, and the working tree. */
const TAGS = 'tags'
/** Most tags that are read: each is an analysis of its own. */
const MOST_TAGS = 20
const WORKING_TREE = 'working tree'

export interface ProgressOptions {
  root: string
  configFile?: string
  /** `tags`, revisions of git, files of saved maps (`*.json`); in the order in which they are told. */
  history: readonly string[]
  load: Load
  /** Called before each revision. */
  onRevision?: (label: string, done: number, total: number) => void
}

/** What a revision gives. */
interface Revision {
  label: string
  date: string | null
  map: DependencyMap
  /** Text of `seamripper.operations.json`: null if there is none, undefined if that can't be known. */
  operations: string | null | undefined
}

/**
 * Measures revisions one after the other. Old ones are analysed in a temporary folder, by their own configuration.
 *
 * @throws GateError for a revision or a map that is none
 * @throws ConfigError if the configuration of a revision is wrong
 */
export async function progressOf(options: ProgressOptions): Promise<Progress> {
  return Git.use(options.root, async git => {
    const readers = options.history.flatMap(word => readersOf(word, git, options))
    const moves = new TableMoves()
    const points: ProgressPoint[] = []
    for (const [index, { label, read }] of readers.entries()) {
      options.onRevision?.(label, index, readers.length)
      const { date, map, operations } = await read()
      points.push(measure({ label, date }, map, generatedCounts(operations), moves.next(map)))
    }
    const leftOut = options.history.includes(TAGS) ? Math.max(0, (git?.tags().length ?? 0) - MOST_TAGS) : 0
    return { schemaVersion: 1, points, notes: [...leftOutNote(leftOut), ...notesOf(points)] }
  })
}

interface Reader {
  label: string
  read(): Promise<Omit<Revision, 'label'>>
}

/** Revisions that there are: a short history has no `HEAD~50`. */
function revisionsToCompare(git: Git): string {
  const back = Math.min(git.commitsBefore('HEAD'), 50)
  if (back === 0) return 'HEAD is the first commit: there is nothing to compare with yet.'
  const between = back > 1 ? ` HEAD~${Math.floor(back / 2)}` : ''
  return `Say which revisions to compare: --history HEAD~${back}${between} HEAD`
}

/** What one word of the history means. Revisions are looked up at once, so that a typing error costs no analysis. */
function readersOf(word: string, git: Git | null, options: ProgressOptions): Reader[] {
  if (/\.json$/i.test(word)) {
    return [
      {
        label: basename(word),
        read: async () => ({ date: null, map: savedMap(word), operations: undefined }),
      },
    ]
  }
  if (git === null) {
    throw new GateError(
      `To read ${word === TAGS ? 'tags' : word}, a git repository is needed, and git. Maps saved with "seamripper map --format json" can be given as files: --history january.json february.json`,
    )
  }
  if (word !== TAGS) return [atCommit(word, git.commitOf(word), git, options)]
  const tags = git.tags()
  if (tags.length === 0) {
    throw new GateError(`There are no tags before HEAD. ${git.unshallow ?? revisionsToCompare(git)}`)
  }
  return [
    ...tags.slice(-MOST_TAGS).map(tag => atCommit(tag, git.commitOf(`refs/tags/${tag}`), git, options)),
    { label: WORKING_TREE, read: async () => workingTree(options) },
  ]
}

function atCommit(label: string, commit: string, git: Git, { root, load }: ProgressOptions): Reader {
  return {
    label,
    read: () =>
      withCheckout(git, commit, root, async folder => {
        const file = git.filesAt(commit).find(({ path }) => path === OPERATIONS_FILE)
        const operations = file === undefined ? null : git.contents([file.object])[0]!.toString('utf8')
        return { date: git.dateOf(commit), map: (await load(folder, undefined)).map, operations }
      }),
  }
}

async function workingTree({ root, load, configFile }: ProgressOptions): Promise<Omit<Revision, 'label'>> {
  const file = join(root, OPERATIONS_FILE)
  const operations = existsSync(file) ? readFileSync(file, 'utf8') : null
  return { date: null, map: (await load(root, configFile)).map, operations }
}

function leftOutNote(tags: number): string[] {
  if (tags === 0) return []
  const older = tags === 1 ? '1 older tag was' : `${tags} older tags were`
  return [
    `The newest ${MOST_TAGS} tags are shown: ${older} left out. Name those to compare: --history v1.0 v2.0 HEAD`,
  ]
}

function notesOf(points: readonly ProgressPoint[]): string[] {
  const open = points.some(({ openTables }) => openTables > 0)
  const unresolved = points.some(each => each.unresolved > 0)
  const unknown = points.filter(({ clients }) => clients === null).map(({ label }) => label)
  return [
    'Each revision is read by its own configuration: an owner that is set or corrected changes the numbers, too.',
    ...(open ? ['Uses of tables whose owner is open are in no number but their own.'] : []),
    ...(unresolved ? ['Statements whose tables could not be told are in no number but their own.'] : []),
    `Clients and events are those that "seamripper rewrite" generated (${OPERATIONS_FILE}); written by hand they are not counted.`,
    ...(unknown.length > 0
      ? [`Not known from a saved map alone: clients and events of ${unknown.join(', ')}.`]
      : []),
  ]
}
