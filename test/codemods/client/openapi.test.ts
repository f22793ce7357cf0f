/** The document of an owner serves those who generate clients by other tools: openapi-typescript and openapi-fetch. */
import openapiTS, { astToString } from 'openapi-typescript'
import { expect, test } from 'vitest'
import { ownerFiles } from '../../../codemods/generate/owner.js'
import { COMPILERS, problemsOf } from '../support/compile.js'
import { operation } from '../support/operations.js'

const getPatientById = operation({
  name: 'getPatientById',
  parameters: [{ name: 'id', type: { kind: 'text' }, optional: false, column: 'patients.id' }],
  columns: [
    ['id', { kind: 'text' }, 'string'],
    ['born', { kind: 'date' }, 'Date', 'nullable'],
    ['visits', { kind: 'integer' }, 'number'],
  ],
})

const USE = `import createClient from 'openapi-fetch'
import type { paths } from './document'

const client = createClient<paths>({ baseUrl: 'http://clinical', headers: { 'x-api-key': 'key' } })

export async function use(): Promise<[string, string | null, number] | undefined> {
  const { data, error } = await client.POST('/api/v1/operations/getPatientById', { body: { id: 'p1' } })
  const [row] = data?.rows ?? []
  return error || !row ? undefined : [row.id, row.born, row.visits]
}
`

test('they read what is sent and what comes back', async () => {
  const home = {
    service: 'clinical',
    folder: 'clinical',
    extension: '' as const,
    framework: null,
    language: 'typescript' as const,
  }
  const document = ownerFiles(home, [getPatientById]).get('clinical/openapi.json')!
  const types = astToString(await openapiTS(document))
  const files = (use: string) =>
    new Map([
      ['document.ts', types],
      ['use.ts', use],
    ])
  const options = {
    ...COMPILERS.bundler,
    exactOptionalPropertyTypes: false,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
  }
  expect(problemsOf(files(USE), options)).toEqual([])
  expect(problemsOf(files(USE.replace("id: 'p1'", 'name: true')), options)).toEqual([
    expect.stringContaining("'name' does not exist in type"),
  ])
  expect(problemsOf(files(USE.replace('row.visits', 'row.salary')), options)).toEqual([
    expect.stringContaining("Property 'salary' does not exist"),
  ])
})
