import { h } from './dom.js'
import { type Page, swatch } from './parts.js'
import type { Focus } from './view.js'

interface Hit {
  focus: Focus
  kind: string
  text: string
  /** Card whose colour it has. */
  card: string
  /** Lower comes first. */
  rank: number
}

const MOST_HITS = 14

/** A search field with suggestions: services, tables, and statements by file or SQL. */
export function search(page: Page): HTMLElement {
  const list = h('ul', { id: 'hits', role: 'listbox', 'aria-label': 'Found', hidden: true })
  const input = h('input', {
    type: 'search',
    id: 'search',
    // Where there is no pointer there are hardly any keys either.
    placeholder: matchMedia('(hover: none)').matches ? 'Search' : 'Search  /',
    autocomplete: 'off',
    spellcheck: 'false',
    role: 'combobox',
    'aria-label': 'Search services, tables, files and SQL',
    'aria-expanded': 'false',
    'aria-controls': 'hits',
    'aria-autocomplete': 'list',
  })
  let hits: Hit[] = []
  let active = -1
  const close = () => {
    list.hidden = true
    input.setAttribute('aria-expanded', 'false')
    input.removeAttribute('aria-activedescendant')
  }
  const choose = (hit: Hit | undefined) => {
    if (!hit) return
    input.value = ''
    close()
    page.store.focus(hit.focus)
    document.getElementById('panel')?.focus({ preventScroll: true })
  }
  const mark = (index: number) => {
    active = index
    for (const [at, item] of [...list.children].entries())
      item.setAttribute('aria-selected', String(at === index))
    if (hits[index]) input.setAttribute('aria-activedescendant', `hit-${index}`)
    list.children[index]?.scrollIntoView({ block: 'nearest' })
  }
  const show = () => {
    hits = find(page, input.value)
    list.replaceChildren(
      ...hits.map((hit, index) =>
        h(
          'li',
          { id: `hit-${index}`, role: 'option', 'aria-selected': 'false', onclick: () => choose(hit) },
          swatch(page.model, hit.card),
          h('span', { class: 'hit-text' }, hit.text),
          h('span', { class: 'kind' }, hit.kind),
        ),
      ),
      ...(hits.length === 0
        ? [
            h(
              'li',
              { class: 'none', role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false' },
              'Nothing found',
            ),
          ]
        : []),
    )
    list.hidden = input.value.trim() === ''
    input.setAttribute('aria-expanded', String(!list.hidden))
    mark(hits.length > 0 ? 0 : -1)
  }
  input.addEventListener('input', show)
  input.addEventListener('focus', show)
  input.addEventListener('blur', () => setTimeout(close, 150))
  input.addEventListener('keydown', event => {
    const last = hits.length - 1
    if (event.key === 'ArrowDown') mark(active >= last ? 0 : active + 1)
    else if (event.key === 'ArrowUp') mark(active <= 0 ? last : active - 1)
    else if (event.key === 'Enter') choose(hits[active])
    else if (event.key === 'Escape') {
      input.value = ''
      close()
      input.blur()
      event.stopPropagation()
    } else return
    event.preventDefault()
  })
  return h('div', { class: 'search' }, input, list)
}

/** What holds all words that were typed; names that begin with them first. */
function find({ model }: Page, typed: string): Hit[] {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter(word => word !== '')
  if (words.length === 0) return []
  const hits: Hit[] = []
  const consider = (rank: number, text: string, name: string, hit: Omit<Hit, 'rank' | 'text'>) => {
    const lower = text.toLowerCase()
    if (!words.every(word => lower.includes(word))) return
    const begins = name.toLowerCase().startsWith(words[0]!) ? 0 : 1
    hits.push({ ...hit, text: name, rank: rank * 2 + begins })
  }
  for (const service of model.services)
    consider(0, service, service, {
      focus: { kind: 'service', service },
      kind: 'service',
      card: `service:${service}`,
    })
  for (const { id, name } of model.map.tables)
    consider(name.toLowerCase().startsWith(words[0]!) ? 0 : 1, id, id, {
      focus: { kind: 'table', table: id },
      kind: 'table',
      card: model.cardOfTable.get(id) ?? '',
    })
  for (const { id, file, line, sql, service } of model.map.accesses)
    consider(3, `${file}:${line} ${sql ?? ''}`, `${file}:${line}`, {
      focus: { kind: 'statement', access: id },
      kind: 'statement',
      card: `service:${service}`,
    })
  return hits.sort((a, b) => a.rank - b.rank || (a.text < b.text ? -1 : 1)).slice(0, MOST_HITS)
}
