import { expect, test } from 'vitest'
import { type Files, mapOf } from './helper.js'

const DB = `import pg from 'pg'
export const pool = new pg.Pool()
`
/** Runs a statement, with the module that lies `up` folders above. */
const query = (up = '.') => `import { pool } from '${up}/db'
export const run = () => pool.query('DELETE FROM t')
`

/** A service whose program is `src/index.ts`, which imports `db.ts` and `live.ts`. */
const service: Files = {
  'package.json': JSON.stringify({ private: true, workspaces: ['services/*', 'packages/*'] }),
  'services/api/package.json': JSON.stringify({
    name: 'api',
    main: 'dist/index.js',
    scripts: { start: 'node dist/index.js' },
    dependencies: { pg: '8' },
  }),
  'services/api/src/index.ts': `import { run } from './live'
run()
`,
  'services/api/src/db.ts': DB,
  'services/api/src/live.ts': query(),
}

/** The unused files below `services/api/src`, each with what imports it. */
async function unusedWith(files: Files): Promise<string[]> {
  const { unusedFiles } = await mapOf({ ...service, ...files })
  const short = (path: string) => path.replace('services/api/src/', '')
  return unusedFiles.map(({ file, importedBy }) =>
    importedBy.length === 0 ? short(file) : `${short(file)} < ${importedBy.map(short).join(', ')}`,
  )
}

const src = (files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, text]) => [`services/api/src/${path}`, text]))

const UNUSED: [name: string, files: Files, expected: string[]][] = [
  ['nothing of a service', {}, []],
  ['a file that nothing imports', src({ 'old.ts': query() }), ['old.ts']],
  [
    'an old program beside the new one, and what it alone imports',
    src({
      'index.old.ts':
        "import { run } from './legacy/report'\nimport { run as both } from './live'\nrun()\nboth()\n",
      'legacy/report.ts': query('..'),
    }),
    ['legacy/report.ts < index.old.ts'],
  ],
  [
    'files that import each other, and that nothing else imports',
    src({
      'a.ts': `${query()}export { run as b } from './b'\n`,
      'b.ts': `${query()}export { run as a } from './a'\n`,
    }),
    ['a.ts < b.ts', 'b.ts < a.ts'],
  ],
  [
    'a file of which only a test makes use',
    src({ 'old.ts': query(), 'old.test.ts': "import { run } from './old'\nrun()\n" }),
    ['old.ts'],
  ],
  [
    'the older of two files of one name, although the name is imported',
    src({
      'live.ts': `${query()}export * from './new/patients'\n`,
      'new/patients.ts': query('..'),
      'old/patients.ts': query('..'),
    }),
    ['old/patients.ts'],
  ],
  [
    'a file whose name is a word of the service, and of its routes',
    src({
      'live.ts': `${query()}export const table = 'patients'\nexport const route = '/api/patients'\n`,
      'old/patients.ts': query('..'),
    }),
    ['old/patients.ts'],
  ],
  [
    'a file beside code that reads SQL by names that it puts together',
    src({
      'live.ts': `${query()}import { readFileSync } from 'node:fs'\nexport const text = (name: string) => readFileSync(name)\n`,
      'old.ts': query(),
    }),
    ['old.ts'],
  ],
]

test.each(UNUSED)('%s', async (_, files, expected) => {
  expect(await unusedWith(files)).toEqual(expected)
})

const USED: [name: string, files: Files][] = [
  ['an import for its effects', src({ 'live.ts': `${query()}import './other'\n`, 'other.ts': query() })],
  ['a re-export', src({ 'live.ts': "export * from './other'\n", 'other.ts': query() })],
  [
    'an import when it is needed',
    src({
      'live.ts': "export const run = async () => (await import('./other')).run()\n",
      'other.ts': query(),
    }),
  ],
  [
    'a worker',
    src({ 'live.ts': "new Worker(new URL('./other.js', import.meta.url))\n", 'other.ts': query() }),
  ],
  [
    'a module by its path',
    src({ 'live.ts': "require(path.resolve('./src/flows/other'))\n", 'flows/other.ts': query('..') }),
  ],
  [
    'a folder of modules',
    src({
      'live.ts':
        "for (const name of readdirSync('routes')) app.use(require(`${__dirname}/routes/${name}`))\n",
      'routes/other.ts': query('..'),
    }),
  ],
  [
    'modules by a pattern',
    src({
      'live.ts': 'export const source = { entities: [`${dir}/**/*.entity.ts`] }\n',
      'models/other.entity.ts': query('..'),
    }),
  ],
  [
    'a script of package.json',
    {
      'package.json': JSON.stringify({
        workspaces: ['services/*'],
        scripts: { night: 'tsx services/api/src/other.ts' },
      }),
      ...src({ 'other.ts': query() }),
    },
  ],
  [
    'a Dockerfile',
    { 'services/api/Dockerfile': 'CMD ["node", "dist/other.js"]\n', ...src({ 'other.ts': query() }) },
  ],
  [
    'a compose file',
    {
      'docker-compose.yml': 'services:\n  other:\n    image: api\n    command: node /app/dist/other.js\n',
      ...src({ 'other.ts': query() }),
    },
  ],
  [
    'a shell script',
    { 'deploy/start.sh': 'node services/api/dist/other.js\n', ...src({ 'other.ts': query() }) },
  ],
  [
    'a descriptor that names a function',
    {
      'services/api/serverless.yml': 'functions:\n  x:\n    handler: src/other.run\n',
      ...src({ 'other.ts': query() }),
    },
  ],
  ['its own text', src({ 'other.ts': `#!/usr/bin/env node\n${query()}` })],
  [
    'the question whether it is the program',
    src({ 'other.ts': `${query()}if (require.main === module) run()\n` }),
  ],
  ['a folder of programs', src({ 'scripts/other.ts': query('..') })],
  [
    'a framework that finds code by its folder',
    {
      'services/api/package.json': JSON.stringify({
        name: 'api',
        main: 'dist/index.js',
        dependencies: { pg: '8', next: '15' },
      }),
      ...src({ 'app/other/page.ts': query('../..') }),
    },
  ],
  [
    'another service',
    {
      'services/jobs/package.json': JSON.stringify({
        name: 'jobs',
        scripts: { start: 'node src/index.js' },
        dependencies: { pg: '8' },
      }),
      'services/jobs/src/index.ts': "import { run } from '../../api/src/other'\nrun()\n",
      ...src({ 'other.ts': query() }),
    },
  ],
  [
    'a library, by a path in the folder of whoever uses it',
    {
      'packages/worker/package.json': JSON.stringify({ name: '@shop/worker', main: 'src/index.ts' }),
      'packages/worker/src/index.ts': "export const flows = () => require(path.resolve('./src/other'))\n",
      ...src({ 'live.ts': `${query()}import { flows } from '@shop/worker'\nflows()\n`, 'other.ts': query() }),
    },
  ],
  [
    'a settings file of a tool at the root',
    {
      'ecosystem.config.js': "module.exports = { apps: [{ script: './services/api/dist/other.js' }] }\n",
      ...src({ 'other.ts': query() }),
    },
  ],
]

test.each(USED)('started by %s', async (_, files) => {
  expect(await unusedWith(files)).toEqual([])
})

test('where most of a service would be unused, something begins it that is not known', async () => {
  const routes = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map(name => [`routes/${name}.ts`, query('..')]))
  expect(await unusedWith(src(routes))).toEqual([])
})

test('where no program of a service is known, none of its files is called unused', async () => {
  const map = await mapOf({
    'services/api/package.json': JSON.stringify({ name: 'api', dependencies: { pg: '8' } }),
    'services/api/src/one.ts': "import pg from 'pg'\nnew pg.Pool().query('DELETE FROM t')\n",
    'services/api/src/two.ts': "import pg from 'pg'\nnew pg.Pool().query('DELETE FROM t')\n",
  })
  expect(map.accesses).toHaveLength(2)
  expect(map.unusedFiles).toEqual([])
})
