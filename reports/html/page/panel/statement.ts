/** The panel about one statement. */
import { h } from '../dom.js'
import { type Page, serviceButton, statements } from '../parts.js'
import type { Content } from './lists.js'

export function ofStatement(page: Page, id: string): Content | null {
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
      isUnused(page, access.file) && ' · nothing is seen to run its file: delete it if it is dead',
      states.size > 0 && ` · ${[...states].join(', ')}`,
    ),
    statements(page, [access]),
  ]
}

function isUnused(page: Page, path: string): boolean {
  return page.model.map.unusedFiles.some(({ file }) => file === path)
}
