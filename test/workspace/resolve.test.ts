import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createPackageNames, createResolver, loadWorkspace } from '../../analyzers/workspace/index.js'
import { load, makeTree, type Tree } from './tree.js'

/** Empty files, for a tree in which only the paths matter. */
const files = (...paths: string[]): Tree => Object.fromEntries(paths.map(path => [path, '']))

type Case = [fromFile: string, specifier: string, file: string | null]

function resolves(title: string, tree: Tree, cases: Case[]): void {
  describe(title, async () => {
    test.each(cases)('%s: %s -> %s', async (fromFile, specifier, file) => {
      const { workspace } = await load(tree)
      const resolve = createResolver(workspace)
      expect(resolve(fromFile, specifier)).toBe(file)
      expect(resolve(fromFile, specifier)).toBe(file)
    })
  })
}

resolves(
  'relative imports',
  files(
    'src/main.ts',
    'src/db.ts',
    'src/view.tsx',
    'src/plain.js',
    'src/esm.mts',
    'src/esm2.mjs',
    'src/common.cts',
    'src/folder/index.ts',
    'src/folder/deep.ts',
    'src/both.ts',
    'src/both/index.ts',
    'src/jsfolder/index.js',
    'src/queries.sql',
    'src/dotted.service.ts',
    'index.ts',
  ),
  [
    ['src/main.ts', './db', 'src/db.ts'],
    ['src/main.ts', './db.js', 'src/db.ts'],
    ['src/main.ts', './db.ts', 'src/db.ts'],
    ['src/main.ts', './view', 'src/view.tsx'],
    ['src/main.ts', './view.js', 'src/view.tsx'],
    ['src/main.ts', './view.jsx', 'src/view.tsx'],
    ['src/main.ts', './plain', 'src/plain.js'],
    ['src/main.ts', './plain.js', 'src/plain.js'],
    ['src/main.ts', './esm.mjs', 'src/esm.mts'],
    ['src/main.ts', './esm2.mjs', 'src/esm2.mjs'],
    ['src/main.ts', './common.cjs', 'src/common.cts'],
    ['src/main.ts', './folder', 'src/folder/index.ts'],
    ['src/main.ts', './folder/', 'src/folder/index.ts'],
    ['src/main.ts', './folder/index.js', 'src/folder/index.ts'],
    ['src/folder/deep.ts', '.', 'src/folder/index.ts'],
    ['src/folder/deep.ts', './', 'src/folder/index.ts'],
    ['src/folder/deep.ts', '..', null],
    ['src/main.ts', '..', 'index.ts'],
    ['src/folder/deep.ts', '../db', 'src/db.ts'],
    ['src/folder/deep.ts', '../../index', 'index.ts'],
    ['src/main.ts', './both', 'src/both.ts'],
    ['src/main.ts', './jsfolder', 'src/jsfolder/index.js'],
    ['src/main.ts', './queries.sql', 'src/queries.sql'],
    ['src/main.ts', './queries.sql?raw', 'src/queries.sql'],
    ['src/main.ts', './dotted.service', 'src/dotted.service.ts'],
    ['src/main.ts', './missing', null],
    ['src/main.ts', './missing.json', null],
    ['src/main.ts', '../../outside', null],
    ['src/main.ts', '/src/db', null],
    ['src/main.ts', '', null],
    ['src/main.ts', 'fs', null],
    ['src/main.ts', 'node:fs', null],
    ['src/main.ts', 'pg', null],
    ['src/main.ts', '@types/pg', null],
    ['src/main.ts', 'https://esm.sh/pg', null],
    ['src/main.ts', '__proto__', null],
    ['src/main.ts', 'constructor', null],
  ],
)

resolves(
  'names in other letters, which macOS and Windows take for the same',
  files(
    'src/main.ts',
    'src/di/projectDependencies.ts',
    'src/Folder/index.ts',
    'src/a/Both.ts',
    'src/a/BOTH.ts',
    'src/Exact.ts',
    'src/exact.ts',
  ),
  [
    ['src/main.ts', './di/ProjectDependencies', 'src/di/projectDependencies.ts'],
    ['src/main.ts', './DI/projectdependencies.js', 'src/di/projectDependencies.ts'],
    ['src/main.ts', './folder', 'src/Folder/index.ts'],
    ['src/main.ts', './exact', 'src/exact.ts'],
    ['src/main.ts', './a/both', null],
  ],
)

resolves(
  'workspace packages',
  {
    'package.json': { name: 'root', workspaces: ['packages/*', 'apps/*'] },
    'apps/api/package.json': { name: '@org/api' },
    'apps/api/src/main.ts': '',
    // No exports, main in the sources.
    'packages/dal/package.json': { name: '@org/dal', main: 'src/index.ts' },
    ...files('packages/dal/src/index.ts', 'packages/dal/src/members.ts', 'packages/dal/src/orgs/index.ts'),
    // No main at all.
    'packages/bare/package.json': { name: 'bare' },
    ...files('packages/bare/index.ts'),
    // Built, by convention.
    'packages/built/package.json': {
      name: '@org/built',
      main: './dist/index.js',
      types: './dist/index.d.ts',
    },
    ...files('packages/built/src/index.ts', 'packages/built/src/db/pool.ts'),
    // Built twice.
    'packages/dual/package.json': {
      name: '@org/dual',
      main: 'dist/cjs/main.js',
      module: 'dist/esm/main.mjs',
    },
    ...files('packages/dual/src/main.ts'),
    // Built by its tsconfig.
    'packages/odd/package.json': { name: '@org/odd', main: 'compiled/entry.js' },
    'packages/odd/tsconfig.json': { compilerOptions: { outDir: './compiled', rootDir: './code' } },
    ...files('packages/odd/code/entry.ts', 'packages/odd/code/deep/er.ts'),
    // dist/src, as with a rootDir that is the package.
    'packages/wide/package.json': { name: '@org/wide', main: 'dist/src/index.js' },
    ...files('packages/wide/src/index.ts', 'packages/wide/bin/run.ts'),
    // exports in all its forms.
    'packages/modern/package.json': {
      name: '@org/modern',
      exports: {
        '.': { types: './dist/index.d.ts', import: './dist/index.mjs', require: './dist/index.cjs' },
        './members': './dist/members.js',
        './features/*': { node: { import: './dist/features/*.mjs' }, default: './dist/features/*.js' },
        './features/special': './src/special-feature.ts',
        './lib/*.js': './src/lib/*.ts',
        './array': ['./missing.js', './dist/members.js'],
        './package.json': './package.json',
        './hidden/*': null,
      },
      imports: { '#db': './src/db.ts', '#queries/*': './dist/queries/*.js', '#ext': 'pg' },
    },
    ...files(
      'packages/modern/src/index.ts',
      'packages/modern/src/members.ts',
      'packages/modern/src/features/search.ts',
      'packages/modern/src/special-feature.ts',
      'packages/modern/src/lib/x.ts',
      'packages/modern/src/db.ts',
      'packages/modern/src/queries/list.ts',
    ),
    'packages/sugar/package.json': { name: '@org/sugar', exports: './src/entry.ts' },
    ...files('packages/sugar/src/entry.ts', 'packages/sugar/src/other.ts'),
    'packages/source/package.json': { name: '@org/source', source: 'lib-src/a.ts', main: 'dist/a.js' },
    ...files('packages/source/lib-src/a.ts'),
    'packages/broken/package.json': '{ "name": "@org/broken", "main": "src/index.ts", ',
    ...files('packages/broken/src/index.ts'),
    'packages/escape/package.json': {
      name: '@org/escape',
      main: '../../../etc/passwd',
      exports: { './x': '/etc/x' },
    },
    ...files('packages/escape/src/x.ts'),
    'tools/local/package.json': { name: 'differently-named', main: 'main.ts' },
    ...files('tools/local/main.ts', 'tools/local/sub.ts', 'tools/plain/index.ts'),
    'apps/web/package.json': {
      name: 'web',
      dependencies: {
        local: 'file:../../tools/local',
        plain: 'link:../../tools/plain',
        up: 'file:../../../up',
      },
    },
    ...files('apps/web/src/main.ts'),
  },
  [
    ['apps/api/src/main.ts', '@org/dal', 'packages/dal/src/index.ts'],
    ['apps/api/src/main.ts', '@org/dal/src/members', 'packages/dal/src/members.ts'],
    ['apps/api/src/main.ts', '@org/dal/src/members.js', 'packages/dal/src/members.ts'],
    ['apps/api/src/main.ts', '@org/dal/src', 'packages/dal/src/index.ts'],
    ['apps/api/src/main.ts', '@org/dal/members', 'packages/dal/src/members.ts'],
    ['apps/api/src/main.ts', '@org/dal/orgs', 'packages/dal/src/orgs/index.ts'],
    ['apps/api/src/main.ts', '@org/dal/dist/members', 'packages/dal/src/members.ts'],
    ['apps/api/src/main.ts', '@org/dal/lib/members.js', 'packages/dal/src/members.ts'],
    ['apps/api/src/main.ts', '@org/dal/../bare', 'packages/bare/index.ts'],
    ['apps/api/src/main.ts', '@org/dal/nothing', null],
    ['apps/api/src/main.ts', 'bare', 'packages/bare/index.ts'],
    ['apps/api/src/main.ts', 'bare/index', 'packages/bare/index.ts'],
    ['apps/api/src/main.ts', 'bare/other', null],
    ['apps/api/src/main.ts', '@org/built', 'packages/built/src/index.ts'],
    ['apps/api/src/main.ts', '@org/built/dist/db/pool', 'packages/built/src/db/pool.ts'],
    ['apps/api/src/main.ts', '@org/dual', 'packages/dual/src/main.ts'],
    ['packages/wide/bin/run.ts', '../dist/src/index.js', 'packages/wide/src/index.ts'],
    ['packages/built/bin/run.js', '../dist/db/pool.js', 'packages/built/src/db/pool.ts'],
    ['packages/built/bin/run.js', '../dist/none.js', null],
    ['apps/api/src/main.ts', '../../../packages/built/dist', 'packages/built/src/index.ts'],
    ['apps/api/src/main.ts', '@org/odd', 'packages/odd/code/entry.ts'],
    ['apps/api/src/main.ts', '@org/wide', 'packages/wide/src/index.ts'],
    ['apps/api/src/main.ts', '@org/wide/dist/bin/run', 'packages/wide/bin/run.ts'],
    ['apps/api/src/main.ts', '@org/modern', 'packages/modern/src/index.ts'],
    ['apps/api/src/main.ts', '@org/modern/members', 'packages/modern/src/members.ts'],
    ['apps/api/src/main.ts', '@org/modern/features/search', 'packages/modern/src/features/search.ts'],
    ['apps/api/src/main.ts', '@org/modern/features/special', 'packages/modern/src/special-feature.ts'],
    ['apps/api/src/main.ts', '@org/modern/lib/x.js', 'packages/modern/src/lib/x.ts'],
    ['apps/api/src/main.ts', '@org/modern/array', 'packages/modern/src/members.ts'],
    ['apps/api/src/main.ts', '@org/modern/package.json', null],
    ['packages/modern/src/index.ts', '#db', 'packages/modern/src/db.ts'],
    ['packages/modern/src/lib/x.ts', '#queries/list', 'packages/modern/src/queries/list.ts'],
    ['packages/modern/src/index.ts', '#ext', null],
    ['packages/modern/src/index.ts', '#nothing', null],
    ['apps/api/src/main.ts', '#db', null],
    ['packages/modern/src/db.ts', '@org/modern/members', 'packages/modern/src/members.ts'],
    ['apps/api/src/main.ts', '@org/sugar', 'packages/sugar/src/entry.ts'],
    ['apps/api/src/main.ts', '@org/sugar/other', 'packages/sugar/src/other.ts'],
    ['apps/api/src/main.ts', '@org/source', 'packages/source/lib-src/a.ts'],
    ['apps/api/src/main.ts', '@org/broken', 'packages/broken/src/index.ts'],
    ['apps/api/src/main.ts', '@org/escape', null],
    ['apps/api/src/main.ts', '@org/escape/x', 'packages/escape/src/x.ts'],
    ['apps/web/src/main.ts', 'local', 'tools/local/main.ts'],
    ['apps/web/src/main.ts', 'local/sub', 'tools/local/sub.ts'],
    ['apps/web/src/main.ts', 'plain', 'tools/plain/index.ts'],
    ['apps/web/src/main.ts', 'up', null],
    ['apps/api/src/main.ts', 'local', null],
    ['apps/api/src/main.ts', 'differently-named', 'tools/local/main.ts'],
    ['apps/api/src/main.ts', '@org', null],
    ['apps/web/src/main.ts', 'constructor', null],
    ['apps/web/src/main.ts', '__proto__', null],
    ['apps/web/src/main.ts', 'toString/x', null],
    ['apps/web/src/main.ts', '../../../constructor/x', null],
    ['apps/web/src/main.ts', './hasOwnProperty', null],
    ['apps/api/src/main.ts', '@org/none', null],
  ],
)

resolves(
  'tsconfig paths',
  {
    'tsconfig.base.json': `{
      // shared by all
      "compilerOptions": {
        "baseUrl": ".", /* the root */
        "paths": {
          "@platform/db": ["libs/db/src/index.ts"],
          "@platform/db/*": ["libs/db/src/*", "libs/db/generated/*"],
          "@platform/*": ["libs/*/src"],
          "*.sql": ["sql/*.sql"],
        },
      },
    }`,
    'apps/api/tsconfig.json': { extends: '../../tsconfig.base' },
    'apps/api/tsconfig.app.json': {
      extends: './tsconfig.json',
      compilerOptions: { paths: { app: ['./src/app'] } },
    },
    'apps/own/tsconfig.json': {
      extends: ['../../tsconfig.base.json', './missing.json', '@tsconfig/node20/tsconfig.json'],
      compilerOptions: {
        baseUrl: './src',
        paths: { '@/*': ['./*'], '~lib': ['../../../libs/db/src/index'] },
      },
    },
    'apps/base/tsconfig.json': { compilerOptions: { baseUrl: 'src' } },
    'apps/nobase/tsconfig.json': { compilerOptions: { paths: { '#app/*': ['./src/*'] } } },
    'apps/home/tsconfig.json': { extends: '../../configs/strict.json' },
    'configs/strict.json': '{}',
    'configs/tsconfig.home.json': { compilerOptions: { paths: { '@home/*': ['${configDir}/src/*'] } } },
    'apps/home2/tsconfig.json': { extends: '../../configs/tsconfig.home.json' },
    'apps/broken/tsconfig.json': '{ "compilerOptions": { "paths": { "@/*": ["./src/*"] } ',
    'apps/loop/tsconfig.json': {
      extends: './tsconfig.json',
      compilerOptions: { paths: { loop: ['./src/x.ts'] } },
    },
    'apps/out/tsconfig.json': { compilerOptions: { paths: { '@/*': ['../../../outside/*'] } } },
    'apps/wrong/tsconfig.json': {
      compilerOptions: { baseUrl: 7, paths: { a: 'src/x.ts', b: [1, './src/x.ts'], c: null } },
    },
    'apps/js/jsconfig.json': { compilerOptions: { paths: { '@js/*': ['./lib/*'] } } },
    ...files(
      'apps/api/src/main.ts',
      'apps/api/src/app.ts',
      'apps/own/src/main.ts',
      'apps/own/src/db/pool.ts',
      'apps/base/src/main.ts',
      'apps/base/src/db/pool.ts',
      'apps/nobase/src/main.ts',
      'apps/nobase/src/x.ts',
      'apps/home2/src/x.ts',
      'apps/broken/src/x.ts',
      'apps/loop/src/x.ts',
      'apps/out/src/x.ts',
      'apps/wrong/src/x.ts',
      'apps/js/lib/x.js',
      'libs/db/src/index.ts',
      'libs/db/src/pool.ts',
      'libs/db/generated/types.ts',
      'libs/mail/src/index.ts',
      'sql/list.sql',
    ),
  },
  [
    ['apps/api/src/main.ts', '@platform/db', 'libs/db/src/index.ts'],
    ['apps/api/src/main.ts', '@platform/db/pool', 'libs/db/src/pool.ts'],
    ['apps/api/src/main.ts', '@platform/db/pool.js', 'libs/db/src/pool.ts'],
    ['apps/api/src/main.ts', '@platform/db/types', 'libs/db/generated/types.ts'],
    ['apps/api/src/main.ts', '@platform/mail', 'libs/mail/src/index.ts'],
    ['apps/api/src/main.ts', '@platform/none', null],
    ['apps/api/src/main.ts', 'list.sql', 'sql/list.sql'],
    ['apps/api/src/main.ts', 'libs/mail/src', 'libs/mail/src/index.ts'],
    ['apps/api/src/main.ts', 'app', 'apps/api/src/app.ts'],
    ['apps/own/src/main.ts', '@/db/pool', 'apps/own/src/db/pool.ts'],
    ['apps/own/src/main.ts', 'db/pool', 'apps/own/src/db/pool.ts'],
    ['apps/own/src/main.ts', '~lib', 'libs/db/src/index.ts'],
    ['apps/base/src/main.ts', 'db/pool', 'apps/base/src/db/pool.ts'],
    ['apps/base/src/main.ts', 'pg', null],
    ['apps/nobase/src/main.ts', '#app/x', 'apps/nobase/src/x.ts'],
    ['apps/nobase/src/main.ts', 'src/x', null],
    ['apps/home2/src/x.ts', '@home/x', 'apps/home2/src/x.ts'],
    ['apps/broken/src/x.ts', '@/x', 'apps/broken/src/x.ts'],
    ['apps/loop/src/x.ts', 'loop', 'apps/loop/src/x.ts'],
    ['apps/out/src/x.ts', '@/x', null],
    ['apps/wrong/src/x.ts', 'a', 'apps/wrong/src/x.ts'],
    ['apps/wrong/src/x.ts', 'b', 'apps/wrong/src/x.ts'],
    ['apps/wrong/src/x.ts', 'c', null],
    ['apps/js/lib/x.js', '@js/x', 'apps/js/lib/x.js'],
    // A config above helps with its patterns (nx projects often leave `extends` to the build).
    ['apps/nobase/src/main.ts', '@platform/db', 'libs/db/src/index.ts'],
  ],
)

resolves(
  'the root config reaches below another one only with patterns of its own',
  {
    'tsconfig.json': { compilerOptions: { baseUrl: '.', paths: { '@lib/*': ['libs/*'] } } },
    'apps/a/tsconfig.json': { compilerOptions: { baseUrl: './src' } },
    ...files('libs/db.ts', 'apps/a/src/x.ts', 'apps/a/src/db.ts'),
  },
  [
    ['apps/a/src/x.ts', '@lib/db', 'libs/db.ts'],
    ['apps/a/src/x.ts', 'db', 'apps/a/src/db.ts'],
    ['apps/a/src/x.ts', 'libs/db', null],
  ],
)

test('links inside the root lead to the file itself', async () => {
  const root = makeTree(files('shared/db/index.ts', 'shared/pool.ts', 'real/deep/x.ts', 'a/src/main.ts'))
  symlinkSync('../../shared', join(root, 'a/src/shared'))
  symlinkSync('../../shared/pool.ts', join(root, 'a/src/pool.ts'))
  symlinkSync('../real', join(root, 'shared/again'))
  const { workspace } = await loadWorkspace(root)
  const resolve = createResolver(workspace)
  expect(resolve('a/src/main.ts', './shared/db')).toBe('shared/db/index.ts')
  expect(resolve('a/src/main.ts', './pool')).toBe('shared/pool.ts')
  expect(resolve('a/src/main.ts', './pool.js')).toBe('shared/pool.ts')
  expect(resolve('a/src/main.ts', './shared/again/deep/x')).toBe('real/deep/x.ts')
  expect(resolve('a/src/main.ts', './shared/none')).toBe(null)
})

test('a broken package.json and a broken tsconfig are diagnostics with their lines', async () => {
  const { workspace } = await load({
    'apps/a/package.json': '{\n  "name": "a",\n  "main": "src/x.ts"\n  "type": "module"\n}',
    'apps/a/src/x.ts': '',
    'apps/b/tsconfig.json': '{\n  "compilerOptions": {\n    "paths": { "@/*": ["./*" }\n  }\n}',
    'apps/b/x.ts': '',
    'apps/c/package.json': '[1]',
    'apps/c/tsconfig.json': `${'['.repeat(100_000)}`,
    'apps/c/x.ts': '',
  })
  expect(workspace.diagnostics.map(({ code, file, line, message }) => [code, file, line, message])).toEqual([
    [
      'invalid-json',
      'apps/a/package.json',
      4,
      'Is not valid JSON (comma expected); read as far as it can be.',
    ],
    [
      'invalid-json',
      'apps/b/tsconfig.json',
      3,
      'Is not valid JSON (comma expected); read as far as it can be.',
    ],
    [
      'invalid-json',
      'apps/c/package.json',
      1,
      'Is not valid JSON (an object is expected); read as far as it can be.',
    ],
    [
      'invalid-json',
      'apps/c/tsconfig.json',
      1,
      'Is not valid JSON (is nested too deeply); read as far as it can be.',
    ],
  ])
  expect(workspace.packages.map(({ name, entries }) => [name, entries['.']])).toEqual([
    ['a', ['apps/a/src/x.ts']],
  ])
})

resolves(
  'import maps of Deno',
  {
    'api/deno.jsonc':
      '{ "imports": { "@/": "./src/", "db": "./src/lib/db.ts", /* on npm */ "dep:pg": "npm:pg@^8" } }',
    ...files('api/src/main.ts', 'api/src/lib/db.ts', 'web/src/main.ts', 'web/src/lib/db.ts'),
  },
  [
    ['api/src/main.ts', '@/lib/db.ts', 'api/src/lib/db.ts'],
    ['api/src/main.ts', 'db', 'api/src/lib/db.ts'],
    ['api/src/main.ts', 'dep:pg', null],
    ['web/src/main.ts', '@/lib/db.ts', null],
  ],
)

describe('packages of Deno', async () => {
  test.each([
    ['api/src/main.ts', 'dep:pg', 'pg'],
    ['web/src/main.ts', 'dep:pg', 'dep:pg'],
    ['web/src/main.ts', 'npm:pg@8.11.3', 'pg'],
    ['web/src/main.ts', 'npm:mysql2@^3/promise', 'mysql2/promise'],
    ['web/src/main.ts', 'jsr:@db/postgres@0.19', '@db/postgres'],
    ['web/src/main.ts', 'https://esm.sh/pg@8.11?bundle', 'pg'],
    ['web/src/main.ts', 'https://deno.land/x/postgres@v0.17.0/mod.ts', 'deno.land/x/postgres'],
    ['web/src/main.ts', 'https://example.org/pg.ts', 'https://example.org/pg.ts'],
    ['web/src/main.ts', '@org/pg', '@org/pg'],
  ])('%s: %s is %s', async (fromFile, specifier, name) => {
    const { workspace } = await load({
      'api/deno.json': { imports: { 'dep:pg': 'npm:pg@^8.12' } },
      ...files('api/src/main.ts', 'web/src/main.ts'),
    })
    expect(createPackageNames(workspace)(fromFile, specifier)).toBe(name)
  })
})
