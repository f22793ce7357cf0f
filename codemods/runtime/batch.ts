/**
 * Reads that are asked for in the same tick go to the service in one request. Each keeps its own statement,
 * parameters and answer: to make one statement of them (`IN (…)`) and hand its rows out by key would need JavaScript
 * to compare as the database does, where 'a' may equal 'A'. Equal reads are sent once.
 */
import type { CallContext } from './context.js'

export interface Read {
  operation: string
  parameters: Record<string, unknown>
}

interface Waiting {
  read: Read
  callers: { resolve: (answer: ReadAnswer) => void; reject: (error: unknown) => void }[]
}

/** What came back for one read. */
export type Outcome = { answer: ReadAnswer } | { error: unknown }

export interface ReadAnswer {
  rows: unknown
  context: CallContext
}

/** Collects reads and hands them to `send`, which returns their outcomes in the same order. */
export class Batch {
  private waiting = new Map<string, Map<string, Waiting>>()
  private readonly limit: number
  private readonly send: (reads: Read[]) => Promise<Outcome[]>

  constructor(limit: number, send: (reads: Read[]) => Promise<Outcome[]>) {
    this.limit = limit
    this.send = send
  }

  /** @param group only reads of the same group share a request: those of one user's request. */
  add(group: string, read: Read): Promise<ReadAnswer> {
    return new Promise((resolve, reject) => {
      const reads = this.waiting.get(group) ?? new Map<string, Waiting>()
      const key = JSON.stringify([read.operation, read.parameters])
      const entry = reads.get(key) ?? { read, callers: [] }
      entry.callers.push({ resolve, reject })
      reads.set(key, entry)
      if (this.waiting.has(group)) return
      this.waiting.set(group, reads)
      // Behind all promises that are ready: what they go on to ask for belongs to the same tick. The context of the
      // caller (see context.ts) is that of the first read of the group.
      Promise.resolve().then(() => process.nextTick(() => this.flush(group)))
    })
  }

  private flush(group: string): void {
    const waiting = [...(this.waiting.get(group)?.values() ?? [])]
    this.waiting.delete(group)
    for (let start = 0; start < waiting.length; start += this.limit) {
      void this.run(waiting.slice(start, start + this.limit))
    }
  }

  private async run(waiting: Waiting[]): Promise<void> {
    let outcomes: Outcome[]
    try {
      outcomes = await this.send(waiting.map(({ read }) => read))
    } catch (error) {
      outcomes = waiting.map(() => ({ error }))
    }
    waiting.forEach(({ callers }, index) => {
      const outcome = outcomes[index] ?? { error: new Error('no answer') }
      callers.forEach(({ resolve, reject }, caller) => {
        if ('error' in outcome) reject(outcome.error)
        // Rows of their own for each, as if each had asked alone.
        else resolve(caller === 0 ? outcome.answer : structuredClone(outcome.answer))
      })
    })
  }
}
