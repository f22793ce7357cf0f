/** Pieces that the panel, the matrix and the list are made of. */
import type { Access } from '../../../analyzers/model.js'
import type { ArrowKind } from '../../board/board.js'
import { linkTo } from '../../text/link.js'
import { count, operations } from '../../text/words.js'
import { h } from './dom.js'
import type { Model, Use } from './model.js'
import { sqlBlock } from './sql.js'
import type { Focus, Store } from './view.js'

/** What everything that draws is given. */
export interface Page {
  model: Model
  store: Store
}

export const KIND_WORDS: Record<ArrowKind, string> = {
  read: 'reads',
  join: 'joins',
  write: 'writes',
  open: 'open owner',
}

/** Statements of one list that are laid out at once; more on demand. */
const MOST_STATEMENTS = 30

/** A path that may go on in the next line behind each slash, so that no name and no number is torn. */
function path(text: string): (string | HTMLElement)[] {
  return text.split(/(?<=\/)/).flatMap((part, index) => (index === 0 ? [part] : [h('wbr'), part]))
}

/** A button that looks at something closely. */
export function focusButton(
  { store }: Page,
  focus: Focus,
  text: string,
  more: { class?: string; label?: string } = {},
): HTMLButtonElement {
  return h(
    'button',
    {
      type: 'button',
      class: `link ${more.class ?? ''}`,
      'aria-label': more.label ?? false,
      onclick: () => store.focus(focus),
    },
    ...(focus.kind === 'table' ? path(text) : [text]),
  )
}

export function serviceButton(page: Page, service: string): HTMLElement {
  return h(
    'span',
    { class: 'name' },
    swatch(page.model, `service:${service}`),
    focusButton(page, { kind: 'service', service }, service),
  )
}

export function tableButton(page: Page, table: string): HTMLElement {
  return h(
    'span',
    { class: 'name' },
    swatch(page.model, page.model.cardOfTable.get(table) ?? ''),
    focusButton(page, { kind: 'table', table }, table),
  )
}

/** Buttons in a sentence; a line may not begin with the comma behind one. */
export function withCommas(buttons: Node[], goesOn: boolean): (Node | string)[] {
  return buttons.flatMap((button, index) => [
    index > 0 ? ' ' : '',
    h('span', { class: 'with-comma' }, button, index < buttons.length - 1 || goesOn ? ',' : ''),
  ])
}

/** The owner's colour. */
export function swatch({ cards }: Model, key: string): HTMLElement {
  const element = h('span', { class: 'swatch', 'aria-hidden': 'true' })
  const card = cards.get(key)
  if (card?.service != null) element.style.background = card.colour
  return element
}

/** A link to a line. */
export function placeLink(
  { model }: Page,
  at: { file: string; line: number },
  text = `${at.file}:${at.line}`,
): HTMLElement {
  return h(
    'a',
    {
      href: linkTo(at, model.linkTemplate),
      class: 'place',
      title: `${at.file}:${at.line}`,
      rel: 'noreferrer',
      target: '_blank',
    },
    ...path(text),
  )
}

/** A row of a ranking: what, a bar that compares it, and the sums in words. */
export function rank(
  what: Node,
  value: number,
  most: number,
  words: string,
  more: Node | null = null,
): HTMLElement {
  const bar = h('span', { class: 'bar', 'aria-hidden': 'true' })
  bar.style.setProperty('--share', String(value / most))
  return h(
    'li',
    { class: 'rank' },
    h('div', { class: 'rank-line' }, what, h('span', { class: 'rank-value' }, String(value))),
    bar,
    h('div', { class: 'rank-words' }, words, more),
  )
}

/** `5 reads, 2 writes` of some uses, an access counting once. */
export function wordsOf(uses: Use[]): string {
  const distinct = (subset: Use[]) => new Set(subset.map(use => use.access)).size
  return operations({
    reads: distinct(uses.filter(use => use.read)),
    writes: distinct(uses.filter(use => use.write)),
    ddl: distinct(uses.filter(use => use.ddl)),
    joins: distinct(uses.filter(use => use.join)),
  })
}

/** A part of the panel; nothing where it would be empty. */
export function section(title: string, ...content: (Node | null)[]): HTMLElement | null {
  const filled = content.filter(each => each !== null)
  return filled.length === 0 ? null : h('section', {}, h('h3', {}, title), ...filled)
}

/** Statements with their SQL; long lists in steps. */
export function statements(page: Page, accesses: Access[]): HTMLElement | null {
  if (accesses.length === 0) return null
  const list = h('ol', { class: 'statements' })
  const more = h('button', { type: 'button', class: 'more' })
  const show = (from: number) => {
    for (const access of accesses.slice(from, from + MOST_STATEMENTS)) list.append(statement(page, access))
    const left = accesses.length - from - MOST_STATEMENTS
    more.hidden = left <= 0
    const rest = count(left, 'more statement')
    more.replaceChildren(...moreWords(`Show ${Math.min(left, MOST_STATEMENTS)} of ${rest}`, `… and ${rest}`))
    more.onclick = () => show(from + MOST_STATEMENTS)
  }
  show(0)
  return h('div', {}, list, more)
}

/** What a button says that shows more of a list; on paper, how much of it is not there. */
export function moreWords(onScreen: string, onPaper: string): Node[] {
  return [h('span', { class: 'on-screen' }, onScreen), h('span', { class: 'on-paper' }, onPaper)]
}

function statement(page: Page, access: Access): HTMLElement {
  const foreign = access.tables.filter(used => used.crossService || used.owner === null)
  const notes = [
    access.crossServiceJoin ? 'join over owners' : '',
    access.transaction === null ? '' : `in the transaction of ${access.transaction}`,
    access.reachedVia === 'import' ? `in ${access.service}, run by ${access.reachedBy.join(', ')}` : '',
    access.confidence === 'partial' ? 'partly unknown' : '',
    access.confidence === 'tokens' ? 'no parser took it' : '',
  ].filter(note => note !== '')
  return h(
    'li',
    { class: 'statement' },
    h('div', { class: 'statement-place' }, placeLink(page, access)),
    h(
      'ul',
      { class: 'uses-list' },
      ...access.tables
        .filter(used => !used.system)
        .map(used =>
          h(
            'li',
            {},
            h('span', { class: `op ${used.op === 'read' ? 'read' : 'write'}` }, used.op),
            ' ',
            used.id === null ? used.table : focusButton(page, { kind: 'table', table: used.id }, used.id),
            used.crossService ? ` of ${used.owner}` : used.owner === null ? ', owner open' : ', own',
          ),
        ),
    ),
    notes.length > 0 && h('div', { class: 'notes' }, notes.join(' · ')),
    access.sql === null
      ? h('div', { class: 'notes' }, 'No SQL text is known.')
      : sqlBlock(
          access.sql,
          foreign.map(used => used.table),
        ),
  )
}
