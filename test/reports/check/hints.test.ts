/** What most likely happened where a baseline does not fit, in the formats that people read. */
import { describe, expect, test } from 'vitest'
import { report as checkstyle } from '../../../reports/check/checkstyle.js'
import { report as github } from '../../../reports/check/github.js'
import { report as gitlab } from '../../../reports/check/gitlab.js'
import { report as json } from '../../../reports/check/json.js'
import { report as junit } from '../../../reports/check/junit.js'
import { report as markdown } from '../../../reports/check/markdown.js'
import { report as pretty } from '../../../reports/check/pretty/index.js'
import { report as sarif } from '../../../reports/check/sarif.js'
import { HOSTILE } from '../sample-map.js'
import { context, mixedResult, result } from './result.js'

const told = result(null, {
  hints: [
    {
      file: 'services/orders/seam-todo.yml',
      message: '2 of the new ones are accepted in 1234567890. Bring the other one back, then join them:',
      violations: [],
      git: 'git diff 0987654321...1234567890 -- services/orders/seam-todo.yml | git apply --3way',
      command: ['baseline', '--prune'],
    },
  ],
})

test('on the terminal the commands can be copied', () => {
  expect(pretty.render(told, context({ width: 60, root: 'shop' }))).toContain(
    `services/orders/seam-todo.yml: 2 of the new ones are
accepted in 1234567890. Bring the other one back, then join
them:
  (cd shop && git diff 0987654321...1234567890 -- services/orders/seam-todo.yml | git apply --3way)
  seamripper baseline --prune shop
`,
  )
})

test('in the comment of a pull request', () => {
  const line = markdown
    .render(told, context())
    .split('\n')
    .find(each => each.includes('seam-todo.yml'))!
  const shown = line.replace(/&#(\d+);/g, (_, number) => String.fromCodePoint(Number(number)))
  expect(shown).toBe(
    '`services/orders/seam-todo.yml`: 2 of the new ones are accepted in 1234567890. Bring the other one back, then join them: <code>git diff 0987654321...1234567890 -- services/orders/seam-todo.yml | git apply --3way</code>, then `seamripper baseline --prune`',
  )
})

test('beside the baseline on GitHub', () => {
  expect(github.render(told, context({ prefix: 'platform/' }))).toContain(
    '::notice file=platform/services/orders/seam-todo.yml,title=Baseline::2 of the new ones are accepted in',
  )
})

test('what git is asked is asked in the root', () => {
  const lines = pretty.render(told, context({ root: "the shop's" })).split('\n')
  expect(lines).toContain(
    "  (cd 'the shop'\\''s' && git diff 0987654321...1234567890 -- services/orders/seam-todo.yml | git apply --3way)",
  )
})

describe('formats that know nothing but places', () => {
  const mixed = mixedResult()
  const [first] = mixed.violations
  const of = {
    ...mixed,
    hints: [{ ...told.hints[0]!, violations: [first!.fingerprint] }],
  }
  const HINT =
    'services/orders/seam-todo.yml: 2 of the new ones are accepted in 1234567890. Bring the other one back, then join them: git diff 0987654321...1234567890 -- services/orders/seam-todo.yml | git apply --3way, then seamripper baseline --prune'
  const asText = (xml: string) => xml.replaceAll('&apos;', "'").replaceAll('&quot;', '"')

  test.each([
    ['SARIF', sarif, (text: string) => JSON.parse(text).runs[0].results[0].message.text as string],
    ['GitLab', gitlab, (text: string) => JSON.parse(text)[0].description as string],
    ['JUnit', junit, (text: string) => asText(/<failure [^>]*>([^<]*)</.exec(text)![1]!)],
    ['Checkstyle', checkstyle, (text: string) => asText(/message="([^"]*)"/.exec(text)![1]!)],
  ])('%s: the violation that it is about tells it, and only that one', (_, report, firstOf) => {
    const text = report.render(of, context())
    expect(firstOf(text)).toContain(HINT)
    expect(text.split('2 of the new ones').length).toBe(2)
  })

  test('an entry of what moved says where to, and what lists it there', () => {
    const reasons = [{ reason: 'moved' as const, count: 2, to: 'services/a/y.ts' }]
    const [stale] = mixed.stale
    const text = checkstyle.render(
      result(null, { stale: [{ ...stale!, listed: 2, found: 0, reasons }] }),
      context(),
    )
    expect(asText(text)).toContain(
      'message="read db/t in services/a/x.ts is in services/a/y.ts now, as it seems, but still listed. "seamripper baseline --write" lists it at its new place, and accepts all else that is new."',
    )
  })
})

test('to take off what moved is not advised: the hint says what to do', () => {
  const stale = (reason: 'moved' | 'mended') => ({
    ...mixedResult().stale[0]!,
    reasons: [{ reason, count: 2, ...(reason === 'moved' ? { to: 'services/a/y.ts' } : {}) }],
  })
  const shown = (...reasons: ('moved' | 'mended')[]) => {
    const of = result(null, { stale: reasons.map(stale) })
    return [pretty, markdown].map(report => report.render(of, context()).includes('--prune'))
  }
  expect(shown('moved')).toEqual([false, false])
  expect(shown('moved', 'mended')).toEqual([true, true])
})

test('hostile names can do nothing', () => {
  const hostile = result(null, {
    hints: HOSTILE.map(name => ({
      file: `services/${name}/seam-todo.yml`,
      message: `a use that the baseline accepts in ${name} is gone`,
      violations: [],
      git: name,
      command: ['baseline', '--write'],
    })),
  })
  const lines = pretty.render(hostile, context()).replaceAll('\n', '')
  expect(lines.match(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e]/u)?.[0]).toBeUndefined()
  const notices = github.render(hostile, context()).split('\n')
  expect(notices.filter(line => line !== '' && !/^(?:::notice |Failed|Passed)/.test(line))).toEqual([])
  expect(markdown.render(hostile, context())).not.toMatch(/<script>|<img/)
  expect(JSON.parse(json.render(hostile, context()))).toEqual(hostile)
})
