import type { Datastore, Dialect, Evidence } from '../model.js'
import type { DatastoreResult, ServiceDatastore } from './types.js'

/** The datastores while they are found, each once, with those of every service. */
export class Registry {
  readonly byService: DatastoreResult['byService'] = Object.create(null)
  private readonly datastores = new Map<string, Datastore>()

  /** Sorted by id. */
  list(): Datastore[] {
    return [...this.datastores.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  of(service: string): ServiceDatastore[] {
    return this.byService[service] ?? []
  }

  /** Notes that a datastore exists. A dialect that is known stays. */
  know(id: string, dialect: Dialect, reasons: Evidence[]): Datastore {
    const datastore = this.datastores.get(id) ?? { id, dialect, evidence: [] }
    this.datastores.set(id, datastore)
    if (datastore.dialect === 'unknown') datastore.dialect = dialect
    for (const item of reasons) {
      const known = datastore.evidence.some(
        old => old.file === item.file && old.line === item.line && old.reason === item.reason,
      )
      if (!known) datastore.evidence.push(item)
    }
    return datastore
  }

  /** Notes that a service uses a datastore; the first that is noted is its main one. */
  add(service: string, id: string, found: Omit<ServiceDatastore, 'datastore'>): void {
    const { dialect } = this.know(id, found.dialect, found.evidence)
    this.byService[service] ??= []
    const own = this.byService[service]
    const known = own.find(item => item.datastore === id)
    if (!known) {
      own.push({ ...found, datastore: id, dialect, connections: [...found.connections] })
      return
    }
    known.connections.push(...found.connections.filter(name => !known.connections.includes(name)))
    known.searchPaths = [...known.searchPaths, ...found.searchPaths]
    known.clients = [...(known.clients ?? []), ...(found.clients ?? [])]
  }
}
