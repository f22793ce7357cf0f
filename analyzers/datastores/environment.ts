/** The environment variables that one service runs with, as far as files tell. */
import { dirname } from 'node:path/posix'
import type { Service } from '../model.js'
import { plainServiceName, readVariableName } from './names.js'
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

/**
 * Deployments that run a service's code: the folder that they build lies in it (or it is their whole build
 * context), one of their `env_file`s does, or they bear its name.
 */
export function deploymentsOf(
  service: Service,
  services: Service[],
  deployments: Deployment[],
): Deployment[] {
  return deployments.filter(deployment => {
    if (deployment.buildPath !== null && deployment.buildPath !== '.') {
      const built = holderOf(deployment.buildPath, services)
      if (built) return built === service
    }
    const fromEnvFile = deployment.envFiles
      .map(path => holderOf(path, services))
      .find(holder => holder !== null)
    if (fromEnvFile && fromEnvFile.path !== '.') return fromEnvFile === service
    return namedService(deployment.name, services) === service
  })
}

/** The innermost service or library that holds a path; null if none does. */
export function holderOf(path: string, services: Service[]): Service | null {
  let best: Service | null = null
  for (const service of services) {
    if (isInside(path, service.path) && (best === null || service.path.length > best.path.length))
      best = service
  }
  return best
}

/** The one service that a deployment's name means: equal first, then without the words that names gain and lose. */
export function namedService(name: string, services: Service[]): Service | null {
  const exact = services.find(service => service.name === name || folderName(service) === name)
  if (exact) return exact
  const plain = plainServiceName(name)
  const close = services.filter(
    service => plainServiceName(service.name) === plain || plainServiceName(folderName(service)) === plain,
  )
  return close.length === 1 ? close[0]! : null
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
}

/**
 * Places the settings that can be about a database: by their name, their value, or because a connection
 * reads them.
 */
export function placeSettings(
  services: Service[],
  evidence: Pick<FileEvidence, 'settings' | 'deployments'>,
  variables: ReadonlySet<string>,
): PlacedSetting[] {
  const holders = new Map<string, Service | null>()
  const names = new Map<string, Service | null>()
  const deployments = new Set(evidence.deployments.map(item => item.name))
  return evidence.settings
    .filter(
      ({ name, value }) =>
        variables.has(name) ||
        readVariableName(name) !== null ||
        parseDatabaseUrl(value) !== null ||
        value.includes('${'),
    )
    .map(setting => ({
      setting,
      holder: remember(holders, setting.file, path => holderOf(path, services)),
      named:
        setting.targets.length > 0
          ? (setting.targets
              .map(target => remember(names, target, name => namedService(name, services)))
              .find(found => found !== null) ?? null)
          : setting.source === 'code'
            ? null
            : remember(names, `file ${setting.file}`, () => namedByEnvFile(setting.file, services)),
      deployed: setting.targets.some(target => deployments.has(target)),
    }))
}

function remember<T>(known: Map<string, T>, key: string, find: (key: string) => T): T {
  if (!known.has(key)) known.set(key, find(key))
  return known.get(key) as T
}

/**
 * Gathers what a service's processes find in their environment. Defaults in the code of the libraries that
 * it reaches count as its own.
 */
export function environmentOfService(
  service: Service,
  services: Service[],
  reached: Service[],
  placed: PlacedSetting[],
  evidence: Pick<FileEvidence, 'settings' | 'deployments'>,
): Environment {
  const deployments = deploymentsOf(service, services, evidence.deployments)
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
    for (const setting of list)
      setting.value = substitute(setting, setting.value, evidence.settings, environment)
  }
  return environment

  /** Null: not for this service. */
  function distanceOf({ setting, holder, named, deployed: isDeployed }: PlacedSetting): number | null {
    if (setting.source === 'code') {
      if (holder === service) return 0
      return holder !== null && reached.includes(holder) ? 1 : null
    }
    if (setting.targets.length > 0) {
      if (setting.targets.some(target => deployed.has(`${setting.file}\0${target}`))) return 0
      if (isDeployed) return null
      if (named) return named === service ? 0 : null
      if (holder && holder.path !== '.') return holder === service ? 1 : null
      return SHARED
    }
    if (deployments.some(deployment => deployment.envFiles.includes(setting.file))) return 0
    if (named) return named === service ? 0 : null
    if (holder === service) return 0
    const folder = dirname(setting.file)
    if (isInside(service.path, folder)) return depth(service.path) - depth(folder) + 1
    return holder === null ? SHARED : null
  }
}

/** `env/billing.env`, `.env.billing-service`: an env file that bears the name of a service. */
function namedByEnvFile(path: string, services: Service[]): Service | null {
  const base = path.slice(path.lastIndexOf('/') + 1)
  for (const word of base.split('.')) {
    if (
      word === '' ||
      /^(env|example|sample|template|dist|local|dev|development|prod|production|staging)$/.test(word)
    )
      continue
    const named = namedService(word, services)
    if (named) return named
  }
  return null
}

function byStrength(a: ServiceSetting, b: ServiceSetting): number {
  return (
    SETTING_SOURCES.indexOf(a.source) - SETTING_SOURCES.indexOf(b.source) ||
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

/** Replaces `${OTHER:-default}` by what the same file, the `.env` beside it, or the service's environment says. */
function substitute(
  setting: ServiceSetting,
  value: string,
  all: Setting[],
  environment: Environment,
  depth = 0,
): string {
  if (depth > 4 || !value.includes('$')) return value
  return value.replace(
    /\$\{([A-Za-z_]\w*)(?::?[-?+]([^{}]*))?\}|\$([A-Za-z_]\w*)/g,
    (whole, braced, fallback, bare) => {
      const name: string = braced ?? bare
      const folder = dirname(setting.file)
      const beside =
        all.find(item => item.name === name && item.file === setting.file && item.targets.length === 0) ??
        all.find(item => item.name === name && dirname(item.file) === folder && item.source === 'env') ??
        all.find(item => item.name === name && dirname(item.file) === folder && item.source === 'example') ??
        environment.get(name)?.find(item => item.name !== setting.name)
      const text: string | undefined = beside && beside.value !== '' ? beside.value : fallback
      return text === undefined ? whole : substitute(setting, text, all, environment, depth + 1)
    },
  )
}

function isInside(path: string, folder: string): boolean {
  return folder === '.' || path === folder || path.startsWith(`${folder}/`)
}

function depth(path: string): number {
  return path === '.' ? 0 : path.split('/').length
}

function folderName(service: Service): string {
  return service.path.slice(service.path.lastIndexOf('/') + 1)
}
