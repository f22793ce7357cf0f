/**
 * Relay and owner are processes that get killed, over Kafka's real protocol and real databases: nothing is lost,
 * nothing is applied twice.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { Outbox } from '../../../codemods/runtime/events/outbox.js'
import { text } from '../../../codemods/runtime/parameters.js'
import { INSTALL_TIMEOUT } from '../../support/databases.js'
import { type KafkaCluster, kafkaCluster } from '../../support/kafka.js'
import { type TestDatabase, testDatabase } from '../support/database.js'
import { kafkaTransport, type Settings } from './children/settings.js'

const CREATED = {
  type: 'billing.charge.created',
  version: '1',
  topic: 'billing.events',
  key: 'billing/charges',
  parameters: { code: text },
}

/** kafkajs waits for the session of a killed consumer to end. */
const PATIENCE = 90_000

describe.each(['mysql', 'postgresql'] as const)('%s', dialect => {
  let own: TestDatabase
  let billing: TestDatabase
  let kafka: KafkaCluster
  let children: ChildProcess[]

  beforeAll(async () => {
    own = await testDatabase(dialect, ['outbox'])
    // No key: what is applied twice is there twice.
    billing = await testDatabase(dialect, ['inbox', 'CREATE TABLE charges (code VARCHAR(40) NOT NULL)'])
  }, INSTALL_TIMEOUT)

  beforeEach(async () => {
    kafka = await kafkaCluster()
    children = []
    await own.pool.query('DELETE FROM seamripper_outbox')
    for (const table of ['seamripper_inbox', 'charges']) await billing.pool.query(`DELETE FROM ${table}`)
  }, INSTALL_TIMEOUT)

  afterEach(() => {
    for (const child of children) child.kill('SIGKILL')
    kafka.stop()
  })

  afterAll(async () => {
    await own.pool.end()
    await billing.pool.end()
  })

  function start(script: 'relay' | 'owner', stopAt: Settings['stopAt'] = null): ChildProcess {
    const database = script === 'relay' ? own.address : billing.address
    const settings: Settings = { dialect, database, kafka: kafka.address, stopAt }
    const file = new URL(`./children/${script}.ts`, import.meta.url).pathname
    const child = spawn(process.execPath, ['--import', 'tsx', file, JSON.stringify(settings)], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    children.push(child)
    return child
  }

  /** When a child says that it is where it was to stop. */
  const hasStopped = (child: ChildProcess) =>
    new Promise(resolve => createInterface({ input: child.stdout! }).once('line', resolve))

  async function kill(child: ChildProcess): Promise<void> {
    const ended = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGKILL')
    await ended
  }

  async function publish(count: number): Promise<string[]> {
    const outbox = new Outbox('inventory-service', { dialect, timezone: 'local' })
    const codes = Array.from({ length: count }, (_, index) => `C${String(index).padStart(3, '0')}`)
    for (const code of codes) await outbox.publish(own.pool, CREATED, { code })
    return codes
  }

  const charges = async () =>
    (await billing.rows('SELECT code FROM charges ORDER BY code')).map(({ code }) => code)
  const waiting = () => own.rows('SELECT id FROM seamripper_outbox WHERE published_at IS NULL')

  test(
    'the relay is killed between publishing and marking',
    async () => {
      const codes = await publish(3)
      const relay = start('relay', 'published')
      await hasStopped(relay)
      await kill(relay)
      expect(await waiting()).toHaveLength(3)
      start('relay')
      await expect.poll(waiting, { timeout: PATIENCE }).toEqual([])
      const messages: string[] = []
      const transport = kafkaTransport(kafka.address)
      await transport.subscribe('billing.events', 'onlooker', async ({ value }) => {
        messages.push(JSON.parse(value).data.code)
      })
      await expect.poll(() => messages.length, { timeout: PATIENCE }).toBe(6)
      await transport.close()
      start('owner')
      await expect.poll(charges, { timeout: PATIENCE }).toEqual(codes)
      // The doubles come behind: by then all are in.
      await new Promise(resolve => setTimeout(resolve, 500))
      expect(await charges()).toEqual(codes)
    },
    2 * PATIENCE,
  )

  test(
    'the owner is killed between applying and acknowledging',
    async () => {
      const codes = await publish(3)
      start('relay')
      const owner = start('owner', 'applied')
      await hasStopped(owner)
      await kill(owner)
      expect(await charges()).toEqual(codes.slice(0, 1))
      start('owner')
      await expect.poll(charges, { timeout: PATIENCE }).toEqual(codes)
    },
    2 * PATIENCE,
  )

  test(
    'the relay is killed again and again, wherever it is',
    async () => {
      const codes = await publish(400)
      start('owner')
      for (const left of [350, 250, 150]) {
        const relay = start('relay')
        await expect
          .poll(async () => (await waiting()).length, { timeout: PATIENCE, interval: 5 })
          .toBeLessThan(left)
        await new Promise(resolve => setTimeout(resolve, Math.random() * 20))
        await kill(relay)
      }
      start('relay')
      await expect.poll(waiting, { timeout: PATIENCE }).toEqual([])
      await expect.poll(charges, { timeout: PATIENCE }).toEqual(codes)
    },
    2 * PATIENCE,
  )
})
