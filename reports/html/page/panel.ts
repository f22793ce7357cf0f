import { groupBy, orderBy, rankServicesOf, rankTablesOf } from '../../../analyzers/graph/index.js'
import type { Evidence } from '../../../analyzers/model.js'
import { count, first } from '../../text/words.js'
import { byId, h } from './dom.js'
import { accessesOf, shown, type Use, usersOf } from './model.js'
import {
  focusButton,
  type Page,
  placeLink,
  rank,
  section,
  serviceButton,
  statements,
  swatch,
  tableButton,
  wordsOf,
} from './parts.js'
import type { Focus, View } from './view.js'

type Content = (Node | null)[]

/** Tables of a ranking in the overview. */
const MOST_TABLES = 10

/** The panel beside the views: what is in focus, or an overview. */
export function panel(page: Page): void {
  const element = byId('panel')
  let before = ''
  page.store.onChange(view => {
    element.replaceChildren(...contentOf(page, view).filter(each => each !== null))
    const now = JSON.stringify(view.focus)
    if (now !== before) element.scrollTop = 0
    before = now
  })
}

function contentOf(page: Page, view: View): Content {
  const uses = shown(page.model, view)
  const { focus } = view
  if (focus === null) return overview(page, uses)
  const content = focused(page, focus, uses)
  const close = h(
    'button',
    {
      type: 'button',
      class: 'close',
      'aria-label': 'Back to the overview (Escape)',
      onclick: () => page.store.focus(null),
    },
    '×',
  )
  return [
    close,
    ...(content ?? [
      h('h2', {}, 'Not on this map'),
      h('p', {}, 'The address names something that this map does not have.'),
    ]),
  ]
}

function focused(page: Page, focus: Focus, uses: Use[]): Content | null {
  switch (focus.kind) {
    case 'service':
      return ofService(page, focus.service, uses)
    case 'table':
      return ofTable(page, focus.table, uses)
    case 'pair':
      return ofPair(page, focus.from, focus.into, uses)
    case 'edge':
      return ofEdge(page, focus.from, focus.table, uses)
    case 'statement':
      return ofStatement(page, focus.access)
  }
}

/** Who crosses most and where, at a glance. */
function overview(page: Page, uses: Use[]): Content {
  const { map } = page.model
  const crossing = uses.filter(use => use.owner !== '')
  const ranks = rankServicesOf(crossing)
  // By what the bars show.
  const tables = rankTablesOf(crossing, map.tables).sort(orderBy(each => -each.accesses))
  const open = map.tables.filter(table => table.owner === null).length
  const accesses = accessesOf(crossing).length
  const unread = map.diagnostics.filter(({ code }) => code === 'not-read')
  const warnings = map.diagnostics.filter(({ code }) => code !== 'not-read')
  return [
    h('h2', {}, 'Who reaches into others'),
    crossing.length === 0
      ? h(
          'p',
          { class: 'lead' },
          map.accesses.length === 0
            ? 'No SQL was found that a known driver runs, so what crosses can not be told.'
            : 'No service reaches into the tables of another, as far as the filters show.',
        )
      : h(
          'p',
          { class: 'lead' },
          h('strong', {}, count(accesses, 'statement')),
          ` of ${count(ranks.length, 'service')} cross into ${count(tables.length, 'table')} of other services.`,
        ),
    ranks.length === 0
      ? null
      : h(
          'ol',
          { class: 'ranks' },
          ...ranks.map(each =>
            rank(
              serviceButton(page, each.service),
              each.accesses,
              ranks[0]!.accesses,
              'into ',
              h(
                'span',
                {},
                ...each.into
                  .slice(0, 3)
                  .flatMap(({ owner, accesses }, index) => [
                    index > 0 ? ', ' : '',
                    focusButton(
                      page,
                      { kind: 'pair', from: each.service, into: owner },
                      `${owner} ${accesses}`,
                    ),
                  ]),
                each.into.length > 3 ? `, ${each.into.length - 3} more` : '',
              ),
            ),
          ),
        ),
    section(
      'Most used tables of others',
      tables.length === 0
        ? null
        : h(
            'ol',
            { class: 'ranks' },
            ...tables
              .slice(0, MOST_TABLES)
              .map(each =>
                rank(
                  tableButton(page, each.table),
                  each.accesses,
                  tables[0]!.accesses,
                  `of ${each.owner}, by ${count(each.by.length, 'service')}`,
                ),
              ),
          ),
    ),
    section('Most used tables without an owner', openTables(page, uses)),
    section(
      'Not known',
      ...unread.map(each => h('p', {}, each.message)),
      open === 0
        ? null
        : h(
            'p',
            {},
            `${count(open, 'table')} without an owner: their uses don't count as crossing. Set the owners in seamripper.yml.`,
          ),
      placesOf(
        page,
        `${count(map.unresolved.length, 'place')} that could not be resolved`,
        map.unresolved.map(each => ({ ...each, says: each.reason })),
      ),
      placesOf(
        page,
        count(warnings.length, 'warning'),
        warnings.map(each => ({ ...each, says: each.message })),
      ),
    ),
  ]
}

/** What is said of places in the code, folded; of a file that can't be read there is no line. */
function placesOf(
  page: Page,
  summary: string,
  places: { file: string | null; line: number | null; says: string }[],
): HTMLElement | null {
  if (places.length === 0) return null
  return h(
    'details',
    {},
    h('summary', {}, summary),
    h(
      'ul',
      { class: 'plain' },
      ...places.map(({ file, line, says }) =>
        h(
          'li',
          {},
          file === null ? null : placeLink(page, { file, line: line ?? 1 }, line === null ? file : undefined),
          h('div', { class: 'notes' }, says),
        ),
      ),
    ),
  )
}

/** Tables that several services use and none owns: what has to be decided first. */
function openTables(page: Page, uses: Use[]): HTMLElement | null {
  const groups = [
    ...groupBy(
      uses.filter(use => use.owner === ''),
      use => use.table,
    ),
  ]
    .map(([table, group]) => ({
      table,
      services: new Set(group.map(use => use.service)).size,
      accesses: accessesOf(group).length,
    }))
    .filter(each => each.services > 1)
    .sort(
      orderBy(
        each => -each.accesses,
        each => -each.services,
        each => each.table,
      ),
    )
    .slice(0, MOST_TABLES)
  if (groups.length === 0) return null
  return h(
    'ol',
    { class: 'ranks' },
    ...groups.map(({ table, services, accesses }) =>
      rank(tableButton(page, table), accesses, groups[0]!.accesses, `by ${count(services, 'service')}`),
    ),
  )
}

function heading(page: Page, key: string, kind: string, title: string): HTMLElement {
  return h('h2', {}, h('span', { class: 'kind' }, kind), swatch(page.model, key), title)
}

function ofService(page: Page, name: string, uses: Use[]): Content | null {
  const { map, cards } = page.model
  if (!cards.has(`service:${name}`)) return null
  const entry = map.services.find(service => service.name === name)
  const out = uses.filter(use => use.service === name && use.owner !== '')
  const into = uses.filter(use => use.owner === name)
  const open = uses.filter(use => use.service === name && use.owner === '')
  const owned = map.tables.filter(table => table.owner === name)
  return [
    heading(page, `service:${name}`, 'service', name),
    h('p', { class: 'facts' }, entry ? `${entry.path} · ` : '', `owns ${count(owned.length, 'table')}`),
    section(
      'Reaches into',
      partners(
        page,
        out,
        use => use.owner,
        owner => ({ kind: 'pair', from: name, into: owner }),
      ),
    ),
    section(
      'Is reached into by',
      partners(
        page,
        into,
        use => use.service,
        from => ({ kind: 'pair', from, into: name }),
      ),
    ),
    open.length === 0
      ? null
      : section(
          'Uses tables without an owner',
          h('p', {}, ...tableList(page, [...new Set(open.map(use => use.table))])),
        ),
    owned.length === 0
      ? null
      : section(
          'Owns',
          h(
            'p',
            { class: 'tables' },
            ...tableList(
              page,
              owned.map(table => table.id),
            ),
          ),
        ),
    section('Its statements on tables of others', statements(page, accessesOf(out))),
  ]
}

function tableList(page: Page, ids: string[]): (Node | string)[] {
  return ids.flatMap((table, index) => [
    index > 0 ? ', ' : '',
    focusButton(page, { kind: 'table', table }, table),
  ])
}

/** Sums by partner, most first. */
function partners(
  page: Page,
  uses: Use[],
  partner: (use: Use) => string,
  focus: (partner: string) => Focus,
): HTMLElement | null {
  if (uses.length === 0) return null
  const groups = [...groupBy(uses, partner)]
    .map(([name, group]) => ({ name, group, accesses: accessesOf(group).length }))
    .sort((a, b) => b.accesses - a.accesses || (a.name < b.name ? -1 : 1))
  return h(
    'ol',
    { class: 'ranks' },
    ...groups.map(({ name, group, accesses }) =>
      rank(
        h(
          'span',
          { class: 'name' },
          swatch(page.model, `service:${name}`),
          focusButton(page, focus(name), name),
        ),
        accesses,
        groups[0]!.accesses,
        `${wordsOf(group)} of ${first([...new Set(group.map(use => nameOf(page, use.table)))], 4)}`,
      ),
    ),
  )
}

function nameOf({ model }: Page, table: string): string {
  return model.tables.get(table)?.name ?? table
}

function ofTable(page: Page, id: string, uses: Use[]): Content | null {
  const table = page.model.tables.get(id)
  const ofIt = uses.filter(use => use.table === id)
  if (!table && ofIt.length === 0) return null
  const owner = table?.owner ?? ofIt[0]?.owner ?? null
  const users = usersOf(page.model, id)
  const own = owner === null ? [] : (users.get(owner) ?? [])
  const keys = page.model.map.foreignKeys.filter(
    key => key.crossService && (key.from === id || key.to === id),
  )
  return [
    heading(page, page.model.cardOfTable.get(id) ?? '', table?.kind ?? 'table', id),
    h(
      'p',
      { class: 'facts' },
      owner === null || owner === ''
        ? 'The owner is open. '
        : h('span', {}, 'Owned by ', serviceButton(page, owner), '. '),
      table ? `Datastore ${table.datastore}.` : 'Its datastore is open.',
    ),
    table && table.evidence.length > 0 ? evidence(page, table.evidence) : null,
    section(
      owner === null || owner === '' ? 'Used by' : 'Used by other services',
      partners(
        page,
        ofIt,
        use => use.service,
        from => ({ kind: 'edge', from, table: id }),
      ),
    ),
    keys.length === 0
      ? null
      : section(
          'Cross-service foreign keys',
          h(
            'ul',
            { class: 'plain' },
            ...keys.map(key =>
              h(
                'li',
                {},
                `${key.from} (${key.fromColumns.join(', ')}) to ${key.to} (${key.toColumns.join(', ')}) `,
                placeLink(page, key),
              ),
            ),
          ),
        ),
    section('Statements of other services', statements(page, accessesOf(ofIt))),
    own.length === 0
      ? null
      : h(
          'details',
          { class: 'own' },
          h('summary', {}, `${count(own.length, 'statement')} of its owner`),
          statements(page, own),
        ),
  ]
}

function evidence(page: Page, all: Evidence[]): HTMLElement {
  return h(
    'ul',
    { class: 'plain' },
    ...all.slice(0, 5).map(each => h('li', {}, `${each.reason} `, placeLink(page, each))),
  )
}

function ofPair(page: Page, from: string, into: string, uses: Use[]): Content | null {
  const { cards } = page.model
  if (!cards.has(`service:${from}`)) return null
  const between = uses.filter(use => use.service === from && use.owner === into)
  const back = uses.filter(use => use.service === into && use.owner === from)
  return [
    h(
      'h2',
      {},
      h('span', { class: 'kind' }, 'crossings'),
      from,
      h('span', { class: 'into' }, ' into '),
      into,
    ),
    h(
      'p',
      { class: 'facts' },
      between.length === 0 ? 'Nothing, as far as the filters show.' : wordsOf(between),
    ),
    h(
      'p',
      { class: 'facts' },
      serviceButton(page, from),
      ' · ',
      serviceButton(page, into),
      back.length > 0 && ' · ',
      back.length > 0 &&
        focusButton(
          page,
          { kind: 'pair', from: into, into: from },
          `the other way: ${accessesOf(back).length}`,
        ),
    ),
    section('Tables', byTable(page, from, between)),
    section('Statements', statements(page, accessesOf(between))),
  ]
}

function byTable(page: Page, from: string, uses: Use[]): HTMLElement | null {
  if (uses.length === 0) return null
  const groups = [...groupBy(uses, use => use.table)].map(([table, group]) => ({
    table,
    group,
    accesses: accessesOf(group).length,
  }))
  groups.sort((a, b) => b.accesses - a.accesses || (a.table < b.table ? -1 : 1))
  return h(
    'ol',
    { class: 'ranks' },
    ...groups.map(({ table, group, accesses }) =>
      rank(
        focusButton(page, { kind: 'edge', from, table }, table),
        accesses,
        groups[0]!.accesses,
        wordsOf(group),
      ),
    ),
  )
}

function ofEdge(page: Page, from: string, table: string, uses: Use[]): Content | null {
  if (!page.model.cards.has(`service:${from}`)) return null
  const between = uses.filter(use => use.service === from && use.table === table)
  return [
    h(
      'h2',
      {},
      h('span', { class: 'kind' }, 'crossings'),
      from,
      h('span', { class: 'into' }, ' into '),
      table,
    ),
    h(
      'p',
      { class: 'facts' },
      between.length === 0 ? 'Nothing, as far as the filters show.' : wordsOf(between),
    ),
    h('p', { class: 'facts' }, serviceButton(page, from), ' · ', tableButton(page, table)),
    section('Statements', statements(page, accessesOf(between))),
  ]
}

function ofStatement(page: Page, id: string): Content | null {
  const access = page.model.accesses.get(id)
  if (!access) return null
  const states = new Set(page.model.uses.filter(use => use.access === access).flatMap(use => use.state ?? []))
  return [
    h('h2', {}, h('span', { class: 'kind' }, 'statement'), `${access.file.split('/').at(-1)}:${access.line}`),
    h(
      'p',
      { class: 'facts' },
      access.reachedBy.length === 0 ? 'No service reaches it.' : 'Run by ',
      ...access.reachedBy.flatMap((service, index) => [index > 0 ? ', ' : '', serviceButton(page, service)]),
      states.size > 0 && ` · ${[...states].join(', ')}`,
    ),
    statements(page, [access]),
  ]
}
