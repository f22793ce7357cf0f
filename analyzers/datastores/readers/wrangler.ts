import { isDatabaseName } from '../names.js'
import type { ConnectionFact, SettingsFile, SettingsReader } from '../types.js'
import { noConnection } from './connection.js'
import { readJson } from './json.js'
import { child, text } from './tree.js'

/** The D1 databases of a Cloudflare worker: `wrangler.toml`, `wrangler.json`, templates of them. */
export const wranglerReader: SettingsReader = {
  name: 'wrangler',
  matches: path => /(^|\/)wrangler\.(toml|jsonc?)([.-][\w.-]*)?$/.test(path),
  read: file => ({ connections: /\.toml/.test(file.path) ? readToml(file) : readWranglerJson(file) }),
}

/** Those of `[env.staging]` are the same databases in another place. */
function readToml(file: SettingsFile): ConnectionFact[] {
  const connections: ConnectionFact[] = []
  let current: ConnectionFact | null = null
  file.text.split('\n').forEach((line, index) => {
    if (/^\s*\[/.test(line)) {
      current = /^\s*\[\[\s*d1_databases\s*\]\]/.test(line) ? noConnection(file, index + 1) : null
      if (current) connections.push(current)
      return
    }
    const [, key, value] = /^\s*(binding|database_name)\s*=\s*["']([^"']*)["']/.exec(line) ?? []
    if (current && key === 'binding') current.name = value!
    else if (current && key) current.database = value!
  })
  return connections.filter(isTold).map(asD1)
}

function readWranglerJson(file: SettingsFile): ConnectionFact[] {
  const list = child(readJson(file.text), 'd1_databases')
  const items = list?.kind === 'list' ? list.items : []
  return items
    .map(item => ({
      ...noConnection(file, item.line),
      name: text(child(item, 'binding')),
      database: text(child(item, 'database_name')),
    }))
    .filter(isTold)
    .map(asD1)
}

const isTold = ({ database }: ConnectionFact) => database !== null && isDatabaseName(database)

const asD1 = (connection: ConnectionFact): ConnectionFact => ({
  ...connection,
  driver: 'd1',
  dialect: 'sqlite',
})
