import { crossings, openTables, tally } from '../../analyzers/graph/index.js'
import { listed } from '../../analyzers/listed.js'
import type { DependencyMap } from '../../analyzers/model.js'
import type { Outlook } from '../../codemods/forecast.js'
import type { Strategy } from '../../codemods/operation.js'
import type { ReportContext } from '../report.js'
import { columns, NO_BREAK_SPACE, type Row } from '../terminal/columns.js'
import type { Screen } from '../terminal/section.js'
import { command, type Invocation } from '../text/shell.js'
import { count, leftOutFiles, notReadWords, number, operations, withDialect } from '../text/words.js'

/** The numbers of the whole map, and what was looked at. */
export function headline(
  map: DependencyMap,
  context: ReportContext,
  { width, top, colours }: Screen,
): string[] {
  const crossing = tally(crossings(map))
  const libraries = map.services.filter(service => service.kind === 'library').length
  const opened = openTables(map)
  const open = opened.length
  const unused = opened.filter(({ writers, readers }) => writers.length + readers.length === 0).length
  const executed = map.accesses.filter(access => !access.migration)
  const migrating = map.accesses.length - executed.length
  const inMigrations = migrating > 0 ? `; ${number(migrating)} more in migrations` : ''
  const leftOut = leftOutFiles(map.coverage)
  const unread = notReadWords(map)
  const facts: [string, string][] = [
    [
      'Services',
      number(map.services.length - libraries) +
        (libraries > 0 ? ` and ${count(libraries, 'library', 'libraries')}` : ''),
    ],
    ['Datastores', datastores(map, top)],
    [
      'Tables',
      number(map.tables.length) +
        (open > 0
          ? `, ${open === map.tables.length ? 'all' : `${number(open)} of them`} with an open owner: uses of these don't count as crossing${withoutUse(unused, open)}`
          : ''),
    ],
    ['Accesses', `${number(executed.length)}${notFullyKnown(map)}${inMigrations}`],
    [
      'Crossing',
      crossing.accesses === 0
        ? nothingCrosses(map, open, unread !== null)
        : `${count(crossing.accesses, 'access', 'accesses')} to tables of another service: ${operations(crossing)}`,
    ],
    ...(context.outlook === null ? [] : rewriteFact(map, context.outlook, context)),
    ['Unresolved', map.unresolved.length === 0 ? 'none' : count(map.unresolved.length, 'place')],
    ['Files', `${number(map.coverage.files)} read, ${count(map.coverage.lines, 'line')}`],
  ]
  if (unread !== null) facts.push(['Not read', `${unread}: see Diagnostics`])
  if (leftOut.total > 0) facts.push(['Left out', `${count(leftOut.total, 'file')}: ${leftOut.reasons}`])
  const rows = facts.map(
    ([name, text]): Row => [
      { text: name, paint: colours.dim },
      name === 'Crossing' && crossing.accesses > 0 ? { text, paint: colours.bold } : { text },
    ],
  )
  return [colours.bold('Dependency map'), ...columns(rows, width)]
}

/** Owners of tables that nothing uses can wait. */
function withoutUse(unused: number, open: number): string {
  if (unused === 0) return ''
  return ` (no service is seen to use ${unused === open ? 'them' : `${number(unused)} of them`})`
}

/** How many of the crossings `rewrite` would take, and how. */
function rewriteFact(
  map: DependencyMap,
  { accesses, problem, isTooMany }: Outlook,
  at: Invocation,
): [string, string][] {
  const see = command(['rewrite', '--plan'], at).replaceAll(' ', NO_BREAK_SPACE)
  if (problem !== null) return [['Rewrite', `can't be planned: ${problem}`]]
  if (isTooMany) return [['Rewrite', `what can be rewritten of these: ${see}`]]
  const crossing = new Set(crossings(map).map(({ access }) => access.id))
  const planned = accesses.filter(({ access }) => crossing.has(access))
  if (planned.length === 0) return []
  const told = STRATEGIES.map(
    ([strategy, words]) => [planned.filter(each => each.strategy === strategy).length, words] as const,
  ).filter(([amount]) => amount > 0)
  return [
    [
      'Rewrite',
      `of ${count(planned.length, 'crossing')}: ${told.map(([amount, words]) => `${number(amount)} ${words}`).join(', ')}; see ${see}`,
    ],
  ]
}

const STRATEGIES: [Strategy, string][] = [
  ['lift', 'can be lifted'],
  ['split', 'split'],
  ['event', 'made events'],
  ['by hand', 'by hand'],
]

/** That nothing crosses says little while owners are open, and nothing where no SQL was seen. */
function nothingCrosses(
  { accesses, services, tables, coverage }: DependencyMap,
  open: number,
  isPartial: boolean,
): string {
  if (accesses.length === 0) {
    return `can't be told: ${coverage.files === 0 ? 'no source file was found' : 'no SQL was found that a known driver runs'}`
  }
  if (services.filter(({ kind }) => kind === 'service').length === 1) {
    return "can't be told of one service alone: give the folder of all, or name them under `services` in seamripper.yml"
  }
  if (isPartial) return 'none among what was read'
  if (open === 0) return 'none: no service reaches into the tables of another'
  return open === tables.length
    ? "can't be told: no table has an owner yet"
    : 'none among the tables whose owner is known'
}

function datastores(map: DependencyMap, top: number): string {
  const names = map.datastores.slice(0, top).map(each => withDialect(each))
  const hidden = map.datastores.length - names.length
  if (hidden > 0) names.push(`${number(hidden)} more`)
  return names.join(', ') || 'none found'
}

/** `, 3 with unknown pieces and 1 that no parser took`, or nothing. */
function notFullyKnown(map: DependencyMap): string {
  const of = (confidence: string) =>
    map.accesses.filter(access => access.confidence === confidence && !access.migration).length
  const parts = [
    of('partial') > 0 ? `${number(of('partial'))} with unknown pieces` : '',
    of('tokens') > 0 ? `${number(of('tokens'))} that no parser took` : '',
  ].filter(part => part !== '')
  return parts.length > 0 ? `, ${listed(parts)}` : ''
}
