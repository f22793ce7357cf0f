/** No false alarm and no miss over a history of commits: a whole check, and `--since` the commit before, at each. */
import { rmSync } from 'node:fs'
import { afterAll, expect, test } from 'vitest'
import { onChangedLines, TestRepository, told } from './history/repository.js'
import { history } from './history/steps.js'

const repository = new TestRepository()
afterAll(() => rmSync(repository.root, { recursive: true, force: true }))

let before: string[] = []

test('the history is long enough', () => {
  expect(history.length).toBeGreaterThanOrEqual(60)
})

test.each(history.map((step, index) => [index + 1, step.title, step] as const))(
  '%i %s',
  async (index, _, step) => {
    const { isCommitted, isElsewhere, tells, introduces } = step
    await step.do(repository)
    if (!isCommitted) repository.commit(step.title)
    const whole = await repository.check()
    expect(told(whole)).toEqual(tells.toSorted())
    expect(whole.passed).toBe(tells.every(line => /^(?:warning|unused)/.test(line)))
    if (index > 1) {
      const since = await repository.check('HEAD~1')
      expect(told(since)).toEqual((introduces ?? without(tells, before)).toSorted())
      if (!isElsewhere) {
        const introduced = since.violations.filter(({ state }) => state === 'new')
        expect(introduced).toEqual(onChangedLines(repository, whole))
      }
    }
    before = tells
  },
)

/** Items that another list does not have, each as often as it has more of it. */
function without(items: string[], others: string[]): string[] {
  const left = [...others]
  return items.filter(item => {
    const index = left.indexOf(item)
    if (index !== -1) left.splice(index, 1)
    return index === -1
  })
}
