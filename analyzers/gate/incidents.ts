import { groupBy, isJoined, tableKey } from '../graph/index.js'
import type { Access, AccessTable, DependencyMap, Dialect, Evidence, Table } from '../model.js'
import { isWithin } from '../workspace/paths.js'
import type { Incident } from './incident.js'
import type { GateOp } from './types.js'

/** How evidence begins that leaves an owner open. */
const OPEN = 'open: '
/** Of the services that claim a table, so many are named. */
const FIRST_REASONS = 3

/** Every use of a table that a rule may judge, own tables included: the rules say which are forbidden. */
export function incidents(map: DependencyMap): Incident[] {
  const look = lookUp(map)
  return [
    ...map.accesses.flatMap(access => ofAccess(access, look)),
    ...ofScripts(map, look),
    ...ofForeignKeys(map, look),
    ...ofUnresolved(map),
  ]
}

/** What incidents take from the map besides their own entry. */
interface LookUp {
  table(id: string | null): Table | undefined
  dialect(datastore: string | null): Dialect
  /** Where the cross-service transaction of a service begins that an access is part of. */
  crossTransaction(access: Access, service: string): string | undefined
  /** True if the scripts of a service define a table: whoever owns it, its schema is theirs. */
  definesTable(service: string, id: string | null): boolean
}

function lookUp(map: DependencyMap): LookUp {
  const tables = new Map(map.tables.map(table => [table.id, table]))
  const dialects = new Map(map.datastores.map(({ id, dialect }) => [id, dialect]))
  const transactions = groupBy(
    map.transactions.flatMap(({ service, begin, accesses }) => accesses.map(id => ({ id, service, begin }))),
    ({ id }) => id,
  )
  const folders = new Map(map.services.map(({ name, path }) => [name, path]))
  return {
    definesTable(service, id) {
      const file = id === null ? undefined : tables.get(id)?.definedAt?.file
      const folder = folders.get(service)
      return file !== undefined && folder !== undefined && isWithin(file, folder)
    },
    table: id => (id === null ? undefined : tables.get(id)),
    dialect: datastore => (datastore === null ? 'unknown' : (dialects.get(datastore) ?? 'unknown')),
    // What a library's own transaction spans, whoever runs it has in one.
    crossTransaction: ({ id, transaction }, service) =>
      transactions.get(id)?.find(each => each.begin === transaction || each.service === service)?.begin,
  }
}

function ofAccess(access: Access, look: LookUp): Incident[] {
  const kind = access.migration ? 'migration' : 'access'
  const dialect = look.dialect(access.datastore)
  const text = textPlace(access)
  return withoutRepeats(access.tables).flatMap((used): Incident[] => {
    const { table, owner, ownerEvidence, openOnPurpose } = ownership(used, look)
    const places = owner === null ? [...text, ...whyOpen(look.table(used.id))] : text
    return access.reachedBy.map((service): Incident => {
      const crosses = doesCross(kind, service, used, look)
      const begin = look.crossTransaction(access, service)
      const op = opOf(access, used, crosses, begin)
      return {
        kind,
        op,
        service,
        owner,
        table,
        crosses,
        join: isJoined(access, used),
        openOnPurpose,
        file: access.file,
        line: access.line,
        column: access.column,
        endLine: access.endLine,
        sql: access.sql,
        dialect,
        accessId: access.id,
        reason: null,
        ownerEvidence,
        related: op === 'transaction' ? [...places, ...transactionPlace(begin)] : places,
      }
    })
  })
}

/** One service may keep the schema of tables that others own: its scripts define them, and change them too. */
function doesCross(
  kind: Incident['kind'],
  service: string,
  { id, owner }: AccessTable,
  look: LookUp,
): boolean {
  if (owner === null || owner === service) return false
  return kind !== 'migration' || !look.definesTable(service, id)
}

/** A read beside other owners' tables is a join, a write that ties two owners' tables together a transaction. */
function opOf(access: Access, used: AccessTable, crosses: boolean, begin: string | undefined): GateOp {
  if (!crosses) return used.op
  if (used.op === 'read' && isJoined(access, used)) return 'join'
  return used.op === 'write' && begin !== undefined ? 'transaction' : used.op
}

/** Each table and operation once, without system tables and those under a view of the same owner that is named. */
function withoutRepeats(tables: AccessTable[]): AccessTable[] {
  // Most statements are over one table.
  if (tables.length === 1) return tables[0]!.system ? [] : tables
  const named = new Set(
    tables.filter(each => each.via === undefined).map(each => `${each.table}\0${each.owner}`),
  )
  const wanted = tables.filter(
    each => !each.system && (each.via === undefined || !named.has(`${each.via}\0${each.owner}`)),
  )
  return [...groupBy(wanted, each => `${tableKey(each)}\0${each.op}`).values()].map(([first]) => first!)
}

function ownership(used: AccessTable, look: LookUp) {
  const table = look.table(used.id)
  return {
    table: tableKey(used),
    owner: used.owner,
    ownerEvidence: strongestEvidence(table),
    openOnPurpose: table?.owner === null && table.ownerConfidence === 'config',
  }
}

/** That the config says so tells less than why it does, where that is known as well. */
function strongestEvidence(table: Table | undefined): Evidence | null {
  const [first, second] = table?.evidence ?? []
  return (table?.ownerConfidence === 'config' ? second : undefined) ?? first ?? null
}

/** Who has as good a claim to a table as others, or what else leaves its owner open. */
function whyOpen(table: Table | undefined): Incident['related'] {
  const reasons = (table?.evidence ?? []).filter(({ reason }) => reason.startsWith(OPEN))
  return reasons.slice(0, FIRST_REASONS).map(({ file, line, reason }) => ({
    file,
    line,
    message: `${table!.name}: ${reason.slice(OPEN.length)}`,
  }))
}

/** Where the SQL text is, if that is somewhere else than the call. */
function textPlace({ file, line, endLine, sqlFile, sqlLine }: Access): Incident['related'] {
  const isInside = sqlFile === file && sqlLine >= line && sqlLine <= endLine
  return isInside ? [] : [{ file: sqlFile, line: sqlLine, message: 'the SQL text' }]
}

function transactionPlace(begin: string | undefined): Incident['related'] {
  const [, file, line] = /^(.*):(\d+)$/.exec(begin ?? '') ?? []
  return file === undefined ? [] : [{ file, line: Number(line), message: 'the transaction begins' }]
}

/** Statements of migrations and schema scripts in SQL. */
function ofScripts(map: DependencyMap, look: LookUp): Incident[] {
  return map.schemaStatements.flatMap(({ service, file, line, verb, tables }) =>
    withoutRepeats(tables).map(
      (used): Incident => ({
        ...ownership(used, look),
        kind: 'migration',
        op: used.op,
        service,
        crosses: doesCross('migration', service, used, look),
        join: false,
        file,
        line,
        column: 1,
        endLine: line,
        sql: `${verb} … ${used.table}`,
        dialect: look.dialect(look.table(used.id)?.datastore ?? null),
        accessId: null,
        reason: null,
        related: [],
      }),
    ),
  )
}

/** Foreign keys; the service is the one whose table has the key. */
function ofForeignKeys(map: DependencyMap, look: LookUp): Incident[] {
  return map.foreignKeys.flatMap((key): Incident[] => {
    const service = look.table(key.from)?.owner
    if (service == null) return []
    const to = look.table(key.to)
    return [
      {
        kind: 'foreign-key',
        op: 'foreign-key',
        service,
        owner: to?.owner ?? null,
        table: key.to,
        crosses: key.crossService,
        join: false,
        openOnPurpose: false,
        file: key.file,
        line: key.line,
        column: 1,
        endLine: key.line,
        sql: `${key.from}(${key.fromColumns.join(', ')}) → ${key.to}(${key.toColumns.join(', ')})`,
        dialect: look.dialect(to?.datastore ?? null),
        accessId: null,
        reason: null,
        ownerEvidence: strongestEvidence(to),
        related: [],
      },
    ]
  })
}

/** Places of code whose tables are not known. SQL files with text that nothing executes are no use of a table. */
function ofUnresolved(map: DependencyMap): Incident[] {
  return map.unresolved
    .filter(({ file }) => !isSqlFile(file))
    .map(
      ({ file, line, service, reason, text }): Incident => ({
        kind: 'unresolved',
        op: 'unresolved',
        service,
        owner: null,
        table: null,
        crosses: false,
        join: false,
        openOnPurpose: false,
        file,
        line,
        column: 1,
        endLine: line,
        sql: /[^…\s]/.test(text) ? text : null,
        dialect: 'unknown',
        accessId: null,
        reason,
        ownerEvidence: null,
        related: [],
      }),
    )
}

export function isSqlFile(file: string): boolean {
  return /\.(?:sql|pgsql|ddl)$/i.test(file)
}
