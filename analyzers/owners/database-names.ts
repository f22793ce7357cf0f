/** Which service a database belongs to, by who connects to it and by what it is called. */
import { isInferred } from '../datastores/lookup.js'
import { namesMatch } from '../datastores/names.js'
import type { ServiceDatastore } from '../datastores/types.js'
import type { Evidence, Service } from '../model.js'
import { own } from '../own.js'

export interface DatabaseOwner {
  service: string
  evidence: Evidence
}

/**
 * The service of a datastore: the only one that connects to it, else the one whose name its name tells
 * (`nilecare_billing` and `billing-service`). A database that other services use as their main one is shared,
 * whatever it is called. So is one that a program which is no service connects to, for it is not read what that does there.
 */
export function ownerOfDatastore(
  datastore: string,
  services: Service[],
  connections: Record<string, ServiceDatastore[]>,
): DatabaseOwner | null {
  const deployed = services.filter(service => service.kind === 'service')
  const connected = deployed.flatMap(service => {
    const stores = own(connections, service.name) ?? []
    const found = stores.find(item => item.datastore === datastore)
    return found ? [{ service, found, isMain: stores[0] === found }] : []
  })
  const names = new Set(services.map(({ name }) => name))
  const isAlone =
    connected.length === 1 &&
    Object.entries(connections).every(
      ([name, stores]) => names.has(name) || stores.every(item => item.datastore !== datastore),
    )
  // Where the datastore was only inferred, nobody said that the service connects to it.
  const sure = connected.filter(({ found }) => !isInferred(found))
  if (sure.length === 1 && isAlone) {
    const { service, found } = sure[0]!
    const place = found.evidence[0]
    if (place) {
      return {
        service: service.name,
        evidence: { ...place, reason: `only ${service.name} connects to ${datastore}` },
      }
    }
  }
  const [alone] = connected
  if (isAlone && alone?.found.source === 'default' && datastore === alone.service.name) {
    // It was called after the service, see `placeUntold`: the name says nothing.
    const place = alone.found.evidence[0] ?? alone.service.evidence[0]
    const reason = `no other service uses a table of ${datastore}, and no file tells its database`
    return {
      service: alone.service.name,
      evidence: { file: place?.file ?? alone.service.path, line: place?.line ?? 1, reason },
    }
  }
  const named = deployed.filter(service => namesMatch(datastore, service))
  if (named.length !== 1) return null
  const service = named[0]!
  if (connected.some(item => item.isMain && item.service !== service)) return null
  const place = connected.find(item => item.service === service)?.found.evidence[0] ?? service.evidence[0]
  return {
    service: service.name,
    evidence: {
      file: place?.file ?? service.path,
      line: place?.line ?? 1,
      reason: `the name of the database ${datastore} is that of ${service.name}`,
    },
  }
}
