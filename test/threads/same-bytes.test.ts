import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { analyze } from '../../analyzers/index.js'
import { writeCorpus } from '../../bench/corpus/write.mjs'

test('the map is the same bytes whatever the number of threads', async () => {
  const root = mkdtempSync(join(tmpdir(), 'seamripper-threads-'))
  // Large enough for further threads to be worth it.
  writeCorpus({ folder: root, seed: 7, files: 500, lines: 50_000 })
  const warnings: string[] = []
  const mapWith = async (jobs: number, cacheDir?: string): Promise<string> =>
    JSON.stringify(
      await analyze({
        root,
        jobs,
        onWarning: message => warnings.push(message),
        ...(cacheDir === undefined ? {} : { cacheDir }),
      }),
    )
  const alone = await mapWith(1)
  expect((await mapWith(3)) === alone).toBe(true)
  expect((await mapWith(2, join(root, '.cache'))) === alone).toBe(true)
  expect(warnings).toEqual([])
  expect(JSON.parse(alone).accesses.length).toBeGreaterThan(300)
}, 60_000)
