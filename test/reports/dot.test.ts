import { instance } from '@viz-js/viz'
import { expect, test } from 'vitest'
import { report } from '../../reports/dot.js'
import { plain } from '../../reports/text/plain.js'
import { context } from './context.js'
import { emptyMap, hostileMap, largeMap, sampleMap } from './sample-map.js'

const viz = await instance()

interface Laid {
  objects?: { name: string; label?: string; shape?: string; nodes?: number[] }[]
  edges?: { tail: number; head: number; label?: string }[]
}

/** What Graphviz itself understands; fails on a syntax error. */
function read(text: string): Laid {
  const result = viz.render(text, { format: 'dot_json' })
  // It warns of fonts that it has no metrics for.
  expect(result.errors.filter(each => each.level === 'error')).toEqual([])
  return JSON.parse(result.output!) as Laid
}

test('the sample, as text', async () => {
  await expect(report.render(sampleMap(), context())).toMatchFileSnapshot('expected/map.dot')
})

test('Graphviz reads all edges of the sample', () => {
  const { objects = [], edges = [] } = read(report.render(sampleMap(), context()))
  const label = (index: number) => objects[index]!.label
  expect(edges.map(edge => `${label(edge.tail)} -> ${label(edge.head)}: ${edge.label}`)).toEqual([
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

test.each([
  ['an empty map', emptyMap()],
  ['a large map', largeMap(15)],
])('Graphviz reads %s', (_, map) => {
  expect(read(report.render(map, context())).edges ?? []).toHaveLength(map.edges.length)
})

test('hostile names are labels', () => {
  const map = hostileMap()
  const labels = new Set(
    read(report.render(map, context())).objects?.map(each =>
      each.label?.replaceAll('\\\\', '\\').replaceAll('&amp;', '&'),
    ),
  )
  for (const { id } of map.tables.slice(0, -1)) expect(labels).toContain(plain(id))
})

test('what HTML would take for a character is a label as it is written', () => {
  const map = sampleMap()
  const renamed = JSON.parse(
    JSON.stringify(map).replaceAll('nilecare/patients', 'nilecare/&amp;<b>&lt;'),
  ) as typeof map
  const svg = viz.renderString(report.render(renamed, context()), { format: 'svg' })
  // In SVG each `&` and `<` is written as what stands for it.
  expect(svg).toContain('>nilecare/&amp;amp;&lt;b&gt;&amp;lt;</text>')
})
