import { crossings, foreignMigrations, orderBy } from '../../analyzers/graph/index.js'
import type { Access, DependencyMap } from '../../analyzers/model.js'
import { adviceFor, foreignKeyAdvice, openOwnerAdvice, unusedAdvice } from './advice.js'
import type { Advice, Place, PlaceExplanation } from './explanation.js'
import { type Forecasts, rewritesOf } from './rewrites.js'
import { unresolvedAdvice } from './unresolved.js'
import { statementOf } from './uses.js'

/** Most places to name where a line has nothing. */
const MOST_NEAREST = 3

/** All that the map has at one line: what runs there, whose SQL text lies there, what could not be resolved. */
export function explainPlace(
  map: DependencyMap,
  file: string,
  line: number,
  forecasts: Forecasts,
): PlaceExplanation {
  const here = (at: Place | null) => at !== null && at.file === file && at.line === line
  const accesses = map.accesses.filter(access => covers(access, file, line))
  const unresolved = map.unresolved.filter(here)
  const defines = map.tables.filter(table => here(table.definedAt)).map(table => table.id)
  const foreignKeys = map.foreignKeys.filter(here)
  const migrations = foreignMigrations(map).filter(here)
  const diagnostics = map.diagnostics.filter(each => each.file === file && each.line === line)
  const found = [accesses, unresolved, defines, foreignKeys, migrations, diagnostics].some(
    each => each.length > 0,
  )
  const used = new Set(accesses)
  const open = accesses.flatMap(access =>
    access.tables.filter(table => table.id !== null && isOpen(map, table.id)),
  )
  const crossing = crossings(map).filter(({ access }) => used.has(access))
  return {
    kind: 'place',
    file,
    line,
    statements: accesses.map(access => statementOf(access, map)),
    unresolved,
    defines,
    foreignKeys,
    migrations,
    diagnostics,
    nearest: found ? [] : nearestIn(map, file, line),
    rewrites: rewritesOf(crossing, forecasts),
    advice: [
      ...unusedAdvice(map, accesses),
      ...adviceFor(crossing),
      ...unreachedAdvice(accesses),
      ...foreignKeyAdvice(foreignKeys),
      ...openOwnerAdvice([...new Set(open.map(table => table.id!))], []),
      ...unresolved.map(unresolvedAdvice),
    ],
  }
}

/** Whether an access is at a line: its call, or its SQL text, spans it. */
function covers(access: Access, file: string, line: number): boolean {
  if (access.file === file && line >= access.line && line <= access.endLine) return true
  const sqlLines = access.sql?.split('\n').length ?? 1
  return access.sqlFile === file && line >= access.sqlLine && line < access.sqlLine + sqlLines
}

function isOpen(map: DependencyMap, id: string): boolean {
  return map.tables.some(table => table.id === id && table.owner === null)
}

function unreachedAdvice(accesses: Access[]): Advice[] {
  const unreached = accesses.filter(access => access.reachedBy.length === 0)
  if (unreached.length === 0) return []
  return [
    {
      rule: 'unreached',
      text: `No service imports this code of ${unreached[0]!.service}. Delete it if it is dead.`,
      places: unreached.map(({ file, line }) => ({ file, line })),
    },
  ]
}

function nearestIn(map: DependencyMap, file: string, line: number): Place[] {
  const places = [...map.accesses, ...map.unresolved].filter(each => each.file === file)
  const lines = [...new Set(places.map(each => each.line))]
  return lines
    .sort(
      orderBy(
        each => Math.abs(each - line),
        each => each,
      ),
    )
    .slice(0, MOST_NEAREST)
    .map(each => ({ file, line: each }))
}
