/** Generated files that nothing needs any more: of operations without a use, or of places that were used before. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { OPERATIONS_FILE } from '../../analyzers/workspace/recorded.js'
import { type Removal, wasGenerated } from './changes.js'

/**
 * Files with our header below these folders that are not among those that are made now.
 *
 * @param folders of generated files, relative to the root; links are not followed
 */
export function staleFiles(root: string, folders: string[], made: ReadonlySet<string>): Removal[] {
  const paths = [...new Set(folders)].flatMap(folder => filesBelow(root, folder))
  return [...new Set([...paths, OPERATIONS_FILE])]
    .filter(path => !made.has(path))
    .sort()
    .flatMap(path => {
      const before = textOf(join(root, path))
      return before !== null && wasGenerated(path, before) ? [{ path, before }] : []
    })
}

function filesBelow(root: string, folder: string): string[] {
  // A folder on the way that is a link may lead out of the root.
  if (!isFolder(join(root, folder))) return []
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return filesBelow(root, path)
    return entry.isFile() && /\.(?:ts|js|json|sql)$/.test(entry.name) ? [path] : []
  })
}

function isFolder(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function textOf(path: string): string | null {
  if (!lstatSync(path, { throwIfNoEntry: false })?.isFile()) return null
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
