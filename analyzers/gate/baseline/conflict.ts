/** A `seam-todo.yml` in which git left both sides of a merge. */
import { groupBy } from '../../graph/index.js'
import { conflictLine, sidesOf } from './sides.js'
import { parseBoth, parseTodo, type TodoEntry, type TodoFile, type TodoNote, todoKey } from './todo-file.js'

/**
 * The entries of a file, where git left both sides of a merge, or both were taken, those that either accepts, and the
 * comments of both.
 *
 * @param ancestor the text that both sides began from, if that is known; asked for only in a conflict
 * @throws ConfigError for one of the sides
 */
export async function parseConflicted(
  text: string,
  file: string,
  ancestor: () => string | null,
): Promise<TodoFile> {
  const texts = conflictLine(text) === null ? [text] : sidesOf(text)
  const sides = await Promise.all(texts.map(side => parseBoth(side, file)))
  const alike = [
    ...groupBy(
      sides.flatMap(({ entries }) => entries),
      todoKey,
    ).values(),
  ]
  const isConflict = alike.some(of => of.some(entry => !isSame(entry, of[0]!)))
  const base = isConflict ? await entriesBefore(ancestor(), file) : null
  return {
    entries: alike.map(of =>
      of.reduce((ours, theirs) =>
        joined(ours, theirs, base === null ? null : (base.get(todoKey(ours))?.count ?? 0)),
      ),
    ),
    notes: sides.map(({ notes }) => notes).reduce(bothNotes),
  }
}

/**
 * As many as either side accepts; where each accepted other uses than were there before, those of both. That may be more
 * than there is, which pruning takes off.
 */
function joined(ours: TodoEntry, theirs: TodoEntry, before: number | null): TodoEntry {
  if (isSame(ours, theirs)) return ours
  const most = ours.count >= theirs.count ? ours : theirs
  const least = Math.min(ours.count, theirs.count)
  const count = before === null || least <= before ? most.count : ours.count + theirs.count - before
  return { ...most, count, isJoined: true }
}

function isSame(ours: TodoEntry, theirs: TodoEntry): boolean {
  return ours.count === theirs.count && ours.mark === theirs.mark
}

async function entriesBefore(text: string | null, file: string): Promise<Map<string, TodoEntry> | null> {
  if (text === null) return null
  try {
    return new Map((await parseTodo(text, file)).entries.map(entry => [todoKey(entry), entry]))
  } catch {
    return null
  }
}

function bothNotes(ours: TodoNote[], theirs: TodoNote[]): TodoNote[] {
  const byPlace = new Map(ours.map(note => [JSON.stringify(note.at), note]))
  for (const { at, above, behind } of theirs) {
    const other = byPlace.get(JSON.stringify(at)) ?? { at, above: [], behind: '' }
    byPlace.set(JSON.stringify(at), joinedNote(other, { at, above, behind }))
  }
  return [...byPlace.values()]
}

/** Both comments at one place; what both say, once. */
export function joinedNote(note: TodoNote, other: TodoNote): TodoNote {
  const behind = new Set([note.behind, other.behind].filter(text => text !== ''))
  return { at: note.at, above: [...new Set([...note.above, ...other.above])], behind: [...behind].join('; ') }
}
