import type { ArrowKind } from '../../board/board.js'
import type { State } from '../page-data.js'

/** What is looked at closely. */
export type Focus =
  | { kind: 'service'; service: string }
  | { kind: 'table'; table: string }
  /** What one service uses of one owner. */
  | { kind: 'pair'; from: string; into: string }
  /** What one service does with one table. */
  | { kind: 'edge'; from: string; table: string }
  | { kind: 'statement'; access: string }

export type Tab = 'map' | 'matrix' | 'list'

/** All that the page shows, as its address tells it. */
export interface View {
  tab: Tab
  focus: Focus | null
  kinds: Set<ArrowKind>
  states: Set<State>
  /** Services; empty for all. */
  from: string
  into: string
}

export const TABS: Tab[] = ['map', 'matrix', 'list']
export const KINDS: ArrowKind[] = ['read', 'join', 'write', 'open']
export const STATES: State[] = ['new', 'baseline', 'allowed']

/** Reads the part of an address after `#`; what it does not say, or says wrongly, is as at the start. */
export function parseView(hash: string): View {
  const words = new URLSearchParams(hash.replace(/^#/, ''))
  const get = (name: string) => words.get(name) ?? ''
  const among = <T extends string>(name: string, all: T[]) => {
    const given = get(name).split('.')
    return new Set(words.has(name) ? all.filter(each => given.includes(each)) : all)
  }
  return {
    tab: TABS.find(tab => tab === get('view')) ?? 'map',
    focus: parseFocus(words),
    kinds: among('ops', KINDS),
    states: among('states', STATES),
    from: get('from'),
    into: get('into'),
  }
}

function parseFocus(words: URLSearchParams): Focus | null {
  const [service, table, of, access] = ['service', 'table', 'of', 'statement'].map(name => words.get(name))
  if (access) return { kind: 'statement', access }
  if (service && table) return { kind: 'edge', from: service, table }
  if (service && of) return { kind: 'pair', from: service, into: of }
  if (service) return { kind: 'service', service }
  return table ? { kind: 'table', table } : null
}

/** The other way round; the start is an empty text. */
export function formatView({ tab, focus, kinds, states, from, into }: View): string {
  const words = new URLSearchParams()
  if (tab !== 'map') words.set('view', tab)
  for (const [name, value] of focus ? focusWords(focus) : []) words.set(name, value)
  if (kinds.size < KINDS.length) words.set('ops', [...kinds].join('.'))
  if (states.size < STATES.length) words.set('states', [...states].join('.'))
  if (from !== '') words.set('from', from)
  if (into !== '') words.set('into', into)
  return words.toString()
}

function focusWords(focus: Focus): [string, string][] {
  switch (focus.kind) {
    case 'service':
      return [['service', focus.service]]
    case 'table':
      return [['table', focus.table]]
    case 'pair':
      return [
        ['service', focus.from],
        ['of', focus.into],
      ]
    case 'edge':
      return [
        ['service', focus.from],
        ['table', focus.table],
      ]
    case 'statement':
      return [['statement', focus.access]]
  }
}

/** Holds the view, keeps the address in step, and tells everyone of changes. */
export class Store {
  view: View
  readonly #listeners: ((view: View) => void)[] = []

  constructor() {
    this.view = parseView(location.hash)
    addEventListener('popstate', () => {
      this.view = parseView(location.hash)
      this.#tell()
    })
  }

  onChange(listener: (view: View) => void): void {
    this.#listeners.push(listener)
    listener(this.view)
  }

  /** Changes a part; going back leads to the view before. */
  set(part: Partial<View>): void {
    this.view = { ...this.view, ...part }
    const address = formatView(this.view)
    if (address !== location.hash.slice(1)) history.pushState(null, '', `#${address}`)
    this.#tell()
  }

  focus(focus: Focus | null): void {
    this.set({ focus })
  }

  #tell(): void {
    for (const listener of this.#listeners) listener(this.view)
  }
}
