import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { folderWith, seamripper } from './run.js'
import { SHOP, shop } from './shop.js'

const schema = JSON.parse(readFileSync(new URL('../../schemas/check.schema.json', import.meta.url), 'utf8'))

test('three commands, and the check passes; one more crossing, and it fails', () => {
  const root = shop()
  expect(seamripper(['init', root]).status).toBe(0)
  expect(seamripper(['baseline', root, '--write'])).toEqual({
    status: 0,
    stdout:
      'Wrote services/orders/seam-todo.yml: 3 violations\n3 violations on the baseline, 3 more than before.\nBy rule: 1 cross-service-foreign-key, 1 cross-service-join, 1 unresolved-table.\n',
    stderr: '',
  })
  expect(seamripper(['check', root])).toEqual({
    status: 0,
    stdout: 'Passed: nothing new; 3 on the baseline.\n',
    stderr: '',
  })

  const file = join(root, 'services/orders/src/index.ts')
  const before = readFileSync(file, 'utf8')
  appendFileSync(file, "export const names = () => pool.query('SELECT name FROM customers')\n")
  const failed = seamripper(['check', root])
  const guide = readFileSync(new URL('../../docs/gate.md', import.meta.url), 'utf8')
  expect(guide).toContain(failed.stdout.replaceAll(` ${root}`, ''))
  expect(failed).toEqual({
    status: 1,
    stdout: `services/orders/src/index.ts:11:28  error  cross-service-read
  orders reads shop/customers, which belongs to customers.

    10 | }
  > 11 | export const names = () => pool.query('SELECT name FROM customers')
    12 |

  Owner    shop/customers belongs to customers: created by a script of customers
           (services/customers/migrations/V1__customers.sql:1)
  Instead  Read it through an API client of customers instead of SQL; cache what seldom changes.
  More     seamripper explain services/orders/src/index.ts:11 ${root}

Failed: 1 new violation; 3 on the baseline.
`,
    stderr: '',
  })

  // Put back, so that only what is mended is left to tell.
  writeFileSync(file, before.replace(/JOIN customers.*`/, 'WHERE 1`'))
  const stale = seamripper(['check', root])
  expect(stale.status).toBe(1)
  expect(
    stale.stdout,
  ).toBe(`services/orders/seam-todo.yml:11  stale  join shop/customers in services/orders/src/index.ts is mended
Take it off the baseline: seamripper baseline --prune ${root}

Failed: 1 stale entry; 2 on the baseline.
`)
  expect(seamripper(['baseline', root, '--prune']).stdout).toBe(
    'Wrote services/orders/seam-todo.yml: 2 violations\n2 violations on the baseline, 1 fewer than before.\n',
  )
  expect(seamripper(['baseline', root, '--prune']).stdout).toBe(
    'Nothing to change: 2 violations on the baseline.\n',
  )
  expect(seamripper(['check', root]).status).toBe(0)

  writeFileSync(file, 'export {}\n')
  writeFileSync(join(root, 'services/orders/migrations/V1__orders.sql'), 'CREATE TABLE orders (id INT);\n')
  expect(seamripper(['baseline', root, '--prune']).stdout).toBe(
    'Deleted services/orders/seam-todo.yml: nothing is left on it\n0 violations on the baseline, 2 fewer than before.\n',
  )
  expect(existsSync(join(root, 'services/orders/seam-todo.yml'))).toBe(false)
}, 240_000)

test('a baseline says how much of it is only for want of an owner', () => {
  const root = folderWith({
    ...SHOP,
    'services/orders/src/log.ts': "import { pool } from './index'\npool.query('SELECT * FROM audit_log')\n",
  })
  expect(seamripper(['baseline', root, '--write']).stdout).toBe(
    `Wrote services/orders/seam-todo.yml: 4 violations
4 violations on the baseline, 4 more than before.
By rule: 1 cross-service-foreign-key, 1 cross-service-join, 1 unowned-table, 1 unresolved-table.
1 is a use of a table whose owner is open: set the owners in seamripper.yml, then write it again.
`,
  )
})

test('--format json is what the schema says, and goes to a file', () => {
  const root = shop()
  const file = join(root, 'check.json')
  const validate = new Ajv2020({ allowUnionTypes: true }).compile(schema)
  expect(seamripper(['check', root, '-f', 'json', '-o', file])).toEqual({
    status: 1,
    stdout: '',
    stderr: `Wrote ${file}\n`,
  })
  const result = JSON.parse(readFileSync(file, 'utf8'))
  validate(result)
  expect(validate.errors).toBeNull()
  expect(result.passed).toBe(false)
  expect(result.violations.map(({ rule }: { rule: string }) => rule)).toEqual([
    'cross-service-foreign-key',
    'cross-service-join',
    'unresolved-table',
  ])
})

test.each<[title: string, words: (root: string) => string[], files: Record<string, string>, message: RegExp]>(
  [
    ['baseline without a word', root => ['baseline', root], {}, /Give --write to accept .*, or --prune/],
    ['baseline with both', root => ['baseline', root, '--write', '--prune'], {}, /give one of them/],
    [
      'a revision without git',
      root => ['check', root, '--since', 'main'],
      {},
      /--since needs a git repository/,
    ],
    [
      'an option as a revision',
      root => ['check', root, '--since=--output=x'],
      {},
      /--since needs a git repository/,
    ],
    [
      'a folder without sources, where it would pass for ever',
      root => ['check', `${root}/notes`],
      { 'notes/todo.md': '' },
      /No source file to read in .*notes\. Give the folder that holds the services\./,
    ],
    [
      'a baseline of nothing',
      root => ['baseline', '--write', `${root}/notes`],
      { 'notes/todo.md': '' },
      /No source file to read/,
    ],
    ['no folder', root => ['check', `${root}/nothing`], {}, /There is no folder/],
    [
      'a baseline that can not be read',
      root => ['check', root],
      { 'services/orders/seam-todo.yml': 'shop/customers:\n  reads:\n' },
      /^seamripper: services\/orders\/seam-todo\.yml:2: "reads" is no operation\. Did you mean "read"\?/,
    ],
    [
      'an unknown rule',
      root => ['check', root],
      { 'seamripper.yml': 'rules: { cross-service-raed: off }\n' },
      /^seamripper: seamripper\.yml:1: rules has an unknown rule .* Did you mean "cross-service-read"\?/,
    ],
  ],
)('%s ends with status 2', (_, words, files, message) => {
  const { status, stdout, stderr } = seamripper(words(folderWith({ ...SHOP, ...files })))
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(message)
})

test('in a part of a repository whose config lies above it judges and writes nothing', () => {
  const top = folderWith({ ...SHOP, 'seamripper.yml': 'owners: { shop/customers: customers }\n' })
  mkdirSync(join(top, '.git'))
  const part = join(top, 'services/orders')
  for (const words of [['check'], ['baseline', '--write'], ['rewrite', '--plan'], ['verify']]) {
    expect(seamripper(words, { cwd: part })).toEqual({
      status: 2,
      stdout: '',
      stderr:
        'seamripper: ../../seamripper.yml is the config of more than this folder. Give the folder that it lies in, ../..; or `seamripper init` writes a config for this part alone.\n',
    })
  }
  expect(existsSync(join(part, 'seam-todo.yml'))).toBe(false)
  expect(seamripper(['baseline', '--write', '../..'], { cwd: part }).status).toBe(0)
  expect(seamripper(['check', '../..'], { cwd: part }).status).toBe(0)
  writeFileSync(join(part, 'seamripper.yml'), '')
  expect(seamripper(['check'], { cwd: part }).stderr).toBe('')
}, 60_000)

test('an owner of no table, behind which crossings would pass, is told', () => {
  const root = folderWith({ ...SHOP, 'seamripper.yml': 'owners:\n  shop/custommers: customers\n' })
  const doubt =
    'seamripper.yml:2: owners has "shop/custommers", and no table of the map is called so. Did you mean "shop/customers"?\n'
  expect(seamripper(['baseline', root, '--write']).stderr).toBe(doubt)
  expect(seamripper(['check', root])).toEqual({
    status: 0,
    stdout: 'Passed: nothing new; 3 on the baseline.\n',
    stderr: doubt,
  })
})

test('SQL alone is something to check', () => {
  const { status, stdout } = seamripper([
    'check',
    folderWith({ 'db/V1__a.sql': 'CREATE TABLE a (id INT);\n' }),
  ])
  expect([status, stdout]).toEqual([0, 'Passed: nothing new.\n'])
})

test('formats of CI systems: paths from the top of the repository, a page for the job', () => {
  const top = folderWith(
    Object.fromEntries(Object.entries(SHOP).map(([path, text]) => [`platform/${path}`, text])),
  )
  mkdirSync(join(top, '.git'))
  const page = join(top, 'summary.md')
  writeFileSync(page, 'Of another step\n')
  const env = {
    GITHUB_STEP_SUMMARY: page,
    GITHUB_SERVER_URL: 'https://host',
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_SHA: 'abc',
  }
  const github = seamripper(['check', 'platform', '-f', 'github'], { cwd: top, env })
  expect(github.status).toBe(1)
  expect(github.stdout).toMatch(
    /^::error file=platform\/services\/orders\/src\/index\.ts,line=4,endLine=7,title=Cross-service join::/,
  )
  expect(readFileSync(page, 'utf8')).toMatch(
    /^Of another step\n<!-- seamripper check -->\n### Seamripper: failed\n/,
  )
  expect(readFileSync(page, 'utf8')).toContain(
    '(https://host/o/r/blob/abc/platform/services/orders/src/index.ts#L4)',
  )
  for (const format of ['sarif', 'gitlab', 'junit', 'checkstyle']) {
    expect(seamripper(['check', 'platform', '-f', format], { cwd: top, env }).stdout).toContain(
      'platform/services/orders/src/index.ts',
    )
  }
  const nowhere = { ...env, GITHUB_STEP_SUMMARY: join(top, 'no/such/summary.md') }
  const refused = seamripper(['check', 'platform', '-f', 'github'], { cwd: top, env: nowhere })
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringMatching(/Can't write the job summary/)])
}, 240_000)

/** What each format says of a config with two mistakes; nothing where a reader would take it for a result. */
test.each<[format: string, expected: string]>([
  ['pretty', ''],
  ['json', ''],
  ['sarif', ''],
  ['gitlab', ''],
  [
    'github',
    `::error file=seamripper.yml,line=1,title=seamripper could not check::the config has an unknown key "exclud". Did you mean "exclude"? Known here: services, libraries, datastores, owners, rules, allow, rewrite, exclude, include
::error file=seamripper.yml,line=2,title=seamripper could not check::the config has an unknown key "ownrs". Did you mean "owners"? Known here: services, libraries, datastores, owners, rules, allow, rewrite, exclude, include
`,
  ],
  [
    'markdown',
    `<!-- seamripper check -->
### Seamripper: not checked

There is no result, neither good nor bad:

- \`seamripper.yml:1\`: the config has an unknown key "exclud". Did you mean "exclude"? Known here: services, libraries, datastores, owners, rules, allow, rewrite, exclude, include
- \`seamripper.yml:2\`: the config has an unknown key "ownrs". Did you mean "owners"? Known here: services, libraries, datastores, owners, rules, allow, rewrite, exclude, include
`,
  ],
  [
    'junit',
    `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="seamripper">
  <testsuite name="check" tests="2" failures="0" errors="2" skipped="0">
    <testcase classname="seamripper.check" name="could be made">
      <error type="not-checked" message="the config has an unknown key &quot;exclud&quot;. Did you mean &quot;exclude&quot;? Known here: services, libraries, datastores, owners, rules, allow, rewrite, exclude, include">seamripper.yml:1: the config has an unknown key &quot;exclud&quot;. Did you mean &quot;exclude&quot;? Known here: services, libraries, datastores, owners, rules, allow, rewrite, exclude, include</error>
    </testcase>
    <testcase classname="seamripper.check" name="could be made (2)">
      <error type="not-checked" message="the config has an unknown key &quot;ownrs&quot;. Did you mean &quot;owners&quot;? Known here: services, libraries, datastores, owners, rules, allow, rewrite, exclude, include">seamripper.yml:2: the config has an unknown key &quot;ownrs&quot;. Did you mean &quot;owners&quot;? Known here: services, libraries, datastores, owners, rules, allow, rewrite, exclude, include</error>
    </testcase>
  </testsuite>
</testsuites>
`,
  ],
  [
    'checkstyle',
    `<?xml version="1.0" encoding="UTF-8"?>
<checkstyle version="4.3">
  <file name="seamripper.yml">
    <error line="1" severity="error" message="the config has an unknown key &quot;exclud&quot;. Did you mean &quot;exclude&quot;? Known here: services, libraries, datastores, owners, rules, allow, rewrite, exclude, include" source="seamripper.not-checked"/>
    <error line="2" severity="error" message="the config has an unknown key &quot;ownrs&quot;. Did you mean &quot;owners&quot;? Known here: services, libraries, datastores, owners, rules, allow, rewrite, exclude, include" source="seamripper.not-checked"/>
  </file>
</checkstyle>
`,
  ],
])('a config that is wrong, in --format %s', (format, expected) => {
  const root = shop({ 'seamripper.yml': 'exclud: []\nownrs: {}\n' })
  const { status, stdout, stderr } = seamripper(['check', root, '--format', format])
  expect([status, stdout]).toEqual([2, expected])
  expect(stderr).toMatch(/^seamripper: seamripper\.yml:1: /)
})

test.each<[words: string[], expected: string]>([
  [
    ['--format', 'github', '--sicne', 'main'],
    '::error title=seamripper could not check::Unknown option --sicne. Did you mean --since? See seamripper check --help.\n',
  ],
  [['-f', 'githbu'], ''],
  [
    ['--format=github', '--since', 'main'],
    '::error title=seamripper could not check::--since needs a git repository, and git to read it: this folder is in none.\n',
  ],
  [
    ['-f', 'github', '-o', 'nowhere/x.txt'],
    '::error title=seamripper could not check::There is no folder nowhere to write x.txt to. Create it first.\n',
  ],
])('wrong usage as an annotation: %j', (words, expected) => {
  const { status, stdout } = seamripper(['check', ...words], { cwd: shop() })
  expect([status, stdout]).toEqual([2, expected])
})

test('the page of the job and the comment say that nothing was judged', () => {
  const root = shop({ 'seamripper.yml': 'ownrs: {}\n' })
  const page = join(root, 'page.md')
  seamripper(['check', root, '-f', 'github'], { env: { GITHUB_STEP_SUMMARY: page } })
  expect(readFileSync(page, 'utf8')).toContain('### Seamripper: not checked\n')
  const comment = join(root, 'comment.md')
  expect(seamripper(['check', root, '-f', 'markdown', '-o', comment]).stdout).toBe('')
  expect(readFileSync(comment, 'utf8')).toBe(readFileSync(page, 'utf8'))
})

test('an owner of no table is a warning beside its line', () => {
  const root = shop({ 'seamripper.yml': 'owners:\n  shop/custmers: customers\n' })
  const { stdout } = seamripper(['check', root, '-f', 'github'])
  expect(stdout).toMatch(
    /^::warning file=seamripper\.yml,line=2,title=Configuration of seamripper::.*custmers.*\n::error file=/,
  )
})
