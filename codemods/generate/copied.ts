/** Files that are the same for every service: they stand in codemods/runtime, are tested there, and copied. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ImportExtension } from './file.js'
import { HEADER, SQL_HEADER } from './text.js'

/** Text of a file of codemods/runtime (`service.ts`), as it stands in a service. */
export function copied(file: string, extension: ImportExtension): string {
  const text = readFileSync(join(folder(), file), 'utf8')
  const imports = /^((?:import|export) [^'\n]*?(?:\n[^'\n]+)*?from '\.[^'\n]*)\.js'$/gm
  return (file.endsWith('.sql') ? SQL_HEADER : HEADER) + text.replace(imports, `$1${extension}'`)
}

/** Beside the sources, and in the package beside the bundle. */
function folder(): string {
  let directory = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(directory, 'codemods/runtime'))) {
    const parent = dirname(directory)
    if (parent === directory) throw new Error('codemods/runtime is missing from the package')
    directory = parent
  }
  return join(directory, 'codemods/runtime')
}
