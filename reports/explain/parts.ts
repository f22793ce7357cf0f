/** The parts that the explanations of tables, services and places share. */
import { type ForeignMigration, groupBy } from '../../analyzers/graph/index.js'
import { listed } from '../../analyzers/listed.js'
import type { CrossTransaction, Evidence, ForeignKey, Unresolved } from '../../analyzers/model.js'
import { type Row, wrap } from '../terminal/columns.js'
import { type Screen, section } from '../terminal/section.js'
import { plain, plainLines } from '../text/plain.js'
import { first, number, place } from '../text/words.js'
import type { Advice, Rewrite, Statement, Use } from './explanation.js'
import { layOut } from './sql.js'

export function title(text: string, { colours }: Screen): string[] {
  return [colours.bold(plain(text))]
}

export function usesSection(
  heading: string,
  uses: Use[],
  name: (use: Use) => string,
  screen: Screen,
): string[] {
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

export function statementsSection(heading: string, statements: Statement[], screen: Screen): string[] {
  if (statements.length === 0) return []
  const hidden = statements.length - screen.top
  return [
    '',
    screen.colours.bold(statements.length > 1 ? `${heading} (${statements.length})` : heading),
    ...statements.slice(0, screen.top).flatMap(each => statementLines(each, screen)),
    ...(hidden > 0 ? [screen.colours.dim(`  … ${hidden} more (${screen.seeAll(statements.length)})`)] : []),
  ]
}

/** The statements of one file, a line each and without their SQL. */
export function statementRows(statements: Statement[], screen: Screen): string[] {
  const rows = statements.map(({ line, reachedBy, tables, crossServiceJoin }): Row => {
    const uses = tables.filter(each => !each.system)
    const crosses = crossServiceJoin || uses.some(each => each.crossService)
    const runBy = reachedBy.length > 0 ? `run by ${first(reachedBy, screen.top)}` : 'no service reaches it'
    return [
      { text: `line ${line}` },
      {
        text: `${usesTogether(uses).join(', ') || 'no table'}; ${runBy}`,
        ...(crosses ? { paint: screen.colours.yellow } : {}),
      },
    ]
  })
  return section('Statements', [], rows, screen)
}

/** Uses in words, the tables of one operation and owner together: `read orders, items of shop`. */
function usesTogether(uses: Statement['tables']): string[] {
  const alike = groupBy(uses, ({ op, owner, via }) => JSON.stringify([op, owner, via]))
  return [...alike.values()].map(each => {
    const tables = each.map(({ id, table }) => id ?? table).join(', ')
    return useWords({ ...each[0]!, id: tables })
  })
}

function useWords({ op, id, table, owner, system, via }: Statement['tables'][number]): string {
  return `${op} ${id ?? table}${system ? ' (system)' : ` of ${owner ?? 'an open owner'}`}${via === undefined ? '' : ` through ${via}`}`
}

/** Place, who runs it, the SQL, and its tables. */
export function statementLines(statement: Statement, { colours, width }: Screen): string[] {
  const runBy =
    statement.reachedBy.length > 0 ? `run by ${listed(statement.reachedBy)}` : 'no service reaches it'
  const notes = [
    runBy,
    statement.driver,
    statement.crossServiceJoin ? 'cross-service join' : '',
    statement.transaction === null ? '' : `in the transaction that begins at ${statement.transaction}`,
    statement.confidence === 'partial' ? 'some pieces unknown' : '',
    statement.confidence === 'tokens' ? 'no parser took it' : '',
    statement.sqlFile === statement.file ? '' : `SQL in ${statement.sqlFile}:${statement.sqlLine}`,
  ].filter(note => note !== '')
  const tables = statement.tables.map(useWords)
  return [
    `  ${colours.cyan(plain(place(statement)))}`,
    ...wrap(plain(notes.join(', ')), width - 4).map(line => `    ${line}`),
    ...sqlLines(statement).map(line => `      ${line}`.trimEnd()),
    ...tables.map(line => colours.dim(`    ${plain(line)}`)),
  ]
}

/** More is a script to be looked at in its file. */
const MAX_SQL_LINES = 120

function sqlLines({ sql, dialect, sqlFile, sqlLine }: Statement): string[] {
  if (sql === null) return []
  const lines = plainLines(layOut(sql, dialect)).split('\n')
  const hidden = lines.length - MAX_SQL_LINES
  if (hidden <= 1) return lines
  return [
    ...lines.slice(0, MAX_SQL_LINES),
    `… ${number(hidden)} more lines: ${plain(`${sqlFile}:${sqlLine}`)}`,
  ]
}

export function transactionsSection(transactions: CrossTransaction[], screen: Screen): string[] {
  const rows = transactions.map(
    (each): Row => [
      { text: each.service },
      { text: `writes to ${listed(each.owners)}: ${each.tables.join(', ')}`, place: each.begin },
    ],
  )
  return section('Cross-service transactions', [], rows, screen)
}

export function foreignKeysSection(keys: ForeignKey[], screen: Screen): string[] {
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

export function migrationsSection(migrations: ForeignMigration[], screen: Screen): string[] {
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

export function unresolvedSection(unresolved: Unresolved[], screen: Screen): string[] {
  const rows = unresolved.map((each): Row => {
    const isKnown = /[^…\s]/.test(each.text)
    return [{ text: isKnown ? `${each.reason}: ${each.text}` : each.reason, place: place(each) }]
  })
  return section('Unresolved', [], rows, screen)
}

/** What `rewrite` would do: the calls that it would make, or why it leaves the statement to a person. */
export function rewritesSection(rewrites: Rewrite[], screen: Screen): string[] {
  const rows = rewrites.map(
    ({ strategy, operations, reason, advice, lost, ...at }): Row => [
      { text: place(at), paint: screen.colours.cyan },
      { text: strategy },
      {
        text: [
          operations.length > 0 ? `as ${listed(operations)}` : reason,
          ...(advice === null ? [] : [advice]),
          ...(strategy === 'by hand' ? [] : lost.map(each => `lost: ${each}`)),
        ].join('; '),
      },
    ],
  )
  return section('What rewrite would do', [], rows, screen)
}

export function adviceLines(advice: Advice[], { colours, width, top }: Screen): string[] {
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

export function evidenceSection(heading: string, evidence: Evidence[], screen: Screen): string[] {
  const rows = evidence.map((each): Row => [{ text: each.reason, place: place(each) }])
  return section(heading, [], rows, screen)
}
