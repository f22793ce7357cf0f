import { listed } from '../../analyzers/listed.js'
import type { ReportContext } from '../report.js'
import type { Row } from '../terminal/columns.js'
import { type Screen, screenOf, section } from '../terminal/section.js'
import { plain } from '../text/plain.js'
import { command, type Invocation } from '../text/shell.js'
import { place } from '../text/words.js'
import type {
  Explanation,
  FileExplanation,
  Place,
  PlaceExplanation,
  Rewrite,
  ServiceExplanation,
  TableExplanation,
} from './explanation.js'
import * as parts from './parts.js'

/** An explanation as text for the terminal, ending in a line feed. */
export function renderExplanation(
  explanation: Explanation,
  context: Pick<ReportContext, 'program' | 'root' | 'width' | 'top' | 'colour'>,
): string {
  const screen = screenOf(context, () => '--format json has all')
  const lines = [
    ...linesOf(explanation, context, screen),
    ...parts.rewritesSection(explanation.rewrites, screen),
    ...rewriteCommands(explanation, context, screen),
    ...parts.adviceLines(explanation.advice, screen),
  ]
  return `${lines.join('\n')}\n`
}

function linesOf(explanation: Explanation, context: Invocation, screen: Screen): string[] {
  switch (explanation.kind) {
    case 'table':
      return tableLines(explanation, screen)
    case 'service':
      return serviceLines(explanation, screen)
    case 'file':
      return fileLines(explanation, context, screen)
    case 'place':
      return placeLines(explanation, screen)
  }
}

/** How to have it done, where something can be. */
function rewriteCommands(explanation: Explanation, at: Invocation, { colours }: Screen): string[] {
  const made = explanation.rewrites.filter(({ operations }) => operations.length > 0)
  if (made.length === 0) return []
  return choices(explanation, made).map(words => colours.dim(`  ${command(['rewrite', ...words], at)}`))
}

/** Which of all rewrites the explained ones are. */
function choices(explanation: Explanation, made: Rewrite[]): string[][] {
  switch (explanation.kind) {
    case 'table':
      return [['--table', explanation.id]]
    case 'service':
      return [['--service', explanation.service.name]]
    case 'file':
    case 'place': {
      const operations = new Set(made.flatMap(each => each.operations))
      return [...operations].sort().map(operation => ['--operation', operation])
    }
  }
}

function tableLines(explanation: TableExplanation, screen: Screen): string[] {
  const { id, table, dialect } = explanation
  const where = table
    ? `${table.kind} of datastore ${table.datastore} (${dialect ?? 'unknown'})`
    : 'table of an open datastore'
  const owner = table?.owner ?? null
  return [
    ...parts.title(id, screen),
    plain(`  ${where}, ${owner === null ? 'owner open' : `owned by ${owner}`}`),
    ...(table?.definedAt ? [plain(`  defined at ${place(table.definedAt)}`)] : []),
    ...parts.evidenceSection(
      owner === null ? 'Why the owner is open' : `Why ${plain(owner)} owns it`,
      table?.evidence ?? [],
      screen,
    ),
    ...parts.usesSection('Who uses it', explanation.uses, use => use.service, screen),
    ...parts.statementsSection('Statements of other services', explanation.crossing, screen),
    ...parts.transactionsSection(explanation.transactions, screen),
    ...parts.foreignKeysSection(explanation.foreignKeys, screen),
    ...parts.migrationsSection(explanation.migrations, screen),
  ]
}

function serviceLines(explanation: ServiceExplanation, screen: Screen): string[] {
  const { service, owns } = explanation
  return [
    ...parts.title(service.name, screen),
    plain(`  ${service.kind} in ${service.path}`),
    ...parts.evidenceSection('Why it is one', service.evidence, screen),
    ...section('Tables that it owns', [], owns.length > 0 ? [[{ text: owns.join(', ') }]] : [], screen),
    ...parts.statementsSection('Statements that lie in it', explanation.statements, screen),
    ...parts.usesSection(
      'What it takes from others',
      explanation.reachesInto,
      use => `${use.table} of ${use.owner}`,
      screen,
    ),
    ...parts.usesSection(
      'What others take from it',
      explanation.reachedIntoBy,
      use => `${use.service}: ${use.table}`,
      screen,
    ),
    ...parts.usesSection(
      'Tables with an open owner that it uses',
      explanation.open,
      use => use.table,
      screen,
    ),
    ...parts.transactionsSection(explanation.transactions, screen),
    ...parts.foreignKeysSection(explanation.foreignKeys, screen),
    ...parts.migrationsSection(explanation.migrations, screen),
    ...parts.unresolvedSection(explanation.unresolved, screen),
  ]
}

function fileLines(explanation: FileExplanation, context: Invocation, screen: Screen): string[] {
  const { file, statements, unresolved, defines, diagnostics } = explanation
  const [one] = [...statements, ...unresolved]
  const told = [
    ...parts.statementRows(statements, screen),
    ...section(
      'Tables created here',
      [],
      defines.map(({ table, line }): Row => [{ text: `line ${line}` }, { text: table }]),
      screen,
    ),
    ...parts.foreignKeysSection(explanation.foreignKeys, screen),
    ...parts.migrationsSection(explanation.migrations, screen),
    ...parts.unresolvedSection(unresolved, screen),
    ...section(
      'Diagnostics',
      [],
      diagnostics.map((each): Row => [{ text: each.severity }, { text: each.message }]),
      screen,
    ),
  ]
  return [
    ...parts.title(file, screen),
    ...(told.length > 0 ? told : ['', '  Nothing here: no access, nothing unresolved.']),
    ...(one === undefined
      ? []
      : [
          '',
          '  Of one line, with its SQL:',
          screen.colours.dim(`  ${command(['explain', place(one)], context)}`),
        ]),
  ]
}

function placeLines(explanation: PlaceExplanation, screen: Screen): string[] {
  const { defines, diagnostics, nearest } = explanation
  const found = diagnostics.map((each): Row => [{ text: each.severity }, { text: each.message }])
  return [
    ...parts.title(place(explanation), screen),
    ...(explanation.statements.length > 0
      ? ['', ...explanation.statements.flatMap(each => parts.statementLines(each, screen))]
      : []),
    ...section(
      'Tables created here',
      [],
      defines.map((id): Row => [{ text: id }]),
      screen,
    ),
    ...parts.foreignKeysSection(explanation.foreignKeys, screen),
    ...parts.migrationsSection(explanation.migrations, screen),
    ...parts.unresolvedSection(explanation.unresolved, screen),
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
  return [plain(`  The nearest in this file: ${listed(nearest.map(each => `line ${each.line}`))}`)]
}
