/** Shares work among threads. The result is the same whatever their number: tasks depend on nothing but their input. */
import type { Dialect } from '../model.js'
import { workerEntry } from './entry.js'
import type { Input, Output, TaskName } from './tasks.js'
import { startThread, type Thread } from './thread.js'

/** Something to be done many times, of a task that another thread can do as well. */
export interface Work<N extends TaskName> {
  task: N
  /** How much work an input is, in characters of source. */
  sizeOf(input: Input<N>): number
  /** Does one on this thread. */
  here(input: Input<N>): Output<N>
}

/** Work whose inputs come one by one: others do it while this thread finds the next ones, or does something else. */
export interface Job<N extends TaskName> {
  /** @returns which of the results will be its own */
  add(input: Input<N>): number
  /**
   * Results for each input, in their order. What no other thread has begun is done by this one and the others.
   *
   * @param wanted which of them, all if absent: there may be none for the others
   * @param onDone called with how many are done so far
   */
  results(wanted?: Set<number>, onDone?: (count: number) => void): Promise<Output<N>[]>
}

export interface Threads {
  /** Starts those that so many characters of source are worth, for they will come. */
  expect(characters: number): void
  begin<N extends TaskName>(work: Work<N>): Job<N>
  /** Whether there are others than this one by now: work for which none was worth a thread is done here. */
  areOthers(): boolean
  /** Has each of the others do something, for which nobody waits. */
  each<N extends TaskName>(task: N, input: Input<N>): void
  /** Ends the other threads. */
  close(): void
}

/**
 * Characters of source for which one more thread is started. It is there after 0.06 s and costs 0.2 s of processor time:
 * its own copy of the code, compiled anew, and of the parsers.
 */
const WORTH_A_THREAD = 500_000
/** What is handed over at a time, so that all threads end at about the same time. */
const PORTION = 10_000
/**
 * Portions that a thread is handed ahead, so that it goes on while this one is busy: it may look at ten files without SQL
 * while this one reads one that has some. With three the other one of two threads waited for a third of the time.
 */
const AHEAD = 16

/** Inputs from an index up to another one. */
interface Portion {
  from: number
  to: number
}

/**
 * @param jobs threads in all, this one included
 * @param dialects whose parsers are there
 * @param onDeath called with the reason when a thread ended by itself; what it was to do is done by this one
 * @param entry the code of a further thread
 */
export function createThreads(
  jobs: number,
  dialects: Dialect[],
  onDeath: (reason: string) => void,
  entry = workerEntry,
): Threads {
  const threads: Thread[] = []
  const expect = (characters: number): void => {
    while (threads.length < Math.min(jobs - 1, Math.floor(characters / WORTH_A_THREAD)))
      threads.push(startThread(entry(), { dialects }, AHEAD, onDeath))
  }
  return {
    expect,
    begin: work => createJob(work, threads, expect),
    areOthers: () => threads.length > 0,
    each(task, input) {
      for (const thread of threads) void thread.hand({ task, inputs: [input] })
    },
    close() {
      for (const thread of threads) thread.end()
    },
  }
}

/** Lets what is told of other threads come in. */
function messages(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

/** @param onSize called with the size of all that was added: starts threads where that is worth it */
function createJob<N extends TaskName>(
  { task, sizeOf, here }: Work<N>,
  threads: Thread[],
  onSize: (total: number) => void,
): Job<N> {
  const inputs: Input<N>[] = []
  const outputs: Output<N>[] = []
  /** Portions that nobody has begun; then what was added since the last one: from which index, and how much. */
  let waiting: Portion[] = []
  let from = 0
  let size = 0
  let total = 0
  let done = 0
  const handed = new Set<Promise<void>>()

  const close = (): void => {
    if (from < inputs.length) waiting.push({ from, to: inputs.length })
    from = inputs.length
    size = 0
  }
  /** Hands portions to the threads that have nothing to do. */
  const share = (): void => {
    for (const thread of threads) {
      thread.receive()
      while (waiting.length > 0 && thread.isFree()) hand(thread, waiting.shift()!)
    }
  }
  const hand = (thread: Thread, portion: Portion): void => {
    const answer = thread.hand({ task, inputs: inputs.slice(portion.from, portion.to) }).then(json => {
      handed.delete(answer)
      if (json === null) {
        waiting.push(portion)
        return
      }
      const made = JSON.parse(json) as Output<N>[]
      for (const [at, output] of made.entries()) outputs[portion.from + at] = output
      done += made.length
    })
    handed.add(answer)
  }
  const isMissing = (wanted?: Set<number>): boolean =>
    wanted === undefined || [...wanted].some(at => !(at in outputs))
  return {
    add(input) {
      const at = inputs.push(input) - 1
      const added = sizeOf(input)
      size += added
      total += added
      if (size >= PORTION) {
        close()
        onSize(total)
        share()
      }
      return at
    },
    async results(wanted, onDone = () => {}) {
      close()
      if (wanted) waiting = waiting.filter(({ from, to }) => someBetween(from, to, at => wanted.has(at)))
      for (;;) {
        // Others begin at the front: what is alike lies together, and is met by one of them.
        const own = threads.length > 0 ? waiting.pop() : waiting.shift()
        share()
        if (own) {
          for (let at = own.from; at < own.to; at++)
            if (wanted?.has(at) ?? true) outputs[at] = here(inputs[at])
          done += own.to - own.from
          onDone(done)
          if (threads.length > 0) await messages()
        } else if (handed.size > 0 && isMissing(wanted)) await Promise.race(handed)
        else return outputs
      }
    },
  }
}

function someBetween(from: number, to: number, test: (at: number) => boolean): boolean {
  for (let at = from; at < to; at++) if (test(at)) return true
  return false
}
