/** The scripts that measure on checkouts of public repositories, on the one checkout that is always there. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const project = fileURLToPath(new URL('../..', import.meta.url))

test('the gate is adopted in three commands, keeps still while code moves, and tells of one statement more', () => {
  const words = ['test/accuracy/adopt.mjs', 'fixtures/nilecare', '--probes', '1', '--renames', '5']
  const { status, stdout, stderr } = spawnSync(process.execPath, words, { cwd: project, encoding: 'utf8' })
  expect(stderr).toBe('')
  expect(stdout.split('\n')).toEqual([
    expect.stringMatching(/^init: Wrote seamripper\.yml\./),
    expect.stringMatching(/^baseline --write: 1\d\d violations on the baseline, 1\d\d more than before\.$/),
    expect.stringMatching(/^check: Passed: nothing new; 1\d\d on the baseline\.$/),
    expect.stringMatching(/^moved: \d\d files in another order, further down; the check passes$/),
    'renamed: 5 files; the check passes, and the baseline is as long as before',
    'probes: 1 statement added',
    '',
  ])
  expect(status).toBe(0)
}, 240_000)
