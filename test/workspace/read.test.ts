import { chmodSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createReader, decode, sizeLimits } from '../../analyzers/workspace/read.js'
import type { FileKind } from '../../analyzers/workspace/types.js'
import { makeTree, type Tree } from './tree.js'

const bytes = (...values: number[]): Buffer => Buffer.from(values)

describe('decode', () => {
  test.each<[title: string, bytes: Buffer, text: string]>([
    ['UTF-8', Buffer.from('SELECT "é" — 日本'), 'SELECT "é" — 日本'],
    ['empty', Buffer.alloc(0), ''],
    ['UTF-8 with a byte order mark', Buffer.from('\ufeffSELECT 1'), 'SELECT 1'],
    ['a byte order mark and nothing else', bytes(0xef, 0xbb, 0xbf), ''],
    ['UTF-16 little endian', Buffer.from('\ufeffSELECT é', 'utf16le'), 'SELECT é'],
    ['UTF-16 big endian', Buffer.from('\ufeffSELECT é', 'utf16le').swap16(), 'SELECT é'],
    ['UTF-16 cut in the middle of a letter', bytes(0xfe, 0xff, 0x00, 0x41, 0x00), 'A'],
  ])('%s', (_, input, text) => {
    expect(decode(input, 'a.ts')).toEqual({ text })
  })

  test('what is no UTF-8 is read as Latin-1, with the line of the first such byte', () => {
    const result = decode(Buffer.from('-- one\n-- caf\xe9\nSELECT 1\n', 'latin1'), 'db/a.sql')
    expect(result).toEqual({
      text: '-- one\n-- café\nSELECT 1\n',
      warning: {
        severity: 'warning',
        code: 'not-utf8',
        message: 'Is not valid UTF-8 from this line on; read as Latin-1, so accented letters may differ.',
        file: 'db/a.sql',
        line: 2,
      },
    })
  })

  test.each([
    ['in the first line', '\xff', 1],
    ['in the last line without an end', 'a\nb\n\xe4', 3],
  ])('the place of a bad byte %s', (_, text, line) => {
    expect(decode(Buffer.from(text, 'latin1'), 'a.ts')).toMatchObject({ warning: { line } })
  })

  test('NUL bytes make a file binary', () => {
    const png = bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00)
    expect(decode(png, 'a.ts')).toMatchObject({ diagnostic: { code: 'binary-file', file: 'a.ts' } })
  })

  test('a NUL far into a text is none', () => {
    expect(decode(Buffer.from(`${'x'.repeat(9000)}\0`), 'a.ts')).toHaveProperty('text')
  })
})

describe('reader', () => {
  const reader = (files: Tree, kind: FileKind = 'source') => {
    const root = makeTree(files)
    return {
      root,
      read: createReader(
        root,
        Object.keys(files).map(path => ({ path, kind })),
      ),
    }
  }

  test('reads once and remembers', () => {
    const { root, read } = reader({ 'a.ts': 'one' })
    const first = read('a.ts')
    rmSync(join(root, 'a.ts'))
    expect(first).toEqual({ text: 'one' })
    expect(read('a.ts')).toBe(first)
  })

  test.each(['../a.ts', '/etc/hosts', 'b.ts', './a.ts', ''])(
    'refuses %j, which is no file of the workspace',
    path => {
      const { read } = reader({ 'a.ts': 'one' })
      expect(read(path)).toMatchObject({ diagnostic: { code: 'unknown-file', file: path } })
    },
  )

  test('a file that went away is a diagnostic', () => {
    const { root, read } = reader({ 'a.ts': 'one' })
    rmSync(join(root, 'a.ts'))
    expect(read('a.ts')).toMatchObject({ diagnostic: { code: 'unreadable-file', severity: 'warning' } })
  })

  test('a link that took the place of a file is not followed', () => {
    const { root, read } = reader({ 'a.ts': 'one', 'b.ts': 'two' })
    rmSync(join(root, 'a.ts'))
    symlinkSync('b.ts', join(root, 'a.ts'))
    expect(read('a.ts')).toMatchObject({ diagnostic: { code: 'unreadable-file' } })
  })

  test.skipIf(process.getuid?.() === 0)('a file without the right to read it is a diagnostic', () => {
    const { root, read } = reader({ 'a.ts': 'one' })
    chmodSync(join(root, 'a.ts'), 0)
    expect(read('a.ts')).toMatchObject({ diagnostic: { code: 'unreadable-file' } })
  })

  test.each<[FileKind, number]>([
    ['source', 2],
    ['sql', 8],
    ['settings', 1],
  ])('a %s file over %d MiB is a diagnostic with a place, not read', (kind, mebibytes) => {
    expect(sizeLimits[kind]).toBe(mebibytes * 1024 * 1024)
    const { read } = reader(
      { 'a.ts': Buffer.alloc(sizeLimits[kind] + 1, 'x'), 'b.ts': Buffer.alloc(sizeLimits[kind], 'x') },
      kind,
    )
    expect(read('a.ts')).toMatchObject({ diagnostic: { code: 'file-too-large', file: 'a.ts', line: 1 } })
    expect(read('b.ts')).toHaveProperty('text')
  })

  const dense = 'function f(a){return g(a)&&h({a})};'
  const data = `export const image = '${'QUJD'.repeat(8_000)}'\n`
  test.each<[string, string, string, boolean]>([
    ['a bundle in one line', 'a.js', dense.repeat(600), false],
    [
      'behind the words of a licence',
      'a.mjs',
      `/*\n${' * free for all\n'.repeat(20)} */\n${dense.repeat(600)}`,
      false,
    ],
    ['cut into lines of some length', 'a.cjs', `${dense.repeat(20)}\n`.repeat(30), false],
    ['a short one', 'a.js', dense.repeat(100), true],
    ['code of as many bytes, a statement a line', 'a.js', `${dense}\n`.repeat(600), true],
    ['data in one text, with some code', 'a.js', data + `${dense}\n`.repeat(10), true],
    ['as much code beside long lines', 'a.js', dense.repeat(300) + `\n${dense}`.repeat(300), true],
    ['TypeScript, which nothing minifies', 'a.ts', dense.repeat(600), true],
  ])('minified: %s', (_, name, text, isRead) => {
    const result = reader({ [name]: text }).read(name)
    if (isRead) expect(result).toEqual({ text })
    else
      expect(result).toMatchObject({
        diagnostic: { code: 'minified-file', severity: 'info', file: name, line: 1 },
      })
  })

  test('of a dump over 8 MiB, all but the rows is read, at its lines', () => {
    const rows = Array.from({ length: 90_000 }, (_, id) => `(${id},'CREATE TABLE no (x int);','it''s \\n')`)
    const dump = [
      'CREATE TABLE a (id int);',
      `INSERT INTO \`a\` VALUES ${rows.join(',')};`,
      'INSERT IGNORE INTO a VALUES',
      ...rows.slice(0, 60_000).map(row => `${row},`),
      "(0,'','');",
      'CREATE TABLE b (id int);',
      'COPY public.b (id, name) FROM stdin;',
      '1\tCREATE TABLE no (x int);',
      ...rows.slice(0, 60_000),
      '\\.',
      'CREATE TABLE ü (id int);',
    ]
    const bytes = Buffer.from(dump.join('\n'))
    expect(bytes.length).toBeGreaterThan(sizeLimits.sql)
    const { read } = reader({ 'dump.sql': bytes }, 'sql')
    const result = read('dump.sql')
    expect(result).toMatchObject({ warning: { code: 'rows-left-out', file: 'dump.sql', line: 1 } })
    const lines = 'text' in result ? result.text.split('\n') : []
    expect(lines).toHaveLength(dump.length)
    expect(lines.flatMap((line, at) => (line === '' ? [] : [[at, line]]))).toEqual([
      [0, 'CREATE TABLE a (id int);'],
      [60_004, 'CREATE TABLE b (id int);'],
      [dump.length - 1, 'CREATE TABLE ü (id int);'],
    ])
  })
})
