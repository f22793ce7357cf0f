import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DependencyMap } from '../../analyzers/model.js'
import { report } from '../../reports/svg.js'
import { context } from '../reports/context.js'
import { sampleMap } from '../reports/sample-map.js'
import { openBrowser } from '../support/browser.js'
import { platformMap } from '../support/platform-map.js'
import { INSTALL_TIMEOUT } from '../support/system-packages.js'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
}, INSTALL_TIMEOUT)
afterAll(() => browser?.close())

const address = (map: DependencyMap) =>
  `data:image/svg+xml;base64,${Buffer.from(report.render(map, context())).toString('base64')}`

test.each(['light', 'dark'] as const)('it is %s with the screen', async colorScheme => {
  const page = await browser.newPage({ colorScheme })
  await page.goto(address(sampleMap()))
  const fill = await page.locator('.ground').evaluate(each => getComputedStyle(each).fill)
  expect(fill).toBe(colorScheme === 'light' ? 'rgb(244, 246, 249)' : 'rgb(16, 21, 28)')
  await page.close()
})

test('no text runs out of its card or into a number', async () => {
  const page = await browser.newPage()
  for (const map of [sampleMap(), platformMap({ services: 40, tables: 600, seed: 2 })]) {
    await page.goto(address(map))
    const long = await page.evaluate(() => {
      const cards = [...document.querySelectorAll<SVGRectElement>('rect.card')].map(each => each.getBBox())
      const uses = [...document.querySelectorAll<SVGTextElement>('.uses')].map(each => each.getBBox())
      return [...document.querySelectorAll<SVGTextElement>('.title,.subtitle,.row,.quiet')].filter(text => {
        const box = text.getBBox()
        const card = cards.find(
          each =>
            box.x > each.x && box.x < each.x + each.width && box.y > each.y && box.y < each.y + each.height,
        )
        const right = box.x + box.width
        const number = uses.find(
          each => Math.abs(each.y - box.y) < 4 && each.x > box.x && each.x < box.x + 240,
        )
        return !card || right > card.x + card.width || (number && right > number.x)
      }).length
    })
    expect(long).toBe(0)
  }
  await page.close()
})
