import { existsSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { DependencyMap } from '../../analyzers/model.js'
import { loadConfig } from '../../analyzers/workspace/index.js'
import { command } from '../../bin/commands/init.js'
import { makeTree } from './tree.js'

const map: Partial<DependencyMap> = {
  services: [{ name: 'api', path: 'api', kind: 'service', evidence: [] }],
  datastores: [],
  tables: [],
  accesses: [],
  diagnostics: [],
  coverage: { files: 0, lines: 0, leftOut: {} as DependencyMap['coverage']['leftOut'] },
}

let files: { kind: string }[] = []
vi.mock('../../bin/analysis.js', async original => ({
  ...(await original<typeof import('../../bin/analysis.js')>()),
  loadFolder: async () => ({ map, workspace: { files } }),
}))
// What runs this test is a package of the project.
vi.mock('../../bin/program.js', () => ({ program: 'seamripper' }))

const run = (root: string, options: { force?: boolean; dryRun?: boolean } = {}): Promise<void> =>
  command.handler({ _: [], $0: 'seamripper', root, force: false, dryRun: false, ...options })

let written: string
let told: string
beforeEach(() => {
  files = [{ kind: 'source' }]
  written = ''
  told = ''
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    written += String(text)
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation(text => {
    told += String(text)
    return true
  })
})
afterEach(() => vi.restoreAllMocks())

test('writes seamripper.yml and says so on stderr', async () => {
  const root = makeTree({ 'api/x.ts': '' })
  await run(root)
  expect(readFileSync(join(root, 'seamripper.yml'), 'utf8')).toContain('services:\n  api:\n    path: api\n')
  expect(written).toBe('')
  expect(told).toBe(
    `Wrote ${join(root, 'seamripper.yml')}.\nNext, when its owners are right: seamripper baseline --write ${root}\n`,
  )
})

test.each([
  ['the newest package', {}, 'https://unpkg.com/seamripper/schemas/config.schema.json'],
  [
    'the installed one',
    { 'node_modules/seamripper/schemas/config.schema.json': '{}' },
    './node_modules/seamripper/schemas/config.schema.json',
  ],
])('editors find the schema of %s', async (_, files, expected) => {
  const root = makeTree({ 'api/x.ts': '', ...files })
  await run(root, { dryRun: true })
  expect(written.split('\n')[0]).toBe(`# yaml-language-server: $schema=${expected}`)
})

test('never overwrites without --force', async () => {
  const root = makeTree({ 'api/x.ts': '', 'seamripper.yml': 'exclude: [legacy/]\n' })
  const message = `${join(root, 'seamripper.yml')} exists already. Use --force to write it anew, or --dry-run to look first.`
  await expect(run(root)).rejects.toMatchObject({ name: 'BadUsage', message })
  expect(readFileSync(join(root, 'seamripper.yml'), 'utf8')).toBe('exclude: [legacy/]\n')
})

test('never writes beside a config with the other ending, which it would overrule', async () => {
  const root = makeTree({ 'api/x.ts': '', 'seamripper.yaml': 'exclude: [legacy/]\n' })
  await expect(run(root)).rejects.toMatchObject({
    message: `${join(root, 'seamripper.yaml')} exists already. Use --force to write it anew, or --dry-run to look first.`,
  })
  await run(root, { force: true })
  expect(existsSync(join(root, 'seamripper.yml'))).toBe(false)
  expect(readFileSync(join(root, 'seamripper.yaml'), 'utf8')).toContain('exclude:\n  - legacy/\n')
})

test('a link to nothing is there already', async () => {
  const root = makeTree({ 'api/x.ts': '' })
  symlinkSync('../shared/seamripper.yml', join(root, 'seamripper.yml'))
  await expect(run(root)).rejects.toThrow('exists already')
})

test('of a folder without sources none is written', async () => {
  const root = makeTree({ 'README.md': '' })
  files = []
  await expect(run(root)).rejects.toThrow('Give the folder that holds the services.')
  expect(existsSync(join(root, 'seamripper.yml'))).toBe(false)
})

test('--force writes it anew and keeps its patterns', async () => {
  const root = makeTree({ 'api/x.ts': '', 'seamripper.yml': 'exclude: [legacy/]\n' })
  await run(root, { force: true })
  const text = readFileSync(join(root, 'seamripper.yml'), 'utf8')
  expect(text).toContain('api:')
  expect(text).toContain('exclude:\n  - legacy/\n')
})

test('--force keeps what a person added, and tells of comments', async () => {
  const config = `# Ours, see ADR 12
services:
  api:
    path: api
owners:
  'main/lab_*': api
rewrite:
  reference:
    - main/countries
  later:
    - 'main/*_log'
  beside:
    - main/charges
  clients: packages/clients
  endpoints:
    api.getPatientById:
      method: GET
      path: '/api/v1/patients/{id}'
      answer: object
      field: data
exclude:
  - legacy/
`
  const root = makeTree({
    'api/x.ts': '',
    'packages/clients/package.json': '{ "name": "clients" }',
    'seamripper.yml': config,
  })
  await run(root, { force: true })
  const text = readFileSync(join(root, 'seamripper.yml'), 'utf8')
  const { rewrite, owners } = await loadConfig(root, undefined)
  expect(owners).toEqual({ 'main/lab_*': 'api' })
  expect(text).toContain('exclude:\n  - legacy/\n')
  expect(rewrite).toEqual({
    reference: ['main/countries'],
    later: ['main/*_log'],
    beside: ['main/charges'],
    clients: 'packages/clients',
    endpoints: {
      'api.getPatientById': {
        method: 'GET',
        path: '/api/v1/patients/{id}',
        answer: 'object',
        field: 'data',
      },
    },
  })
  expect(told).toContain('Comments of the file before that are not in the new one:\n  # Ours, see ADR 12\n')
})

test.each([true, false])('--dry-run prints it and writes nothing (config there: %s)', async isThere => {
  const root = makeTree({ 'api/x.ts': '', ...(isThere ? { 'seamripper.yml': 'exclude: []\n' } : {}) })
  await run(root, { dryRun: true })
  expect(written).toContain('services:\n  api:\n')
  expect(existsSync(join(root, 'seamripper.yml'))).toBe(isThere)
})
