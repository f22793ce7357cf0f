/** Outbox, relay and inbox on real databases: what is published is applied once, whatever happens in between. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { withContext } from '../../../codemods/runtime/context.js'
import { inTransaction, run } from '../../../codemods/runtime/events/database.js'
import type { CloudEvent } from '../../../codemods/runtime/events/event.js'
import { type Apply, Inbox, Refused } from '../../../codemods/runtime/events/inbox.js'
import { MemoryTransport } from '../../../codemods/runtime/events/memory.js'
import { Outbox } from '../../../codemods/runtime/events/outbox.js'
import { Relay } from '../../../codemods/runtime/events/relay.js'
import { type Message, type Transport, Undeliverable } from '../../../codemods/runtime/events/transport.js'
import { integer, text } from '../../../codemods/runtime/parameters.js'
import { INSTALL_TIMEOUT } from '../../support/databases.js'
import { poolOf, type TestDatabase, testDatabase } from '../support/database.js'

const CREATED = {
  type: 'billing.charge.created',
  version: '1',
  topic: 'billing.events',
  key: 'billing/charges',
  parameters: { code: text, amount: integer },
}

describe.each(['mysql', 'postgresql'] as const)('%s', dialect => {
  /** Of the service that publishes, and of the owner. */
  let own: TestDatabase
  let billing: TestDatabase

  beforeAll(async () => {
    own = await testDatabase(dialect, ['outbox', 'CREATE TABLE items (id INT)'])
    billing = await testDatabase(dialect, [
      'inbox',
      'CREATE TABLE charges (code VARCHAR(10) NOT NULL UNIQUE, amount INT NOT NULL)',
      'CREATE TABLE applied (code VARCHAR(10) NOT NULL)',
    ])
  }, INSTALL_TIMEOUT)

  afterAll(async () => {
    await own.pool.end()
    await billing.pool.end()
  })

  beforeEach(async () => {
    for (const table of ['seamripper_outbox', 'items']) await own.pool.query(`DELETE FROM ${table}`)
    for (const table of ['seamripper_inbox', 'charges', 'applied'])
      await billing.pool.query(`DELETE FROM ${table}`)
  })

  const outbox = () => new Outbox('inventory-service', { dialect, timezone: 'local' })

  const publish = (code: string, amount = 1) => outbox().publish(own.pool, CREATED, { code, amount })

  const createCharge: Apply = async (connection, { code, amount }) => {
    await run(connection, dialect, 'INSERT INTO applied (code) VALUES (?)', [code])
    await run(connection, dialect, 'INSERT INTO charges (code, amount) VALUES (?, ?)', [code, amount])
  }

  function inbox(handler = createCharge): Inbox {
    return new Inbox({
      pool: billing.pool,
      dialect,
      backoff: 1,
      handlers: { 'billing.charge.created': handler },
    })
  }

  /** Everything that waits, through a transport to the owner. */
  async function deliver(transport: MemoryTransport, receiver = inbox()): Promise<void> {
    await transport.subscribe('billing.events', 'billing-service', message => receiver.receive(message))
    const errors: unknown[] = []
    const onError = (error: unknown) => errors.push(error)
    const relay = new Relay({ pool: own.pool, dialect, transport, interval: 5, onError })
    await untilPublished()
    await relay.stop()
    await transport.settled()
    expect(errors).toEqual([])
  }

  async function untilPublished(): Promise<void> {
    await expect
      .poll(
        () => own.rows('SELECT id FROM seamripper_outbox WHERE published_at IS NULL AND failed_at IS NULL'),
        {
          timeout: 10_000,
        },
      )
      .toEqual([])
  }

  const charges = () => billing.rows('SELECT code, amount FROM charges ORDER BY code')
  const applied = async () =>
    (await billing.rows('SELECT code FROM applied ORDER BY code')).map(({ code }) => code)
  const aside = async () =>
    (await billing.rows('SELECT reason FROM seamripper_inbox WHERE failed_at IS NOT NULL')).map(
      row => row.reason,
    )

  const message = (code: string, more: object = {}): Message => ({
    key: 'billing/charges',
    value: JSON.stringify({
      specversion: '1.0',
      id: code,
      source: '/inventory-service',
      type: 'billing.charge.created',
      data: { code, amount: 1 },
      ...more,
    }),
  })

  test('an event has what the platform wants of events', async () => {
    const id = await withContext(
      { correlationId: 'c-1', causationId: 'e-0', userId: 'u-1', traceparent: '00-a-b-01' },
      () => publish('C1', 7),
    )
    const [row] = await own.rows('SELECT topic, message_key, event FROM seamripper_outbox')
    expect(row).toMatchObject({ topic: 'billing.events', message_key: 'billing/charges' })
    const event = JSON.parse(row!.event as string)
    expect(event).toEqual({
      specversion: '1.0',
      id,
      source: '/inventory-service',
      type: 'billing.charge.created',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      datacontenttype: 'application/json',
      dataversion: '1',
      correlationid: 'c-1',
      causationid: 'e-0',
      userid: 'u-1',
      traceparent: '00-a-b-01',
      data: { code: 'C1', amount: 7 },
    })
  })

  test('what is published is applied, in order, with the context of the request', async () => {
    const contexts: unknown[] = []
    for (const code of ['C3', 'C1', 'C2'])
      await withContext({ correlationId: `of ${code}` }, () => publish(code))
    const order: unknown[] = []
    await deliver(
      new MemoryTransport(),
      inbox(async (connection, data) => {
        order.push(data.code)
        contexts.push(
          JSON.parse((await import('../../../codemods/runtime/context.js')).contextKey()).correlationId,
        )
        await createCharge(connection, data)
      }),
    )
    expect(order).toEqual(['C3', 'C1', 'C2'])
    expect(contexts).toEqual(['of C3', 'of C1', 'of C2'])
    expect(await charges()).toEqual(['C1', 'C2', 'C3'].map(code => ({ code, amount: 1 })))
  })

  test('an event belongs to the transaction that it was written in', async () => {
    const change = (fails: boolean) =>
      inTransaction(own.pool, async connection => {
        await run(connection, dialect, 'INSERT INTO items (id) VALUES (1)')
        await outbox().publish(connection, CREATED, { code: 'C1', amount: 1 })
        if (fails) throw new Error('changed my mind')
      })
    await expect(change(true)).rejects.toThrow('changed my mind')
    expect(await own.rows('SELECT id FROM seamripper_outbox')).toEqual([])
    await change(false)
    expect(await own.rows('SELECT id FROM items')).toHaveLength(1)
    expect(await own.rows('SELECT id FROM seamripper_outbox')).toHaveLength(1)
  })

  test('one event, delivered often and at once, is applied once', async () => {
    const receiver = inbox()
    await Promise.all(Array.from({ length: 6 }, () => receiver.receive(message('C1'))))
    await receiver.receive(message('C1'))
    expect(await applied()).toEqual(['C1'])
    expect(await aside()).toEqual([])
  })

  test('events of two services may have the same id', async () => {
    const receiver = inbox((connection, { code }) =>
      run(connection, dialect, 'INSERT INTO applied (code) VALUES (?)', [code]),
    )
    for (const source of ['/a', '/b', '/A']) await receiver.receive(message('C1', { source }))
    for (const id of ['c1', 'C1 ']) await receiver.receive(message('C1', { source: '/a', id }))
    expect(await applied()).toHaveLength(5)
  })

  test.each<[string, string, RegExp]>([
    ['no JSON', '{"specversion', /^not JSON$/],
    ['null', 'null', /^not an object$/],
    ['another version', JSON.stringify({ specversion: '0.3' }), /^not of CloudEvents 1\.0$/],
    ['no id', message('C1', { id: '' }).value, /^id is missing$/],
    ['no data', message('C1', { data: [] }).value, /^data is not an object$/],
    [
      'an unknown type',
      message('C1', { type: 'billing.charge.exploded' }).value,
      /^no operation for events of type/,
    ],
    [
      'a type of all objects',
      message('C1', { type: 'constructor' }).value,
      /^no operation for events of type/,
    ],
    ['a value too long', message('C1', { data: { code: 'much too long', amount: 1 } }).value, /too long/i],
    ['a missing value', message('C1', { data: { code: 'C1', amount: null } }).value, /null/],
    ['a long id', message('C1', { id: 'x'.repeat(5000), type: 'y'.repeat(5000) }).value, /^no operation/],
  ])('poison goes aside with the reason, and the next event is applied: %s', async (_, value, reason) => {
    const receiver = inbox()
    await receiver.receive({ value })
    await receiver.receive({ value })
    await receiver.receive(message('C2'))
    expect(await aside()).toEqual([expect.stringMatching(reason)])
    expect(await applied()).toEqual(['C2'])
    const [row] = await billing.rows('SELECT event FROM seamripper_inbox WHERE failed_at IS NOT NULL')
    expect(row?.event).toBe(value)
  })

  test('what a constraint refuses leaves nothing behind, and can be tried again when the cause is gone', async () => {
    await billing.pool.query("INSERT INTO charges (code, amount) VALUES ('C1', 5)")
    const receiver = inbox()
    await receiver.receive(message('C1'))
    expect(await applied()).toEqual([])
    expect(await aside()).toEqual([expect.stringMatching(/duplicate/i)])
    await billing.pool.query('DELETE FROM charges')
    const [row] = await billing.rows('SELECT event_hash FROM seamripper_inbox')
    await receiver.retry(String(row?.event_hash))
    expect(await charges()).toEqual([{ code: 'C1', amount: 1 }])
    expect(await aside()).toEqual([])
    await expect(receiver.retry(String(row?.event_hash))).rejects.toThrow('was set aside')
  })

  test('a failure that passes is no poison', async () => {
    let calls = 0
    const receiver = inbox(async (connection, data) => {
      await createCharge(connection, data)
      calls += 1
      if (calls < 3)
        throw Object.assign(new Error('Deadlock found'), { code: 'ER_LOCK_DEADLOCK', sqlState: '40001' })
    })
    await receiver.receive(message('C1'))
    expect(await applied()).toEqual(['C1'])
    expect(await aside()).toEqual([])
  })

  test('a failure that does not pass is set aside in the end', async () => {
    let calls = 0
    const receiver = inbox(async () => {
      calls += 1
      throw new Error('no such table')
    })
    await receiver.receive(message('C1'))
    expect(calls).toBe(6)
    expect(await aside()).toEqual(['no such table'])
  })

  test('data that the operation refuses go aside at once', async () => {
    let calls = 0
    await inbox(async () => {
      calls += 1
      throw new Refused('amount: a whole number is expected')
    }).receive(message('C1'))
    expect(calls).toBe(1)
    expect(await aside()).toEqual(['amount: a whole number is expected'])
  })

  test('while the database is out of reach events stay with the transport', async () => {
    const pool = poolOf(dialect, { ...billing.address, port: 1 })
    const receiver = new Inbox({ pool, dialect, handlers: { 'billing.charge.created': createCharge } })
    await expect(receiver.receive(message('C1'))).rejects.toThrow('ECONNREFUSED')
    await pool.end()
    await inbox().receive(message('C1'))
    expect(await applied()).toEqual(['C1'])
  })

  test('while the transport is down events wait; then all go, in order', async () => {
    const transport = new MemoryTransport()
    let failures = 3
    const moody: Transport = {
      publish: async (topic, messages) => {
        if (failures-- > 0) throw new Error('no broker')
        await transport.publish(topic, messages)
      },
      subscribe: (...all) => transport.subscribe(...all),
      close: () => transport.close(),
    }
    const errors: string[] = []
    for (const code of ['C1', 'C2']) await publish(code)
    await transport.subscribe('billing.events', 'billing-service', each => inbox().receive(each))
    const relay = new Relay({
      pool: own.pool,
      dialect,
      transport: moody,
      interval: 5,
      onError: error => errors.push((error as Error).message),
    })
    await untilPublished()
    await relay.stop()
    await transport.settled()
    expect(errors).toEqual(['no broker', 'no broker', 'no broker'])
    expect(await applied()).toEqual(['C1', 'C2'])
  })

  test('an event that the transport never takes goes aside; those around it go out', async () => {
    const transport = new MemoryTransport()
    const strict: Transport = {
      publish: async (topic, messages) => {
        if (messages.some(({ value }) => value.includes('"C2"'))) throw new Undeliverable('too large')
        await transport.publish(topic, messages)
      },
      subscribe: (...all) => transport.subscribe(...all),
      close: () => transport.close(),
    }
    for (const code of ['C1', 'C2', 'C3']) await publish(code)
    await transport.subscribe('billing.events', 'billing-service', each => inbox().receive(each))
    const relay = new Relay({ pool: own.pool, dialect, transport: strict, interval: 5 })
    await untilPublished()
    await relay.stop()
    await transport.settled()
    expect(await applied()).toEqual(['C1', 'C3'])
    expect(await own.rows('SELECT reason FROM seamripper_outbox WHERE failed_at IS NOT NULL')).toEqual([
      { reason: 'too large' },
    ])
  })

  test('of several relays one works, and another when it ends', async () => {
    const published: string[] = []
    const transport = (name: string): Transport => ({
      publish: async (_topic, messages) => {
        for (const { value } of messages)
          published.push(`${name} ${(JSON.parse(value) as CloudEvent).data.code}`)
        await new Promise(resolve => setTimeout(resolve, 10))
      },
      subscribe: async () => {},
      close: async () => {},
    })
    const codes = Array.from({ length: 250 }, (_, index) => `C${String(index).padStart(3, '0')}`)
    for (const code of codes) await publish(code)
    const first = new Relay({ pool: own.pool, dialect, transport: transport('first'), interval: 5 })
    await expect.poll(() => published.length, { interval: 2 }).toBeGreaterThan(0)
    const second = new Relay({ pool: own.pool, dialect, transport: transport('second'), interval: 5 })
    await untilPublished()
    await first.stop()
    expect(published).toEqual(codes.map(code => `first ${code}`))
    await publish('C999')
    await untilPublished()
    await second.stop()
    expect(published.at(-1)).toBe('second C999')
  })

  test('published events are kept for a week', async () => {
    const day = dialect === 'mysql' ? 'INTERVAL 8 DAY' : "INTERVAL '8 days'"
    for (const code of ['C1', 'C2']) await publish(code)
    await own.pool.query(
      `UPDATE seamripper_outbox SET published_at = CURRENT_TIMESTAMP - ${day} WHERE event LIKE '%"code":"C1"%'`,
    )
    await deliver(new MemoryTransport())
    expect(await own.rows('SELECT event FROM seamripper_outbox')).toEqual([
      { event: expect.stringContaining('"C2"') },
    ])
  })
})
