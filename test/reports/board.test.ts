import { describe, expect, test } from 'vitest'
import type { DependencyMap } from '../../analyzers/model.js'
import { contrast, ownerColour } from '../../reports/board/colours.js'
import { type Board, boardOf, type Card } from '../../reports/board/index.js'
import { DARK, LIGHT } from '../../reports/board/theme.js'
import { platformMap } from '../support/platform-map.js'
import { emptyMap, hostileMap, largeMap, sampleMap, withIdle } from './sample-map.js'

const MAPS: [string, DependencyMap][] = [
  ['the sample', sampleMap()],
  ['an empty map', emptyMap()],
  ['17 services and 90 tables', platformMap({ services: 17, tables: 90, seed: 1 })],
  ['40 services and 600 tables', platformMap({ services: 40, tables: 600, seed: 1 })],
  ['services that all cross into each other', largeMap(30)],
  ['hostile names', hostileMap()],
  ['50 services with nothing to show', withIdle(50)],
]

describe.each(MAPS)('%s', (_, map) => {
  const board = boardOf(map)

  test('no two cards overlap, and all lie on the board', () => {
    const boxes = board.idle === null ? board.cards : [...board.cards, board.idle]
    expect(
      boxes.flatMap((card, index) => boxes.slice(index + 1).filter(other => overlap(card, other))),
    ).toEqual([])
    const outside = boxes.filter(
      ({ x, y, width, height }) => x < 0 || y < 0 || x + width > board.width || y + height > board.height,
    )
    expect(outside).toEqual([])
  })

  test('every service and every table is there once', () => {
    const services = [...board.cards, ...(board.idle?.services ?? [])].flatMap(each => each.service ?? [])
    expect(new Set(services).size).toBe(services.length)
    for (const { name, kind } of map.services) if (kind === 'service') expect(services).toContain(name)
    const tables = board.cards.flatMap(card => [...card.rows, ...card.squares].map(each => each.table))
    expect(tables.sort()).toEqual(map.tables.map(table => table.id).sort())
  })

  test('rows and squares lie in their cards', () => {
    for (const card of board.cards) {
      for (const row of card.rows) expect(row.y >= card.y && row.y + 18 <= card.y + card.height).toBe(true)
      for (const { x, y } of card.squares) {
        expect(x >= card.x && x + 11 <= card.x + card.width).toBe(true)
        expect(y >= card.y && y + 9 <= card.y + card.height).toBe(true)
      }
    }
  })

  test('is the same again', () => {
    expect(boardOf(structuredClone(map))).toEqual(board)
  })
})

type Box = Pick<Card, 'x' | 'y' | 'width' | 'height'>

function overlap(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  )
}

test.each([
  [6, 'a card each', null],
  [7, 'folded', '7 services: no tables, none of others used'],
])('%i services with nothing to show: %s', (count, _, expected) => {
  const { cards, idle } = boardOf(withIdle(count))
  expect(idle && `${idle.title}: ${idle.subtitle}`).toBe(expected)
  expect(cards.filter(({ service }) => service?.startsWith('idle-'))).toHaveLength(
    expected === null ? count : 0,
  )
})

test('what many services with nothing to show take of the picture', () => {
  const { height } = boardOf(sampleMap())
  expect(boardOf(withIdle(100)).height - height).toBeLessThan(200)
})

test('one that uses a table of others, or owns one, has its card', () => {
  const map = withIdle(10)
  const [access] = map.accesses.filter(({ tables }) => tables.some(({ crossService }) => crossService))
  const open = map.accesses.find(({ tables }) =>
    tables.some(({ owner, id }) => owner === null && id !== null),
  )!
  access!.reachedBy = [...access!.reachedBy, 'idle-1']
  open.reachedBy = [...open.reachedBy, 'idle-2']
  map.tables.push({ ...map.tables[0]!, id: 'nilecare/idle', name: 'idle', owner: 'idle-3' })
  expect(
    boardOf(map)
      .cards.flatMap(({ service }) => service ?? [])
      .filter(name => name.startsWith('idle-')),
  ).toEqual(['idle-1', 'idle-2', 'idle-3'])
})

const arrows = ({ arrows }: Board) =>
  arrows.map(({ from, toCard, table, kind }) => `${kind} ${from} > ${table ?? toCard}`).sort()

test('arrows lead from services to what they use of others', () => {
  expect(arrows(boardOf(sampleMap()))).toEqual([
    'join billing-service > nilecare/patients',
    'open billing-service > open:nilecare',
    'open payment-gateway-service > open:nilecare',
    'read billing-service > nilecare/active_patients',
    'read billing-service > nilecare/auth_users',
    'read lab-service > nilecare/auth_users',
    'read main-nilecare > nilecare/invoices',
    'read main-nilecare > nilecare/patients',
    'write payment-gateway-service > nilecare/invoices',
  ])
})

test('where there are too many, an arrow sums up the tables of an owner', () => {
  const board = boardOf(largeMap(13))
  expect(board.arrows).toHaveLength(13 * 12)
  expect(new Set(board.arrows.map(arrow => arrow.table))).toEqual(new Set([null]))
})

test('a card tells how much its service reaches out, and is reached', () => {
  const cards = new Map(boardOf(sampleMap()).cards.map(card => [card.title, card.subtitle]))
  expect(Object.fromEntries(cards)).toEqual({
    'auth-service': '2 in',
    'billing-service': '3 out · 2 in',
    clinical: '3 in',
    'lab-service': '1 out',
    'main-nilecare': '2 out',
    nilecare: '1 table, owner open',
    'payment-gateway-service': '1 out',
  })
})

describe.each([
  ['light', LIGHT],
  ['dark', DARK],
])('colours on a %s screen', (_, theme) => {
  test.each(['text', 'muted', 'accent', 'read', 'join', 'write', 'open'] as const)('%s can be read', name => {
    for (const ground of ['ground', 'card', 'raised'] as const)
      expect(contrast(theme[name], theme[ground])).toBeGreaterThanOrEqual(name === 'open' ? 3 : 4.5)
  })

  test('owners stand out, and text on their tint', () => {
    for (let index = 0; index < 60; index++) {
      const colour = ownerColour(index)
      expect(contrast(colour, theme.card)).toBeGreaterThanOrEqual(3)
      const tint = mixed(colour, theme.card, 0.16)
      expect(contrast(theme.text, tint)).toBeGreaterThanOrEqual(4.5)
      expect(contrast(theme.muted, tint)).toBeGreaterThanOrEqual(4.5)
    }
  })
})

/** One colour at an opacity over another. */
function mixed(colour: string, ground: string, opacity: number): string {
  const part = (hex: string, at: number) => Number.parseInt(hex.slice(at, at + 2), 16)
  return `#${[1, 3, 5]
    .map(at => Math.round(part(colour, at) * opacity + part(ground, at) * (1 - opacity)))
    .map(value => value.toString(16).padStart(2, '0'))
    .join('')}`
}

test('contrast is that of WCAG 2', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2)
})
