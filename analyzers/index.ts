/**
 * Seamripper's programmatic interface: what the command line uses, and nothing else.
 *
 * @example
 * import { analyze } from 'seamripper'
 * const map = await analyze({ root: '.' })
 * for (const edge of map.edges) console.log(edge.from, '->', edge.to, edge.table)
 */
import type { DependencyMap } from './model.js'
import { type AnalyzeOptions, analyzeRepository } from './repository.js'

export type * from './model.js'
export type { AnalyzeOptions } from './repository.js'
export { ConfigError } from './workspace/index.js'

/**
 * Analyses a monorepo: every table access, who owns the table, and which services reach it. Runs none of its code.
 *
 * @returns the linked model; what could not be read, parsed or resolved is in its `diagnostics` and `unresolved`
 * @throws ConfigError when the root is no folder or the configuration is wrong
 */
export async function analyze(options: AnalyzeOptions): Promise<DependencyMap> {
  return (await analyzeRepository(options)).map
}
