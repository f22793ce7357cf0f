import { groupBy, orderBy, type Tally } from '../analyzers/graph/index.js'
import type { DependencyMap } from '../analyzers/model.js'
import { type Drawing, drawingOf, nodeIds } from './drawing.js'
import type { Report } from './report.js'
import { plain } from './text/plain.js'
import { count, number, operations } from './text/words.js'

/** Above so many arrows nobody can follow a picture with tables: services only. */
const MOST_TABLE_EDGES = 120
/** What GitHub's Mermaid takes: `maxEdges` and `maxTextSize` of its default configuration. */
const MOST_EDGES = 500
const MOST_CHARACTERS = 50_000
/** Longer labels lose their end. */
const LONGEST_LABEL = 60

/** What crosses, as a flowchart. */
export const report: Report = {
  render: map => flowchart(map),
}

/**
 * A Mermaid flowchart, ending in a line feed, that GitHub renders: by tables; where that is too much, by services
 * with sums; where that is too much as well, the heaviest of these, and a line that tells how many are left out.
 */
export function flowchart(map: DependencyMap): string {
  const drawing = drawingOf(map)
  const arrows = drawing.edges.length + drawing.foreignKeys.length
  if (arrows === 0) return 'flowchart LR\n  none["No service reaches into the tables of another"]\n'
  if (arrows <= MOST_TABLE_EDGES) {
    const text = byTables(drawing)
    if (text.length <= MOST_CHARACTERS) return text
  }
  const sums = serviceEdges(drawing)
  for (let most = MOST_EDGES; ; most = Math.floor(most / 2)) {
    const text = byServices(sums, most)
    if (text.length <= MOST_CHARACTERS || most === 1) return text
  }
}

function byTables(drawing: Drawing): string {
  const { services, groups, edges, foreignKeys } = drawing
  const ids = nodeIds(drawing)
  const inGroup = new Set(groups.map(group => group.owner))
  const service = (name: string) => `${ids.service.get(name)}([${label(name)}])`
  const lines = [
    'flowchart LR',
    ...services.filter(name => !inGroup.has(name)).map(name => `  ${service(name)}`),
    ...groups.flatMap(({ owner, tables }, index) => [
      `  subgraph g${index}[${label(owner ?? 'open owner')}]`,
      ...(owner !== null && ids.service.has(owner) ? [`    ${service(owner)}`] : []),
      ...tables.map(table => `    ${ids.table.get(table)}[(${label(table)})]`),
      '  end',
    ]),
    ...edges.map(edge =>
      arrow(ids.service.get(edge.service)!, ids.table.get(edge.table)!, operations(edge), edge),
    ),
    ...foreignKeys.map(key => `  ${ids.table.get(key.from)} -.->|"foreign key"| ${ids.table.get(key.to)}`),
  ]
  return `${lines.join('\n')}\n`
}

/** An arrow; thick where something is written or defined. */
function arrow(from: string, to: string, text: string, { writes, ddl }: Tally): string {
  return `  ${from} ${writes + ddl > 0 ? '==>' : '-->'}|${label(text)}| ${to}`
}

type ServiceEdge = { from: string; to: string; tables: number } & Tally

/** Sums by service and owner; an access to two tables of one owner counts for each. The heaviest first. */
function serviceEdges({ edges }: Drawing): ServiceEdge[] {
  return [...groupBy(edges, edge => JSON.stringify([edge.service, edge.owner])).values()]
    .map(group => {
      const sum = (key: keyof Tally) => group.reduce((total, edge) => total + edge[key], 0)
      return {
        from: group[0]!.service,
        to: group[0]!.owner,
        tables: group.length,
        accesses: sum('accesses'),
        reads: sum('reads'),
        writes: sum('writes'),
        ddl: sum('ddl'),
        joins: sum('joins'),
      }
    })
    .sort(
      orderBy(
        edge => -edge.accesses,
        edge => edge.from,
        edge => edge.to,
      ),
    )
}

function byServices(sums: ServiceEdge[], most: number): string {
  const shown = sums.slice(0, most).sort(
    orderBy(
      edge => edge.from,
      edge => edge.to,
    ),
  )
  const names = [...new Set(shown.flatMap(edge => [edge.from, edge.to]))].sort()
  const ids = new Map(names.map((name, index) => [name, `s${index}`]))
  const hidden = sums.length - shown.length
  const lines = [
    'flowchart LR',
    ...names.map(name => `  ${ids.get(name)}([${label(name)}])`),
    ...(hidden > 0 ? [`  rest["and ${number(hidden)} lighter arrows, not drawn"]`] : []),
    ...shown.map(edge => {
      const text = `${count(edge.tables, 'table')}: ${operations(edge)}`
      return arrow(ids.get(edge.from)!, ids.get(edge.to)!, text, edge)
    }),
  ]
  return `${lines.join('\n')}\n`
}

/**
 * What a label must not have as it is. Letters, digits, spaces, commas and slashes mean nothing; underscores, periods
 * and hyphens mean nothing inside of a word. All else could be syntax, or Markdown, which Mermaid reads in labels.
 */
const ACTIVE =
  /[^\p{L}\p{M}\p{N} ,/…_.-]|(?<![\p{L}\p{M}\p{N}])[_.-]|[_.-](?![\p{L}\p{M}\p{N}])|(?<=www)\./giu

/** A quoted label; Mermaid writes a character as `#`, its number and `;`. */
function label(text: string): string {
  const characters = [...plain(text)]
  const short =
    characters.length > LONGEST_LABEL ? [...characters.slice(0, LONGEST_LABEL - 1), '…'] : characters
  return `"${short.join('').replace(ACTIVE, character => `#${character.codePointAt(0)};`)}"`
}
