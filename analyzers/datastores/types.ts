/** Plain data about connections: what code and settings files say, and which datastore that makes. */

import type { Datastore, Diagnostic, Dialect, Evidence, Service } from '../model.js'
import type { Config } from '../workspace/types.js'

/**
 * A call or a configuration object that describes a database connection. The extractor fills these from
 * calls (`mysql.createPool({ database: process.env.DB_NAME || 'nilecare' })`), the readers of this stage
 * from `ormconfig.json`, `schema.prisma` and the like. What is not known is null.
 */
export interface ConnectionFact {
  file: string
  line: number
  /** Where it is opened (`file:line`), if that is in a function, and this is a call that tells it of the database. */
  openedAt: string | null
  /** Service or library that holds the file. */
  owner: string | null
  /** Variable or property that holds the connection: `pool`, `centralDb`. */
  name: string | null
  /** npm package that opens it: `mysql2`, `pg`, `pg-promise`, `sequelize`. */
  driver: string | null
  /** Dialect that the options state (`dialect: 'mysql'`, `client: 'pg'`), where the driver alone doesn't say. */
  dialect: Dialect | null
  /** Database name as a literal: the whole value, or the default behind `process.env.X ||`. */
  database: string | null
  /** Environment variable of the database name. It overrides `database`. */
  databaseEnv: string | null
  /** Connection URL as a literal, or the default behind `process.env.X ||`. */
  url: string | null
  urlEnv: string | null
  /** Variables of a name or URL that are asked where the one above is not set: `process.env.X || process.env.Y`. */
  furtherEnvs: string[]
  host: string | null
  hostEnv: string | null
  /** Schemas in which unqualified names are looked for (`search_path`), if the options say so; else empty. */
  searchPath: string[]
}

/**
 * Where a value comes from, strongest first. What runs is decided in this order: compose files and
 * Kubernetes manifests set the process's environment, `.env` files fill in what is not set, and a default
 * in code counts only where neither does; an example file tells the intent, so it stands before the default
 * that it was written to override.
 */
export const SETTING_SOURCES = ['deployment', 'env', 'example', 'code'] as const
export type SettingSource = (typeof SETTING_SOURCES)[number]

/** One `NAME=value` of the environment that a file gives. */
export interface Setting {
  name: string
  /** May hold `${OTHER:-default}`. */
  value: string
  file: string
  line: number
  source: SettingSource
  /** Deployment names that it is for (compose service, `metadata.name`); empty: decided by the file's folder. */
  targets: string[]
  /** Workload of Kubernetes in whose containers it stands. */
  workload?: string
  /** ConfigMap that it stands in. */
  configMap?: string
}

/** That the containers of a workload of Kubernetes take variables from a ConfigMap. */
export interface ConfigMapUse {
  configMap: string
  workload: string
}

/** A deployment of something: a compose service, a Kubernetes workload, a key of Helm values. */
export interface Deployment {
  name: string
  file: string
  line: number
  /** Folder whose code it runs, relative to the root; null if only an image is given. */
  buildPath: string | null
  /** Image that it runs, where none is built. */
  image: string | null
  /** `env_file` entries, relative to the root. */
  envFiles: string[]
  /** Other deployments of the same file that it waits for or links to. */
  dependsOn: string[]
}

/** A database server that a file starts: a compose service with `image: mysql:8`. */
export interface DatabaseServer {
  /** Host name under which others reach it. */
  name: string
  /** Its other host name (`container_name`, `hostname`), if it has one. */
  alias: string | null
  dialect: Dialect
  /** Database that it creates at first start (`MYSQL_DATABASE`, `POSTGRES_DB`); may hold `${OTHER}`. */
  database: string | null
  file: string
  line: number
}

/** A settings file of the workspace with its text. */
export interface SettingsFile {
  path: string
  owner: string | null
  text: string
}

/** What settings files say. */
export interface FileEvidence {
  settings: Setting[]
  connections: ConnectionFact[]
  servers: DatabaseServer[]
  deployments: Deployment[]
  configMapUses: ConfigMapUse[]
  diagnostics: Diagnostic[]
}

/** One kind of settings file. Pure; never throws: what can't be read ends as a diagnostic. */
export interface SettingsReader {
  name: string
  /** By path alone, so that files of no reader need not be read. */
  matches(path: string): boolean
  read(file: SettingsFile): Partial<FileEvidence>
}

/** How a service's datastore is known. `only-one` and `default` are inferred without any evidence of its own. */
export type DatastoreSource = 'config' | SettingSource | 'only-one' | 'default'

/** One datastore that a service or library connects to. */
export interface ServiceDatastore {
  datastore: string
  dialect: Dialect
  source: DatastoreSource
  /** What accesses may call it: `file:line` of the connection, its variable, the prefix of its settings. */
  connections: string[]
  /** Those of its connections that look for unqualified names elsewhere than in the database's default schema. */
  searchPaths: SearchPath[]
  /** npm packages that open it, as far as known. */
  clients?: string[]
  evidence: Evidence[]
  /** Databases that code has as defaults, where settings tell of this one. */
  overridden?: string[]
}

/** Where some connections look for names without a schema. */
export interface SearchPath {
  /** As `ServiceDatastore.connections` names them. */
  connections: string[]
  /** In this order. */
  schemas: string[]
}

export interface DatastoreInput {
  config: Config
  services: Service[]
  /** What the files say for which `isSettingsFile` is true. */
  evidence: FileEvidence
  /** Connections found in code. */
  connections: ConnectionFact[]
  /** Defaults of variables in code, as `readCodeDefaults` finds them. */
  defaults: Setting[]
  /** For each service, the libraries that its imports reach: it runs their connections with its own settings. */
  libraries: Record<string, string[]>
  /** npm dependencies of each service, which tell the dialect where nothing else does. */
  dependencies: Record<string, string[]>
  /** Databases that schema scripts name (`CREATE DATABASE x`, `USE x`), with the service of the script. */
  databases: { name: string; dialect: Dialect; service: string | null; file: string; line: number }[]
  /** Services and libraries that hold schema scripts. */
  scripted: string[]
  /** Services and libraries whose own code has an access. */
  holding: string[]
  /** Services that hold or reach an access: only they need a datastore. */
  active: string[]
  /** Services that have no table in common with others: whichever database they use, they reach into nobody's. */
  apart: string[]
}

export interface DatastoreResult {
  /** Sorted by id. */
  datastores: Datastore[]
  /** By service or library name; the first is the one that is meant where nothing says otherwise. */
  byService: Record<string, ServiceDatastore[]>
  diagnostics: Diagnostic[]
}
