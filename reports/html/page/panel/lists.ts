/** What several contents of the panel are made of. */
import { groupBy } from '../../../../analyzers/graph/index.js'
import { first } from '../../../text/words.js'
import { h } from '../dom.js'
import { accessesOf, type Use } from '../model.js'
import { focusButton, type Page, rank, swatch, wordsOf } from '../parts.js'
import type { Focus } from '../view.js'

export type Content = (Node | null)[]

export function heading(page: Page, key: string, kind: string, title: string): HTMLElement {
  return h('h2', {}, h('span', { class: 'kind' }, kind), swatch(page.model, key), title)
}

export function tableList(page: Page, ids: string[]): (Node | string)[] {
  return ids.flatMap((table, index) => [
    index > 0 ? ', ' : '',
    focusButton(page, { kind: 'table', table }, table),
  ])
}

/** Sums by partner, most first. */
export function partners(
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
