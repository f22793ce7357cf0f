import {
  type Crossing,
  crossings,
  cycles,
  groupBy,
  matrix,
  orderBy,
  separationOrder,
  type Tally,
  tally,
} from '../../analyzers/graph/index.js'
import type { DependencyMap } from '../../analyzers/model.js'
import { flowchart } from '../mermaid.js'
import { code, table } from '../text/markdown.js'
import { number } from '../text/words.js'

/** The Mermaid diagram, which GitHub renders. */
export function diagram(map: DependencyMap): string[] {
  return ['', '## Diagram', '', '```mermaid', flowchart(map).trimEnd(), '```']
}

/** Service × owner, those with most at the top left. */
export function matrixTable(map: DependencyMap): string[] {
  const { services, owners, cells } = matrix(map)
  if (services.length === 0) return []
  const all = crossings(map)
  const rows = byMost(services, all, ({ service }) => service)
  const columns = byMost(owners, all, ({ owner }) => owner)
  return [
    '',
    '## Who reaches into whom',
    '',
    'Rows reach into columns. **r** reads, **w** writes, **d** defines or changes, **j** joins with tables of another owner.',
    '',
    ...table(
      ['', ...columns.map(({ name }) => code(name))],
      rows.map(({ name, at }) => [
        code(name),
        ...columns.map(column => short(cells[at]![column.at] ?? null)),
      ]),
    ),
  ]
}

/** Names with where they stand in the matrix, those of most accesses first. */
function byMost(names: string[], all: Crossing[], whose: (crossing: Crossing) => string) {
  const of = groupBy(all, whose)
  return names
    .map((name, at) => ({ name, at, sum: tally(of.get(name)!).accesses }))
    .sort(orderBy(({ sum }) => -sum))
}

/** The order of separation, and the groups that need each other. */
export function order(map: DependencyMap): string[] {
  const steps = separationOrder(map)
  if (steps.length === 0) return []
  const groups = cycles(map)
  return [
    '',
    '## Order of separation',
    '',
    'Each time the service into whose tables the fewest accesses reach. The numbers are what is left to replace when its turn comes.',
    '',
    ...table(
      ['Turn', 'Service', "Others' accesses to its tables", "Its accesses to others' tables"],
      steps.map(({ service, incoming, outgoing }, index) => [
        number(index + 1),
        code(service),
        number(incoming),
        number(outgoing),
      ]),
    ),
    ...(groups.length > 0 ? ['', 'Services that depend on each other, directly or round about:', ''] : []),
    ...groups.map(group => `- ${group.map(code).join(' ⇄ ')}`),
  ]
}

/** `2r 1w 1j`. */
function short(cell: Tally | null): string {
  if (!cell) return ''
  const parts: [number, string][] = [
    [cell.reads, 'r'],
    [cell.writes, 'w'],
    [cell.ddl, 'd'],
    [cell.joins, 'j'],
  ]
  return parts
    .filter(([value]) => value > 0)
    .map(([value, letter]) => `${number(value)}${letter}`)
    .join(' ')
}
