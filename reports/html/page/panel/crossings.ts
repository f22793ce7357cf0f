/** The panel about what one service does to the tables of another, or to one of them. */
import { groupBy } from '../../../../analyzers/graph/index.js'
import { count } from '../../../text/words.js'
import { h } from '../dom.js'
import { accessesOf, type Use } from '../model.js'
import {
  focusButton,
  type Page,
  rank,
  section,
  serviceButton,
  statements,
  tableButton,
  wordsOf,
} from '../parts.js'
import type { Content } from './lists.js'

export function ofPair(page: Page, from: string, into: string, uses: Use[]): Content | null {
  if (!page.model.services.has(from)) return null
  const between = uses.filter(use => use.service === from && use.owner === into)
  const back = uses.filter(use => use.service === into && use.owner === from)
  return [
    ...heading(from, into, between),
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

export function ofEdge(page: Page, from: string, table: string, uses: Use[]): Content | null {
  if (!page.model.services.has(from)) return null
  const between = uses.filter(use => use.service === from && use.table === table)
  return [
    ...heading(from, table, between),
    h('p', { class: 'facts' }, serviceButton(page, from), ' · ', tableButton(page, table)),
    section('Statements', statements(page, accessesOf(between))),
  ]
}

/** Who crosses into what, and how often. */
function heading(from: string, into: string, uses: Use[]): HTMLElement[] {
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
      uses.length === 0
        ? 'Nothing, as far as the filters show.'
        : `${count(accessesOf(uses).length, 'statement')}: ${wordsOf(uses)}`,
    ),
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
