import { crossings, foreignMigrations, orderBy } from '../../analyzers/graph/index.js'
import type { DependencyMap } from '../../analyzers/model.js'
import { unusedAdvice } from './advice.js'
import type { FileExplanation } from './explanation.js'
import { type Forecasts, rewritesOf } from './rewrites.js'
import { statementOf } from './uses.js'

/** All that the map has in one file, a line each: `explain file:line` has the SQL of one of them. */
export function explainFile(map: DependencyMap, file: string, forecasts: Forecasts): FileExplanation {
  const isHere = (at: { file: string | null } | null) => at?.file === file
  const accesses = map.accesses.filter(isHere).sort(orderBy(each => each.line))
  const used = new Set(accesses)
  return {
    kind: 'file',
    file,
    statements: accesses.map(access => statementOf(access, map)),
    unresolved: map.unresolved.filter(isHere),
    defines: map.tables
      .filter(table => isHere(table.definedAt))
      .map(({ id, definedAt }) => ({ table: id, line: definedAt!.line })),
    foreignKeys: map.foreignKeys.filter(isHere),
    migrations: foreignMigrations(map).filter(isHere),
    diagnostics: map.diagnostics.filter(isHere),
    rewrites: rewritesOf(
      crossings(map).filter(({ access }) => used.has(access)),
      forecasts,
    ),
    advice: unusedAdvice(map, accesses),
  }
}
