import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { reports } from '../../reports/index.js'
import { folderWith, seamripper, TOOL } from './run.js'
import { SHOP, shop } from './shop.js'

const root = shop()

test('the map of a small monorepo', () => {
  const { status, stdout } = seamripper(['map', root, '--format', 'json'])
  const map = JSON.parse(stdout)
  expect(status).toBe(0)
  expect(map.edges).toEqual([
    { from: 'orders', to: 'customers', table: 'shop/customers', reads: 1, writes: 0, ddl: 0, joins: 1 },
  ])
  expect(map.foreignKeys).toHaveLength(1)
  expect(map.unresolved).toHaveLength(1)
})

test('the summary is plain text of at most 100 columns in a pipe', () => {
  const { status, stdout, stderr } = seamripper(['map', root])
  expect([status, stderr]).toEqual([0, ''])
  expect(stdout).toMatch(/^Dependency map\n/)
  expect(stdout.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
  expect(stdout).toContain(`seamripper explain shop/customers ${root}`)
  expect(stdout).toMatch(/ {2}Rewrite {5}of 1 crossing: 1 /)
})

test.each<[string, string[], NodeJS.ProcessEnv, boolean]>([
  ['FORCE_COLOR', [], { FORCE_COLOR: '1' }, true],
  ['--color', ['--color'], {}, true],
  ['NO_COLOR', [], { NO_COLOR: '1', FORCE_COLOR: '1' }, false],
  ['--no-color', ['--no-color'], { FORCE_COLOR: '1' }, false],
])('%s', (_, words, env, coloured) => {
  const { stdout } = seamripper(['map', root, ...words], { env })
  expect(stdout.includes('\u001b[')).toBe(coloured)
})

test.each(Object.keys(reports))('--format %s is the same twice', format => {
  const words = ['map', root, '--format', format]
  const first = seamripper(words)
  expect(first).toEqual({ status: 0, stdout: expect.stringMatching(/\n$/), stderr: '' })
  expect(seamripper(words).stdout).toBe(first.stdout)
})

describe('--output', () => {
  test('writes the file, and only a note to stderr', () => {
    const file = join(folderWith({}), 'map.csv')
    expect(seamripper(['map', root, '-f', 'csv', '-o', file])).toEqual({
      status: 0,
      stdout: '',
      stderr: `Wrote ${file}\n`,
    })
    expect(readFileSync(file, 'utf8')).toBe(seamripper(['map', root, '-f', 'csv']).stdout)
  })

  test('links of a document lead from its folder to the root', () => {
    const root = shop()
    mkdirSync(join(root, 'docs'))
    seamripper(['map', '-f', 'markdown', '-o', 'docs/map.md'], { cwd: root })
    expect(readFileSync(join(root, 'docs', 'map.md'), 'utf8')).toContain(
      '](../services/orders/src/index.ts#L4)',
    )
  })

  test('is not begun when the command line is wrong', () => {
    const file = join(folderWith({}), 'none', 'map.csv')
    expect(seamripper(['map', root, '-o', file]).status).toBe(2)
    expect(existsSync(file)).toBe(false)
  })
})

test('--timings go to stderr', () => {
  const { stdout, stderr } = seamripper(['map', root, '--timings'])
  expect(stderr).toMatch(/^(\S.* +\d+ ms\n)+total +\d+ ms\n$/)
  expect(stdout).toBe(seamripper(['map', root]).stdout)
})

test('a bad configuration ends with status 2 and its line', () => {
  const { status, stdout, stderr } = seamripper([
    'map',
    folderWith({ ...SHOP, 'seamripper.yml': 'owner:\n  a: b\n' }),
  ])
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/seamripper\.yml:1.*owners/)
})

test('an empty folder has an empty map', () => {
  const { status, stdout } = seamripper(['map', folderWith({})])
  expect(status).toBe(0)
  expect(stdout).toContain("can't be told: no source file was found")
})

test('a reader that closes early is no error', () => {
  const many = Array.from(
    { length: 3000 },
    (_, index) => `pool.query('SELECT * FROM customers WHERE id = ${index}')`,
  )
  const large = folderWith({
    ...SHOP,
    'services/orders/src/many.ts': `import { pool } from './index.js'\n${many.join('\n')}\n`,
  })
  const command = [process.execPath, ...TOOL, 'map', large, '-f', 'json'].map(word => `'${word}'`).join(' ')
  const result = spawnSync('bash', ['-c', `${command} | head -n 1; echo "\${PIPESTATUS[0]}"`], {
    encoding: 'utf8',
  })
  expect([result.stdout, result.stderr]).toEqual(['{\n0\n', ''])
})

test('a reader of both streams that closes early ends it too', () => {
  const folder = folderWith(SHOP)
  // All of stdout is read, so it is stderr that breaks.
  const command = [...TOOL, 'map', folder, '--timings', '-o', join(folder, 'map.md')]
  const result = spawnSync(
    'bash',
    [
      '-c',
      '(sleep 1; exec "$@") 2>&1 >/dev/null | true; echo "${PIPESTATUS[0]}"',
      'bash',
      process.execPath,
      ...command,
    ],
    {
      encoding: 'utf8',
      timeout: 60_000,
      killSignal: 'SIGKILL',
    },
  )
  expect([result.stdout, result.error]).toEqual(['0\n', undefined])
}, 70_000)
