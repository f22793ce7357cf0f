import {
  type Crossing,
  crossings,
  cycles,
  groupBy,
  matrix,
  orderBy,
  type Partner,
  separationOrder,
  type Tally,
  tally,
} from '../../analyzers/graph/index.js'
import type { DependencyMap } from '../../analyzers/model.js'
import { flowchart } from '../mermaid.js'
import { beside, isFree } from '../separation.js'
import { code, table } from '../text/markdown.js'
import { first, number } from '../text/words.js'

/** Services named in one cell. */
const MOST_PARTNERS = 6

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
    'Each time the service into whose tables the fewest accesses reach: the first one is the cheapest to separate. The numbers are what is left to replace when its turn comes.',
    '',
    ...table(
      ['Turn', 'Service', "Others' accesses to its tables", "Its accesses to others' tables", 'Also tied by'],
      steps.map((step, index) => [
        number(index + 1),
        code(step.service),
        sumOf(step.incoming, step.by),
        sumOf(step.outgoing, step.into),
        isFree(step) ? 'nothing left to replace by then' : beside(step),
      ]),
    ),
    ...(groups.length > 0 ? ['', 'Services that depend on each other, directly or round about:', ''] : []),
    ...groups.map(group => `- ${group.map(code).join(' ⇄ ')}`),
  ]
}

/** `3: `orders` 2, `billing` 1`. */
function sumOf(accesses: number, partners: Partner[]): string {
  if (accesses === 0) return '0'
  if (partners.length === 1) return `${number(accesses)}: ${code(partners[0]!.service)}`
  const named = partners.map(partner => `${code(partner.service)} ${number(partner.accesses)}`)
  return `${number(accesses)}: ${first(named, MOST_PARTNERS)}`
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
