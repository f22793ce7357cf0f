import { MultiGraph } from 'graphology'
import { parse } from 'graphology-gexf'
import { expect, test } from 'vitest'
import { buildGraph } from '../../analyzers/graph/index.js'
import { report } from '../../reports/gexf.js'
import { plain } from '../../reports/text/plain.js'
import { context } from './context.js'
import { emptyMap, hostileMap, largeMap, sampleMap } from './sample-map.js'

const read = (text: string) => parse(MultiGraph, text, { respectInputGraphType: true })

test.each([
  ['the sample', sampleMap()],
  ['an empty map', emptyMap()],
  ['a large map', largeMap(12)],
  ['hostile names', hostileMap()],
])('%s comes back with all nodes and edges', (_, map) => {
  const written = read(report.render(map, context()))
  const graph = buildGraph(map)
  expect([written.order, written.size]).toEqual([graph.order, graph.size])
})

test('a node keeps its attributes', () => {
  const graph = read(report.render(sampleMap(), context()))
  const node = graph.findNode((_, attributes) => attributes.label === 'nilecare/invoices')
  expect(graph.getNodeAttributes(node)).toEqual({
    label: 'nilecare/invoices',
    type: 'table',
    datastore: 'nilecare',
    kind: 'table',
    owner: 'billing-service',
    ownerConfidence: 'migration',
  })
})

test('an edge keeps its attributes', () => {
  const graph = read(report.render(sampleMap(), context()))
  const named = (label: string) => graph.findNode((_, attributes) => attributes.label === label)
  const edges = graph.outEdges(named('billing-service'), named('nilecare/patients'))
  expect(edges.map(edge => graph.getEdgeAttributes(edge))).toEqual([
    { type: 'access', op: 'read', weight: 2, crossService: true },
  ])
})

test('hostile names are labels', () => {
  const map = hostileMap()
  const labels = new Set(read(report.render(map, context())).mapNodes((_, attributes) => attributes.label))
  for (const { name } of map.services) expect(labels).toContain(plain(name))
})

test('holds no character that XML 1.0 forbids', () => {
  const text = report.render(hostileMap(), context())
  expect(text.replace(/[\t\n\r]/g, '')).not.toMatch(/[\p{Cc}\p{Cs}\ufffe\uffff]/u)
})
