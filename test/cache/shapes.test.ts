import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { factsShape } from '../../analyzers/cache/facts-shape.js'
import { mapShape } from '../../analyzers/cache/map-shape.js'
import { scriptShape } from '../../analyzers/cache/script-shape.js'
import { fileEvidenceShape } from '../../analyzers/cache/settings-shape.js'
import { statementsShape } from '../../analyzers/cache/statement-shape.js'
import { readSchemaChanges } from '../../analyzers/catalogue/index.js'
import { readSettingsFiles } from '../../analyzers/datastores/index.js'
import { extractFacts } from '../../analyzers/extract/index.js'
import { analyze } from '../../analyzers/index.js'
import { createSqlAnalyzer, loadParsers } from '../../analyzers/sql/index.js'

/*
 * A shape that refuses what a stage makes would do no harm but to make the cache useless, and no other test would see it.
 */
const project = fileURLToPath(new URL('../..', import.meta.url))

function filesOf(folder: string, ending: string): [path: string, text: string][] {
  return readdirSync(join(project, folder), { recursive: true, encoding: 'utf8' })
    .filter(path => path.endsWith(ending) && !path.includes('node_modules'))
    .map(path => [path, readFileSync(join(project, folder, path), 'utf8')])
}

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

test.each(['fixtures/nilecare', 'analyzers', 'bin', 'test/link'])(
  'facts of all files in %s are facts',
  folder => {
    const files = filesOf(folder, '.ts')
    expect(files.length).toBeGreaterThan(4)
    for (const [path, text] of files)
      expect(factsShape(throughJson(extractFacts(path, text))), path).toBe(true)
  },
)

test('facts of loops, in which nodes come before their parts, are facts', () => {
  const facts = extractFacts(
    'loop.ts',
    `export function f(a: string[], conn: Pool) {
       let q = 'SELECT 1'; const list = []
       for (const x of a) { q = q + (x ? ' AND ' + q : x); list.push(q); for (const y of list) q += y }
       add(list)
       while (q) { try { q = conn.query(q) } catch (e) { q += e } finally { q += '1' } }
       return list.join(q)
     }
     function add(list: string[], more = 'x') { list.unshift(more) }`,
  )
  expect(factsShape(throughJson(facts))).toBe(true)
})

test('scripts, statements and the map are what they are said to be', async () => {
  for (const [file, text] of filesOf('fixtures/nilecare', '.sql')) {
    const reading = readSchemaChanges({ file, text, dialect: 'mysql', line: 1 })
    expect(scriptShape(throughJson(reading)), file).toBe(true)
  }
  const sql = createSqlAnalyzer(await loadParsers(['mysql']))
  const parts = ['SELECT f(a) FROM ', { code: 'table' }, ' JOIN s.t; BEGIN; INSERT INTO u VALUES (1)']
  expect(statementsShape(throughJson(sql.analyze(parts, 'mysql')))).toBe(true)
  expect(mapShape(throughJson(await analyze({ root: join(project, 'fixtures/nilecare') })))).toBe(true)
})

test('ids that lead nowhere or in a circle are no facts', () => {
  const facts = extractFacts(
    'a.ts',
    'export const a = (x: string) => `${x} ${x}`\nexport const b = () => () => a',
  )
  const changed = (change: (facts: ReturnType<typeof JSON.parse>) => void): boolean => {
    const copy = throughJson(facts)
    change(copy)
    return factsShape(copy)
  }
  expect(changed(() => {})).toBe(true)
  const concat = facts.nodes.findIndex(node => node.kind === 'concat')
  expect(changed(copy => copy.nodes[concat].parts.push(concat))).toBe(false)
  expect(changed(copy => copy.nodes[concat].parts.push(copy.nodes.length))).toBe(false)
  expect(
    changed(copy => {
      copy.nodes.push(
        { kind: 'spread', of: copy.nodes.length + 1 },
        { kind: 'spread', of: copy.nodes.length },
      )
    }),
  ).toBe(false)
  expect(changed(copy => (copy.functions[0].parent = 0))).toBe(false)
  expect(changed(copy => (copy.variables.a = 10_000))).toBe(false)
  expect(changed(copy => (copy.more = 1))).toBe(false)
  expect(changed(copy => delete copy.calls)).toBe(false)
})

test('what settings files say is what it is said to be', () => {
  const files: [string, string][] = [
    [
      'docker-compose.yml',
      `services:
  db: { image: 'mysql:8', hostname: store, environment: { MYSQL_DATABASE: shop } }
  orders: { build: ./orders, env_file: .env, depends_on: [db], environment: { DB_NAME: shop } }`,
    ],
    ['.env', 'DB_HOST=db'],
    ['ormconfig.json', '{ "type": "mysql", "database": "shop", "host": "db" }'],
    [
      'k8s/orders.yaml',
      `kind: Deployment
metadata: { name: orders }
spec: { template: { spec: { containers: [{ name: orders, envFrom: [{ configMapRef: { name: common } }] }] } } }
---
kind: ConfigMap
metadata: { name: common }
data: { DB_NAME: shop }`,
    ],
    ['broken/docker-compose.yml', 'services: {'],
  ]
  const said = readSettingsFiles(files.map(([path, text]) => ({ path, owner: null, text })))
  for (const [kind, found] of Object.entries(said)) expect(found, kind).not.toEqual([])
  expect(fileEvidenceShape(throughJson(said))).toBe(true)
})
