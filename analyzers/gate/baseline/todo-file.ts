/**
 * `seam-todo.yml`: the violations of one service that are accepted for now. Keyed by table, operation and file with a
 * count, never by line, so that moving code changes nothing; one file a line, sorted, so that merges rarely conflict.
 */
import type { ParsedNode } from 'yaml'
import { orderBy } from '../../graph/index.js'
import { ConfigError, type ConfigProblem } from '../../workspace/config-error.js'
import { didYouMean } from '../../workspace/suggest.js'
import { parseYaml, type YamlFile } from '../../workspace/yaml.js'
import { oneLine, quoted } from '../../workspace/yaml-text.js'
import { gateOps, isGateOp } from '../ops.js'
import type { GateOp } from '../types.js'

export const TODO_FILE = 'seam-todo.yml'

/** So many violations of one kind in one file. */
export interface TodoEntry {
  /** Null for places that could not be resolved. */
  table: string | null
  op: GateOp
  /** File of the code, relative to the root. */
  source: string
  count: number
  /** 1-based line of the entry; 0 for one that is not written yet. */
  line: number
}

/** Stands for the table of what could not be resolved. */
const NO_TABLE = '(unresolved)'

/** True if git left both sides of a merge in the text. */
export function conflictLine(text: string): number | null {
  const index = text.split('\n').findIndex(line => /^(?:<{7}|>{7}|={7}|\|{7})(?:\s|$)/.test(line))
  return index === -1 ? null : index + 1
}

/**
 * The entries of a file, in its order.
 *
 * @throws ConfigError with all problems at once; an unresolved merge conflict is one
 */
export async function parseTodo(text: string, file: string): Promise<TodoEntry[]> {
  const conflict = conflictLine(text)
  if (conflict !== null) {
    const message =
      'holds both sides of a merge. "seamripper baseline --prune" joins them and takes out what is mended'
    throw new ConfigError([{ file, line: conflict, message }])
  }
  const problems: ConfigProblem[] = []
  const entries = entriesOf(await parseYaml(text), (line, message) => problems.push({ file, line, message }))
  if (problems.length > 0) throw new ConfigError(problems)
  return entries
}

/** The same for a file in which git left both sides: what either side accepts. */
export async function parseConflicted(text: string, file: string): Promise<TodoEntry[]> {
  if (conflictLine(text) === null) return parseTodo(text, file)
  const [ours, theirs] = sidesOf(text)
  const byKey = new Map<string, TodoEntry>()
  for (const entry of [...(await parseTodo(ours, file)), ...(await parseTodo(theirs, file))]) {
    const key = todoKey(entry)
    const known = byKey.get(key)
    if (known === undefined || known.count < entry.count) byKey.set(key, entry)
  }
  return [...byKey.values()]
}

/** Each side of a text with conflict markers, without the common ancestor that diff3 shows. */
function sidesOf(text: string): [ours: string, theirs: string] {
  const sides = { ours: [] as string[], theirs: [] as string[] }
  let part: 'both' | 'ours' | 'ancestor' | 'theirs' = 'both'
  for (const line of text.split('\n')) {
    if (/^<{7}(?:\s|$)/.test(line)) part = 'ours'
    else if (part !== 'both' && /^\|{7}(?:\s|$)/.test(line)) part = 'ancestor'
    else if (part !== 'both' && /^={7}\s*$/.test(line)) part = 'theirs'
    else if (part !== 'both' && /^>{7}(?:\s|$)/.test(line)) part = 'both'
    else {
      if (part === 'both' || part === 'ours') sides.ours.push(line)
      if (part === 'both' || part === 'theirs') sides.theirs.push(line)
    }
  }
  return [sides.ours.join('\n'), sides.theirs.join('\n')]
}

export function todoKey({ table, op, source }: Pick<TodoEntry, 'table' | 'op' | 'source'>): string {
  return JSON.stringify([table, op, source])
}

type Report = (line: number, message: string) => void

function entriesOf(yaml: YamlFile, report: Report): TodoEntry[] {
  for (const { line, message } of yaml.errors) report(line, message)
  if (yaml.errors.length > 0 || yaml.contents === null) return []
  const members = (node: ParsedNode | null, what: string, line: number) => {
    const found = node === null ? [] : yaml.membersOf(node)
    if (found === null) report(line, `a mapping of ${what} is expected here`)
    return found ?? []
  }
  return members(yaml.contents, 'tables', 1).flatMap(table =>
    members(table.value, 'operations', table.line).flatMap(op => {
      if (!isGateOp(op.key)) {
        report(
          op.line,
          `"${op.key}" is no operation.${didYouMean(op.key, gateOps)} Known: ${gateOps.join(', ')}`,
        )
        return []
      }
      const opName = op.key
      return members(op.value, 'files', op.line).flatMap(({ key: source, line, value }): TodoEntry[] => {
        const count = value !== null && 'value' in value ? value.value : null
        if (typeof count === 'number' && Number.isSafeInteger(count) && count > 0) {
          return [{ table: table.key === NO_TABLE ? null : table.key, op: opName, source, count, line }]
        }
        report(line, `the number of violations in ${source} is expected here, a whole number from 1`)
        return []
      })
    }),
  )
}

/** The text of a file with these entries; counts of equal ones are added up. */
export function renderTodo(service: string, entries: readonly TodoEntry[]): string {
  const lines = [
    `# Uses of tables by ${oneLine(service)} that the rules forbid: known, accepted for now, to be mended.`,
    '# "seamripper check" fails on what is not listed here, and on what is listed and mended.',
    '# Take out what is mended with "seamripper baseline --prune"; don\'t add to it by hand.',
  ]
  const counts = new Map<string, TodoEntry>()
  for (const entry of entries) {
    const known = counts.get(todoKey(entry))
    counts.set(todoKey(entry), known ? { ...known, count: known.count + entry.count } : entry)
  }
  const sorted = [...counts.values()].sort(
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
    if (entry.table !== table) {
      lines.push('', `${quoted(entry.table ?? NO_TABLE)}:`)
      op = undefined
    }
    if (entry.op !== op) lines.push(`  ${entry.op}:`)
    lines.push(`    ${quoted(entry.source)}: ${entry.count}`)
    table = entry.table
    op = entry.op
  }
  return `${lines.join('\n')}\n`
}
