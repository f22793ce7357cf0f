import type { Violation } from '../../analyzers/gate/index.js'
import type { PageData, State } from './page-data.js'

const STRONGEST: State[] = ['new', 'baseline', 'allowed']

/** What the gate says of each crossing; null if it says nothing but `new`, as where nothing is accepted yet. */
export function statesOf(violations: Violation[]): PageData['states'] | null {
  const states = new Map<string, PageData['states'][number]>()
  for (const { accessId, service, table, state } of violations) {
    if (accessId === null || table === null || !isShown(state)) continue
    const key = JSON.stringify([accessId, service, table])
    const known = states.get(key)
    if (known && STRONGEST.indexOf(known.state) <= STRONGEST.indexOf(state)) continue
    states.set(key, { access: accessId, service, table, state })
  }
  const all = [...states.values()]
  return all.some(each => each.state !== 'new') ? all : null
}

function isShown(state: Violation['state']): state is State {
  return (STRONGEST as string[]).includes(state)
}
