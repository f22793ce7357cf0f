import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Progress } from '../../analyzers/progress/index.js'
import { measure } from '../../analyzers/progress/measure.js'
import { report } from '../../reports/progress/html/index.js'
import { hostileMap } from '../reports/sample-map.js'
import { openBrowser } from '../support/browser.js'
import { platformMap } from '../support/platform-map.js'
import { INSTALL_TIMEOUT } from '../support/system-packages.js'

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
}, INSTALL_TIMEOUT)
afterAll(() => browser?.close())

/** A platform of 17 services that mends a tenth of its accesses from month to month. */
function burndown(): Progress {
  const map = platformMap({ services: 17, tables: 90, seed: 1 })
  const points = Array.from({ length: 10 }, (_, month) => {
    const accesses = map.accesses.filter((_, index) => index % 10 >= month)
    const label = `v1.${month}.0`
    const date = `2026-0${month + 1 > 9 ? 9 : month + 1}-01`
    const { numbers } = measure({ ...map, accesses })
    return { label, date, ...numbers, moved: [], clients: month * 2, events: month }
  })
  return { schemaVersion: 1, points, notes: ['A note.'] }
}

const address = (progress: Progress) => {
  const file = join(mkdtempSync(join(tmpdir(), 'seamripper-page-')), 'progress.html')
  writeFileSync(file, report.render(progress, { width: 100, colour: false }))
  return pathToFileURL(file).href
}

test.each([
  ['light', 1280],
  ['light', 420],
  ['dark', 1280],
] as const)(
  '%s, %i wide: charts, tables, no message on the console, nothing runs over',
  async (colorScheme, width) => {
    const page = await browser.newPage({ colorScheme, viewport: { width, height: 900 } })
    const said: string[] = []
    page.on('console', message => said.push(message.text()))
    page.on('request', request => request.url().startsWith('http') && said.push(request.url()))
    await page.goto(address(burndown()))
    expect(await page.locator('svg.chart').count()).toBe(2)
    const [first, last] = await page.locator('.dot.all').evaluateAll(dots => {
      const heights = dots.slice(0, 10).map(dot => Number.parseFloat(dot.getAttribute('cy')!))
      return [heights[0]!, heights.at(-1)!]
    })
    expect(last).toBeGreaterThan(first!)
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
    expect(ground).toBe(colorScheme === 'light' ? 'rgb(244, 246, 249)' : 'rgb(16, 21, 28)')
    if (process.env.SCREENSHOTS) {
      await page.screenshot({
        path: join(process.env.SCREENSHOTS, `progress-${colorScheme}-${width}.png`),
        fullPage: true,
      })
    }
    // Newest first: at its right end, beside the names.
    const service = page.locator('.newest-first')
    const change = (await service.locator('th').last().boundingBox())!
    expect(change.x + change.width).toBeLessThanOrEqual(width)
    expect((await service.locator('td').first().boundingBox())!.x).toBeGreaterThan(0)
    await page.emulateMedia({ media: 'print' })
    expect(
      await page
        .locator('th:first-child, td:first-child')
        .evaluateAll(cells => [...new Set(cells.map(cell => getComputedStyle(cell).position))]),
    ).toEqual(['static'])
    expect(await page.evaluate(() => getComputedStyle(document.body).color)).toBe('rgb(27, 36, 48)')
    expect(said).toEqual([])
    await page.close()
  },
)

test('hostile names do nothing', async () => {
  const page = await browser.newPage()
  const said: string[] = []
  page.on('dialog', dialog => said.push(dialog.message()))
  page.on('console', message => said.push(message.text()))
  const map = hostileMap()
  const point = {
    label: '<img src=x onerror=alert(1)>',
    date: null,
    ...measure(map).numbers,
    moved: [],
    clients: null,
    events: null,
  }
  await page.goto(address({ schemaVersion: 1, points: [point, point], notes: ['<script>alert(1)</script>'] }))
  expect(await page.locator('img, script').count()).toBe(0)
  expect(await page.locator('td').first().textContent()).toBe('<img src=x onerror=alert(1)>')
  expect(said).toEqual([])
  await page.close()
})
