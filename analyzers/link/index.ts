/** Stage 3, link: the workspace's files in, resolved accesses with their tables, owners and services out. */
import { type Cache, cachedSteps, hashOfContent, keyOf, noCache } from '../cache/index.js'
import { buildCatalogue, createCatalogue, findMigrations, placeSets } from '../catalogue/index.js'
import type { SchemaSet } from '../catalogue/types.js'
import { findDatastores, isSettingsFile } from '../datastores/index.js'
import type { DatastoreResult, SettingsFile } from '../datastores/types.js'
import { lineAt } from '../extract/positions.js'
import type { DependencyMap, Diagnostic, Dialect } from '../model.js'
import { createSqlAnalyzer, loadParsers } from '../sql/index.js'
import { createThreads, type Threads } from '../threads/index.js'
import { createResolver } from '../workspace/index.js'
import type { ReadFile, ReadResult, Workspace } from '../workspace/types.js'
import { type AccessSite, accessSiteOf } from './access-site.js'
import { assembleMap, marksByFile } from './assemble.js'
import { withoutBuilderNames } from './builder-names.js'
import { type CallGraph, createCallGraph } from './call-graph.js'
import { createCallIndex } from './calls.js'
import { schemaOfBuilders, schemaOfCode } from './code-schema.js'
import { dialectsByService, onlyDialect } from './dialects.js'
import type { DraftAccess } from './draft.js'
import { findExecutions } from './executions.js'
import { createSourceFiles } from './files.js'
import { notRead } from './not-read.js'
import { once } from './once.js'
import { findReach, reachOf } from './reach.js'
import { findRuns } from './runs.js'
import type { SoughtCalls } from './sought-calls.js'
import { createSqlFiles } from './sql-files.js'
import { placeAccess } from './tables.js'
import { startOf } from './trace/places.js'
import { findTransactions } from './transactions.js'
import { createFileUnits } from './units/file-units.js'
import { eachVariant } from './variants.js'

/** What a map was made from besides the workspace and the texts of its files. */
export interface MapSources {
  /** Source files of which nothing counted but their scans, and that they have none of the calls that were sought. */
  unread: string[]
  sought: SoughtCalls[]
}

export interface LinkOptions {
  /** Threads to share the work among, this one included. */
  jobs: number
  onProgress: (stage: string, done: number, total: number) => void
  onTiming: (stage: string, milliseconds: number) => void
  /** Called when something went wrong that changes nothing in the result. */
  onWarning: (message: string) => void
  /** Called for each access with its place in the code. */
  onAccess?: (id: string, site: AccessSite) => void
  /** Called with what the map was made from. */
  onSources?: (sources: MapSources) => void
  /** Called with who calls what, which is found out when it is asked for. */
  onCalls?: (calls: CallGraph) => void
}

/** Links a workspace. Never throws for what the analysed code holds. */
export async function link(
  workspace: Workspace,
  read: ReadFile,
  options: LinkOptions,
  cache: Cache = noCache,
): Promise<DependencyMap> {
  const dialects = wantedDialects(dialectsByService(workspace))
  const threads = createThreads(options.jobs, dialects, reason =>
    options.onWarning(`A thread of the analysis ended, its work was done by another one: ${reason}`),
  )
  try {
    return await linkOn(threads, dialects, workspace, read, options, cache)
  } finally {
    threads.close()
  }
}

async function linkOn(
  threads: Threads,
  wanted: Dialect[],
  workspace: Workspace,
  read: ReadFile,
  hooks: LinkOptions,
  cache: Cache,
): Promise<DependencyMap> {
  let since = performance.now()
  const timed = (stage: string): void => {
    const now = performance.now()
    hooks.onTiming(stage, now - since)
    since = now
  }
  const { services, files, config } = workspace
  const diagnostics: Diagnostic[] = [...workspace.diagnostics, ...notRead(workspace)]
  const spoken = dialectsByService(workspace)
  const hashOf = (path: string) => hashOfContent(read(path))
  const layout = once(() => layoutOf(workspace))
  const steps = cachedSteps(cache, hashOf, threads, wanted, () => sql)
  // Which parsers are there has a say in what is found.
  const sql = createSqlAnalyzer(await loadParsers(wanted), (key, analyze) =>
    steps.statements(`${wanted.join()}\0${key}`, analyze),
  )
  timed('load SQL parsers')

  const ownerOf = new Map(files.map(file => [file.path, file.owner]))
  const resolve = createResolver(workspace)
  const source = createSourceFiles(files, read, resolve, steps.facts, steps.scans)
  const migrations = findMigrations(files, read, service =>
    onlyDialect(service === null ? undefined : spoken.get(service)),
  )
  const scripts = buildCatalogue(migrations.folders, steps.readScript)
  diagnostics.push(...migrations.diagnostics, ...scripts.diagnostics)
  timed('schema scripts')

  const paths = files.filter(file => file.kind === 'source').map(file => file.path)
  const sqlPaths = files.filter(file => file.kind === 'sql').map(file => file.path)
  const sqlFiles = createSqlFiles(sqlPaths, source.text)
  const index = createCallIndex(source.facts)
  const units = createFileUnits(cache, wanted.join(), sqlFiles, {
    source,
    sqlPaths,
    index,
    hashOf,
    layout,
  })
  const trace = await findExecutions(
    paths,
    source,
    sqlFiles,
    index,
    units,
    (pieces, driver) => {
      // Where some variant names its tables, what another leaves open is a fallback. A statement that names none at
      // all may call a routine whose name is open.
      for (const parts of eachVariant(pieces)) {
        const statements = sql.analyze(parts, driver.dialect)
        const isOpen = statements.every(
          each => each.unknownTables.length > 0 || (each.tables.length === 0 && each.transaction === null),
        )
        if (!isOpen) return false
      }
      return true
    },
    execution => steps.readAhead(execution, onlyDialect(spoken.get(ownerOf.get(execution.site.file) ?? ''))),
    (done, total) => hooks.onProgress('reading', done, total),
  )
  timed('read, extract, trace')

  const readable = paths.filter(path => source.text(path) !== null)
  const reach = reachOf(
    steps.reach(
      () => [
        layout(),
        JSON.stringify([services.map(({ name, kind }) => [name, kind]), [...ownerOf]]),
        JSON.stringify(paths.map(source.moduleKey)),
      ],
      () => findReach(services, files, source.module, resolve),
    ),
  )
  timed('reach')

  const opened = [...index.files.values()].flatMap(calls =>
    units.connections(calls).map(each => ({ ...each, file: calls.file })),
  )
  const connections = opened.map(({ file, fact }) => ({ ...fact, file, owner: ownerOf.get(file) ?? null }))
  const connectionAt = new Map(opened.map(({ origin, file, fact }) => [origin, `${file}:${fact.line}`]))
  const ran = findRuns([...trace.executions.values()], workspace, spoken, reach)
  const done = await steps.readAll(ran)
  const drafts = ran.flatMap(({ execution, ...rest }, at): DraftAccess[] => {
    const { site, origin } = execution
    const executed = done[at]
    if (executed === null) return []
    const { builderNames } = index.files.get(site.file)!
    return [
      {
        site,
        executed: withoutBuilderNames(executed, site, builderNames),
        start: startOf(execution),
        connection: origin === null ? null : (connectionAt.get(origin) ?? null),
        ...rest,
      },
    ]
  })
  drafts.sort((a, b) => compare(a.site.file, b.site.file) || a.site.start - b.site.start)
  timed('statements')

  const codeSchema = buildCatalogue(
    schemaOfCode(
      drafts,
      ({ file, at }) => index.files.get(file)!.undoing.includes(at),
      ({ file, start }) => lineAt(source.lineStarts(file), start),
    ),
    steps.readScript,
  )
  const scripted = [...scripts.sets, ...codeSchema.sets]
  const used = new Set(
    drafts.flatMap(({ executed }) => executed.tables.map(({ name }) => name.toLowerCase())),
  )
  const built = paths.flatMap(file =>
    source.scan(file).builtTables.map(table => {
      const service = ownerOf.get(file) ?? null
      return { service, dialect: onlyDialect(service === null ? undefined : spoken.get(service)), table }
    }),
  )
  const sets = [...scripted, ...schemaOfBuilders(built, scripted, name => used.has(name))]
  const datastores = findDatastores({
    config,
    services,
    files: settingsFiles(workspace, read, diagnostics),
    connections,
    defaults: paths.flatMap(path => source.scan(path).defaults),
    libraries: reach.libraries,
    dependencies: dependenciesOf(workspace),
    databases: databasesOf(sets),
    active: [...new Set(drafts.flatMap(draft => [draft.service ?? '', ...draft.reachedBy]))],
  })
  diagnostics.push(...datastores.diagnostics)
  const placed = placeSets({
    sets,
    datastores,
    reachedBy: reach.services,
    usedOn: usedOn(drafts, datastores),
  })
  const catalogue = createCatalogue(placed, datastores)
  const placedAccesses = drafts.map(draft => ({ draft, place: placeAccess(draft, datastores, catalogue) }))
  timed('catalogue and datastores')

  diagnostics.push(...source.unreadable())
  for (const file of source.touched()) diagnostics.push(...units.outline(file).diagnostics)
  const map = assembleMap({
    workspace,
    reach,
    datastores,
    catalogue,
    sets,
    sqlFiles,
    queryFiles: migrations.queryFiles,
    accesses: placedAccesses,
    trace,
    index,
    transactionsOf: units.transactions,
    bareTexts: steps.bareTexts,
    lineStarts: source.lineStarts,
    diagnostics,
    lines: readable.reduce((sum, path) => sum + source.scan(path).lines, 0),
    onAccess: (id, draft) => hooks.onAccess?.(id, accessSiteOf(draft)),
  })
  const wasRead = new Set(source.touched())
  hooks.onSources?.({
    unread: readable.filter(path => !wasRead.has(path) && !isSettingsFile(path) && !hasWarning(read(path))),
    sought: trace.sought,
  })
  units.save()
  steps.scans.save()
  timed('owners and map')
  hooks.onCalls?.(
    createCallGraph(index, source, units.calls, () =>
      findTransactions(index, marksByFile(placedAccesses), units.transactions),
    ),
  )
  return map
}

/** Hash of all that tells what imports mean, and of the paths of all files. */
function layoutOf({ files, packages, tsPaths, links }: Workspace): string {
  return keyOf(JSON.stringify([files.map(file => file.path), packages, tsPaths, links])).slice(0, 22)
}

/** Dialects whose parsers are worth loading; all of them where nothing says which. */
function wantedDialects(spoken: Map<string, Set<Dialect>>): Dialect[] {
  const all = new Set([...spoken.values()].flatMap(dialects => [...dialects]))
  return all.size === 0 ? ['unknown'] : [...all]
}

function settingsFiles(workspace: Workspace, read: ReadFile, diagnostics: Diagnostic[]): SettingsFile[] {
  const found: SettingsFile[] = []
  for (const { path, owner } of workspace.files) {
    if (!isSettingsFile(path)) continue
    const content = read(path)
    if ('text' in content) found.push({ path, owner, text: content.text })
    else diagnostics.push(content.diagnostic)
  }
  return found
}

function hasWarning(content: ReadResult): boolean {
  return 'warning' in content && content.warning !== undefined
}

function dependenciesOf(workspace: Workspace): Record<string, string[]> {
  const folders = new Map(workspace.services.map(service => [service.path, service.name]))
  return Object.fromEntries(
    workspace.packages.flatMap(pkg => {
      const service = folders.get(pkg.path)
      return service ? [[service, pkg.dependencies]] : []
    }),
  )
}

function databasesOf(
  sets: SchemaSet[],
): { name: string; dialect: Dialect; service: string | null; file: string; line: number }[] {
  return sets.flatMap(set =>
    set.database === null
      ? []
      : [
          {
            name: set.database,
            dialect: set.dialect,
            service: set.service,
            file: set.tables[0]?.file ?? set.path,
            line: set.tables[0]?.line ?? 1,
          },
        ],
  )
}

/** Datastores of the services that use a table, by its name in lower case. */
function usedOn(drafts: DraftAccess[], datastores: DatastoreResult): Map<string, Set<string>> {
  const used = new Map<string, Set<string>>()
  const storesOf = new Map<string, string[]>()
  for (const { executed, service, reachedBy } of drafts) {
    const names = [service ?? '', ...reachedBy]
    const users = names.join('\0')
    const stores =
      storesOf.get(users) ??
      names.flatMap(name => (datastores.byService[name] ?? []).map(each => each.datastore))
    storesOf.set(users, stores)
    for (const { name } of executed.tables) {
      const key = name.toLowerCase()
      const known = used.get(key)
      if (known) for (const store of stores) known.add(store)
      else used.set(key, new Set(stores))
    }
  }
  return used
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
