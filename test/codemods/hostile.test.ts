/** Names that the analysed code chooses get into generated files as text, and as nothing else. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { key, quoted, templateText } from '../../codemods/generate/text.js'
import { rewrite } from '../../codemods/index.js'
import fc from '../support/fast-check.js'
import { platformFiles, writeFolder } from './platform.js'

/** Each would do something if it got out of its quotes. */
const NAMES = [
  "x'; process.exit(1); '",
  'x*/ process.exit(1) /*',
  'x\\',
  'x"y',
  '__proto__',
  'constructor',
  'class',
  '../../../etc/passwd',
  '1st',
  'naïve ünïcode',
  '日本',
]

it.each(NAMES)('%s as the name of a table and of its columns', async name => {
  const quoted = name.replaceAll('`', '``')
  const sqlText = `SELECT \`${quoted}\`, id AS \`a ${quoted}\` FROM \`${quoted}\` WHERE \`${quoted}\` = ?`
  const root = writeFolder({
    ...platformFiles('mysql'),
    'clinic/migrations/V2__odd.sql': `CREATE TABLE \`${quoted}\` (id INT PRIMARY KEY, \`${quoted}\` VARCHAR(20) NOT NULL);\n`,
    'shop/src/odd.ts': `import { db } from './db'\n\nexport async function odd(value: string) {\n  const [rows] = await db.query<any[]>(${JSON.stringify(sqlText)}, [value])\n  return rows\n}\n`,
  })
  const made = await rewrite({ root, inTransactions: false })
  rmSync(root, { recursive: true, force: true })
  const [plan] = made.plan.accesses
  expect(plan?.reason).toBe('all of its tables belong to clinic')
  for (const { path, after } of made.changes) {
    expect(path).toMatch(/^(?:clinic|shop)\/src\/[\w./-]+$|^seamripper\.operations\.json$/)
    expect(path).not.toContain('..')
    if (path.endsWith('.json')) JSON.parse(after)
    else {
      const file = ts.createSourceFile(path, after, ts.ScriptTarget.ES2022, true)
      expect((file as unknown as { parseDiagnostics: unknown[] }).parseDiagnostics, path).toEqual([])
      expect(callsIn(file), path).not.toContain('process.exit')
    }
  }
  // The statement is the one that the code had.
  const operation = made.changes.find(
    each => each.path.includes('/operations/') && !each.path.endsWith('index.ts'),
  )!
  const source = ts.createSourceFile('o.ts', operation.after, ts.ScriptTarget.ES2022, true)
  expect(templateIn(source)).toEqual([sqlText.replace(/\?$/, ''), ''])
})

it.each(NAMES)('%s as the name of a column that a split adds', async name => {
  const sqlText = `SELECT o.id, p.mrn AS \`${name.replaceAll('`', '``')}\` FROM orders o JOIN patients p ON p.id = o.patient_id`
  const root = writeFolder({
    ...platformFiles('mysql'),
    'shop/src/odd.ts': `import { db } from './db'\n\nexport async function odd() {\n  const [rows] = await db.query<any[]>(${JSON.stringify(sqlText)})\n  return rows\n}\n`,
  })
  const made = await rewrite({ root, inTransactions: false })
  rmSync(root, { recursive: true, force: true })
  const change = made.changes.find(({ path }) => path === 'shop/src/odd.ts')
  if (name === '__proto__') {
    expect(change).toBeUndefined()
    return
  }
  const file = ts.createSourceFile('odd.ts', change!.after, ts.ScriptTarget.ES2022, true)
  expect((file as unknown as { parseDiagnostics: unknown[] }).parseDiagnostics).toEqual([])
  expect(callsIn(file)).toEqual(['joinRows', 'db.query', 'clinicClient.listPatientsByIds'])
})

describe('a list of operations that somebody changed', () => {
  it.each<[what: string, change: (operation: Record<string, never>) => object]>([
    ['a name', operation => ({ ...operation, name: '../x' })],
    ['a face', operation => ({ ...operation, uses: [use({ faces: ['string; process.exit(1)'] })] })],
    [
      'a kind of column',
      operation => ({ ...operation, columns: [column({ kind: 'text; process.exit(1)' })] }),
    ],
    [
      'a parameter',
      operation => ({ ...operation, statement: [{ kind: 'parameter', parameter: 'x }); y(' }] }),
    ],
    ['a type of event', operation => ({ ...operation, event: "a.b.c'" })],
    ['a dialect', operation => ({ ...operation, dialect: 'x' })],
    ['a key more', operation => ({ ...operation, more: 1 })],
  ])('%s', async (_, change) => {
    const root = writeFolder({
      ...platformFiles('mysql'),
      'shop/src/find.ts': `import { db } from './db'\n\nexport async function find(id: string) {\n  const [rows] = await db.query<any[]>('SELECT mrn FROM patients WHERE id = ?', [id])\n  return rows\n}\n`,
    })
    try {
      const { operations } = await rewrite({ root, inTransactions: false })
      const list = (changed: object[]) => JSON.stringify({ schemaVersion: 1, operations: changed })
      const path = join(root, 'seamripper.operations.json')
      writeFileSync(path, list(operations))
      await rewrite({ root, inTransactions: false })
      writeFileSync(path, list([change(operations[0] as never)]))
      await expect(rewrite({ root, inTransactions: false })).rejects.toThrow(
        'is not what an earlier run wrote',
      )
    } finally {
      rmSync(root, { recursive: true, force: true })
    }
  })

  const use = (more: object) => ({
    service: 'shop',
    file: 'shop/src/find.ts',
    access: 'x',
    strategy: 'lift',
    driver: 'mysql2',
    faces: ['string'],
    options: {},
    ...more,
  })
  const column = (type: object) => ({ name: 'mrn', type, nullable: false })
})

it('any text is itself again in a template, in quotes and as a key', () => {
  const hostile = fc
    .array(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('`', '${', '\\', '\r\n', "'", '\u2028', '*/')),
    )
    .map(parts => parts.join(''))
  fc.assert(
    fc.property(hostile, text => {
      // biome-ignore lint/security/noGlobalEval: what is made here is the code under test
      const [template, string, object] = globalThis.eval(
        `[\`${templateText(text)}\`, ${quoted(text)}, { ${key(text)}: 1 }]`,
      )
      expect(template).toBe(text)
      expect(string).toBe(text)
      expect(Object.keys(object)).toEqual([text])
    }),
  )
})

/** Everything that is called in a file. */
function callsIn(file: ts.SourceFile): string[] {
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) found.push(node.expression.getText(file))
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

/** Texts of the one tagged template of a file. */
function templateIn(file: ts.SourceFile): string[] {
  let texts: string[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isTemplateExpression(node))
      texts = [node.head.text, ...node.templateSpans.map(span => span.literal.text)]
    ts.forEachChild(node, visit)
  }
  visit(file)
  return texts
}
