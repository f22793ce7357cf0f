import { describe, expect, test } from 'vitest'
import {
  isDockerfile,
  isManifest,
  isToolConfig,
  kindOf,
  reasonOfFile,
  reasonOfFolder,
} from '../../analyzers/workspace/classify.js'

describe('kind of a file', () => {
  test.each([
    ['src', 'db.ts', 'source'],
    ['src', 'Page.tsx', 'source'],
    ['src', 'db.mts', 'source'],
    ['src', 'db.cts', 'source'],
    ['src', 'db.js', 'source'],
    ['src', 'Page.jsx', 'source'],
    ['src', 'db.mjs', 'source'],
    ['src', 'db.cjs', 'source'],
    ['src', 'DB.TS', 'source'],
    ['src', 'env.ts', 'source'],
    ['', 'knexfile.ts', 'source'],
    ['migrations', 'V1__init.sql', 'sql'],
    ['migrations', 'init.SQL', 'sql'],
    ['db', 'schema.pgsql', 'sql'],
    ['db', 'tables.ddl', 'sql'],
    ['', '.env', 'settings'],
    ['', '.env.local', 'settings'],
    ['', '.env.example', 'settings'],
    ['', 'api.env', 'settings'],
    ['', 'api.env.example', 'settings'],
    ['', 'example.env', 'settings'],
    ['', 'docker-compose.yml', 'settings'],
    ['', 'docker-compose.dev.yaml', 'settings'],
    ['', 'compose.yaml', 'settings'],
    ['chart', 'values-prod.yaml', 'settings'],
    ['k8s', 'configmap.yaml', 'settings'],
    ['config', 'default.json', 'settings'],
    ['config/production', 'db.json', 'settings'],
    ['', 'ormconfig.json', 'settings'],
    ['', 'database.json', 'settings'],
    ['prisma', 'schema.prisma', 'settings'],
    ['worker', 'wrangler.toml', 'settings'],
    ['worker', 'wrangler.json', 'settings'],
    ['worker', 'wrangler.toml.template', 'settings'],
    ['', 'package.json', null],
    ['src/locales', 'en.json', 'data'],
    ['', 'tsconfig.build.json', null],
    ['', 'pnpm-lock.yaml', null],
    ['', 'README.md', null],
    ['src', 'App.vue', null],
    ['src', 'App.svelte', null],
    ['', 'Makefile', null],
    ['scripts', 'sql', null],
    ['src', 'environment.txt', null],
  ])('%s/%s: %s', (folder, name, kind) => {
    expect(kindOf(name, folder)).toBe(kind)
  })
})

describe('files left out by name', () => {
  test.each([
    ['db.test.ts', 'tests'],
    ['db.spec.js', 'tests'],
    ['app.e2e-spec.ts', 'tests'],
    ['app.e2e.ts', 'tests'],
    ['Button.stories.tsx', 'tests'],
    ['login.cy.ts', 'tests'],
    ['pool.bench.ts', 'tests'],
    ['db.test.integration.ts', 'tests'],
    ['jest.setup.ts', 'tests'],
    ['setup-jest.ts', 'tests'],
    ['vitest.global-setup.mts', 'tests'],
    ['test-setup.ts', 'tests'],
    ['stripe.integration.ts', null],
    ['setup.ts', null],
    ['setup-database.ts', null],
    ['types.d.ts', 'declarations'],
    ['types.d.mts', 'declarations'],
    ['jquery.min.js', 'generated'],
    ['app.bundle.js', 'generated'],
    ['lab-tests.ts', null],
    ['test.ts', null],
    ['spec.ts', null],
    ['latest.ts', null],
    ['contest.spec-helper.ts', null],
    ['add.ts', null],
    ['admin.js', null],
  ])('%s: %s', (name, reason) => {
    expect(reasonOfFile(name)).toBe(reason)
  })
})

test('an integration test lies beside what it tests', () => {
  expect(reasonOfFile('queue.integration.ts', ['queue.integration.ts', 'queue.ts'])).toBe('tests')
  expect(reasonOfFile('stripe.integration.ts', ['stripe.integration.ts', 'stripe.service.ts'])).toBe(null)
})

describe('folders left out', () => {
  test.each<[path: string, entries: string[], reason: string | null]>([
    ['__tests__', ['db.ts'], 'tests'],
    ['__test__', ['db.ts'], 'tests'],
    ['__mocks__', [], 'tests'],
    ['test', ['setup.ts'], 'tests'],
    ['apps/api/tests', ['setup.ts'], 'tests'],
    ['apps/api/e2e', [], 'tests'],
    ['integration-tests', [], 'tests'],
    ['db/migrations/smoke_tests', ['1.sql'], 'tests'],
    ['apps/api/unit-test', [], 'tests'],
    ['packages/server/src/test-utils', ['database.ts'], 'tests'],
    ['src/testing_support', ['seed.controller.ts'], 'tests'],
    ['apps/orders-service-e2e', [], 'tests'],
    ['jest', ['sync.ts'], 'tests'],
    ['src/test-results', [], null],
    ['src/stress-tests', [], null],
    ['cypress', [], 'tests'],
    ['dist', ['index.js'], 'generated'],
    ['apps/api/build', ['index.js'], 'generated'],
    ['out', [], 'generated'],
    ['coverage', [], 'generated'],
    ['.next', [], 'hidden'],
    ['.github', [], 'hidden'],
    ['.claude', ['schema.sql'], 'hidden'],
    ['.docker', ['1.sql'], null],
    ['.database', [], null],
    ['vendor', ['lib.js'], 'vendor'],
    ['backup/20251024_194246', ['a.ts'], 'backups'],
    ['tests.backup.20251024_194825', ['a.ts'], 'backups'],
    ['archive/theme-backup-2025-09-12', [], 'backups'],
    ['services/orders_bak_20250912', ['a.ts'], 'backups'],
    // Dumps of a database, services that make backups, and days without a copy.
    ['backups/20260218_144730', ['shop.sql'], null],
    ['backup', ['index.ts'], null],
    ['services/backup-service', ['index.ts'], null],
    ['services/backup-20', ['index.ts'], null],
    ['migrations/20250912_orders', ['up.ts'], null],
    ['backups/20259999', [], null],
    ['src/lab-tests', ['setup.ts'], null],
    ['src/test-orders', [], null],
    ['migrations', [], null],
    ['seeds', [], null],
    ['src/migrations', [], null],
    ['distribution', [], null],
    // Words of the business, inside src, beside the roles that a module has.
    ['src/modules/tests', ['tests.controller.ts', 'tests.service.ts'], null],
    ['src/tests', ['lab.repository.ts'], null],
    ['src/tests', ['lab.repository.ts', 'lab.repository.test.ts'], 'tests'],
    ['src/tests', ['helpers.ts', 'setup.ts'], 'tests'],
    ['src/test', ['utils.ts'], 'tests'],
    ['src/coverage', ['coverage.service.ts'], null],
    ['src/coverage', ['plans.ts'], null],
    ['src/build', ['pipeline.ts', 'pipeline.test.ts'], null],
    ['src/vendor', ['vendor.routes.ts'], null],
    ['src/vendor', ['jquery.js'], 'vendor'],
    ['src/dist', ['index.js'], 'generated'],
    ['src/__tests__', ['a.controller.ts'], 'tests'],
  ])('%s with %j: %s', (path, entries, reason) => {
    expect(reasonOfFolder(path.split('/').at(-1)!, path, entries)).toBe(reason)
  })
})

test.each([
  ['Dockerfile', true],
  ['Dockerfile.api', true],
  ['api.Dockerfile', true],
  ['services.dockerfile', true],
  ['Dockerfile.dockerignore', false],
  ['Dockerfile.api.dockerignore', false],
  ['dockerfiles.ts', false],
])('%s is a Dockerfile: %s', (name, expected) => {
  expect(isDockerfile(name)).toBe(expected)
})

test.each([
  ['package.json', true],
  ['tsconfig.json', true],
  ['tsconfig.build.json', true],
  ['jsconfig.json', true],
  ['pnpm-workspace.yaml', true],
  ['lerna.json', true],
  ['rush.json', true],
  ['project.json', true],
  ['docker-compose.yml', true],
  ['Dockerfile', true],
  ['serverless.yml', true],
  ['wrangler.toml', true],
  ['services/api/package.json', true],
  ['deploy/start.sh', true],
  ['Makefile', true],
  ['bin/import', true],
  ['services/api/scripts/import', true],
  ['services/api/bin/import.ts', false],
  ['services/api/src/import', false],
  ['package-lock.json', false],
  ['values.yaml', false],
])('%s is a manifest: %s', (path, expected) => {
  expect(isManifest(path)).toBe(expected)
})

test.each([
  ['vite.config.ts', true],
  ['vite.config-site.mts', true],
  ['apps/web/jest.config.js', true],
  ['.eslintrc.cjs', true],
  ['gulpfile.js', true],
  ['jest.setup.ts', true],
  ['src/config.ts', false],
  ['src/index.ts', false],
])('%s is a setting of a development tool: %s', (path, expected) => {
  expect(isToolConfig(path)).toBe(expected)
})
