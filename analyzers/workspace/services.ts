/** Services and libraries: for each candidate folder the signs for and against, weighed, none alone decides. */
import type { Diagnostic, Evidence, Service } from '../model.js'
import type { Candidates } from './candidates.js'
import { type Deployment, deploymentOf, readDockerfile } from './docker.js'
import type { ModuleFiles } from './modules.js'
import { nameServices } from './names.js'
import { baseName, folderOf, isWithin } from './paths.js'
import { samplesAround, samplesLeftOut } from './samples.js'
import { type Sign, type SignContext, signsOf } from './signs.js'
import { readTerraform } from './terraform.js'
import type { Config, WorkspacePackage } from './types.js'

/** What services are told by, beside the candidates themselves. */
export type ServiceContext = Omit<SignContext, 'folders' | 'deployments' | 'dependents'> & { config: Config }

/** The services and libraries in order of path, named, each with the evidence for what it is. */
export function findServices(
  candidates: Candidates,
  context: ServiceContext,
): { services: Service[]; diagnostics: Diagnostic[] } {
  const folders = [...candidates.keys()]
  const names = nameServices(folders, context.manifests, context.config)
  const signContext: SignContext = {
    ...context,
    folders: new Set(folders),
    deployments: findDeployments(folders, context),
    dependents: findDependents(context.packages),
  }
  const configured = new Map<string, Service['kind']>([
    ...Object.values(context.config.services).map(({ path }): [string, 'service'] => [path, 'service']),
    ...Object.values(context.config.libraries).map(({ path }): [string, 'library'] => [path, 'library']),
  ])
  const found = folders.map(path => {
    const evidence = candidates.get(path)!
    const signs = signsOf(path, evidence, signContext)
    const kind = configured.get(path) ?? (folders.length === 1 || isService(signs) ? 'service' : 'library')
    const others = signs.map(sign => sign.evidence).filter(({ reason }) => reason !== evidence.reason)
    const samples = kind === 'service' && !configured.has(path) ? samplesOf(path, signContext) : null
    return { service: { name: names.get(path)!, path, kind, evidence: [evidence, ...others] }, samples }
  })
  // A repository that holds nothing but examples is about them.
  const isAbout = !found.some(({ service, samples }) => service.kind === 'service' && samples === null)
  const samples = isAbout ? [] : found.filter(item => item.samples !== null)
  for (const { service, samples: folder } of samples) {
    const [{ file, line }] = service.evidence as [Evidence]
    service.kind = 'library'
    service.evidence.push({ file, line, reason: `lies in ${folder}/, whose packages nobody deploys` })
  }
  return {
    services: found.map(({ service }) => service),
    diagnostics: samplesLeftOut(samples.map(({ samples: folder }) => folder!)),
  }
}

/** The folder of samples around a package, unless something outside of it deploys the package. */
function samplesOf(path: string, { folders, deployments }: SignContext): string | null {
  const samples = samplesAround(path, folders)
  if (samples === null) return null
  const isDeployed = deployments.some(({ folder, file }) => folder === path && !isWithin(file, samples))
  return isDeployed ? null : samples
}

function isService(signs: readonly Sign[]): boolean {
  return signs.reduce((sum, sign) => sum + sign.weight, 0) > 0
}

function findDeployments(folders: readonly string[], { manifests, sources }: ServiceContext): Deployment[] {
  const composed = manifests.compose.map(service => deploymentOf(service, folders))
  return [
    ...manifests.dockerfiles.flatMap(({ path, text }) => readDockerfile(path, text, folders)),
    ...manifests.terraform.flatMap(({ path, text }) => readTerraform(path, text, folders)),
    ...composed.filter(deployment => deployment !== null),
    ...manifests.descriptors
      .filter(file => !(folders.length > 1 && isOfSite(file, sources)))
      .map(file => ({
        folder: folderOf(file),
        file,
        line: 1,
        reason: `has a ${baseName(file)}`,
      })),
  ]
}

/** A `vercel.json` at the root that deploys no functions of the root says how pages of packages are built and reached. */
function isOfSite(file: string, { byStem }: ModuleFiles): boolean {
  return file === 'vercel.json' && ![...byStem.keys()].some(stem => stem.startsWith('api/'))
}

function findDependents(packages: readonly WorkspacePackage[]): Map<string, string[]> {
  const dependents = new Map<string, string[]>()
  for (const { path, name, dependencies } of packages) {
    for (const dependency of dependencies) {
      if (dependency === name) continue
      const folders = dependents.get(dependency) ?? []
      folders.push(path)
      dependents.set(dependency, folders)
    }
  }
  return dependents
}
