import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openingsIn } from '../../codemods/repository/connection-options.js'
import { openSource } from '../../codemods/site/source-file.js'

/** What is understood of the options of the connections that `db.ts` opens; or why it is not. */
function optionsOf(files: Record<string, string>) {
  const found = openingsIn('src/db.ts', files['src/db.ts']!, {
    sourceOf: path => (files[path] === undefined ? null : openSource(path, files[path])),
    resolve: (from, specifier) => {
      const path = posix.join(posix.dirname(from), specifier)
      return [`${path}.ts`, `${path}/index.ts`].find(each => each in files) ?? null
    },
  })
  return found.map(({ opened }) => opened.options ?? opened.unknown)
}

const MYSQL = "import mysql from 'mysql2/promise'\n"

/** Title, the code that opens a connection, other files, what is known. */
const known: [string, string, Record<string, string>, object][] = [
  ['a literal', "mysql.createPool({ host: 'x', dateStrings: true })", {}, { dateStrings: true }],
  ['nothing', 'mysql.createPool()', {}, {}],
  [
    'a constant of the file, with others spread into it',
    "const base = { timezone: 'Z' } as const\nconst options = Object.freeze({ ...base, dateStrings: false })\nmysql.createPool(options)",
    {},
    { timezone: 'Z', dateStrings: false },
  ],
  [
    'a copy of a constant',
    "const base = { timezone: 'Z' }\nmysql.createPool({ ...structuredClone(base), dateStrings: false })",
    {},
    { timezone: 'Z', dateStrings: false },
  ],
  [
    'a constant of another file',
    "import { dbConfig } from './config/db'\nmysql.createPool(dbConfig)",
    { 'src/config/db.ts': 'export const dbConfig = { host: process.env.DB_HOST, decimalNumbers: true }' },
    { decimalNumbers: true },
  ],
  [
    'a property of a default export, through a barrel',
    "import { settings } from './config'\nmysql.createPool({ ...settings.database.mysql, connectionLimit: 5 })",
    {
      'src/config/index.ts': "export { default as settings } from './settings'",
      'src/config/settings.ts':
        'const mysql = { supportBigNumbers: true }\nconst settings = { port: 3000, database: { mysql } }\nexport default settings',
    },
    { supportBigNumbers: true },
  ],
  [
    'a property of a module',
    "import * as config from './config'\nmysql.createPool(config.database)",
    { 'src/config.ts': 'export const database = { dateStrings: true }' },
    { dateStrings: true },
  ],
  [
    'what is taken out of a constant',
    "import { config } from './config'\nconst { database: { main } } = config\nmysql.createPool(main)",
    { 'src/config.ts': 'export const config = { database: { main: { dateStrings: true } } }' },
    { dateStrings: true },
  ],
  [
    'what a function gives, with an option that is a constant',
    "import { databaseOptions } from './config'\nmysql.createPool(databaseOptions())",
    {
      'src/config.ts':
        "const AS_TEXT = true\nexport function databaseOptions() {\n  return { host: 'x', dateStrings: AS_TEXT }\n}",
    },
    { dateStrings: true },
  ],
  [
    'a field of the class',
    "class Database {\n  private readonly options = { host: 'x', decimalNumbers: true }\n  pool = mysql.createPool(this.options)\n}",
    {},
    { decimalNumbers: true },
  ],
  [
    'what is there under a condition and changes no value',
    'const ca = process.env.CA\nmysql.createPool({ ...(ca && { ssl: { ca } }), ...(ca ? { port: 1 } : undefined) })',
    {},
    {},
  ],
  ['a URL of the environment', "mysql.createPool(process.env.DATABASE_URL ?? 'mysql://localhost/x')", {}, {}],
  [
    "knex's connection",
    "import Knex from 'knex'\nimport { connection } from './config'\nKnex({ client: 'mysql2', connection })",
    { 'src/config.ts': 'export const connection = { dateStrings: true }' },
    { dateStrings: true },
  ],
  [
    'one of several by a key of the environment',
    "import knex from 'knex'\nimport configs from '../knexfile'\nexport const db = knex(configs[process.env.NODE_ENV ?? 'development'])",
    {
      'knexfile.ts':
        "const config: Configs = {\n  development: { client: 'mysql2', connection: { host: 'x', dateStrings: true } },\n  production: { client: 'mysql2', connection: { host: process.env.HOST, dateStrings: true } },\n}\nexport default config",
    },
    { dateStrings: true },
  ],
  [
    "Nest's module",
    "TypeOrmModule.forRoot({ type: 'mysql', url: process.env.URL, bigNumberStrings: false })",
    {},
    { bigNumberStrings: false },
  ],
  [
    'what a factory of Nest gives',
    "import { options } from './options'\nTypeOrmModule.forRootAsync({ inject: [ConfigService], useFactory: async (config: ConfigService) => ({ ...options, host: config.get('HOST') }) })",
    { 'src/options.ts': 'export const options = { decimalNumbers: true }' },
    { decimalNumbers: true },
  ],
  [
    "TypeORM's extra options",
    "new DataSource({ type: 'mysql', extra: { connectionLimit: 5, dateStrings: true } })",
    {},
    { dateStrings: true },
  ],
]

/** Title, the code that opens a connection, other files, the reason. */
const unknown: [string, string, Record<string, string>, string][] = [
  [
    'a parameter',
    'export function connect(options: PoolOptions) {\n  return mysql.createPool({ ...options })\n}',
    {},
    '`options` at src/db.ts:3 is not understood',
  ],
  [
    'a variable that changes',
    'let options = { host: 1 }\noptions = load()\nmysql.createPool(options)',
    {},
    '`options` at src/db.ts:4 is not understood',
  ],
  [
    'a function that changes values',
    "import { dbConfig } from './config'\nmysql.createPool(dbConfig)",
    { 'src/config.ts': 'export const dbConfig = { typeCast: cast }' },
    '`typeCast: cast` at src/config.ts:1 is not understood',
  ],
  [
    'an option that the environment decides',
    "mysql.createPool({ timezone: process.env.TZ ?? 'Z' })",
    {},
    "`timezone: process.env.TZ ?? 'Z'` at src/db.ts:2 is not understood",
  ],
  [
    'one of two, with different options',
    "mysql.createPool(isTest ? { dateStrings: true } : { host: 'x' })",
    {},
    'src/db.ts:2 and src/db.ts:2 open one with different options',
  ],
  [
    'one of several by a key, with different options',
    'const configs = { test: { dateStrings: true }, production: {} }\nmysql.createPool(configs[process.env.NODE_ENV])',
    {},
    'src/db.ts:2 and src/db.ts:2 open one with different options',
  ],
  [
    'one by a key among what is not all written out',
    'const configs = { test: {}, ...others }\nmysql.createPool(configs[process.env.NODE_ENV])',
    {},
    '`configs[process.env.NODE_ENV]` at src/db.ts:3 is not understood',
  ],
  [
    'a class that Nest asks for the options',
    'TypeOrmModule.forRootAsync({ useClass: DatabaseOptions })',
    {},
    '`{ useClass: DatabaseOptions }` at src/db.ts:2 is not understood',
  ],
  [
    'a URL with options',
    "mysql.createPool('mysql://localhost/x?dateStrings=true')",
    {},
    "`'mysql://localhost/x?dateStrings=true'` at src/db.ts:2 is not understood",
  ],
]

describe('options of connections', () => {
  it.each(known)('knows %s', (_, code, beside, options) => {
    expect(optionsOf({ 'src/db.ts': MYSQL + code, ...beside })).toEqual([options])
  })

  it.each(unknown)('does not know %s', (_, code, beside, reason) => {
    expect(optionsOf({ 'src/db.ts': MYSQL + code, ...beside })).toEqual([reason])
  })

  it('leaves a function of the repository to the call in it', () => {
    const code =
      'export function createPool() {\n  return mysql.createPool({ dateStrings: true })\n}\ncreatePool()'
    expect(optionsOf({ 'src/db.ts': MYSQL + code })).toEqual([{ dateStrings: true }])
  })
})
