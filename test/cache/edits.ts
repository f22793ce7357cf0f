/** Random edits of a tree, as a team makes them over months; the same for the same seed. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

export interface Random {
  between(low: number, high: number): number
  pick<T>(list: readonly T[]): T
}

/** Mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    pick: list => list[Math.floor(next() * list.length)],
  }
}

const TABLES = [
  'patients',
  'invoices',
  'lab_orders',
  'inventory_items',
  'facilities',
  'charge_master',
  'brand_new',
]

type Edit = (root: string, random: Random) => string

/** Makes one edit below `root` and tells it. */
export function edit(root: string, random: Random): string {
  return random.pick(EDITS)(root, random)
}

const EDITS: Edit[] = [
  ...repeat(6, inSource(changeLine)),
  ...repeat(3, inSource(renameTable)),
  ...repeat(3, inSource(addQuery)),
  ...repeat(2, inSource(swapFunctions)),
  inSource(breakSyntax),
  inSource(addComment),
  inSource(addImport),
  inFile(/\.sql$/, changeLine),
  inFile(/\.sql$/, renameTable),
  inFile(/\.sql$/, text => `${text}\nCREATE TABLE brand_new (id INT PRIMARY KEY, patient_id INT);\n`),
  inFile(/package\.json$/, changeDependencies),
  inFile(/tsconfig[^/]*\.json$/, changePaths),
  inFile(/(?:^|\/)(?:\.env|default\.json|docker-compose\.yml)/, text =>
    text.replace(/nilecare\b/, 'nilecare_two'),
  ),
  inFile(/(?:^|\/)(?:\.env|default\.json|docker-compose\.yml)/, text =>
    text.replace(/nilecare_two\b/, 'nilecare'),
  ),
  writeConfig,
  writeGitignore,
  removeFile,
  copyFile,
  copyFile,
  moveFile,
  addSqlFile,
  ...repeat(2, inFile(/shared-database\/src\/.*\.ts$/, changeLine)),
  inSource(addAllowance),
  ...repeat(2, inSource(addTransaction)),
  ...repeat(2, inSource(addRepository)),
  inSource(addFragments),
  ...repeat(2, renameFunction),
  ...repeat(2, inSource(handOverOtherwise)),
  ...repeat(2, addConstant),
  ...repeat(2, inSource(changeConstant)),
  addPackage,
  ...repeat(2, inSource(addWrapper)),
]

function repeat(times: number, each: Edit): Edit[] {
  return Array.from({ length: times }, () => each)
}

function filesBelow(root: string, pattern: RegExp): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter(path => !path.startsWith('node_modules/') && pattern.test(path))
    .sort()
}

function inFile(pattern: RegExp, change: (text: string, random: Random) => string): Edit {
  return (root, random) => {
    const path = random.pick(filesBelow(root, pattern))
    if (path === undefined) return 'nothing'
    writeFileSync(join(root, path), change(readFileSync(join(root, path), 'utf8'), random))
    return `${change.name} ${path}`
  }
}

function inSource(change: (text: string, random: Random) => string): Edit {
  return inFile(/\.ts$/, change)
}

/** Takes a line away or writes it twice. */
function changeLine(text: string, random: Random): string {
  const lines = text.split('\n')
  const at = random.between(0, lines.length - 1)
  if (random.between(0, 1) === 0) lines.splice(at, 1)
  else lines.splice(at, 0, lines[at])
  return lines.join('\n')
}

function renameTable(text: string, random: Random): string {
  const named = TABLES.filter(table => text.includes(table))
  return named.length === 0 ? text : text.replace(random.pick(named), random.pick(TABLES))
}

function addQuery(text: string, random: Random): string {
  const name = `added${random.between(0, 1_000_000)}`
  return `import { query as q${name} } from '@nilecare/shared-database'
${text}
export async function ${name}(table = '${random.pick(TABLES)}') {
  return q${name}(\`SELECT * FROM ${random.pick([...TABLES, '${table}'])} WHERE id = ?\`, [1])
}
export const run${name} = () => ${name}('${random.pick(TABLES)}')
`
}

function addAllowance(text: string, random: Random): string {
  const lines = text.split('\n')
  lines.splice(random.between(0, lines.length), 0, '// seamripper-allow read patients -- for now')
  return lines.join('\n')
}

/** Transactions by SQL, by a callback, and by a function that runs what it is given in one. */
function addTransaction(text: string, random: Random): string {
  const name = `moved${random.between(0, 1_000_000)}`
  const write = `q${name}('UPDATE ${random.pick(TABLES)} SET id = ?', [1])`
  return `import { query as q${name}, withTransaction as w${name} } from '@nilecare/shared-database'
${text}
export async function ${name}(work: () => Promise<void>) {
  await q${name}('${random.pick(['BEGIN', 'SELECT 1'])}')
  await work()
  await ${write}
  await q${name}('COMMIT')
}
export const run${name} = () => ${name}(async () => { await ${write} })
export const wrapped${name} = () => w${name}(async () => { await ${write} })
`
}

/** A class whose text is decided by its subclass, or by what its constructor was given in another file. */
function addRepository(text: string, random: Random): string {
  const name = `Store${random.between(0, 3)}`
  const table = random.pick(TABLES)
  if (random.between(0, 1) === 0) {
    return `import { ${name} as made${name} } from '@nilecare/shared-database'
${text}
export const all${table} = () => new made${name}({ table: '${table}' }).all()
`
  }
  return `import { query as q${name} } from '@nilecare/shared-database'
${text}
interface Readable { all(): unknown }
export class ${name} implements Readable {
  table = '${table}'
  constructor(private readonly options: { table: string }) {}
  all() { return q${name}(\`SELECT * FROM \${${random.pick(['this.options.table', 'this.table'])}}\`) }
}
export class ${name}Of${table} extends ${name} { table = '${random.pick(TABLES)}' }
`
}

/** An exported function gets another name: in its file alone, or wherever it is spoken of. */
function renameFunction(root: string, random: Random): string {
  const files = filesBelow(root, /\.ts$/)
  const path = random.pick(files)
  const [, name] = /export (?:async )?function (\w+)/.exec(readFileSync(join(root, path), 'utf8')) ?? []
  if (name === undefined) return 'nothing'
  const places = random.between(0, 1) === 0 ? [path] : files
  for (const place of places) {
    const text = readFileSync(join(root, place), 'utf8')
    const renamed = text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `${name}X`)
    if (renamed !== text) writeFileSync(join(root, place), renamed)
  }
  return `rename ${name} of ${path} in ${places.length} files`
}

/** A call hands over other arguments, or the same in another way. */
function handOverOtherwise(text: string, random: Random): string {
  const [call, name, args] = /\b(\w*[qQ]uery\w*)\(((?:`[^`$]*`|'[^']*')[^()]*)\)/.exec(text) ?? []
  if (call === undefined) return text
  const other = random.pick([
    `${name}.call(null, ${args})`,
    `${name}(...[${args}])`,
    `${name}([], ${args})`,
    `(() => ${name})()(${args})`,
    `${name}(() => {}, ${args})`,
  ])
  return text.replace(call, () => other)
}

/** A function that hands its text on to another one that does. */
function addWrapper(text: string, random: Random): string {
  const name = `wrapped${random.between(0, 3)}`
  return `import { query as q${name} } from '@nilecare/shared-database'
import { ${name} as other${name} } from '${random.pick(['./index', '../index', '@nilecare/shared-database'])}'
${text}
export function ${name}(sql: string, params: unknown[] = []) { return q${name}(sql, params) }
export const run${name} = () => other${name}('SELECT * FROM ${random.pick(TABLES)}')
export const own${name} = () => ${name}('DELETE FROM ${random.pick(TABLES)}')
`
}

/** A constant of one file that names a table for another one. */
function addConstant(root: string, random: Random): string {
  const files = filesBelow(root, /\.ts$/)
  const [from, to] = [random.pick(files), random.pick(files)]
  const name = `TABLE_${random.between(0, 1_000_000)}`
  const specifier = relative(dirname(to), from).replaceAll('\\', '/').replace(/\.ts$/, '')
  append(join(root, from), `\nexport const ${name} = '${random.pick(TABLES)}'\n`)
  append(
    join(root, to),
    `
import { ${name} as other${name} } from './${specifier}'
import { query as q${name} } from '@nilecare/shared-database'
export const of${name} = () => q${name}(\`SELECT * FROM \${other${name}}\`)
`,
  )
  return `constant ${name} of ${from} in ${to}`
}

function append(path: string, text: string): void {
  writeFileSync(path, readFileSync(path, 'utf8') + text)
}

function changeConstant(text: string, random: Random): string {
  return text.replace(/(const TABLE_\d+ = ')\w+/, `$1${random.pick(TABLES)}`)
}

/** A package with a wrapper, and a file that imports it. */
function addPackage(root: string, random: Random): string {
  const name = `extra${random.between(0, 9)}`
  const folder = join(root, 'packages', name)
  mkdirSync(join(folder, 'src'), { recursive: true })
  const manifest = { name: `@nilecare/${name}`, main: 'src/index.ts', dependencies: { mysql2: '*' } }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  writeFileSync(
    join(folder, 'src/index.ts'),
    `import mysql from 'mysql2/promise'
const pool = mysql.createPool({ database: '${random.pick(['nilecare', 'other'])}' })
export const run = (sql: string) => pool.query(sql)
`,
  )
  const user = random.pick(filesBelow(root, /\.ts$/))
  append(
    join(root, user),
    `\nimport { run as ${name} } from '@nilecare/${name}'\nexport const use${name} = () => ${name}('UPDATE ${random.pick(TABLES)} SET id = 1')\n`,
  )
  return `package ${name} used in ${user}`
}

/** Templates within templates, which are no executions of their own. */
function addFragments(text: string, random: Random): string {
  const name = `part${random.between(0, 1_000_000)}`
  return `import postgres${name} from 'postgres'
${text}
const sql${name} = postgres${name}(process.env.DB_URL ?? 'postgres://localhost/nilecare')
export const ${name} = (id: number) =>
  sql${name}\`SELECT * FROM ${random.pick(TABLES)} \${id > 0 ? sql${name}\`WHERE id IN (SELECT id FROM ${random.pick(TABLES)})\` : sql${name}\`\`}\`
`
}

/** Exported functions change their order, and with it their ids. */
function swapFunctions(text: string): string {
  const parts = text.split(/^(?=export (?:async )?function )/m)
  return parts.length < 3 ? text : [parts[0], parts.at(-1), ...parts.slice(1, -1)].join('')
}

function breakSyntax(text: string, random: Random): string {
  const at = random.between(0, text.length)
  return `${text.slice(0, at)}${random.pick(['`', '(', '}', "'", '/*', '${'])}${text.slice(at)}`
}

function addComment(text: string): string {
  return `// SELECT * FROM patients\n${text}`
}

function addImport(text: string, random: Random): string {
  const from = random.pick(['@nilecare/shared-database', '@nilecare/common', './index', '../index', 'pg'])
  return `import * as extra from '${from}'\n${text}export { extra }\n`
}

function changeDependencies(text: string, random: Random): string {
  const manifest = parsedOr(text, {}) as { dependencies?: Record<string, string> }
  const dependencies = { ...manifest.dependencies }
  const name = random.pick(['mysql2', 'pg', '@nilecare/shared-database', 'better-sqlite3'])
  if (name in dependencies) delete dependencies[name]
  else dependencies[name] = '*'
  return JSON.stringify({ ...manifest, dependencies }, null, 2)
}

function changePaths(text: string, random: Random): string {
  const config = parsedOr(text, {}) as { compilerOptions?: { paths?: Record<string, string[]> } }
  const paths = { ...config.compilerOptions?.paths }
  const name = '@nilecare/shared-database'
  if (name in paths && random.between(0, 1) === 0) delete paths[name]
  else
    paths[name] = [random.pick(['./packages/shared-database/src/index.ts', './packages/common/src/index.ts'])]
  return JSON.stringify({ ...config, compilerOptions: { ...config.compilerOptions, paths } }, null, 2)
}

function parsedOr(text: string, fallback: unknown): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return fallback
  }
}

function writeConfig(root: string, random: Random): string {
  const path = join(root, 'seamripper.yml')
  const text = random.pick([
    '',
    `owners:\n  nilecare/${random.pick(TABLES)}: clinical\n`,
    'exclude:\n  - "**/bin/**"\n',
    'services:\n  clinical: { path: microservices/clinical, datastore: own_clinical }\n',
  ])
  if (text === '') rmSync(path, { force: true })
  else writeFileSync(path, text)
  return `config ${JSON.stringify(text)}`
}

function writeGitignore(root: string, random: Random): string {
  const text = random.pick(['node_modules\n', 'node_modules\n*.sql\n', 'node_modules\nrepositories/\n'])
  writeFileSync(join(root, '.gitignore'), text)
  return `.gitignore ${JSON.stringify(text)}`
}

function removeFile(root: string, random: Random): string {
  const files = filesBelow(root, /\.(?:ts|sql)$/)
  // What is taken away again and again leaves nothing to edit.
  if (files.length < 40) return 'nothing'
  const path = random.pick(files)
  rmSync(join(root, path))
  return `remove ${path}`
}

function targetOf(path: string, random: Random): string {
  return path.replace(/([^/]+)\.(\w+)$/, `$1-${random.between(1, 9)}.$2`)
}

function copyFile(root: string, random: Random): string {
  const path = random.pick(filesBelow(root, /\.(?:ts|sql)$/))
  const target = targetOf(path, random)
  writeFileSync(join(root, target), readFileSync(join(root, path)))
  return `copy ${path} to ${target}`
}

function moveFile(root: string, random: Random): string {
  const path = random.pick(filesBelow(root, /\.(?:ts|sql|json)$/))
  const target = targetOf(path, random)
  renameSync(join(root, path), join(root, target))
  return `move ${path} to ${target}`
}

function addSqlFile(root: string, random: Random): string {
  const source = random.pick(filesBelow(root, /\.ts$/))
  const path = source.replace(/\.ts$/, '.sql')
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), `-- name: findAll\nSELECT * FROM ${random.pick(TABLES)}\n`)
  return `add ${path}`
}
