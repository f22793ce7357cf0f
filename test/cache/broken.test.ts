import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { text } from '../../analyzers/cache/shape.js'
import { createCacheStore } from '../../analyzers/cache/store.js'
import { analyze } from '../../analyzers/index.js'
import { copyOfFixture, temporaryFolder } from './helper.js'

const parts = ['package.json', 'packages', 'microservices/clinical']
const NAMES = ['executed', 'facts', 'map', 'scripts', 'sql', 'units'].map(name => `${name}.cache`)

interface Platform {
  root: string
  folder: string
  /** The map as bytes. */
  map(): Promise<string>
  cold: string
}

/** A small platform whose cache is full. */
async function platform(): Promise<Platform> {
  const root = copyOfFixture(parts)
  const folder = join(root, 'node_modules/.cache/seamripper')
  const cold = JSON.stringify(await analyze({ root }))
  const map = async (): Promise<string> => JSON.stringify(await analyze({ root, cacheDir: true }))
  expect(await map()).toBe(cold)
  expect(readdirSync(folder).sort()).toEqual(expect.arrayContaining(NAMES))
  return { root, folder, map, cold }
}

/** Bytes of a cache file with another index and body, and the hash that goes with them. */
function forged(bytes: Buffer, change: (body: string) => string): Buffer {
  const [magic, , ...rest] = bytes.toString().split('\n')
  const body = Buffer.from(change(rest.join('\n')))
  const hash = createHash('sha256').update(body).digest('hex')
  return Buffer.concat([Buffer.from(`${magic}\n${hash}\n`), body])
}

/** The same body with every value replaced; the index gets the new lengths. */
function withValues(value: (old: string) => string): (body: string) => string {
  return body => {
    const end = body.indexOf('\n')
    const index = JSON.parse(body.slice(0, end)) as {
      tool: string
      entries: { key: string; bytes: number }[]
    }
    const bytes = Buffer.from(body.slice(end + 1))
    let at = 0
    const values = index.entries.map(entry => {
      const made = value(bytes.toString('utf8', at, at + entry.bytes))
      at += entry.bytes
      entry.bytes = Buffer.byteLength(made)
      return made
    })
    return `${JSON.stringify(index)}\n${values.join('')}`
  }
}

const damages: [what: string, damage: (bytes: Buffer) => Buffer][] = [
  ['empty', () => Buffer.alloc(0)],
  ['half written', bytes => bytes.subarray(0, bytes.length >> 1)],
  ['without its last byte', bytes => bytes.subarray(0, -1)],
  [
    'with a bit turned',
    bytes => {
      const copy = Buffer.from(bytes)
      copy[copy.length - 10] ^= 1
      return copy
    },
  ],
  ['another file', () => Buffer.from('{"name": "not ours"}\n')],
  [
    'of another format',
    bytes => Buffer.from(bytes.toString('latin1').replace('cache 1', 'cache 9'), 'latin1'),
  ],
  ['of another version of the tool', bytes => forged(bytes, body => body.replace(/"tool":"./, '"tool":"x'))],
  ['random bytes', () => Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256))],
  ['lengths beyond the end', bytes => forged(bytes, body => body.replace(/"bytes":\d+/, '"bytes":99999999'))],
  ['no index', bytes => forged(bytes, () => 'null\n')],
  [
    'hostile: null for every value',
    bytes =>
      forged(
        bytes,
        withValues(() => 'null'),
      ),
  ],
  [
    'hostile: no JSON',
    bytes =>
      forged(
        bytes,
        withValues(() => '{"a":'),
      ),
  ],
  [
    'hostile: a prototype',
    bytes =>
      forged(
        bytes,
        withValues(old => old.replace('{', '{"__proto__":{"polluted":true},')),
      ),
  ],
  [
    'hostile: nested deep',
    bytes =>
      forged(
        bytes,
        withValues(() => '['.repeat(200_000) + ']'.repeat(200_000)),
      ),
  ],
  [
    'hostile: ids that lead in a circle',
    bytes =>
      forged(
        bytes,
        withValues(old => old.replaceAll(/"(of|callee)":\d+/g, '"$1":99999')),
      ),
  ],
  [
    'hostile: text for numbers',
    bytes =>
      forged(
        bytes,
        withValues(old => old.replaceAll(/:\d+/g, ':"<b>"')),
      ),
  ],
]

test.each(damages)('a cache that is %s is ignored and replaced', async (_, damage) => {
  const { folder, map, cold } = await platform()
  const good = new Map(NAMES.map(name => [name, readFileSync(join(folder, name))]))
  for (const [name, bytes] of good) writeFileSync(join(folder, name), damage(bytes))
  // With a map that is in order nothing else is looked at, with units that are no facts.
  for (const name of ['map.cache', 'units.cache'])
    if (damage(good.get(name)!).equals(good.get(name)!)) rmSync(join(folder, name))
  expect(await map()).toBe(cold)
  expect(Object.prototype).not.toHaveProperty('polluted')
  for (const [name, bytes] of good) expect(readFileSync(join(folder, name)).length, name).toBe(bytes.length)
  expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([])
})

test('one broken file does not spoil the others', async () => {
  const { folder, map, cold } = await platform()
  truncateSync(join(folder, 'map.cache'), 100)
  truncateSync(join(folder, 'sql.cache'), 100)
  expect(await map()).toBe(cold)
})

test('what is no file in the place of one is left alone', async () => {
  const { folder, map, cold } = await platform()
  for (const name of NAMES) {
    rmSync(join(folder, name))
    mkdirSync(join(folder, name))
  }
  expect(await map()).toBe(cold)
  expect(lstatSync(join(folder, 'map.cache')).isDirectory()).toBe(true)
})

test('a folder that may not be written is done without', async () => {
  const root = copyOfFixture(parts)
  const cold = JSON.stringify(await analyze({ root }))
  // Root may write everywhere but there.
  const folder = process.getuid?.() === 0 ? '/proc/self' : join(root, 'locked')
  if (!existsSync(folder)) mkdirSync(folder, { mode: 0o500 })
  expect(JSON.stringify(await analyze({ root, cacheDir: folder }))).toBe(cold)
  const told: string[] = []
  const onTiming = (stage: string) => told.push(stage)
  expect(JSON.stringify(await analyze({ root, cacheDir: join(folder, 'deeper'), onTiming }))).toBe(cold)
  expect(told.filter(stage => stage.startsWith('no cache: '))).toHaveLength(1)
})

test('a cache that is under version control is not used', async () => {
  const { root, folder, map, cold } = await platform()
  const git = (...words: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...words], { cwd: root })
  git('init', '-q')
  git('add', '-f', '.')
  const before = readdirSync(folder).map(name => readFileSync(join(folder, name)))
  // Found in the cache this would be the answer.
  const forgedMap = forged(
    readFileSync(join(folder, 'map.cache')),
    withValues(old => old.replaceAll('clinical', 'hospital')),
  )
  writeFileSync(join(folder, 'map.cache'), forgedMap)
  expect(await map()).toBe(cold)
  expect(readFileSync(join(folder, 'map.cache')).equals(forgedMap)).toBe(true)
  expect(before.length).toBeGreaterThan(3)
  git('rm', '-rqf', '--cached', 'node_modules')
  expect(await map()).not.toBe(cold)
})

test('a file where the folder should be is left alone', async () => {
  const root = copyOfFixture(parts)
  writeFileSync(join(root, 'node_modules/.cache'), 'mine')
  const cold = JSON.stringify(await analyze({ root }))
  expect(JSON.stringify(await analyze({ root, cacheDir: true }))).toBe(cold)
  expect(readFileSync(join(root, 'node_modules/.cache'), 'utf8')).toBe('mine')
})

test('nothing is written through links that the repository brings', async () => {
  const outside = temporaryFolder()
  for (const place of ['node_modules', 'node_modules/.cache', 'node_modules/.cache/seamripper']) {
    const root = copyOfFixture(parts)
    rmSync(join(root, 'node_modules'), { recursive: true })
    if (place !== 'node_modules') mkdirSync(join(root, place, '..'), { recursive: true })
    symlinkSync(outside, join(root, place), 'junction')
    await analyze({ root, cacheDir: true })
    expect(readdirSync(outside), place).toEqual([])
  }
})

test('a link in the place of a file is replaced, and what it points to left alone', async () => {
  const { folder, map, cold } = await platform()
  const outside = join(temporaryFolder(), 'precious')
  writeFileSync(outside, 'precious')
  for (const name of NAMES) {
    rmSync(join(folder, name))
    symlinkSync(outside, join(folder, name))
  }
  expect(await map()).toBe(cold)
  expect(readFileSync(outside, 'utf8')).toBe('precious')
  for (const name of NAMES) expect(lstatSync(join(folder, name)).isFile(), name).toBe(true)
})

test('without node_modules nothing is made in the repository', async () => {
  const root = copyOfFixture(parts)
  rmSync(join(root, 'node_modules'), { recursive: true })
  const told: string[] = []
  await analyze({ root, cacheDir: true, onTiming: stage => told.push(stage) })
  expect(existsSync(join(root, 'node_modules'))).toBe(false)
  expect(told).toContain('no cache: there is no node_modules folder to keep it in; give --cache-dir')
})

test('without a cacheDir nothing is written', async () => {
  const root = copyOfFixture(parts)
  await analyze({ root })
  expect(readdirSync(join(root, 'node_modules'))).toEqual([])
})

test('what no run asks for is given up in time', () => {
  const folder = temporaryFolder()
  const long = 'x'.repeat(3 * 1024 * 1024)
  for (let run = 0; run < 8; run++) {
    const store = createCacheStore(folder, 'tool')
    store.put('facts', `key ${run}`, `${run}${long}`)
    store.save()
  }
  const store = createCacheStore(folder, 'tool')
  const kept = Array.from({ length: 8 }, (_, run) => store.get('facts', `key ${run}`, text) !== null)
  // What the last run used, and 8 MiB of what is younger than the rest.
  expect(kept).toEqual([false, false, false, false, false, true, true, true])
})
