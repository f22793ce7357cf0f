/** What `deno.json` and import maps say: where imports of the repository lead, and which packages the others mean. */
import { type JsonFile, objectAt, stringMembers } from './json.js'
import { folderOf, joinInside } from './paths.js'
import type { ImportAliases, TsPaths } from './types.js'

/** The configs of Deno and import maps, read as the paths of a tsconfig, and the names that they give packages. */
export function readImportMaps(files: readonly JsonFile[]): { paths: TsPaths[]; aliases: ImportAliases[] } {
  const maps = files.map(file => {
    const folder = folderOf(file.path)
    const imports = stringMembers(objectAt(file.value, 'imports'))
    const isLocal = ([, target]: [string, string]): boolean => target.startsWith('.')
    return {
      folder,
      paths: Object.fromEntries(imports.filter(isLocal).flatMap(entry => pathsOf(entry, folder))),
      names: Object.fromEntries(
        imports
          .filter(entry => !isLocal(entry))
          .map(([name, target]): [string, string] => [name, packageOf(target)]),
      ),
    }
  })
  return {
    paths: maps.map(({ folder, paths }) => ({ folder, paths })).filter(({ paths }) => isFilled(paths)),
    aliases: maps.map(({ folder, names }) => ({ folder, names })).filter(({ names }) => isFilled(names)),
  }
}

/** `@/` of an import map stands for all that begins with it. */
function pathsOf([name, target]: [string, string], folder: string): [string, string[]][] {
  const place = joinInside(folder, target)
  if (place === null) return []
  return [name.endsWith('/') ? [`${name}*`, [place === '.' ? '*' : `${place}/*`]] : [name, [place]]]
}

function isFilled(record: object): boolean {
  return Object.keys(record).length > 0
}

/** `npm:pg@8`, `jsr:@db/postgres@^0.19`, `https://esm.sh/pg@8.11?bundle`, `https://deno.land/x/postgres@v0.17/mod.ts`. */
const REMOTE =
  /^(?:(?:npm|jsr):\/?|https:\/\/(?:(?:cdn\.)?esm\.sh|cdn\.skypack\.dev)\/(?:v\d+\/)?|https:\/\/(?=deno\.land\/x\/))((?:deno\.land\/x\/|@[\w.-]+\/)?[\w.-]+)(?:@[^/?]*)?(\/[^?]*)?/

/**
 * The package that a specifier of Deno means, by the name that it has on npm or JSR, with the path within it; any other
 * specifier as it is.
 */
export function packageOf(specifier: string): string {
  const match = REMOTE.exec(specifier)
  if (match === null) return specifier
  const [, name, path] = match as unknown as [string, string, string | undefined]
  // A module of deno.land is a file of it.
  return path === undefined || path === '/' || name.startsWith('deno.land/') ? name : `${name}${path}`
}
