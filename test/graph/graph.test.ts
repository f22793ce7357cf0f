import { expect, test } from 'vitest'
import { type AccessEdge, buildGraph, type Graph, nodeKey } from '../../analyzers/graph/index.js'
import { access, emptyMap, hostileMap, sampleMap, service, table, uses } from '../reports/sample-map.js'

/** Edges of a node as `target: type …`, sorted. */
function edgesFrom(graph: Graph, node: string): string[] {
  return graph
    .mapOutEdges(node, (_, attributes, __, target) => {
      const detail =
        attributes.type === 'access'
          ? ` ${attributes.op} ${attributes.count}${attributes.crossService ? ' cross' : ''}`
          : ''
      return `${target}: ${attributes.type}${detail}`
    })
    .sort()
}

const graph = buildGraph(sampleMap())

test('has a node for each service, library, table and datastore', () => {
  const types = graph.mapNodes((_, attributes) => attributes.type)
  const count = (type: string) => types.filter(each => each === type).length
  expect([count('service'), count('table'), count('datastore')]).toEqual([8, 8, 2])
})

test('keeps what is known of a table', () => {
  expect(graph.getNodeAttributes(nodeKey.table('nilecare/active_patients'))).toEqual({
    type: 'table',
    label: 'nilecare/active_patients',
    datastore: 'nilecare',
    schema: null,
    kind: 'view',
    owner: 'clinical',
    ownerConfidence: 'migration',
  })
})

test.each<[node: string, edges: string[]]>([
  [
    'service:billing-service',
    [
      'table:nilecare/active_patients: access read 1 cross',
      'table:nilecare/audit_logs: access write 1',
      'table:nilecare/auth_users: access read 1 cross',
      'table:nilecare/invoices: access read 1',
      'table:nilecare/invoices: access write 1',
      'table:nilecare/patients: access read 2 cross',
    ],
  ],
  ['service:@nilecare/queries', []],
  ['service:@nilecare/legacy', ['table:nilecare/charge_master: access write 1']],
  [
    'table:nilecare/invoices',
    [
      'datastore:nilecare: stored-in',
      'service:billing-service: owned-by',
      'table:nilecare/patients: foreign-key',
    ],
  ],
  ['table:nilecare/audit_logs', ['datastore:nilecare: stored-in']],
])('edges from %s', (node, edges) => {
  expect(edgesFrom(graph, node)).toEqual(edges)
})

test('an access edge lists the ids of its accesses', () => {
  const edges = graph.outEdges('service:billing-service', 'table:nilecare/patients')
  expect(edges.map(edge => (graph.getEdgeAttributes(edge) as AccessEdge).accesses)).toEqual([
    ['invoices-ts-40', 'invoices-ts-61'],
  ])
})

test('a service and a table of one name are two nodes', () => {
  const both = buildGraph({
    ...emptyMap(),
    services: [service('appointments', 'a')],
    tables: [table('appointments', 'appointments', 'migration')],
  })
  expect(both.nodes()).toEqual(['service:appointments', 'table:appointments'])
})

test('names that the lists of the map lack get nodes', () => {
  const graph = buildGraph({
    ...emptyMap(),
    tables: [table('db/t', 'elsewhere', 'config')],
    accesses: [access('x.ts:1', 'gone', { tables: [{ ...uses('read t -')[0]!, id: null }] })],
  })
  expect(graph.nodes().sort()).toEqual(['service:elsewhere', 'service:gone', 'table:db/t', 'table:t'])
})

test('takes hostile names', () => {
  const map = hostileMap()
  expect(buildGraph(map).order).toBeGreaterThan(map.services.length + map.tables.length)
})
