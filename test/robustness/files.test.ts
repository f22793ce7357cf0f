import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { analyze, ConfigError } from '../../analyzers/index.js'
import type { DependencyMap } from '../../analyzers/model.js'
import { TOOL } from '../cli/run.js'
import { makeTree, outcomeOf } from './helper.js'

const header = "import pg from 'pg'\nconst pool = new pg.Pool()\n"
const query = "pool.query('SELECT * FROM orders')\n"

describe('files', () => {
  test('a syntax error: told with its line', async () => {
    const { diagnostics } = await outcomeOf(makeTree({ 'src/a.ts': `${header}\nconst a = {{{ \n` }))
    expect(diagnostics).toEqual([expect.stringMatching(/^syntax-error src\/a\.ts:[45]$/)])
  })

  test('a generated file of 5 MB is not read, and told', async () => {
    const code = header + query + `export const x = 'SELECT * FROM generated'\n`.repeat(120_000)
    const { diagnostics, lines } = await outcomeOf(makeTree({ 'src/a.ts': code }))
    expect(diagnostics).toEqual(['file-too-large src/a.ts:1'])
    expect(lines).toEqual([])
  })

  test('a generated file of 1.5 MB on one line', async () => {
    const code = `${header}const a = [${'"SELECT * FROM generated", '.repeat(55_000)}];${query}`
    const { lines } = await outcomeOf(makeTree({ 'src/a.ts': code }))
    expect(lines).toEqual(['src/a.ts:3 read orders'])
  })

  test('UTF-16 with its mark', async () => {
    const code = Buffer.from(`\ufeff${header}${query}`, 'utf16le')
    const { lines } = await outcomeOf(makeTree({ 'src/a.ts': code }))
    expect(lines).toEqual(['src/a.ts:3 read orders'])
  })

  test('a byte order mark, Windows line ends, and a shebang', async () => {
    const { lines } = await outcomeOf(
      makeTree({
        'src/a.ts': `\ufeff${header}${query}`.replaceAll('\n', '\r\n'),
        'src/b.ts': `#!/usr/bin/env node\n${header}${query}`,
      }),
    )
    expect(lines).toEqual(['src/a.ts:3 read orders', 'src/b.ts:4 read orders'])
  })

  test('Latin-1: read, told with the line', async () => {
    const code = Buffer.from(`${header}// Gr\u00fc\u00dfe\n${query}`, 'latin1')
    const { diagnostics, lines } = await outcomeOf(makeTree({ 'src/a.ts': code }))
    expect(lines).toEqual(['src/a.ts:4 read orders'])
    expect(diagnostics).toEqual(['not-utf8 src/a.ts:3'])
  })

  test('empty files', async () => {
    const { lines } = await outcomeOf(
      makeTree({ 'src/a.ts': '', 'src/b.sql': '', 'src/c.tsx': '\n', '.env': '', 'docker-compose.yml': '' }),
    )
    expect(lines).toEqual([])
  })

  test('a root that is a file or is not there', async () => {
    const root = makeTree({})
    await expect(analyze({ root: join(root, 'src/good.ts') })).rejects.toThrow(ConfigError)
    await expect(analyze({ root: join(root, 'nowhere') })).rejects.toThrow(ConfigError)
  })

  test('binary: not read, and told', async () => {
    const bytes = Buffer.from(Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 256))
    const { diagnostics } = await outcomeOf(
      makeTree({ 'src/a.ts': bytes, 'src/b.sql': bytes, 'src/c.ts': Buffer.alloc(100) }),
    )
    expect(diagnostics).toEqual(expect.arrayContaining(['binary-file src/a.ts', 'binary-file src/c.ts']))
  })

  test('a loop of symbolic links', async () => {
    const root = makeTree({ 'src/deep/a.ts': header + query })
    symlinkSync('..', join(root, 'src/deep/up'))
    symlinkSync('self', join(root, 'src/self'))
    symlinkSync('nowhere', join(root, 'src/broken.ts'))
    const { lines, diagnostics } = await outcomeOf(root)
    expect(lines).toEqual(['src/deep/a.ts:3 read orders'])
    expect(diagnostics.map(each => each.split(' ')[0])).toEqual(expect.arrayContaining(['symlink-loop']))
  })

  test('a link out of the root is not followed', async () => {
    const outside = makeTree({ 'secret.ts': `${header}pool.query('SELECT * FROM secrets')` })
    const root = makeTree({})
    symlinkSync(join(outside, 'secret.ts'), join(root, 'src/secret.ts'))
    symlinkSync(outside, join(root, 'src/outside'))
    const { lines, diagnostics } = await outcomeOf(root)
    expect(lines).toEqual([])
    expect(diagnostics).toEqual(['symlink-outside src/outside', 'symlink-outside src/secret.ts'])
  })

  // Root reads everything, so the run is one of a user without rights; where there is none, as who we are.
  test('an unreadable folder and file', () => {
    const root = makeTree({ 'src/closed/a.ts': header + query, 'src/closed.ts': header + query })
    const isRoot = process.getuid?.() === 0
    execFileSync('chmod', ['755', root])
    chmodSync(join(root, 'src/closed'), 0o000)
    chmodSync(join(root, 'src/closed.ts'), 0o000)
    const project = join(import.meta.dirname, '../..')
    const script = `import { analyze } from ${JSON.stringify(join(project, 'dist/analyzers/index.js'))}
      ${isRoot ? 'process.setgid(65534); process.setuid(65534)' : ''}
      const map = await analyze({ root: ${JSON.stringify(root)} })
      console.log(JSON.stringify([map.accesses.map(a => a.file), map.diagnostics.filter(d => d.file).map(d => d.code + ' ' + d.file)]))`
    const child = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: project,
      encoding: 'utf8',
    })
    chmodSync(join(root, 'src/closed'), 0o755)
    expect(JSON.parse(child.stdout || JSON.stringify(child.stderr))).toEqual([
      ['src/good.ts'],
      ['unreadable-folder src/closed', 'unreadable-file src/closed.ts'],
    ])
  })

  // In a process of its own: who waits for a pipe can't be stopped from within.
  test('pipes in the place of files are not waited for', () => {
    const root = makeTree({ 'services/x/index.ts': header + query, '.git/HEAD': '' })
    const pipes = ['.gitignore', '.git/index', '.env', 'src/a.ts', 'src/b.sql', 'services/x/package.json']
    execFileSync(
      'mkfifo',
      pipes.map(path => join(root, path)),
    )
    const run = (): string =>
      execFileSync(process.execPath, [...TOOL, 'map', root, '--format', 'json'], {
        encoding: 'utf8',
        timeout: 60_000,
        stdio: 'pipe',
      })
    const files = (JSON.parse(run()) as DependencyMap).accesses.map(({ file }) => file)
    expect(files).toEqual(['services/x/index.ts', 'src/good.ts'])
    execFileSync('mkfifo', [join(root, 'seamripper.yml')])
    expect(run).toThrow("seamripper.yml: the config can't be read: it is no regular file")
  })

  test('folders named like files, and files like folders', async () => {
    const root = makeTree({ 'src/a.ts/b.ts': header + query, node_modules: 'text', migrations: 'text' })
    mkdirSync(join(root, 'tsconfig.json'))
    mkdirSync(join(root, '.env'))
    mkdirSync(join(root, 'docker-compose.yml'))
    const { lines } = await outcomeOf(root)
    expect(lines).toEqual(['src/a.ts/b.ts:3 read orders'])
  })

  test('names with blanks, quotes, line breaks, brackets and letters of all sorts', async () => {
    const names = [
      'a b.ts',
      "it's.ts",
      '"q".ts',
      '[id].ts',
      '(group).ts',
      '$x.ts',
      'é.ts',
      '文.ts',
      'a\nb.ts',
      '#.ts',
      '%20.ts',
      '*.ts',
    ]
    const { map } = await outcomeOf(
      makeTree(Object.fromEntries(names.map(name => [`src/${name}`, header + query]))),
    )
    expect(
      map.accesses
        .map(({ file }) => file.slice(4))
        .filter(name => name !== 'good.ts')
        .sort(),
    ).toEqual([...names].sort())
  })

  test('names that JavaScript has for itself', async () => {
    const code = `${header}const __proto__ = 'x'; const constructor = 'SELECT * FROM orders'\npool.query(constructor)\nexport { constructor as toString, __proto__ as hasOwnProperty }\nexport default { __proto__: null, constructor }\n`
    const use =
      "import d, { toString, hasOwnProperty, valueOf } from './constructor'\nimport pg from 'pg'\nconst pool = new pg.Pool()\npool.query(toString); pool.query(d.constructor); pool.query(valueOf); pool.query(d.valueOf)\n"
    const { lines } = await outcomeOf(
      makeTree({
        'src/constructor.ts': code,
        'src/__proto__.ts': use,
        'src/hasOwnProperty/toString.ts': header + query,
      }),
    )
    expect(lines).toEqual(
      expect.arrayContaining([
        'src/constructor.ts:4 read orders',
        'src/__proto__.ts:4 read orders',
        'src/hasOwnProperty/toString.ts:3 read orders',
      ]),
    )
  })
})

describe('settings', () => {
  const broken = [
    '{',
    '{{{',
    'null',
    '[]',
    '"text"',
    '1',
    ': : :',
    '\u0000',
    '- - -\n\t- x',
    '{"a": ',
    '&a [*a]',
    '<<: *x',
    '%YAML 9',
    'a: &a [*a, *a]',
    '!!js/function x',
  ]
  const paths = [
    'services/x/package.json',
    'tsconfig.json',
    'services/x/tsconfig.json',
    'pnpm-workspace.yaml',
    'docker-compose.yml',
    '.env',
    'services/x/.env.example',
    'services/x/Dockerfile',
    'helm/values.yaml',
    'lerna.json',
    '.gitignore',
    'prisma/schema.prisma',
    'ormconfig.json',
    'knexfile.js',
    'serverless.yml',
  ]
  test.each(paths)('a broken %s', async path => {
    for (const text of broken) {
      const { map } = await outcomeOf(makeTree({ [path]: text, 'services/x/index.ts': header + query }))
      expect(map.accesses).toHaveLength(2)
    }
  })

  test.each([
    [
      'circular extends',
      { 'tsconfig.json': '{ "extends": "./b.json" }', 'b.json': '{ "extends": "./tsconfig.json" }' },
    ],
    [
      'paths out of the root',
      {
        'tsconfig.json':
          '{ "compilerOptions": { "baseUrl": "../../..", "paths": { "*": ["../../etc/*"] } } }',
      },
    ],
    [
      'a package that is its own workspace',
      {
        'package.json':
          '{ "name": "a", "workspaces": [".", "./", "**", "../*", "/etc/*"], "dependencies": { "pg": "*" } }',
      },
    ],
    [
      'hard globs',
      {
        'package.json': `{ "name": "a", "workspaces": ["${'**/'.repeat(30)}x", "{${'a,'.repeat(500)}}", "${'*'.repeat(200)}x", "[${'a'.repeat(500)}"], "dependencies": { "pg": "*" } }`,
      },
    ],
    [
      'hard ignores',
      { '.gitignore': `${'**/'.repeat(50)}x\n${'*a'.repeat(60)}\n[[[[\n!!!!\n\\\n{a,{b,{c\n` },
    ],
    [
      'main out of the root',
      {
        'package.json':
          '{ "name": "a", "main": "../../../etc/passwd", "exports": { "./*": "../../*" }, "dependencies": { "pg": "*" } }',
      },
    ],
    [
      'odd types',
      {
        'package.json':
          '{ "name": 1, "workspaces": { "packages": 5 }, "dependencies": ["pg"], "main": {}, "scripts": [1], "bin": null, "exports": [[[[]]]] }',
      },
    ],
    [
      'billion laughs',
      {
        'docker-compose.yml': `a: &a [x, x]\n${'bcdefghijklmnopqrstuvwxyz'
          .split('')
          .map(
            (c, i) =>
              `${c}: &${c} [*${'abcdefghijklmnopqrstuvwxyz'[i]}, *${'abcdefghijklmnopqrstuvwxyz'[i]}]`,
          )
          .join('\n')}`,
      },
    ],
    ['an environment that refers to itself', { '.env': 'A=${B}\nB=${A}\nDB_NAME=${DB_NAME}\n' }],
    [
      'deep JSON',
      { 'tsconfig.json': '['.repeat(100_000), 'services/x/package.json': '{"a":'.repeat(100_000) },
    ],
    [
      'deep YAML',
      {
        'docker-compose.yml': '['.repeat(20_000),
        'pnpm-workspace.yaml': `${Array.from({ length: 2_000 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')}`,
      },
    ],
  ])('%s', async (_name, files) => {
    await outcomeOf(makeTree(files))
  })
})

describe('configuration', () => {
  test('a bad key: its line, and what was meant', async () => {
    const root = makeTree({ 'seamripper.yml': 'services:\n  app:\n    paht: .\n' })
    await expect(analyze({ root })).rejects.toThrow(ConfigError)
    await expect(analyze({ root })).rejects.toThrow(/3.*paht.*path/s)
  })

  test.each([
    ['no YAML', '{{{'],
    ['a list', '- a\n- b\n'],
    ['a tab', 'services:\n\tapp: x\n'],
    ['binary', '\u0000\u0001'],
    ['bombs', `a: &a [x, x]\nb: &b [*a, *a]\nservices: *b\n`],
  ])('%s is a ConfigError', async (_name, text) => {
    await expect(analyze({ root: makeTree({ 'seamripper.yml': text }) })).rejects.toThrow(ConfigError)
  })

  test('an empty folder', async () => {
    const root = makeTree({})
    mkdirSync(join(root, 'empty'))
    expect((await analyze({ root: join(root, 'empty') })).accesses).toEqual([])
  })
})

describe('the analysed code is not executed', () => {
  test('neither sources nor settings', async () => {
    const bomb = "require('node:fs').writeFileSync(require('node:path').join(__dirname, 'executed'), '')\n"
    const root = makeTree(
      Object.fromEntries(
        [
          'src/a.js',
          'src/b.cjs',
          'knexfile.js',
          'ormconfig.js',
          'jest.config.js',
          'drizzle.config.js',
          'seamripper.config.js',
          '.eslintrc.js',
        ].map(path => [
          path,
          `${bomb}const pool = require('pg'); pool.query(eval('"SELECT * FROM a"'), (() => { throw 1 })())\n`,
        ]),
      ),
    )
    await outcomeOf(root)
    const found = execFileSync('find', [root, '-name', 'executed'], { encoding: 'utf8' })
    expect(found).toBe('')
  })
})
