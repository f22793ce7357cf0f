import { expect, test } from 'vitest'
import { presentTables } from '../../analyzers/gate/former-tables.js'
import type { Table } from '../../analyzers/model.js'

test.each<[title: string, tables: Record<string, string[]>, id: string, present: string]>([
  ['a table that was renamed', { 'shop/people': ['shop/customers'] }, 'shop/customers', 'shop/people'],
  ['by any of its names', { 'shop/c': ['shop/a', 'shop/b'] }, 'shop/a', 'shop/c'],
  ['one that was not', { 'shop/people': ['shop/customers'] }, 'shop/orders', 'shop/orders'],
  ['another one has the name now', { 'shop/b': ['shop/a'], 'shop/a': [] }, 'shop/a', 'shop/a'],
  ['two had it', { 'shop/b': ['shop/a'], 'shop/c': ['shop/a'] }, 'shop/a', 'shop/a'],
  ['two exchanged their names', { 'shop/b': ['shop/a'], 'shop/a': ['shop/b'] }, 'shop/b', 'shop/b'],
])('%s', (_, tables, id, present) => {
  const map = Object.entries(tables).map(([id, formerIds]) => ({ id, formerIds }) as Table)
  expect(presentTables(map)(id)).toBe(present)
})
