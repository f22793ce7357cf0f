import { execFileSync } from 'node:child_process'
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type FileSystem, type Walk, type WalkOptions, walk } from '../../analyzers/workspace/walk.js'
import { makeTree, type Tree } from './tree.js'

const everything: WalkOptions = { exclude: [], include: [] }
const paths = (walked: Walk): string[] => walked.files.map(file => file.path)
const walkTree = (tree: Tree, options = everything): Walk => walk(makeTree(tree), options)
const codes = (walked: Walk): string[] => walked.diagnostics.map(({ code, file }) => `${code} ${file}`)

test('files with their kind, in order of path; manifests apart', () => {
  const walked = walkTree({
    'b.ts': 'x',
    'a/z.sql': 'SELECT 1',
    'a/.env': 'A=1',
    'package.json': '{}',
    'a/Dockerfile': 'FROM node',
    'README.md': '',
    'logo.png': '',
  })
  expect(walked.files).toEqual([
    { path: 'a/.env', kind: 'settings' },
    { path: 'a/z.sql', kind: 'sql' },
    { path: 'b.ts', kind: 'source' },
  ])
  expect(walked.manifests).toEqual(['a/Dockerfile', 'package.json'])
  expect([...walked.folders].sort()).toEqual(['.', 'a'])
  expect(walked.leftOut).toEqual({})
})

test('what is left out is counted by reason', () => {
  const walked = walkTree({
    'src/a.ts': '',
    'src/a.js': '',
    'src/b.tsx': '',
    'src/b.js': '',
    'src/c.mts': '',
    'src/c.mjs': '',
    'src/d.cts': '',
    'src/d.cjs': '',
    'src/only.js': '',
    'src/a.test.ts': '',
    'src/types.d.ts': '',
    'test/setup.ts': '',
    'test/deep/er.ts': '',
    'test/package.json': '{}',
    'dist/index.js': '',
    'lib/app.min.js': '',
    '.storybook/main.ts': '',
    'vendor/lib.js': '',
    'node_modules/pg/index.js': '',
  })
  expect(paths(walked)).toEqual(['src/a.ts', 'src/b.tsx', 'src/c.mts', 'src/d.cts', 'src/only.js'])
  expect(walked.leftOut).toEqual({
    compiledTwins: 4,
    tests: 3,
    declarations: 1,
    generated: 2,
    hidden: 1,
    vendor: 1,
  })
  expect(walked.manifests).toEqual([])
})

test('exclude and include of the config', () => {
  const tree = {
    'src/a.ts': '',
    'legacy/old.ts': '',
    'legacy/deep/old.ts': '',
    'test/helper.ts': '',
    'test/seeds/seed.ts': '',
    'dist/x.js': '',
    'node_modules/pg/index.js': '',
  }
  const walked = walkTree(tree, { exclude: ['legacy/'], include: ['test/seeds/', '**/node_modules/**'] })
  expect(paths(walked)).toEqual(['src/a.ts', 'test/seeds/seed.ts'])
  expect(walked.leftOut).toEqual({ excluded: 1, tests: 1, generated: 1 })
})

test('what git ignores comes back by name alone', () => {
  const tree = {
    '.gitignore': 'gen/\n*.made.ts\nbuilt/\n',
    'src/gen/tables.ts': '',
    'src/gen/deep/more.ts': '',
    'src/a.made.ts': '',
    'src/b.made.ts': '',
    'built/db/rows.ts': '',
    'built/other.ts': '',
    'other/gen/left.spec.ts': '',
    'src/a.ts': '',
  }
  const include = ['src/gen/**', '/src/a.made.ts', 'built/db/', '*.spec.ts', 'gen/']
  const walked = walkTree(tree, { exclude: [], include })
  expect(walked.files.map(({ path, isIgnored }) => [path, isIgnored ?? false])).toEqual([
    ['built/db/rows.ts', true],
    ['src/a.made.ts', true],
    ['src/a.ts', false],
    ['src/gen/deep/more.ts', true],
    ['src/gen/tables.ts', true],
  ])
  expect(walked.leftOut).toEqual({ ignored: 3 })
})

describe('.gitignore', () => {
  test.each<[title: string, tree: Tree, kept: string[]]>([
    ['a folder', { '.gitignore': 'tmp/\n', 'tmp/a.ts': '', 'b.ts': '' }, ['b.ts']],
    [
      'a name at any depth',
      { '.gitignore': 'gen.ts\n', 'gen.ts': '', 'a/b/gen.ts': '', 'b.ts': '' },
      ['b.ts'],
    ],
    ['anchored', { '.gitignore': '/gen.ts\n', 'gen.ts': '', 'a/gen.ts': '' }, ['a/gen.ts']],
    ['negated', { '.gitignore': '*.ts\n!keep.ts\n', 'a.ts': '', 'x/keep.ts': '' }, ['x/keep.ts']],
    [
      'a parent that is ignored can not be brought back',
      { '.gitignore': 'tmp/\n!tmp/keep.ts\n', 'tmp/keep.ts': '', 'a.ts': '' },
      ['a.ts'],
    ],
    [
      'contents, then one brought back',
      { '.gitignore': 'tmp/*\n!tmp/keep.ts\n', 'tmp/keep.ts': '', 'tmp/a.ts': '' },
      ['tmp/keep.ts'],
    ],
    ['at every level', { 'a/.gitignore': 'x.ts\n', 'a/x.ts': '', 'a/b/x.ts': '', 'x.ts': '' }, ['x.ts']],
    ['anchored to its own folder', { 'a/.gitignore': '/x.ts\n', 'a/x.ts': '', 'a/b/x.ts': '' }, ['a/b/x.ts']],
    [
      'a path in its own folder',
      { 'a/.gitignore': 'b/x.ts\n', 'a/b/x.ts': '', 'a/c/b/x.ts': '' },
      ['a/c/b/x.ts'],
    ],
    [
      'the inner file wins',
      { '.gitignore': '*.gen.ts\n', 'a/.gitignore': '!*.gen.ts\n', 'a/x.gen.ts': '', 'x.gen.ts': '' },
      ['a/x.gen.ts'],
    ],
    [
      'a folder brought back by an inner file',
      { '.gitignore': 'lib/\n', 'a/.gitignore': '!lib/\n', 'a/lib/x.ts': '', 'lib/x.ts': '' },
      ['a/lib/x.ts'],
    ],
    [
      'comments, blank lines, CRLF',
      { '.gitignore': '# note\r\n\r\nx.ts\r\n', 'x.ts': '', '# note': '', 'a.ts': '' },
      ['a.ts'],
    ],
    [
      'a folder with letters of patterns',
      { 'a[b] c/.gitignore': 'x.ts\n', 'a[b] c/x.ts': '', 'ab/x.ts': '' },
      ['ab/x.ts'],
    ],
    ['a doubled star', { '.gitignore': 'a/**/x.ts\n', 'a/x.ts': '', 'a/b/c/x.ts': '', 'x.ts': '' }, ['x.ts']],
    [
      'a byte order mark, and patterns that are broken',
      { '.gitignore': '\ufeffx.ts\n[\n!\n/\n', 'x.ts': '', 'a.ts': '' },
      ['a.ts'],
    ],
  ])('%s', (_, tree, kept) => {
    const walked = walkTree(tree)
    expect(paths(walked)).toEqual(kept)
  })

  const hasGit = (() => {
    try {
      execFileSync('git', ['--version'], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })()
  const git = (root: string, ...args: string[]): void => {
    execFileSync('git', args, { cwd: root, stdio: 'ignore' })
  }

  test.runIf(hasGit).each(['2', '3', '4'])(
    'a file that git tracks is no longer ignored (index version %s)',
    version => {
      const root = makeTree({
        '.gitignore': 'lib/\n*.gen.ts\n',
        'src/lib/tracked.ts': '',
        'src/lib/very/long/folder/name/tracked.ts': '',
        'src/lib/untracked.ts': '',
        'src/tracked.gen.ts': '',
        'src/untracked.gen.ts': '',
        'lib/untracked.ts': '',
        'src/a.ts': '',
        'src/new.ts': '',
      })
      git(root, 'init', '-q')
      git(root, 'update-index', '--index-version', version)
      git(root, 'add', '.gitignore', 'src/a.ts')
      git(root, 'add', '-f', 'src/lib/tracked.ts', 'src/lib/very', 'src/tracked.gen.ts')
      if (version === '3') git(root, 'add', '--intent-to-add', 'src/new.ts')
      const walked = walk(root, everything)
      expect(paths(walked)).toEqual([
        'src/a.ts',
        'src/lib/tracked.ts',
        'src/lib/very/long/folder/name/tracked.ts',
        'src/new.ts',
        'src/tracked.gen.ts',
      ])
      expect(walked.leftOut).toEqual({ ignored: 3 })
    },
  )

  test.each([
    ['empty', Buffer.alloc(0)],
    ['cut short', Buffer.concat([Buffer.from('DIRC'), Buffer.from([0, 0, 0, 2, 0, 0, 0, 9, 1, 2, 3])])],
    ['of another version', Buffer.concat([Buffer.from('DIRC'), Buffer.from([0, 0, 0, 9, 0, 0, 0, 1])])],
    ['of noise', Buffer.alloc(400, 0xa7)],
  ])('a .git/index that is %s does no harm', (_, index) => {
    expect(paths(walkTree({ '.git/index': index, '.gitignore': 'x.ts\n', 'x.ts': '', 'a.ts': '' }))).toEqual([
      'a.ts',
    ])
  })
})

describe('hostile trees', () => {
  test('links out of the root, loops and broken links are told and not followed', () => {
    const outside = makeTree({ 'secret.ts': '' })
    const root = makeTree({ 'a/b/x.ts': '', 'shared/db.ts': '' })
    symlinkSync(outside, join(root, 'outside'))
    symlinkSync(join(outside, 'secret.ts'), join(root, 'secret.ts'))
    symlinkSync('..', join(root, 'a/b/up'))
    symlinkSync(root, join(root, 'a/all'))
    symlinkSync('self', join(root, 'self'))
    symlinkSync('nowhere', join(root, 'broken'))
    symlinkSync('../../shared', join(root, 'a/b/shared'))
    symlinkSync('shared/db.ts', join(root, 'db.ts'))
    const walked = walk(root, everything)
    expect(paths(walked)).toEqual(['a/b/x.ts', 'shared/db.ts'])
    expect(codes(walked).sort()).toEqual([
      'symlink-broken broken',
      'symlink-loop a/all',
      'symlink-loop a/b/up',
      'symlink-loop self',
      'symlink-outside outside',
      'symlink-outside secret.ts',
    ])
    expect(walked.links).toEqual({ 'a/b/shared': 'shared', 'db.ts': 'shared/db.ts' })
  })

  test('a folder that can not be read is a diagnostic; the walk goes on', () => {
    const root = makeTree({ 'a/x.ts': '', 'b/y.ts': '' })
    const fileSystem: FileSystem = {
      readdir(path) {
        if (path.endsWith('/a'))
          throw Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })
        return readdirSync(path, { withFileTypes: true })
      },
    }
    const walked = walk(root, everything, fileSystem)
    expect(paths(walked)).toEqual(['b/y.ts'])
    expect(walked.diagnostics).toEqual([
      {
        severity: 'warning',
        code: 'unreadable-folder',
        message: 'Could not be read and is left out: EACCES: permission denied',
        file: 'a',
        line: null,
      },
    ])
  })

  test('pipes and folders named like sources', () => {
    const root = makeTree({ 'x.ts/index.ts': '', 'a.ts': '' })
    execFileSync('mkfifo', [join(root, 'pipe.ts')])
    expect(paths(walk(root, everything))).toEqual(['a.ts', 'x.ts/index.ts'])
  })

  test('a .gitignore that is a folder', () => {
    const root = makeTree({ 'a.ts': '' })
    mkdirSync(join(root, '.gitignore'))
    expect(codes(walk(root, everything))).toEqual(['unreadable-file .gitignore'])
  })

  test('very deep folders', () => {
    const deep = 'd/'.repeat(600)
    expect(paths(walkTree({ [`${deep}x.ts`]: '' }))).toEqual([`${deep}x.ts`])
  })

  test('names that JavaScript has for itself', () => {
    const root = makeTree({ 'constructor/__proto__/x.ts': '', 'a.env.constructor': '', 'toString.js': '' })
    symlinkSync('constructor', join(root, '__proto__'))
    const walked = walk(root, everything)
    expect(paths(walked)).toEqual(['a.env.constructor', 'constructor/__proto__/x.ts', 'toString.js'])
    expect(Object.entries(walked.links)).toEqual([['__proto__', 'constructor']])
  })

  test('names with spaces, quotes, dots, line breaks and letters of patterns', () => {
    const names = [' a.ts', '#b.ts', 'c\'".ts', '...dot.ts', 'e\n.ts', '!f.ts', '[g].ts', 'h\\.ts', 'ü.ts']
    const walked = walkTree({
      ...Object.fromEntries(names.map(name => [name, ''])),
      '.gitignore': 'nothing\n',
    })
    expect(paths(walked)).toEqual([...names].sort())
  })
})
