import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { foundAndExpected } from './helper.js'
import { readThemes } from './read-cases.js'

/** The specification of what is found in code: `cases/*.md`. */
for (const { title, cases } of readThemes(join(import.meta.dirname, 'cases'), /^[^.]+\.md$/)) {
  describe(title, () => {
    test.each(cases)('$name', async ({ files }) => {
      const { found, expected } = await foundAndExpected(files)
      expect(found).toEqual(expected)
    })
  })
}
