/** What made the results: other code, parsers or Node can make others of the same input. */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * A hash of our own code, of the versions of the packages outside of it (the parsers), and of Node's. The version in package.json alone would not
 * tell a changed checkout from the release before it. 5 ms for the bundle.
 */
export function toolKey(): string {
  const hash = createHash('sha256').update(process.version)
  const here = fileURLToPath(import.meta.url)
  // From the sources this is analyzers/cache/tool-key.ts, bundled a file of dist/chunks, beside all others.
  const folders = here.endsWith('.ts')
    ? ['analyzers', 'codemods'].map(name => join(dirname(dirname(dirname(here))), name))
    : [dirname(here)]
  for (const folder of folders) {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry =>
      entry.isFile(),
    )
    for (const path of files.map(entry => join(entry.parentPath, entry.name)).sort()) {
      hash.update(path.slice(folder.length)).update(readFileSync(path))
    }
  }
  const require = createRequire(import.meta.url)
  const { dependencies } = require('seamripper/package.json') as { dependencies: Record<string, string> }
  for (const name of Object.keys(dependencies)) hash.update(`${name} ${versionOf(name, require)}`)
  return hash.digest('hex')
}

function versionOf(name: string, require: NodeJS.Require): string {
  for (const folder of require.resolve.paths(name) ?? []) {
    try {
      const { version } = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as {
        version: unknown
      }
      return String(version)
    } catch {
      // Not installed in this one; the next above it.
    }
  }
  return 'not installed'
}
