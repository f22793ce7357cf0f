import { execFileSync } from 'node:child_process'
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
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { text } from '../../analyzers/cache/shape.js'
import { createCacheStore } from '../../analyzers/cache/store.js'
import { analyze } from '../../analyzers/index.js'
import { copyOfFixture, temporaryFolder } from './helper.js'

const parts = ['package.json', 'packages', 'microservices/clinical']
const NAMES = ['basis', 'executed', 'facts', 'map', 'scripts', 'sql', 'units'].map(name => `${name}.cache`)

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

/** A cache file with other values, or another index, and the checksums that go with them. */
function forged(
  bytes: Buffer,
  value: (old: string) => string,
  change: (index: string) => string = index => index,
): Buffer {
  const [magic, tool] = bytes.toString('latin1', 0, 200).split('\n')
  const head = Buffer.from(`${magic}\n${tool}\n`)
  const lineEnd = bytes.indexOf('\n', head.length)
  const length = Number(bytes.toString('latin1', head.length, lineEnd).split(' ')[0])
  let at = lineEnd + 1 + length
  const index = JSON.parse(bytes.toString('utf8', lineEnd + 1, at)) as {
    keys: string[]
    bytes: number[]
    crcs: number[]
  }
  const values = index.keys.map((_, id) => {
    const made = Buffer.from(value(bytes.toString('utf8', at, at + index.bytes[id])))
    at += index.bytes[id]
    index.bytes[id] = made.length
    index.crcs[id] = crc32(made)
    return made
  })
  const json = Buffer.from(change(JSON.stringify(index)))
  const line = Buffer.from(`${json.length} ${crc32(json, crc32(head))}\n`)
  return Buffer.concat([head, line, json, ...values])
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
    bytes => Buffer.from(bytes.toString('latin1').replace('cache 3', 'cache 9'), 'latin1'),
  ],
  [
    'of another version of the tool',
    bytes => Buffer.from(bytes.toString('latin1').replace(/\n./, '\nx'), 'latin1'),
  ],
  ['random bytes', () => Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256))],
  [
    'lengths beyond the end',
    bytes =>
      forged(
        bytes,
        old => old,
        index => index.replace(/"bytes":\[\d+/, '"bytes":[99999999'),
      ),
  ],
  [
    'no index',
    bytes =>
      forged(
        bytes,
        old => old,
        () => 'null',
      ),
  ],
  [
    'followed by half of what a run wrote',
    bytes => Buffer.concat([bytes, Buffer.from('200 123\n{"entries"')]),
  ],
  ['hostile: null for every value', bytes => forged(bytes, () => 'null')],
  ['hostile: no JSON', bytes => forged(bytes, () => '{"a":')],
  [
    'hostile: a prototype',
    bytes => forged(bytes, old => old.replace('{', '{"__proto__":{"polluted":true},')),
  ],
  ['hostile: nested deep', bytes => forged(bytes, () => '['.repeat(200_000) + ']'.repeat(200_000))],
  [
    'hostile: ids that lead in a circle',
    bytes => forged(bytes, old => old.replaceAll(/"(of|callee)":\d+/g, '"$1":99999')),
  ],
  ['hostile: text for numbers', bytes => forged(bytes, old => old.replaceAll(/:\d+/g, ':"<b>"'))],
]

test.each(damages)('a cache that is %s is ignored and replaced', async (_, damage) => {
  const { folder, map, cold } = await platform()
  const good = new Map(NAMES.map(name => [name, readFileSync(join(folder, name))]))
  const damaged = new Map([...good].map(([name, bytes]) => [name, damage(bytes)]))
  for (const [name, bytes] of damaged) writeFileSync(join(folder, name), bytes)
  // With a map that is in order nothing else is looked at, and with units that are no facts.
  for (const names of [[], ['map.cache'], ['map.cache', 'units.cache']]) {
    for (const name of names) rmSync(join(folder, name))
    expect(await map()).toBe(cold)
  }
  expect(Object.prototype).not.toHaveProperty('polluted')
  for (const [name, bytes] of damaged) {
    // Some damages are none for some files.
    if (!bytes.equals(good.get(name)!))
      expect(readFileSync(join(folder, name)).equals(bytes), name).toBe(false)
  }
  expect(readdirSync(folder).filter(name => name.endsWith('.tmp'))).toEqual([])
  // What it was replaced with is used: a run that finds all of it writes nothing.
  const replaced = NAMES.map(name => readFileSync(join(folder, name)))
  expect(await map()).toBe(cold)
  expect(NAMES.map((name, at) => readFileSync(join(folder, name)).equals(replaced[at]))).not.toContain(false)
})

test('one broken file does not spoil the others', async () => {
  const { folder, map, cold } = await platform()
  truncateSync(join(folder, 'map.cache'), 100)
  truncateSync(join(folder, 'sql.cache'), 100)
  expect(await map()).toBe(cold)
})

test.each([
  ['missing', (file: string) => rmSync(file)],
  [
    'none',
    (file: string) =>
      writeFileSync(
        file,
        forged(readFileSync(file), () => 'null'),
      ),
  ],
])('texts of units that are %s are put together again', async (_, damage) => {
  const { root, folder, map } = await platform()
  damage(join(folder, 'texts.cache'))
  // Every unit holds, and all texts are asked for, since nothing is known of what they do.
  for (const name of ['map.cache', 'executed.cache']) rmSync(join(folder, name))
  const file = join(root, 'microservices/clinical/package.json')
  writeFileSync(file, readFileSync(file, 'utf8').replace('{', '{ "description": "another",'))
  expect(await map()).toBe(JSON.stringify(await analyze({ root })))
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
  const forgedMap = forged(readFileSync(join(folder, 'map.cache')), old =>
    old.replaceAll('clinical', 'hospital'),
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
  // The file is written anew at twice 8 MiB: what the last run used, and 8 MiB of what is younger than the rest.
  expect(kept).toEqual([false, false, false, false, false, true, true, true])
})

test('what two runs write at once is there afterwards', () => {
  const folder = temporaryFolder()
  const first = createCacheStore(folder, 'tool')
  first.put('facts', 'long', 'x'.repeat(10_000))
  first.save()
  const both = ['a', 'b'].map(key => ({ key, store: createCacheStore(folder, 'tool') }))
  for (const { key, store } of both) {
    expect(store.get('facts', 'long', text)).not.toBeNull()
    store.put('facts', key, key)
  }
  for (const { store } of both) store.save()
  const after = createCacheStore(folder, 'tool')
  expect(['long', 'a', 'b'].map(key => after.get('facts', key, text)?.length)).toEqual([10_000, 1, 1])
})

test('what a run of another version wrote behind a file is not taken for its own', () => {
  const folder = temporaryFolder()
  const write = (tool: string, value: string): void => {
    const store = createCacheStore(folder, tool)
    store.put('facts', 'key', value.repeat(10_000))
    store.put('facts', 'short', value)
    store.save()
  }
  write('old', 'a')
  const old = createCacheStore(folder, 'old')
  old.get('facts', 'key', text)
  old.put('facts', 'short', 'of the old one')
  write('new', 'b')
  old.save()
  expect(createCacheStore(folder, 'new').get('facts', 'short', text)).toBe('b')
})
