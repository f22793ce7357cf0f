import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadWorkspace } from '../../analyzers/workspace/index.js'
import { code, load, makeTree, server, serviceLines } from './tree.js'

const api = { name: 'api', scripts: { start: 'node index.js' } }

test('each file has the innermost service or library as its owner', async () => {
  const { workspace } = await load({
    'package.json': { name: 'platform', workspaces: ['apps/*', 'packages/*'] },
    'apps/api/package.json': api,
    'apps/api/index.ts': server,
    'apps/api/.env': 'A=1',
    'apps/api/migrations/1.sql': '',
    'apps/api/admin/package.json': { name: 'admin', scripts: { start: 'node index.js' } },
    'apps/api/admin/index.ts': server,
    'apps/api/admin/deep/x.ts': code,
    'apps/web/readme/x.sql': '',
    'packages/db/package.json': { name: 'db', main: 'index.ts' },
    'packages/db/index.ts': code,
    'packages/db/schema.sql': '',
    'scripts/backfill.ts': code,
    'database/V1__init.sql': '',
    'docker-compose.yml': '',
    'vitest.config.ts': code,
  })
  expect(workspace.files.map(({ path, kind, owner }) => `${path} ${kind} ${owner}`)).toEqual([
    'apps/api/.env settings api',
    'apps/api/admin/deep/x.ts source admin',
    'apps/api/admin/index.ts source admin',
    'apps/api/index.ts source api',
    'apps/api/migrations/1.sql sql api',
    'apps/web/readme/x.sql sql null',
    'database/V1__init.sql sql null',
    'docker-compose.yml settings null',
    'packages/db/index.ts source db',
    'packages/db/schema.sql sql db',
    'scripts/backfill.ts source platform',
    'vitest.config.ts source platform',
  ])
})

test('a root that is the service owns all that no package holds', async () => {
  const { workspace } = await load({
    'package.json': { name: '@org/shop', scripts: { start: 'node src/main.js' } },
    'src/main.ts': server,
    'db/schema.sql': '',
    '.env': '',
  })
  expect(workspace.files.map(({ path, owner }) => `${path} ${owner}`)).toEqual([
    '.env shop',
    'db/schema.sql shop',
    'src/main.ts shop',
  ])
})

test('tool settings alone make no root package', async () => {
  const { workspace } = await load({
    'package.json': { name: 'platform' },
    'jest.config.ts': code,
    'apps/api/package.json': api,
    'apps/api/index.ts': server,
  })
  expect(serviceLines(workspace)).toEqual(['service api apps/api'])
  expect(workspace.files[1]).toMatchObject({ path: 'jest.config.ts', owner: null })
})

test('a hostile tree: everything odd is told with its place, and the rest is read', async () => {
  const root = makeTree({
    'apps/api/package.json': '{ "name": "api" "x" }',
    'apps/api/index.ts': server,
    'apps/api/huge.ts': Buffer.alloc(5 * 1024 * 1024, 'x'),
    'apps/api/latin1.sql': Buffer.from('-- caf\xe9', 'latin1'),
    'apps/api/utf16.sql': Buffer.from('\ufeffSELECT 1', 'utf16le'),
    'apps/api/binary.js': Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0]),
    'apps/api/tsconfig.json': '{ "compilerOptions": { "paths": } }',
    'docker-compose.yml': 'services:\n  a: &a\n    build: [*a, *a]\n  b: *nope\n',
    'pnpm-workspace.yaml': 'packages: [',
    'lerna.json': '{',
    'nest-cli.json': '{ "projects": { "x": null, "y": 1, "z": { "root": 5 } } }',
    'apps/odd/project.json': 'null',
    'apps/.gitignore': 'fine\n*a*a*a*a*a*a*a*a*b\n**/a/**/b/**/c/**/d\n',
    [`apps/${'a'.repeat(200)}.md`]: '',
    'deep/compose.yaml': `build: ${'['.repeat(50_000)}`,
    'apps/odd/Dockerfile': Buffer.from([0, 1]),
  })
  symlinkSync('..', join(root, 'apps/up'))
  const { workspace, read } = await loadWorkspace(root)
  expect(workspace.services.map(({ name }) => name)).toEqual(['api'])
  expect(workspace.diagnostics.map(({ code: name, file, line }) => `${name} ${file}:${line}`)).toEqual([
    'costly-pattern apps/.gitignore:2',
    'invalid-json apps/api/package.json:1',
    'invalid-json apps/api/tsconfig.json:1',
    'unreadable-file apps/odd/Dockerfile:null',
    'invalid-json apps/odd/project.json:1',
    'symlink-loop apps/up:null',
    'invalid-json lerna.json:1',
    'invalid-yaml pnpm-workspace.yaml:1',
  ])
  expect(workspace.files.map(({ path }) => [path, Object.keys(read(path)).join()])).toEqual([
    ['apps/api/binary.js', 'diagnostic'],
    ['apps/api/huge.ts', 'diagnostic'],
    ['apps/api/index.ts', 'text'],
    ['apps/api/latin1.sql', 'text,warning'],
    ['apps/api/utf16.sql', 'text'],
    ['deep/compose.yaml', 'text'],
    ['docker-compose.yml', 'text'],
    ['pnpm-workspace.yaml', 'text'],
  ])
})

test('the same tree gives the same workspace', async () => {
  const root = makeTree({
    'apps/b/package.json': api,
    'apps/b/index.ts': server,
    'apps/a/package.json': { ...api, name: 'a', dependencies: { api: '*' } },
    'apps/a/index.ts': server,
    'apps/a/tsconfig.json': { compilerOptions: { baseUrl: '.' } },
    'apps/b/tsconfig.json': { compilerOptions: { baseUrl: '.' } },
  })
  const first = await loadWorkspace(root)
  const second = await loadWorkspace(root)
  expect(JSON.stringify(second.workspace)).toBe(JSON.stringify(first.workspace))
})
