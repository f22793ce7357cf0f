/** The fixture rewritten: it type-checks as before, a second run changes nothing, and the check is content. */
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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
