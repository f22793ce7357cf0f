import type { Repository } from '../../repository.js'
import { ConfigError, type ConfigProblem } from '../../workspace/config-error.js'
import { baseName, folderOf } from '../../workspace/paths.js'
import { presentTables } from '../former-tables.js'
import { parseConflicted } from './conflict.js'
import type { Renames } from './renames.js'
import { NO_TABLE, parseTodo, TODO_FILE, type TodoFile } from './todo-file.js'

/** The `seam-todo.yml` of one service. */
export interface Todo extends TodoFile {
  /** Service or library in whose folder it lies; the folder, if that is none any more. */
  service: string
  file: string
}

/** Where the baseline of a service or library is; code outside of all of them has the one of the root. */
export function todoFileOf(service: string, { map }: Pick<Repository, 'map'>): string {
  const path = map.services.find(({ name }) => name === service)?.path ?? '.'
  return path === '.' ? TODO_FILE : `${path}/${TODO_FILE}`
}

/**
 * All baselines of the repository, with files and tables that were renamed under their present names.
 *
 * @param ancestorOf given to join what git left of both sides of a merge, which is refused without: the text that a file had
 * before both, if that is known
 * @throws ConfigError for a file that can't be read
 */
export async function readTodos(
  { map, workspace, read }: Repository,
  renames: Renames,
  ancestorOf?: (file: string) => string | null,
): Promise<Todo[]> {
  const byFolder = new Map(map.services.map(({ name, path }) => [path, name]))
  const problems: ConfigProblem[] = []
  const todos: Todo[] = []
  const files = workspace.files.map(({ path }) => path)
  const known = new Set(files)
  const presentTable = presentTables(map.tables)
  const presentFile = (path: string) => (known.has(path) ? path : (renames.find(path) ?? path))
  for (const file of files) {
    if (baseName(file) !== TODO_FILE) continue
    const content = read(file)
    if (!('text' in content)) {
      problems.push({ file, line: content.diagnostic.line, message: content.diagnostic.message })
      continue
    }
    const folder = folderOf(file)
    try {
      const { entries, notes } =
        ancestorOf === undefined
          ? await parseTodo(content.text, file)
          : await parseConflicted(content.text, file, () => ancestorOf(file))
      todos.push({
        service: byFolder.get(folder) ?? folder,
        file,
        entries: entries.map(entry => ({
          ...entry,
          table: entry.table === null ? null : presentTable(entry.table),
          source: presentFile(entry.source),
        })),
        notes: notes.map(({ at: [table, op, source], ...note }) => ({
          ...note,
          at: [
            ...(table === undefined ? [] : [table === NO_TABLE ? table : presentTable(table)]),
            ...(op === undefined ? [] : [op]),
            ...(source === undefined ? [] : [presentFile(source)]),
          ],
        })),
      })
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      problems.push(...error.problems)
    }
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return todos
}
