/** What a person would do with a statement that is not rewritten, by what it does and whose tables it touches. */
import type { Access, AccessTable } from '../../analyzers/model.js'
import type { Repository } from '../repository/index.js'
import { readStatement } from '../sql/read.js'
import { childrenOf, type Expr, type Query, queryIn, type Statement } from '../sql/tree.js'

/** The tables of one owner, of an access. */
interface Part {
  owner: string
  tables: string
}

/** @returns advice that names owners and tables; never the same line for whatever the statement is */
export function adviceFor(access: Access, repository: Repository): string {
  const known = access.tables.filter(table => table.owner !== null && !table.system)
  const isOfRunner = ({ owner }: AccessTable): boolean => access.reachedBy.includes(owner!)
  // Of a library's statement that owner and others run, all is foreign to the others.
  const isOfAll = known.every(isOfRunner)
  const isOwn = (table: AccessTable): boolean => !isOfAll && isOfRunner(table)
  const foreign = partsOf(known.filter(table => !isOwn(table)))
  const written = partsOf(known.filter(table => table.op === 'write'))
  const foreignWritten = partsOf(known.filter(table => table.op === 'write' && !isOwn(table)))
  const ownTables = partsOf(known.filter(isOwn))
    .map(({ tables }) => tables)
    .join(', ')
  const via = viewOfSeveral(known)
  const [first] = foreign
  if (!first) return 'say whose its tables are under `owners` in seamripper.yml'
  const statement = statementOf(access, repository)

  if (access.kind !== 'sql') {
    const owner = written[0] ?? first
    if (ownTables !== '') {
      const meant = foreignWritten.length > 0 ? foreignWritten : foreign
      return `take what it does with ${tablesOf(meant)} out of the routine, and give ${meant.map(part => part.owner).join(', ')} an operation for that`
    }
    return `give ${owner.owner} an operation that runs the routine, which ${written.length > 0 ? 'writes' : 'reads'} ${tablesOf(written.length > 0 ? written : foreign)}`
  }
  if (foreign.length === 1 && ownTables === '') {
    return foreignWritten.length > 0
      ? `give ${first.owner} an endpoint that makes this change of ${first.tables}, and call it here`
      : `give ${first.owner} an endpoint for what is read of ${first.tables} here, and call it`
  }
  if (via && statement?.kind === 'select') {
    return `leave the view: read its own part here, and ask ${askEach(foreign)}`
  }
  if (foreignWritten.length > 0) {
    const [target] = foreignWritten as [Part, ...Part[]]
    const read = partsOf(known.filter(table => table.op === 'read' && table.owner !== target.owner))
    const source = read.length === 0 ? 'what it needs' : `what it takes of ${tablesOf(read)}`
    return statement?.kind === 'insert'
      ? `read ${source} first, and give ${target.owner} an operation that takes the rows for ${target.tables}`
      : `read ${source} first, and give ${target.owner} an operation that changes ${target.tables} by these keys`
  }
  if (written.length > 0) {
    return statement?.kind === 'insert'
      ? `ask ${askEach(foreign)} first, and insert the rows into ${tablesOf(written)} here with VALUES`
      : `ask ${first.owner} first for the keys of ${first.tables} that are meant, and write ${tablesOf(written)} here with \`IN (…)\``
  }
  const query = statement?.kind === 'select' ? statement.query : null
  if (query && query.branches.length > 1) {
    return `run each branch of the UNION at its owner (${askEach(foreign)}), and put the rows together here, where they are sorted and cut too`
  }
  if (query?.branches[0]?.from.length === 0) {
    const owners = foreign.map(({ owner, tables }) => `${owner} for those of ${tables}`).join(', ')
    return `ask ${owners} with one call each, and put the figures together here`
  }
  if (ownTables === '') {
    return `read ${tablesOf(foreign)} from their owners with one call each and join the rows here, or keep a table for this report, filled by their events`
  }
  if (query && hasSubquery(query)) {
    return `ask ${first.owner} first for the keys of ${first.tables} that its subquery looks for, and use them here in \`IN (…)\``
  }
  if (query && isGrouped(query, () => true)) {
    const isForeign = (name: string): boolean => known.some(table => !isOwn(table) && table.table === name)
    if (!isGrouped(query, isForeign)) {
      return `group by the key of ${tablesOf(foreign)} here, and ask ${askEach(foreign)} for these keys in one call`
    }
    return `let ${first.owner} count or add up ${first.tables} by the key of the join in one operation, and join the figures to ${ownTables} here`
  }
  if (query?.limit) {
    return `keep a copy of the columns of ${tablesOf(foreign)} that filter or order it, filled by events of ${ownersOf(foreign)}: a page can only be cut where all of that is`
  }
  return `ask ${askEach(foreign)} with one call for all rows of ${ownTables}, or keep a copy of the columns, filled by events of ${ownersOf(foreign)}`
}

/** The view or routine through which a statement comes to tables of several owners; undefined where there is none. */
export function viewOfSeveral(tables: AccessTable[]): string | undefined {
  return tables.find(({ via }) => via !== undefined && ownersUnder(via, tables).length > 1)?.via
}

/** Owners of the tables under a view. */
export function ownersUnder(view: string, tables: AccessTable[]): string[] {
  return [
    ...new Set(tables.flatMap(({ via, owner }) => (via === view && owner !== null ? [owner] : []))),
  ].sort()
}

/** The tables of each owner, by their owners' names. */
export function partsOf(tables: AccessTable[]): Part[] {
  const owners = [...new Set(tables.map(({ owner }) => owner!))].sort()
  return owners.map(owner => ({
    owner,
    tables: listed(tables.filter(table => table.owner === owner)),
  }))
}

/** Names once each; those under a view where there are no others. */
function listed(tables: AccessTable[]): string {
  const named = tables.filter(table => table.via === undefined)
  return [...new Set((named.length > 0 ? named : tables).map(({ table }) => table))].join(', ')
}

/** `clinical for patients, auth-service for auth_users` */
function askEach(parts: Part[]): string {
  return parts.map(({ owner, tables }) => `${owner} for ${tables}`).join(', ')
}

function tablesOf(parts: Part[]): string {
  return parts.map(({ tables }) => tables).join(', ')
}

function ownersOf(parts: Part[]): string {
  return parts.map(({ owner }) => owner).join(', ')
}

function statementOf({ sql, datastore }: Access, { map, parsers }: Repository): Statement | null {
  const dialect = map.datastores.find(({ id }) => id === datastore)?.dialect
  if (sql === null || (dialect !== 'mysql' && dialect !== 'postgresql')) return null
  return readStatement(sql, dialect, parsers) || null
}

/** Whether it counts or adds up columns of the tables that are meant. */
function isGrouped({ branches }: Query, isMeant: (table: string) => boolean): boolean {
  const aggregates = /^(?:count|sum|avg|min|max|group_concat|string_agg|array_agg|json_agg)$/
  return branches.some(({ from, items }) => {
    const meant = new Set(
      from.filter(({ table }) => table !== null && isMeant(table)).map(({ alias }) => alias),
    )
    const mentions = (expr: Expr): boolean =>
      (expr.kind === 'column' && (expr.table === null || meant.has(expr.table))) ||
      expr.kind === 'star' ||
      childrenOf(expr).some(mentions)
    const counts = (expr: Expr): boolean =>
      (expr.kind === 'call' &&
        !expr.window &&
        aggregates.test(expr.name) &&
        (meant.size === from.length || childrenOf(expr).some(mentions))) ||
      childrenOf(expr).some(counts)
    return items.some(({ expr }) => counts(expr))
  })
}

function hasSubquery({ branches }: Query): boolean {
  const has = (expr: Expr): boolean => queryIn(expr) !== null || childrenOf(expr).some(has)
  return branches.some(({ where, items }) => (where && has(where)) || items.some(({ expr }) => has(expr)))
}
