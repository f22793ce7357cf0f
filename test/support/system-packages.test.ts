import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ensureProgram, INSTALL_TIMEOUT } from './system-packages.js'

test('a program on the PATH is found', async () => {
  expect(existsSync(await ensureProgram('node'))).toBe(true)
})

test(
  'a package that does not exist is an error that says what to do',
  async () => {
    await expect(ensureProgram('no-such-program', 'seamripper-no-such-package')).rejects.toThrow(
      /^The tests need the program no-such-program\. Install it \(Debian: apt-get install seamripper-no-such-package\)/,
    )
  },
  INSTALL_TIMEOUT,
)
