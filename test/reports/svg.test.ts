import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { DOMParser, type Element } from '@xmldom/xmldom'
import { expect, test } from 'vitest'
import { analyze } from '../../analyzers/index.js'
import { report } from '../../reports/svg.js'
import { plain } from '../../reports/text/plain.js'
import { platformMap } from '../support/platform-map.js'
import { context } from './context.js'
import { emptyMap, hostileMap, sampleMap, withIdle } from './sample-map.js'

const render = (map: Parameters<typeof report.render>[0]) => report.render(map, context())

/** The elements of a document; an error of the XML parser fails the test. */
function elements(svg: string): Element[] {
  const parser = new DOMParser({
    onError: (level, message) => {
      if (level !== 'warning') throw new Error(message)
    },
  })
  return [...parser.parseFromString(svg, 'image/svg+xml').getElementsByTagName('*')]
}

test.each([
  ['the sample', sampleMap()],
  ['an empty map', emptyMap()],
  ['hostile names', hostileMap()],
  ['40 services', platformMap({ services: 40, tables: 600, seed: 1 })],
])('%s is XML, without scripts, styles of others or links', (_, map) => {
  const svg = render(map)
  expect(svg).toBe(render(structuredClone(map)))
  const all = elements(svg)
  const names = new Set(all.map(each => each.tagName))
  const known = ['svg', 'title', 'desc', 'style', 'defs', 'marker', 'path', 'rect', 'text']
  expect([...names].filter(name => !known.includes(name))).toEqual([])
  const attributes = all.flatMap(each => [...each.attributes].map(({ name }) => name))
  expect(attributes.filter(name => /^on|href|^src/.test(name))).toEqual([])
  expect(svg.replaceAll('url(#head-', '')).not.toMatch(/url\(|@import/)
})

test('says what it shows', () => {
  const all = elements(render(sampleMap()))
  expect(all[0]!.getAttribute('role')).toBe('img')
  expect(all.find(each => each.tagName === 'desc')!.textContent).toBe(
    '6 services, 4 of them reach into the tables of others. Most: billing-service (3 accesses), main-nilecare (2 accesses), lab-service (1 access).',
  )
})

test('services with nothing to show are one box, with their names behind squares', () => {
  const all = elements(render(withIdle(50)))
  const of = (name: string) => all.filter(each => each.tagName === name).map(each => each.textContent)
  expect(of('desc')[0]).toMatch(/^56 services, 4 of them/)
  expect(of('text')).toContain('50 services')
  expect(of('text').filter(text => text?.startsWith('idle-'))).toEqual([])
  expect(of('title').filter(text => text?.startsWith('idle-'))).toHaveLength(50)
})

test('hostile names are text', () => {
  const map = hostileMap()
  const texts = new Set(
    elements(render(map))
      .filter(each => each.tagName === 'text')
      .map(each => each.textContent),
  )
  for (const { name } of map.services) {
    const shown = plain(name).replace(/[\ufffe\uffff]/g, '\ufffd')
    if (shown.length < 20) expect(texts).toContain(shown)
  }
})

test('the picture in the README is current (npm run picture)', async () => {
  const root = fileURLToPath(new URL('../../fixtures/nilecare', import.meta.url))
  const file = new URL('../../docs/nilecare.svg', import.meta.url)
  expect(readFileSync(file, 'utf8')).toBe(render(await analyze({ root })))
})
