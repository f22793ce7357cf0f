/** What the generated files of a consumer look like, and that every compiler that a service may have takes them. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { clientFiles } from '../../../codemods/generate/client/index.js'
import { clientNames } from '../../../codemods/generate/client/names.js'
import type { ImportExtension } from '../../../codemods/generate/file.js'
import type { Operation, StatementPart } from '../../../codemods/operation.js'
import type { Face, WireType } from '../../../codemods/wire.js'
import { COMPILERS, problemsOf } from '../support/compile.js'
import { operation } from '../support/operations.js'

const text = (text: string): StatementPart => ({ kind: 'text', text })

const getPatientById = operation({
  name: 'getPatientById',
  statement: [
    text('SELECT id, born, balance\n  FROM patients\n WHERE id = '),
    { kind: 'parameter', parameter: 'id' },
    {
      kind: 'optional',
      when: 'statuses',
      parts: [text(' AND status IN ('), { kind: 'parameter', parameter: 'statuses', list: true }, text(')')],
    },
  ],
  parameters: [
    { name: 'id', type: { kind: 'text' }, optional: false, column: 'patients.id' },
    {
      name: 'statuses',
      type: { kind: 'list', of: { kind: 'text' } },
      optional: true,
      column: 'patients.status',
    },
  ],
  columns: [
    ['id', { kind: 'text' }, 'string'],
    ['born', { kind: 'date' }, 'Date', 'nullable'],
    ['balance', { kind: 'decimal', scale: 2 }, 'string'],
  ],
})

const createPatient = operation({
  name: 'createPatient',
  kind: 'write',
  statement: [text('INSERT INTO patients (id) VALUES ('), { kind: 'parameter', parameter: 'id' }, text(')')],
  parameters: [{ name: 'id', type: { kind: 'text' }, optional: false, column: null }],
})

const KINDS: [WireType, Face][] = [
  [{ kind: 'boolean' }, 'boolean'],
  [{ kind: 'integer' }, 'number'],
  [{ kind: 'bigint' }, 'bigint'],
  [{ kind: 'bigint' }, 'number or string'],
  [{ kind: 'decimal', scale: 2 }, 'string'],
  [{ kind: 'float' }, 'number'],
  [{ kind: 'text' }, 'string'],
  [{ kind: 'uuid' }, 'string'],
  [{ kind: 'date' }, 'Date'],
  [{ kind: 'time' }, 'string'],
  [{ kind: 'timestamp' }, 'Date'],
  [{ kind: 'instant' }, 'Date'],
  [{ kind: 'bytes' }, 'Buffer'],
  [{ kind: 'json' }, 'json'],
  [{ kind: 'array', of: { kind: 'array', of: { kind: 'decimal', scale: null } } }, 'array'],
]

/** Every type, as a parameter and as a column. */
const updateEverything = operation({
  name: 'updateEverything',
  kind: 'write',
  idempotent: true,
  dialect: 'postgresql',
  parameters: [
    ...KINDS.map(([type], index) => ({ name: `p${index}`, type, optional: index % 2 === 0, column: null })),
    { name: 'all', type: { kind: 'flag' }, optional: false, column: null },
  ],
  columns: KINDS.map(([type, face], index) => [`c${index}`, type, face, 'nullable']),
})

const listFacilities = operation({
  name: 'listFacilities',
  owner: 'facility-service',
  reference: true,
  columns: [['id', { kind: 'integer' }, 'number']],
  endpoint: { method: 'GET', path: '/api/v1/facilities', answer: 'list', field: 'data' },
})

const ALL = [getPatientById, createPatient, updateEverything, listFacilities]

function generated(operations: Operation[], extension: ImportExtension = ''): Map<string, string> {
  const consumer = { folder: 'src/seamripper', services: ['billing-service'], extension, isShared: false }
  const services = ['billing-service', 'clinical', 'facility-service']
  return new Map(clientFiles(consumer, operations, services).map(({ path, text }) => [path, text]))
}

const clientOf = (operations: Operation[]) => generated(operations).get('src/seamripper/clients/clinical.ts')

test('a client', () => {
  const expected = readFileSync(new URL('./clinical.expected.txt', import.meta.url), 'utf8')
  expect(clientOf([getPatientById, createPatient])).toBe(expected)
})

/** Calls with what code has at hand: texts of requests, values of rows. */
const USE = `import { clinicalClient } from './seamripper/clients/clinical.js'
import { facilityClient } from './seamripper/clients/facility.js'

interface Patient { id: string }

export async function use(id: string | undefined, statuses: string[], conn: { born: Date | null }): Promise<string> {
  const [row] = await clinicalClient.getPatientById<Patient>({ id })
  const rows = await clinicalClient.getPatientById({ id: 7, statuses })
  const { affectedRows, insertId } = await clinicalClient.createPatient({ id })
  const result = await clinicalClient.createPatient<{ changedRows: number }>({ id: rows[0]?.id })
  const { rows: [first], rowCount } = await clinicalClient.updateEverything({
    p1: '1', p3: 1n, p5: 0.5, p7: id, p9: '12:00', p11: conn.born, p13: { a: 1 }, all: id,
  })
  const facilities = await facilityClient.listFacilities()
  const born: Date | null | undefined = rows[0]?.born
  const list: (unknown[] | null)[] | null | undefined = first?.c14
  return [row?.id, born, affectedRows + insertId + result.changedRows, rowCount, list, facilities[0]?.id].join()
}
`

test.each([
  ['commonjs', '', 'src/use.ts', USE.replaceAll(".js'", "'")],
  ['bundler', '', 'src/use.ts', USE.replaceAll(".js'", "'")],
  ['nodenext', '.js', 'src/use.ts', USE],
] as const)('%s takes the files', (compiler, extension, path, use) => {
  const files = generated(ALL, extension).set(path, use)
  expect([...files.keys()].filter(file => file.includes('/clients/'))).toEqual([
    'src/seamripper/clients/clinical.ts',
    'src/seamripper/clients/facility.ts',
  ])
  expect(problemsOf(files, COMPILERS[compiler])).toEqual([])
})

test('the compiler finds wrong uses', () => {
  const files = generated(ALL).set(
    'src/use.ts',
    `import { clinicalClient } from './seamripper/clients/clinical'
clinicalClient.getPatientById({})
clinicalClient.getPatientById({ id: {} })
clinicalClient.getPatientByEmail({ email: '' })
`,
  )
  expect(problemsOf(files, COMPILERS.bundler).map(problem => problem.slice(0, 60))).toEqual([
    "src/use.ts: Argument of type '{}' is not assignable to param",
    "src/use.ts: Type '{}' is not assignable to type 'TextInput'.",
    "src/use.ts: Property 'getPatientByEmail' does not exist on t",
  ])
})

/** Names that would end strings, comments, objects or lines, were they written as they are. */
const HOSTILE = [
  "'",
  '"',
  '`',
  '\\',
  "\\'",
  "'];process.exit(1);//",
  '*/ process.exit(1) /*',
  '${process.exit(1)}',
  '\n',
  '\r\n',
  '\u2028process.exit(1)',
  '\u0000',
  '\u202eevil',
  '\ud800',
  '__proto__',
  'constructor',
  '</script>',
  'a b',
  '',
  '日本語',
  '😀',
]

test('names and statements can not inject into the code', async () => {
  const hostile = operation({
    statement: HOSTILE.map(text),
    parameters: HOSTILE.map(name => ({ name, type: { kind: 'text' }, optional: false, column: name })),
    columns: HOSTILE.map(name => [name, { kind: 'integer' }, 'number']),
    endpoint: { method: 'GET', path: `/${HOSTILE.join('/')}`, answer: 'list', field: HOSTILE.join('') },
  })
  const files = generated([hostile])
  expect(problemsOf(files, COMPILERS.bundler)).toEqual([])
  const code = files.get('src/seamripper/clients/clinical.ts')!
  expect(code).not.toMatch(/[^\P{C}\n]/u)
  const [, body = ''] = code.split('const operations = ')
  const compiled = new Function('columns', 'parameters', `return ${body.replaceAll(' as const', '')}`)
  const { getPatientById } = compiled({ string: 1, number: 2 }, { text: 3 })
  expect(Object.keys(getPatientById.columns)).toEqual(HOSTILE)
  expect(Object.keys(getPatientById.parameters)).toEqual(HOSTILE)
  expect(getPatientById.endpoint.field).toBe(HOSTILE.join(''))
  expect(Object.keys(getPatientById)).toEqual(['name', 'parameters', 'columns', 'endpoint'])
})

test.each(['a-b', '', 'x(){}, y', '__proto__', 'a\n'])('%j is no name of an operation', name => {
  expect(() => clientOf([operation({ name })])).toThrow("can't be the name of an operation")
})

test('uses that get different values of one operation are an error with their places', () => {
  const [use] = getPatientById.uses
  const other = { ...use!, file: 'src/report.ts', faces: ['string', 'string', 'string'] as Face[] }
  expect(() => clientOf([{ ...getPatientById, uses: [use!, other] }])).toThrow(
    'Drivers give getPatientById in different types (billing-service: microservices/billing-service/src/invoices.ts, billing-service: src/report.ts)',
  )
  const zoned = { ...use!, options: { timezone: 'Z' } }
  expect(() => clientOf([{ ...getPatientById, uses: [use!, zoned] }])).toThrow('in different time zones')
})

test('operations that only other services use are not in a client', () => {
  const [use] = getPatientById.uses
  expect([...generated([{ ...getPatientById, uses: [{ ...use!, service: 'lab-service' }] }])]).toEqual([])
})

test.each<[string, string[], string, string, string]>([
  ['clinical', [], 'clinical', 'clinicalClient', 'CLINICAL'],
  ['payment-gateway-service', [], 'payment-gateway', 'paymentGatewayClient', 'PAYMENT_GATEWAY'],
  ['auth-service', ['auth'], 'auth-service', 'authServiceClient', 'AUTH_SERVICE'],
  ['@nilecare/labService', [], 'lab', 'labClient', 'LAB'],
  ['service', [], 'service', 'serviceClient', 'SERVICE'],
  ['2fa-service', [], 'service-2fa', 'service2faClient', 'SERVICE_2FA'],
  ["../x';--", [], 'x', 'xClient', 'X'],
])('%s', (owner, others, file, client, environment) => {
  expect(clientNames(owner, [owner, ...others])).toEqual({ file, client, environment })
})
