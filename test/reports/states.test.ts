import { expect, test } from 'vitest'
import type { Violation } from '../../analyzers/gate/index.js'
import { statesOf } from '../../reports/html/states.js'

const violation = (access: string | null, state: Violation['state']) =>
  ({ accessId: access, service: 's', table: 'db/t', state }) as Violation

test('nothing to tell apart where all is new', () => {
  expect(statesOf([violation('a', 'new'), violation(null, 'baseline')])).toBeNull()
})

test('of several operations on a table, the one that fails first', () => {
  const of = (...states: Violation['state'][]) =>
    statesOf(states.map(state => violation('a', state)))?.[0]?.state
  expect(of('allowed', 'baseline')).toBe('baseline')
  expect(statesOf([violation('a', 'allowed'), violation('b', 'new'), violation('b', 'baseline')])).toEqual([
    { access: 'a', service: 's', table: 'db/t', state: 'allowed' },
    { access: 'b', service: 's', table: 'db/t', state: 'new' },
  ])
})
