import MarkdownIt from 'markdown-it'
import { expect, test } from 'vitest'
import { report } from '../../../reports/check/markdown.js'
import { largeMap } from '../sample-map.js'
import { context, hostileResult, mixedResult, result } from './result.js'

const since = { ref: 'origin/main', commit: 'a'.repeat(40) }
const uses = (table: string, op: 'read' | 'write', count: number) => ({
  service: 'orders',
  owner: 'customers',
  table,
  op,
  file: 'services/orders/src/index.ts',
  count,
})

test('what a change adds, accepts and mends', () => {
  const { stale, ...mixed } = mixedResult()
  const text = report.render(
    {
      ...mixed,
      stale,
      violations: mixed.violations.slice(0, 2),
      unusedAllows: [],
      problems: [],
      hints: [],
      since,
      change: { mended: [uses('shop/customers', 'read', 2)], accepted: [uses('shop/addresses', 'write', 1)] },
    },
    context({ link: 'https://host/o/r/blob/abc/{file}#L{line}', prefix: 'platform/' }),
  )
  expect(text).toBe(`<!-- seamripper check -->
### Seamripper: failed

This change adds 1 statement that it must not, puts 1 on the baseline and mends 2.

**New** (1)

|  | Where | What | Instead |
| --- | --- | --- | --- |
| error | [\`platform/packages/queries/src/users.ts:8\`](https://host/o/r/blob/abc/platform/packages/queries/src/users.ts#L8) | billing-service reads nilecare/auth\\_users, which belongs to auth-service. The same for lab-service. | Read it through an API client of auth-service instead of SQL; cache what seldom changes. |

Mend it, say why it may stay (\`// seamripper-allow read nilecare/auth_users -- the API is not there yet, until 2027-01-31\`), or accept it for now: \`seamripper baseline --write\`

**Owners** (1)

| Table | Owner | Because | Where |
| --- | --- | --- | --- |
| \`nilecare/auth_users\` | \`auth-service\` | created by its migration | [\`platform/microservices/auth-service/migrations/V1__auth.sql:1\`](https://host/o/r/blob/abc/platform/microservices/auth-service/migrations/V1__auth.sql#L1) |

**Put on the baseline** (1)

| Service | Does | Table | Of | File |  |
| --- | --- | --- | --- | --- | --- |
| \`orders\` | write | \`shop/addresses\` | \`customers\` | \`services/orders/src/index.ts\` |  |

**Mended** (1)

| Service | Does | Table | Of | File |  |
| --- | --- | --- | --- | --- | --- |
| \`orders\` | read | \`shop/customers\` | \`customers\` | \`services/orders/src/index.ts\` | 2× |

**To tidy** (1)

| Where | What |
| --- | --- |
| [\`platform/services/a/seam-todo.yml:7\`](https://host/o/r/blob/abc/platform/services/a/seam-todo.yml#L7) | read db/t in services/a/x.ts is down from 3 to 1, but still listed. |

Take what is stale off the baseline: \`seamripper baseline --prune\`
`)
})

test('an owner is told once, however many rows are about its table; several joined tables have one piece of advice', () => {
  const [violation] = mixedResult().violations.filter(({ state }) => state === 'new')
  const join = (table: string, owner: string, line: number) => ({
    ...violation!,
    rule: 'cross-service-join' as const,
    op: 'join' as const,
    service: 'shipping',
    table,
    owner,
    line,
    advice: `The advice about ${table}.`,
  })
  const text = report.render(
    result(null, {
      violations: [
        join('shop/orders', 'orders', 3),
        join('shop/users', 'users', 3),
        join('shop/orders', 'orders', 9),
      ],
    }),
    context({}),
  )
  expect(text.match(/created by its migration/g)).toHaveLength(2)
  expect(text).toContain('**Owners** (2)')
  expect(text).toContain(
    '| Take shop/orders and shop/users out of the statement and get their rows by their keys from the APIs of orders and users, or ask one of them for an endpoint that answers the whole question. |',
  )
  expect(text).toContain('| The advice about shop/orders. |')
})

test('warnings are none that it must not add, and a comment to copy names what is new', () => {
  const [violation] = mixedResult().violations.filter(({ state }) => state === 'new')
  const file = 'db/migrations/V2__keys.sql'
  const warning = {
    ...violation!,
    severity: 'warning' as const,
    op: 'foreign-key' as const,
    table: 'shop/a',
    file,
  }
  const told = result(null, {
    passed: true,
    since,
    violations: [warning],
    change: { mended: [], accepted: [] },
  })
  const text = report.render(told, context())
  expect(text).toContain('\n### Seamripper: passed\n\nThis change brings 1 warning.\n')
  expect(text).toContain(
    '(`-- seamripper-allow foreign-key shop/a -- the API is not there yet, until 2027-01-31`)',
  )
})

test('nothing to say is said, and begins as every comment does', () => {
  const quiet = result(null, { passed: true, since, change: { mended: [], accepted: [] } })
  expect(report.render(quiet, context())).toBe(
    '<!-- seamripper check -->\n### Seamripper: passed\n\nThis change adds no crossing and removes none.\n',
  )
  expect(report.render(result(null, { passed: true }), context())).toBe(
    '<!-- seamripper check -->\n### Seamripper: passed\n\nPassed: nothing new.\n',
  )
})

test('hundreds are told in short', () => {
  const text = report.render(result(largeMap(20)), context({ top: 3 }))
  expect(text).toContain('**New** (380)')
  expect(text).toContain('… and 377 more.')
  expect(text.split('\n').length).toBeLessThan(20)
})

test('names of the analysed code are text, mention nobody, and fit into a comment', () => {
  const long = { file: 'x'.repeat(5000), line: 1, message: `@octocat ${'y'.repeat(100_000)}` }
  const hostile = hostileResult()
  const text = report.render({ ...hostile, problems: [long, ...hostile.problems] }, context({ top: 1000 }))
  const markdown = new MarkdownIt({ html: true, linkify: true })
  const tokens = markdown.parse(text, {}).flatMap(token => [token, ...(token.children ?? [])])
  const html = new Set(
    tokens.filter(({ type }) => type.startsWith('html')).map(({ content }) => content.trim().split('\n')[0]),
  )
  expect([...html].sort()).toEqual(['<!-- -->', '<!-- seamripper check -->', '</code>', '<code>'])
  const links = tokens.filter(({ type }) => type === 'link_open').map(token => token.attrGet('href'))
  expect(links).toEqual([])
  expect(tokens.some(({ type }) => type === 'image')).toBe(false)
  const outsideCode = tokens.filter(({ type }) => type === 'text').map(({ content }) => content)
  expect(outsideCode.join('\n')).not.toMatch(/@\w/)
  const short = report.render({ ...result(null), problems: Array(10).fill(long) }, context())
  expect(short.length).toBeLessThan(65_536)
})

test('a comment is no longer than GitHub takes, however much is asked for', () => {
  const large = result(largeMap(60))
  const text = report.render(large, context({ top: 10_000 }))
  expect(text.length).toBeLessThanOrEqual(65_536)
  expect(text).toMatch(/\*\*New\*\* \(3,540\)/)
  const shown = text.match(/^\| error \|/gm)!.length
  expect(shown).toBeGreaterThan(10)
  expect(text).toContain(`… and ${(3540 - shown).toLocaleString('en')} more.`)
})
