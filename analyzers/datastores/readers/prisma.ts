import { dialectOfName } from '../dialects.js'
import { isDatabaseName } from '../names.js'
import type { SettingsReader } from '../types.js'
import { noConnection } from './connection.js'
import { lineCounter } from './lines.js'

/** The `datasource` block of `schema.prisma`: provider and URL. */
export const prismaReader: SettingsReader = {
  name: 'prisma',
  matches: path => path.endsWith('.prisma'),
  read(file) {
    const block = /^[ \t]*datasource[ \t]+(\w+)[ \t]*\{([^}]*)\}/m.exec(file.text)
    if (!block) return {}
    const [, name, body] = block
    const dialect = dialectOfName(/^\s*provider\s*=\s*"([^"]*)"/m.exec(body!)?.[1] ?? '')
    const url = /^\s*url\s*=\s*(?:env\(\s*"([^"]*)"\s*\)|"([^"]*)")/m.exec(body!)
    if (dialect === null) return {}
    return {
      connections: [
        {
          ...noConnection(file, lineCounter(file.text)(block.index)),
          name: name !== undefined && isDatabaseName(name) && name !== 'db' ? name : null,
          driver: 'prisma',
          dialect,
          urlEnv: url?.[1] ?? null,
          url: url?.[2] ?? null,
        },
      ],
    }
  },
}
