import type { Violation } from '../../../analyzers/gate/index.js'
import { groupBy } from '../../../analyzers/graph/index.js'
import { listed } from '../../../analyzers/listed.js'
import { wrap } from '../../terminal/columns.js'
import type { Colours } from '../../terminal/section.js'
import { plain } from '../../text/plain.js'
import { command } from '../../text/shell.js'
import { first, place } from '../../text/words.js'
import { ownerLine } from '../owner-line.js'
import type { CheckContext } from '../report.js'
import { adviceFor, type Statement, severityOf } from '../statements.js'
import { codeFrame, showsSql } from './code-frame.js'

/** Services named of those that run one statement. */
const FIRST_SERVICES = 6
/** Lines of SQL. */
const MOST_SQL = 20
const LABEL_WIDTH = 9

/** One statement with all that is wrong with it: place, code, SQL, owners, what to do. */
export function entry(group: Statement, context: CheckContext, colours: Colours): string[] {
  const { bold, red, yellow, cyan } = colours
  const [one] = group as [Violation]
  const severity = severityOf(group) === 'error' ? red('error') : yellow('warning')
  const rules = [...new Set(group.map(({ rule }) => rule))].join(', ')
  const services = [...new Set(group.map(({ service }) => service))]
  const ofOne = group.filter(({ service }) => service === one.service)
  const lines = context.lines(one.file)
  const frame = codeFrame(one, lines, colours)
  const hidden = hiddenTables(ofOne, frame.join('\n'))
  return [
    `${bold(plain(`${place(one)}:${one.column}`))}  ${severity}  ${rules}`,
    ...ofOne.flatMap(({ message }) => wrap(plain(message), context.width - 2).map(line => `  ${line}`)),
    ...(services.length > 1
      ? wrap(`The same for ${first(services.slice(1).map(plain), FIRST_SERVICES)}.`, context.width - 2).map(
          line => `  ${line}`,
        )
      : []),
    '',
    ...frame,
    ...(frame.length > 0 ? [''] : []),
    ...(showsSql(one, lines) ? [] : sqlLines(one, context)),
    ...(hidden.length === 0
      ? []
      : labelled(
          'Note',
          `${listed(hidden)}: not in this text, but in another one that the call may run, or under a view or a routine`,
          context,
          colours,
        )),
    ...[
      ...groupBy(
        ofOne.filter(each => each.owner !== null),
        ({ table }) => table,
      ).values(),
    ].flatMap(([use]) => labelled('Owner', ownerLine(use!), context, colours)),
    ...one.related.flatMap(related =>
      labelled('See', `${place(related)}: ${related.message}`, context, colours),
    ),
    ...adviceFor(ofOne).flatMap(advice => labelled('Instead', advice, context, colours)),
    `  ${colours.dim('More'.padEnd(LABEL_WIDTH))}${cyan(command(one.command, context))}`,
  ]
}

/** Names of tables that neither the code nor the SQL shows: of the texts that a call may run one is shown. */
function hiddenTables(uses: Violation[], frame: string): string[] {
  const names = uses.flatMap(({ accessId, table, sql }) => {
    const name = table?.split('/').at(-1)
    if (accessId === null || name === undefined || sql === null) return []
    return `${frame}\n${sql}`.toLowerCase().includes(name.toLowerCase()) ? [] : [name]
  })
  return [...new Set(names)]
}

function labelled(label: string, text: string, context: CheckContext, { dim }: Colours): string[] {
  return wrap(plain(text), context.width - 2 - LABEL_WIDTH).map(
    (line, index) => `  ${index === 0 ? dim(label.padEnd(LABEL_WIDTH)) : ' '.repeat(LABEL_WIDTH)}${line}`,
  )
}

/** The statement laid out. A foreign key and a script's statement are told on one line. */
function sqlLines({ sql, dialect }: Violation, { layOut }: CheckContext): string[] {
  if (sql === null) return []
  const lines = layOut(sql, dialect)
    .split(/\r\n|[\n\r]/)
    .map(plain)
  const cut = lines.length > MOST_SQL ? [...lines.slice(0, MOST_SQL), '…'] : lines
  return [...cut.map(line => `    ${line}`), '']
}
