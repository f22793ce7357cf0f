/** `seamripper.yml`: read and checked by the rules of schemas/config.schema.json, with a line for every key. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import type { ParsedNode } from 'yaml'
import type { Dialect, Service } from '../model.js'
import { ConfigError, type ConfigProblem } from './config-error.js'
import { gateKeys, isGateKey, readAllow, readLevels, readServiceGate } from './config-gate.js'
import { configNames } from './config-names.js'
import { ConfigNodes } from './config-nodes.js'
import { emptyRewrite, readRewrite } from './config-rewrite.js'
import { joinInside } from './paths.js'
import { decode, reasonOf } from './read.js'
import { didYouMean } from './suggest.js'
import type { Config, ServiceGate, WorkspacePackage } from './types.js'
import { parseYaml } from './yaml.js'

/** Lines that a message names one by one. */
const MOST_LINES = 5

const topKeys = [
  'services',
  'libraries',
  'datastores',
  'owners',
  'rules',
  'allow',
  'rewrite',
  'exclude',
  'include',
] as const
const serviceKeys = ['path', 'datastore', ...gateKeys]
const dialects: Record<Dialect, true> = {
  postgresql: true,
  mysql: true,
  sqlite: true,
  mssql: true,
  snowflake: true,
  clickhouse: true,
  bigquery: true,
  unknown: true,
}

/** The config of a root that has none. */
export function emptyConfig(): Config {
  return {
    file: null,
    services: {},
    connections: {},
    libraries: {},
    datastores: {},
    owners: {},
    exclude: [],
    include: [],
    gate: { rules: {}, services: {}, allow: [] },
    rewrite: emptyRewrite(),
    lines: {},
  }
}

/** A config as far as it can be understood, and what is wrong with it. */
export interface ReadConfig {
  config: Config
  problems: ConfigProblem[]
}

/**
 * Reads the config of `root`, or `configFile` (relative to the working directory).
 *
 * @throws ConfigError with all problems at once
 */
export async function loadConfig(root: string, configFile: string | undefined): Promise<Config> {
  return withoutProblems(await readConfig(root, configFile))
}

/**
 * The same, for who can tell more of it: all of its problems are told together.
 *
 * @throws ConfigError for a file that can't be read
 */
export async function readConfig(root: string, configFile: string | undefined): Promise<ReadConfig> {
  const path = configFile === undefined ? findConfig(root) : resolve(configFile)
  if (path === null) return { config: emptyConfig(), problems: [] }
  if (configFile !== undefined && !existsSync(path)) {
    throw new ConfigError([{ file: configFile, line: null, message: 'there is no such file' }])
  }
  const file = relative(root, path).split(sep).join('/')
  return understandConfig(readConfigText(path, file), file)
}

function findConfig(root: string): string | null {
  return configNames.map(name => `${root}/${name}`).find(path => existsSync(path)) ?? null
}

function readConfigText(path: string, file: string): string {
  const fail = (reason: string): never => {
    throw new ConfigError([{ file, line: null, message: `the config can't be read: ${reason}` }])
  }
  let bytes: Buffer
  try {
    // A pipe would be waited for.
    if (!statSync(path).isFile()) throw new Error('it is no regular file')
    bytes = readFileSync(path)
  } catch (error) {
    return fail(reasonOf(error))
  }
  const result = decode(bytes, file)
  return 'text' in result ? result.text : fail(result.diagnostic.message)
}

/**
 * The config that `text` says; `file` is for messages.
 *
 * @throws ConfigError with all problems at once
 */
export async function parseConfig(text: string, file: string): Promise<Config> {
  return withoutProblems(await understandConfig(text, file))
}

/** What `text` says, as far as it can be understood; `file` is for messages. */
export async function understandConfig(text: string, file: string): Promise<ReadConfig> {
  const yaml = await parseYaml(text)
  const reader = new ConfigReader(yaml, { ...emptyConfig(), file })
  return { config: reader.read(), problems: reader.problems }
}

function withoutProblems({ config, problems }: ReadConfig): Config {
  if (problems.length > 0) throw new ConfigError(problems.sort(byLine))
  return config
}

function byLine(a: ConfigProblem, b: ConfigProblem): number {
  return (a.line ?? 0) - (b.line ?? 0)
}

/** Walks the syntax tree of a config once and collects values, lines and problems. */
class ConfigReader extends ConfigNodes {
  read(): Config {
    const { errors, contents } = this.yaml
    for (const { line, message } of errors) this.report(line, message)
    if (errors.length > 0 || contents === null) return this.config

    for (const { key, line, value } of this.members(contents, 'the config', topKeys)) {
      this.config.lines[key] = line
      if (value === null) continue
      if (key === 'services') this.config.services = this.readServices(key, value, serviceKeys)
      if (key === 'libraries') this.config.libraries = this.readServices(key, value, ['path'])
      if (key === 'datastores') this.config.datastores = this.readDatastores(value)
      if (key === 'owners') this.config.owners = this.readOwners(value)
      if (key === 'rules') this.config.gate.rules = readLevels(this, value, 'rules')
      if (key === 'allow') this.config.gate.allow = readAllow(this, value)
      if (key === 'rewrite') this.config.rewrite = readRewrite(this, value)
      if (key === 'exclude' || key === 'include') this.config[key] = this.readPatterns(key, value)
    }
    this.checkPathsDiffer()
    return this.config
  }

  private readServices(
    section: 'services' | 'libraries',
    node: ParsedNode,
    keys: readonly string[],
  ): Record<string, { path: string }> {
    // Pairs, not keys set one by one: a name may be one that objects have themselves.
    const services: [string, { path: string }][] = []
    const connections: [string, string][] = []
    const gates: [string, ServiceGate][] = []
    for (const { key: name, line, value } of this.members(node, section)) {
      const where = `${section}.${name}`
      this.config.lines[where] = line
      const service = { path: '' }
      const gate: ServiceGate = { rules: {}, database: null, separated: false }
      const members = value === null ? [] : this.members(value, where, keys)
      for (const member of members) {
        this.config.lines[`${where}.${member.key}`] = member.line
        if (isGateKey(member.key)) {
          readServiceGate(this, member, where, gate)
          continue
        }
        const text = this.text(member, `${where}.${member.key}`)
        if (member.key === 'datastore' && text !== null) connections.push([name, text])
        if (member.key === 'path' && text !== null) {
          service.path = this.pathInside(text, member.line, `${where}.path`)
        }
      }
      const given = new Set(members.map(member => member.key))
      if ([...given].some(isGateKey)) gates.push([name, gate])
      if (given.has('path')) {
        if (service.path !== '') services.push([name, service])
      }
      // All else is about a service that is found without being told.
      else if (given.size === 0) {
        this.report(line, `${where} has no path. Give the folder that it lies in: { path: apps/${name} }`)
      }
    }
    if (section === 'services') {
      this.config.gate.services = Object.fromEntries(gates)
      this.config.connections = Object.fromEntries(connections)
    }
    return Object.fromEntries(services)
  }

  private pathInside(path: string, line: number, where: string): string {
    const inside = path === '' ? null : joinInside('.', path)
    if (inside !== null) return inside
    this.report(line, `${where} is "${path}"; a folder inside the analysed root is expected, relative to it`)
    return ''
  }

  private readDatastores(node: ParsedNode): Config['datastores'] {
    const datastores = this.members(node, 'datastores').map(({ key: id, line, value }) => {
      const where = `datastores.${id}`
      this.config.lines[where] = line
      const datastore: { dialect?: Dialect } = {}
      for (const member of value === null ? [] : this.members(value, where, ['dialect'])) {
        this.config.lines[`${where}.dialect`] = member.line
        const dialect = this.text(member, `${where}.dialect`)
        if (dialect === null) continue
        if (isDialect(dialect)) datastore.dialect = dialect
        else this.report(member.line, unknownDialect(dialect, `${where}.dialect`))
      }
      return [id, datastore] as const
    })
    return Object.fromEntries(datastores)
  }

  private readOwners(node: ParsedNode): Config['owners'] {
    const owners = this.members(node, 'owners').map(member => {
      const where = `owners.${member.key}`
      this.config.lines[where] = member.line
      return [member.key, member.value === null ? null : this.text(member, where)] as const
    })
    return Object.fromEntries(owners)
  }

  private readPatterns(section: 'exclude' | 'include', node: ParsedNode): string[] {
    const items = this.yaml.itemsOf(node)
    if (items === null) {
      this.report(this.lineOf(node), `${section} is ${this.describe(node)}; a list of patterns is expected`)
      return []
    }
    const patterns = items.map((item, index) => {
      const line = this.lineOf(item)
      this.config.lines[`${section}.${index}`] = line
      return this.text({ line, value: item }, `${section}, item ${index + 1},`)
    })
    return patterns.filter(pattern => pattern !== null)
  }

  /** Two names for one folder, or one name for two, would leave open whose a file is. */
  private checkPathsDiffer(): void {
    const byPath = new Map<string, string>()
    const names = new Set<string>()
    for (const section of ['services', 'libraries'] as const) {
      for (const [name, { path }] of Object.entries(this.config[section])) {
        const where = `${section}.${name}`
        const line = this.config.lines[where]!
        const other = byPath.get(path)
        if (path !== '' && other !== undefined) {
          this.report(line, `${where} has the path of ${other}, ${path}. Remove one of them`)
        }
        if (names.has(name)) this.report(line, `${where} is listed under services too. Remove one of them`)
        byPath.set(path, where)
        names.add(name)
      }
    }
  }
}

function isDialect(text: string): text is Dialect {
  return Object.hasOwn(dialects, text)
}

function unknownDialect(dialect: string, where: string): string {
  const known = Object.keys(dialects)
  return `${where} is "${dialect}".${didYouMean(dialect, known)} Known: ${known.join(', ')}`
}

/**
 * Checks what only the repository can tell: that folders exist, that owners and who is allowed are services and that clients
 * go to a package. A service of which the config says something that is wrong is not told again where it is named.
 *
 * @throws ConfigError with all problems at once, those that were found before included
 */
export function checkConfig(
  { config, problems: before }: ReadConfig,
  services: readonly Service[],
  folders: ReadonlySet<string>,
  packages: readonly WorkspacePackage[],
): void {
  const problems = [...before]
  const report = (where: string, message: string): void => {
    problems.push({ file: config.file ?? '.', line: config.lines[where] ?? null, message })
  }
  const entries = [...Object.values(config.services), ...Object.values(config.libraries)]
  const taken = new Set(entries.map(({ path }) => path))
  for (const section of ['services', 'libraries'] as const) {
    for (const [name, { path }] of Object.entries(config[section])) {
      if (folders.has(path)) continue
      // A folder of another entry is not meant, however near: most likely this one was renamed.
      const hint = didYouMean(
        path,
        [...folders].filter(folder => !taken.has(folder)),
      )
      report(
        `${section}.${name}.path`,
        `${section}.${name}.path is "${path}", and there is no such folder.${hint}`,
      )
    }
  }
  const names = services.filter(({ kind }) => kind === 'service').map(({ name }) => name)
  const isNamed = (name: string) => names.includes(name) || Object.hasOwn(config.lines, `services.${name}`)
  for (const name of new Set([...Object.keys(config.gate.services), ...Object.keys(config.connections)])) {
    if (names.includes(name) || Object.hasOwn(config.lines, `services.${name}.path`)) continue
    report(
      `services.${name}`,
      `services.${name} has no path, and no service of that name was found.${didYouMean(name, names)} Services: ${names.join(', ')}`,
    )
  }
  for (const [owner, tables] of tablesByOwner(config.owners)) {
    if (isNamed(owner)) continue
    const isLibrary = services.some(({ name, kind }) => name === owner && kind === 'library')
    const advice = isLibrary
      ? 'that is a library, which no one deploys. Name a service, or null to leave the table open'
      : `and there is no such service.${didYouMean(owner, names)} Services: ${names.join(', ')}`
    const [where = '', ...others] = tables.map(table => `owners.${table}`)
    const lines = others.flatMap(each => config.lines[each] ?? [])
    report(where, `${where} is "${owner}"${alsoTold(others.length, lines)}, ${advice}`)
  }
  for (const operation of Object.keys(config.rewrite.endpoints)) {
    const owner = operation.slice(0, operation.lastIndexOf('.'))
    if (isNamed(owner)) continue
    const where = `rewrite.endpoints.${operation}`
    report(
      where,
      `${where}: there is no service "${owner}".${didYouMean(owner, names)} Services: ${names.join(', ')}`,
    )
  }
  for (const [index, { line, from }] of config.gate.allow.entries()) {
    for (const name of from) {
      if (name === '*' || isNamed(name)) continue
      const message = `allow, item ${index + 1}, from is "${name}", and there is no such service.${didYouMean(name, names)} Services: ${names.join(', ')}`
      problems.push({ file: config.file ?? '.', line, message })
    }
  }
  const { clients } = config.rewrite
  if (clients !== null && !packages.some(({ path }) => path === clients)) {
    const what = folders.has(clients)
      ? `which is no package of the repository. Give it a package.json with a name, and list it in the workspaces of the root`
      : `and there is no such folder.${didYouMean(
          clients,
          packages.map(({ path }) => path),
        )}`
    report('rewrite.clients', `rewrite.clients is "${clients}", ${what}`)
  }
  if (problems.length > 0) throw new ConfigError(problems.sort(byLine))
}

/** Tables of each owner: where a service was renamed, all of them are wrong in the same way, which is said once. */
function tablesByOwner(owners: Config['owners']): Map<string, string[]> {
  const tables = new Map<string, string[]>()
  for (const [table, owner] of Object.entries(owners))
    if (owner !== null) tables.set(owner, [...(tables.get(owner) ?? []), table])
  return tables
}

/** ` (so are 3 more, in lines 4, 5, 9)` */
function alsoTold(count: number, lines: readonly number[]): string {
  if (count === 0) return ''
  const where =
    lines.length === 0
      ? ''
      : lines.length > MOST_LINES
        ? `, in lines ${Math.min(...lines)} to ${Math.max(...lines)}`
        : `, in line${lines.length === 1 ? '' : 's'} ${lines.join(', ')}`
  return ` (so ${count === 1 ? 'is' : 'are'} ${count} more${where})`
}
