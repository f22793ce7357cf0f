import { expect, test } from 'vitest'
import { type Files, mapOf } from './helper.js'

const connection = `import { Pool } from 'pg'\nexport const pool = new Pool()\n`

test.each<[name: string, files: Files, places: string[]]>([
  [
    'run, whole and in parts',
    {
      'src/a.ts': `${connection}
        const columns = 'id, name'
        const where = (x: string) => \`WHERE \${x} = 1\`
        const known = { users: 'SELECT * FROM users', orders: 'SELECT * FROM orders',
          people: 'SELECT * FROM users' }
        let text = \`SELECT \${columns} FROM a\`
        if (process.env.X) text += ' WHERE x = 1'
        pool.query(text)
        pool.query(\`SELECT id FROM b \${where('y')}\`)
        pool.query('SELECT * FROM (' + known.users + ') AS u')
        pool.query(known[process.env.Y as keyof typeof known])`,
    },
    [],
  ],
  [
    'nothing runs them',
    {
      'src/a.ts': `${connection}
        pool.query('SELECT 1 FROM a')
        export const forLater = 'SELECT * FROM users'
        export const twice = [\`INSERT INTO orders (id)
          VALUES (\${1})\`, 'DELETE FROM orders WHERE id = 1']
        console.log('UPDATE users SET x = 1 WHERE id = 2')`,
    },
    ['src/a.ts:5', 'src/a.ts:6', 'src/a.ts:7', 'src/a.ts:8'],
  ],
  [
    'a driver that is not known',
    {
      'src/a.ts': `import { open } from 'lancedb'
        const db = await open('x')
        await db.sendText('SELECT * FROM vectors')`,
    },
    ['src/a.ts:3'],
  ],
  [
    'told as unresolved',
    {
      'src/a.ts': `${connection}
        export const find = (table: string) => pool.query(\`SELECT * FROM \${table} WHERE id IN (SELECT id FROM b)\`)`,
    },
    [],
  ],
  [
    'no statements, or of no table',
    {
      'src/a.ts': `${connection}
        export const texts = ['Select a file from the list', 'Update users', 'SELECT 1', 'SELECT now()', 'BEGIN',
          'SELECT * FROM information_schema.tables', 'FROM users WHERE id = 1', 'select * from']`,
    },
    [],
  ],
])('%s', async (_, files, places) => {
  const { diagnostics } = await mapOf(files)
  const found = diagnostics.filter(({ code }) => code === 'unrun-statement')
  expect(found.map(({ file, line }) => `${file}:${line}`)).toEqual(places)
})

test('it says what may be the reason', async () => {
  const { diagnostics } = await mapOf({
    'src/a.ts': `${connection}export const text = 'SELECT * FROM users'`,
  })
  expect(diagnostics).toEqual([
    {
      severity: 'info',
      code: 'unrun-statement',
      message:
        'nothing is seen to run this statement, so its tables are not on the map for it: it may be text, a part of a query builder, dead, or run by a driver that the tool does not know',
      file: 'src/a.ts',
      line: 3,
    },
  ])
})
