import { openTables, rankServices, rankTables } from '../../analyzers/graph/index.js'
import type { DependencyMap } from '../../analyzers/model.js'
import type { ReportContext } from '../report.js'
import type { Screen } from '../terminal/section.js'
import { command } from '../text/shell.js'
import { place } from '../text/words.js'

/** Which commands to run next, for what this map has. */
export function nextSteps(map: DependencyMap, at: ReportContext, { colours }: Screen): string[] {
  const steps: [string[], string][] = []
  const table = rankTables(map)[0]
  const service = rankServices(map)[0]
  const open = openTables(map)[0]
  const unresolved = map.unresolved[0]
  if (table) steps.push([['explain', table.table], 'who uses the most crossed table, and what to do'])
  if (service) steps.push([['explain', service.service], 'all that one service takes from others'])
  if (open) steps.push([['explain', open.table.id], 'why its owner is open, and how to set it'])
  if (open && table === undefined) {
    steps.push([['init'], 'what was found as a configuration, in which you set the owners'])
  }
  if (unresolved) steps.push([['explain', place(unresolved)], 'what is known of an unresolved place'])
  if (map.accesses.length > 0) {
    steps.push([['map', '--format', 'html', '-o', 'map.html'], 'the whole map as a page to explore'])
  }
  if (steps.length === 0) return []
  return [
    '',
    colours.bold('Next'),
    ...steps.flatMap(([words, purpose]) => [`  ${command(words, at)}`, colours.dim(`      ${purpose}`)]),
  ]
}
