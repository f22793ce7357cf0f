import { basename, dirname } from 'node:path/posix'
import { isDatabaseName } from '../names.js'
import type { ConnectionFact, SettingsFile, SettingsReader } from '../types.js'
import { noConnection } from './connection.js'
import { readJson } from './json.js'
import { child, type Tree, text } from './tree.js'

/** The D1 databases of a Cloudflare worker: `wrangler.toml`, `wrangler.json`, templates of them. */
export const wranglerReader: SettingsReader = {
  name: 'wrangler',
  matches: path => /(^|\/)wrangler\.(toml|jsonc?)([.-][\w.-]*)?$/.test(path),
  read: file => ({
    connections: connectionsOf(
      file,
      /\.toml/.test(file.path) ? readToml(file.text) : readWranglerJson(file.text),
    ),
  }),
}

/** What a file says of one worker. */
interface Worker {
  name: string | null
  databases: Binding[]
}

interface Binding {
  line: number
  /** Null for those of the top level. */
  environment: string | null
  binding: string | null
  database: string | null
}

/**
 * Those of `[env.staging]` are the same databases in another place, so they count only where the top level has none.
 * One without a name is called after its worker and binding, as wrangler does when it makes one. A file that binds none
 * tells of a worker whose database, if it has one, is its own: see `isOwnOfWorker`.
 */
function connectionsOf(file: SettingsFile, { name, databases }: Worker): ConnectionFact[] {
  const [first] = databases
  const bound = databases.filter(({ environment }) => environment === null)
  const chosen = bound.length > 0 ? bound : databases.filter(each => each.environment === first!.environment)
  const worker = name ?? (dirname(file.path) === '.' ? null : basename(dirname(file.path)))
  const own = { line: 1, binding: null, database: null }
  return (chosen.length > 0 ? chosen : [own]).flatMap(({ line, binding, database }): ConnectionFact[] => {
    const made = worker === null ? null : [worker, ...(binding === null ? [] : [binding])].join('-')
    const called =
      database !== null && isDatabaseName(database) ? database : made?.toLowerCase().replaceAll('_', '-')
    if (called === undefined || !isDatabaseName(called)) return []
    return [{ ...noConnection(file, line), name: binding, database: called, driver: 'd1', dialect: 'sqlite' }]
  })
}

/** A worker may have a D1 database that its file does not bind: nothing is known of it but whose it is. */
export function isOwnOfWorker({ driver, name }: ConnectionFact): boolean {
  return driver === 'd1' && name === null
}

function readToml(content: string): Worker {
  const worker: Worker = { name: null, databases: [] }
  let isTop = true
  let current: Binding | null = null
  content.split('\n').forEach((line, index) => {
    if (/^\s*\[/.test(line)) {
      isTop = false
      const table = /^\s*\[\[\s*(?:env\.([\w"'-]+)\.)?d1_databases\s*\]\]/.exec(line)
      current = table && { line: index + 1, environment: table[1] ?? null, binding: null, database: null }
      if (current) worker.databases.push(current)
      return
    }
    const [, key, value] = /^\s*(name|binding|database_name)\s*=\s*["']([^"']*)["']/.exec(line) ?? []
    if (isTop && key === 'name') worker.name = value!
    else if (current && key === 'binding') current.binding = value!
    else if (current && key === 'database_name') current.database = value!
  })
  return worker
}

function readWranglerJson(content: string): Worker {
  const root = readJson(content)
  const environments = child(root, 'env')
  return {
    name: text(child(root, 'name')),
    databases: [
      ...bindingsOf(root, null),
      ...(environments?.kind === 'map'
        ? environments.entries.flatMap(({ key, value }) => bindingsOf(value, key))
        : []),
    ],
  }
}

function bindingsOf(tree: Tree | null, environment: string | null): Binding[] {
  const list = child(tree, 'd1_databases')
  return (list?.kind === 'list' ? list.items : []).map(item => ({
    line: item.line,
    environment,
    binding: text(child(item, 'binding')),
    database: text(child(item, 'database_name')),
  }))
}
