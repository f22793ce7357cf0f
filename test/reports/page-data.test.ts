/** What the page has in it: its size is what people wait for and send around. */
import { expect, test } from 'vitest'
import { boardOf } from '../../reports/board/index.js'
import { pageData } from '../../reports/html/page-data.js'
import { context } from './context.js'
import { sampleMap } from './sample-map.js'

test('of migrations only what crosses', () => {
  const map = sampleMap()
  const crossing = map.accesses.find(({ tables }) => tables.some(({ crossService }) => crossService))!
  const own = { ...crossing, tables: crossing.tables.map(used => ({ ...used, crossService: false })) }
  const accesses = [
    { ...crossing, id: 'crosses' },
    { ...own, id: 'own' },
    { ...crossing, id: 'migration that crosses', migration: true as const },
    { ...own, id: 'migration of its own', migration: true as const },
  ]
  const data = pageData({ ...map, accesses }, boardOf(map), context())
  expect(data.map.accesses.map(({ id }) => id)).toEqual(['crosses', 'own', 'migration that crosses'])
})
