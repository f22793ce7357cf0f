import { drawingOf } from './drawing.js'
import type { Report } from './report.js'
import { plain } from './text/plain.js'
import { operations } from './text/words.js'

/** What crosses, for Graphviz: `dot -Tsvg`. */
export const report: Report = {
  render(map) {
    const { groups, edges, foreignKeys } = drawingOf(map)
    const services = new Map(groups.map((group, index) => [group.service, `s${index}`]))
    const tables = new Map(groups.flatMap(group => group.tables).map((table, index) => [table, `t${index}`]))
    const clusters = groups.flatMap((group, index) => [
      `  subgraph cluster_${index} {`,
      `    label=${quoted(group.service ?? 'open owner')};`,
      ...(group.service === null
        ? []
        : [
            `    ${services.get(group.service)} [label=${quoted(group.service)}, shape=box, style="rounded,filled"];`,
          ]),
      ...group.tables.map(table => `    ${tables.get(table)} [label=${quoted(table)}, shape=cylinder];`),
      '  }',
    ])
    const lines = [
      'digraph seamripper {',
      '  rankdir=LR;',
      '  node [fontname="sans-serif", fillcolor="#e8eef7"];',
      '  edge [fontname="sans-serif", fontsize=10];',
      ...clusters,
      ...edges.map(edge => {
        const colour = edge.writes > 0 || edge.ddl > 0 ? ', color="#c0392b"' : ''
        return `  ${services.get(edge.service)} -> ${tables.get(edge.table)} [label=${quoted(operations(edge))}${colour}];`
      }),
      ...foreignKeys.map(
        key => `  ${tables.get(key.from)} -> ${tables.get(key.to)} [label="foreign key", style=dashed];`,
      ),
      '}',
    ]
    return `${lines.join('\n')}\n`
  },
}

/** A quoted DOT string; a backslash is doubled so that `\N` and the like stay text. */
function quoted(text: string): string {
  return `"${plain(text).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}
