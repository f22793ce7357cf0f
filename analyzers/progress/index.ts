/** Compares revisions of a platform: how many crossings are left, what is separated, what has moved. */
import { type Cache, noCache } from '../cache/index.js'
import { GateError } from '../gate/gate-error.js'
import { Git } from '../gate/git/git.js'
import { withCheckouts } from '../gate/since/checkout.js'
import type { Load } from '../gate/since/index.js'
import { ConfigError } from '../workspace/config-error.js'
import type { Measured } from './measure.js'
import { TableMoves } from './moves.js'
import { type LeftOut, leftOutNotes, notesOf, tagNotes } from './notes.js'
import { type Revision, revisionsOf, type Sources, TAGS } from './revisions.js'
import type { Progress, ProgressPoint } from './types.js'

export type * from './types.js'

export interface ProgressOptions {
  root: string
  configFile?: string
  /** `tags`, revisions of git, files of saved maps (`*.json`); in the order in which they are told. */
  history: readonly string[]
  load: Load
  /** Has what earlier runs measured. */
  cache?: Cache
  /** Called before each revision. */
  onRevision?: (label: string, done: number, total: number) => void
}

/**
 * Measures revisions one after the other. Old ones are analysed in a temporary folder, by their own configuration; one that
 * can't be read is left out, for nobody can mend it any more.
 *
 * @throws GateError for a revision or a map that is none, and where none can be read
 * @throws ConfigError if the configuration of the working tree is wrong
 */
export async function progressOf(options: ProgressOptions): Promise<Progress> {
  const { root, history, cache = noCache } = options
  return Git.use(root, async git => {
    const sources = { ...options, cache, git }
    if (git === null) return compare({ ...sources, checkOut: null }, options)
    return withCheckouts(git, root, async checkOut => {
      const progress = await compare({ ...sources, checkOut }, options)
      const tags = history.includes(TAGS) ? tagNotes(git) : []
      return { ...progress, notes: [...tags, ...progress.notes] }
    })
  })
}

async function compare(sources: Sources, { history, onRevision }: ProgressOptions): Promise<Progress> {
  const revisions = history.flatMap(word => revisionsOf(word, sources))
  const moves = new TableMoves()
  const points: ProgressPoint[] = []
  const all: Measured[] = []
  const leftOut: LeftOut[] = []
  for (const [index, revision] of revisions.entries()) {
    const { label } = revision
    onRevision?.(label, index, revisions.length)
    const found = await readOrReason(revision)
    if (typeof found === 'string') {
      leftOut.push({ label, reason: found })
      continue
    }
    const { date, measured, generated } = found
    all.push(measured)
    points.push({ label, date, ...measured.numbers, moved: moves.next(measured), ...generated })
  }
  if (points.length === 0) throw new GateError(leftOutNotes(leftOut).join('\n'))
  return { schemaVersion: 1, points, notes: [...leftOutNotes(leftOut), ...notesOf(points, all)] }
}

/** A revision, or why it can't be read. */
async function readOrReason({ read, isPast }: Revision) {
  try {
    return await read()
  } catch (error) {
    if (isPast && (error instanceof ConfigError || error instanceof GateError)) return error.message
    throw error
  }
}
