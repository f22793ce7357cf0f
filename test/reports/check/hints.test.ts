/** What most likely happened where a baseline does not fit, in the formats that people read. */
import { expect, test } from 'vitest'
import { report as github } from '../../../reports/check/github.js'
import { report as json } from '../../../reports/check/json.js'
import { report as markdown } from '../../../reports/check/markdown.js'
import { report as pretty } from '../../../reports/check/pretty/index.js'
import { HOSTILE } from '../sample-map.js'
import { context, result } from './result.js'

const told = result(null, {
  hints: [
    {
      file: 'services/orders/seam-todo.yml',
      message: '2 of the new ones are accepted in 1234567890. Bring the other one back, then join them:',
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
  git diff 0987654321...1234567890 -- services/orders/seam-todo.yml | git apply --3way
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

test('hostile names can do nothing', () => {
  const hostile = result(null, {
    hints: HOSTILE.map(name => ({
      file: `services/${name}/seam-todo.yml`,
      message: `a use that the baseline accepts in ${name} is gone`,
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
