/** Where generated clients lie, and how the code imports them: in each service, or all in one package. */
import { posix } from 'node:path'
import type { Workspace } from '../../analyzers/workspace/types.js'
import type { ImportExtension, Language } from '../generate/file.js'
import { RewriteError } from '../rewrite-error.js'
import { FOLDER, type Home } from './home.js'

export interface ClientsHome {
  /** Folder of the generated files, relative to the root. */
  folder: string
  extension: ImportExtension
  language: Language
  /** Name that a shared package is imported by; null where the service's own files are, by their paths. */
  package: string | null
}

/**
 * The shared package that the config names, if it does.
 *
 * @param homes of the services that may use it: how they write imports decides where the package has none itself
 * @throws RewriteError where its entry doesn't lead to what is generated
 */
export function clientsPackage(
  { config, packages, files }: Workspace,
  textOf: (path: string) => string | null,
  extensionOf: (paths: string[]) => ImportExtension | null,
  homes: Home[],
): ClientsHome | null {
  const path = config.rewrite.clients
  if (path === null) return null
  const found = packages.find(each => each.path === path)!
  const [entry] = found.entries['.'] ?? []
  const inPath = (file: string): string => (path === '.' ? file : `${path}/${file}`)
  if (entry === undefined) {
    throw failure(
      config,
      `${found.name} has no entry of which the source is known. Add ${inPath('src/index.ts')} with: export * from './${FOLDER}/index'`,
    )
  }
  const own = files
    .filter(file => file.kind === 'source' && file.path.startsWith(inPath('')))
    .map(file => file.path)
  const extension = extensionOf(own) ?? homes.find(home => home.extension !== '')?.extension ?? ''
  const folder = posix.join(posix.dirname(entry), FOLDER)
  const exported = /\bexport\s+\*\s+from\s+['"]\.\/seamripper(?:\/index)?(?:\.[jt]s)?['"]/
  if (!exported.test(textOf(entry) ?? '')) {
    throw failure(
      config,
      `${entry} does not export what is generated beside it. Add: export * from './${FOLDER}/index${extension}'`,
    )
  }
  return { folder, extension, language: 'typescript', package: found.name }
}

/** What a service has to be given so that it can import the package; null where it can. */
export function missingDependency(service: string, name: string, workspace: Workspace): string | null {
  const path = workspace.services.find(each => each.name === service)?.path ?? '.'
  const around = workspace.packages
    .filter(pack => isInside(path, pack.path))
    .sort((a, b) => b.path.length - a.path.length)
  const isPath = workspace.tsPaths.some(
    each => isInside(path, each.folder) && Object.hasOwn(each.paths, name),
  )
  if (isPath || around.some(pack => pack.name === name || pack.dependencies.includes(name))) return null
  const manifest = around[0] ? posix.join(around[0].path, 'package.json') : 'package.json'
  return `${service} does not depend on ${name}. Add to the dependencies of ${manifest}: "${name}": "*", and install`
}

function isInside(path: string, folder: string): boolean {
  return folder === '.' || folder === '' || path === folder || path.startsWith(`${folder}/`)
}

function failure({ file, lines }: Workspace['config'], message: string): RewriteError {
  const line = lines['rewrite.clients']
  return new RewriteError(
    `${file ?? 'seamripper.yml'}${line === undefined ? '' : `:${line}`}: rewrite.clients: ${message}`,
  )
}
