import { MultiDirectedGraph } from 'graphology'
import { write } from 'graphology-gexf'
import { buildGraph, type EdgeAttributes, type NodeAttributes } from '../analyzers/graph/index.js'
import type { Report } from './report.js'
import { plain } from './text/plain.js'

/** The whole graph, own accesses included, for Gephi and other tools. */
export const report: Report = {
  render(map) {
    const graph = buildGraph(map)
    // Names may hold characters that XML has no way to write, and two may differ in these only: number them.
    const numbered = new MultiDirectedGraph()
    const ids = new Map(graph.nodes().map((node, index) => [node, `n${index}`]))
    graph.forEachNode((node, attributes) => {
      numbered.addNode(ids.get(node), nodeAttributes(attributes))
    })
    let edges = 0
    graph.forEachEdge((_, attributes, source, target) => {
      numbered.addDirectedEdgeWithKey(
        `e${edges++}`,
        ids.get(source),
        ids.get(target),
        edgeAttributes(attributes),
      )
    })
    return `${write(numbered, { version: '1.3' })}\n`
  },
}

type Flat = Record<string, string | number | boolean>

function nodeAttributes(node: NodeAttributes): Flat {
  return textual({ ...node })
}

function edgeAttributes(edge: EdgeAttributes): Flat {
  switch (edge.type) {
    case 'access':
      return textual({ type: edge.type, op: edge.op, weight: edge.count, crossService: edge.crossService })
    case 'owned-by':
      return textual({ type: edge.type, ownerConfidence: edge.confidence })
    case 'foreign-key':
      return textual({
        type: edge.type,
        columns: edge.columns.join(', '),
        toColumns: edge.toColumns.join(', '),
        crossService: edge.crossService,
        place: `${edge.file}:${edge.line}`,
      })
    case 'stored-in':
      return { type: edge.type }
  }
}

/** Without what is not there, and with text that XML can hold. */
function textual(attributes: Record<string, string | number | boolean | null>): Flat {
  const flat: Flat = {}
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null)
      flat[name] = typeof value === 'string' ? plain(value).replace(/[\ufffe\uffff]/g, '\ufffd') : value
  }
  return flat
}
