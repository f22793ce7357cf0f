import { expect, test } from 'vitest'
import { analyze } from '../../analyzers/index.js'
import { createRandom, edit } from './edits.js'
import { copyOfFixture, someParts } from './helper.js'

const STEPS = 200
const SEED = Number(process.env.SEED ?? 20260)

/** The result of `analyze`, or the configuration error that it ended with. */
async function outcome(root: string, cacheDir?: true): Promise<string> {
  try {
    return JSON.stringify(await analyze(cacheDir === undefined ? { root } : { root, cacheDir }))
  } catch (error) {
    return String(error)
  }
}

test(`the result with a cache is the same bytes as without, over ${STEPS} random edits`, async () => {
  const root = copyOfFixture(someParts)
  const random = createRandom(SEED)
  const story: string[] = []
  const results = new Set<string>()
  for (let step = 0; step < STEPS; step++) {
    // Now and then several edits come together, as after `git pull`.
    for (let left = random.pick([1, 1, 1, 3]); left > 0; left--) story.push(edit(root, random))
    const cold = await outcome(root)
    const cached = await outcome(root, true)
    expect(cached === cold, `seed ${SEED}, step ${step}: ${story.slice(-3).join('; ')}`).toBe(true)
    results.add(cold)
  }
  // Edits that change nothing would prove nothing.
  expect(results.size).toBeGreaterThan(STEPS / 2)
}, 600_000)
