/** The action, the hooks and the examples of docs/ci: their shell steps are run as a shell would run them. */
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SHOP } from '../cli/shop.js'
import { TestRepository } from '../gate/history/repository.js'
import { ensureProgram, INSTALL_TIMEOUT } from '../support/system-packages.js'
import { StandIns, stepsOf, yaml } from './steps.js'

const LONG = 240_000
const ORDERS = 'services/orders/src/index.ts'
const CROSSING = "export const names = () => pool.query('SELECT name FROM customers')\n"

let repository: TestRepository
/** What is on main is on the baseline, and `origin/main` is there, as in a checkout. */
beforeAll(async () => {
  await ensureProgram('jq')
  repository = new TestRepository()
  repository.write(SHOP)
  await repository.baseline('write')
  repository.commit('begin')
  repository.git('update-ref', 'refs/remotes/origin/main', 'HEAD')
  appendFileSync(join(repository.root, ORDERS), CROSSING)
  repository.commit('a crossing')
}, INSTALL_TIMEOUT)
afterAll(() => rmSync(repository.root, { recursive: true, force: true }))

const WORKFLOWS = [
  'docs/ci/github-check.yml',
  'docs/ci/github-code-scanning.yml',
  'docs/ci/github-comment.yml',
]

test.each(['action.yml', ...WORKFLOWS])('%s puts nothing into the text of a script', path => {
  const steps = stepsOf(path)
  expect(steps.some(({ run }) => run !== undefined)).toBe(true)
  for (const { run = '' } of steps) expect(run).not.toContain('${{')
})

test.each(WORKFLOWS)('%s asks for no more rights than it needs, and not for those of the target', path => {
  const { on, permissions } = yaml(path)
  expect(JSON.stringify(on)).not.toContain('pull_request_target')
  expect(permissions.contents).toBe('read')
})

describe('the action', () => {
  const [step] = stepsOf('action.yml')
  const inputs = (given: Record<string, string> = {}) =>
    Object.fromEntries(
      Object.entries(yaml('action.yml').inputs as Record<string, { default: string }>).map(
        ([name, input]) => [`inputs.${name}`, given[name] ?? input.default],
      ),
    )

  test(
    'fails with annotations and a page for the job',
    () => {
      const standIns = new StandIns()
      const page = join(standIns.folder, 'page.md')
      const { status, stdout, stderr } = standIns.run(
        step!,
        repository.root,
        inputs({ since: 'origin/main', version: '0.1.0' }),
        {
          GITHUB_STEP_SUMMARY: page,
        },
      )
      expect([status, stderr]).toEqual([1, ''])
      expect(standIns.calls).toEqual(['--yes seamripper@0.1.0 check . --format=github --since=origin/main'])
      expect(stdout).toMatch(
        /^::error file=services\/orders\/src\/index\.ts,line=11,endLine=11,col=28,title=Cross-service read::/,
      )
      expect(readFileSync(page, 'utf8')).toContain('### Seamripper: failed')
    },
    LONG,
  )

  test(
    'inputs are words, whatever they hold',
    () => {
      const standIns = new StandIns()
      const nasty = '$(touch pwned); "\'`touch pwned`'
      const { status, stderr } = standIns.run(
        step!,
        repository.root,
        inputs({ since: nasty, version: '1.2.3' }),
      )
      expect(status).toBe(2)
      expect(stderr).toContain(`There is no revision ${nasty} here.`)
      expect(standIns.calls).toEqual([`--yes seamripper@1.2.3 check . --format=github --since=${nasty}`])
      expect(existsSync(join(repository.root, 'pwned'))).toBe(false)
    },
    LONG,
  )

  test('what the project has installed goes first', () => {
    const standIns = new StandIns()
    const bin = join(standIns.folder, 'node_modules/.bin/seamripper')
    mkdirSync(dirname(bin), { recursive: true })
    writeFileSync(bin, '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 })
    const given = inputs({ root: 'a b', output: 'out file', config: 'c.yml', format: 'sarif' })
    expect(standIns.run(step!, standIns.folder, given).stdout).toBe(
      'check\na b\n--format=sarif\n--output=out file\n--config=c.yml\n',
    )
  })

  test('else the action itself, built once in its own checkout', () => {
    const standIns = new StandIns()
    const action = join(standIns.folder, 'action')
    mkdirSync(action)
    const run = () =>
      standIns.run(step!, standIns.folder, inputs({ root: 'a b' }), { GITHUB_ACTION_PATH: action })
    expect(run()).toEqual({
      status: 0,
      stdout: '["check","a b","--format=github"]\n',
      stderr: 'added 611 packages\n',
    })
    expect(run().status).toBe(0)
    expect(standIns.calls).toEqual(['npm ci --include=dev --no-audit --no-fund --loglevel=error'])
    expect(existsSync(join(action, 'dist/bin/seamripper.js'))).toBe(true)
  })
})

const named = (path: string, name: string) => stepsOf(path).find(step => step.name === name)!

test(
  'the check of a pull request',
  () => {
    const standIns = new StandIns()
    const step = named('docs/ci/github-check.yml', 'Check')
    const { status, stdout } = standIns.run(step, repository.root, { 'github.base_ref': 'main' })
    expect(status).toBe(1)
    expect(stdout).toContain('Failed: 1 new violation; 3 on the baseline.')
  },
  LONG,
)

test(
  'code scanning gets what is new, and nothing that is suppressed',
  () => {
    const standIns = new StandIns()
    const path = 'docs/ci/github-code-scanning.yml'
    const check = standIns.run(named(path, 'Check'), repository.root, {})
    expect(check.status).toBe(0)
    const filter = standIns.run(
      named(path, 'Take out what is on the baseline or allowed'),
      repository.root,
      {},
    )
    expect(filter).toEqual({ status: 0, stdout: '', stderr: '' })
    const results = (file: string) =>
      JSON.parse(readFileSync(join(repository.root, file), 'utf8')).runs[0].results
    expect(results('seamripper.sarif')).toHaveLength(4)
    expect(results('upload.sarif').map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual([
      'cross-service-read',
    ])
    const wrong = standIns.run(
      named(path, 'Check'),
      join(repository.root, 'services/orders/src'),
      {},
      { PATH: '/nowhere' },
    )
    expect(wrong.status).not.toBe(0)
  },
  LONG,
)

test(
  'the comment is made once, and then kept up to date',
  () => {
    const path = 'docs/ci/github-comment.yml'
    const values = { 'github.base_ref': 'main', 'github.token': 't', 'github.event.pull_request.number': '7' }
    const comments = 'repos/o/r/issues/7/comments'
    const others = [
      { url: 'https://host/1', user: { type: 'User' }, body: '<!-- seamripper check --> quoted' },
      { url: 'https://host/2', user: { type: 'Bot' }, body: 'Coverage' },
    ]
    const first = new StandIns(others)
    expect(first.run(named(path, 'Check'), repository.root, values).status).toBe(0)
    expect(readFileSync(join(repository.root, 'comment.md'), 'utf8')).toContain(
      'This change adds 1 statement that it must not.',
    )
    expect(
      first.run(named(path, 'Comment'), repository.root, values, { GITHUB_REPOSITORY: 'o/r' }).status,
    ).toBe(0)
    expect(first.calls.slice(-2)).toEqual([
      `gh api --silent --method POST ${comments} --field body=@comment.md`,
      '<!-- seamripper check -->',
    ])
    const later = new StandIns([
      ...others,
      {
        url: 'https://host/3',
        user: { type: 'Bot' },
        body: '<!-- seamripper check -->\n### Seamripper: failed',
      },
    ])
    expect(
      later.run(named(path, 'Comment'), repository.root, values, { GITHUB_REPOSITORY: 'o/r' }).status,
    ).toBe(0)
    expect(later.calls.at(-2)).toBe('gh api --silent --method PATCH https://host/3 --field body=@comment.md')
  },
  LONG,
)

test(
  'GitLab: the report is written, and the job fails',
  () => {
    const standIns = new StandIns()
    const { script, artifacts } = yaml('docs/ci/gitlab-ci.yml').seamripper
    const { status, stdout } = standIns.bash(script.join('\n'), repository.root, ['-e'])
    expect(status).toBe(1)
    expect(stdout).toContain('Failed: 1 new violation')
    const issues = JSON.parse(readFileSync(join(repository.root, artifacts.reports.codequality), 'utf8'))
    expect(issues.map(({ severity }: { severity: string }) => severity)).toEqual([
      'info',
      'info',
      'info',
      'critical',
    ])
  },
  LONG,
)

test(
  'the git hook stops a commit that brings a crossing, and no other',
  () => {
    const standIns = new StandIns()
    const hook = join(repository.root, '.git/hooks/pre-commit')
    mkdirSync(dirname(hook), { recursive: true })
    copyFileSync(fileURLToPath(new URL('../../docs/ci/pre-commit', import.meta.url)), hook)
    chmodSync(hook, 0o755)
    const commit = () => standIns.bash('git add services && git commit -q -m more', repository.root, ['-e'])
    repository.edit(ORDERS, 'export async', '// moves what is there\nexport async')
    expect(commit().status).toBe(0)
    repository.edit(ORDERS, 'export async', `${CROSSING.replace('names', 'more')}export async`)
    const { status, stdout, stderr } = commit()
    expect(status).toBe(1)
    expect(stdout + stderr).toContain('cross-service-read')
    expect(repository.git('log', '--format=%s').trim().split('\n')).toEqual(['more', 'a crossing', 'begin'])
  },
  LONG,
)

test(
  'the hook for pre-commit runs what the project has installed, and passes no files',
  () => {
    const [hook] = yaml('.pre-commit-hooks.yaml')
    const standIns = new StandIns()
    repository.git('reset', '--quiet', '--hard')
    expect([hook.language, hook.pass_filenames]).toEqual(['system', false])
    expect(standIns.bash(hook.entry, repository.root, ['-e']).stdout).toContain(
      'Passed: nothing new since HEAD',
    )
    expect(standIns.calls).toEqual(['--no-install seamripper check --since HEAD'])
  },
  LONG,
)
