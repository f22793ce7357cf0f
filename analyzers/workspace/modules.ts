/** Which workspace file a path without, or with another, extension means, as TypeScript and bundlers see it. */

/** A `.js` that is written in an import names the TypeScript file that it will be compiled from. */
const sourcesOf: Record<string, string[]> = {
  '.js': ['.ts', '.tsx', '.js', '.jsx'],
  '.jsx': ['.tsx', '.jsx'],
  '.mjs': ['.mts', '.mjs', '.ts'],
  '.cjs': ['.cts', '.cjs', '.ts'],
  '.d.ts': ['.ts', '.tsx', '.js'],
  '.d.mts': ['.mts', '.mjs'],
  '.d.cts': ['.cts', '.cjs'],
}
const probed = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.sql']

/** Files by path, and by path without extension: a look-up where probing each extension takes nine. */
export interface ModuleFiles {
  has(path: string): boolean
  /** The best file for a path without its extension. */
  byStem: ReadonlyMap<string, string>
}

/** Indexes the paths of source and `.sql` files. */
export function indexModules(paths: Iterable<string>): ModuleFiles {
  const all = new Set<string>()
  const byStem = new Map<string, string>()
  const rankOf = (path: string): number => probed.indexOf(path.slice(path.lastIndexOf('.')))
  for (const path of paths) {
    all.add(path)
    if (rankOf(path) === -1) continue
    const stem = path.slice(0, path.lastIndexOf('.'))
    const known = byStem.get(stem)
    if (known === undefined || rankOf(path) < rankOf(known)) byStem.set(stem, path)
  }
  return { has: path => all.has(path), byStem }
}

/** The file at `path` (relative to the root), with extensions exchanged or added; null if there is none. */
export function probeFile(path: string, files: ModuleFiles): string | null {
  const written = /(?:\.d)?\.[cm]?[jt]sx?$/.exec(path)?.[0] ?? ''
  const stem = path.slice(0, path.length - written.length)
  for (const extension of sourcesOf[written] ?? []) {
    if (files.has(stem + extension)) return stem + extension
  }
  return files.has(path) ? path : (files.byStem.get(path) ?? null)
}

/** The module at `path`: a file, or the index file of a folder. */
export function probeModule(path: string, files: ModuleFiles): string | null {
  return probeFile(path, files) ?? files.byStem.get(path === '.' ? 'index' : `${path}/index`) ?? null
}

/** Folder names that builds write to, by convention. */
const outputFolder = /^(?:dist|build|lib|out|output|es|esm|cjs|module|commonjs|types|umd|node)$/

/** A folder that a tsconfig compiles to, and the one that it compiles from. */
export interface BuildOutput {
  outDir: string
  rootDir: string
}

/**
 * Where the sources of a built file may lie, best first: `packages/a/dist/esm/db.js` -> `packages/a/src/db.js`.
 * Checkouts are not built, so what package.json names is rarely there.
 *
 * @param path of the file, relative to the root
 * @param packageFolder folder of its package
 * @param outputs outDir and rootDir of the package's tsconfigs
 */
export function sourceCandidates(
  path: string,
  packageFolder: string,
  outputs: readonly BuildOutput[],
): string[] {
  const candidates = [path]
  for (const { outDir, rootDir } of outputs) {
    if (path.startsWith(`${outDir}/`)) candidates.push(under(rootDir, path.slice(outDir.length + 1)))
  }
  const prefix = packageFolder === '.' ? '' : `${packageFolder}/`
  let rest = path.slice(prefix.length).split('/')
  for (let stripped = 0; stripped < 2 && rest.length > 0 && outputFolder.test(rest[0]!); stripped++) {
    rest = rest.slice(1)
    candidates.push([`${prefix}src`, ...rest].join('/'), under(packageFolder, rest.join('/')))
  }
  return [...new Set(candidates)]
}

function under(folder: string, rest: string): string {
  if (rest === '') return folder
  return folder === '.' ? rest : `${folder}/${rest}`
}
