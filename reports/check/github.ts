import { plain } from '../text/plain.js'
import { command } from '../text/shell.js'
import { count, number } from '../text/words.js'
import { type Finding, findingKinds, findings, textOf } from './findings.js'
import { hintCommands } from './hint.js'
import { report as markdown } from './markdown.js'
import { summaryText } from './pretty/summary-line.js'
import type { CheckContext, CheckReport, GivenProblem } from './report.js'
import { newStatements, type Statement, sentencesOf, severityOf } from './statements.js'

/** GitHub shows so many annotations of each kind a step, and drops the others without a word. */
const MOST = 10

interface Annotation extends Pick<Finding, 'severity' | 'file' | 'line' | 'endLine' | 'column'> {
  title: string
  message: string
}

/** Annotations of GitHub's for what is new, one a statement, and a page for the job. */
export const report: CheckReport = {
  render(result, context) {
    const all = [
      ...newStatements(result).map(statement => ofStatement(statement, context)),
      ...findings(result)
        .filter(({ violation }) => violation === null)
        .map(finding => ({
          ...finding,
          title: findingKinds[finding.kind]!.title,
          message: textOf(finding, context),
        })),
    ]
    const of = (severity: Annotation['severity']) => all.filter(each => each.severity === severity)
    const kinds = [of('error'), of('warning')]
    const cut = [
      kinds[0]!.length > MOST ? count(kinds[0]!.length - MOST, 'more error') : '',
      kinds[1]!.length > MOST ? count(kinds[1]!.length - MOST, 'more warning') : '',
    ].filter(part => part !== '')
    const lines = [
      ...kinds.flatMap(kind => kind.slice(0, MOST)).map(annotation => workflowCommand(annotation, context)),
      ...(cut.length > 0
        ? [
            `::notice title=seamripper::${data(`GitHub shows ${number(MOST)} annotations of a kind: ${cut.join(' and ')} are not shown beside the code. All are in the output of seamripper check.`)}`,
          ]
        : []),
      ...result.hints.slice(0, MOST - 1).map(hint => {
        const place = propertyList({ file: context.prefix + hint.file, title: 'Baseline' })
        return `::notice ${place}::${data(`${hint.message} ${hintCommands(hint, context).join(', then ')}`)}`
      }),
      summaryText(result),
    ]
    return `${lines.join('\n')}\n`
  },
  jobSummary: (result, context) => markdown.render(result, context),
  refusal: problems => problemCommands('error', 'seamripper could not check', problems),
  refusalSummary: problems => markdown.refusal!(problems),
  doubts: problems => problemCommands('warning', 'Configuration of seamripper', problems),
}

function ofStatement(statement: Statement, context: CheckContext): Annotation {
  const [one] = statement as [Statement[number]]
  const { messages, reasons, others, advice } = sentencesOf(statement)
  return {
    severity: severityOf(statement),
    file: one.file,
    line: one.line,
    endLine: one.endLine,
    column: one.column,
    title: [...new Set(statement.map(({ rule }) => findingKinds[rule]!.title))].join(', '),
    message: `${[...messages, ...reasons, ...others, ...advice].join(' ')} More: ${command(one.command, context)}`,
  }
}

function workflowCommand({ severity, title, message, ...at }: Annotation, { prefix }: CheckContext): string {
  const properties = {
    file: prefix + at.file,
    line: String(at.line),
    endLine: String(at.endLine),
    // GitHub takes columns only where a single line is marked.
    ...(at.column === null || at.endLine !== at.line ? {} : { col: String(at.column) }),
    title,
  }
  return `::${severity} ${propertyList(properties)}::${data(message)}`
}

/** Beside the line of the config that is meant, if it is one. */
function problemCommands(severity: Annotation['severity'], title: string, problems: GivenProblem[]): string {
  const lines = problems.slice(0, MOST).map(({ file, line, message }) => {
    const at = { ...(file === null ? {} : { file }), ...(line === null ? {} : { line: String(line) }) }
    return `::${severity} ${propertyList({ ...at, title })}::${data(message)}\n`
  })
  return lines.join('')
}

function propertyList(properties: Record<string, string>): string {
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${property(value)}`)
    .join(',')
}

/** The text of a workflow command. Without line breaks nothing in it can begin another one. */
function data(text: string): string {
  return plain(text).replaceAll('%', '%25')
}

/** A property of one: names of files keep all that they are. */
function property(text: string): string {
  return text.replace(/[%\r\n:,]/g, character => encodeURIComponent(character))
}
