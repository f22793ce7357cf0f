import MarkdownIt from 'markdown-it'
import { expect, test } from 'vitest'
import type { Progress, ProgressPoint } from '../../analyzers/progress/index.js'
import { chart } from '../../reports/progress/html/chart.js'
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

test('the document: a word heads a column, what it counts stands below, and what is 0 throughout is told once', () => {
  const last = point('v2', 1, {
    separated: ['billing'],
    moved: [{ table: 'invoices', from: 'shop', to: 'billing' }],
    clients: null,
  })
  expect(markdown.render(progress(point('v1', 2, { clients: 1 }), last), context)).toBe(`# Progress

v2: 1 crossing, 1 fewer than at v1; 1 of 3 services separated; 1 table moved.

| Revision | Date | Crossings | Reads | Separated | Moved | Clients |
| --- | --- | ---: | ---: | ---: | ---: | ---: |
| \`v1\` | 2026-01-01 | 2 | 2 | 0 of 3 | 0 | 1 |
| \`v2\` | 2026-01-01 | 1 | 1 | 1 of 3 | 1 | – |

Separated: \`billing\`

## Tables moved

| Table | From | To |
| --- | --- | --- |
| \`invoices\` | \`shop\` | \`billing\` |

## What is counted

- **Crossings**: accesses to tables of another service
- **Reads**: crossings that read
- **Separated**: services that nothing ties to another one, of those that use a database
- **Moved**: tables in another datastore than at first
- **Clients**: generated API clients
- 0 at each revision: crossings that write, crossings over tables of several owners, foreign keys between two owners, generated events, tables without a known owner and statements whose tables are not known.
- A note.
`)
})

test('saved maps have no dates, and what they can not tell has no column and is not called 0', () => {
  const saved = (label: string) => point(label, 3, { date: null, clients: null, events: null })
  const text = markdown.render(progress(saved('may.json'), saved('june.json')), context)
  expect(text).toContain('| Revision | Crossings | Reads | Separated |\n')
  expect(text).not.toMatch(/generated/)
})

test('the terminal: a table that is too wide becomes two, with whole names', () => {
  const all = {
    crossings: { accesses: 120, reads: 90, writes: 40, ddl: 0, joins: 12 },
    foreignKeys: 4,
    moved: [{ table: 'invoices', from: 'shop', to: 'billing' }],
    clients: 3,
    events: 2,
    openTables: 1,
    unresolved: 5,
  }
  const of = progress(point('release-2026.10.0', 0, all), point('working tree', 0, { ...all, date: null }))
  expect(summary.render(of, { width: 90, colour: false }).split('\n').slice(0, 9)).toEqual([
    'Progress',
    '  revision           date        crossings  reads  writes  joins  keys',
    '  release-2026.10.0  2026-01-01        120     90      40     12     4',
    '  working tree                         120     90      40     12     4',
    '',
    '  revision           date        separated  moved  clients  events  open  unresolved',
    '  release-2026.10.0  2026-01-01     0 of 3      1        3       2     1           5',
    '  working tree                      0 of 3      1        3       2     1           5',
    '',
  ])
  const wide = summary.render(of, { width: 140, colour: false }).split('\n')
  expect(wide[1]).toBe(
    '  revision           date        crossings  reads  writes  joins  keys  separated  moved  clients  events  open  unresolved',
  )
})

test.each([
  [[21], '0 5 10 15 20 25'],
  [[237, 12], '0 50 100 150 200 250'],
  [[3], '0 1 2 3'],
  [[0], '0 1'],
  [[1041, 7], '0 500 1,000 1,500'],
  [[100], '0 20 40 60 80 100'],
])('the axis for %j ends at the next round number', (values, axis) => {
  const drawn = chart('Crossings', ['v1', 'v2'], [{ name: 'all', colour: 'all', values }])
  expect([...drawn.matchAll(/text-anchor="end">([\d,]+)</g)].map(match => match[1]).join(' ')).toBe(axis)
})

test('labels below a chart keep their ends, and do not touch each other', () => {
  const labels = Array.from({ length: 21 }, (_, index) => `platform-release-2026.${index}.0`)
  const drawn = chart('Crossings', labels, [{ name: 'all', colour: 'all', values: labels.map(() => 1) }])
  expect(
    [...drawn.matchAll(/class="axis([^"]*)" x="(\d+)%" y="100%"[^>]*>([^<]+)/g)].map(([, ...of]) => of),
  ).toEqual([
    ['', '0', 'platform…2026.0.0'],
    [' wide', '35', 'platform…2026.7.0'],
    ['', '100', 'platform…026.20.0'],
  ])
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
    'b body circle div h1 h2 head html i li line link main meta p polygon polyline span style svg table tbody td text th thead title tr ul'
      .split(' ')
      .sort(),
  )
})
