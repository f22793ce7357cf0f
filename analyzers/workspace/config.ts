/** `seamripper.yml`: read and checked by the rules of schemas/config.schema.json, with a line for every key. */
import { existsSync, readFileSync, statSync } from 'node:fs'
import { relative, resolve, sep } from 'node:path'
import type { ParsedNode } from 'yaml'
import type { Dialect, Service } from '../model.js'
import { joinInside } from './paths.js'
import { decode, reasonOf } from './read.js'
import { didYouMean } from './suggest.js'
import type { Config } from './types.js'
import { type KeyedNode, parseYaml, type YamlFile } from './yaml.js'

/** One thing that is wrong with a config, where it stands and what to do about it. */
export interface ConfigProblem {
  file: string
  line: number | null
  message: string
}

/** Bad usage: the config, or the root, is not what it has to be. The command line ends with status 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'

  constructor(readonly problems: readonly ConfigProblem[]) {
    super(problems.map(formatProblem).join('\n'))
  }
}

/** `seamripper.yml:4: …` */
function formatProblem({ file, line, message }: ConfigProblem): string {
  return `${file}${line === null ? '' : `:${line}`}: ${message}`
}

const fileNames = ['seamripper.yml', 'seamripper.yaml']
const topKeys = ['services', 'libraries', 'datastores', 'owners', 'exclude', 'include'] as const
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
    libraries: {},
    datastores: {},
    owners: {},
    exclude: [],
    include: [],
    lines: {},
  }
}

/**
 * Reads the config of `root`, or `configFile` (relative to the working directory).
 *
 * @throws ConfigError with all problems at once
 */
export async function loadConfig(root: string, configFile: string | undefined): Promise<Config> {
  const path = configFile === undefined ? findConfig(root) : resolve(configFile)
  if (path === null) return emptyConfig()
  const file = relative(root, path).split(sep).join('/')
  return parseConfig(readConfigText(path, file), file)
}

function findConfig(root: string): string | null {
  return fileNames.map(name => `${root}/${name}`).find(path => existsSync(path)) ?? null
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
  const yaml = await parseYaml(text)
  const reader = new ConfigReader(yaml, { ...emptyConfig(), file })
  const config = reader.read()
  if (reader.problems.length > 0) throw new ConfigError(reader.problems.sort(byLine))
  return config
}

function byLine(a: ConfigProblem, b: ConfigProblem): number {
  return (a.line ?? 0) - (b.line ?? 0)
}

/** Walks the syntax tree of a config once and collects values, lines and problems. */
class ConfigReader {
  readonly problems: ConfigProblem[] = []

  constructor(
    private readonly yaml: YamlFile,
    private readonly config: Config,
  ) {}

  read(): Config {
    const { errors, contents } = this.yaml
    for (const { line, message } of errors) this.report(line, message)
    if (errors.length > 0 || contents === null) return this.config

    for (const { key, line, value } of this.members(contents, 'the config', topKeys)) {
      this.config.lines[key] = line
      if (value === null) continue
      if (key === 'services') this.config.services = this.readServices(key, value, ['path', 'datastore'])
      if (key === 'libraries') this.config.libraries = this.readServices(key, value, ['path'])
      if (key === 'datastores') this.config.datastores = this.readDatastores(value)
      if (key === 'owners') this.config.owners = this.readOwners(value)
      if (key === 'exclude' || key === 'include') this.config[key] = this.readPatterns(key, value)
    }
    this.checkPathsDiffer()
    return this.config
  }

  private readServices(
    section: 'services' | 'libraries',
    node: ParsedNode,
    keys: readonly string[],
  ): Record<string, { path: string; datastore?: string }> {
    const services = this.members(node, section).map(({ key: name, line, value }) => {
      const where = `${section}.${name}`
      this.config.lines[where] = line
      const service: { path: string; datastore?: string } = { path: '' }
      let hasPath = false
      for (const member of value === null ? [] : this.members(value, where, keys)) {
        this.config.lines[`${where}.${member.key}`] = member.line
        const text = this.text(member, `${where}.${member.key}`)
        if (member.key === 'datastore' && text !== null) service.datastore = text
        if (member.key === 'path') {
          hasPath = true
          if (text !== null) service.path = this.pathInside(text, member.line, `${where}.path`)
        }
      }
      if (!hasPath) {
        this.report(line, `${where} has no path. Give the folder that it lies in: { path: apps/${name} }`)
      }
      return [name, service] as const
    })
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

  /** Members of a mapping; a key that is not one of `known` is a problem and left out. */
  private members<Key extends string>(
    node: ParsedNode,
    where: string,
    known?: readonly Key[],
  ): KeyedNode<Key>[] {
    const members = this.yaml.membersOf(node)
    if (members === null) {
      const line = this.lineOf(node)
      this.report(line, `${where} is ${this.describe(node)}; a mapping (key: value) is expected`)
      return []
    }
    return members.filter((member): member is KeyedNode<Key> => {
      if (known === undefined || (known as readonly string[]).includes(member.key)) return true
      const hint = didYouMean(member.key, known)
      const allowed =
        known.length === 1 ? `Only ${known[0]} is known here` : `Known here: ${known.join(', ')}`
      this.report(member.line, `${where} has an unknown key "${member.key}".${hint} ${allowed}`)
      return false
    })
  }

  /** A text; null, and a problem, for anything else. */
  private text({ line, value }: { line: number; value: ParsedNode | null }, where: string): string | null {
    const scalar = value !== null && 'value' in value ? value.value : undefined
    if (typeof scalar === 'string') return scalar
    const advice = typeof scalar === 'number' || typeof scalar === 'boolean' ? '. Write it in quotes' : ''
    const found = value === null || scalar === null ? 'empty' : this.describe(value)
    this.report(line, `${where} is ${found}; a text is expected${advice}`)
    return null
  }

  private describe(node: ParsedNode): string {
    if (this.yaml.itemsOf(node) !== null) return 'a list'
    if (this.yaml.membersOf(node) !== null) return 'a mapping'
    const value = 'value' in node ? node.value : undefined
    return typeof value === 'string' ? `the text "${value}"` : String(value)
  }

  private lineOf(node: ParsedNode): number {
    return this.yaml.lineAt(node.range[0])
  }

  private report(line: number, message: string): void {
    this.problems.push({ file: this.config.file!, line, message })
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
 * Checks what only the repository can tell: that folders exist and that owners are services.
 *
 * @throws ConfigError with all problems at once
 */
export function checkConfig(
  config: Config,
  services: readonly Service[],
  folders: ReadonlySet<string>,
): void {
  const problems: ConfigProblem[] = []
  const report = (where: string, message: string): void => {
    problems.push({ file: config.file ?? '.', line: config.lines[where] ?? null, message })
  }
  for (const section of ['services', 'libraries'] as const) {
    for (const [name, { path }] of Object.entries(config[section])) {
      if (folders.has(path)) continue
      const hint = didYouMean(path, [...folders])
      report(
        `${section}.${name}.path`,
        `${section}.${name}.path is "${path}", and there is no such folder.${hint}`,
      )
    }
  }
  const names = services.filter(({ kind }) => kind === 'service').map(({ name }) => name)
  for (const [table, owner] of Object.entries(config.owners)) {
    if (owner === null || names.includes(owner)) continue
    const isLibrary = services.some(({ name, kind }) => name === owner && kind === 'library')
    const advice = isLibrary
      ? 'that is a library, which no one deploys. Name a service, or null to leave the table open'
      : `and there is no such service.${didYouMean(owner, names)} Services: ${names.join(', ')}`
    report(`owners.${table}`, `owners.${table} is "${owner}", ${advice}`)
  }
  if (problems.length > 0) throw new ConfigError(problems)
}
