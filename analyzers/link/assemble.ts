/** The last step of the link: owners, crossings, and the model in the order of the contract. */
import { hash } from 'node:crypto'
import type { ResolvedTable } from '../catalogue/index.js'
import { columnAt, lineAt } from '../extract/positions.js'
import { edgesOf } from '../graph/index.js'
import type {
  Access,
  AccessTable,
  CrossTransaction,
  Datastore,
  DependencyMap,
  SchemaStatement,
  Table,
  Unresolved,
} from '../model.js'
import { type Creation, decideOwners, type OwnedTable, ownersWithoutTable } from '../owners/index.js'
import type { Workspace } from '../workspace/types.js'
import { bareText } from './bare-texts.js'
import type { CallIndex, CallSite, FileCalls } from './calls.js'
import { isMigrationFile } from './code-schema.js'
import type { DraftAccess } from './draft.js'
import { unreadBy } from './not-read.js'
import type { Placement } from './placement.js'
import type { Reach } from './reach.js'
import type { SqlFiles } from './sql-files.js'
import type { FoundTable } from './tables.js'
import { type Execution, siteKey, type Trace } from './trace/executions.js'
import { scriptPlaces } from './trace/places.js'
import { type FileTransactions, findTransactions, type TransactionHints } from './transactions.js'

/** Accesses come sorted by file and offset; diagnostics are those of all stages. */
export interface AssemblyInput extends Placement {
  workspace: Workspace
  reach: Reach
  sqlFiles: SqlFiles
  /** `.sql` files that hold queries. */
  queryFiles: string[]
  trace: Trace
  index: CallIndex
  transactionsOf: (calls: FileCalls, hints: TransactionHints) => FileTransactions
  /** See `bareTextsOf`. */
  bareTexts: (execution: Execution) => string[]
  /** Offsets at which the lines of a file start. */
  lineStarts: (file: string) => number[]
  /** Lines of the source files of the workspace. */
  lines: number
  /** Called for each access of the map with what codemods need of it. */
  onAccess: (id: string, draft: DraftAccess) => void
}

export function assembleMap(input: AssemblyInput): DependencyMap {
  const { workspace, datastores, catalogue } = input
  const { inside } = findTransactions(input.index, marksByFile(input.accesses), input.transactionsOf)
  const { accesses, addedBy } = accessesOf(input, inside)
  const tables = tablesOf(input, accesses, addedBy)
  const owners = new Map(tables.map(table => [table.id, table.owner]))
  for (const access of accesses) decideCrossing(access, owners)
  const map: DependencyMap = {
    schemaVersion: 1,
    services: workspace.services,
    datastores: withUnknown(datastores.datastores, tables),
    tables,
    accesses,
    unresolved: unresolvedOf(input),
    foreignKeys: catalogue.foreignKeys.map(({ service: _service, ...key }) => ({
      ...key,
      crossService: differ(owners.get(key.from), owners.get(key.to)),
    })),
    transactions: crossTransactions(accesses),
    schemaStatements: schemaStatements(input, owners),
    edges: edgesOf({ accesses }),
    coverage: {
      files: workspace.files.filter(file => file.kind === 'source').length,
      lines: input.lines,
      leftOut: workspace.leftOut,
    },
    diagnostics: [
      ...input.diagnostics,
      ...ownersWithoutTable(
        workspace.config,
        tables.map(({ id }) => id),
      ),
    ].sort(
      (a, b) =>
        compare(a.file ?? '', b.file ?? '') || (a.line ?? 0) - (b.line ?? 0) || compare(a.code, b.code),
    ),
  }
  return map
}

/** Calls with SQL that begins or ends a transaction, by file. */
export function marksByFile(accesses: { draft: DraftAccess }[]): Map<string, TransactionHints['written']> {
  const byFile = new Map<string, TransactionHints['written']>()
  for (const { draft } of accesses) {
    const mark = draft.executed.transaction
    if (mark === null) continue
    const { file, at } = draft.site
    const marks = byFile.get(file)
    if (marks) marks.push([at, mark])
    else byFile.set(file, [[at, mark]])
  }
  return byFile
}

function accessesOf(
  input: AssemblyInput,
  transactions: Map<string, string>,
): { accesses: Access[]; addedBy: Map<Access, string[]> } {
  const libraries = new Set(
    input.workspace.services.filter(each => each.kind === 'library').map(each => each.name),
  )
  const seen = new Map<string, number>()
  const accesses: Access[] = []
  const addedBy = new Map<Access, string[]>()
  for (const { draft, place } of input.accesses) {
    const { site, driver, executed, start, service, reachedBy } = draft
    // Statements that touch no table (`SELECT 1`, BEGIN) are no accesses, unless a table of theirs is not known.
    if (place.tables.length === 0) continue
    const { file } = site
    const lineStarts = input.lineStarts(file)
    const same = `${file}\0${executed.sql}`
    const count = seen.get(same) ?? 0
    seen.set(same, count + 1)
    const line = lineAt(lineStarts, site.start)
    const id = hash('sha256', `${same}\0${count}`, 'hex').slice(0, 12)
    input.onAccess(id, draft)
    const access: Access = {
      id,
      service: service ?? '.',
      reachedBy,
      reachedVia: service === null || libraries.has(service) ? 'import' : 'own',
      file,
      line,
      column: columnAt(lineStarts, site.start),
      endLine: lineAt(lineStarts, Math.max(site.start, site.end - 1)),
      sqlLine: start?.line ?? line,
      sqlFile: start?.file ?? file,
      driver: driver.name,
      kind: place.tables.every(({ table }) => table.via !== undefined) ? 'proc' : 'sql',
      sql: executed.sql,
      confidence: executed.confidence,
      transaction: transactions.get(siteKey(site)) ?? null,
      datastore: place.datastore,
      ...(isMigrationFile(file) ? { migration: true as const } : {}),
      crossServiceJoin: false,
      tables: place.tables.map(({ table }) => ({ ...table })),
    }
    accesses.push(access)
    addedBy.set(access, executed.added)
  }
  return { accesses, addedBy }
}

/** Of services and of what they reach of libraries. */
function unreadByService({ workspace, reach }: AssemblyInput): Map<string, string> {
  const byFolder = unreadBy(workspace)
  const folderOf = new Map(workspace.services.map(({ name, path }) => [name, path]))
  return new Map(
    workspace.services.flatMap(({ name, kind }) => {
      if (kind === 'library') return []
      const holders = [name, ...(reach.libraries[name] ?? [])]
      const found = holders.flatMap(holder => byFolder.get(folderOf.get(holder) ?? '') ?? [])
      return found[0] === undefined ? [] : [[name, found[0]]]
    }),
  )
}

/** Whose a script is: of a library that only one service uses, that service's. */
function holderOf(
  service: string | null,
  { workspace, reach }: AssemblyInput,
): Pick<Creation, 'service' | 'library'> {
  const isLibrary = workspace.services.some(({ name, kind }) => name === service && kind === 'library')
  const users = isLibrary ? (reach.services[service!] ?? []) : []
  return users.length === 1 ? { service: users[0]!, library: service! } : { service }
}

/** All tables of scripts and of accesses, with their owners; `addedBy` names those that an access adds rows to. */
function tablesOf(input: AssemblyInput, accesses: Access[], addedBy: Map<Access, string[]>): Table[] {
  const { catalogue, workspace, datastores } = input
  const found = new Map<string, { resolved: ResolvedTable; owned: OwnedTable }>()
  const know = (resolved: ResolvedTable): OwnedTable => {
    let entry = found.get(resolved.id)
    if (!entry) {
      const { id, datastore, schema, name, table } = resolved
      const creations = (table?.definitions ?? []).map(({ file, line, service, ifNotExists }) => ({
        file,
        line,
        ifNotExists,
        ...holderOf(service, input),
      }))
      entry = { resolved, owned: { id, datastore, schema, name, creations, uses: [] } }
      found.set(id, entry)
    }
    return entry.owned
  }
  for (const table of catalogue.tables) {
    know({ id: table.id, datastore: table.datastore, schema: table.schema, name: table.name, table })
  }
  const placeOf = new Map<string, FoundTable>()
  for (const { place } of input.accesses) {
    for (const each of place.tables) if (each.resolved) placeOf.set(each.resolved.id, each)
  }
  for (const access of accesses) {
    for (const table of access.tables) {
      const resolved = table.id === null ? null : placeOf.get(table.id)?.resolved
      if (!resolved) continue
      const owned = know(resolved)
      if (table.op === 'ddl') continue
      const { op } = table
      // What lies under a view or a routine may get rows by it.
      const adds =
        op === 'write' && (table.via !== undefined || (addedBy.get(access) ?? []).includes(table.table))
      const services = access.reachedVia === 'own' ? [access.service] : access.reachedBy
      for (const service of services)
        owned.uses.push({ service, op, adds, file: access.file, line: access.line })
    }
  }
  for (const { table, service, op, adds, file } of workspace.recorded)
    found.get(table)?.owned.uses.push({ service, op, adds, file, line: 1 })
  const owners = decideOwners({
    config: workspace.config,
    services: workspace.services,
    connections: datastores.byService,
    unread: unreadByService(input),
    tables: [...found.values()].map(({ owned }) => owned),
  })
  return [...found.values()]
    .map(({ resolved, owned }): Table => {
      const ownership = owners.get(owned.id)
      const table = resolved.table
      return {
        id: owned.id,
        datastore: owned.datastore,
        schema: owned.schema,
        name: owned.name,
        kind: table?.kind ?? 'table',
        owner: ownership?.owner ?? null,
        ownerConfidence: ownership?.confidence ?? 'open',
        evidence: ownership?.evidence ?? [],
        columns: table?.columns ?? [],
        primaryKey: table?.primaryKey ?? [],
        definedAt: table ? { file: table.file, line: table.line } : null,
      }
    })
    .sort((a, b) => compare(a.id, b.id))
}

/** Fills in owners, and whether some service that runs the access is not the owner. */
function decideCrossing(access: Access, owners: Map<string, string | null>): void {
  for (const table of access.tables) setOwner(table, access.reachedBy, owners)
  const named = access.tables.filter(table => table.owner !== null && table.op !== 'ddl')
  access.crossServiceJoin =
    new Set(named.map(table => table.owner)).size > 1 && named.some(table => table.crossService)
}

function setOwner(table: AccessTable, services: string[], owners: Map<string, string | null>): void {
  table.owner = table.id === null ? null : (owners.get(table.id) ?? null)
  table.crossService = table.owner !== null && services.some(service => service !== table.owner)
}

function differ(a: string | null | undefined, b: string | null | undefined): boolean {
  return a != null && b != null && a !== b
}

/** Transactions that write to tables of two owners or more. */
function crossTransactions(accesses: Access[]): CrossTransaction[] {
  const byBegin = new Map<string, Access[]>()
  for (const access of accesses) {
    if (access.transaction === null) continue
    const inside = byBegin.get(access.transaction)
    if (inside) inside.push(access)
    else byBegin.set(access.transaction, [access])
  }
  const found: CrossTransaction[] = []
  for (const [begin, inside] of byBegin) {
    const written = inside.flatMap(access =>
      access.tables.filter(table => table.op === 'write' && table.owner !== null),
    )
    const owners = [...new Set(written.map(table => table.owner as string))].sort()
    if (owners.length < 2) continue
    found.push({
      service: inside[0].service,
      begin,
      owners,
      tables: [...new Set(written.map(table => table.id as string))].sort(),
      accesses: inside.map(access => access.id),
    })
  }
  return found.sort((a, b) => compare(a.begin, b.begin))
}

/** Statements of migration scripts that touch a table of another service than the script's. */
function schemaStatements(input: AssemblyInput, owners: Map<string, string | null>): SchemaStatement[] {
  const { catalogue, workspace, datastores } = input
  const libraries = new Set(workspace.services.filter(each => each.kind === 'library').map(each => each.name))
  const found: SchemaStatement[] = []
  for (const set of input.sets) {
    const { service } = set
    if (service === null || libraries.has(service)) continue
    const home =
      catalogue.tables.find(table => table.file === set.tables[0]?.file)?.datastore ??
      datastores.byService[service]?.[0]?.datastore
    if (!home) continue
    for (const statement of set.statements) {
      if (!/\.(?:sql|pgsql|ddl)$/.test(statement.file)) continue
      const tables = statement.tables.map(({ schema, name, op }): AccessTable => {
        const { id } = catalogue.resolve(home, schema, name, set.dialect)
        const table: AccessTable = { table: name, schema, id, op, owner: null, crossService: false }
        setOwner(table, [service], owners)
        return table
      })
      if (tables.some(table => table.crossService)) {
        found.push({ service, file: statement.file, line: statement.line, verb: statement.verb, tables })
      }
    }
  }
  return found.sort((a, b) => compare(a.file, b.file) || a.line - b.line)
}

/** Datastores that only a qualifier or a script names are datastores too. */
function withUnknown(datastores: Datastore[], tables: Table[]): Datastore[] {
  const known = new Map(datastores.map(each => [each.id, each]))
  for (const table of tables) {
    if (known.has(table.datastore)) continue
    const place = table.definedAt ?? table.evidence[0]
    known.set(table.datastore, {
      id: table.datastore,
      dialect: 'unknown',
      evidence: place
        ? [{ file: place.file, line: place.line, reason: 'only statements and scripts name it' }]
        : [],
    })
  }
  return [...known.values()].sort((a, b) => compare(a.id, b.id))
}

function unresolvedOf(input: AssemblyInput): Unresolved[] {
  const ownerOf = new Map(input.workspace.files.map(file => [file.path, file.owner]))
  const serviceOf = (file: string): string => ownerOf.get(file) ?? '.'
  const found: Unresolved[] = []
  const placeOf = ({ file, start }: CallSite) => ({
    file,
    line: lineAt(input.lineStarts(file), start),
    service: serviceOf(file),
  })
  for (const { site, reason, text } of input.trace.untold.values()) {
    found.push({ ...placeOf(site), reason, text: shorten(text) })
  }
  for (const { draft, place } of input.accesses) {
    const at = placeOf(draft.site)
    const text = shorten(draft.executed.sql)
    if (draft.executed.isCut)
      found.push({ ...at, reason: 'too many texts are possible here: only some of them were read', text })
    const { unknownTables } = draft.executed
    if (unknownTables.length > 0) {
      found.push({ ...at, reason: `a table's name comes from ${sourcesInWords(unknownTables)}`, text })
    }
    if (
      place.datastore === null &&
      place.reason &&
      place.tables.some(({ table }) => table.id === null && !table.system)
    ) {
      found.push({ ...at, reason: place.reason, text })
    }
    for (const name of place.unknownProcedures) {
      const reason =
        name === ''
          ? 'the name of the procedure that it calls is not known'
          : `no script creates the procedure \`${name}\` that it calls`
      found.push({ ...at, reason, text })
    }
  }
  for (const { file, line, text } of unexecutedBlocks(input)) {
    found.push({
      file,
      line,
      service: serviceOf(file),
      reason: 'no code was seen to execute this SQL',
      text: shorten(text),
    })
  }
  return found.sort((a, b) => compare(a.file, b.file) || a.line - b.line || compare(a.reason, b.reason))
}

/** `a`; `a` or `b`; `a` or `b`, and 2 more */
function sourcesInWords(codes: string[]): string {
  const named = codes.slice(0, 2).map(code => `\`${code}\``)
  const rest = codes.length > 2 ? `, and ${codes.length - 2} more` : ''
  return named.join(' or ') + rest
}

/** Blocks of `.sql` files with queries (whole files, where they have no blocks) that no execution contains. */
function unexecutedBlocks({
  trace,
  bareTexts,
  queryFiles,
  sqlFiles,
}: AssemblyInput): { file: string; line: number; text: string }[] {
  if (queryFiles.length === 0) return []
  const executed = new Map<string, number[]>()
  for (const execution of trace.executions.values()) {
    for (const { file, line } of scriptPlaces(execution)) {
      const lines = executed.get(file)
      if (lines) lines.push(line)
      else executed.set(file, [line])
    }
  }
  // Tools that make code of `.sql` files (pgtyped) leave the text as it is. It is seldom needed, and costs.
  let texts: Set<string> | null = null
  const isText = (sql: string): boolean => {
    texts ??= new Set([...trace.executions.values()].flatMap(bareTexts))
    return texts.has(bareText(sql))
  }
  return queryFiles.flatMap(file => {
    const sections = sqlFiles.sections(file)
    // Where code asks for them by name, headings of nothing but a name begin blocks too.
    const areAsked =
      sections.length > 1 && executed.get(file)?.some(line => line >= sections[1].line) === true
    const blocks = areAsked ? sections : sqlFiles.blocks(file)
    return blocks.flatMap((block, index) => {
      const end = blocks[index + 1]?.line ?? Number.MAX_SAFE_INTEGER
      const isExecuted = executed.get(file)?.some(line => line >= block.line && line < end)
      return isExecuted || block.text.trim() === '' || isText(block.text)
        ? []
        : [{ file, line: block.line, text: block.text }]
    })
  })
}

function shorten(text: string): string {
  const plain = text.replace(/\s+/g, ' ').trim()
  return plain.length > 200 ? `${plain.slice(0, 197)}...` : plain
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
