import type { ArrowKind } from '../../board/board.js'
import { byId, h, s } from './dom.js'
import { KIND_WORDS, type Page } from './parts.js'
import { search } from './search.js'
import { KINDS, STATES, TABS, type Tab } from './view.js'

const TAB_WORDS: Record<Tab, string> = { map: 'Map', matrix: 'Matrix', list: 'Table' }
const THEME_KEY = 'seamripper-theme'

/** The bar at the top: views, search, filters and theme. */
export function bar(page: Page): void {
  byId('bar').append(tabs(page), fold(page), search(page), themes(), filters(page))
}

/** On a telephone the filters and the theme are behind a button, which says how many filters are set. */
function fold({ model, store }: Page): HTMLElement {
  const element = byId('bar')
  const kinds = kindsOf(model)
  const states = model.hasStates ? STATES : []
  const button = h('button', {
    type: 'button',
    class: 'fold',
    'aria-controls': 'filters',
    'aria-expanded': 'false',
    onclick: () => button.setAttribute('aria-expanded', String(element.classList.toggle('unfolded'))),
  })
  store.onChange(view => {
    const set = [
      ...kinds.filter(kind => !view.kinds.has(kind)),
      ...states.filter(state => !view.states.has(state)),
      ...[view.from, view.into].filter(service => service !== ''),
    ].length
    button.textContent = set === 0 ? 'Filters' : `Filters (${set} set)`
  })
  return button
}

/** The kinds that some use is of. */
function kindsOf({ uses }: Page['model']): ArrowKind[] {
  return KINDS.filter(kind => uses.some(use => use.kind === kind))
}

function tabs({ store }: Page): HTMLElement {
  const buttons = TABS.map(tab =>
    h('button', { type: 'button', class: 'tab', onclick: () => store.set({ tab }) }, TAB_WORDS[tab]),
  )
  store.onChange(view => {
    for (const [index, tab] of TABS.entries()) {
      buttons[index]!.setAttribute('aria-pressed', String(view.tab === tab))
      byId(`${tab}-view`).hidden = view.tab !== tab
    }
  })
  return h('div', { class: 'tabs', role: 'group', 'aria-label': 'View' }, ...buttons)
}

function filters(page: Page): HTMLElement {
  const { model, store } = page
  const crossing = model.uses.filter(use => use.owner !== '')
  return h(
    'div',
    { class: 'filters', id: 'filters', role: 'group', 'aria-label': 'Filters' },
    ...kindsOf(model).map(kind => toggle(page, 'kinds', kind, KIND_WORDS[kind], arrowSample(kind))),
    ...(model.hasStates ? STATES.map(state => toggle(page, 'states', state, state, null)) : []),
    choice(
      'From',
      [...new Set(crossing.map(use => use.service))],
      store.view.from,
      from => store.set({ from }),
      page,
      'from',
    ),
    choice(
      'Into',
      [...new Set(crossing.map(use => use.owner))],
      store.view.into,
      into => store.set({ into }),
      page,
      'into',
    ),
  )
}

/** A button that lets one kind or state through, or not. */
function toggle<K extends 'kinds' | 'states'>(
  { store }: Page,
  set: K,
  value: string,
  text: string,
  sample: Node | null,
): HTMLElement {
  const button = h(
    'button',
    {
      type: 'button',
      class: 'toggle',
      'data-filter': value,
      onclick: () => {
        const next = new Set<string>(store.view[set])
        if (!next.delete(value)) next.add(value)
        store.set({ [set]: next })
      },
    },
    sample,
    text,
  )
  store.onChange(view => button.setAttribute('aria-pressed', String((view[set] as Set<string>).has(value))))
  return button
}

/** How arrows of a kind look: the filters are the legend as well. */
function arrowSample(kind: ArrowKind): SVGElement {
  return s(
    'svg',
    { width: 26, height: 8, viewBox: '0 0 26 8', 'aria-hidden': 'true' },
    s('path', { class: `arrow ${kind}`, d: 'M0 4H25', 'stroke-width': 2 }),
  )
}

function choice(
  label: string,
  names: string[],
  value: string,
  choose: (name: string) => void,
  { store }: Page,
  key: 'from' | 'into',
): HTMLElement {
  const select = h(
    'select',
    { 'data-filter': key },
    h('option', { value: '' }, 'all services'),
    ...names.sort().map(name => h('option', { value: name }, name)),
  )
  select.value = value
  select.addEventListener('change', () => choose(select.value))
  store.onChange(view => {
    select.value = view[key]
    select.classList.toggle('on', view[key] !== '')
  })
  return h('label', {}, `${label} `, select)
}

function themes(): HTMLElement {
  const select = h(
    'select',
    { 'data-filter': 'theme' },
    ...['system', 'light', 'dark'].map(theme => h('option', { value: theme }, theme)),
  )
  const apply = () => {
    if (select.value === 'system') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = select.value
  }
  select.value = remembered() ?? 'system'
  if (select.value === '') select.value = 'system'
  apply()
  select.addEventListener('change', () => {
    apply()
    try {
      localStorage.setItem(THEME_KEY, select.value)
    } catch {
      // Where a browser keeps nothing for pages from disk, the choice holds until the page is closed.
    }
  })
  return h('label', { class: 'theme' }, 'Theme ', select)
}

function remembered(): string | null {
  try {
    return localStorage.getItem(THEME_KEY)
  } catch {
    return null
  }
}
