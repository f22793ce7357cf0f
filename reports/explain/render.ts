import type { ForeignMigration } from '../../analyzers/graph/index.js'
import type { CrossTransaction, ForeignKey, Unresolved } from '../../analyzers/model.js'
import type { ReportContext } from '../report.js'
import type { Row } from '../terminal/columns.js'
import { wrap } from '../terminal/columns.js'
import { type Screen, screenOf, section } from '../terminal/section.js'
import { plain, plainLines } from '../text/plain.js'
import { first, list, place } from '../text/words.js'
import type {
  Advice,
  Explanation,
  Place,
  PlaceExplanation,
  ServiceExplanation,
  Statement,
  TableExplanation,
  Use,
} from './explanation.js'
import { layOut } from './sql.js'

/** An explanation as text for the terminal, ending in a line feed. */
export function renderExplanation(
  explanation: Explanation,
  context: Pick<ReportContext, 'width' | 'top' | 'colour'>,
): string {
  const screen = screenOf(context)
  const lines = {
    table: () => tableLines(explanation as TableExplanation, screen),
    service: () => serviceLines(explanation as ServiceExplanation, screen),
    place: () => placeLines(explanation as PlaceExplanation, screen),
  }[explanation.kind]()
  return `${[...lines, ...adviceLines(explanation.advice, screen)].join('\n')}\n`
}

function tableLines(explanation: TableExplanation, screen: Screen): string[] {
  const { id, table, dialect } = explanation
  const where = table
    ? `${table.kind} of datastore ${table.datastore} (${dialect ?? 'unknown'})`
    : 'table of an open datastore'
  const evidence = (table?.evidence ?? []).map((each): Row => [{ text: each.reason, place: place(each) }])
  const owner = table?.owner ?? null
  return [
    ...title(id, screen),
    plain(`  ${where}, ${owner === null ? 'owner open' : `owned by ${owner}`}`),
    ...(table?.definedAt ? [plain(`  defined at ${place(table.definedAt)}`)] : []),
    ...section(
      owner === null ? 'Why the owner is open' : `Why ${plain(owner)} owns it`,
      [],
      evidence,
      screen,
    ),
    ...usesSection('Who uses it', explanation.uses, use => use.service, screen),
    ...statementsSection('Statements of other services', explanation.crossing, screen),
    ...transactionsSection(explanation.transactions, screen),
    ...foreignKeysSection(explanation.foreignKeys, screen),
    ...migrationsSection(explanation.migrations, screen),
  ]
}

function serviceLines(explanation: ServiceExplanation, screen: Screen): string[] {
  const { service, owns } = explanation
  const evidence = service.evidence.map((each): Row => [{ text: each.reason, place: place(each) }])
  return [
    ...title(service.name, screen),
    plain(`  ${service.kind} in ${service.path}`),
    ...section('Why it is one', [], evidence, screen),
    ...section('Tables that it owns', [], owns.length > 0 ? [[{ text: owns.join(', ') }]] : [], screen),
    ...statementsSection('Statements that lie in it', explanation.statements, screen),
    ...usesSection(
      'What it takes from others',
      explanation.reachesInto,
      use => `${use.table} of ${use.owner}`,
      screen,
    ),
    ...usesSection(
      'What others take from it',
      explanation.reachedIntoBy,
      use => `${use.service}: ${use.table}`,
      screen,
    ),
    ...usesSection('Tables with an open owner that it uses', explanation.open, use => use.table, screen),
    ...transactionsSection(explanation.transactions, screen),
    ...foreignKeysSection(explanation.foreignKeys, screen),
    ...migrationsSection(explanation.migrations, screen),
    ...unresolvedSection(explanation.unresolved, screen),
  ]
}

function placeLines(explanation: PlaceExplanation, screen: Screen): string[] {
  const { defines, diagnostics, nearest } = explanation
  const found = diagnostics.map((each): Row => [{ text: each.severity }, { text: each.message }])
  return [
    ...title(place(explanation), screen),
    ...(explanation.statements.length > 0
      ? ['', ...explanation.statements.flatMap(each => statementLines(each, screen))]
      : []),
    ...section(
      'Tables created here',
      [],
      defines.map((id): Row => [{ text: id }]),
      screen,
    ),
    ...foreignKeysSection(explanation.foreignKeys, screen),
    ...migrationsSection(explanation.migrations, screen),
    ...unresolvedSection(explanation.unresolved, screen),
    ...section('Diagnostics', [], found, screen),
    ...(isEmpty(explanation)
      ? ['', '  Nothing here: no access, nothing unresolved.', ...nearestLines(nearest)]
      : []),
  ]
}

function isEmpty({
  statements,
  defines,
  foreignKeys,
  migrations,
  unresolved,
  diagnostics,
}: PlaceExplanation): boolean {
  return [statements, defines, foreignKeys, migrations, unresolved, diagnostics].every(
    each => each.length === 0,
  )
}

function nearestLines(nearest: Place[]): string[] {
  if (nearest.length === 0) return ['  The file has no access at all.']
  return [plain(`  The nearest in this file: ${list(nearest.map(each => `line ${each.line}`))}`)]
}

function title(text: string, { colours }: Screen): string[] {
  return [colours.bold(plain(text))]
}

function usesSection(heading: string, uses: Use[], name: (use: Use) => string, screen: Screen): string[] {
  const rows = uses.flatMap(use =>
    [
      { op: 'reads', places: use.reads },
      { op: 'writes', places: use.writes },
      { op: 'defines', places: use.ddl },
    ]
      .filter(({ places }) => places.length > 0)
      .map(
        ({ op, places }): Row => [
          { text: name(use), ...(use.crossService ? { paint: screen.colours.yellow } : {}) },
          { text: op },
          { text: first(places.map(place), screen.top) },
        ],
      ),
  )
  return section(heading, [], rows, screen)
}

function statementsSection(heading: string, statements: Statement[], screen: Screen): string[] {
  if (statements.length === 0) return []
  const hidden = statements.length - screen.top
  return [
    '',
    screen.colours.bold(statements.length > 1 ? `${heading} (${statements.length})` : heading),
    ...statements.slice(0, screen.top).flatMap(each => statementLines(each, screen)),
    ...(hidden > 0 ? [screen.colours.dim(`  … ${hidden} more (--format json has all)`)] : []),
  ]
}

/** Place, who runs it, the SQL, and its tables. */
function statementLines(statement: Statement, { colours, width }: Screen): string[] {
  const runBy =
    statement.reachedBy.length > 0 ? `run by ${list(statement.reachedBy)}` : 'no service reaches it'
  const notes = [
    runBy,
    statement.driver,
    statement.crossServiceJoin ? 'cross-service join' : '',
    statement.transaction === null ? '' : `in the transaction that begins at ${statement.transaction}`,
    statement.confidence === 'partial' ? 'some pieces unknown' : '',
    statement.confidence === 'tokens' ? 'no parser took it' : '',
    statement.sqlFile === statement.file ? '' : `SQL in ${statement.sqlFile}:${statement.sqlLine}`,
  ].filter(note => note !== '')
  const tables = statement.tables.map(
    each =>
      `${each.op} ${each.id ?? each.table}${each.system ? ' (system)' : ` of ${each.owner ?? 'an open owner'}`}${each.via === undefined ? '' : ` through ${each.via}`}`,
  )
  return [
    `  ${colours.cyan(plain(place(statement)))}`,
    ...wrap(plain(notes.join(', ')), width - 4).map(line => `    ${line}`),
    ...(statement.sql === null
      ? []
      : plainLines(layOut(statement.sql, statement.dialect))
          .split('\n')
          .map(line => `      ${line}`.trimEnd())),
    ...tables.map(line => colours.dim(`    ${plain(line)}`)),
  ]
}

function transactionsSection(transactions: CrossTransaction[], screen: Screen): string[] {
  const rows = transactions.map(
    (each): Row => [
      { text: each.service },
      { text: `writes to ${list(each.owners)}: ${each.tables.join(', ')}`, place: each.begin },
    ],
  )
  return section('Cross-service transactions', [], rows, screen)
}

function foreignKeysSection(keys: ForeignKey[], screen: Screen): string[] {
  const rows = keys.map(
    (key): Row => [
      {
        text: `${key.from}(${key.fromColumns.join(', ')}) → ${key.to}(${key.toColumns.join(', ')})${key.crossService ? ', cross-service' : ''}`,
        place: place(key),
      },
    ],
  )
  return section('Foreign keys', [], rows, screen)
}

function migrationsSection(migrations: ForeignMigration[], screen: Screen): string[] {
  const rows = migrations.map(
    (each): Row => [
      { text: each.service },
      {
        text: `${each.verb} ${each.tables.map(({ table, owner }) => `${table} of ${owner}`).join(', ')}`,
        place: place(each),
      },
    ],
  )
  return section("Migrations that touch other services' tables", [], rows, screen)
}

function unresolvedSection(unresolved: Unresolved[], screen: Screen): string[] {
  const rows = unresolved.map((each): Row => [{ text: `${each.reason}: ${each.text}`, place: place(each) }])
  return section('Unresolved', [], rows, screen)
}

function adviceLines(advice: Advice[], { colours, width, top }: Screen): string[] {
  if (advice.length === 0) return []
  return [
    '',
    colours.bold('What to do'),
    ...advice.flatMap(({ text, places }, index) => {
      const lead = `  ${index + 1}. `
      const indent = ' '.repeat(lead.length)
      const lines = plainLines(text)
        .split('\n')
        .flatMap(line => (line.startsWith(' ') ? [line] : wrap(line, width - lead.length)))
      const at = places.length > 1 ? wrap(plain(first(places.map(place), top)), width - lead.length) : []
      return [
        ...lines.map((line, number) => (number === 0 ? lead : indent) + line),
        ...at.map(line => indent + colours.dim(line)),
      ]
    }),
  ]
}
