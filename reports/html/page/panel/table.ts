/** The panel about a table. */
import type { Evidence } from '../../../../analyzers/model.js'
import { count } from '../../../text/words.js'
import { h } from '../dom.js'
import { accessesOf, type Use, usersOf } from '../model.js'
import { type Page, placeLink, section, serviceButton, statements } from '../parts.js'
import { type Content, heading, partners } from './lists.js'

export function ofTable(page: Page, id: string, uses: Use[]): Content | null {
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
