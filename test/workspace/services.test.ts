import { describe, expect, test } from 'vitest'
import { code, load, server, serviceLines, type Tree } from './tree.js'

function finds(title: string, tree: Tree, expected: string[]): void {
  test(title, async () => {
    const { workspace } = await load(tree)
    expect(serviceLines(workspace)).toEqual(expected)
  })
}

const service = (name: string): object => ({ name, scripts: { start: 'node dist/index.js' } })
const library = (name: string): object => ({ name, main: 'dist/index.js' })

describe('layouts', () => {
  finds(
    'npm workspaces',
    {
      'package.json': { name: 'platform', workspaces: ['apps/*', 'packages/*'] },
      'apps/api/package.json': service('@org/api'),
      'apps/api/src/index.ts': server,
      'packages/db/package.json': library('@org/db'),
      'packages/db/src/index.ts': code,
    },
    ['service api apps/api', 'library db packages/db'],
  )

  finds(
    'yarn workspaces as an object, negated globs, packages in packages/ that are both',
    {
      'package.json': { workspaces: { packages: ['packages/**', '!packages/old'], nohoist: [] } },
      'packages/auth/package.json': {
        name: '@org/auth-server',
        main: 'dist/index.js',
        scripts: { start: 'node dist/bin/server.js' },
      },
      'packages/auth/bin/server.ts': server,
      'packages/auth/src/index.ts': code,
      'packages/domain/package.json': {
        name: '@org/domain',
        main: 'dist/index.js',
        scripts: { start: 'tsc --watch' },
      },
      'packages/domain/src/index.ts': code,
      'packages/old/package.json': library('old'),
      'packages/old/index.ts': code,
    },
    ['service auth packages/auth', 'library domain packages/domain', 'library old packages/old'],
  )

  finds(
    'packages whose main module is their command, though others start these by a function of it; a tool beside a library',
    {
      'package.json': { workspaces: ['*'] },
      'capture/package.json': {
        ...library('@org/capture'),
        bin: { capture: './dist/index.js', mimic: './dist/mimic.js' },
      },
      'capture/src/index.ts': code,
      'capture/src/mimic.ts': code,
      'replay/package.json': { ...library('@org/replay'), bin: 'dist/index.js' },
      'replay/src/index.ts': code,
      'api/package.json': {
        ...service('@org/api'),
        dependencies: { '@org/capture': '*', '@org/replay': '*', '@org/db': '*' },
      },
      'api/src/index.ts': server,
      'db/package.json': { ...library('@org/db'), bin: { migrate: 'dist/cli.js' } },
      'db/src/index.ts': code,
      'db/src/cli.ts': code,
    },
    ['service api api', 'service capture capture', 'library db db', 'service replay replay'],
  )

  finds(
    'a command over packages of the workspace, of a package that nothing imports; one that stands alone',
    {
      'package.json': { name: 'platform', workspaces: ['packages/*'] },
      'packages/shared/package.json': library('@org/shared'),
      'packages/shared/src/index.ts': code,
      'packages/admin-cli/package.json': {
        name: '@org/admin-cli',
        bin: { 'org-admin': './dist/index.js' },
        dependencies: { '@org/shared': 'workspace:*' },
      },
      'packages/admin-cli/tsconfig.json': { compilerOptions: { rootDir: 'lib', outDir: 'dist' } },
      'packages/admin-cli/lib/index.ts': code,
      'packages/lint/package.json': { name: '@org/lint', bin: './src/index.ts' },
      'packages/lint/src/index.ts': code,
    },
    ['service admin-cli packages/admin-cli', 'library lint packages/lint', 'library shared packages/shared'],
  )

  finds(
    'a package.json in the src of a package is of what that is built into',
    {
      'package.json': { name: 'platform', workspaces: ['apps/*', 'tools/*/src'] },
      'apps/desktop/package.json': { name: 'desktop', scripts: { build: 'electron-builder' } },
      'apps/desktop/src/package.json': { ...service('desktop-app'), build: { appId: 'org.desktop' } },
      'apps/desktop/src/index.ts': server,
      'tools/seed/package.json': { name: 'tool', scripts: { lint: 'eslint' } },
      'tools/seed/src/package.json': service('seed'),
      'tools/seed/src/index.ts': server,
    },
    ['service desktop apps/desktop', 'service seed tools/seed/src'],
  )

  finds(
    'a folder among services that is named like a library, and that nothing runs',
    {
      'services/alexa/package.json': service('alexa'),
      'services/alexa/src/index.ts': server,
      'services/voice-shared/src/formatters.ts': code,
      'services/web-client/package.json': service('web-client'),
      'services/web-client/src/page.ts': code,
      'services/mail-client/index.ts': server,
      'services/mails/send.ts': code,
    },
    [
      'service alexa services/alexa',
      'service mail-client services/mail-client',
      'service mails services/mails',
      'library voice-shared services/voice-shared',
      'service web-client services/web-client',
    ],
  )

  finds(
    'a client that Prisma generated',
    {
      'package.json': { name: 'platform', workspaces: ['packages/*', 'apps/*'] },
      'apps/api/package.json': service('api'),
      'apps/api/src/index.ts': server,
      'packages/db/package.json': library('@org/db'),
      'packages/db/src/index.ts': code,
      'packages/db/src/generated/package.json': {
        name: `prisma-client-${'0a'.repeat(32)}`,
        main: 'index.js',
      },
      'packages/db/src/generated/index.js': code,
    },
    ['service api apps/api', 'library db packages/db'],
  )

  finds(
    'pnpm, services inside services',
    {
      'pnpm-workspace.yaml':
        'packages:\n  - "services/libs/*"\n  - services/apps/*\n  - services/archetypes/*\n  - "!services/cron"\n',
      'services/package.json': { scripts: { lint: 'eslint' } },
      'services/.eslintrc.js': '',
      'services/apps/cache_worker/package.json': {
        name: '@org/cache-worker',
        scripts: { start: 'tsx src/main.ts' },
        dependencies: { '@org/worker': 'workspace:*' },
      },
      'services/apps/cache_worker/src/main.ts': code,
      'services/apps/python_thing/main.py': '',
      'services/libs/dal/package.json': { name: '@org/dal', main: 'src/index.ts' },
      'services/libs/dal/src/index.ts': code,
      'services/archetypes/worker/package.json': { name: '@org/worker', main: 'src/index.ts' },
      'services/archetypes/worker/src/index.ts': 'export const run = () => Worker.create({})\n',
      'services/cron/package.json': { name: 'cron', scripts: { 'start-main': 'node dist/main.js' } },
      'services/cron/Dockerfile': 'FROM node\nCOPY . .\n',
      'services/cron/src/main.ts': code,
      'backend/package.json': { name: 'app-backend', scripts: { 'start:api': 'tsx src/bin/api.ts' } },
      'backend/src/bin/api.ts': code,
      'backend/src/database/Dockerfile.flyway': 'FROM flyway\n',
      'backend/src/database/index.ts': code,
      'frontend/package.json': { name: 'frontend', scripts: { start: 'vite' } },
      'frontend/src/main.ts': code,
    },
    [
      'service backend backend',
      'service frontend frontend',
      'service cache_worker services/apps/cache_worker',
      'library worker services/archetypes/worker',
      'service cron services/cron',
      'library dal services/libs/dal',
    ],
  )

  finds(
    'lerna',
    {
      'package.json': { name: 'root', private: true },
      'lerna.json': { packages: ['modules/*'] },
      'modules/a/package.json': service('a'),
      'modules/a/src/index.ts': server,
      'modules/b/package.json': library('b'),
      'modules/b/src/index.ts': code,
    },
    ['service a modules/a', 'library b modules/b'],
  )

  finds(
    'rush, with comments in its JSON',
    {
      'rush.json':
        '{\n  // projects\n  "projects": [\n    { "packageName": "a", "projectFolder": "src-a/a" },\n  ],\n}',
      'src-a/a/package.json': service('a'),
      'src-a/a/src/index.ts': server,
    },
    ['service a src-a/a'],
  )

  finds(
    'nx with one package.json and project.json files',
    {
      'package.json': { name: 'platform', scripts: { start: 'nx serve', dev: 'nx run-many -t serve' } },
      'nx.json': {},
      'apps/orders/project.json': { name: 'orders', projectType: 'application' },
      'apps/orders/src/main.ts': code,
      'libs/data/project.json': { name: 'data', projectType: 'library' },
      'libs/data/src/index.ts': code,
      'domains/pay/project.json': { name: 'pay', projectType: 'application' },
      'domains/pay/src/main.ts': code,
      'domains/kit/project.json': { name: 'kit', projectType: 'library' },
      'domains/kit/src/index.ts': server,
      'jest.config.ts': code,
    },
    [
      'service orders apps/orders',
      'library kit domains/kit',
      'service pay domains/pay',
      'library data libs/data',
    ],
  )

  finds(
    'a Nest monorepo',
    {
      'package.json': { name: 'shop', scripts: { start: 'nest start' } },
      'nest-cli.json': {
        monorepo: true,
        projects: {
          gateway: { type: 'application', root: 'apps/gateway' },
          common: { type: 'library', root: 'libs/common' },
          outside: { type: 'library', root: '../elsewhere' },
        },
      },
      'apps/gateway/src/main.ts': 'await NestFactory.create(AppModule)',
      'libs/common/src/index.ts': code,
    },
    ['service gateway apps/gateway', 'library common libs/common'],
  )

  finds(
    'microservices with a package.json each, shared folders without one',
    {
      'microservices/auth-service/package.json': service('auth'),
      'microservices/auth-service/src/index.ts': server,
      'microservices/clinical/package.json': { name: 'clinical' },
      'microservices/clinical/src/index.ts': code,
      'microservices/unlisted/src/index.ts': code,
      'packages/@org/response/package.json': library('@org/response'),
      'packages/@org/response/src/index.ts': code,
      'shared/src/db.ts': code,
      'database/schema.sql': 'CREATE TABLE a (id int);',
    },
    [
      'service auth-service microservices/auth-service',
      'service clinical microservices/clinical',
      'service unlisted microservices/unlisted',
      'library response packages/@org/response',
      'library shared shared',
    ],
  )

  finds(
    'top folders with a src of their own that scripts of the only package.json run',
    {
      'package.json': {
        name: 'game',
        scripts: {
          login: 'bun LoginServer/src/main.ts',
          world: 'bun --watch World/src/main.ts',
          dump: 'node tools/src/main.js',
        },
      },
      'LoginServer/src/main.ts': code,
      'World/src/main.ts': code,
      'shared/db.ts': code,
    },
    ['service LoginServer LoginServer', 'service World World', 'library shared shared'],
  )

  finds(
    'one that a script runs is the program of the repository',
    {
      'package.json': {
        name: 'shop',
        scripts: { serve: 'tsx server/src/index.ts', seed: 'tsx scripts/src/index.ts' },
      },
      'server/src/index.ts': server,
      'scripts/src/index.ts': code,
    },
    ['service shop .'],
  )

  finds(
    'programs in services/ that nothing describes',
    {
      'package.json': { name: 'platform' },
      'services/a/src/index.ts': code,
      'services/b/server.js': code,
    },
    ['service a services/a', 'service b services/b'],
  )

  finds(
    'programs in services/ that compose and scripts of the root start from one image',
    {
      'package.json': {
        name: 'platform',
        scripts: { 'start:billing': 'node dist/services/billing/index.js' },
      },
      'docker-compose.yml':
        'services:\n  till:\n    build: .\n    command: ["npx", "tsx", "services/pos/index.ts"]\n  ai:\n    build: .\n    entrypoint: npx tsx services/ai/index.ts\n',
      'services/pos/index.ts': server,
      'services/ai/index.ts': server,
      'services/billing/index.ts': server,
      'services/log/index.ts': code,
      'src/db.ts': code,
    },
    [
      'library platform .',
      'service ai services/ai',
      'service billing services/billing',
      'service pos services/pos',
    ],
  )

  finds(
    'packages that others import and one image holds, each started by a service of compose',
    {
      'package.json': { name: 'fleet', workspaces: ['apps/*', 'packages/*'] },
      'infra/docker/app.Dockerfile': 'FROM node\nCOPY . .\n',
      'infra/compose/docker-compose.apps.yml':
        'services:\n  base:\n    build:\n      context: ../..\n      dockerfile: infra/docker/app.Dockerfile\n  api:\n    image: fleet:latest\n    command: ["tsx", "apps/api/src/main.ts"]\n',
      'infra/compose/docker-compose.jobs.yml':
        'services:\n  jobs:\n    image: fleet:latest\n    entrypoint: node /app/apps/jobs/dist/main.js\n',
      'apps/api/package.json': { name: '@fleet/api', exports: './src/index.ts' },
      'apps/api/src/index.ts': code,
      'apps/api/src/main.ts': code,
      'apps/jobs/package.json': {
        name: '@fleet/jobs',
        exports: './src/index.ts',
        dependencies: { '@fleet/api': '*' },
      },
      'apps/jobs/src/main.ts': code,
      'packages/seed/package.json': {
        name: '@fleet/seed',
        exports: './index.ts',
        dependencies: { '@fleet/api': '*', '@fleet/jobs': '*' },
      },
      'packages/seed/index.ts': code,
    },
    ['service api apps/api', 'service jobs apps/jobs', 'library seed packages/seed'],
  )

  finds(
    'a vercel.json at the root that sends requests on',
    {
      'package.json': { name: 'platform', workspaces: ['services/*'] },
      'vercel.json': { rewrites: [{ source: '/api', destination: 'http://example/api' }] },
      'scripts/migrate.mjs': code,
      'services/auth/package.json': service('auth'),
      'services/auth/src/index.ts': server,
    },
    ['library platform .', 'service auth services/auth'],
  )

  finds(
    'a vercel.json at the root that deploys its functions',
    {
      'package.json': { name: 'platform', workspaces: ['services/*'] },
      'vercel.json': { functions: { 'api/*.ts': { memory: 128 } } },
      'api/users.ts': code,
      'services/auth/package.json': service('auth'),
      'services/auth/src/index.ts': server,
    },
    ['service platform .', 'service auth services/auth'],
  )

  finds(
    'stacks of the AWS CDK, each an app of its own',
    {
      'lib/common/package.json': { name: '@org/common', exports: './dist/index.js' },
      'lib/common/src/index.ts': code,
      'marine/port-call/package.json': { name: 'port-call', dependencies: { '@org/common': '1.0.0' } },
      'marine/port-call/cdk.json': { app: 'npx tsx src/app.ts' },
      'marine/port-call/src/lambda/get-visits.ts': code,
      'road/signs/package.json': { name: 'signs', dependencies: { '@org/common': '1.0.0' } },
      'road/signs/cdk.json': { app: 'npx tsx src/app.ts' },
      'road/signs/src/lambda/update.ts': code,
    },
    ['library common lib/common', 'service port-call marine/port-call', 'service signs road/signs'],
  )

  finds(
    'a folder services/ of one program is a part of it',
    {
      'package.json': { name: '@org/shop', scripts: { start: 'node app.js' } },
      'app.js': server,
      'services/user/index.js': code,
      'services/order/index.js': code,
      'shared/db.js': code,
    },
    ['service shop .'],
  )

  finds(
    'a program of Deno beside packages, whose image is built elsewhere; functions of Supabase are none',
    {
      'package.json': { name: 'project' },
      'web/package.json': service('web'),
      'web/src/index.ts': server,
      'api/deno.jsonc': '{ "imports": { "@/": "./src/" } }',
      'api/src/main.ts': code,
      'docker/api/Dockerfile': 'FROM denoland/deno\nCOPY ./api /app/api\n',
      'supabase/functions/mail/deno.json': '{}',
      'supabase/functions/mail/index.ts': code,
    },
    ['library project .', 'service api api', 'service web web'],
  )

  finds(
    'a Dockerfile and no package.json',
    {
      'package.json': { name: 'platform' },
      'billing/Dockerfile': 'FROM node\nCMD ["node", "server.js"]\n',
      'billing/server.ts': server,
      'docs/Dockerfile': 'FROM nginx\n',
      'docs/theme/x.js': code,
    },
    ['library platform .', 'service billing billing'],
  )

  finds(
    'compose builds folders without a package.json',
    {
      'package.json': { name: 'platform' },
      'docker-compose.yml':
        'services:\n  db:\n    image: mysql:8\n  lab:\n    build: ./lab\n  pay:\n    build:\n      context: ./pay\n  out:\n    build: ../x\n',
      'lab/handlers.ts': code,
      'pay/lib/x.ts': code,
    },
    ['service lab lab', 'service pay pay'],
  )

  finds(
    'one package is one service, named by its package',
    { 'package.json': { name: '@org/shop' }, 'src/x.ts': code },
    ['service shop .'],
  )

  finds(
    'one package in a folder is one service, whatever it looks like',
    { 'libs/x/package.json': library('x'), 'libs/x/src/index.ts': code },
    ['service x libs/x'],
  )

  finds('nothing to find', { 'README.md': '' }, [])

  finds(
    'packages without sources, markers and tool settings are none',
    {
      'apps/api/package.json': service('api'),
      'apps/api/src/index.ts': server,
      'apps/api/src/esm/package.json': { type: 'module' },
      'apps/api/src/esm/x.js': code,
      'packages/eslint-config/package.json': { name: 'eslint-config' },
      'packages/eslint-config/jest.config.js': code,
      'packages/assets/package.json': { name: 'assets' },
      'packages/assets/logo.svg': '',
      'packages/db/package.json': { name: 'db' },
      'packages/db/migrations/1.sql': 'SELECT 1',
    },
    ['service api apps/api'],
  )

  finds(
    'a workspace within the repository is no program, for its scripts start its packages',
    {
      'package.json': { name: 'web', scripts: { dev: 'vite' } },
      'src/main.ts': code,
      'backend/package.json': {
        name: 'shop-backend',
        workspaces: ['services/*', 'shared'],
        scripts: { dev: 'concurrently "npm run dev --workspace=@shop/orders"' },
      },
      'backend/run-migration.js': code,
      'backend/services/orders/package.json': service('@shop/orders'),
      'backend/services/orders/src/index.ts': server,
      'backend/shared/package.json': library('@shop/shared'),
      'backend/shared/index.ts': code,
    },
    [
      'library web .',
      'library backend backend',
      'service orders backend/services/orders',
      'library shared backend/shared',
    ],
  )

  finds(
    'nor is one whose scripts run a tool beside its packages',
    {
      'package.json': {
        name: 'shop',
        private: true,
        workspaces: ['packages/*'],
        scripts: { 'tunnel:start': 'node ./scripts/tunnel.js' },
      },
      'scripts/tunnel.js': code,
      'packages/orders/package.json': service('orders'),
      'packages/orders/src/index.ts': server,
    },
    ['library shop .', 'service orders packages/orders'],
  )

  finds(
    'but one whose scripts run its own program is',
    {
      'package.json': {
        name: 'shop',
        private: true,
        workspaces: ['packages/*'],
        scripts: { 'backend:start': 'node ./backend/app.js', 'tunnel:start': 'node ./scripts/tunnel.js' },
      },
      'backend/app.js': code,
      'scripts/tunnel.js': code,
      'packages/orders/package.json': service('orders'),
      'packages/orders/src/index.ts': server,
    },
    ['service shop .', 'service orders packages/orders'],
  )

  finds(
    'nor is one with the image of all its packages, each of which is started by its own command',
    {
      'package.json': { name: 'shop', private: true },
      'backend/package.json': {
        name: 'shop-backend',
        workspaces: ['orders', 'mail'],
        scripts: { 'start:orders': 'npm --workspace orders run start' },
      },
      'backend/Dockerfile': 'FROM node\nCOPY . .\nCMD ["npm", "run", "start:orders"]\n',
      'backend/docker-compose.yml': `services:
  orders: { build: { context: ., dockerfile: Dockerfile }, command: npm --workspace orders run start }
  mail: { build: ., command: npm --workspace mail run start }
`,
      'backend/fix-migrations.js': code,
      'backend/orders/package.json': service('orders'),
      'backend/orders/src/index.ts': server,
      'backend/mail/package.json': service('mail'),
      'backend/mail/src/index.ts': server,
    },
    ['library backend backend', 'service mail backend/mail', 'service orders backend/orders'],
  )

  finds(
    'unless it has a program of its own in that image',
    {
      'package.json': { name: 'shop', private: true },
      'backend/package.json': { name: 'shop-backend', workspaces: ['utils'] },
      'backend/Dockerfile': 'FROM node\nCOPY . .\n',
      'backend/src/index.ts': server,
      'backend/utils/package.json': library('utils'),
      'backend/utils/index.ts': code,
    },
    ['service backend backend', 'library utils backend/utils'],
  )

  finds(
    'nor is what lies around packages as the context of their images',
    {
      'package.json': { name: 'shop' },
      'docker-compose.yml': `services:
  orders: { build: { context: ./backend, dockerfile: orders/Dockerfile } }
  mail: { build: { context: ./backend, dockerfile: mail/Dockerfile } }
  site: { build: { context: ./site, dockerfile: docker/Dockerfile } }
`,
      'backend/orders/package.json': service('orders'),
      'backend/orders/src/index.ts': server,
      'backend/utils/text.ts': code,
      'site/index.ts': code,
    },
    ['library shop .', 'service orders backend/orders', 'service site site'],
  )

  finds(
    'what is built for tests only is no service',
    {
      'package.json': { name: 'shop' },
      'docker-compose.test.yml': 'services:\n  seeder:\n    build: ./database\n',
      'docker-compose.yml': 'services:\n  orders:\n    build: ./orders\n',
      'database/seed.ts': code,
      'orders/index.ts': code,
    },
    ['library shop .', 'service orders orders'],
  )

  finds(
    'the innermost package owns its files',
    {
      'apps/shop/package.json': service('shop'),
      'apps/shop/src/index.ts': server,
      'apps/shop/admin/package.json': service('shop-admin'),
      'apps/shop/admin/src/index.ts': server,
    },
    ['service shop apps/shop', 'service admin apps/shop/admin'],
  )

  finds(
    'sources at the root of a monorepo make the root one of them',
    {
      'package.json': {
        name: '@org/mono',
        workspaces: ['apps/*'],
        scripts: { dev: 'turbo dev', start: 'npm run dev' },
      },
      'turbo.json': {},
      'apps/api/package.json': service('api'),
      'apps/api/src/index.ts': server,
      'scripts/backfill.ts': code,
    },
    ['library mono .', 'service api apps/api'],
  )

  finds(
    'a framework that serves the routes of the root',
    {
      'package.json': { name: 'shop', scripts: { dev: 'next dev --turbo', build: 'next build' } },
      'app/api/orders/route.ts': code,
      'services/mail/package.json': service('mail'),
      'services/mail/src/index.ts': server,
    },
    ['service shop .', 'service mail services/mail'],
  )

  finds(
    'a script of the root that starts the framework of a package',
    {
      'package.json': { name: 'shop', workspaces: ['apps/*'], scripts: { dev: 'next dev apps/web' } },
      'scripts/seed.ts': code,
      'apps/web/package.json': service('web'),
      'apps/web/src/index.ts': server,
    },
    ['library shop .', 'service web apps/web'],
  )

  finds(
    'a program at the root beside packages',
    {
      'package.json': {
        name: 'grapher',
        workspaces: ['packages/*'],
        scripts: { startAdmin: 'tsx admin/app.ts' },
      },
      'admin/app.ts': server,
      'packages/grapher/package.json': library('@org/grapher'),
      'packages/grapher/src/index.ts': code,
    },
    ['service grapher (root) .', 'library grapher packages/grapher'],
  )
})

describe('names', () => {
  finds(
    'clashing folder names get the folders above them',
    {
      'services/auth/package.json': service('@org/auth-service'),
      'services/auth/src/index.ts': server,
      'packages/auth/package.json': library('@org/auth'),
      'packages/auth/src/index.ts': code,
      'services/pay/server/package.json': service('pay-server'),
      'services/pay/server/src/index.ts': server,
      'services/lab/server/package.json': service('lab-server'),
      'services/lab/server/src/index.ts': server,
    },
    [
      'library packages/auth packages/auth',
      'service services/auth services/auth',
      'service lab/server services/lab/server',
      'service pay/server services/pay/server',
    ],
  )

  finds(
    'a package within `src` has the name of the folder above',
    {
      'services/clinical/src/package.json': service('@org/clinical-service'),
      'services/clinical/src/index.ts': server,
      'services/user/src/package.json': service('@org/user-service'),
      'services/user/src/index.ts': server,
    },
    ['service clinical services/clinical/src', 'service user services/user/src'],
  )
})

describe('service or library', () => {
  /** What the package `x` beside a plain service and a plain library is told to be. */
  const kindOfX = async (tree: Tree): Promise<string | undefined> => {
    const { workspace } = await load({
      'apps/api/package.json': service('api'),
      'apps/api/src/index.ts': server,
      ...tree,
    })
    return workspace.services.find(({ path }) => /(?:^|\/)(?:x(?:-\w+)?|scripts)$/.test(path))?.kind
  }
  const source = { 'x/src/index.ts': code }

  test.each<[title: string, kind: string, tree: Tree]>([
    ['nothing speaks for a service', 'library', { 'x/package.json': { name: 'x' }, ...source }],
    [
      'a Dockerfile in it',
      'service',
      { 'x/package.json': { name: 'x' }, 'x/Dockerfile': 'FROM node', ...source },
    ],
    [
      'a Dockerfile named after it',
      'service',
      { 'x/package.json': { name: 'x' }, 'docker/Dockerfile.x': 'FROM node', ...source },
    ],
    [
      'a Dockerfile in a folder named after it',
      'service',
      { 'x/package.json': { name: 'x' }, 'docker/x/Dockerfile': 'FROM node', ...source },
    ],
    [
      'a Dockerfile that starts in it',
      'service',
      {
        'x/package.json': { name: 'x' },
        'ops/Dockerfile': 'FROM node\nCOPY apps/api /w/apps/api\nWORKDIR /w/x\nCMD npm start',
        ...source,
      },
    ],
    [
      'Terraform that uploads what is built of it',
      'service',
      {
        'x/package.json': { name: 'x' },
        'terraform/production/main.tf':
          'locals {\n  # one path\n  script = "${var.root}/x/dist/index.js"\n}\n',
        ...source,
      },
    ],
    [
      'Terraform that packs its folder',
      'service',
      {
        'x/package.json': { name: 'x' },
        'infra/main.tf': 'data "archive_file" "x" {\n  source_dir = "../x"\n}\n',
        ...source,
      },
    ],
    [
      'a package of scripts in a service',
      'library',
      {
        'services/orders/package.json': service('orders'),
        'services/orders/src/index.ts': server,
        'services/orders/scripts/package.json': { name: 'x' },
        'services/orders/scripts/fix.ts': code,
      },
    ],
    [
      'Terraform that only names it',
      'library',
      {
        'x/package.json': { name: 'x' },
        'infra/main.tf':
          'variable "x" {\n  description = "kill switch of x"\n  default = "dist/x/readme.md"\n}\n',
        ...source,
      },
    ],
    [
      'a Dockerfile that only copies it, among others',
      'library',
      {
        'x/package.json': { name: 'x' },
        'ops/Dockerfile': 'FROM node\nCOPY x x\nCOPY apps/api apps/api\nWORKDIR /w/apps/api',
        ...source,
      },
    ],
    [
      'a Dockerfile that copies it alone',
      'service',
      {
        'x/package.json': { name: 'x' },
        'ops/Dockerfile': 'FROM node\nCOPY package.json \\\n  x/ ./x/\n',
        ...source,
      },
    ],
    [
      'a compose service built from it',
      'service',
      {
        'x/package.json': { name: 'x' },
        'docker/compose.yml': 'services:\n  web:\n    build: ../x\n',
        ...source,
      },
    ],
    [
      'a compose service that runs in it',
      'service',
      {
        'x/package.json': { name: 'x' },
        'docker-compose.yml': 'services:\n  web:\n    image: node\n    working_dir: /app/x\n',
        ...source,
      },
    ],
    [
      'a script that runs a file of it',
      'service',
      { 'x/package.json': { name: 'x', scripts: { start: 'node dist/index.js' } }, ...source },
    ],
    ['a dev script', 'service', { 'x/package.json': { name: 'x', scripts: { dev: 'next dev' } }, ...source }],
    [
      'a start script behind variables and runners',
      'service',
      {
        'x/package.json': { name: 'x', scripts: { start: 'cross-env NODE_ENV=production PORT=1 node .' } },
        ...source,
      },
    ],
    [
      'a start script that only compiles',
      'library',
      {
        'x/package.json': { name: 'x', scripts: { start: 'tsc -p . --watch', dev: 'FOO=1 tsup --watch' } },
        ...source,
      },
    ],
    [
      'a script that compiles, then runs',
      'service',
      { 'x/package.json': { name: 'x', scripts: { dev: 'tsc && node dist/index.js' } }, ...source },
    ],
    ['an entry that listens', 'service', { 'x/package.json': { name: 'x' }, 'x/src/index.ts': server }],
    [
      'an entry that listens, in libs/',
      'library',
      { 'libs/x/package.json': { name: 'x' }, 'libs/x/src/index.ts': server },
    ],
    [
      'its place in services/',
      'service',
      { 'services/x/package.json': { name: 'x' }, 'services/x/src/lib.ts': code },
    ],
    [
      'its place in packages/',
      'library',
      { 'packages/x/package.json': { name: 'x' }, 'packages/x/src/lib.ts': code },
    ],
    [
      'a server in packages/ with a main of its own',
      'service',
      {
        'packages/x/package.json': {
          name: 'x',
          main: 'dist/index.js',
          scripts: { start: 'node dist/index.js' },
        },
        'packages/x/src/index.ts': code,
      },
    ],
    [
      'in services/, imported by another and never started',
      'library',
      {
        'services/x/package.json': { name: '@org/x' },
        'services/x/src/index.ts': code,
        'services/y/package.json': { name: 'y', dependencies: { '@org/x': '*' } },
        'services/y/src/index.ts': code,
      },
    ],
    [
      'in services/, started, and imported for its types',
      'service',
      {
        'services/x/package.json': { name: '@org/x', scripts: { dev: 'tsx watch src/index.ts' } },
        'services/x/src/index.ts': server,
        'services/y/package.json': { name: 'y', devDependencies: { '@org/x': '*' } },
        'services/y/src/index.ts': code,
      },
    ],
    [
      'a name that says what it is',
      'service',
      { 'x-service/package.json': { name: 'x' }, 'x-service/src/lib.ts': code },
    ],
    [
      'a broken package.json',
      'service',
      { 'services/x/package.json': '{ "name": "x", "scripts": { "start": ', 'services/x/src/index.ts': code },
    ],
  ])('%s: %s', async (_, kind, tree) => {
    expect(await kindOfX(tree)).toBe(kind)
  })

  test('every sign is kept as evidence with its place', async () => {
    const { workspace } = await load({
      'package.json': { name: 'root', workspaces: ['services/*', 'packages/*'] },
      'services/billing-service/package.json': {
        name: '@org/billing',
        main: 'dist/index.js',
        scripts: { build: 'tsc', start: 'node dist/index.js' },
        dependencies: { '@org/db': '*' },
      },
      'services/billing-service/src/index.ts': server,
      'services/billing-service/Dockerfile': 'FROM node',
      'packages/db/package.json': library('@org/db'),
      'packages/db/src/index.ts': code,
      'compose.yaml':
        'services:\n  mysql:\n    image: mysql\n  billing:\n    build: services/billing-service\n',
    })
    expect(
      workspace.services.map(({ name, evidence }) => [
        name,
        evidence.map(e => `${e.file}:${e.line} ${e.reason}`),
      ]),
    ).toEqual([
      [
        'db',
        [
          'package.json:5 is a member of the workspace',
          'package.json:5 lies in packages/',
          'services/billing-service/package.json:9 one package depends on it',
          'packages/db/package.json:3 offers its main for import',
        ],
      ],
      [
        'billing-service',
        [
          'package.json:4 is a member of the workspace',
          'services/billing-service/Dockerfile:1 has a Dockerfile',
          'compose.yaml:4 is built as the compose service billing',
          'services/billing-service/package.json:6 its script start runs services/billing-service/src/index.ts',
          'services/billing-service/src/index.ts:3 its entry has listen',
          'package.json:4 lies in services/',
          'package.json:4 is named like a program',
          'services/billing-service/package.json:3 offers its main for import',
        ],
      ],
    ])
  })
})

describe('samples', () => {
  const product = {
    'package.json': { name: 'product', workspaces: ['packages/*'] },
    'packages/cli/package.json': service('cli'),
    'packages/cli/src/index.ts': server,
  }
  const packageIn = (folder: string): Tree => ({
    [`${folder}/package.json`]: service('x'),
    [`${folder}/src/index.ts`]: server,
  })

  test.each([
    ['library', 'examples/x'],
    ['library', 'examples/shop/services/x'],
    ['library', 'fixtures/x'],
    ['library', 'packages/cli/templates/x'],
    ['library', 'packages/cli/playground'],
    ['library', 'ARCHIVE/apps/x'],
    ['service', 'services/fixtures'],
    ['service', 'services/templates/x'],
    ['service', 'apps/playground'],
    ['service', 'demo'],
  ])('%s %s', async (kind, folder) => {
    const { workspace } = await load({ ...product, ...packageIn(folder) })
    const found = workspace.services.find(({ path }) => path === folder)!
    expect(found.kind).toBe(kind)
    expect(workspace.services.find(({ path }) => path === 'packages/cli')!.kind).toBe('service')
    expect(workspace.diagnostics.map(({ code }) => code)).toEqual(kind === 'library' ? ['samples'] : [])
  })

  test('are told with their folders, and why each is one', async () => {
    const { workspace } = await load({
      ...product,
      ...packageIn('examples/a'),
      ...packageIn('examples/b'),
      ...packageIn('fixtures/x'),
      'examples/lib/package.json': library('lib'),
      'examples/lib/index.ts': code,
    })
    expect(workspace.diagnostics.map(({ message }) => message)).toEqual([
      '3 packages that look like a service count as libraries, which nobody deploys, for where they lie: examples/ (2), ' +
        'fixtures/ (1). If one is deployed, name it in seamripper.yml: services.<name>.path',
    ])
    expect(workspace.services.find(({ path }) => path === 'examples/a')!.evidence.at(-1)).toEqual({
      file: 'examples/a/package.json',
      line: 1,
      reason: 'lies in examples/, whose packages nobody deploys',
    })
  })

  test.each<[string, Tree]>([
    ['the config names it', { 'seamripper.yml': 'services:\n  x: { path: examples/x }\n' }],
    ['something outside deploys it', { 'docker-compose.yml': 'services:\n  x:\n    build: examples/x\n' }],
  ])('a service all the same, where %s', async (_, files) => {
    const { workspace } = await load({ ...product, ...packageIn('examples/x'), ...files })
    expect(workspace.services.find(({ path }) => path === 'examples/x')!.kind).toBe('service')
    expect(workspace.diagnostics).toEqual([])
  })

  test('services, where there is nothing else', async () => {
    const { workspace } = await load({ ...packageIn('examples/a'), ...packageIn('examples/b') })
    expect(serviceLines(workspace)).toEqual(['service a examples/a', 'service b examples/b'])
  })
})
