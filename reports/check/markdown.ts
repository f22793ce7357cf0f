import type { CountedUses, GateResult, Hint } from '../../analyzers/gate/index.js'
import { groupBy } from '../../analyzers/graph/index.js'
import { listed } from '../../analyzers/listed.js'
import { shorten } from '../terminal/columns.js'
import { code, placeLink, table, text } from '../text/markdown.js'
import { plain } from '../text/plain.js'
import { command } from '../text/shell.js'
import { count, number } from '../text/words.js'
import { type Finding, findings } from './findings.js'
import { hintCommands } from './hint.js'
import { summaryText } from './pretty/summary-line.js'
import type { CheckContext, CheckReport, GivenProblem } from './report.js'
import { isGone } from './stale.js'
import { newStatements, type Statement, sentencesOf, severityOf } from './statements.js'
import { allowanceOf } from './ways-on.js'

/** By this, the bot that keeps one comment on a pull request finds its own. */
export const COMMENT_MARKER = '<!-- seamripper check -->'

/** Characters of a comment: GitHub refuses more than 65,536. */
const MOST_CHARACTERS = 65_000
/** Columns of a text. */
const LONGEST = 400
const MOST_HINTS = 5

/** What a change adds and removes, short, for a comment on a pull request or the page of a job. */
export const report: CheckReport = {
  tellsChange: true,
  render(result, context) {
    let text = commentOf(result, context)
    for (let { top } = context; text.length > MOST_CHARACTERS && top > 1; ) {
      top = Math.floor(top / 2)
      text = commentOf(result, { ...context, top })
    }
    return text
  },
  refusal,
}

function commentOf(result: GateResult, context: CheckContext): string {
  const statements = newStatements(result)
  const tidy = findings(result).filter(({ violation }) => violation === null)
  const { mended, accepted } = result.change ?? { mended: [], accepted: [] }
  return `${[
    COMMENT_MARKER,
    `### Seamripper: ${result.passed ? 'passed' : 'failed'}`,
    '',
    headline(result.since !== null && result.change !== null, statements, accepted, mended) ??
      sentence(summaryText(result)),
    ...section(
      'New',
      context,
      ['', 'Where', 'What', 'Instead'],
      statements.map(statement => statementRow(statement, context)),
    ),
    ...(statements.length > 0
      ? [
          '',
          `Mend it, say why it may stay (${code(allowanceOf(statements))}), or accept it for now: ${code(command(['baseline', '--write'], context))}`,
        ]
      : []),
    ...ownersSection(statements.slice(0, context.top), context),
    ...section('Put on the baseline', context, USES, accepted.map(usesRow)),
    ...section('Mended', context, USES, mended.map(usesRow)),
    ...section(
      'To tidy',
      context,
      ['Where', 'What'],
      tidy.map(finding => tidyRow(finding, context)),
    ),
    ...(result.stale.some(isGone)
      ? ['', `Take what is stale off the baseline: ${code(command(['baseline', '--prune'], context))}`]
      : []),
    ...result.hints.slice(0, MOST_HINTS).flatMap(hint => ['', hintLine(hint, context)]),
  ].join('\n')}\n`
}

/** What most likely happened, with the commands that mend it. */
function hintLine(hint: Hint, context: CheckContext): string {
  const lines = hintCommands(hint, context).map(code)
  return `${code(hint.file)}: ${sentence(hint.message)} ${lines.join(', then ')}`
}

/** Reasons why there is no result that are told. */
const MOST_PROBLEMS = 10

function refusal(problems: GivenProblem[]): string {
  return `${[
    COMMENT_MARKER,
    '### Seamripper: not checked',
    '',
    'There is no result, neither good nor bad:',
    '',
    ...problems.slice(0, MOST_PROBLEMS).map(({ file, line, message }) => {
      const at = file === null ? '' : `${code(line === null ? file : `${file}:${line}`)}: `
      return `- ${at}${sentence(message)}`
    }),
    ...(problems.length > MOST_PROBLEMS ? [`- … and ${number(problems.length - MOST_PROBLEMS)} more.`] : []),
  ].join('\n')}\n`
}

const USES = ['Service', 'Does', 'Table', 'Of', 'File', '']

/** What the change adds and removes; null where that is not known. */
function headline(
  isKnown: boolean,
  statements: Statement[],
  accepted: CountedUses[],
  mended: CountedUses[],
): string | null {
  if (!isKnown) return null
  const sum = (uses: CountedUses[]) => uses.reduce((total, each) => total + each.count, 0)
  const errors = statements.filter(statement => severityOf(statement) === 'error').length
  const warnings = statements.length - errors
  const parts = [
    errors > 0 ? `adds ${count(errors, 'statement')} that it must not` : '',
    warnings > 0 ? `brings ${count(warnings, 'warning')}` : '',
    sum(accepted) > 0 ? `puts ${number(sum(accepted))} on the baseline` : '',
    sum(mended) > 0 ? `mends ${number(sum(mended))}` : '',
  ].filter(part => part !== '')
  return parts.length === 0
    ? 'This change adds no crossing and removes none.'
    : `This change ${listed(parts)}.`
}

/** A titled table of so many rows as are shown; the rest is counted. */
function section(title: string, { top }: CheckContext, headings: string[], rows: string[][]): string[] {
  if (rows.length === 0) return []
  const hidden = rows.length - top
  return [
    '',
    `**${title}** (${number(rows.length)})`,
    '',
    ...table(headings, rows.slice(0, top)),
    ...(hidden > 0 ? ['', `… and ${number(hidden)} more.`] : []),
  ]
}

function statementRow(statement: Statement, context: CheckContext): string[] {
  const [one] = statement as [Statement[number]]
  const { messages, others, advice } = sentencesOf(statement)
  return [
    severityOf(statement),
    where(one, context),
    sentence([...messages, ...others].join(' ')),
    sentence(advice.join(' ')),
  ]
}

/** Why the tables are whose they are: once each, for many rows are about the same few. */
function ownersSection(statements: Statement[], context: CheckContext): string[] {
  const owned = statements.flat().filter(({ table, owner }) => table !== null && owner !== null)
  const tables = [...groupBy(owned, ({ table }) => table).values()].map(([use]) => use!)
  const rows = tables.flatMap(({ table, owner, ownerEvidence }) =>
    ownerEvidence === null
      ? []
      : [[name(table!), name(owner!), sentence(ownerEvidence.reason), where(ownerEvidence, context)]],
  )
  return section('Owners', context, ['Table', 'Owner', 'Because', 'Where'], rows)
}

function usesRow({ service, owner, table, op, file, count }: CountedUses): string[] {
  return [
    name(service),
    op,
    table === null ? '' : name(table),
    owner === null ? '' : name(owner),
    name(file),
    count === 1 ? '' : `${number(count)}×`,
  ]
}

function tidyRow(finding: Finding, context: CheckContext): string[] {
  // What to do about all that is stale stands below the table.
  const advice = finding.kind === 'stale-entry' ? '' : ` ${finding.advice}`
  return [where(finding, context), sentence(finding.message + advice)]
}

/** Text that mentions nobody and refers to nothing: names of packages begin with `@`. */
function sentence(words: string): string {
  return text(shorten(plain(words), LONGEST)).replace(/@|\\#/g, '$&<!-- -->')
}

function name(words: string): string {
  return code(shorten(plain(words), LONGEST))
}

/** A link where the pages of the repository are known, as they are on GitHub; else the place alone. */
function where(at: { file: string; line: number }, { prefix, link }: CheckContext): string {
  const place = { file: prefix + at.file, line: at.line }
  return link === null ? code(`${place.file}:${place.line}`) : placeLink(place, link)
}
