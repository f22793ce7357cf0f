/** What the numbers leave out, and why they may jump, as sentences. */
import type { Git } from '../gate/git/git.js'
import { groupBy } from '../graph/index.js'
import { listed } from '../listed.js'
import { OPERATIONS_FILE } from '../workspace/recorded.js'
import type { Measured } from './measure.js'
import { MOST_TAGS } from './revisions.js'
import type { ProgressPoint } from './types.js'

/** A revision that could not be read, and why. */
export interface LeftOut {
  label: string
  reason: string
}

/** Which tags `--history tags` does not read. */
export function tagNotes(git: Git): string[] {
  const before = git.tags().length
  const older = Math.max(0, before - MOST_TAGS)
  const aside = git.allTags() - before
  const were = (tags: number, what: string) => `${tags} ${what}${tags === 1 ? 'tag was' : 'tags were'}`
  return [
    ...(older === 0
      ? []
      : [
          `The newest ${MOST_TAGS} tags are shown: ${were(older, 'older ')} left out. Name those to compare: --history v1.0 v2.0 HEAD`,
        ]),
    ...(aside === 0
      ? []
      : [
          `${were(aside, '')} left out whose commits HEAD does not come after, as those of release branches.`,
        ]),
  ]
}

/** Revisions that are in no table. */
export function leftOutNotes(leftOut: readonly LeftOut[]): string[] {
  return [...groupBy(leftOut, ({ reason }) => reason)].map(
    ([reason, of]) => `Left out, for it can't be read: ${named(of)}. ${reason.replace(/\n/g, ' ')}`,
  )
}

/** What to know of the numbers that are shown. */
export function notesOf(points: readonly ProgressPoint[], measured: readonly Measured[]): string[] {
  const open = points.some(({ openTables }) => openTables > 0)
  const unresolved = points.some(each => each.unresolved > 0)
  const unknown = points.filter(({ clients }) => clients === null)
  const empty = points.filter(({ services }) => services === 0)
  return [
    ...(empty.length > 0
      ? [`Nothing that uses a database was found at ${named(empty)}: 0 says nothing there.`]
      : []),
    ...changesOfKind(points, measured),
    'Each revision is read by its own configuration: an owner that is set or corrected changes the numbers, too. Those that have none, or not that file, are read by the one of --config FILE.',
    ...(open ? ['Uses of tables whose owner is open are in no number but their own.'] : []),
    ...(unresolved ? ['Statements whose tables could not be told are in no number but their own.'] : []),
    `Clients and events are those that "seamripper rewrite" generated (${OPERATIONS_FILE}); written by hand they are not counted.`,
    ...(unknown.length > 0
      ? [`Not known from a saved map alone: clients and events of ${named(unknown)}.`]
      : []),
  ]
}

/** What was taken for a service at one revision and for a library at another: the numbers jump by it, and nothing moved. */
function changesOfKind(points: readonly ProgressPoint[], measured: readonly Measured[]): string[] {
  const kinds = measured.flatMap(({ services }, index) =>
    services.map(service => ({ ...service, label: points[index]!.label })),
  )
  return [...groupBy(kinds, ({ name }) => name)].flatMap(([name, of]) => {
    const libraries = of.filter(({ kind }) => kind === 'library')
    const isCounted = of.some(({ kind, usesDatabase }) => kind === 'service' && usesDatabase)
    return libraries.length === 0 || !isCounted
      ? []
      : [
          `${name} was taken for a library at ${named(libraries)}, where its crossings don't count, and for a service elsewhere.`,
        ]
  })
}

/** Most revisions that a sentence names. */
const MOST_NAMED = 5

function named(points: readonly { label: string }[]): string {
  const labels = points.map(({ label }) => label)
  if (labels.length <= MOST_NAMED) return listed(labels)
  return `${labels.slice(0, MOST_NAMED - 1).join(', ')} and ${labels.length - MOST_NAMED + 1} more`
}
