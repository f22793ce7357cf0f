import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { folderWith, seamripper, TOOL } from './run.js'
import { SHOP, shop } from './shop.js'

/** The shop after `npm install`. */
function installedShop(): string {
  const root = shop()
  mkdirSync(join(root, 'node_modules'))
  return root
}

const usual = (root: string): string => join(root, 'node_modules', '.cache', 'seamripper')

test('the second run reads what the first one kept, and prints the same', () => {
  const root = installedShop()
  const cold = seamripper(['map', root, '--no-cache', '-f', 'json']).stdout
  expect(seamripper(['map', root, '-f', 'json']).stdout).toBe(cold)
  expect(readdirSync(usual(root)).sort()).toEqual([
    'basis.cache',
    'executed.cache',
    'facts.cache',
    'map.cache',
    'outside.cache',
    'reach.cache',
    'scans.cache',
    'scripts.cache',
    'settings.cache',
    'sql.cache',
    'texts.cache',
    'units.cache',
  ])
  const { stdout, stderr } = seamripper(['map', root, '-f', 'json', '--timings'])
  expect(stdout).toBe(cold)
  // Nothing was linked.
  expect(stderr).not.toContain('statements')
})

test('what init found out is there for the check that follows', () => {
  const root = installedShop()
  expect(seamripper(['init', root, '--dry-run', '--no-cache', '--jobs', '1']).status).toBe(0)
  expect(existsSync(usual(root))).toBe(false)
  expect(seamripper(['init', root, '--dry-run']).status).toBe(0)
  expect(seamripper(['map', root, '-f', 'json', '--timings']).stderr).not.toContain('statements')
})

test('what rewrite would do is kept too, until the operations of earlier runs change', () => {
  const root = installedShop()
  const cold = seamripper(['map', root, '--no-cache']).stdout
  expect(seamripper(['map', root]).stdout).toBe(cold)
  const { stdout, stderr } = seamripper(['map', root, '--timings'])
  expect(stdout).toBe(cold)
  expect(stderr).not.toContain('rewrites')
  writeFileSync(join(root, 'seamripper.operations.json'), 'x')
  expect(seamripper(['map', root]).stdout).toContain(
    'seamripper.operations.json is not what an earlier run wrote',
  )
})

test('SQL that was laid out in an earlier run is shown as it was', () => {
  const root = installedShop()
  const cold = seamripper(['check', root, '--no-cache']).stdout
  expect(cold).toContain('SELECT')
  expect([1, 2, 3].map(() => seamripper(['check', root]).stdout)).toEqual([cold, cold, cold])
  expect(readdirSync(usual(root))).toContain('layouts.cache')
})

test('an edit is seen', () => {
  const root = installedShop()
  const file = 'services/orders/src/index.ts'
  const before = seamripper(['map', root, '-f', 'json']).stdout
  writeFileSync(join(root, file), SHOP[file].replace('customers c', 'accounts c'))
  const after = seamripper(['map', root, '-f', 'json']).stdout
  expect(after).toBe(seamripper(['map', root, '--no-cache', '-f', 'json']).stdout)
  expect(after).not.toBe(before)
})

describe('where it lies', () => {
  test('--no-cache neither reads nor writes', () => {
    const root = installedShop()
    expect(seamripper(['map', root, '--no-cache']).status).toBe(0)
    expect(readdirSync(join(root, 'node_modules'))).toEqual([])
  })

  test('--cache-dir is another folder, relative to the current one', () => {
    const root = installedShop()
    const cwd = folderWith({})
    expect(seamripper(['map', root, '--cache-dir', 'kept/here'], { cwd }).status).toBe(0)
    expect(readdirSync(join(cwd, 'kept/here'))).toContain('map.cache')
    expect(existsSync(usual(root))).toBe(false)
  })

  test('without node_modules none is made, and --timings says so', () => {
    const root = shop()
    expect(seamripper(['map', root, '--timings']).stderr).toMatch(/^no cache: .*give --cache-dir/m)
    expect(existsSync(join(root, 'node_modules'))).toBe(false)
  })
})

test('several runs at once get the right result and leave a whole cache', async () => {
  const root = installedShop()
  const cold = seamripper(['map', root, '--no-cache', '-f', 'json']).stdout
  const outputs = await Promise.all([1, 2, 3, 4].map(() => start(['map', root, '-f', 'json'])))
  expect(outputs).toEqual([cold, cold, cold, cold])
  expect(readdirSync(usual(root)).filter(name => name.endsWith('.tmp'))).toEqual([])
  const kept = readFileSync(join(usual(root), 'map.cache'))
  expect(seamripper(['map', root, '-f', 'json']).stdout).toBe(cold)
  // It was whole, so it did not have to be replaced.
  expect(readFileSync(join(usual(root), 'map.cache')).equals(kept)).toBe(true)
})

/** Standard output of the tool, without waiting for it. */
function start(words: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...TOOL, ...words], { stdio: ['ignore', 'pipe', 'inherit'] })
    let output = ''
    child.stdout.setEncoding('utf8').on('data', chunk => {
      output += chunk
    })
    child.on('error', reject).on('close', () => resolve(output))
  })
}

test('the state that --since compares with is kept too, in the cache of the root', () => {
  const root = installedShop()
  writeFileSync(join(root, '.gitignore'), 'node_modules\n')
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: root, stdio: 'pipe' })
  git('init', '-q')
  git('add', '-A')
  git('commit', '-qm', 'begin')
  const file = join(root, 'services/orders/src/index.ts')
  writeFileSync(file, `${readFileSync(file, 'utf8')}\npool.query('SELECT name FROM customers')\n`)
  const cold = seamripper(['check', root, '--since', 'HEAD', '--no-cache'])
  expect(cold.status).toBe(1)
  const first = seamripper(['check', root, '--since', 'HEAD', '--timings'])
  expect(first.stdout).toBe(cold.stdout)
  // Two states were linked.
  expect(first.stderr.split('statements')).toHaveLength(3)
  const { stdout, stderr } = seamripper(['check', root, '--since', 'HEAD', '--timings'])
  expect(stdout).toBe(cold.stdout)
  expect(stderr).not.toContain('statements')
})

test('a folder for the cache that is none is told once, and the map is the same', () => {
  const root = shop()
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...words], { cwd: root })
  git('init', '-q')
  git('add', '-A')
  git('commit', '-q', '-m', 'begin')
  // What is told needs the state of before, so it is analysed twice.
  writeFileSync(join(root, 'seamripper.yml'), 'rules: { unowned-table: error }\n')
  const file = join(root, 'package.json')
  const check = ['check', root, '--since', 'HEAD']
  expect(seamripper([...check, '--cache-dir', file])).toEqual({
    ...seamripper(check),
    stderr: `No cache is kept: ${file} is no folder.\n`,
  })
})
