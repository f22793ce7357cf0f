import MarkdownIt from 'markdown-it'
import { expect, test } from 'vitest'
import type { Progress, ProgressPoint } from '../../analyzers/progress/index.js'
import { report as html } from '../../reports/progress/html/index.js'
import { report as markdown } from '../../reports/progress/markdown.js'
import { report as summary } from '../../reports/progress/summary.js'
import { HOSTILE } from './sample-map.js'

const context = { width: 100, colour: false }

const point = (label: string, accesses: number, more: Partial<ProgressPoint> = {}): ProgressPoint => ({
  label,
  date: '2026-01-01',
  crossings: { accesses, reads: accesses, writes: 0, ddl: 0, joins: 0 },
  foreignKeys: 0,
  services: 3,
  separated: [],
  tables: 9,
  openTables: 0,
  unresolved: 0,
  moved: [],
  clients: 0,
  events: 0,
  byService: [],
  ...more,
})

const progress = (...points: ProgressPoint[]): Progress => ({ schemaVersion: 1, points, notes: ['A note.'] })

test.each<[string, Progress, string]>([
  [
    'fewer',
    progress(point('v1', 79), point('v2', 41)),
    'v2: 41 crossings, 38 fewer than at v1; 0 of 3 services separated.',
  ],
  [
    'more',
    progress(point('v1', 1), point('v2', 1041)),
    'v2: 1,041 crossings, 1,040 more than at v1; 0 of 3 services separated.',
  ],
  [
    'the same',
    progress(point('v1', 7), point('v2', 7)),
    'v2: 7 crossings as before; 0 of 3 services separated.',
  ],
  ['one revision', progress(point('v1', 7)), '7 crossings; 0 of 3 services separated.'],
])('the outcome: %s', (_, of, sentence) => {
  expect(summary.render(of, context).split('\n')).toContain(sentence)
  expect(html.render(of, context)).toContain(`<p class="outcome">${sentence}</p>`)
})

test('the document', () => {
  const last = point('v2', 1, {
    separated: ['billing'],
    moved: [{ table: 'invoices', from: 'shop', to: 'billing' }],
    clients: null,
  })
  const text = markdown.render(progress(point('v1', 2), last), context)
  expect(text).toContain('| `v2` | 2026-01-01 | 1 | 1 | 0 | 0 | 0 | 1 of 3 | 1 | – | 0 | 0 | 0 |')
  expect(text).toContain('Separated: `billing`')
  expect(text).toContain('| `invoices` | `shop` | `billing` |')
})

const hostile = progress(
  ...HOSTILE.map(name =>
    point(name, 3, {
      separated: [name],
      moved: [{ table: name, from: name, to: name }],
      byService: [{ service: name, accesses: 3 }],
    }),
  ),
)

test('names are text on the terminal, in Markdown and in HTML', () => {
  const terminal = summary.render(hostile, context)
  expect(terminal.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u)
  const tokens = new MarkdownIt({ html: true, linkify: true })
    .parse(markdown.render(hostile, context), {})
    .flatMap(token => [token, ...(token.children ?? [])])
  expect(tokens.filter(({ type }) => type === 'link_open' || type === 'image')).toEqual([])
  const tags = new Set([...html.render(hostile, context).matchAll(/<([a-z][\w-]*)/gi)].map(match => match[1]))
  expect([...tags].sort()).toEqual(
    'body circle div h1 h2 head html i li line link main meta p polygon polyline span style svg table tbody td text th thead title tr ul'
      .split(' ')
      .sort(),
  )
})
