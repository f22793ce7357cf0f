/** Where the code of a service begins, as far as names and places tell. Wide on purpose: what is no entry point is called dead. */
import { isToolConfig } from '../../workspace/classify.js'
import { baseName, isWithin } from '../../workspace/paths.js'
import type { Service, Workspace, WorkspacePackage } from '../../workspace/types.js'
import { pathWords } from './path-words.js'

/** Names of programs, in the folder of the service or in the one of its sources. */
const programName =
  /^(?:index|main|server|app|application|program|start|run|cli|worker|bootstrap|www|handler|lambda|function|middleware|instrumentation|proxy)$/i
/** Folders of which each file is a program, or is loaded by a framework or a runner. */
const folderOfPrograms =
  /^(?:bin|cmd|scripts?|tools?|cli|commands?|(?:.*[-_.])?migrations?(?:[-_.].*)?|seed(?:s|ers?|ings?)?|functions?|lambdas?|handlers?|workers?|jobs?|cron(?:s|jobs?)?|tasks?|triggers?|subscribers?|plugins?|pages|api|examples?|samples?|demos?|fixtures?|benchmarks?)$/i
/** Frameworks that find code by the folder in which it lies. */
const loadsByFolder =
  /^(?:next|nuxt|nitro(?:pack)?|astro|waku|vinxi|sst|sails|encore\.dev|moleculer|egg|midway|(?:fastify-autoload|@fastify\/autoload)|expo-router|@(?:sveltejs\/kit|remix-run\/.+|react-router\/dev|solidjs\/start|tanstack\/.*start|adonisjs\/core|strapi\/strapi|medusajs\/.+|redwoodjs\/.+|loopback\/boot|foal\/core|trigger\.dev\/sdk|feathersjs\/.+|netlify\/functions|vercel\/.+|midwayjs\/.+))$/

/** How code is begun: by a program's name or a manifest, or for its place alone. */
export type EntryPoint = 'program' | 'by place'

/**
 * Tells of source files what starts them: all of libraries, of which others take what they want, and of services what
 * their manifests name, what is named like a program or a tool's settings, and all that lies in folders of programs; all
 * of a service whose framework finds code by folders.
 */
export function entryPointsOf({
  services,
  packages,
  programWords,
}: Workspace): (path: string, owner: string | null) => EntryPoint | null {
  const byName = new Map(services.map(service => [service.name, service]))
  const loading = new Set(services.filter(service => hasLoader(service, packages)).map(({ name }) => name))
  const offered = packages.flatMap(({ entries }) => Object.values(entries).flat())
  const files = new Set(offered)
  const patterns = offered.filter(entry => entry.includes('*')).map(entry => entry.split('*', 2))
  const words = pathWords(programWords)

  return (path, owner) => {
    const service = owner === null ? undefined : byName.get(owner)
    if (service === undefined || service.kind === 'library' || loading.has(service.name)) return 'by place'
    const folders = foldersWithin(service.path, path)
    const isOutermost =
      folders.length === 0 || (folders.length === 1 && /^(?:src|app|lib|source)$/.test(folders[0]!))
    if ((isOutermost && programName.test(stemOf(path))) || files.has(path) || words.name(path))
      return 'program'
    const isPlaced =
      isToolConfig(path) ||
      folders.some(folder => folderOfPrograms.test(folder)) ||
      patterns.some(([start, end]) => path.startsWith(start!) && path.endsWith(end!))
    return isPlaced ? 'by place' : null
  }
}

/** The folders between one and a file in it. */
export function foldersWithin(folder: string, path: string): string[] {
  return (folder === '.' ? path : path.slice(folder.length + 1)).split('/').slice(0, -1)
}

/** The name of a file without its extension. */
export function stemOf(path: string): string {
  return baseName(path).replace(/\.[^.]*$/, '')
}

/** Whether a package of a service, or the one around it, depends on such a framework. */
function hasLoader({ path }: Service, packages: WorkspacePackage[]): boolean {
  const own = packages.filter(pkg => isWithin(pkg.path, path))
  const around = packages.filter(pkg => isWithin(path, pkg.path) && pkg.path !== path)
  return [...own, ...around].some(pkg => pkg.dependencies.some(name => loadsByFolder.test(name)))
}
