/** What carries events: Kafka, or another that can do this much. */

export interface Message {
  /** Messages of one key arrive in the order in which they were published. */
  key: string
  /** A CloudEvent as JSON. */
  value: string
}

export interface Transport {
  /**
   * Resolves when the messages are safe with the transport.
   *
   * @throws Undeliverable if these messages will never be taken; any other error is for now
   */
  publish(topic: string, messages: Message[]): Promise<void>
  /**
   * Hands over all messages of a topic, from the first on, and each until `handle` resolves: at least once, in order
   * of their keys. Services of one group share the messages.
   */
  subscribe(topic: string, group: string, handle: (message: Message) => Promise<void>): Promise<void>
  close(): Promise<void>
}

/** The message itself is at fault, such as by its size. */
export class Undeliverable extends Error {}
