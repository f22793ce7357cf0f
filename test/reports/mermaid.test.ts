import DOMPurify from 'dompurify'
import { expect, test } from 'vitest'
import { report } from '../../reports/mermaid.js'
import { plain } from '../../reports/text/plain.js'
import { context } from './context.js'
import { emptyMap, hostileMap, largeMap, sampleMap, table } from './sample-map.js'

// Mermaid cleans labels with DOMPurify, which needs a browser; its parser does not.
Object.assign(DOMPurify, { addHook: () => {}, sanitize: (text: string) => text })
const { default: mermaid } = await import('mermaid')

/** The defaults of Mermaid's configuration, which GitHub keeps: what is larger is not drawn. */
const MOST_EDGES = 500
const MOST_CHARACTERS = 50_000

interface FlowDb {
  getVertices(): Map<string, { text: string }>
  getEdges(): { start: string; end: string; text: string }[]
  getSubGraphs(): { id: string; title: string; nodes: string[] }[]
}

/** What Mermaid understands; fails on a syntax error, and on more than it takes. */
async function read(text: string) {
  expect(text.length).toBeLessThanOrEqual(MOST_CHARACTERS)
  await mermaid.parse(text)
  const diagram = await mermaid.mermaidAPI.getDiagramFromText(text)
  const db = diagram.db as unknown as FlowDb
  const vertices = db.getVertices()
  const label = (id: string) => decoded(vertices.get(id)!.text)
  return {
    labels: [...vertices.keys()].map(label),
    groups: db.getSubGraphs().map(group => decoded(group.title)),
    edges: db.getEdges().map(edge => `${label(edge.start)} -> ${label(edge.end)}: ${decoded(edge.text)}`),
  }
}

/** The text of a label, as the browser would show it: Mermaid keeps `#35;` as `ﬂ°°35¶ß` until it draws. */
function decoded(label: string): string {
  return label.replace(/ﬂ°°(\d+)¶ß/g, (_, code) => String.fromCodePoint(Number(code)))
}

test('the sample, as text', async () => {
  await expect(report.render(sampleMap(), context())).toMatchFileSnapshot('expected/map.mmd')
})

test('Mermaid reads all nodes, groups and edges of the sample', async () => {
  const { groups, edges } = await read(report.render(sampleMap(), context()))
  expect(groups).toEqual(['auth-service', 'billing-service', 'clinical', 'payment-gateway-service'])
  expect(edges).toEqual([
    'billing-service -> nilecare/active_patients: 1 read',
    'billing-service -> nilecare/auth_users: 1 read',
    'billing-service -> nilecare/patients: 2 reads, 1 join',
    'lab-service -> nilecare/auth_users: 1 read',
    'main-nilecare -> nilecare/invoices: 1 read',
    'main-nilecare -> nilecare/patients: 1 read',
    'payment-gateway-service -> nilecare/invoices: 1 write',
    'nilecare/invoices -> nilecare/patients: foreign key',
    'nilecare/payments -> nilecare/invoices: foreign key',
  ])
})

test('nothing that crosses is one node that says so', async () => {
  const { labels } = await read(report.render(emptyMap(), context()))
  expect(labels).toEqual(['No service reaches into the tables of another'])
})

test('a foreign key to a table without an owner is drawn', async () => {
  const map = {
    ...emptyMap(),
    tables: [table('db/a', 'one', 'migration'), table('db/b', null, 'open')],
    foreignKeys: [
      {
        from: 'db/a',
        fromColumns: ['b'],
        to: 'db/b',
        toColumns: [],
        crossService: true,
        file: 'x.sql',
        line: 1,
      },
    ],
  }
  const { groups, edges } = await read(report.render(map, context()))
  expect([groups, edges]).toEqual([['one', 'open owner'], ['db/a -> db/b: foreign key']])
})

test.each([
  [10, 90, 'tables'],
  [15, 210, 'services'],
  [22, 462, 'services'],
  [30, 500, 'services'],
])('%i services that all cross: %i arrows, by %s', async (services, arrows, by) => {
  const { labels, edges } = await read(report.render(largeMap(services), context()))
  expect(edges).toHaveLength(arrows)
  expect(edges.length).toBeLessThanOrEqual(MOST_EDGES)
  expect(labels.some(label => label.startsWith('db/'))).toBe(by === 'tables')
  const hidden = services * (services - 1) - edges.length
  expect(labels.filter(label => label.includes('not drawn'))).toEqual(
    by === 'services' && hidden > 0 ? [`and ${hidden} lighter arrows, not drawn`] : [],
  )
})

test('hostile names are labels', async () => {
  const map = hostileMap()
  const { labels, edges } = await read(report.render(map, context()))
  expect(edges).toHaveLength(map.edges.length + map.foreignKeys.length)
  for (const { id } of map.tables.slice(0, -1)) {
    const text = plain(id).trim()
    expect(labels).toContain(text.length > 60 ? `${text.slice(0, 59)}…` : text)
  }
})
