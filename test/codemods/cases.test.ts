import { rmSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { rewrite } from '../../codemods/index.js'
import type { Operation, StatementPart } from '../../codemods/operation.js'
import { liftCalls } from '../../codemods/transforms/lift.js'
import { platformFiles, writeFolder } from './platform.js'
import { readCaseFiles } from './read-cases.js'

const crlf = (text: string): string => text.replaceAll('\n', '\r\n')

describe('files with the line ends of Windows', () => {
  const formatted = readCaseFiles().find(({ name }) => name === 'formatting')!
  it.each(formatted.cases.filter(({ after }) => after !== null))(
    '$title',
    async ({ file, before, after }) => {
      const root = writeFolder({ ...platformFiles(formatted.dialect), [file]: crlf(before) })
      const { changes } = await rewrite({ root, inTransactions: false })
      rmSync(root, { recursive: true, force: true })
      expect(changes.find(({ path }) => path === file)?.after).toBe(crlf(after!))
    },
  )
})

for (const { name, dialect, cases } of readCaseFiles()) {
  describe(name, () => {
    it.each(cases)('$title', async ({ file, before, beside, after, reason, sql }) => {
      const root = writeFolder({ ...platformFiles(dialect), ...beside, [file]: before })
      const made = await rewrite({ root, inTransactions: false })
      rmSync(root, { recursive: true, force: true })
      const plans = made.plan.accesses.filter(access => access.file === file)
      expect(plans.length, 'accesses in the case').toBeGreaterThan(0)
      const change = made.changes.find(each => each.path === file)
      if (after === null) {
        expect(change?.after).toBeUndefined()
        expect(plans.map(plan => plan.reason).join('\n')).toContain(reason)
        return
      }
      expect(plans.filter(plan => plan.edit === null).map(plan => plan.reason)).toEqual([])
      expect(change?.after).toBe(after)
      if (sql !== null) {
        const operation = made.plan.operations.find(each => each.id === plans[0]!.operations[0])!
        expect(written(operation)).toBe(sql)
      }
      const edits = plans.flatMap(plan => plan.edit ?? [])
      expect(liftCalls(file, after, edits), 'a second run').toBe(after)
    })
  })
}

/** A statement as the cases write it: `{name}` for a parameter, `[name: …]` for a part that may be missing, with what stands between those that are there, `{rows: (…)}` for what is there for each row. */
function written({ statement }: Operation): string {
  const write = (part: StatementPart): string => {
    if (part.kind === 'text') return part.text
    if (part.kind === 'parameter') return part.list ? `{${part.parameter}...}` : `{${part.parameter}}`
    if (part.kind === 'choice') return `{${part.parameter}}`
    if (part.kind === 'joined') return part.parts.map(write).join(part.separator)
    if (part.kind === 'rows') return `{${part.parameter}: ${part.parts.map(write).join('')}}`
    return `[${part.when}:${part.parts.map(write).join('')}]`
  }
  return statement.map(write).join('')
}
