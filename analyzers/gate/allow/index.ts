/** Allowances: entries of the config and comments in the code that accept a violation, with a reason. */
import type { Access, DependencyMap, Table } from '../../model.js'
import type { Repository } from '../../repository.js'
import type { GateSettings } from '../settings.js'
import type { CommentProblem, UnusedAllow, Violation } from '../types.js'
import { type Allowance, allows, configured, coversTable, isStrict } from './allowance.js'
import { type AllowComment, type CommentedFile, findComments } from './comments.js'
import { MARKER, parseAllow } from './grammar.js'

export { isStrict } from './allowance.js'

export interface Allowed {
  violations: Violation[]
  unusedAllows: UnusedAllow[]
  problems: CommentProblem[]
}

/**
 * Marks what is allowed. An allowance past its last day allows nothing: what it was for is told again, with its place.
 *
 * @param today `YYYY-MM-DD`
 */
export function applyAllowances(
  violations: Violation[],
  repository: Repository,
  settings: GateSettings,
  today: string,
): Allowed {
  const { allowances, problems } = fromComments(repository)
  const all = [...configured(settings.allow, repository.workspace.config.file), ...allowances]
  const used = new Set<Allowance>()
  const judged = violations.map((violation): Violation => {
    const matching = all.filter(allowance => allows(allowance, violation))
    if (matching.length === 0 || isStrict(violation)) return violation
    const valid = matching.filter(({ until }) => until === null || until >= today)
    for (const allowance of valid.length > 0 ? valid : matching) used.add(allowance)
    if (valid[0]) {
      const { file, line, reason, until } = valid[0]
      return { ...violation, state: 'allowed', allowedBy: { file, line, reason, until } }
    }
    const ended = matching.map(({ file, line, until }) => ({
      file,
      line,
      message: `it was allowed until ${until}, which is over`,
    }))
    return { ...violation, related: [...violation.related, ...ended] }
  })
  const unusedAllows = all
    .filter(allowance => !used.has(allowance))
    .map(each => unused(each, violations, repository))
  return { violations: judged, unusedAllows, problems }
}

function unused(allowance: Allowance, violations: Violation[], { map }: Repository): UnusedAllow {
  const { file, line, text } = allowance
  const strict = violations.find(violation => allows(allowance, violation))
  const near = violations.find(violation => violation.file === file && allowance.isAbout(violation))
  const renamed = renamedTables(allowance, map)
  const message = strict
    ? `nothing can be allowed where ${strict.service} or ${strict.owner} is separated.`
    : renamed.length > 0
      ? `migrations renamed this table. Write ${renamed.join(', ')}.`
      : near
        ? `what is here is ${near.op}${near.table === null ? '' : ` ${near.table}`}.`
        : 'there is nothing that it allows. Remove it.'
  return { file, line, text, message }
}

/** Present ids of the tables that an allowance means by former names, if it means no present one. */
function renamedTables({ tables }: Allowance, { tables: all, datastores }: DependencyMap): string[] {
  const dialects = new Map(datastores.map(({ id, dialect }) => [id, dialect]))
  const covers = (id: string, { datastore }: Table) =>
    coversTable(tables, { table: id, dialect: dialects.get(datastore) ?? 'unknown' })
  if (all.some(table => covers(table.id, table))) return []
  return all.filter(table => table.formerIds?.some(id => covers(id, table)) === true).map(({ id }) => id)
}

/** Where the statement of an access is: its call, and its text, which may be in another file. */
interface StatementPlaces {
  file: string
  from: number
  to: number
  /** Column of the call. */
  column?: number
}

function fromComments({ map, workspace, read }: Repository): {
  allowances: Allowance[]
  problems: CommentProblem[]
} {
  const accesses = new Map(map.accesses.map(access => [access.id, access]))
  const allowances: Allowance[] = []
  const problems: CommentProblem[] = []
  for (const { path, kind } of workspace.files) {
    if (kind !== 'source' && kind !== 'sql') continue
    const result = read(path)
    const commented = 'text' in result ? findComments(path, result.text) : null
    for (const comment of commented?.comments ?? []) {
      const { file, line } = comment
      const words = parseAllow(comment.text)
      if ('problem' in words) {
        problems.push({ file, line, message: words.problem })
        continue
      }
      allowances.push({
        file,
        line,
        text: `${MARKER} ${comment.text}`,
        reason: words.reason,
        until: words.until,
        isAbout: violation =>
          isBeside(comment, violation, accesses.get(violation.accessId ?? ''), commented!),
        ops: words.ops,
        tables: words.tables,
      })
    }
  }
  return { allowances, problems }
}

/** A comment is about the statement that it stands in, beside, or directly above. */
function isBeside(
  comment: AllowComment,
  violation: Violation,
  access: Access | undefined,
  { statementLine }: CommentedFile,
): boolean {
  const places = [callPlace(violation), ...(access ? [textPlace(access)] : [])].filter(
    ({ file }) => file === comment.file,
  )
  return places.some(
    ({ from, to, column }) =>
      (comment.endLine >= from && comment.line <= to) ||
      from === comment.nextLine ||
      statementLine(from, column) === comment.nextLine,
  )
}

function callPlace({ file, line, endLine, column }: Violation): StatementPlaces {
  return { file, from: line, to: endLine, column }
}

function textPlace({ sqlFile, sqlLine, sql }: Access): StatementPlaces {
  return { file: sqlFile, from: sqlLine, to: sqlLine + (sql ?? '').trim().split('\n').length - 1 }
}
