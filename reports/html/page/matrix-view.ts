import { matrixOf, orderBy, rankServicesOf } from '../../../analyzers/graph/index.js'
import { operations } from '../../text/words.js'
import { byId, h } from './dom.js'
import { accessesOf, shown, type Use } from './model.js'
import { focusButton, type Page, serviceButton } from './parts.js'

/** More columns get less room each on paper. */
const MOST_WIDE_COLUMNS = 15

/** Who reaches into whom: services by owners, those with most at the top left, the darker the more. */
export function matrixView(page: Page): void {
  const element = byId('matrix-view')
  element.addEventListener('keydown', event => {
    if (event.target instanceof HTMLElement) moveInTable(event, event.target)
  })
  page.store.onChange(view => {
    if (view.tab === 'matrix') element.replaceChildren(content(page))
  })
}

function content(page: Page): Node {
  const uses = shown(page.model, page.store.view).filter(use => use.owner !== '')
  const matrix = matrixOf(uses)
  if (matrix.services.length === 0)
    return h('p', { class: 'empty' }, 'Nothing crosses, as far as the filters show.')
  const all = (subset: Use[]) => accessesOf(subset).length
  const services = rankServicesOf(uses).map(({ service, accesses }) => ({
    name: service,
    at: matrix.services.indexOf(service),
    sum: accesses,
  }))
  const owners = matrix.owners
    .map((name, at) => ({ name, at, sum: all(uses.filter(use => use.owner === name)) }))
    .sort(orderBy(each => -each.sum))
  const cells = services.map(({ at }) => owners.map(owner => matrix.cells[at]![owner.at] ?? null))
  const most = Math.max(...cells.flat().map(cell => cell?.accesses ?? 0))
  const sum = (value: number) => h('td', { class: 'sum' }, String(value))
  const { focus } = page.store.view
  return h(
    'table',
    { class: owners.length > MOST_WIDE_COLUMNS ? 'matrix narrow-columns' : 'matrix' },
    h(
      'caption',
      {},
      h(
        'span',
        { class: 'caption' },
        'Statements of the services at the left on tables of the services at the top; ',
        h('span', { class: 'key' }, 'orange'),
        ' where some of them write. A statement on tables of several owners counts once in a sum.',
      ),
    ),
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('td', {}),
        ...owners.map(owner =>
          h('th', { scope: 'col' }, h('div', { class: 'slanted' }, serviceButton(page, owner.name))),
        ),
        h('th', { scope: 'col', class: 'sum' }, 'all'),
      ),
    ),
    h(
      'tbody',
      {},
      ...services.map(({ name: service, sum: total }, row) =>
        h(
          'tr',
          {},
          h('th', { scope: 'row' }, serviceButton(page, service)),
          ...owners.map(({ name: into }, column) => {
            const cell = cells[row]![column]
            if (!cell) return h('td', { class: service === into ? 'self' : '' })
            const button = focusButton(page, { kind: 'pair', from: service, into }, String(cell.accesses), {
              class: cell.writes + cell.ddl > 0 ? 'cell writes' : 'cell',
              label: `${service} into ${into}: ${operations(cell)}`,
            })
            button.title = `${service} into ${into}: ${operations(cell)}`
            button.style.setProperty('--share', String(Math.sqrt(cell.accesses / most)))
            if (focus?.kind === 'pair' && focus.from === service && focus.into === into)
              button.setAttribute('aria-current', 'true')
            return h('td', {}, button)
          }),
          sum(total),
        ),
      ),
      h(
        'tr',
        { class: 'sums' },
        h('th', { scope: 'row' }, 'all'),
        ...owners.map(owner => sum(owner.sum)),
        sum(all(uses)),
      ),
    ),
  )
}

/** Arrow keys go to the next button in a row or column. */
function moveInTable(event: KeyboardEvent, from: HTMLElement): void {
  const cell = from.closest('td,th') as HTMLTableCellElement | null
  const rows = cell?.closest('table')?.rows
  const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key]
  if (!cell || !rows || !step) return
  let row = (cell.parentElement as HTMLTableRowElement).rowIndex
  let column = cell.cellIndex
  for (;;) {
    row += step[0]!
    column += step[1]!
    const next = rows[row]?.cells[column]
    if (!next) return
    const button = next.querySelector('button')
    if (!button) continue
    button.focus()
    event.preventDefault()
    return
  }
}
