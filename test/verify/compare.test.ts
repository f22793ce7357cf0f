/** A statement that gives its rows otherwise from run to run: what the database may do counts as equal, no more. */
import { describe, expect, test } from 'vitest'
import { compare, type Way } from '../../codemods/verify/compare.js'
import type { Order } from '../../codemods/verify/order.js'

/** A read whose runs of the old statement give these in turn; each row is its id and what it is ordered by. */
function reading(order: Order | null, runs: string[]): Way {
  let at = 0
  const given = (text: string) => text.split(' ').map(([id, ...n]) => ({ id, n: n.join('') }))
  return {
    writes: false,
    order,
    isLater: false,
    fill: async () => {},
    run: async side => {
      const rows = given(runs[side === 'before' ? at++ % runs.length : 0]!)
      return { rows, told: null, tables: {}, touched: rows.length }
    },
  }
}

const byN: Order = { keys: ['n'], isWhole: true, isCut: false }

describe('a read that runs twice', () => {
  test.each<[what: string, order: Order | null, runs: string[]]>([
    ['the same rows', byN, ['a1 b1 c2']],
    ['ties in another order', byN, ['a1 b1 c2', 'b1 a1 c2']],
    ['no order asked for', null, ['a1 b2', 'b2 a1']],
  ])('%s: equal', async (_, order, runs) => {
    expect(await compare(reading(order, runs), [], [{}])).toBe(1)
  })

  test.each<[what: string, order: Order | null, runs: string[]]>([
    ['other rows', null, ['a1 b2', 'a1 c2']],
    ['other values in what it is ordered by', byN, ['a1 b2', 'a1 b3']],
    ['fewer rows', byN, ['a1 b2', 'a1']],
  ])('%s: not verified', async (_, order, runs) => {
    await expect(compare(reading(order, runs), [], [{}])).rejects.toThrow('other rows each time')
  })
})
