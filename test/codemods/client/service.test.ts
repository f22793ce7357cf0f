/** How calls are made, against real HTTP servers that behave well and badly. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { string } from '../../../codemods/runtime/columns.js'
import { withContext } from '../../../codemods/runtime/context.js'
import { NotFoundError, RejectedError, UnavailableError } from '../../../codemods/runtime/errors.js'
import { text } from '../../../codemods/runtime/parameters.js'
import { type LIMITS, type Operation, Service } from '../../../codemods/runtime/service.js'

interface Received {
  method: string
  url: string
  headers: IncomingMessage['headers']
  body: unknown
}

let server: Server
let received: Received[]
let answer: (request: Received, response: ServerResponse, count: number) => void

beforeEach(async () => {
  received = []
  server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => {
      body += chunk
    })
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      received.push({ method, url, headers, body: body === '' ? undefined : JSON.parse(body) })
      answer(received.at(-1)!, response, received.length)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  process.env.CLINICAL_API_URL = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  process.env.CLINICAL_API_KEY = 'key-of-billing'
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise(resolve => server.close(resolve))
})

const get: Operation = { name: 'getPatientById', parameters: { id: text }, columns: { id: string } }
const put: Operation = { name: 'createCharge', parameters: { id: text }, columns: {} }
const putAgain: Operation = { ...put, name: 'setCharge', repeatable: true }

function clinical(limits: Partial<typeof LIMITS> = {}): Service {
  const driver = { dialect: 'mysql', timezone: 'local' } as const
  return new Service({ name: 'clinical', environment: 'CLINICAL', driver }, { backoff: 5, ...limits })
}

function send(response: ServerResponse, status: number, body: unknown, type = 'application/json'): void {
  response.writeHead(status, { 'content-type': type })
  response.end(typeof body === 'string' ? body : JSON.stringify(body))
}

async function failure(call: Promise<unknown>): Promise<Error & { maybeDone?: boolean; code?: string }> {
  return call.then(
    () => expect.unreachable('it did not fail'),
    (error: Error) => error,
  )
}

/** Answers every read with its own id, one or many. */
function echo({ url, body }: Received, response: ServerResponse): void {
  const rows = ({ id }: { id: string }) => ({ rows: [{ id }] })
  if (url === '/api/v1/operations') {
    const { calls } = body as { calls: { parameters: { id: string } }[] }
    send(response, 200, { answers: calls.map(({ parameters }) => rows(parameters)) })
  } else send(response, 200, rows(body as { id: string }))
}

test('a read: path, headers and body; the rows come back', async () => {
  answer = echo
  const rows = await withContext({ correlationId: 'c-1', traceparent: '00-ab-cd-01' }, () =>
    clinical().read(get, { id: 'p1' }),
  )
  expect(rows).toEqual([{ id: 'p1' }])
  expect(received).toEqual([
    {
      method: 'POST',
      url: '/api/v1/operations/getPatientById',
      headers: expect.objectContaining({
        'x-api-key': 'key-of-billing',
        'x-correlation-id': 'c-1',
        traceparent: '00-ab-cd-01',
        'content-type': 'application/json',
      }),
      body: { id: 'p1' },
    },
  ])
})

test('columns that were not asked for are left out', async () => {
  answer = (_, response) => send(response, 200, { rows: [{ id: 'p1', ssn: '1' }] })
  expect(await clinical().read(get, { id: 'p1' })).toEqual([{ id: 'p1' }])
})

test('a missing setting is told by its name', async () => {
  delete process.env.CLINICAL_API_KEY
  await expect(clinical().read(get, { id: 'p1' })).rejects.toThrow(
    'CLINICAL_API_KEY is not set: calls of clinical need it',
  )
})

test('reads of one tick share a request, equal ones a call, and each caller has rows of its own', async () => {
  answer = echo
  const service = clinical()
  const all = await Promise.all(
    ['p1', 'p2', 'p1'].map(async id => await service.read<{ id: string }>(get, { id })),
  )
  expect(all).toEqual([[{ id: 'p1' }], [{ id: 'p2' }], [{ id: 'p1' }]])
  expect(all[0]).not.toBe(all[2])
  expect(received.map(({ url, body }) => [url, body])).toEqual([
    [
      '/api/v1/operations',
      {
        calls: [
          { operation: 'getPatientById', parameters: { id: 'p1' } },
          { operation: 'getPatientById', parameters: { id: 'p2' } },
        ],
      },
    ],
  ])
})

test('a batch has a limit', async () => {
  answer = echo
  const service = clinical({ batch: 2 })
  const ids = ['a', 'b', 'c', 'd', 'e']
  expect(await Promise.all(ids.map(id => service.read(get, { id })))).toEqual(ids.map(id => [{ id }]))
  expect(received.map(({ url }) => url).sort()).toEqual([
    '/api/v1/operations',
    '/api/v1/operations',
    '/api/v1/operations/getPatientById',
  ])
})

test('reads for two requests of users never share one', async () => {
  answer = echo
  const service = clinical()
  await Promise.all(
    ['c-1', 'c-2'].map(correlationId =>
      withContext({ correlationId }, () => service.read(get, { id: 'p1' })),
    ),
  )
  expect(received.map(({ headers }) => headers['x-correlation-id']).sort()).toEqual(['c-1', 'c-2'])
})

test('of a batch, one may fail', async () => {
  answer = (_, response) =>
    send(response, 200, {
      answers: [
        { rows: [{ id: 'p1' }] },
        { problem: { status: 400, title: 'Rejected', detail: 'id is too long' } },
      ],
    })
  const service = clinical()
  const [first, second] = await Promise.allSettled([
    service.read(get, { id: 'p1' }),
    service.read(get, { id: 'x' }),
  ])
  expect(first).toEqual({ status: 'fulfilled', value: [{ id: 'p1' }] })
  expect((second as PromiseRejectedResult).reason).toBeInstanceOf(RejectedError)
  expect((second as PromiseRejectedResult).reason.message).toBe(
    'clinical.getPatientById: Rejected: id is too long',
  )
})

test('reference data are kept, and asked for again after their time or a write', async () => {
  answer = ({ url }, response, count) =>
    send(response, 200, url.endsWith('createCharge') ? { result: {} } : { rows: [{ id: String(count) }] })
  const reference = { ...get, reference: true as const }
  const service = clinical({ keep: 100 })
  const read = () => service.read<{ id: string }>(reference, { id: 'f1' })
  const [row] = await read()
  row!.id = 'changed by the caller'
  expect(await read()).toEqual([{ id: '1' }])
  await new Promise(resolve => setTimeout(resolve, 110))
  expect(await read()).toEqual([{ id: '2' }])
  await service.write(put, { id: '1' })
  expect(await read()).toEqual([{ id: '4' }])
})

test('a read that a write overtook is not kept', async () => {
  let release = (): void => {}
  answer = ({ url }, response, count) => {
    if (url.endsWith('createCharge')) return send(response, 200, { result: {} })
    const give = () => send(response, 200, { rows: [{ id: String(count) }] })
    if (count === 1) release = give
    else give()
  }
  const reference = { ...get, reference: true as const }
  const service = clinical()
  const slow = service.read(reference, { id: 'f1' })
  await vi.waitFor(() => expect(received).toHaveLength(1))
  await service.write(put, { id: '1' })
  release()
  expect(await slow).toEqual([{ id: '1' }])
  expect(await service.read(reference, { id: 'f1' })).toEqual([{ id: '3' }])
})

test('the oldest of too many kept answers goes', async () => {
  answer = echo
  const service = clinical({ answers: 2 })
  const reference = { ...get, reference: true as const }
  for (const id of ['a', 'b', 'c', 'c', 'b', 'a']) await service.read(reference, { id })
  expect(received.map(({ body }) => (body as { id: string }).id)).toEqual(['a', 'b', 'c', 'a'])
})

test.each([502, 503, 504])('a read is repeated after %i', async status => {
  answer = (request, response, count) => (count < 3 ? send(response, status, '') : echo(request, response))
  expect(await clinical().read(get, { id: 'p1' })).toEqual([{ id: 'p1' }])
  expect(received).toHaveLength(3)
})

test('a write is not repeated: it may have been done', async () => {
  answer = (_, response) => send(response, 503, '')
  const error = await failure(clinical().write(put, { id: '1' }))
  expect(error).toBeInstanceOf(UnavailableError)
  expect(error.maybeDone).toBe(true)
  expect(received).toHaveLength(1)
})

test('a write that may be done twice is repeated', async () => {
  answer = (_, response, count) =>
    count === 1 ? void response.socket?.destroy() : send(response, 200, { result: { affectedRows: 1 } })
  expect(await clinical().write(putAgain, { id: '1' })).toEqual({ affectedRows: 1 })
})

test('what pg tells about a write', async () => {
  answer = (_, response) =>
    send(response, 200, { result: { command: 'INSERT', rowCount: 1 }, rows: [{ id: '7' }] })
  expect(await clinical().writeReturning({ ...put, columns: { id: string } }, { id: '7' })).toEqual({
    command: 'INSERT',
    rowCount: 1,
    rows: [{ id: '7' }],
  })
})

test('429 says when to come back; it was not done', async () => {
  answer = (_, response, count) => {
    if (count > 1) return send(response, 200, { result: {} })
    response.writeHead(429, { 'retry-after': '0' }).end()
  }
  await clinical().write(put, { id: '1' })
  expect(received).toHaveLength(2)
})

test('a time to come back that is too late is not waited for', async () => {
  answer = (_, response) => response.writeHead(503, { 'retry-after': '60' }).end()
  await expect(clinical().read(get, { id: 'p1' })).rejects.toThrow(UnavailableError)
  expect(received).toHaveLength(1)
})

test('the provider is down: unavailable, certainly not done, and tried again even for writes', async () => {
  server.close()
  const error = await failure(clinical().write(put, { id: '1' }))
  expect(error).toBeInstanceOf(UnavailableError)
  expect(error).toMatchObject({
    service: 'clinical',
    operation: 'createCharge',
    maybeDone: false,
    httpStatus: 0,
  })
  expect(error.message).toBe('clinical.createCharge: ECONNREFUSED')
})

test('the provider is slow: the time limit holds for all attempts together', async () => {
  answer = () => {}
  await expect(clinical({ timeout: 300 }).read(get, { id: 'p1' })).rejects.toThrow(
    'clinical.getPatientById: no answer in time',
  )
  expect(received).toHaveLength(1)
})

test('the provider begins an answer and goes silent', async () => {
  answer = (_, response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).write('{"rows":[')
  await expect(clinical({ timeout: 400 }).read(get, { id: 'p1' })).rejects.toThrow('no answer in time')
})

test('the provider answers late twice: nobody takes these answers for those of later calls', async () => {
  const late: (() => void)[] = []
  answer = (request, response, count) => {
    if (count <= 2) late.push(() => send(response, 200, { rows: [{ id: `late answer ${count}` }] }))
    else echo(request, response)
  }
  const service = clinical({ timeout: 500 })
  await expect(service.read(get, { id: 'p1' })).rejects.toThrow('no answer in time')
  await expect(service.read(get, { id: 'p2' })).rejects.toThrow('no answer in time')
  for (const send of late) send()
  expect(await service.read(get, { id: 'p3' })).toEqual([{ id: 'p3' }])
})

test.each<[string, unknown, string]>([
  ['a page', '<html>It works!</html>', 'text/html'],
  ['broken JSON', '{"rows":[{"id":', 'application/json'],
  ['null', null, 'application/json'],
  ['no rows', {}, 'application/json'],
  ['rows that are none', { rows: 'p1' }, 'application/json'],
  ['a row that is none', { rows: [null] }, 'application/json'],
  ['a missing column', { rows: [{ name: 'p1' }] }, 'application/json'],
  ['an inherited column', '{"rows":[{"__proto__":{"id":"p1"}}]}', 'application/json'],
  ['a value of another type', { rows: [{ id: { $gt: '' } }] }, 'application/json'],
])('garbage is never taken for data: %s', async (_, body, type) => {
  answer = (_request, response) => send(response, 200, body, type)
  await expect(clinical().read(get, { id: 'p1' })).rejects.toBeInstanceOf(UnavailableError)
})

test('garbage for a batch', async () => {
  answer = (_, response) => send(response, 200, { answers: [{ rows: [{ id: 'p1' }] }] })
  const service = clinical()
  const outcomes = await Promise.allSettled(['p1', 'p2'].map(id => service.read(get, { id })))
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
})

test('the key does not follow a redirect', async () => {
  answer = ({ url }, response) =>
    url === '/elsewhere' ? send(response, 200, {}) : response.writeHead(307, { location: '/elsewhere' }).end()
  await expect(clinical().read(get, { id: 'p1' })).rejects.toThrow(UnavailableError)
  expect(received.map(({ url }) => url)).not.toContain('/elsewhere')
})

test.each<[number, unknown, unknown, string]>([
  [400, { title: 'Rejected', detail: 'id: not a text' }, RejectedError, 'Rejected: id: not a text'],
  [401, { title: 'API key missing or wrong' }, RejectedError, 'API key missing or wrong'],
  [404, { title: 'No such operation' }, NotFoundError, 'No such operation'],
  [409, { title: 'Conflict', code: 'ER_DUP_ENTRY', errno: 1062 }, RejectedError, 'Conflict'],
  [500, { title: 'Internal error' }, UnavailableError, 'Internal error'],
  [418, '<html>', RejectedError, 'status 418'],
])('status %i', async (status, problem, type, message) => {
  answer = (_, response) => send(response, status, problem, 'application/problem+json')
  const error = await failure(clinical().read(get, { id: 'p1' }))
  expect(error).toBeInstanceOf(type)
  expect(error.message).toBe(`clinical.getPatientById: ${message}`)
  const { code, errno } = problem as { code?: string; errno?: number }
  expect(error).toMatchObject(code === undefined ? {} : { code, errno })
  expect(received).toHaveLength(1)
})

test('after failures in a row the service is left alone; then one call tries', async () => {
  let isUp = false
  answer = (request, response) => (isUp ? echo(request, response) : send(response, 503, ''))
  const service = clinical({ attempts: 1, failures: 3, rest: 500 })
  const read = () => service.read(get, { id: 'p1' }).catch((error: Error) => error.message)
  for (let call = 0; call < 3; call++) expect(await read()).toBe('clinical.getPatientById: status 503')
  expect(await read()).toBe('clinical.getPatientById: left alone after failures')
  expect(received).toHaveLength(3)
  await new Promise(resolve => setTimeout(resolve, 510))
  const trial = service.write(putAgain, { id: '1' }).catch((error: Error) => error.message)
  expect(await read()).toBe('clinical.getPatientById: left alone after failures')
  expect(await trial).toBe('clinical.setCharge: status 503')
  expect(received).toHaveLength(4)
  await new Promise(resolve => setTimeout(resolve, 510))
  isUp = true
  expect(await read()).toEqual([{ id: 'p1' }])
  expect(await read()).toEqual([{ id: 'p1' }])
})

test('what the service rejects says nothing against the service', async () => {
  answer = (_, response) => send(response, 400, { title: 'Rejected' })
  const service = clinical({ failures: 2 })
  for (let call = 0; call < 5; call++) {
    await expect(service.read(get, { id: 'p1' })).rejects.toThrow('Rejected')
  }
  expect(received).toHaveLength(5)
})

test('a value that the driver would not take is rejected before anything is sent, and not repeated in the message', async () => {
  const error = await failure(clinical().read(get, { id: { $ne: 'secret' } }))
  expect(error).toBeInstanceOf(RejectedError)
  expect(error.message).toBe(
    'clinical.getPatientById: parameter id: a text or number is expected, not a value of type object',
  )
  expect(received).toEqual([])
})

const endpoint = (path: string, more: object = {}): Operation => ({
  ...get,
  endpoint: { method: 'GET', path, answer: 'object', ...more },
})

test('an endpoint of the owner: parameters go to the path, the query or the body', async () => {
  answer = (_, response) => send(response, 200, { success: true, data: { id: 'p 1/é' } })
  const parameters = { id: text, status: text }
  const values = { id: 'p 1/é', status: 'a&b' }
  const service = clinical()
  const patient = { ...endpoint('/api/v1/patients/{id}', { field: 'data' }), parameters }
  expect(await service.read(patient, values)).toEqual([{ id: 'p 1/é' }])
  await service.read({ ...patient, endpoint: { ...patient.endpoint!, method: 'PUT' } }, values)
  expect(received.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['GET', '/api/v1/patients/p%201%2F%C3%A9?status=a%26b', undefined],
    ['PUT', '/api/v1/patients/p%201%2F%C3%A9', { status: 'a&b' }],
  ])
})

test('an endpoint that has no such object, and one that answers with a list', async () => {
  answer = ({ url }, response) =>
    url.endsWith('/none') ? send(response, 404, {}) : send(response, 200, [{ id: 'a' }, { id: 'b' }])
  expect(await clinical().read(endpoint('/patients/{id}'), { id: 'none' })).toEqual([])
  expect(await clinical().read(endpoint('/wards/{id}', { answer: 'list' }), { id: 'w' })).toEqual([
    { id: 'a' },
    { id: 'b' },
  ])
})

test.each(['..', '.', ''])('%j can not lead to another endpoint', async id => {
  await expect(clinical().read(endpoint('/patients/{id}'), { id })).rejects.toThrow(RejectedError)
  expect(received).toEqual([])
})
