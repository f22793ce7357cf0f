import { orderBy, rankServicesOf } from '../../../analyzers/graph/index.js'
import { count } from '../../text/words.js'
import { byId, h } from './dom.js'
import { accessesOf, shown, type Use } from './model.js'
import { focusButton, moreWords, type Page, placeLink, serviceButton, tableButton } from './parts.js'

/** Rows that are there at once; more on demand. */
const MOST_ROWS = 300

interface Column {
  name: string
  key: (use: Use) => string | number
  cell: (page: Page, use: Use) => Node | string
}

const COLUMNS: Column[] = [
  { name: 'Service', key: use => use.service, cell: (page, use) => serviceButton(page, use.service) },
  {
    name: 'Does',
    key: use => doing(use),
    cell: (_, use) => h('span', { class: `op ${use.kind}` }, doing(use)),
  },
  { name: 'Table', key: use => use.table, cell: (page, use) => tableButton(page, use.table) },
  {
    name: 'Owner',
    key: use => use.owner,
    cell: (page, use) => (use.owner === '' ? 'open' : serviceButton(page, use.owner)),
  },
  {
    name: 'Where',
    key: use => `${use.access.file}:${String(use.access.line).padStart(8, '0')}`,
    cell: (page, use) => placeLink(page, use.access, shortPlace(use.access)),
  },
  {
    name: 'SQL',
    key: use => use.access.sql ?? '',
    cell: (page, use) =>
      focusButton(
        page,
        { kind: 'statement', access: use.access.id },
        oneLine(use.access.sql ?? 'not known'),
        {
          class: 'snippet',
        },
      ),
  },
]

const STATE: Column = { name: 'State', key: use => use.state ?? '', cell: (_, use) => use.state ?? '' }

function doing({ read, write, ddl, kind }: Use): string {
  if (kind === 'join') return 'join'
  return [read ? 'read' : '', write ? 'write' : '', ddl ? 'define' : '']
    .filter(each => each !== '')
    .join(', ')
}

/** The end of a path: the link itself has all of it. */
function shortPlace({ file, line }: { file: string; line: number }): string {
  const parts = file.split('/')
  return `${parts.length > 2 ? '…/' : ''}${parts.slice(-2).join('/')}:${line}`
}

/** How many there are, and of how many statements, as the other views count; those of tables without an owner cross nothing as far as one knows. */
function captionOf(uses: Use[]): string {
  const crossing = uses.filter(use => use.owner !== '')
  const open = uses.length - crossing.length
  return [
    ...(crossing.length > 0
      ? [
          `${count(crossing.length, 'use')} of tables of others by ${count(accessesOf(crossing).length, 'statement')}`,
        ]
      : []),
    ...(open > 0 ? [`${count(open, 'use')} of tables without an owner`] : []),
  ].join(', ')
}

function oneLine(sql: string): string {
  const line = sql.replace(/\s+/g, ' ').trim()
  return line.length > 90 ? `${line.slice(0, 90)}…` : line
}

/** The order at first: services with most statements on tables of others first, tables without an owner last. */
function mostCrossingFirst(uses: Use[]): Column['key'] {
  const ranks = new Map(
    rankServicesOf(uses.filter(use => use.owner !== '')).map(({ service }, rank) => [service, rank]),
  )
  return use => (use.owner === '' ? ranks.size : ranks.get(use.service)!)
}

/** Every use of a table as a row, those of who crosses most first, or sorted by any column. */
export function listView(page: Page): void {
  const element = byId('list-view')
  const columns = page.model.hasStates ? [...COLUMNS.slice(0, 4), STATE, ...COLUMNS.slice(4)] : COLUMNS
  let by: string | null = null
  let down = false
  let most = MOST_ROWS
  const draw = () => {
    const uses = shown(page.model, page.store.view)
    if (uses.length === 0) {
      element.replaceChildren(h('p', { class: 'empty' }, 'Nothing crosses, as far as the filters show.'))
      return
    }
    const key = columns.find(column => column.name === by)?.key ?? mostCrossingFirst(uses)
    const sorted = [...uses].sort(
      orderBy(
        key,
        use => use.access.file,
        use => use.access.line,
      ),
    )
    if (down) sorted.reverse()
    const heads = columns.map(({ name }) =>
      h(
        'th',
        { scope: 'col', 'aria-sort': name === by ? (down ? 'descending' : 'ascending') : false },
        h(
          'button',
          {
            type: 'button',
            'data-sort': name,
            onclick: () => {
              down = name === by && !down
              by = name
              draw()
              element.querySelector<HTMLElement>(`[data-sort="${name}"]`)?.focus()
            },
          },
          name,
        ),
      ),
    )
    const left = sorted.length - most
    element.replaceChildren(
      h(
        'table',
        { class: page.model.hasStates ? 'list has-states' : 'list' },
        h(
          'caption',
          {},
          h(
            'span',
            { class: 'caption' },
            captionOf(sorted),
            by === null ? '; who crosses most stands first' : '',
          ),
        ),
        h('thead', {}, h('tr', {}, ...heads)),
        h(
          'tbody',
          {},
          ...sorted
            .slice(0, most)
            .map(use => h('tr', {}, ...columns.map(({ cell }) => h('td', {}, cell(page, use))))),
        ),
      ),
      ...(left > 0
        ? [
            h(
              'button',
              {
                type: 'button',
                class: 'more',
                onclick: () => {
                  most += MOST_ROWS
                  draw()
                },
              },
              ...moreWords(`Show more (${left} left)`, `… and ${count(left, 'more row')}`),
            ),
          ]
        : []),
    )
    stackIfNarrow(element)
  }
  page.store.onChange(view => {
    if (view.tab === 'list') draw()
  })
  new ResizeObserver(() => stackIfNarrow(element)).observe(element)
}

/** Where the columns have no room side by side, which depends on the names in them, each row is a few lines. */
function stackIfNarrow(element: HTMLElement): void {
  const table = element.querySelector('table')
  if (table === null || element.clientWidth === 0) return
  table.classList.remove('stacked')
  table.classList.toggle('stacked', element.scrollWidth > element.clientWidth)
}
