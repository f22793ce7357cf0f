/** The fixture rewritten: it type-checks as before, a second run changes nothing, and the check is content. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkGate } from '../../analyzers/gate/index.js'
import { analyzeRepository } from '../../analyzers/repository.js'
import { writeChanges } from '../../codemods/changes/index.js'
import { type Rewrite, rewrite } from '../../codemods/index.js'

const project = fileURLToPath(new URL('../..', import.meta.url))

describe('nilecare', () => {
  let root: string
  let first: Rewrite
  beforeAll(async () => {
    root = mkdtempSync(join(tmpdir(), 'seamripper-nilecare-'))
    cpSync(join(project, 'fixtures/nilecare'), root, {
      recursive: true,
      filter: path => !path.includes('node_modules'),
    })
    symlinkSync(join(project, 'node_modules'), join(root, 'node_modules'), 'junction')
    writeFileSync(
      join(root, '.gitignore'),
      `${readFileSync(join(root, '.gitignore'), 'utf8')}\nnode_modules\n`,
    )
    first = await rewrite({ root, inTransactions: false })
    writeChanges(root, first.changes)
  }, 120_000)
  afterAll(() => rmSync(root, { recursive: true, force: true }))

  it('gives every crossing a strategy and a reason', () => {
    for (const access of first.plan.accesses) {
      expect(access.reason, `${access.file}:${access.line}`).not.toBe('')
      expect(access.edit === null).toBe(access.strategy === 'by hand')
    }
  })

  it('says what a person would do, and with whose tables', () => {
    const advice = first.plan.accesses.filter(access => access.edit === null)
    for (const access of advice) {
      const names = [...access.owners, ...access.tables.map(id => id.split('/').at(-1)!)]
      const isAboutTables = /^(?:one statement|own and foreign|it runs)/.test(access.reason)
      const place = `${access.file}:${access.line} ${access.reason}`
      expect(access.advice, place).not.toBeNull()
      if (isAboutTables)
        expect(
          names.some(name => access.advice!.includes(name)),
          place,
        ).toBe(true)
    }
    const of = (file: string, line: number) =>
      advice.find(access => access.file.endsWith(file) && access.line === line)?.advice
    expect(of('claim.service.ts', 29)).toBe(
      'ask clinical for diagnoses first, and insert the rows into claim_line_items here with VALUES',
    )
    expect(of('bed.repository.ts', 20)).toBe(
      'ask clinical first for the keys of encounters that are meant, and write beds here with `IN (…)`',
    )
    expect(of('mar.service.ts', 18)).toContain(
      'give inventory-service an operation that changes inventory_items',
    )
    expect(of('search.service.ts', 36)).toContain('run each branch of the UNION at its owner')
    expect(of('payment.service.ts', 72)).toContain('give billing-service an operation that runs the routine')
  })

  it('names operations as a person would', () => {
    const names = first.plan.operations.map(({ owner, name }) => `${owner}.${name}`)
    expect(names).toContain('clinical.getPatientById')
    expect(names).toContain('lab-service.listLabResultsByPatient')
    expect(names).toContain('clinical.countEncountersByFacility')
    expect(names).toContain('auth-service.getAuthUserById')
  })

  it('type-checks', () => {
    expect(typeErrors(root)).toEqual([])
  })

  it('leaves to the check what is by hand, and nothing else', async () => {
    const load = (folder: string) => analyzeRepository({ root: folder })
    const { violations, passed } = await checkGate({ root, load })
    const pairs = (all: { file: string; table: string }[]) =>
      [...new Set(all.map(({ file, table }) => `${file} ${table}`))].sort()
    const isAccess = /^cross-service-(?:read|write|join|transaction)$/
    const left = violations.flatMap(({ rule, file, table }) =>
      isAccess.test(rule) && table !== null ? [{ file, table }] : [],
    )
    const byHand = first.plan.accesses
      .filter(({ edit }) => edit === null)
      .flatMap(({ file, tables }) => tables.map(table => ({ file, table })))
    expect(pairs(left)).toEqual(pairs(byHand))
    expect(passed).toBe(false)
  })

  it('leaves nothing to a second run', async () => {
    const second = await rewrite({ root, inTransactions: false })
    expect(second.changes.map(change => change.path)).toEqual([])
  })
})

function typeErrors(root: string): string[] {
  const path = join(root, 'tsconfig.json')
  const config = ts.parseJsonConfigFileContent(ts.readConfigFile(path, ts.sys.readFile).config, ts.sys, root)
  const program = ts.createProgram(config.fileNames, config.options)
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) =>
        `${file?.fileName.slice(root.length)} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    )
}
