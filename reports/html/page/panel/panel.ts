import { byId, h } from '../dom.js'
import { shown, type Use } from '../model.js'
import type { Page } from '../parts.js'
import type { Focus, View } from '../view.js'
import { ofEdge, ofPair } from './crossings.js'
import type { Content } from './lists.js'
import { overview } from './overview.js'
import { ofService } from './service.js'
import { ofStatement } from './statement.js'
import { ofTable } from './table.js'

/** The panel beside the views: what is in focus, or an overview. */
export function panel(page: Page): void {
  const element = byId('panel')
  let before = ''
  page.store.onChange(view => {
    element.replaceChildren(...contentOf(page, view).filter(each => each !== null))
    const now = JSON.stringify(view.focus)
    if (now !== before) {
      element.scrollTop = 0
      if (before !== '' && view.focus !== null) bringIntoView(element)
    }
    before = now
  })
}

/**
 * Where the panel lies below the view, on a narrow screen, its beginning may be out of sight: what was selected
 * would seem to do nothing.
 */
function bringIntoView(element: HTMLElement): void {
  const { top } = element.getBoundingClientRect()
  if (top < 0 || top > innerHeight * 0.75) element.scrollIntoView()
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
