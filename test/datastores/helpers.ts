import {
  type ConnectionFact,
  type DatastoreInput,
  type DatastoreResult,
  findDatastores,
  isSettingsFile,
  readSettingsFiles,
} from '../../analyzers/datastores/index.js'
import { nothingTold } from '../../analyzers/datastores/told.js'
import type { Service } from '../../analyzers/model.js'

const noConfig: DatastoreInput['config'] = {
  file: null,
  services: {},
  connections: {},
  libraries: {},
  datastores: {},
  owners: {},
  exclude: [],
  include: [],
  gate: { rules: {}, services: {}, allow: [] },
  rewrite: { reference: [], later: [], beside: [], clients: null, endpoints: {} },
  lines: {},
}

export const connection = (file: string, what: Partial<ConnectionFact>): ConnectionFact => ({
  file,
  line: 1,
  openedAt: null,
  owner: file.split('/')[1]!,
  name: null,
  driver: 'mysql2',
  ...nothingTold(),
  ...what,
})

export interface Platform extends Partial<Omit<DatastoreInput, 'services' | 'evidence' | 'config'>> {
  /** Folders below `services/`. */
  services?: string[]
  /** Folders below `libs/`. */
  libs?: string[]
  files?: Record<string, string>
  config?: Partial<DatastoreInput['config']>
}

/** `services/auth` holds the service auth, `libs/db` the library db; all services are active. */
export function datastoresOf({
  services = ['auth', 'billing'],
  libs = [],
  files = {},
  config,
  active = services,
  ...rest
}: Platform): DatastoreResult {
  const all: Service[] = [
    ...services.map(name => ({ name, path: `services/${name}`, kind: 'service' as const, evidence: [] })),
    ...libs.map(name => ({ name, path: `libs/${name}`, kind: 'library' as const, evidence: [] })),
  ]
  return findDatastores({
    config: { ...noConfig, ...config },
    services: all,
    evidence: readSettingsFiles(
      Object.entries(files).map(([path, text]) => {
        if (!isSettingsFile(path)) throw new Error(`no reader for ${path}`)
        const owner = all.find(service => path.startsWith(`${service.path}/`))?.name ?? null
        return { path, owner, text }
      }),
    ),
    connections: [],
    defaults: [],
    libraries: {},
    dependencies: {},
    databases: [],
    scripted: [],
    holding: active,
    active,
    apart: [],
    ...rest,
  })
}

/** `{ auth: ['nilecare (mysql, code)'] }` */
export function brief(result: DatastoreResult): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(result.byService).map(([service, stores]) => [
      service,
      stores.map(item => `${item.datastore} (${item.dialect}, ${item.source})`),
    ]),
  )
}
