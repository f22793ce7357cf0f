/** What is known about tables before their owners are decided. */

import type { ServiceDatastore } from '../datastores/types.js'
import type { Evidence, OwnerConfidence, Service } from '../model.js'
import type { Config } from '../workspace/types.js'

/** One statement that creates a table. */
export interface Creation {
  file: string
  line: number
  /** Service or library that holds the script; null for a script outside of all of them. */
  service: string | null
  /** The library that holds the script, where its only service counts as the holder. */
  library?: string
  /** Of a statement in the code of a library that several services use: the services that run it. */
  runBy?: readonly string[]
  ifNotExists: boolean
}

/** A service that executes accesses to a table; those of libraries count for each service that reaches them. */
export interface TableUse {
  service: string
  op: 'read' | 'write'
  /** A write that may add rows, and does not only change those that are there. */
  adds: boolean
  /** A write that does more than to delete rows. */
  changes: boolean
  /** Of a write by what makes tables as well, as a schema script in code: the service or library that holds it. */
  scriptOf?: string | null
  file: string
  line: number
}

/** A way to reach tables that is not read. */
export interface UnreadWay {
  /** `query builder of knex` */
  how: string
  /** Models name all tables that it reaches. */
  isNamed: boolean
}

/** A service that has a model of a table, in code that is its own or that others have too. */
export interface TableModel {
  service: string
  /** Whether it is no other service's, as that of a library is which several reach. */
  isOwn: boolean
  /** `model of Prisma`, `query builder` */
  by: string
  /** What a builder does; null for a model, of which that is not known. */
  write: 'add' | 'change' | null
  file: string
  line: number
}

export interface OwnedTable {
  /** `datastore/name` or `datastore/schema/name`. */
  id: string
  datastore: string
  schema: string | null
  name: string
  /** Statements of scripts, and of code that creates the table when it starts. */
  creations: Creation[]
  uses: TableUse[]
  /** Where a view that the database keeps filled puts its rows into the table (ClickHouse's `CREATE MATERIALIZED VIEW v TO t`). */
  filledByView?: { file: string; line: number }
  /** Models on the table's datastore that name it: what they do is not read. */
  models: TableModel[]
}

export interface OwnerInput {
  config: Pick<Config, 'owners' | 'file' | 'lines'>
  services: Service[]
  /** Datastores of each service, as `findDatastores` gives them, and of programs in other languages. */
  connections: Record<string, ServiceDatastore[]>
  /** What each of these may reach tables by that is not read. */
  unread: Map<string, UnreadWay>
  /** Services of which some models are known. */
  modelled: ReadonlySet<string>
  tables: OwnedTable[]
}

export interface Ownership {
  /** Null where it is open. */
  owner: string | null
  confidence: OwnerConfidence
  /** Why; for an open table, who could be its owner. */
  evidence: Evidence[]
}
