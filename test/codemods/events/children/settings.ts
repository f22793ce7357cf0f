/** What the test hands to its children: arguments as JSON. */
import { Kafka, logLevel } from 'kafkajs'
import type { Dialect } from '../../../../codemods/runtime/events/database.js'
import { KafkaTransport } from '../../../../codemods/runtime/events/kafka.js'
import type { DatabaseAddress } from '../../../support/databases.js'

export interface Settings {
  dialect: Dialect
  database: DatabaseAddress
  kafka: string
  /** Stop for ever between two steps, and say so: the test kills the process there. */
  stopAt: 'published' | 'applied' | null
}

export function settings(): Settings {
  return JSON.parse(process.argv[2] ?? '')
}

/** A consumer that is killed holds its share until its session ends: here soon. */
const IMPATIENT = {
  sessionTimeout: 3000,
  rebalanceTimeout: 3000,
  heartbeatInterval: 500,
  maxWaitTimeInMs: 200,
}

export function kafkaTransport(brokers: string): KafkaTransport {
  const kafka = new Kafka({ clientId: 'test', brokers: [brokers], logLevel: logLevel.NOTHING })
  return new KafkaTransport({
    producer: options => kafka.producer(options),
    consumer: options => kafka.consumer({ ...options, ...IMPATIENT }),
  })
}

/** Tells the test that the point is reached, and stays there. */
export function reached(point: string): Promise<never> {
  process.stdout.write(`${point}\n`)
  return new Promise(() => setInterval(() => {}, 1000))
}
