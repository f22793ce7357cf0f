/** All that planning reads: the map, the places of its accesses, and the files. */
import { driverOfModule } from '../../analyzers/drivers/index.js'
import { once } from '../../analyzers/link/once.js'
import type { Access, Table } from '../../analyzers/model.js'
import type { RewriteInput } from '../../analyzers/repository.js'
import type { Parsers } from '../../analyzers/sql/parsers.js'
import { createResolver } from '../../analyzers/workspace/index.js'
import { callerSearch, type FindCallers } from '../connection/callers.js'
import { createMentions, type Mentions } from '../connection/mentions.js'
import { type ConnectionSearch, connectionSearch } from '../connection/origin.js'
import type { AloneUse, Operation } from '../operation.js'
import { type Declared, imported } from '../site/imported.js'
import type { Node } from '../site/parse.js'
import { openSource, type SourceFile } from '../site/source-file.js'
import { type ClientsHome, clientsPackage } from './clients.js'
import {
  agreed,
  changesTypeParsers,
  hasUrlWithOptions,
  notKnown,
  type Opened,
  opened,
  openingsIn,
  optionsAt,
  withDefaults,
} from './connection-options.js'
import { extensionOf, type Home, homeOf } from './home.js'
import { baseType, userTypesIn } from './user-types.js'
import { viewColumns, viewQuery } from './views.js'

export interface Repository extends RewriteInput {
  parsers: Parsers
  /** Operations of earlier runs. */
  existing: Operation[]
  /** Call sites that call no one since. */
  existingAlone: AloneUse[]
  tables: Map<string, Table>
  /** A table by its id; of a view the columns too, as its query gives them. */
  table(id: string): Table | null
  /** The query of a view, as the script has it; null where that is not known. */
  queryOf(view: Table): string | null
  textOf(path: string): string | null
  sourceOf(path: string): SourceFile | null
  /** File of the repository that an import means. */
  resolve(from: string, specifier: string): string | null
  homeOf(service: string): Home | null
  /** Where the clients of a service are generated. */
  clientsOf(service: string): ClientsHome | null
  /**
   * How the connection of an access was opened.
   *
   * @param paths files in which the driver is called
   */
  optionsOf(access: Access, paths: string[]): Opened
  /** Every place where the source says a name. */
  mentions: Mentions
  /** The class that an expression names. */
  classOf(file: SourceFile, name: Node): Declared | null
  connections: ConnectionSearch
  /** Whether statements of a file make a temporary table of this name. */
  makesTemporary(file: string, name: string): boolean
  /** Drivers that a service executes statements with on a datastore, most used first. */
  driversOf(service: string, datastore: string | null): string[]
  /** Whether one of these packages is among the dependencies of a service, of the repository, or of libraries that it loads. */
  dependsOn(service: string, names: string[]): boolean
  /** Folder of a service, and those of the libraries that it loads: a driver may be a dependency of theirs alone. */
  packageFoldersOf(service: string): string[]
}

/** @throws RewriteError where the config's package for clients can't be used */
export function createRepository(
  input: RewriteInput,
  parsers: Parsers,
  existing: Operation[],
  existingAlone: AloneUse[],
): Repository {
  const texts = new Map<string, string | null>()
  const sources = new Map<string, SourceFile | null>()
  const homes = new Map<string, Home | null>()
  const packageFolders = new Map<string, string[]>()
  const options = new Map<string, Opened>()
  const complete = new Map<string, Table | null>()
  const remember = <T>(memory: Map<string, T>, key: string, make: () => T): T => {
    if (!memory.has(key)) memory.set(key, make())
    return memory.get(key)!
  }
  const textOf = (path: string): string | null =>
    remember(texts, path, () => {
      const result = input.read(path)
      return 'text' in result ? result.text : null
    })
  const sourceOf = (path: string): SourceFile | null =>
    remember(sources, path, () => {
      const text = textOf(path)
      return text === null ? null : openSource(path, text)
    })
  const resolve = createResolver(input.workspace)
  const filesOf = (service: string): string[] =>
    input.workspace.files
      .filter(file => file.owner === service && file.kind === 'source')
      .map(file => file.path)

  const ownerOf = new Map(input.workspace.files.map(({ path, owner }) => [path, owner]))
  const callersOf: FindCallers = found => {
    findCallers ??= callerSearch(repository)
    return findCallers(found)
  }

  /**
   * What all connections agree on that are opened by the services and libraries which call the driver; where these open
   * none, all that the services may open which run the code.
   */
  const optionsOfServices = (homes: string[], services: string[], driver: string): Opened =>
    remember(options, [driver, ...new Set([...homes, '', ...services])].join(), () => {
      const openings = (isWanted: (path: string, owner: string) => boolean) =>
        input.workspace.files
          .filter(({ path, kind, owner }) => kind === 'source' && isWanted(path, owner ?? ''))
          .flatMap(({ path }) => openingsIn(path, textOf(path) ?? '', { sourceOf, resolve, callersOf }))
          .filter(each => each.package === null || driverOfModule(each.package)?.name === driver)
      const own = openings((_, owner) => homes.includes(owner))
      return agreed(
        own.length > 0
          ? own
          : openings(
              (path, owner) =>
                services.includes(owner) || input.servicesOf(path).some(each => services.includes(each)),
            ),
      )
    })

  /** A file of settings in which a URL has options: code that takes it from the environment does not tell them. */
  const urlSetting = once(() =>
    input.workspace.files.find(
      ({ path, kind }) => kind === 'settings' && hasUrlWithOptions(textOf(path) ?? ''),
    ),
  )

  const writtenOptions = (access: Access, paths: string[]): Opened => {
    const setting = urlSetting()
    if (setting) return notKnown(`a URL of ${setting.path} has options`)
    const connection = input.sites.get(access.id)?.connection
    const place = connection && /^(.*):(\d+)$/.exec(connection)
    if (!place) {
      const homes = paths.flatMap(path => ownerOf.get(path) ?? [])
      return optionsOfServices(homes, [access.service, ...access.reachedBy], access.driver)
    }
    const file = sourceOf(place[1]!)
    return file
      ? optionsAt(file, Number(place[2]), { sourceOf, resolve, callersOf })
      : notKnown(`${place[1]} does not parse`)
  }

  /** What the service's package.json asks for, else that of the whole repository. */
  const versionOf = (service: string, name: string): string | undefined => {
    const own = input.map.services.find(each => each.name === service)?.path
    return [own, '.']
      .flatMap(path => input.workspace.packages.find(each => each.path === path) ?? [])
      .map(({ versions }) => (Object.hasOwn(versions, name) ? versions[name] : undefined))
      .find(version => version !== undefined)
  }

  const types = userTypesIn(
    input.workspace.files.flatMap(({ path, kind }) => (kind === 'sql' ? [textOf(path) ?? ''] : [])),
  )
  const withBaseTypes = (table: Table): Table =>
    types.size === 0
      ? table
      : { ...table, columns: table.columns.map(each => ({ ...each, type: baseType(each.type, types) })) }
  const byId = new Map(input.map.tables.map(table => [table.id, withBaseTypes(table)]))
  const withColumns = (table: Table | null): Table | null => {
    if (table?.kind !== 'view' || table.columns.length > 0 || !table.definedAt) return table
    const dialect = input.map.datastores.find(({ id }) => id === table.datastore)?.dialect
    const text = textOf(table.definedAt.file)
    if (text === null || (dialect !== 'mysql' && dialect !== 'postgresql')) return table
    const find = (schema: string | null, name: string): Table | null => {
      const found = input.map.tables.find(
        each =>
          each.datastore === table.datastore &&
          each.name.toLowerCase() === name.toLowerCase() &&
          (schema === null || each.schema === schema),
      )
      return found && found.id !== table.id ? repository.table(found.id) : null
    }
    return { ...table, columns: viewColumns(table, text, dialect, parsers, find) ?? [] }
  }
  const isPostgres = ({ datastore }: Access): boolean =>
    input.map.datastores.some(({ id, dialect }) => id === datastore && dialect === 'postgresql')
  const homeOfService = (service: string): Home | null =>
    remember(homes, service, () => homeOf(service, input.workspace, textOf))
  const shared = clientsPackage(
    input.workspace,
    textOf,
    paths => extensionOf(paths, textOf),
    input.map.services.flatMap(({ name }) => homeOfService(name) ?? []),
  )

  let findCallers: FindCallers | undefined
  let connections: ConnectionSearch | null = null
  const repository: Repository = {
    ...input,
    parsers,
    existing,
    existingAlone,
    tables: byId,
    table: id => remember(complete, id, () => withColumns(byId.get(id) ?? null)),
    queryOf({ name, datastore, definedAt }) {
      const dialect = input.map.datastores.find(({ id }) => id === datastore)?.dialect
      const text = definedAt && textOf(definedAt.file)
      if (!text || (dialect !== 'mysql' && dialect !== 'postgresql')) return null
      return viewQuery(name, text, dialect)
    },
    textOf,
    sourceOf,
    resolve,
    homeOf: homeOfService,
    clientsOf(service) {
      const home = homeOfService(service)
      return shared ?? (home && { ...home, package: null })
    },
    optionsOf(access, paths) {
      if (isPostgres(access)) {
        const isChanged = [access.service, ...access.reachedBy].some(service =>
          filesOf(service).some(path => changesTypeParsers(textOf(path) ?? '')),
        )
        return isChanged ? notKnown('') : opened({})
      }
      return withDefaults(
        writtenOptions(access, paths),
        access.driver,
        versionOf(access.service, access.driver),
      )
    },
    mentions: createMentions({ workspace: input.workspace, textOf, sourceOf }),
    classOf(file, name) {
      const binding = name.type === 'Identifier' ? file.bindings.of(name) : null
      if (binding?.kind === 'class') return { file, node: binding.declaration }
      const found = binding?.kind === 'import' ? imported(file, binding, { sourceOf, resolve }) : null
      return found && /^Class(?:Decl|Expr)/.test(found.node.type) ? found : null
    },
    get connections() {
      connections ??= connectionSearch(repository)
      return connections
    },
    // The database's own tables are changed by no statement.
    makesTemporary: (file, name) =>
      input.map.accesses.some(
        access =>
          access.file === file &&
          access.tables.some(({ table, system, op }) => system && table === name && op === 'ddl'),
      ),
    driversOf(service, datastore) {
      const counts = new Map<string, number>()
      for (const access of input.map.accesses) {
        if (access.service !== service || access.datastore !== datastore) continue
        counts.set(access.driver, (counts.get(access.driver) ?? 0) + 1)
      }
      return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([driver]) => driver)
    },
    dependsOn: (service, names) =>
      ['.', ...repository.packageFoldersOf(service)].some(path =>
        input.workspace.packages.some(
          each => each.path === path && names.some(name => Object.hasOwn(each.versions, name)),
        ),
      ),
    packageFoldersOf: service =>
      remember(packageFolders, service, () => {
        const loaded = new Set(
          input.workspace.files
            .filter(({ path, owner }) => owner !== service && input.servicesOf(path).includes(service))
            .map(({ owner }) => owner),
        )
        const own = input.map.services.find(({ name }) => name === service)?.path ?? '.'
        return [own, ...input.map.services.filter(({ name }) => loaded.has(name)).map(({ path }) => path)]
      }),
  }
  return repository
}
