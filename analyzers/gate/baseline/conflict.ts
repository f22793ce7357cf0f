/** A `seam-todo.yml` in which git left both sides of a merge. */
import { conflictLine, sidesOf } from './sides.js'
import { parseTodo, type TodoEntry, type TodoFile, type TodoNote, todoKey } from './todo-file.js'

/**
 * The entries of a file, where git left both sides of a merge those that either accepts, and the comments of both.
 *
 * @param ancestor the text that both sides began from, if that is known; asked for only in a conflict
 * @throws ConfigError for one of the sides
 */
export async function parseConflicted(
  text: string,
  file: string,
  ancestor: () => string | null,
): Promise<TodoFile> {
  if (conflictLine(text) === null) return parseTodo(text, file)
  const [ours, theirs] = await Promise.all(sidesOf(text).map(side => parseTodo(side, file)))
  const base = await entriesBefore(ancestor(), file)
  const byKey = new Map(ours!.entries.map(entry => [todoKey(entry), entry]))
  for (const entry of theirs!.entries) {
    const key = todoKey(entry)
    const other = byKey.get(key)
    byKey.set(
      key,
      other === undefined ? entry : joined(other, entry, base === null ? null : (base.get(key)?.count ?? 0)),
    )
  }
  return { entries: [...byKey.values()], notes: bothNotes(ours!.notes, theirs!.notes) }
}

/**
 * As many as either side accepts; where each accepted other uses than were there before, those of both. That may be more
 * than there is, which pruning takes off.
 */
function joined(ours: TodoEntry, theirs: TodoEntry, before: number | null): TodoEntry {
  const isSame = ours.count === theirs.count && ours.mark === theirs.mark
  const most = ours.count >= theirs.count ? ours : theirs
  const least = Math.min(ours.count, theirs.count)
  if (isSame || before === null || least <= before) return most
  return { ...most, count: ours.count + theirs.count - before }
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
