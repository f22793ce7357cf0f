/** The panel about a service. */
import { count } from '../../../text/words.js'
import { h } from '../dom.js'
import { accessesOf, arriving, type Use } from '../model.js'
import { type Page, section, statements } from '../parts.js'
import { type Content, heading, partners, tableList } from './lists.js'
import { turnOf } from './separation.js'

export function ofService(page: Page, name: string, uses: Use[]): Content | null {
  const { map, services } = page.model
  if (!services.has(name)) return null
  const entry = map.services.find(service => service.name === name)
  const out = uses.filter(use => use.service === name && use.owner !== '')
  const into = uses.filter(use => use.owner === name)
  const open = uses.filter(use => use.service === name && use.owner === '')
  const owned = map.tables.filter(table => table.owner === name)
  return [
    heading(page, `service:${name}`, 'service', name),
    h('p', { class: 'facts' }, entry ? `${entry.path} · ` : '', `owns ${count(owned.length, 'table')}`),
    section(
      titled('Reaches into', accessesOf(out).length),
      partners(
        page,
        out,
        use => use.owner,
        owner => ({ kind: 'pair', from: name, into: owner }),
      ),
    ),
    section(
      titled('Is reached into by', arriving(into)),
      partners(
        page,
        into,
        use => use.service,
        from => ({ kind: 'pair', from, into: name }),
      ),
    ),
    turnOf(page, name),
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

/** The heading of a part, with the number that the card has of it. */
function titled(title: string, accesses: number): string {
  return accesses === 0 ? title : `${title}: ${count(accesses, 'statement')}`
}
