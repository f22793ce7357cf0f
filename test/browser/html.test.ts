import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { rankServices } from '../../analyzers/graph/index.js'
import type { DependencyMap } from '../../analyzers/model.js'
import type { Board } from '../../reports/board/index.js'
import { report } from '../../reports/html/index.js'
import type { ReportContext } from '../../reports/report.js'
import { plain } from '../../reports/text/plain.js'
import { count } from '../../reports/text/words.js'
import { context } from '../reports/context.js'
import { emptyMap, HOSTILE, hostileMap, sampleMap, withIdle } from '../reports/sample-map.js'
import { openBrowser } from '../support/browser.js'
import { platformMap } from '../support/platform-map.js'
import { INSTALL_TIMEOUT } from '../support/system-packages.js'

const folder = mkdtempSync(join(tmpdir(), 'seamripper-html-'))
const LARGE = platformMap({ services: 40, tables: 600, seed: 5 })
const TEMPLATE = 'https://git.example/shop/{file}#L{line}'

let browser: Browser
let page: Page
/** What no page may do: complain in the console, throw, ask for anything, or show a dialogue. */
let complaints: string[]

beforeAll(async () => {
  browser = await openBrowser()
}, INSTALL_TIMEOUT)
afterAll(async () => {
  await browser?.close()
  rmSync(folder, { recursive: true })
})
beforeEach(async () => {
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  complaints = []
  page.on('console', message => complaints.push(`console: ${message.text()}`))
  page.on('pageerror', error => complaints.push(`error: ${error.message}`))
  page.on('dialog', dialog => {
    complaints.push(`dialogue: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', request => {
    if (!/^(?:file|data):/.test(request.url())) complaints.push(`request: ${request.url()}`)
  })
})
afterEach(async () => {
  expect(complaints).toEqual([])
  await page.close()
})

let files = 0

/** Opens the report of a map from disk, with what follows `#` in the address. */
async function open(map: DependencyMap, hash = '', more: Partial<ReportContext> = {}): Promise<void> {
  const file = join(folder, `map-${files++}.html`)
  writeFileSync(file, report.render(map, context({ linkTemplate: TEMPLATE, ...more })))
  await page.goto(`${pathToFileURL(file)}#${hash}`)
}

const panel = () => page.locator('#panel')
const heading = () => panel().locator('h2').innerText()
const node = (key: string) => page.locator(`[data-node="${key}"]`)
const hash = () => decodeURIComponent(new URL(page.url()).hash)
const arrows = (group = 'arrows') => page.locator(`#${group} .arrow-group`)

describe('opens', () => {
  test('with who crosses most, and where, on top', async () => {
    await open(LARGE)
    const [most] = rankServices(LARGE)
    const first = panel().locator('.rank').first()
    expect(await first.locator('.rank-line').innerText()).toBe(`${most!.service}\n${most!.accesses}`)
    expect(await first.locator('.rank-words').innerText()).toContain(
      `into ${most!.into[0]!.owner} ${most!.into[0]!.accesses}`,
    )
  })

  test('with the service that is cheapest to separate, and what stands in the way of each', async () => {
    await open(sampleMap())
    expect(await panel().locator('.first-turn').innerText()).toBe(
      'Cheapest to separate: lab-service (0\u00a0in\u00a0· 1\u00a0out).',
    )
    const order = panel().locator('section', { hasText: 'Order of separation' }).last()
    const texts = (await order.locator('.turn').allInnerTexts()).map(text => text.split(/\n/))
    expect(texts.slice(0, 2)).toEqual([
      ['1lab-service', '0\u00a0in\u00a0· 1\u00a0out', 'out: auth-service 1'],
      [
        '2payment-gateway-service',
        '0\u00a0in\u00a0· 1\u00a0out',
        'out: billing-service 1',
        'also 1 transaction and 1 foreign key',
      ],
    ])
    expect(await order.locator('summary').innerText()).toBe('1 more turn')
    await order.getByRole('button', { name: 'billing-service 1', exact: true }).first().click()
    expect(await heading()).toContain('payment-gateway-service into billing-service')
  })

  test('and what stands in the way of one, at its turn, whatever the filters show', async () => {
    await open(sampleMap(), 'service=billing-service&ops=write')
    const part = panel().locator('section', { hasText: 'To separate it' }).last()
    const lines = (await part.innerText()).split('\n').filter(line => line !== '')
    expect(lines).toEqual([
      'To separate it',
      'Turn 4 of 6. What stands in the way once those before it are separated:',
      '3 statements of its own on tables of others: clinical 2, auth-service 1',
      '1 foreign key across',
    ])
    await open(sampleMap(), 'service=clinical')
    expect(await part.innerText()).toContain('Turn 6 of 6. Nothing is left to replace')
  })

  test('the numbers of a card are those of its panel', async () => {
    await open(LARGE)
    const card = LARGE.services.find(({ kind }) => kind === 'service')!.name
    const [, out, into] = /(\d+) out · (\d+) in/
      .exec((await node(`service:${card}`).textContent())!)!
      .map(Number)
    await node(`service:${card}`).click()
    expect(await panel().locator('h3').allInnerTexts()).toEqual(
      expect.arrayContaining([
        `Reaches into: ${count(out!, 'statement')}`,
        `Is reached into by: ${count(into!, 'statement')}`,
      ]),
    )
  })

  test('and the name of the folder that was analysed', async () => {
    await open(sampleMap(), '', { root: 'code/<b>shop&amp;\u202e' })
    expect(await page.title()).toBe('Dependency map of <b>shop&amp;\ufffd')
    expect(await page.locator('h1').innerText()).toBe('Dependency map of <b>shop&amp;\ufffd')
  })

  test('an empty map', async () => {
    await open(emptyMap())
    expect(await panel().innerText()).toContain('No SQL was found that a known driver runs')
    for (const view of ['Matrix', 'Table']) {
      await page.getByRole('button', { name: view }).click()
      expect(await page.locator('#views .empty:visible').innerText()).toContain('Nothing crosses')
    }
  })

  test('what the map does not know is told: packages that are not read, warnings, no owner', async () => {
    const unread = 'Only raw SQL of knex is read.'
    const { diagnostics, ...map } = sampleMap()
    const file = 'package.json'
    await open({
      ...map,
      diagnostics: [
        { severity: 'warning', code: 'not-read', message: unread, file, line: null },
        ...diagnostics,
        { severity: 'info', code: 'other-language', message: 'Not in JavaScript.', file: null, line: null },
        { severity: 'info', code: 'rows-left-out', message: 'Its rows are not read.', file, line: 1 },
      ],
    })
    const text = await panel().locator('section', { hasText: 'Not known' }).last().innerText()
    expect(text).toContain(unread)
    expect(text).toContain('1 warning\n2 notes')
    await panel().locator('summary', { hasText: '1 warning' }).click()
    expect(await panel().innerText()).toContain('Expected `}` but found end of file')
    await page.getByRole('button', { name: 'Table', exact: true }).click()
    expect(await page.locator('#list-view caption').innerText()).toMatch(
      /^\d+ uses of tables of others by \d+ statements, \d+ uses? of tables without an owner; who crosses most stands first$/,
    )
  })

  test('many services with nothing to show take little room, and each is there to find', async () => {
    await open(sampleMap())
    const near = await node('service:clinical').evaluate(each => each.getBoundingClientRect().width)
    await open(withIdle(50))
    expect(await page.locator('[data-card="idle"] .title').textContent()).toBe('50 services')
    const width = await node('service:clinical').evaluate(each => each.getBoundingClientRect().width)
    expect(width).toBeGreaterThan(near * 0.75)
    await node('service:idle-7').click()
    expect(await heading()).toContain('idle-7')
    await page.keyboard.press('Escape')
    const list = panel().locator('section', { hasText: 'Not drawn one by one' }).last()
    await list.locator('summary', { hasText: '50 services' }).click()
    expect(await list.locator('li').count()).toBe(50)
    await list.getByRole('button', { name: 'idle-12', exact: true }).click()
    expect(await heading()).toContain('idle-12')
    expect(hash()).toBe('#service=idle-12')
    await page.keyboard.press('/')
    await page.keyboard.type('idle-3')
    await page.keyboard.press('Enter')
    expect(await heading()).toContain('idle-3')
  })

  test('most used tables stand in the order of their bars', async () => {
    await open(LARGE)
    const counts = await panel()
      .locator('section', { hasText: 'Most used tables of others' })
      .first()
      .locator('.rank-line')
      .allInnerTexts()
    const numbers = counts.map(line => Number(line.split('\n')[1]))
    expect(numbers).toEqual([...numbers].sort((a, b) => b - a))
    expect(new Set(numbers).size).toBeGreaterThan(1)
  })

  test('all services can be read from afar, and their tables from near', async () => {
    await page.setViewportSize({ width: 1440, height: 900 })
    await open(LARGE)
    const titles = page.locator('.far-title:visible')
    expect(await titles.count()).toBeGreaterThanOrEqual(40)
    expect(await page.locator('.row:visible').count()).toBe(0)
    const sizes = await titles.evaluateAll(all => all.map(each => each.getBoundingClientRect().height))
    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(8)
    for (let times = 0; times < 4; times++) await page.getByRole('button', { name: 'Closer' }).click()
    await page.waitForSelector('.row:visible')
    await page.getByRole('button', { name: 'Whole map' }).click()
    await page.waitForSelector('.far-title:visible')
  })

  test('titles from afar stay on their cards', async () => {
    await page.setViewportSize({ width: 600, height: 500 })
    await open(LARGE)
    const outside = await page.locator('.group').evaluateAll(
      groups =>
        groups.filter(group => {
          const card = group.querySelector('.card')!.getBoundingClientRect()
          return [...group.querySelectorAll('.far text')].some(text => {
            const box = text.getBoundingClientRect()
            return box.right > card.right + 1 || box.bottom > card.bottom + 1
          })
        }).length,
    )
    expect(outside).toBe(0)
  })
})

describe('search', () => {
  test('finds services, tables, files and SQL; Enter opens the first', async () => {
    await open(sampleMap())
    await page.keyboard.press('/')
    await page.keyboard.type('patie')
    expect(await page.locator('#hits .hit-text').allInnerTexts()).toEqual([
      'nilecare/patients',
      'nilecare/active_patients',
      'microservices/billing-service/src/invoices.ts:40',
      'microservices/billing-service/src/invoices.ts:61',
      'microservices/billing-service/src/invoices.ts:80',
      'microservices/lab-service/src/results.ts:15',
      'microservices/main-nilecare/src/dashboard.ts:12',
    ])
    await page.keyboard.press('Enter')
    expect(await heading()).toContain('nilecare/patients')
    expect(hash()).toBe('#table=nilecare/patients')
  })

  test('arrows choose, Escape closes, nothing found is said', async () => {
    await open(sampleMap())
    await page.getByRole('combobox', { name: 'Search' }).fill('dashboard')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    expect(await heading()).toContain('dashboard.ts:16')
    expect(await panel().locator('pre').innerText()).toBe(
      'SELECT COUNT(*) FROM invoices WHERE status = ${status}',
    )
    await page.getByRole('combobox', { name: 'Search' }).fill('no such thing')
    expect(await page.locator('#hits').innerText()).toBe('Nothing found')
    await page.keyboard.press('Escape')
    expect(await page.locator('#hits').isVisible()).toBe(false)
    expect(await heading()).toContain('dashboard.ts:16')
  })
})

describe('focus', () => {
  test('a service: what it reaches into, and its statements', async () => {
    await open(sampleMap())
    await node('service:billing-service').click()
    expect(await panel().locator('.rank-line').allInnerTexts()).toEqual([
      'clinical\n2',
      'auth-service\n1',
      'main-nilecare\n1',
      'payment-gateway-service\n1',
    ])
    expect(await panel().locator('.place').allInnerTexts()).toEqual([
      'microservices/billing-service/src/invoices.ts:40',
      'microservices/billing-service/src/invoices.ts:61',
      'packages/queries/src/users.ts:8',
    ])
    const lit = await page
      .locator('.group.lit')
      .evaluateAll(all => all.map(each => (each as SVGElement).dataset.card))
    expect(lit).toEqual([
      'service:auth-service',
      'service:billing-service',
      'service:clinical',
      'service:main-nilecare',
      'service:payment-gateway-service',
      'open:nilecare',
    ])
    await page.keyboard.press('Escape')
    expect(await heading()).toBe('Who reaches into others')
    expect(await page.locator('.group.lit').count()).toBe(0)
  })

  test('a table: its owner and why, who uses it, the SQL with a link to its line', async () => {
    await open(sampleMap())
    await node('table:nilecare/invoices').click()
    expect(await panel().innerText()).toContain('Owned by billing-service')
    expect(await panel().innerText()).toContain('created by its migration')
    const first = panel().locator('.statement').first()
    expect(await first.locator('pre').innerText()).toBe(
      'SELECT COUNT(*) FROM invoices WHERE status = ${status}',
    )
    expect(await first.locator('mark').innerText()).toBe('invoices')
    expect(await first.locator('a').getAttribute('href')).toBe(
      'https://git.example/shop/microservices/main-nilecare/src/dashboard.ts#L16',
    )
    expect(await arrows('lit-arrows').count()).toBe(2)
  })

  test('a statement: whether nothing is seen to run its file', async () => {
    const facts = () => panel().locator('.facts').first().innerText()
    await open(sampleMap(), 'statement=dashboard-ts-12')
    expect(await facts()).toMatch(
      /^Run by\s+main-nilecare · nothing is seen to run its file: delete it if it is dead$/,
    )
    await open(sampleMap(), 'statement=invoices-ts-40')
    expect(await facts()).toMatch(/^Run by\s+billing-service$/)
  })

  test('an arrow', async () => {
    await open(sampleMap())
    const arrow = page.locator('.arrow-group', {
      hasText: 'payment-gateway-service: 1 write of nilecare/invoices',
    })
    await arrow.dispatchEvent('click')
    expect(await heading()).toContain('payment-gateway-service into nilecare/invoices')
    expect(await panel().locator('pre').innerText()).toBe('UPDATE invoices SET status = ? WHERE id = ?')
    expect(await panel().locator('.notes').innerText()).toContain(
      'in the transaction of microservices/payment-gateway-service/src/payments.ts:38',
    )
  })

  test('a pointer over a card shows its arrows until it leaves', async () => {
    await open(sampleMap())
    await node('service:clinical').hover()
    expect(await arrows('lit-arrows').count()).toBe(3)
    await page.mouse.move(1270, 790)
    expect(await arrows('lit-arrows').count()).toBe(0)
  })
})

describe('filters', () => {
  test('by what is done', async () => {
    await open(sampleMap())
    expect(await arrows().count()).toBe(9)
    for (const name of ['reads', 'joins', 'open owner']) await page.getByRole('button', { name }).click()
    expect(await arrows().count()).toBe(1)
    expect(await panel().locator('.lead').innerText()).toContain('1 statement of 1 service')
    expect(hash()).toBe('#ops=write')
  })

  test('cards say what the filters let through', async () => {
    await open(sampleMap())
    const sums = async () => [
      await node('service:billing-service').locator('.subtitle').textContent(),
      await node('service:auth-service').locator('.subtitle').textContent(),
      await node('table:nilecare/patients').locator('.uses').textContent(),
    ]
    expect(await sums()).toEqual(['3 out · 2 in', '2 in', '3'])
    await page.getByRole('combobox', { name: 'From' }).selectOption('billing-service')
    await page.getByRole('combobox', { name: 'Into' }).selectOption('auth-service')
    expect(await sums()).toEqual(['1 out', '1 in', '0'])
    await page.goBack()
    await page.goBack()
    expect(await sums()).toEqual(['3 out · 2 in', '2 in', '3'])
  })

  test('without filters cards say what the board was drawn with', async () => {
    await open(LARGE)
    const { cards }: Board = await page.locator('#data').evaluate(data => JSON.parse(data.textContent!).board)
    const drawn = await page.locator('.near .subtitle').allTextContents()
    expect(drawn).toEqual(cards.map(card => card.subtitle).filter(text => text !== ''))
    const uses = await page.locator('.near .uses').allTextContents()
    expect(uses).toEqual(
      cards.flatMap(card => card.rows.filter(row => row.uses > 0).map(row => String(row.uses))),
    )
  })

  test('by service', async () => {
    await open(sampleMap())
    await page.getByRole('combobox', { name: 'From' }).selectOption('billing-service')
    expect(await arrows().count()).toBe(4)
    await page.getByRole('combobox', { name: 'Into' }).selectOption('auth-service')
    expect(await arrows().count()).toBe(1)
    expect(hash()).toBe('#from=billing-service&into=auth-service')
    await page.goBack()
    expect(await arrows().count()).toBe(4)
    expect(await page.getByRole('combobox', { name: 'Into' }).inputValue()).toBe('')
  })

  test('by state, where the gate tells any', async () => {
    const states: ReportContext['states'] = [
      { access: 'invoices-ts-40', service: 'billing-service', table: 'nilecare/patients', state: 'baseline' },
      { access: 'dashboard-ts-12', service: 'main-nilecare', table: 'nilecare/patients', state: 'allowed' },
      { access: 'dashboard-ts-16', service: 'main-nilecare', table: 'nilecare/invoices', state: 'new' },
    ]
    await open(sampleMap(), 'view=list&ops=read.join', { states })
    await page.getByRole('button', { name: 'baseline' }).click()
    await page.getByRole('button', { name: 'allowed' }).click()
    expect(await page.locator('.list td:nth-child(5)').allInnerTexts()).toEqual(['', '', '', '', 'new'])
    await open(sampleMap())
    expect(await page.getByRole('button', { name: 'baseline' }).count()).toBe(0)
  })
})

describe('views', () => {
  test('the matrix: most at the top left, cells open', async () => {
    await open(sampleMap(), 'view=matrix')
    expect(await page.locator('.matrix tbody th').allInnerTexts()).toEqual([
      'billing-service',
      'main-nilecare',
      'payment-gateway-service',
      'lab-service',
      'all',
    ])
    const cell = page.getByRole('button', { name: 'main-nilecare into clinical: 1 read' })
    await cell.focus()
    await page.keyboard.press('ArrowUp')
    expect(await page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe(
      'billing-service into clinical: 2 reads, 1 join',
    )
    await page.keyboard.press('Enter')
    expect(await heading()).toContain('billing-service into clinical')
    expect(hash()).toBe('#view=matrix&service=billing-service&of=clinical')
  })

  test('the table begins with who crosses most, and ends with tables that no one owns', async () => {
    await open(sampleMap(), 'view=list')
    const rows = await page
      .locator('.list tbody tr')
      .evaluateAll(all => all.map(row => [0, 3].map(at => (row as HTMLTableRowElement).cells[at]!.innerText)))
    expect([...new Set(rows.filter(([, owner]) => owner !== 'open').map(([service]) => service))]).toEqual(
      rankServices(sampleMap()).map(({ service }) => service),
    )
    const ownerless = rows.map(([, owner]) => owner === 'open')
    expect(ownerless.indexOf(true)).toBe(ownerless.lastIndexOf(false) + 1)
    expect(await page.locator('.list [aria-sort]').count()).toBe(0)
  })

  test('the heads of a large matrix stay in sight', async () => {
    await open(LARGE, 'view=matrix')
    await page.locator('#matrix-view').evaluate(view => view.scrollTo(0, view.scrollHeight))
    const view = (await page.locator('#matrix-view').boundingBox())!
    const head = (await page.locator('.matrix thead th').first().boundingBox())!
    expect(head.y).toBeGreaterThanOrEqual(view.y)
    const rows = await page.locator('.matrix tbody th').allInnerTexts()
    expect(rows.slice(0, -1)).toEqual(rankServices(LARGE).map(({ service }) => service))
  })

  test('the table sorts by any column, both ways', async () => {
    await open(sampleMap(), 'view=list&ops=read.join.write')
    const column = (index: number) => page.locator(`.list td:nth-child(${index})`).allInnerTexts()
    expect(new Set(await column(1))).toEqual(
      new Set(['billing-service', 'lab-service', 'main-nilecare', 'payment-gateway-service']),
    )
    await page.getByRole('button', { name: 'Table', exact: true }).last().click()
    const up = await column(3)
    expect(up).toEqual([...up].sort())
    await page.keyboard.press('Enter')
    expect(await column(3)).toEqual([...up].sort().reverse())
    expect(await page.locator('th[aria-sort=descending]').innerText()).toContain('Table')
    await page.locator('.snippet', { hasText: 'UPDATE invoices' }).click()
    expect(await heading()).toContain('payments.ts:45')
  })

  test('the table tears no word and no number', async () => {
    const states: ReportContext['states'] = [
      { access: 'invoices-ts-40', service: 'billing-service', table: 'nilecare/patients', state: 'baseline' },
    ]
    await open(sampleMap(), 'service=billing-service&view=list&ops=read.join', { states })
    /** Lines that the last characters of an element stand on. */
    const linesOf = (selector: string, last: number) =>
      page
        .locator(selector)
        .first()
        .evaluate((element, length) => {
          const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
          let end: Node = element
          while (texts.nextNode()) end = texts.currentNode
          const range = document.createRange()
          range.setStart(end, (end.textContent ?? '').length - length)
          range.setEnd(end, (end.textContent ?? '').length)
          return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size
        }, last)
    expect(await linesOf('.list td:nth-child(5):not(:empty)', 'baseline'.length)).toBe(1)
    expect(await linesOf('.list .place', 'invoices.ts:40'.length)).toBe(1)
    expect(await linesOf('#panel .statement .place', 'invoices.ts:40'.length)).toBe(1)
    expect((await page.locator('.list .snippet').first().boundingBox())!.width).toBeGreaterThan(170)
  })

  test('a long table comes in steps', async () => {
    await open(LARGE, 'view=list')
    expect(await page.locator('.list tbody tr').count()).toBe(300)
    await page.getByRole('button', { name: /^Show more/ }).click()
    expect(await page.locator('.list tbody tr').count()).toBeGreaterThan(300)
  })
})

test('an address leads to the same view, also after reloading', async () => {
  await open(sampleMap(), 'view=matrix&service=billing-service&of=clinical&ops=join')
  for (const again of [false, true]) {
    if (again) await page.reload()
    expect(await heading()).toContain('billing-service into clinical')
    expect(await page.locator('.matrix .cell').count()).toBe(1)
    expect(await page.getByRole('button', { name: 'reads' }).getAttribute('aria-pressed')).toBe('false')
  }
})

test.each([
  'service=nobody',
  'table=%3Cimg%20src=x%20onerror=alert(1)%3E',
  'service=a&of=b',
  'service=a&table=b',
  'statement=__proto__',
  'view=nothing&ops=bad&states=',
  '%E0%A4%A',
])('an address that makes no sense does no harm: %s', async address => {
  await open(sampleMap(), address)
  expect(await page.locator('h1').innerText()).toMatch(/^Dependency map of /)
  expect(await heading()).toMatch(/^(?:Not on this map|Who reaches into others)/)
})

describe('keys', () => {
  test('Tab comes to the map, arrows move on it, Enter selects, and focus can be seen', async () => {
    await open(sampleMap())
    const current = () =>
      page.evaluate(() => (document.activeElement as HTMLElement | SVGElement).dataset.node)
    await page.locator('.node[tabindex="0"]').focus()
    const start = await current()
    const seen = new Set([start])
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowLeft']) {
      await page.keyboard.press(key)
      seen.add(await current())
    }
    expect(seen.size).toBeGreaterThanOrEqual(3)
    const stroke = await page
      .locator('.node:focus .touch')
      .evaluate(each => getComputedStyle(each).strokeWidth)
    expect(stroke).toBe('3px')
    const at = await current()
    await page.keyboard.press('Enter')
    expect(await page.locator('.node[aria-pressed="true"]').getAttribute('data-node')).toBe(at)
  })

  test('every node can be reached with arrow keys', async () => {
    const map = platformMap({ services: 10, tables: 165, seed: 1 })
    // With a focus that lasts, nothing is drawn anew at each step.
    await open(map, `service=${map.services[0]!.name}`)
    const missed = await page.evaluate(() => {
      const all = [...document.querySelectorAll<SVGElement>('.node')]
      const reached = new Set<Element>([document.querySelector('.node[tabindex="0"]')!])
      for (const node of reached) {
        for (const key of ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']) {
          ;(node as SVGElement).focus()
          node.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
          reached.add(document.activeElement!)
        }
      }
      return all.filter(node => !reached.has(node)).map(node => node.dataset.node)
    })
    expect(missed).toEqual([])
  })
})

describe('hostile names', () => {
  test('are text everywhere', async () => {
    await open(hostileMap())
    for (const view of ['Matrix', 'Table', 'Map'])
      await page.getByRole('button', { name: view, exact: true }).first().click()
    for (const name of HOSTILE) {
      const words = new URLSearchParams({ service: `s${name}` })
      await page.evaluate(address => {
        location.hash = address
      }, words.toString())
      await page.waitForFunction(() => document.querySelector('#panel h2') !== null)
    }
    await page.keyboard.press('/')
    await page.keyboard.type('<')
    expect(await page.locator('#hits .hit-text').allInnerTexts()).toContain('s<script>alert(1)</script>')
    expect(await page.locator('img, iframe, object, embed, form, base').count()).toBe(0)
    expect(await page.locator('script').count()).toBe(2)
    const foreign = await page.evaluate(() =>
      [...document.querySelectorAll('*')].flatMap(each =>
        each.getAttributeNames().filter(name => name.startsWith('on') && name !== 'on'),
      ),
    )
    expect(foreign).toEqual([])
    const links = await page
      .locator('a')
      .evaluateAll(all => all.map(each => (each as HTMLAnchorElement).protocol))
    expect(new Set(links)).toEqual(new Set(['file:', 'https:']))
  })

  test('reach the page as they are', async () => {
    const map = hostileMap()
    await open(map)
    const embedded = await page.evaluate(
      () => JSON.parse(document.getElementById('data')!.textContent!).map.services,
    )
    expect(embedded.map((each: { name: string }) => each.name)).toEqual(map.services.map(each => each.name))
    const labels = await page.locator('.title').allTextContents()
    for (const name of HOSTILE.filter(each => each.length < 15)) expect(labels).toContain(plain(`s${name}`))
  })
})

test('the policy lets nothing in: no script, style, picture or request', async () => {
  await open(sampleMap())
  const blocked = await page.evaluate(async () => {
    const violations: string[] = []
    document.addEventListener('securitypolicyviolation', event => violations.push(event.effectiveDirective))
    const image = new Image()
    image.src = 'https://example.com/x.png'
    const script = document.createElement('script')
    try {
      script.textContent = 'document.title = "taken"'
    } catch {
      violations.push('trusted types')
    }
    document.body.append(image, script)
    await fetch('https://example.com/').catch(() => violations.push('fetch'))
    try {
      document.body.insertAdjacentHTML('beforeend', '<b>x</b>')
    } catch {
      violations.push('markup')
    }
    await new Promise(resolve => setTimeout(resolve, 100))
    return violations
  })
  expect(blocked).toEqual(
    expect.arrayContaining(['img-src', 'connect-src', 'fetch', 'markup', 'trusted types']),
  )
  expect(await page.title()).toMatch(/^Dependency map of /)
  // The browser tells of what it refused, and names the addresses; nothing left the page.
  complaints = complaints.filter(
    each => !/Content Security Policy|TrustedHTML|TrustedScript|^request: https:\/\/example\.com/.test(each),
  )
})

describe.each(['light', 'dark'] as const)('on a %s screen', colorScheme => {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js')

  test.each([
    ['', 1440, 900],
    ['service=billing-service', 1440, 900],
    ['view=matrix&table=nilecare%2Finvoices', 820, 1100],
    ['view=list&statement=invoices-ts-40', 390, 844],
  ])('roles, names and contrast satisfy WCAG 2 AA: %s', async (address, width, height) => {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height })
    await open(sampleMap(), address)
    const { readFileSync } = await import('node:fs')
    await page.evaluate(readFileSync(axe, 'utf8'))
    const found = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: {
          run: (
            options: unknown,
          ) => Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>
        }
      }
      const { violations } = await axe.run({
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'],
      })
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(node => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`),
      )
    })
    expect(found).toEqual([])
  })

  test('nothing is wider than a small screen', async () => {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width: 390, height: 844 })
    await open(LARGE, 'service=order')
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
  })
})

test('prints light, with the map whole and the statements', async () => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await open(sampleMap(), 'service=billing-service')
  const pdf = await page.pdf({ format: 'A4', landscape: true })
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  expect(await page.locator('#bar .search').isVisible()).toBe(false)
  expect(await page.locator('.statement').last().isVisible()).toBe(true)
  expect(await page.evaluate(() => getComputedStyle(document.getElementById('panel')!).color)).toBe(
    'rgb(27, 36, 48)',
  )
  const board = (await page.locator('#board').boundingBox())!
  for (const box of await page.locator('.card').all()) {
    const card = (await box.boundingBox())!
    expect(card.x >= board.x && card.x + card.width <= board.x + board.width).toBe(true)
  }
})

/** Pixels of an A4 page between its margins. */
const A4 = 793 - 2 * 45

test.each(['view=map', 'view=matrix', 'view=list'])(
  'on paper nothing covers another, and the colours are told: %s',
  async address => {
    await page.setViewportSize({ width: A4, height: 1000 })
    await open(LARGE, address)
    await page.emulateMedia({ media: 'print' })
    const view = page.locator('#views > section:visible > :is(svg, table)').first()
    const shown = (await view.boundingBox())!
    expect((await panel().boundingBox())!.y).toBeGreaterThanOrEqual(shown.y + shown.height)
    expect(shown.width).toBeLessThanOrEqual(A4)
    expect(await page.locator('#bar .toggle:visible').allInnerTexts()).toEqual(['reads', 'joins', 'writes'])
    expect(await page.locator('#bar :is(select, input, .tab):visible').count()).toBe(0)
  },
)

test('on paper nothing stays folded, and what is left of a long list is counted', async () => {
  const map = sampleMap()
  await open(map)
  const folded = page.locator('#panel details')
  expect(await folded.count()).toBeGreaterThan(0)
  expect(await page.locator('#panel details[open]').count()).toBe(0)
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')))
  expect(await page.locator('#panel details[open]').count()).toBe(await folded.count())
  await page.evaluate(() => dispatchEvent(new Event('afterprint')))
  expect(await page.locator('#panel details[open]').count()).toBe(0)

  await open(LARGE, 'view=list')
  const more = page.locator('#list-view .more')
  expect(await more.innerText()).toMatch(/^Show more \(\d+ left\)$/)
  await page.emulateMedia({ media: 'print' })
  expect(await more.innerText()).toMatch(/^… and [\d,]+ more rows$/)
})

test("what is below the panel's edge is brought into view when something is selected", async () => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open(LARGE, 'view=list')
  await page.locator('.list .snippet').first().click()
  expect(await heading()).toContain('statement')
  await expect.poll(async () => (await panel().locator('h2').boundingBox())!.y).toBeLessThan(844)
  await panel().evaluate(each => scrollTo(0, each.getBoundingClientRect().top + scrollY + 300))
  await panel().locator('.uses-list .link').first().click()
  await expect.poll(async () => (await panel().locator('h2').boundingBox())!.y).toBeGreaterThan(0)
})

test('on a telephone the filters fold behind a button that says how many are set', async () => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open(sampleMap(), 'from=billing-service&ops=read.open.join')
  const fold = page.getByRole('button', { name: 'Filters' })
  expect(await fold.innerText()).toBe('Filters (2 set)')
  expect(await page.locator('#filters').isVisible()).toBe(false)
  expect(await page.locator('#bar').evaluate(each => each.clientHeight)).toBeLessThan(130)
  await fold.click()
  expect(await fold.getAttribute('aria-expanded')).toBe('true')
  await page.getByRole('button', { name: 'writes' }).click()
  expect(await fold.innerText()).toBe('Filters (1 set)')
  await page.setViewportSize({ width: 1024, height: 768 })
  expect(await fold.isVisible()).toBe(false)
  expect(await page.locator('#filters').isVisible()).toBe(true)
})

test('from afar all of a card is its service', async () => {
  await page.setViewportSize({ width: 390, height: 844 })
  await open(LARGE)
  const [most] = rankServices(LARGE)
  const card = (await page.locator(`[data-card="service:${most!.service}"] > .card`).boundingBox())!
  await page.mouse.click(card.x + card.width / 2, card.y + card.height - 3)
  expect(hash()).toBe(`#service=${most!.service}`)
})

test('beside the panel of a small screen the rows of the table need no scrolling sideways', async () => {
  for (const width of [1024, 1280]) {
    await page.setViewportSize({ width, height: 768 })
    await open(LARGE, 'view=list')
    const { scrollWidth, clientWidth } = await page
      .locator('#list-view')
      .evaluate(({ scrollWidth, clientWidth }) => ({ scrollWidth, clientWidth }))
    expect(scrollWidth).toBe(clientWidth)
  }
  await page.setViewportSize({ width: 1920, height: 900 })
  await expect.poll(() => page.locator('.list.stacked').count()).toBe(0)
  await page.setViewportSize({ width: 1024, height: 768 })
  await expect.poll(() => page.locator('.list.stacked').count()).toBe(1)
})

test('on a telephone the rows of the table need no scrolling sideways, and still sort', async () => {
  await page.setViewportSize({ width: 420, height: 850 })
  await open(LARGE, 'view=list')
  const view = page.locator('#list-view')
  expect(await view.evaluate(each => each.scrollWidth - each.clientWidth)).toBeLessThanOrEqual(0)
  const row = view.locator('tbody tr').first()
  for (const cell of await row.locator('td').all()) {
    const { x, width } = (await cell.boundingBox())!
    expect(x >= 0 && x + width <= 420).toBe(true)
  }
  expect((await row.boundingBox())!.height).toBeLessThan(160)
  await view.locator('[data-sort="Where"]').click()
  expect(await view.locator('th[aria-sort]').innerText()).toMatch(/^Where/)
})

test('the theme is a choice, and stays', async () => {
  await open(sampleMap())
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  expect(await ground()).toBe('rgb(244, 246, 249)')
  await page.getByLabel('Theme').selectOption('dark')
  expect(await ground()).toBe('rgb(16, 21, 28)')
  await page.reload()
  expect(await ground()).toBe('rgb(16, 21, 28)')
})

test('the same map gives the same bytes', () => {
  const render = () => report.render(structuredClone(LARGE), context())
  expect(render()).toBe(render())
})
