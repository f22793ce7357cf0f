/** Where accesses lie: the datastores and the schema that the whole repository tells of, and each access among them. */
import { withoutArchived } from '../catalogue/archived.js'
import {
  buildCatalogue,
  type Catalogue,
  createCatalogue,
  type ModelTable,
  placeSets,
  readPrismaModels,
} from '../catalogue/index.js'
import type { ScriptReading } from '../catalogue/statement.js'
import type { SchemaScript, SchemaSet } from '../catalogue/types.js'
import { findDatastores, isSettingsFile } from '../datastores/index.js'
import { type ProgramDatastores, programDatastores } from '../datastores/other-programs.js'
import type {
  ConnectionFact,
  DatastoreInput,
  DatastoreResult,
  FileEvidence,
  SettingsFile,
} from '../datastores/types.js'
import { lineAt } from '../extract/positions.js'
import { groupBy } from '../graph/index.js'
import type { Diagnostic, Dialect } from '../model.js'
import type { ReadFile, Workspace } from '../workspace/types.js'
import type { CallIndex } from './calls.js'
import { schemaOfBuilders, schemaOfCode } from './code-schema.js'
import { onlyDialect } from './dialects.js'
import type { DraftAccess } from './draft.js'
import type { SourceFiles } from './files.js'
import type { Reach } from './reach.js'
import { servicesApart } from './services-apart.js'
import { type AccessPlace, placeAccess } from './tables.js'
import { temporaryTables } from './temporary-tables.js'

export interface PlacementInput {
  workspace: Workspace
  read: ReadFile
  source: SourceFiles
  index: CallIndex
  /** What the schema scripts make. */
  scripted: SchemaSet[]
  drafts: DraftAccess[]
  /** Connections that code opens. */
  connections: ConnectionFact[]
  reach: Reach
  /** The only dialect of a service's code; `unknown` where it has none or several. */
  dialectOf(service: string | null): Dialect
  readScript: (script: SchemaScript) => ScriptReading
  readSettings: (files: SettingsFile[]) => FileEvidence
}

export interface Placement {
  datastores: DatastoreResult
  /** What programs in languages that are not read connect to, as far as settings tell. */
  programs: ProgramDatastores[]
  /** Schema of scripts and of code. */
  sets: SchemaSet[]
  catalogue: Catalogue
  /** Tables that models name, each with the service or library that holds the model. */
  models: { holder: string | null; table: ModelTable }[]
  accesses: { draft: DraftAccess; place: AccessPlace }[]
  diagnostics: Diagnostic[]
}

export function placeAccesses(input: PlacementInput): Placement {
  const { workspace, source, drafts, connections, reach } = input
  const sets = withoutArchived([...input.scripted, ...setsOfCode(input)])
  const settings = settingsFiles(workspace, input.read)
  const toldOf: DatastoreInput = {
    config: workspace.config,
    services: workspace.services,
    evidence: input.readSettings(settings.files),
    connections,
    defaults: sourcePaths(workspace).flatMap(path => source.scan(path).defaults),
    libraries: reach.libraries,
    dependencies: dependenciesOf(workspace),
    databases: databasesOf(sets),
    scripted: [...new Set(sets.flatMap(({ service }) => (service === null ? [] : [service])))],
    holding: [
      ...new Set(
        drafts.flatMap(({ service, executed }) =>
          service !== null && executed.tables.length > 0 ? [service] : [],
        ),
      ),
    ],
    active: [...new Set(drafts.flatMap(draft => [draft.service ?? '', ...draft.reachedBy]))],
    apart: servicesApart(drafts, sets),
  }
  const datastores = findDatastores(toldOf)
  const placed = placeSets({
    sets,
    datastores,
    reachedBy: reach.services,
    usedOn: usedOn(drafts, datastores),
  })
  const catalogue = createCatalogue(placed, datastores)
  const temporary = temporaryTables(drafts)
  return {
    datastores,
    programs: programDatastores(toldOf, workspace.otherPrograms),
    sets,
    catalogue,
    models: modelsIn(workspace, source, settings.files),
    accesses: drafts.map(draft => ({
      draft,
      place: placeAccess(draft, datastores, catalogue, temporary),
    })),
    diagnostics: [...settings.diagnostics, ...datastores.diagnostics],
  }
}

function modelsIn(workspace: Workspace, source: SourceFiles, settings: SettingsFile[]): Placement['models'] {
  const inCode = workspace.files
    .filter(({ kind }) => kind === 'source')
    .flatMap(({ path, owner }) => source.scan(path).modelTables.map(table => ({ holder: owner, table })))
  const ofPrisma = settings
    .filter(({ path }) => path.endsWith('.prisma'))
    .flatMap(({ path, owner, text }) => readPrismaModels(path, text).map(table => ({ holder: owner, table })))
  return [...inCode, ...ofPrisma]
}

/** What code makes: DDL that it runs, and calls of schema builders. */
function setsOfCode(input: PlacementInput): SchemaSet[] {
  const { workspace, source, index, scripted, drafts, connections, dialectOf, readScript } = input
  const { sets: run } = buildCatalogue(
    schemaOfCode(
      drafts,
      ({ file, at }) => index.files.get(file)!.undoing.includes(at),
      ({ file, start }) => lineAt(source.lineStarts(file), start),
    ),
    readScript,
  )
  const used = new Set(
    drafts.flatMap(({ executed }) => executed.tables.map(({ name }) => name.toLowerCase())),
  )
  const ownerOf = new Map(workspace.files.map(({ path, owner }) => [path, owner]))
  const opened = groupBy(connections, ({ owner }) => owner ?? '')
  const dialectOfBuilder = (service: string | null): Dialect => {
    const dialect = dialectOf(service)
    if (dialect !== 'unknown') return dialect
    // TypeORM may bring its driver along: what a connection states tells then.
    return onlyDialect(new Set(opened.get(service ?? '')?.map(each => each.dialect ?? 'unknown')))
  }
  const built = sourcePaths(workspace).flatMap(file =>
    source.scan(file).builtTables.map(table => {
      const service = ownerOf.get(file) ?? null
      return { service, dialect: dialectOfBuilder(service), table }
    }),
  )
  return [...run, ...schemaOfBuilders(built, [...scripted, ...run], name => used.has(name), readScript)]
}

function sourcePaths({ files }: Workspace): string[] {
  return files.filter(({ kind }) => kind === 'source').map(({ path }) => path)
}

function settingsFiles(
  { files }: Workspace,
  read: ReadFile,
): { files: SettingsFile[]; diagnostics: Diagnostic[] } {
  const found: SettingsFile[] = []
  const diagnostics: Diagnostic[] = []
  for (const { path, owner } of files) {
    if (!isSettingsFile(path)) continue
    const content = read(path)
    if ('text' in content) found.push({ path, owner, text: content.text })
    else diagnostics.push(content.diagnostic)
  }
  return { files: found, diagnostics }
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

/** Datastores of the services that use a table, by its name in lower case, and by that behind its schema where they name one. */
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
    for (const { name, schema } of executed.tables) {
      for (const written of schema ? [name, `${schema}.${name}`] : [name]) {
        const key = written.toLowerCase()
        const known = used.get(key)
        if (known) for (const store of stores) known.add(store)
        else used.set(key, new Set(stores))
      }
    }
  }
  return used
}
