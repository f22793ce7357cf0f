/** Generated files that are the same everywhere: real sources of this package, with a header. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Home } from '../repository/home.js'
import { HEADER } from './text.js'

/** A file under `codemods/runtime`, with relative imports as the service writes them. */
export function runtimeFile(name: string, extension: Home['extension']): string {
  const root = dirname(createRequire(import.meta.url).resolve('seamripper/package.json'))
  const text = readFileSync(join(root, 'codemods/runtime', name), 'utf8').replace(/\r\n/g, '\n')
  return `${HEADER}\n${text.replace(/(from '\.\.?\/[^']*)\.js'/g, `$1${extension}'`)}`
}
