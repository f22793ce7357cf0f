import { expect, it } from 'vitest'
import { plural, singular } from '../../codemods/names/words.js'

it.each([
  ['alias', 'aliases'],
  ['canvas', 'canvases'],
  ['status', 'statuses'],
  ['category', 'categories'],
  ['analysis', 'analyses'],
  ['person', 'people'],
  ['box', 'boxes'],
  ['day', 'days'],
])('%s, %s', (one, many) => {
  expect([plural(one), plural(many), singular(many), singular(one)]).toEqual([many, many, one, one])
})
