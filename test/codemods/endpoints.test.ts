/** `rewrite.endpoints`: endpoints that the owner's people wrote answer in place of generated ones. */
import { rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { type Rewrite, rewrite } from '../../codemods/index.js'
import { type Client, compile } from '../../codemods/verify/generated.js'
import { platformFiles, writeFolder } from './platform.js'

const CALLS = `import { db } from './db'

export async function find(id: string) {
  const [rows] = await db.query<any[]>('SELECT mrn, born FROM patients WHERE id = ?', [id])
  return rows
}

export async function active(ids: string[]) {
  const [rows] = await db.query<any[]>('SELECT mrn FROM patients WHERE id IN (?)', [ids])
  return rows
}

export async function discharge(id: number) {
  const [result] = await db.query<any>('UPDATE encounters SET status = "left" WHERE id = ?', [id])
  return result.affectedRows
}

export async function reopen(id: number) {
  await db.query('UPDATE wards SET name = "open" WHERE id = ?', [id])
}
`

describe('rewrite.endpoints', () => {
  let root = ''
  let server: Server | null = null
  const made = async (config: string): Promise<Rewrite> => {
    const files = platformFiles('mysql')
    files['seamripper.yml'] += `rewrite:\n  endpoints:\n${config}`
    root = writeFolder({ ...files, 'shop/src/calls.ts': CALLS })
    return rewrite({ root, inTransactions: false })
  }
  afterEach(() => {
    rmSync(root, { recursive: true, force: true })
    server?.close()
    delete process.env.CLINIC_API_URL
    delete process.env.CLINIC_API_KEY
  })

  /** The generated client, calling a server that answers with what `answer` makes of the request's line and body. */
  const client = async ({ changes }: Rewrite, answer: (line: string, body: string) => unknown) => {
    server = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      const told = answer(`${request.method} ${request.url}`, body)
      response.writeHead(told === undefined ? 404 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(told ?? {}))
    })
    await new Promise<void>(resolve => server!.listen(0, '127.0.0.1', resolve))
    process.env.CLINIC_API_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    process.env.CLINIC_API_KEY = 'k'
    const compiled = compile(
      new Map(changes.filter(each => each.isGenerated).map(each => [each.path, each.after])),
      root,
    )
    const module = compiled.load('shop/src/seamripper/clients/clinic') as { clinicClient: Client }
    compiled.remove()
    return module.clinicClient
  }

  it('are called with the parameters in their path, and the rows taken out of their answer', async () => {
    const found = await made(
      '    clinic.getPatientById: { path: "/api/v1/patients/{id}", field: data.patient }\n',
    )
    const { getPatientById } = await client(found, line =>
      line === 'GET /api/v1/patients/a%2Fb'
        ? { success: true, data: { patient: { mrn: 'M1', born: '2000-02-29', more: 1 } } }
        : undefined,
    )
    expect(await getPatientById!({ id: 'a/b' })).toEqual([{ mrn: 'M1', born: new Date(2000, 1, 29) }])
    expect(await getPatientById!({ id: 'x' })).toEqual([])
  })

  it('get what their path does not name in the query, or in the body', async () => {
    const found = await made(
      '    clinic.listPatientsByIds: { path: /patients, field: data }\n    clinic.updateWardNameToOpenById: { method: PATCH, path: "/wards/{id}" }\n',
    )
    const asked: string[] = []
    const calls = await client(found, (line, body) => {
      asked.push(`${line} ${body}`)
      return { data: [{ mrn: 'M1' }, { mrn: 'M2' }] }
    })
    expect(await calls.listPatientsByIds!({ ids: ['1', '2'] })).toEqual([{ mrn: 'M1' }, { mrn: 'M2' }])
    await calls.updateWardNameToOpenById!({ id: 3 })
    expect(asked).toEqual(['GET /patients?ids=1&ids=2 ', 'PATCH /wards/3 {}'])
  })

  it('have nothing generated for them in the owner', async () => {
    const { changes } = await made('    clinic.getPatientById: { path: "/api/v1/patients/{id}" }\n')
    const paths = changes.map(({ path }) => path)
    expect(paths).not.toContain('clinic/src/seamripper/operations/getPatientById.ts')
    expect(paths).toContain('clinic/src/seamripper/operations/listPatientsByIds.ts')
    expect(changes.find(({ path }) => path === 'clinic/src/seamripper/openapi.json')!.after).not.toContain(
      'getPatientById',
    )
  })

  it('leave a write alone whose result is looked at', async () => {
    const { plan } = await made(
      '    clinic.updateEncounterStatusToLeftById: { method: POST, path: "/encounters/{id}/discharge" }\n',
    )
    expect(plan.accesses.map(({ line, strategy }) => [line, strategy])).toEqual([
      [4, 'lift'],
      [9, 'lift'],
      [14, 'by hand'],
      [19, 'lift'],
    ])
    expect(plan.accesses[2]!.reason).toBe(
      'its result is looked at, which POST /encounters/{id}/discharge does not tell',
    )
  })

  it.each([
    [
      'clinic.getPatientByI: { path: /x }',
      /^seamripper\.yml:\d+: rewrite\.endpoints\.clinic\.getPatientByI: there is no such operation\. Did you mean "clinic\.getPatientById"\?/,
    ],
    [
      'clinic.getPatientById: { path: "/x/{ib}" }',
      'rewrite.endpoints.clinic.getPatientById: the operation has no parameter ib, it has id. Did you mean "id"?',
    ],
    ['clinic.listPatientsByIds: { path: "/x/{ids}" }', "ids can't be part of the path: it is a list"],
    ['clinic.updateEncounterStatusToLeftById: { path: "/x/{id}" }', 'it writes, which GET must not'],
    ['clinc.getPatientById: { path: /x }', 'there is no service "clinc". Did you mean "clinic"?'],
  ])('refuse %s', async (config, message) => {
    await expect(made(`    ${config}\n`)).rejects.toThrow(message)
  })
})
