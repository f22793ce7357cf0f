/** A transport within one process, for tests. */
import type { Message, Transport } from './transport.js'

interface Group {
  position: number
  handle: (message: Message) => Promise<void>
  running: Promise<void> | null
}

export class MemoryTransport implements Transport {
  private readonly topics = new Map<string, Message[]>()
  private readonly groups = new Map<string, Map<string, Group>>()
  private isClosed = false

  async publish(topic: string, messages: Message[]): Promise<void> {
    this.messagesOf(topic).push(...messages)
    for (const group of this.groupsOf(topic).values()) this.run(topic, group)
  }

  async subscribe(topic: string, name: string, handle: Group['handle']): Promise<void> {
    const group = { position: 0, handle, running: null }
    this.groupsOf(topic).set(name, group)
    this.run(topic, group)
  }

  /** Resolves when all that was published has been handled. */
  async settled(): Promise<void> {
    for (const groups of this.groups.values()) {
      for (const group of groups.values()) {
        while (group.running !== null) await group.running
      }
    }
  }

  async close(): Promise<void> {
    this.isClosed = true
    await this.settled()
  }

  private run(topic: string, group: Group): void {
    group.running ??= this.deliver(topic, group).finally(() => {
      group.running = null
    })
  }

  private async deliver(topic: string, group: Group): Promise<void> {
    const messages = this.messagesOf(topic)
    for (
      let message = messages[group.position];
      message && !this.isClosed;
      message = messages[group.position]
    ) {
      try {
        await group.handle(message)
        group.position += 1
      } catch {
        // Again, as a broker does with what was not acknowledged.
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    }
  }

  private messagesOf(topic: string): Message[] {
    const messages = this.topics.get(topic) ?? []
    this.topics.set(topic, messages)
    return messages
  }

  private groupsOf(topic: string): Map<string, Group> {
    const groups = this.groups.get(topic) ?? new Map<string, Group>()
    this.groups.set(topic, groups)
    return groups
  }
}
