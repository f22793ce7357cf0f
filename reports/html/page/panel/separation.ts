/** What the panel says of the order in which services can be separated. */
import type { Partner, SeparationStep } from '../../../../analyzers/graph/index.js'
import { beside, isFree } from '../../../separation.js'
import { count } from '../../../text/words.js'
import { h } from '../dom.js'
import { focusButton, type Page, section, serviceButton, withCommas } from '../parts.js'
import type { Focus } from '../view.js'

/** Turns that are told at once; the others are folded. */
const FIRST_TURNS = 5
/** Services named on each side of a turn. */
const MOST_PARTNERS = 3

/** The service to begin with, in a line. */
export function firstTurn(page: Page): HTMLElement | null {
  const [step] = page.model.separation
  if (step === undefined) return null
  return h(
    'p',
    { class: 'first-turn' },
    'Cheapest to separate: ',
    serviceButton(page, step.service),
    ` (${sums(step)}).`,
  )
}

/** All turns, with what is left to replace at each. */
export function turns(page: Page): HTMLElement | null {
  const all = page.model.separation
  if (all.length === 0) return null
  const list = (steps: SeparationStep[], from: number) =>
    h('ol', { class: 'turns' }, ...steps.map((step, index) => turn(page, step, from + index)))
  const rest = all.slice(FIRST_TURNS)
  return section(
    'Order of separation',
    h(
      'p',
      { class: 'notes' },
      'Each time the service into which the fewest statements of others reach. “In” are those, “out” its own on tables of others, as many as are left to replace by then; filters change nothing here.',
    ),
    list(all.slice(0, FIRST_TURNS), 1),
    rest.length === 0
      ? null
      : h('details', {}, h('summary', {}, count(rest.length, 'more turn')), list(rest, FIRST_TURNS + 1)),
  )
}

function turn(page: Page, step: SeparationStep, number: number): HTMLElement {
  const { service } = step
  const also = beside(step)
  return h(
    'li',
    { class: 'turn' },
    h(
      'div',
      { class: 'rank-line' },
      h(
        'span',
        { class: 'name' },
        h('span', { class: 'turn-number' }, `${number}`),
        serviceButton(page, service),
      ),
      h('span', { class: 'turn-sums' }, sums(step)),
    ),
    h(
      'div',
      { class: 'rank-words' },
      isFree(step) && 'nothing left to replace by then',
      ...side('in: ', page, step.by, from => ({ kind: 'pair', from, into: service })),
      ...side('out: ', page, step.into, into => ({ kind: 'pair', from: service, into })),
      also !== '' && h('div', {}, `also ${also}`),
    ),
  )
}

/** What stands in the way of one service, at its turn. */
export function turnOf(page: Page, service: string): HTMLElement | null {
  const all = page.model.separation
  const index = all.findIndex(step => step.service === service)
  const step = all[index]
  if (step === undefined) return null
  const also = beside(step)
  return section(
    'To separate it',
    h(
      'p',
      {},
      `${index === 0 ? 'The cheapest' : `Turn ${index + 1}`} of ${all.length}. `,
      isFree(step)
        ? 'Nothing is left to replace once those before it are separated.'
        : index === 0
          ? 'What stands in the way:'
          : 'What stands in the way once those before it are separated:',
    ),
    h(
      'ul',
      { class: 'plain' },
      step.incoming > 0 &&
        h(
          'li',
          {},
          `${count(step.incoming, 'statement')} of others on its tables: `,
          ...named(page, step.by, from => ({ kind: 'pair', from, into: service })),
        ),
      step.outgoing > 0 &&
        h(
          'li',
          {},
          `${count(step.outgoing, 'statement')} of its own on tables of others: `,
          ...named(page, step.into, into => ({ kind: 'pair', from: service, into })),
        ),
      also !== '' && h('li', {}, `${also} across`),
    ),
  )
}

function sums({ incoming, outgoing }: SeparationStep): string {
  return `${incoming}\u00a0in\u00a0· ${outgoing}\u00a0out`
}

function side(
  words: string,
  page: Page,
  partners: Partner[],
  focus: (partner: string) => Focus,
): (Node | string)[] {
  if (partners.length === 0) return []
  const hidden = partners.length - MOST_PARTNERS
  return [
    h(
      'div',
      {},
      words,
      ...named(page, partners.slice(0, MOST_PARTNERS), focus, hidden > 0),
      hidden > 0 ? ` ${hidden}\u00a0more` : '',
    ),
  ]
}

function named(
  page: Page,
  partners: Partner[],
  focus: (partner: string) => Focus,
  goesOn = false,
): (Node | string)[] {
  const buttons = partners.map(({ service, accesses }) =>
    focusButton(page, focus(service), `${service} ${accesses}`),
  )
  return withCommas(buttons, goesOn)
}
