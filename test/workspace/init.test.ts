import { existsSync, readFileSync } from 'node:fs'
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
}

vi.mock('../../bin/analysis.js', () => ({ analyzeFolder: async () => map }))
// What runs this test is a package of the project.
vi.mock('../../bin/program.js', () => ({ program: 'seamripper' }))

const run = (root: string, options: { force?: boolean; dryRun?: boolean } = {}): Promise<void> =>
  command.handler({ _: [], $0: 'seamripper', root, force: false, dryRun: false, ...options })

let written: string
let told: string
beforeEach(() => {
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
