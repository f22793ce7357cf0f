/**
 * What code does to tables with a schema builder instead of SQL. Calls of knex's, of Sequelize's query interface, of
 * TypeORM's query runner and of node-pg-migrate's builder are read as the DDL that they write; of those of Kysely and
 * db-migrate the text names the table that is made, which is enough to tell whose it is.
 */
import type { Node, Program } from '@oxc-project/types'
import { parseSource } from '../../extract/parse.js'
import { lineAt, lineStartsOf } from '../../extract/positions.js'
import type { BuilderCall } from './ddl.js'
import { readKnexSchema } from './knex/index.js'
import type { TextOf } from './literals.js'
import { MAY_BE_NODE_PG_MIGRATE, readNodePgMigrateSchema } from './node-pg-migrate.js'
import { MAY_BE_SEQUELIZE, readSequelizeSchema } from './sequelize/index.js'
import { MAY_BE_TYPEORM, readTypeormSchema } from './typeorm.js'

/** What a call does to a table, with its place in a file. */
export interface BuiltTable {
  schema: string | null
  name: string
  file: string
  /** From 1. */
  line: number
  creates: boolean
  /** As DDL; null where the columns that the table has then are not known. */
  sql: BuilderCall['sql']
}

const BUILDS = /\.(?:createTable|alterTable|dropTable|renameTable)|\.schema\b[^;]{0,200}\.table\s*\(/
const MAY_BE_KNEX = /\.schema\b/
const CHANGES =
  /\.(?:addColumns?|(?:change|alter|rename)Column|(?:remove|drop)Columns?|(?:add|create|remove|drop)Constraint|createForeignKeys?)\s*\(/

/** Builders whose calls are read: where a file may have some, and how they are read. */
const BUILDERS: [mayBe: RegExp, read: (program: Program, textOf: TextOf) => BuilderCall[]][] = [
  [MAY_BE_KNEX, readKnexSchema],
  [MAY_BE_SEQUELIZE, readSequelizeSchema],
  [MAY_BE_TYPEORM, readTypeormSchema],
  [MAY_BE_NODE_PG_MIGRATE, readNodePgMigrateSchema],
]

const TEXT = String.raw`(?:'([^'\n]{1,128})'|"([^"\n]{1,128})"|\`([^\`$\n]{1,128})\`)`
const NAME = String.raw`([A-Za-z_$][\w$]{0,80})`
/** `.withSchema('app').createTable('users'`, `.createTable(new Table({`, `.createTable({`, `.createTable(USERS`. */
const CALL = new RegExp(
  String.raw`(?:\.withSchema\(\s*(?:${TEXT}|${NAME})\s*\)\s*)?\.createTable(?:IfNotExists)?\s*\(\s*` +
    String.raw`(?:${TEXT}|(?:new\s+Table\s*\(\s*)?\{([^{}]{0,400})|${NAME}\s*[,)])`,
  'g',
)
const NAME_ENTRY = new RegExp(String.raw`(?:^|[\s,])(?:name|tableName)\s*:\s*(?:${TEXT}|${NAME})`)
const SCHEMA_ENTRY = new RegExp(String.raw`(?:^|[\s,])schema\s*:\s*(?:${TEXT}|${NAME})`)

/** Names that are looked up in one file. */
const MAX_CONSTANTS = 100

/**
 * What a source file does to tables, in its order. A name that is no text and no constant of the file is left out: what
 * builders do is said not to be read.
 */
export function readBuiltTables(file: string, text: string): BuiltTable[] {
  if (!BUILDS.test(text) && !(CHANGES.test(text) && isOfClass(text))) return []
  const found: (BuiltTable & { at: number })[] = []
  const lineStarts = lineStartsOf(text)
  const constants = new Map<string, string | null>()
  /** A text as it is written, or that of the constant for which a name stands. */
  const textOf = ([single, double, back, name]: (string | undefined)[]): string | null => {
    const written = single ?? double ?? back
    if (written !== undefined || name === undefined) return written ?? null
    if (!constants.has(name) && constants.size < MAX_CONSTANTS) constants.set(name, constantIn(text, name))
    return constants.get(name) ?? null
  }
  const calls = builderCalls(file, text, node => textOf(writtenIn(node)))
  for (const { at, isUndone, table, creates, sql } of calls)
    if (!isUndone) found.push({ ...table, file, line: lineAt(lineStarts, at), creates, sql, at })
  const read = new Set(calls.map(({ at }) => at))
  for (const match of text.matchAll(CALL)) {
    const at = match.index + match[0].indexOf('createTable')
    if (read.has(at)) continue
    const [, s1, s2, s3, schemaName, t1, t2, t3, entries, tableName] = match
    const named = entries === undefined ? null : NAME_ENTRY.exec(entries)
    const placed = entries === undefined ? null : SCHEMA_ENTRY.exec(entries)
    const name = textOf(named ? named.slice(1) : [t1, t2, t3, tableName])
    if (name === null) continue
    const schema = textOf(placed ? placed.slice(1) : [s1, s2, s3, schemaName])
    const [last, qualifier] = name.split('.').reverse()
    const line = lineAt(lineStarts, at)
    found.push({ schema: qualifier ?? schema, name: last!, file, line, creates: true, sql: UNKNOWN, at })
  }
  return found.sort((a, b) => a.at - b.at).map(({ at: _, ...table }) => table)
}

function isOfClass(text: string): boolean {
  return [MAY_BE_SEQUELIZE, MAY_BE_TYPEORM, MAY_BE_NODE_PG_MIGRATE].some(mayBe => mayBe.test(text))
}

/** None in code that is too deep to be read: names are told by the text alone then. */
function builderCalls(file: string, text: string, textOf: TextOf): BuilderCall[] {
  const builders = BUILDERS.filter(([mayBe]) => mayBe.test(text))
  const { program } = builders.length > 0 ? parseSource(file, text) : { program: null }
  if (!program) return []
  try {
    const calls = new Map<number, BuilderCall>()
    for (const [, read] of builders)
      for (const call of read(program, textOf)) if (!calls.has(call.at)) calls.set(call.at, call)
    return [...calls.values()]
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    return []
  }
}

const UNKNOWN: BuiltTable['sql'] = { postgresql: null, mysql: null }

/** A text or a name in the order of the groups of `TEXT` and `NAME`. */
function writtenIn(node: Node): (string | undefined)[] {
  if (node.type === 'Literal' && typeof node.value === 'string') return [node.value]
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0)
    return [node.quasis[0]?.value.cooked ?? undefined]
  return node.type === 'Identifier' ? [undefined, undefined, undefined, node.name] : []
}

function constantIn(text: string, name: string): string | null {
  const constant = new RegExp(
    String.raw`\b(?:const|let|var)\s+${name.replaceAll('$', '\\$')}\s*(?::[^=\n]{1,80})?=\s*${TEXT}`,
  ).exec(text)
  return constant ? (constant[1] ?? constant[2] ?? constant[3] ?? null) : null
}
