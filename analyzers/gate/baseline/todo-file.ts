/**
 * `seam-todo.yml`: the violations of one service that are accepted for now. Keyed by table, operation and file with a
 * count, never by line, so that moving code changes nothing; one file a line, sorted, so that merges rarely conflict.
 * Behind a count that changed stands a mark (`mark.ts`), so that merges do conflict where they have to.
 */
import type { ParsedNode } from 'yaml'
import { orderBy } from '../../graph/index.js'
import { ConfigError, type ConfigProblem } from '../../workspace/config-error.js'
import { gateOps, isGateOp } from '../../workspace/gate-names.js'
import { didYouMean } from '../../workspace/suggest.js'
import { parseYaml, type YamlFile } from '../../workspace/yaml.js'
import { oneLine, quoted } from '../../workspace/yaml-text.js'
import type { GateOp } from '../types.js'
import { splitMark, withMark } from './mark.js'
import { conflictLine } from './sides.js'

export const TODO_FILE = 'seam-todo.yml'

/** So many violations of one kind in one file. */
export interface TodoEntry {
  /** Null for places that could not be resolved. */
  table: string | null
  op: GateOp
  /** File of the code, relative to the root. */
  source: string
  count: number
  /** Null behind a count that never changed. */
  mark: string | null
  /** 1-based line of the entry; 0 for one that is not written yet. */
  line: number
  /** It joins what two sides of a merge accepted: its mark is of one of them. */
  isJoined?: true
}

/** Comments that people wrote at one line of the file. */
export interface TodoNote {
  /** The keys that lead to the line: table, operation, file of the code. None: the end of the file. */
  at: string[]
  /** On lines of their own, above it. */
  above: string[]
  /** Behind it, without the mark; empty if there is none. */
  behind: string
}

export interface TodoFile {
  entries: TodoEntry[]
  notes: TodoNote[]
}

/** Stands for the table of what could not be resolved. */
export const NO_TABLE = '(unresolved)'

/** How the lines begin that every file has above its entries. */
const HEADER = [
  'Uses of tables by ',
  '"seamripper check" fails on what is not listed here',
  'Take out what is mended with "seamripper baseline --prune"',
  'Keep the marks',
]

const BOTH_SIDES =
  'holds both sides of a merge. "seamripper baseline --prune" joins them and takes out what is mended'

/**
 * The entries of a file, in its order, and what people wrote beside them.
 *
 * @throws ConfigError with all problems at once; an unresolved merge conflict is one, and an entry that is there twice
 */
export async function parseTodo(text: string, file: string): Promise<TodoFile> {
  const conflict = conflictLine(text)
  if (conflict !== null) throw new ConfigError([{ file, line: conflict, message: BOTH_SIDES }])
  const found = await parseBoth(text, file)
  const seen = new Set<string>()
  const again = found.entries.filter(entry => seen.size === seen.add(todoKey(entry)).size)
  if (again.length > 0) {
    throw new ConfigError(
      again.map(({ source, line }) => ({ file, line, message: `${source} is there twice: ${BOTH_SIDES}` })),
    )
  }
  return found
}

/**
 * The same, where an entry may be there twice: as it is where a person, or git, took both sides of a merge.
 *
 * @throws ConfigError with all problems at once
 */
export async function parseBoth(text: string, file: string): Promise<TodoFile> {
  const yaml = await parseYaml(text, { uniqueKeys: false })
  const problems: ConfigProblem[] = []
  const keys: KeyLine[] = []
  const entries = entriesOf(yaml, keys, (line, message) => problems.push({ file, line, message }))
  if (problems.length > 0) throw new ConfigError(problems)
  return withComments(yaml, keys, entries)
}

export function todoKey({ table, op, source }: Pick<TodoEntry, 'table' | 'op' | 'source'>): string {
  return JSON.stringify([table, op, source])
}

type Report = (line: number, message: string) => void

/** The keys that lead to a line that has one. */
interface KeyLine {
  line: number
  at: string[]
}

function entriesOf(yaml: YamlFile, keys: KeyLine[], report: Report): TodoEntry[] {
  for (const { line, message } of yaml.errors) report(line, message)
  if (yaml.errors.length > 0 || yaml.contents === null) return []
  const members = (node: ParsedNode | null, what: string, line: number, at: string[]) => {
    const found = node === null ? [] : yaml.membersOf(node)
    if (found === null) report(line, `a mapping of ${what} is expected here`)
    for (const { key, line } of found ?? []) keys.push({ line, at: [...at, key] })
    return found ?? []
  }
  return members(yaml.contents, 'tables', 1, []).flatMap(table =>
    members(table.value, 'operations', table.line, [table.key]).flatMap(op => {
      if (!isGateOp(op.key)) {
        report(
          op.line,
          `"${op.key}" is no operation.${didYouMean(op.key, gateOps)} Known: ${gateOps.join(', ')}`,
        )
        return []
      }
      const opName = op.key
      return members(op.value, 'files', op.line, [table.key, op.key]).flatMap(
        ({ key: source, line, value }): TodoEntry[] => {
          const count = value !== null && 'value' in value ? value.value : null
          if (typeof count === 'number' && Number.isSafeInteger(count) && count > 0) {
            const name = table.key === NO_TABLE ? null : table.key
            return [{ table: name, op: opName, source, count, mark: null, line }]
          }
          report(line, `the number of violations in ${source} is expected here, a whole number from 1`)
          return []
        },
      )
    }),
  )
}

/** Tells marks and comments of people apart, and at which line of the file these are. */
function withComments(yaml: YamlFile, keys: KeyLine[], entries: TodoEntry[]): TodoFile {
  const lines = new Map(keys.map(({ line, at }) => [line, at]))
  const marks = new Map<number, string>()
  const notes = new Map<string, TodoNote>()
  const noteAt = (at: string[]) => {
    const note = notes.get(JSON.stringify(at)) ?? { at, above: [], behind: '' }
    notes.set(JSON.stringify(at), note)
    return note
  }
  const downwards = keys.toSorted((a, b) => a.line - b.line)
  const below = (line: number) => downwards.find(key => key.line > line)
  for (const { line, text, isAlone } of yaml.comments()) {
    const at = isAlone ? undefined : lines.get(line)
    if (at === undefined) {
      if (!HEADER.some(begin => text.startsWith(begin))) noteAt(below(line)?.at ?? []).above.push(text)
      continue
    }
    const { mark, rest } = at.length === KEYS_OF_ENTRY ? splitMark(text) : { mark: null, rest: text }
    if (mark !== null) marks.set(line, mark)
    if (rest !== '') noteAt(at).behind = rest
  }
  return {
    entries: entries.map(entry => ({ ...entry, mark: marks.get(entry.line) ?? null })),
    notes: [...notes.values()],
  }
}

/** Table, operation, file. */
const KEYS_OF_ENTRY = 3

/** Each entry once: counts of equal ones are added up. */
export function addUp(entries: readonly TodoEntry[]): TodoEntry[] {
  const counts = new Map<string, TodoEntry>()
  for (const entry of entries) {
    const known = counts.get(todoKey(entry))
    counts.set(todoKey(entry), known ? { ...known, count: known.count + entry.count } : entry)
  }
  return [...counts.values()]
}

/** The text of a file with these entries, each there once, and with the notes at the lines that it has. */
export function renderTodo(
  service: string,
  entries: readonly TodoEntry[],
  notes: readonly TodoNote[] = [],
): string {
  const lines = [
    `# ${HEADER[0]}${oneLine(service)} that the rules forbid: known, accepted for now, to be mended.`,
    `# ${HEADER[1]}, and on what is listed and mended.`,
    `# ${HEADER[2]}; don't add to it by hand.`,
  ]
  if (entries.some(({ mark }) => mark !== null)) {
    lines.push(
      `# ${HEADER[3]} behind counts: by them git sees that two branches changed one count for different uses.`,
    )
  }
  const noteAt = new Map(notes.map(note => [JSON.stringify(note.at), note]))
  const push = (at: string[], text: string, mark: string | null = null) => {
    const { above = [], behind = '' } = noteAt.get(JSON.stringify(at)) ?? {}
    const indent = '  '.repeat(Math.max(at.length - 1, 0))
    for (const comment of above) lines.push(`${indent}${asComment(comment)}`)
    const comment = withMark(mark, oneLine(behind))
    if (at.length > 0) lines.push(`${indent}${text}${comment === '' ? '' : ` ${asComment(comment)}`}`)
  }
  const sorted = entries.toSorted(
    orderBy(
      each => (each.table === null ? 0 : 1),
      each => each.table ?? '',
      each => gateOps.indexOf(each.op),
      each => each.source,
    ),
  )
  let table: string | null | undefined
  let op: GateOp | undefined
  for (const entry of sorted) {
    const name = entry.table ?? NO_TABLE
    if (entry.table !== table) {
      lines.push('')
      push([name], `${quoted(name)}:`)
      op = undefined
    }
    if (entry.op !== op) push([name, entry.op], `${entry.op}:`)
    push([name, entry.op, entry.source], `${quoted(entry.source)}: ${entry.count}`, entry.mark)
    table = entry.table
    op = entry.op
  }
  push([], '')
  return `${lines.join('\n')}\n`
}

function asComment(text: string): string {
  return `# ${oneLine(text)}`.trimEnd()
}
