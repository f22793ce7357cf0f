/** What the rules of ownership look things up in. */
import { indexServices, type ServiceIndex } from '../datastores/environment.js'
import { schemaUsersOf } from './by-schema.js'
import type { DatabaseOwner } from './database-names.js'
import type { OwnerInput } from './types.js'

export interface Context extends OwnerInput {
  /** Holders of scripts that tell no owner, with the reason. */
  central: Map<string, string>
  /** Owners of datastores, found once each. */
  databases: Map<string, DatabaseOwner | null>
  /** Services that use some table of a schema, by datastore and schema. */
  schemaUsers: Map<string, Set<string>>
  /** Services alone, without libraries. */
  deployed: ServiceIndex
}

/** Of all tables: some rules look at one by what is around it. */
export function createContext(input: OwnerInput, central: Map<string, string>): Context {
  return {
    ...input,
    central,
    databases: new Map(),
    schemaUsers: schemaUsersOf(input.tables),
    deployed: indexServices(input.services.filter(service => service.kind === 'service')),
  }
}
