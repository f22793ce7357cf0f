import { isInferred } from '../datastores/lookup.js'
import { namesMatch } from '../datastores/names.js'
import type { Evidence } from '../model.js'
import { own } from '../own.js'
import type { Context } from './context.js'
import type { OwnedTable, Ownership } from './types.js'

/**
 * A schema that is named after a service which connects to its database, as where services share one and have a schema
 * each.
 */
export function bySchema(
  { datastore, schema, creations, uses, models }: OwnedTable,
  { services, connections, schemaUsers }: Context,
  noted: Evidence[],
): Ownership | null {
  if (schema === null) return null
  const named = services.filter(service => service.kind === 'service' && namesMatch(schema, service))
  const [service] = named
  if (!service || named.length !== 1) return null
  const { name } = service
  const connected = own(connections, name)?.find(each => each.datastore === datastore && !isInferred(each))
  if (!connected && !schemaUsers.get(schemaKey(datastore, schema))?.has(name)) return null
  const theirs = [...uses, ...creations, ...models].find(item => item.service === name)
  const place = theirs ?? connected?.evidence[0] ?? uses[0] ?? creations[0] ?? service.evidence[0]
  const { file, line } = place ?? { file: service.path, line: 1 }
  const reason = `the name of the schema ${schema} is that of ${name}`
  return { owner: name, confidence: 'database', evidence: [{ file, line, reason }, ...noted] }
}

/** @returns services that use some table of a schema, by datastore and schema */
export function schemaUsersOf(tables: OwnedTable[]): Map<string, Set<string>> {
  const users = new Map<string, Set<string>>()
  for (const { datastore, schema, uses } of tables) {
    if (schema === null) continue
    const key = schemaKey(datastore, schema)
    users.set(key, new Set([...(users.get(key) ?? []), ...uses.map(use => use.service)]))
  }
  return users
}

function schemaKey(datastore: string, schema: string): string {
  return `${datastore}\0${schema}`
}

/** Whether no service but one that lies around all others makes it, whose scripts may be for these. */
export function isMadeAround({ creations }: OwnedTable, { services, central }: Context): boolean {
  return creations.every(
    ({ service }) =>
      service === null ||
      central.has(service) ||
      services.some(({ name, path }) => name === service && path === '.'),
  )
}
