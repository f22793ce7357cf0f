import { drawingOf, nodeIds } from './drawing.js'
import type { Report } from './report.js'
import { plain } from './text/plain.js'
import { operations } from './text/words.js'

/** What crosses, for Graphviz: `dot -Tsvg`. */
export const report: Report = {
  render(map) {
    const drawing = drawingOf(map)
    const { services, groups, edges, foreignKeys } = drawing
    const ids = nodeIds(drawing)
    const inGroup = new Set(groups.map(group => group.owner))
    const service = (name: string) =>
      `${ids.service.get(name)} [label=${quoted(name)}, shape=box, style="rounded,filled"];`
    const clusters = groups.flatMap(({ owner, tables }, index) => [
      `  subgraph cluster_${index} {`,
      `    label=${quoted(owner ?? 'open owner')};`,
      ...(owner !== null && ids.service.has(owner) ? [`    ${service(owner)}`] : []),
      ...tables.map(table => `    ${ids.table.get(table)} [label=${quoted(table)}, shape=cylinder];`),
      '  }',
    ])
    const lines = [
      'digraph seamripper {',
      '  rankdir=LR;',
      '  node [fontname="sans-serif", fillcolor="#e8eef7"];',
      '  edge [fontname="sans-serif", fontsize=10];',
      ...services.filter(name => !inGroup.has(name)).map(name => `  ${service(name)}`),
      ...clusters,
      ...edges.map(edge => {
        const colour = edge.writes > 0 || edge.ddl > 0 ? ', color="#c0392b"' : ''
        return `  ${ids.service.get(edge.service)} -> ${ids.table.get(edge.table)} [label=${quoted(operations(edge))}${colour}];`
      }),
      ...foreignKeys.map(
        key =>
          `  ${ids.table.get(key.from)} -> ${ids.table.get(key.to)} [label="foreign key", style=dashed];`,
      ),
      '}',
    ]
    return `${lines.join('\n')}\n`
  },
}

/** A quoted DOT string; a backslash is doubled so that `\N` and the like stay text, `&` written so that `&amp;` does. */
function quoted(text: string): string {
  const escaped = plain(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;')
  return `"${escaped}"`
}
