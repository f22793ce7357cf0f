/**
 * Events over Kafka, through the package kafkajs, which the service installs:
 *
 *     new KafkaTransport(new Kafka({ clientId: 'billing', brokers: process.env.KAFKA_BROKERS.split(',') }))
 */
import { type Message, type Transport, Undeliverable } from './transport.js'

/** What is used of kafkajs. */
export interface KafkaClient {
  producer(options: { maxInFlightRequests: number }): Producer
  consumer(options: { groupId: string }): Consumer
}

interface Producer {
  connect(): Promise<void>
  send(batch: {
    topic: string
    acks: number
    messages: { key: string; value: string; headers: Record<string, string> }[]
  }): Promise<unknown>
  disconnect(): Promise<void>
}

interface Consumer {
  connect(): Promise<void>
  subscribe(options: { topics: string[]; fromBeginning: boolean }): Promise<void>
  run(options: {
    eachMessage(payload: { message: { key: Buffer | null; value: Buffer | null } }): Promise<void>
  }): Promise<void>
  disconnect(): Promise<void>
}

/** Errors of Kafka's that no repetition cures. */
const UNDELIVERABLE = new Set([
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_RECORD',
  'CORRUPT_MESSAGE',
])

export class KafkaTransport implements Transport {
  private readonly kafka: KafkaClient
  private producer: Promise<Producer> | null = null
  private readonly consumers: Consumer[] = []

  constructor(kafka: KafkaClient) {
    this.kafka = kafka
  }

  async publish(topic: string, messages: Message[]): Promise<void> {
    const producer = await this.connectedProducer()
    const headers = { 'content-type': 'application/cloudevents+json; charset=utf-8' }
    try {
      await producer.send({ topic, acks: -1, messages: messages.map(message => ({ ...message, headers })) })
    } catch (error) {
      if (UNDELIVERABLE.has((error as { type?: string }).type ?? ''))
        throw new Undeliverable((error as Error).message)
      throw error
    }
  }

  async subscribe(topic: string, group: string, handle: (message: Message) => Promise<void>): Promise<void> {
    const consumer = this.kafka.consumer({ groupId: group })
    this.consumers.push(consumer)
    await consumer.connect()
    await consumer.subscribe({ topics: [topic], fromBeginning: true })
    // An offset is committed when its message was handled; after an error kafkajs begins again behind the last commit.
    await consumer.run({
      eachMessage: ({ message }) =>
        handle({ key: message.key?.toString() ?? '', value: message.value?.toString() ?? '' }),
    })
  }

  async close(): Promise<void> {
    await Promise.all(this.consumers.map(consumer => consumer.disconnect()))
    await (await this.producer)?.disconnect()
  }

  private connectedProducer(): Promise<Producer> {
    // One request at a time, so that a repetition changes no order. What comes twice is known by its id.
    const producer = this.kafka.producer({ maxInFlightRequests: 1 })
    this.producer ??= producer.connect().then(
      () => producer,
      error => {
        this.producer = null
        throw error
      },
    )
    return this.producer
  }
}
