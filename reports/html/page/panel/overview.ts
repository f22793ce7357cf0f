/** The panel while nothing is in focus. */
import { groupBy, orderBy, rankServicesOf, rankTablesOf } from '../../../../analyzers/graph/index.js'
import { count } from '../../../text/words.js'
import { h } from '../dom.js'
import { accessesOf, type Use } from '../model.js'
import {
  focusButton,
  type Page,
  placeLink,
  rank,
  section,
  serviceButton,
  tableButton,
  withCommas,
} from '../parts.js'
import type { Content } from './lists.js'
import { firstTurn, turns } from './separation.js'

/** Tables of a ranking in the overview. */
const MOST_TABLES = 10
/** Owners named of each service. */
const MOST_OWNERS = 3

/** Of diagnostics, the gravest first, and what each is called. */
const SEVERITIES = [
  ['error', 'error'],
  ['warning', 'warning'],
  ['info', 'note'],
] as const

/** Who crosses most and where, at a glance. */
export function overview(page: Page, uses: Use[]): Content {
  const { map } = page.model
  const crossing = uses.filter(use => use.owner !== '')
  const ranks = rankServicesOf(crossing)
  // By what the bars show.
  const tables = rankTablesOf(crossing, map.tables).sort(orderBy(each => -each.accesses))
  const open = map.tables.filter(table => table.owner === null).length
  const accesses = accessesOf(crossing).length
  const unread = map.diagnostics.filter(({ code }) => code === 'not-read')
  const told = groupBy(
    map.diagnostics.filter(({ code }) => code !== 'not-read'),
    ({ severity }) => severity,
  )
  return [
    h('h2', {}, 'Who reaches into others'),
    crossing.length === 0
      ? h(
          'p',
          { class: 'lead' },
          map.accesses.length === 0
            ? 'No SQL was found that a known driver runs, so what crosses can not be told.'
            : `No service reaches into the tables of another${page.model.uses.every(use => use.owner === '') ? '' : ', as far as the filters show'}.`,
        )
      : h(
          'p',
          { class: 'lead' },
          h('strong', {}, count(accesses, 'statement')),
          ` of ${count(ranks.length, 'service')} cross into ${count(tables.length, 'table')} of other services.`,
        ),
    firstTurn(page),
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
                ...withCommas(
                  each.into
                    .slice(0, MOST_OWNERS)
                    .map(({ owner, accesses }) =>
                      focusButton(
                        page,
                        { kind: 'pair', from: each.service, into: owner },
                        `${owner} ${accesses}`,
                      ),
                    ),
                  each.into.length > MOST_OWNERS,
                ),
                each.into.length > MOST_OWNERS ? ` ${each.into.length - MOST_OWNERS}\u00a0more` : '',
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
    turns(page),
    section('Most used tables without an owner', openTables(page, uses)),
    section('Not drawn one by one', idleServices(page)),
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
      ...SEVERITIES.map(([severity, word]) => {
        const of = told.get(severity) ?? []
        return placesOf(
          page,
          count(of.length, word),
          of.map(each => ({ ...each, says: each.message })),
        )
      }),
    ),
  ]
}

/** The services that the map has as squares. */
function idleServices(page: Page): HTMLElement | null {
  const { idle } = page.model.board
  if (idle === null) return null
  return h(
    'details',
    {},
    h('summary', {}, `${idle.title} that own no table and use none of others`),
    h(
      'ul',
      { class: 'plain' },
      ...idle.services.map(({ service }) => h('li', {}, serviceButton(page, service))),
    ),
  )
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
