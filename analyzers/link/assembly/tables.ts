/** The tables of the map, with their owners. */
import { defaultSchemaToNull, type ModelTable, type ResolvedTable, tableId } from '../../catalogue/index.js'
import { qualifierIsDatabase } from '../../datastores/index.js'
import { searchPathOf } from '../../datastores/search-path.js'
import type { ServiceDatastore } from '../../datastores/types.js'
import { groupBy } from '../../graph/index.js'
import type { Access, Table } from '../../model.js'
import { compare } from '../../order.js'
import {
  type Creation,
  decideOwners,
  type OwnedTable,
  type TableModel,
  type TableUse,
  type UnreadWay,
} from '../../owners/index.js'
import { isWithin } from '../../workspace/paths.js'
import type { Workspace } from '../../workspace/types.js'
import { unreadBy } from '../not-read.js'
import type { Reach } from '../reach.js'
import type { FoundTable } from '../tables.js'
import type { Written } from './accesses.js'
import type { AssemblyInput } from './index.js'

/** All tables of scripts and of accesses, with their owners; `writtenBy` says what an access does to those that it writes. */
export function tablesOf(input: AssemblyInput, accesses: Access[], writtenBy: Map<Access, Written>): Table[] {
  const { catalogue, workspace, datastores } = input
  const found = new Map<string, { resolved: ResolvedTable; owned: OwnedTable }>()
  const unread = unreadByService(input)
  const modelsOf = modelsByTable({ ...input, unread })
  const ownerOf = new Map(workspace.files.map(({ path, owner }) => [path, owner]))
  const know = (resolved: ResolvedTable): OwnedTable => {
    let entry = found.get(resolved.id)
    if (!entry) {
      const { id, datastore, schema, name, table } = resolved
      const creations = (table?.definitions ?? []).flatMap(
        ({ file, line, service, ifNotExists }, _at, all) => {
          const holder = holderOfScript(file, service, workspace, ownerOf)
          // What is read by itself and run by another's code besides is one script.
          if (holder !== service && all.some(each => each.file === file && each.service === holder)) return []
          return [{ file, line, ifNotExists, ...holderOf(holder, input) }]
        },
      )
      const models = modelsOf(resolved)
      entry = { resolved, owned: { id, datastore, schema, name, creations, uses: writesOf(models), models } }
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
    const makes = access.tables.flatMap(({ op, id }) => (op === 'ddl' && id !== null ? [id] : []))
    const makesTables = access.tables.some(({ op }) => op === 'ddl')
    const makesView = makes.some(id => placeOf.get(id)?.resolved?.table?.kind === 'view')
    for (const table of access.tables) {
      const resolved = table.id === null ? null : placeOf.get(table.id)?.resolved
      if (!resolved) continue
      const owned = know(resolved)
      if (table.op === 'ddl') {
        addRunners(owned, access)
        continue
      }
      const { op } = table
      // What lies under a view or a routine may get rows by it.
      const isAmong = (names: string[] = []): boolean =>
        op === 'write' && (table.via !== undefined || names.includes(table.table))
      if (makesView && op === 'write' && table.via === undefined)
        owned.filledByView ??= { file: access.file, line: access.line }
      const written = writtenBy.get(access)
      const [adds, changes] = [isAmong(written?.added), isAmong(written?.changed)]
      const script = makesTables && op === 'write' ? { scriptOf: access.service } : {}
      const services = access.reachedVia === 'own' ? [access.service] : access.reachedBy
      for (const service of services)
        owned.uses.push({ service, op, adds, changes, ...script, file: access.file, line: access.line })
    }
  }
  for (const { table, service, op, adds, file } of workspace.recorded)
    found.get(table)?.owned.uses.push({ service, op, adds, changes: op === 'write', file, line: 1 })
  const owners = decideOwners({
    config: workspace.config,
    services: workspace.services,
    connections: { ...connectionsOfPrograms(input), ...datastores.byService },
    unread: new Map([...unreadOfPrograms(input), ...unread]),
    modelled: servicesWithModels(input),
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
        ...formerIdsOf(resolved),
      }
    })
    .sort((a, b) => compare(a.id, b.id))
}

/** Ids that a table had before scripts renamed it. Renamed and back, it has the one that it had. */
function formerIdsOf({ id, datastore, table }: ResolvedTable): Pick<Table, 'formerIds'> {
  const ids = new Set(table?.formerNames.map(({ schema, name }) => tableId(datastore, schema, name)))
  ids.delete(id)
  return ids.size === 0 ? {} : { formerIds: [...ids] }
}

/** The models that name a table, of services that connect to its datastore. */
function modelsByTable({
  models,
  unread,
  reach,
  datastores,
  workspace,
}: AssemblyInput & { unread: Map<string, UnreadWay> }): (table: ResolvedTable) => TableModel[] {
  const byName = groupBy(models, ({ table }) => table.name.toLowerCase())
  /** Whether a service's model may be of a table. */
  const isOf = ({ datastore, schema }: ResolvedTable, service: string, model: ModelTable): boolean => {
    const store = datastores.byService[service]?.find(each => each.datastore === datastore)
    if (!store) return false
    if (qualifierIsDatabase(store.dialect)) return schema === null
    if (model.inAnySchema) return true
    const [first = null] = searchPathOf(datastores, { service, reachedBy: [] }, datastore)
    return schema === defaultSchemaToNull(model.schema ?? first, store.dialect)
  }
  return resolved =>
    (byName.get(resolved.name.toLowerCase()) ?? []).flatMap(({ holder, table }) => {
      // What lies outside of all services is for those that can do something with it.
      const users = holder === null ? [...unread.keys()] : usersOf(holder, workspace, reach)
      const { by, write, file, line } = table
      return users
        .filter(service => isOf(resolved, service, table))
        .map(service => ({ service, isOwn: users.length === 1, by, write, file, line }))
    })
}

/** Where services add rows by builders of their own: who only changes rows by one may do so to another's. */
function writesOf(models: TableModel[]): TableUse[] {
  return models.flatMap(({ service, isOwn, write, file, line }) =>
    write === 'add' && isOwn ? [{ service, op: 'write', adds: true, changes: true, file, line }] : [],
  )
}

/** A service itself; the services that reach a library. */
function usersOf(holder: string, { services }: Workspace, reach: Reach): string[] {
  const isLibrary = services.some(({ name, kind }) => name === holder && kind === 'library')
  return isLibrary ? (reach.services[holder] ?? []) : [holder]
}

/** Of services and of what they reach of libraries. */
function unreadByService({ workspace, reach }: AssemblyInput): Map<string, UnreadWay> {
  const byFolder = unreadBy(workspace)
  const folderOf = new Map(workspace.services.map(({ name, path }) => [name, path]))
  return new Map(
    workspace.services.flatMap(({ name, kind }) => {
      if (kind === 'library') return []
      const holders = [name, ...(reach.libraries[name] ?? [])]
      const ways = holders.flatMap(holder => byFolder.get(folderOf.get(holder) ?? '') ?? [])
      const found = ways.find(({ isNamed }) => !isNamed) ?? ways[0]
      return found === undefined ? [] : [[name, found]]
    }),
  )
}

/** By the names of programs in other languages; of the services among them, that nothing else is known of. */
function connectionsOfPrograms({ programs }: AssemblyInput): Record<string, ServiceDatastore[]> {
  return Object.fromEntries(programs.map(({ program, datastores }) => [program.name, datastores]))
}

function unreadOfPrograms({ programs }: AssemblyInput): [name: string, UnreadWay][] {
  return programs.map(({ program: { name, language } }) => [
    name,
    { how: `code in ${language}`, isNamed: false },
  ])
}

/** Services of which some models are known. */
function servicesWithModels({ models, workspace, reach }: AssemblyInput): Set<string> {
  return new Set(models.flatMap(({ holder }) => (holder === null ? [] : usersOf(holder, workspace, reach))))
}

/** Notes which services run what creates a table in the code of a library. */
function addRunners(owned: OwnedTable, { reachedVia, reachedBy, file, sqlFile }: Access): void {
  if (reachedVia === 'own') return
  owned.creations = owned.creations.map(creation =>
    // What counts as a service's own is run by that one alone.
    creation.library === undefined && (creation.file === file || creation.file === sqlFile)
      ? { ...creation, runBy: [...new Set([...(creation.runBy ?? []), ...reachedBy])].sort(compare) }
      : creation,
  )
}

/** Who has the file of a script: a service that runs what lies outside of its folder may do so for the others as well. */
function holderOfScript(
  file: string,
  service: string | null,
  { services }: Workspace,
  ownerOf: ReadonlyMap<string, string | null>,
): string | null {
  const runner = services.find(({ name }) => name === service)
  const isOutside = runner && !isWithin(file, runner.path)
  return isOutside && file.endsWith('.sql') ? (ownerOf.get(file) ?? null) : service
}

/** Whose a script is: of a library that only one service uses, that service's. */
function holderOf(
  service: string | null,
  { workspace, reach }: AssemblyInput,
): Pick<Creation, 'service' | 'library'> {
  const users = service === null ? [] : usersOf(service, workspace, reach)
  return users.length === 1 && users[0] !== service ? { service: users[0]!, library: service! } : { service }
}
