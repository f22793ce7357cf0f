/** Operations for tests, with defaults for what a test does not care about. */
import type { Operation, OperationUse } from '../../../codemods/operation.js'
import type { Face, WireType } from '../../../codemods/wire.js'

type Column = [name: string, type: WireType, face: Face, nullable?: 'nullable']

/** `operation({ name: 'getPatientById', columns: [['id', { kind: 'text' }, 'string']] })` */
export function operation(given: Partial<Omit<Operation, 'columns'>> & { columns?: Column[] }): Operation {
  const columns = given.columns ?? []
  const dialect = given.dialect ?? 'mysql'
  const use: OperationUse = {
    service: 'billing-service',
    file: 'microservices/billing-service/src/invoices.ts',
    access: 'a1',
    strategy: 'lift',
    driver: dialect === 'mysql' ? 'mysql2' : 'pg',
    faces: columns.map(([, , face]) => face),
    options: {},
  }
  return {
    id: given.name ?? 'getPatientById',
    name: 'getPatientById',
    owner: 'clinical',
    uses: [use],
    datastore: 'nilecare',
    dialect,
    driver: dialect === 'mysql' ? 'mysql2' : 'pg',
    method: 'execute',
    statement: [{ kind: 'text', text: 'SELECT 1' }],
    parameters: [],
    kind: 'rows',
    idempotent: given.kind !== 'write',
    reference: false,
    tables: ['nilecare/patients'],
    endpoint: null,
    event: null,
    ...given,
    columns: columns.map(([name, type, , nullable]) => ({ name, type, nullable: nullable !== undefined })),
  }
}
