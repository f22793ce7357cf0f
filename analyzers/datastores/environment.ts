/** The environment variables that one service runs with, as far as files tell. */
import { dirname } from 'node:path/posix'
import { groupBy } from '../graph/group-by.js'
import type { Service } from '../model.js'
import { isWithin } from '../workspace/paths.js'
import { plainServiceName, readVariableName } from './names.js'
import { withReferences } from './references.js'
import {
  type Deployment,
  type FileEvidence,
  SETTING_SOURCES,
  type Setting,
  type SettingSource,
} from './types.js'
import { parseDatabaseUrl } from './url.js'

/** A setting as one service sees it: references replaced by their values. */
export interface ServiceSetting {
  name: string
  value: string
  source: SettingSource
  file: string
  line: number
  /** 0: the service's own; larger: from a folder further out. Decides between equal sources. */
  distance: number
}

/** Settings of one service by variable, strongest first. */
export type Environment = Map<string, ServiceSetting[]>

/** Distance of what is meant for everybody: a ConfigMap that names no service, `docker/.env`. */
const SHARED = 100

/** Services as deployments and paths name them. Made once: the questions are asked for each setting. */
export interface ServiceIndex {
  /** The innermost service or library that holds a path; null if none does. */
  holderOf(path: string): Service | null
  /** The one service that a name means: equal first, then without the words that names gain and lose. */
  named(name: string): Service | null
}

export function indexServices(services: Service[]): ServiceIndex {
  const exact = new Map<string, Service>()
  const plain = new Map<string, Set<Service>>()
  for (const service of services) {
    for (const name of [service.name, folderName(service)]) {
      if (!exact.has(name)) exact.set(name, service)
      const key = plainServiceName(name)
      plain.set(key, (plain.get(key) ?? new Set()).add(service))
    }
  }
  const byPath = new Map(services.map(service => [service.path, service]))
  return {
    holderOf(path) {
      for (let folder = path; ; folder = folder.slice(0, folder.lastIndexOf('/'))) {
        const holder = byPath.get(folder)
        if (holder) return holder
        if (!folder.includes('/')) return byPath.get('.') ?? null
      }
    },
    named(name) {
      const close = plain.get(plainServiceName(name))
      return exact.get(name) ?? (close?.size === 1 ? [...close][0]! : null)
    },
  }
}

/**
 * The service whose code a deployment runs: the folder that it builds lies in it, one of its `env_file`s does,
 * or it bears its name, or its image does.
 */
function serviceOf(deployment: Deployment, { holderOf, named }: ServiceIndex): Service | null {
  if (deployment.buildPath !== null && deployment.buildPath !== '.') {
    const built = holderOf(deployment.buildPath)
    if (built && built.path !== '.') return built
  }
  const byName = named(deployment.name)
  if (byName) return byName
  const holder = deployment.envFiles.map(holderOf).find(found => found !== null && found.path !== '.')
  return (
    holder ??
    endsOfImage(deployment.image)
      .map(named)
      .find(found => found !== null) ??
    null
  )
}

/**
 * What an image in an account of a registry may be called after: `ghcr.io/acme/shop-billing:1` runs `shop-billing`, or
 * `billing` of the platform `shop`. A bare one (`node:20`) is somebody else's.
 */
function endsOfImage(image: string | null): string[] {
  if (!image?.includes('/')) return []
  const base = image.slice(image.lastIndexOf('/') + 1).replace(/[:@].*$/, '')
  const words = base.split('-')
  return words.map((_, place) => words.slice(place).join('-'))
}

/** What deployments run, by service. */
export function placeDeployments(deployments: Deployment[], index: ServiceIndex): Map<Service, Deployment[]> {
  const placed = new Map<Service, Deployment[]>()
  for (const deployment of deployments) {
    const service = serviceOf(deployment, index)
    if (service) placed.set(service, [...(placed.get(service) ?? []), deployment])
  }
  return placed
}

/** A setting with what its file and its targets tell about whom it is for, found once for all services. */
export interface PlacedSetting {
  setting: Setting
  /** Service or library that holds the file. */
  holder: Service | null
  /** Service that its targets, or its file, name. */
  named: Service | null
  /** True if one of its targets is a deployment of some file: it sets nothing for others then. */
  deployed: boolean
  /** Services whose workloads run with it, where manifests of Kubernetes tell; these alone then, though they be none. */
  runBy: ReadonlySet<Service> | null
}

/**
 * Places the settings that can be about a database: by their name, their value, or because a connection
 * reads them.
 */
export function placeSettings(
  index: ServiceIndex,
  evidence: Pick<FileEvidence, 'settings' | 'deployments' | 'configMapUses'>,
  variables: ReadonlySet<string>,
): PlacedSetting[] {
  const files = new Map<string, { holder: Service | null; named: Service | null }>()
  const deployments = new Set(evidence.deployments.map(item => item.name))
  const workloads = groupBy(evidence.configMapUses, use => use.configMap)
  const users = new Map(
    [...workloads].map(([name, uses]) => [name, servicesNamed(uses.map(use => use.workload))]),
  )
  const placed: PlacedSetting[] = []
  for (const setting of evidence.settings) {
    const { name, value, file, targets, source } = setting
    const matters =
      variables.has(name) ||
      value.includes('${') ||
      readVariableName(name) !== null ||
      parseDatabaseUrl(value) !== null
    if (!matters) continue
    const ofFile = files.get(file) ?? { holder: index.holderOf(file), named: namedByEnvFile(file, index) }
    files.set(file, ofFile)
    const byTarget =
      [...targets, ...servicesOfConfigMap(setting)].map(index.named).find(found => found !== null) ?? null
    placed.push({
      setting,
      holder: ofFile.holder,
      named: targets.length > 0 ? byTarget : source === 'code' ? null : ofFile.named,
      deployed: targets.some(target => deployments.has(target)),
      runBy: runBy(setting),
    })
  }
  return placed

  function runBy({ workload, configMap }: Setting): ReadonlySet<Service> | null {
    if (workload !== undefined) return servicesNamed([workload])
    return configMap === undefined ? null : (users.get(configMap) ?? null)
  }

  function servicesNamed(names: string[]): Set<Service> {
    return new Set(names.map(index.named).filter(found => found !== null))
  }
}

/**
 * Gathers what a service's processes find in their environment. Defaults in the code of the libraries that
 * it reaches count as its own.
 *
 * @param byName all settings of the repository
 * @param isOnly whether the repository has no other service
 */
export function environmentOfService(
  service: Service,
  reached: Service[],
  deployments: Deployment[],
  placed: PlacedSetting[],
  byName: ReadonlyMap<string, Setting[]>,
  isOnly: boolean,
): Environment {
  const deployed = new Set(deployments.map(deployment => `${deployment.file}\0${deployment.name}`))
  const environment: Environment = new Map()
  for (const item of placed) {
    const distance = distanceOf(item)
    if (distance === null) continue
    const seen: ServiceSetting = { ...item.setting, distance }
    const list = environment.get(seen.name)
    if (list) list.push(seen)
    else environment.set(seen.name, [seen])
  }
  for (const list of environment.values()) list.sort(byStrength)
  for (const list of environment.values()) {
    for (const setting of list) setting.value = withReferences(setting, byName, environment)
  }
  return environment

  /** Null: not for this service. */
  function distanceOf({ setting, holder, named, deployed: isDeployed, runBy }: PlacedSetting): number | null {
    if (setting.source === 'code') {
      if (holder === service) return 0
      return holder !== null && reached.includes(holder) ? 1 : null
    }
    if (setting.targets.length > 0) {
      if (setting.targets.some(target => deployed.has(`${setting.file}\0${target}`))) return 0
      if (isDeployed) return null
      if (runBy?.has(service)) return 0
      if (named) return named === service ? 0 : null
      if (holder && holder.path !== '.') return holder === service ? 1 : null
      // What runs a program of another repository, or of another language, says nothing of those that are here; where there
      // is but one, it is that one under another name.
      return runBy === null || isOnly ? SHARED : null
    }
    if (deployments.some(deployment => deployment.envFiles.includes(setting.file))) return 0
    if (named) return named === service ? 0 : null
    if (holder === service) return 0
    const folder = dirname(setting.file)
    if (isWithin(service.path, folder)) return depth(service.path) - depth(folder) + 1
    return holder === null ? SHARED : null
  }
}

/** `auth-service-config`, `billing-db-configmap`: a ConfigMap is called after the service that it is for, and what it is. */
function servicesOfConfigMap({ configMap = '' }: Setting): string[] {
  const service = configMap.replace(
    /(?:[-_.](?:db|database))?[-_.](?:config|configmap|configuration|cm|env|environment|settings|vars|variables)$/i,
    '',
  )
  return service === configMap ? [] : [service]
}

/** `env/billing.env`, `.env.billing-service`: an env file that bears the name of a service. */
function namedByEnvFile(path: string, index: ServiceIndex): Service | null {
  const base = path.slice(path.lastIndexOf('/') + 1)
  for (const word of base.split('.')) {
    if (
      word === '' ||
      /^(env|example|sample|template|dist|local|dev|development|prod|production|staging)$/.test(word)
    )
      continue
    const named = index.named(word)
    if (named) return named
  }
  return null
}

/** How little a source says of which database is meant, beside others. What staging runs with is a copy. */
export function weaknessOf(source: SettingSource, file: string): number {
  const isStaging = /(?:^|[._/-])stag(?:e|ing)(?:[._/-]|$)/i.test(file)
  return isStaging ? SETTING_SOURCES.length : SETTING_SOURCES.indexOf(source)
}

function byStrength(a: ServiceSetting, b: ServiceSetting): number {
  return (
    weaknessOf(a.source, a.file) - weaknessOf(b.source, b.file) ||
    a.distance - b.distance ||
    stage(a.file) - stage(b.file) ||
    (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) ||
    // Within one file the last assignment is the one that counts.
    b.line - a.line
  )
}

/** Among files of one kind: the plain one, then production's, then those of a developer's machine. */
function stage(file: string): number {
  const base = file.slice(file.lastIndexOf('/') + 1)
  if (/prod/.test(base)) return 1
  if (/stag/.test(base)) return 2
  if (/local|dev/.test(base)) return 3
  return 0
}

function depth(path: string): number {
  return path === '.' ? 0 : path.split('/').length
}

function folderName(service: Service): string {
  return service.path.slice(service.path.lastIndexOf('/') + 1)
}
