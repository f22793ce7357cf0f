/** The fixture rewritten: it type-checks as before, a second run changes nothing, and the check is content. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Validator } from '@seriousme/openapi-schema-validator'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkGate } from '../../analyzers/gate/index.js'
import { analyzeRepository } from '../../analyzers/repository.js'
import { writeChanges } from '../../codemods/changes/index.js'
import { type Rewrite, rewrite } from '../../codemods/index.js'

const project = fileURLToPath(new URL('../..', import.meta.url))

/** What is moved: statements over the tables of one owner (lift), and own and foreign rows that meet by a key (split). */
const REWRITTEN = {
  lift: [
    'billing-service/repositories/patient.repository.ts:16',
    'business/services/schedule.service.ts:22',
    'ehr-service/services/lab-results.service.ts:29',
    'ehr-service/services/lab-results.service.ts:34',
    'hl7-service/legacy/adt-importer.ts:16',
    'inventory-service/services/pricing.service.ts:9',
    'main-nilecare/services/admin.service.ts:42',
    'main-nilecare/services/admin.service.ts:48',
    'main-nilecare/services/admin.service.ts:49',
    'main-nilecare/services/admin.service.ts:50',
    'main-nilecare/services/admin.service.ts:52',
    'main-nilecare/services/dashboard.service.ts:10',
    'main-nilecare/services/dashboard.service.ts:14',
    'main-nilecare/services/dashboard.service.ts:22',
    'payment-gateway-service/services/payment.service.ts:68',
    'shared-database/lookups/facilities.ts:13',
    'shared-database/lookups/facilities.ts:41',
    'shared-database/lookups/patients.ts:14',
    'shared-database/lookups/users.ts:13',
    'shared-database/lookups/users.ts:22',
    'shared-database/lookups/users.ts:32',
  ],
  split: [
    'appointment-service/repositories/appointment.repository.ts:32',
    'appointment-service/repositories/appointment.repository.ts:37',
    'auth-service/services/permission.service.ts:30',
    'billing-service/repositories/invoice.repository.ts:40',
    'business/services/schedule.service.ts:27',
    'clinical/repositories/encounter.repository.ts:42',
    'medication-service/legacy/formulary.ts:6',
    'medication-service/services/prescription.service.ts:47',
    'payment-gateway-service/repositories/payment.repository.ts:25',
    'payment-gateway-service/services/installment.service.ts:27',
  ],
}

/** Of what the platform wants gone and stays: why. */
const LEFT: Record<string, RegExp> = {
  // Drug interactions, compared with two rows of its own.
  'medication-service/services/prescription.service.ts:42': /no column of drug_interactions is compared/,
  // An invoice is read, and its payment written back, in the transaction of the payment.
  'payment-gateway-service/services/payment.service.ts:32': /it runs in the transaction that begins at/,
  'payment-gateway-service/services/payment.service.ts:48': /it runs in the transaction that begins at/,
  'payment-gateway-service/services/refund.service.ts:41': /hands over in the transaction that begins at/,
  'billing-service/services/claim.service.ts:14': /it runs in the transaction that begins at/,
  'facility-service/repositories/bed.repository.ts:20': /joins tables of clinical and facility-service/,
  'payment-gateway-service/services/payment.service.ts:72': /stored routine/,
}

const placeOf = ({ file, line }: { file: string; line: number }): string =>
  `${file.replace(/^(?:microservices|packages)\//, '').replace('/src/', '/')}:${line}`

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

  it('rewrites what can be, and says of the rest what stands in the way', () => {
    const { accesses } = first.plan
    const places = (strategy: string) => accesses.filter(access => access.strategy === strategy).map(placeOf)
    expect(places('lift')).toEqual(expect.arrayContaining(REWRITTEN.lift))
    expect(places('split')).toEqual(expect.arrayContaining(REWRITTEN.split))
    for (const [place, reason] of Object.entries(LEFT))
      expect(accesses.find(access => placeOf(access) === place)?.reason, place).toMatch(reason)
  })

  it('describes each owner by a document that the schema of OpenAPI 3.1 takes', async () => {
    const documents = first.changes.filter(({ path }) => path.endsWith('openapi.json'))
    expect(documents.length).toBeGreaterThan(5)
    for (const { path, after } of documents) {
      const validator = new Validator()
      const { valid, errors } = await validator.validate(JSON.parse(after!))
      expect({ path, valid, errors }).toEqual({ path, valid: true, errors: undefined })
      expect(validator.version).toBe('3.1')
    }
    const [{ after }] = documents
    const broken = JSON.parse(after!)
    delete broken.info.title
    expect((await new Validator().validate(broken)).valid).toBe(false)
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
    expect(names).toContain('lab-service.listLabResultsByPatientWhereReleasedAtNotNull')
    expect(names).toContain('clinical.countDistinctEncounterPatientsByFacilityWhereStatusActive')
    expect(names).toContain('auth-service.getAuthUserByIdWhereStatusActive')
  })

  it('type-checks', () => {
    expect(typeErrors(root)).toEqual([])
  }, 240_000)

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
    // No config says whose a table is: what told it is partly gone.
    const owners = ({ repository }: Rewrite) => repository.map.tables.map(({ id, owner }) => `${id} ${owner}`)
    expect(owners(second)).toEqual(owners(first))
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
