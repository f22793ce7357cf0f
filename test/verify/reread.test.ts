/** Call sites read anew, with given values: what their code runs, written by hand. */
import { rmSync } from 'node:fs'
import { expect, it } from 'vitest'
import { rewrite } from '../../codemods/index.js'
import { readAnew } from '../../codemods/verify/reread/index.js'
import { platformFiles, writeFolder } from '../codemods/platform.js'

type Values = Record<string, unknown>

/** Its calls by the parameters of the operation, and the statement with its values; null where the code does not get there. */
const CASES: [title: string, code: string, sets: [Values, [string, unknown[]] | null][]][] = [
  [
    'a guard, a default, a number that is clamped',
    `export async function list(query: { mrn?: string; limit?: string }) {
  const { mrn, limit = '20' } = query
  if (!mrn) return []
  const top = Math.min(Number(limit), 50)
  const [rows] = await db.query(\`SELECT id FROM patients WHERE mrn = ? ORDER BY id LIMIT \${top}\`, [mrn])
  return rows
}`,
    [
      [{ mrn: 'a', limit: 5 }, ['SELECT id FROM patients WHERE mrn = ? ORDER BY id LIMIT 5', ['a']]],
      [{ mrn: null, limit: 5 }, null],
    ],
  ],
  [
    'conditions in a list, with what a look before says',
    `export async function list(filter: any) {
  const [known] = await db.query('SELECT id FROM orders WHERE id = ?', [filter.order])
  if ((known as any[]).length === 0) throw new Error('gone')
  const where = ['visits > 0']
  const params: any[] = []
  if (filter.mrn !== undefined) {
    where.push('mrn = ?')
    params.push(filter.mrn)
  }
  if (filter.name) {
    where.push('last_name LIKE ?')
    params.push(\`%\${filter.name}%\`)
  }
  const [rows] = await db.query(\`SELECT id FROM patients WHERE \${where.join(' AND ')}\`, params)
  return rows
}`,
    [
      [
        { mrn: 'm', lastNamePattern: 'n' },
        ['SELECT id FROM patients WHERE visits > 0 AND mrn = ? AND last_name LIKE ?', ['m', '%n%']],
      ],
      [{ lastNamePattern: 'n' }, ['SELECT id FROM patients WHERE visits > 0 AND last_name LIKE ?', ['%n%']]],
      [{}, ['SELECT id FROM patients WHERE visits > 0', []]],
    ],
  ],
  [
    'a column by a map, a direction by a condition',
    `const COLUMNS: Record<string, string> = { name: 'last_name', mrn: 'mrn' }
export async function list(sort: string, isUp: boolean) {
  const [rows] = await db.query(\`SELECT id FROM patients ORDER BY \${COLUMNS[sort] ?? 'id'} \${isUp ? 'ASC' : 'DESC'}\`)
  return rows
}`,
    [
      [{ orderBy: 'last_name', direction: 'DESC' }, ['SELECT id FROM patients ORDER BY last_name DESC', []]],
      [{ orderBy: 'id', direction: 'ASC' }, ['SELECT id FROM patients ORDER BY id ASC', []]],
    ],
  ],
  [
    'a list, a method of the class, a loop over columns',
    `export class Patients {
  constructor(private readonly table: string) {}
  private marks(ids: string[]) {
    return ids.map(() => '?').join(', ')
  }
  async change(ids: string[], patch: any) {
    const sets: string[] = ['visits = visits + 1']
    const values: any[] = []
    for (const column of ['mrn', 'first_name']) {
      if (patch[column] === undefined) continue
      sets.push(\`\${column} = ?\`)
      values.push(patch[column])
    }
    await db.query(\`UPDATE patients SET \${sets.join(', ')} WHERE id IN (\${ids.map(() => '?').join(', ')})\`, [...values, ...ids])
  }
}`,
    [
      [
        { ids: ['a', 'b'], mrn: 'm' },
        ['UPDATE patients SET visits = visits + 1, mrn = ? WHERE id IN (?, ?)', ['m', 'a', 'b']],
      ],
      [{ ids: ['a'] }, ['UPDATE patients SET visits = visits + 1 WHERE id IN (?)', ['a']]],
    ],
  ],
  [
    'modules that are loaded on the way',
    `export async function find(mrn: string) {
  const { check } = await import('./checks')
  check(mrn)
  const pool = (await import('./db')).db
  const [rows] = await pool.query('SELECT id FROM patients WHERE mrn = ?', [mrn])
  return rows
}`,
    [[{ mrn: 'm' }, ['SELECT id FROM patients WHERE mrn = ?', ['m']]]],
  ],
  [
    'values as they are',
    `export async function touch(id: string, at: Date | null, photo?: Buffer) {
  await db.query('UPDATE patients SET seen_at = ?, photo = ? WHERE id = ?', [at, photo ?? null, id])
}`,
    [
      [
        { seenAt: new Date(5), photo: Buffer.from('x'), id: 'a' },
        ['UPDATE patients SET seen_at = ?, photo = ? WHERE id = ?', [new Date(5), Buffer.from('x'), 'a']],
      ],
      [
        { seenAt: null, id: 'a' },
        ['UPDATE patients SET seen_at = ?, photo = ? WHERE id = ?', [null, null, 'a']],
      ],
    ],
  ],
]

it.each(CASES)('%s', async (_, code, sets) => {
  const root = writeFolder({
    ...platformFiles('mysql'),
    'shop/src/calls.ts': `import { db } from './db'\n\n${code}\n`,
  })
  try {
    const { operations, repository, rewritten } = await rewrite({ root, inTransactions: false })
    const [operation] = operations
    const found = readAnew(
      operation!,
      operation!.uses[0]!,
      sets.map(([values]) => values),
      { repository, planned: rewritten },
    )
    if (typeof found === 'string') throw new Error(found)
    expect(found.sets.map(set => found.statements.get(set) ?? null)).toEqual(
      sets.map(([, statement]) => statement && { text: statement[0], values: statement[1] }),
    )
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})

it.each([
  ['a loop without end', 'while (true) {}'],
  ['a text that grows without end', "let text = 'x'\n  for (let i = 0; i < 400; i++) text += text"],
  ['a function that calls itself', 'const again = (n: number[]): number => again([n.length])\n  again([1])'],
  ['a pattern that takes long', "const name = 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!'.replace(/(a+)+$/, '')"],
  ['a pattern in which two things repeat', "const name = ' '.repeat(20_000).replace(/ * *x/g, '')"],
  ['a pattern in a long text', "const name = ' '.repeat(40_000).replace(/ +x/g, '')"],
  ['what fails with every value', "const big = BigInt('x')"],
])('gives up at %s', async (_, code) => {
  const root = writeFolder({
    ...platformFiles('mysql'),
    'shop/src/calls.ts': `import { db } from './db'\n\nexport async function find(id: string) {\n  ${code}\n  const [rows] = await db.query('SELECT mrn FROM patients WHERE id = ?', [id])\n  return rows\n}\n`,
  })
  try {
    const { operations, repository, rewritten } = await rewrite({ root, inTransactions: false })
    const [operation] = operations
    expect(
      readAnew(operation!, operation!.uses[0]!, [{ id: 'a' }], { repository, planned: rewritten }),
    ).toEqual(expect.any(String))
  } finally {
    rmSync(root, { recursive: true, force: true })
  }
})
