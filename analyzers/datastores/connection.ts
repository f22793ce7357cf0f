/** What the steps from evidence to connections hand on. */
import type { Dialect, Evidence, Service } from '../model.js'
import type { Environment, ServiceIndex } from './environment.js'
import type { ConnectionFact, Deployment, FileEvidence, SearchPath, SettingSource } from './types.js'

/** A connection of a service with all that is known put together. */
export interface Connection {
  /** Null where no file tells. */
  database: string | null
  dialect: Dialect
  /** Server, without those that only mean "this machine". */
  host: string | null
  /** Where the host's name can be compared with others, see `placedHost`; null: among all deployments. */
  hostScope: string | null
  source: SettingSource
  /** What accesses may call it. */
  names: string[]
  searchPaths: SearchPath[]
  /** npm packages that open it, as far as known. */
  clients: string[]
  evidence: Evidence[]
  /** Databases that code has as defaults, where settings tell of this one. */
  overridden?: string[]
}

/** A database, and what names it. */
export interface Named {
  database: string
  evidence: Evidence
}

/** One possible name for the database, strongest first in a list. */
export interface Candidate extends Named {
  dialect: Dialect | null
  /** Whether a URL tells it, which is what is connected to. */
  isUrl: boolean
  host: string | null
  searchPath: string[]
  source: SettingSource
}

export interface ServiceContext {
  service: Service
  index: ServiceIndex
  /** What runs the service's code. */
  deployments: Deployment[]
  environment: Environment
  /** Facts of the service's own code, then of the libraries that it reaches. */
  facts: ConnectionFact[]
  /** Connections of configuration files, likewise. */
  configured: ConnectionFact[]
  /** All files' evidence: servers, and settings of others for a variable that is set in one place only. */
  evidence: FileEvidence
  /** Whether schema scripts of the service name a database. */
  hasScript: boolean
  /** Whether it runs SQL or holds schema scripts: settings for all services mean nothing to the others. */
  isConcerned: boolean
  dependencies: string[]
  /** Those and the ones of the libraries that it reaches. */
  drivers: string[]
}
