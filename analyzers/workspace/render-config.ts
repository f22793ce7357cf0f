/** Writes `seamripper.yml`: the other direction of config.ts, for `seamripper init`. */

import {
  type Datastore,
  type DependencyMap,
  type Evidence,
  NO_CONNECTION_MEANS_IT,
  NO_FILE_NAMES_IT,
  type Service,
  type Table,
} from '../model.js'
import { own } from '../own.js'
import { emptyConfig } from './config.js'
import type { Config, ServiceGate } from './types.js'
import { oneLine, quoted } from './yaml-text.js'

/** Most signs of a datastore that are told: each service that shares it has one that says the same. */
const MOST_OF_DATASTORE = 5

/** Where editors find the schema: of the newest package. */
const SCHEMA_URL = 'https://unpkg.com/seamripper/schemas/config.schema.json'

/**
 * The text of a config that says what `map` found, with the evidence as comments. Read back, it gives the
 * same services, libraries, datastores and owners. Tables without an owner are listed in comments, for a
 * person to decide.
 *
 * @param previous the config that the map was made with: what only it can say is kept
 * @param schema where editors find the schema
 */
export function renderConfig(
  map: DependencyMap,
  previous: Config = emptyConfig(),
  schema = SCHEMA_URL,
): string {
  const sections = [
    [
      `# yaml-language-server: $schema=${schema}`,
      '# Written by `seamripper init`. Correct what is wrong; what is left out is inferred.',
    ],
    renderServices('services', map, previous),
    renderServices('libraries', map, previous),
    renderNotRead(map),
    renderDatastores(map, previous),
    renderStandIns(map, previous),
    renderOwners(map, previous),
    ...renderOpenTables(map, previous),
    renderRules(previous),
    renderAllow(previous),
    renderRewrite(previous),
    renderPatterns('exclude', previous),
    renderPatterns('include', previous),
  ]
  return `${sections
    .filter(lines => lines.length > 0)
    .map(lines => lines.join('\n'))
    .join('\n\n')}\n`
}

function renderServices(section: 'services' | 'libraries', map: DependencyMap, previous: Config): string[] {
  const kind: Service['kind'] = section === 'services' ? 'service' : 'library'
  const entries = map.services
    .filter(service => service.kind === kind)
    .flatMap(({ name, path, evidence }) => {
      const datastore = section === 'services' ? own(previous.connections, name) : undefined
      return [
        ...comments(evidence, previous),
        `  ${quoted(name)}:`,
        `    path: ${quoted(path)}`,
        ...(datastore === undefined ? [] : [`    datastore: ${quoted(datastore)}`]),
        ...(section === 'services' ? renderServiceGate(previous.gate.services, name) : []),
        '',
      ]
    })
  return withHead(`${section}:`, entries.slice(0, -1))
}

/** Programs that are no services of the map: to be added by a person. */
function renderNotRead({ diagnostics }: DependencyMap): string[] {
  return diagnostics
    .filter(({ code }) => code === 'other-language')
    .map(({ message, file, line }) => `# ${oneLine(`${message} (${file}:${line})`)}`)
}

function renderDatastores(map: DependencyMap, previous: Config): string[] {
  const named = map.datastores.filter(datastore => !isStandIn(datastore, previous))
  const entries = named.flatMap(({ id, dialect, evidence }) => [
    ...comments(evidence, previous, MOST_OF_DATASTORE),
    `  ${quoted(id)}:`,
    `    dialect: ${dialect}`,
    '',
  ])
  return withHead('datastores:', entries.slice(0, -1))
}

/** Which they are is for a person to say: as entries of the config they would be databases with a name. */
function renderStandIns(map: DependencyMap, previous: Config): string[] {
  return withHead(
    '# No connection and no settings name these. Where you know better: `datastore` of the services that use them.',
    map.datastores
      .filter(datastore => isStandIn(datastore, previous))
      .map(({ id, dialect, evidence: [reason] }) =>
        oneLine(`#   ${quoted(id)} (${dialect})${reason === undefined ? '' : `: ${reference(reason)}`}`),
      ),
  )
}

/**
 * Whether no connection and no file names a datastore: declared it would be one that services can be taken to use, of
 * which no file tells theirs.
 */
function isStandIn({ id, evidence }: Datastore, previous: Config): boolean {
  return (
    !Object.hasOwn(previous.datastores, id) &&
    evidence.every(({ reason }) => reason === NO_FILE_NAMES_IT || reason === NO_CONNECTION_MEANS_IT)
  )
}

function renderOwners(map: DependencyMap, previous: Config): string[] {
  const services = serviceNames(map)
  const entries = [
    ...map.tables
      .filter(table => isOwned(table, services))
      .map(({ id, owner, evidence }) => {
        // The first decided; a line of all of them could not be read. `explain` tells the others.
        const [reason] = evidenceOf(evidence, previous)
        return `  ${quoted(id)}: ${quoted(owner!)}${reason === undefined ? '' : ` # ${reference(reason)}`}`
      }),
    ...map.tables.filter(table => isOpenOnPurpose(table, previous)).map(({ id }) => `  ${quoted(id)}: null`),
    // Patterns are for tables that come later too.
    ...Object.entries(previous.owners)
      .filter(([id]) => id.includes('*'))
      .map(([id, owner]) => `  ${quoted(id)}: ${owner === null ? 'null' : quoted(owner)}`),
  ]
  return withHead(
    '# The one service that each table belongs to. A pattern (main/lab_*) covers many.\n' +
      '# Keep those that are guesses (only … writes it): else another service that begins to write leaves the table open.\nowners:',
    entries,
  )
}

/** Those that are used, with all that is known of them, and those that are not. */
function renderOpenTables(map: DependencyMap, previous: Config): string[][] {
  const services = serviceNames(map)
  const open = map.tables.filter(table => !isOwned(table, services) && !isOpenOnPurpose(table, previous))
  const described = open.map(table => ({ table, users: usersOf(table, map) }))
  const used = described.filter(({ users }) => users !== '')
  const unused = described.filter(({ users }) => users === '')
  return [
    withHead(
      '# Open: nothing says clearly whose these tables are. Move each that you can decide under `owners`,\n' +
        '# or give it null there, to leave it open on purpose.',
      used.flatMap(({ table, users }) => [
        `#   ${quoted(table.id)}: # ${users}`,
        ...table.evidence.map(evidence => `#     ${reference(evidence)}`),
      ]),
    ),
    withHead(
      '# Open, and no statement was seen to use them: these can wait.',
      unused.map(({ table: { id, evidence } }) => {
        const [reason] = evidence
        return `#   ${quoted(id)}:${reason === undefined ? '' : ` # ${reference(reason)}`}`
      }),
    ),
  ]
}

/** What a service's entry tells the gate. */
function renderServiceGate(services: Record<string, ServiceGate>, name: string): string[] {
  if (!Object.hasOwn(services, name)) return []
  const { rules, database, separated } = services[name]!
  return [
    ...(database === null ? [] : [`    database: ${database}`]),
    ...(separated ? ['    separated: true'] : []),
    ...withHead(
      '    rules:',
      Object.entries(rules).map(([rule, level]) => `      ${quoted(rule)}: ${level}`),
    ),
  ]
}

function renderRules({ gate }: Config): string[] {
  return withHead(
    'rules:',
    Object.entries(gate.rules).map(([rule, level]) => `  ${quoted(rule)}: ${level}`),
  )
}

function renderAllow({ gate }: Config): string[] {
  const list = (texts: string[]) => `[${texts.map(quoted).join(', ')}]`
  const entries = gate.allow.flatMap(({ from, table, op, reason, until }) => [
    `  - from: ${list(from)}`,
    `    table: ${list(table)}`,
    ...(op.length === 0 ? [] : [`    op: ${list(op)}`]),
    `    reason: ${quoted(reason)}`,
    ...(until === null ? [] : [`    until: ${until}`]),
  ])
  return withHead('allow:', entries)
}

function renderRewrite({ rewrite }: Config): string[] {
  const { clients, endpoints } = rewrite
  const lists = (['reference', 'later', 'beside'] as const).flatMap(key =>
    withHead(
      `  ${key}:`,
      rewrite[key].map(pattern => `    - ${quoted(pattern)}`),
    ),
  )
  const mapped = Object.entries(endpoints).flatMap(([operation, { method, path, answer, field }]) => [
    `    ${quoted(operation)}:`,
    `      method: ${method}`,
    `      path: ${quoted(path)}`,
    ...(answer === null ? [] : [`      answer: ${answer}`]),
    ...(field === null ? [] : [`      field: ${quoted(field)}`]),
  ])
  return withHead('rewrite:', [
    ...lists,
    ...(clients === null ? [] : [`  clients: ${quoted(clients)}`]),
    ...withHead('  endpoints:', mapped),
  ])
}

function renderPatterns(section: 'exclude' | 'include', previous: Config): string[] {
  return withHead(
    `${section}:`,
    previous[section].map(pattern => `  - ${quoted(pattern)}`),
  )
}

function withHead(head: string, entries: string[]): string[] {
  return entries.length === 0 ? [] : [head, ...entries]
}

function serviceNames(map: DependencyMap): Set<string> {
  return new Set(map.services.filter(({ kind }) => kind === 'service').map(({ name }) => name))
}

function isOwned(table: Table, services: ReadonlySet<string>): boolean {
  return table.owner !== null && services.has(table.owner)
}

function isOpenOnPurpose({ id, owner }: Table, previous: Config): boolean {
  return owner === null && Object.hasOwn(previous.owners, id) && previous.owners[id] === null
}

/** `written by a, b; read by c`; empty if no one does. */
function usersOf({ id }: Table, map: DependencyMap): string {
  const users = (isUse: (op: string) => boolean): string => {
    const accesses = map.accesses.filter(access =>
      access.tables.some(table => table.id === id && isUse(table.op)),
    )
    return [
      ...new Set(
        accesses.flatMap(({ reachedBy, service }) => (reachedBy.length > 0 ? reachedBy : [service])),
      ),
    ]
      .sort()
      .join(', ')
  }
  const writers = users(op => op !== 'read')
  const readers = users(op => op === 'read')
  const parts = [writers && `written by ${writers}`, readers && `read by ${readers}`].filter(
    part => part !== '',
  )
  return oneLine(parts.join('; '))
}

function comments(evidence: readonly Evidence[], previous: Config, most = Number.MAX_SAFE_INTEGER): string[] {
  const all = evidenceOf(evidence, previous).map(item => `  # ${reference(item)}`)
  const hidden = all.length - most
  return hidden > 0 ? [...all.slice(0, most), `  #   and ${hidden} more`] : all
}

/** What a config says about itself is no evidence of it. */
function evidenceOf(evidence: readonly Evidence[], previous: Config): Evidence[] {
  return evidence.filter(({ file }) => file !== previous.file)
}

function reference({ file, line, reason }: Evidence): string {
  return oneLine(`${reason} (${file}:${line})`)
}
