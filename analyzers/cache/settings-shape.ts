/** The shapes of what settings files and code say of databases: see `datastores/types.ts`. */
import type { ConnectionFact, FileEvidence, Setting } from '../datastores/index.js'
import { diagnostic, dialect } from './map-shape.js'
import { count, list, maybe, nullable, object, oneOf, text } from './shape.js'

export const settingShape = object<Setting>({
  name: text,
  value: text,
  file: text,
  line: count,
  source: oneOf<Setting['source']>({ deployment: true, env: true, example: true, code: true }),
  targets: list(text),
  workload: maybe(text),
  configMap: maybe(text),
})

/** Those of a connection wherever it stands. */
const connectionFields = {
  line: count,
  openedAt: nullable(text),
  name: nullable(text),
  driver: nullable(text),
  dialect: nullable(dialect),
  database: nullable(text),
  databaseEnv: nullable(text),
  url: nullable(text),
  urlEnv: nullable(text),
  furtherEnvs: list(text),
  host: nullable(text),
  hostEnv: nullable(text),
  searchPath: list(text),
}

export const connectionInFileShape = object<Omit<ConnectionFact, 'file' | 'owner'>>(connectionFields)

const connection = object<ConnectionFact>({ ...connectionFields, file: text, owner: nullable(text) })

export const fileEvidenceShape = object<FileEvidence>({
  settings: list(settingShape),
  connections: list(connection),
  servers: list(
    object<FileEvidence['servers'][number]>({
      name: text,
      alias: nullable(text),
      dialect,
      database: nullable(text),
      file: text,
      line: count,
    }),
  ),
  deployments: list(
    object<FileEvidence['deployments'][number]>({
      name: text,
      file: text,
      line: count,
      buildPath: nullable(text),
      image: nullable(text),
      envFiles: list(text),
      dependsOn: list(text),
    }),
  ),
  configMapUses: list(object<FileEvidence['configMapUses'][number]>({ configMap: text, workload: text })),
  diagnostics: list(diagnostic),
})
