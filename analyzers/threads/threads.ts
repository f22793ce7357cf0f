/** Shares work among threads. The result is the same whatever their number: tasks depend on nothing but their input. */
import { Worker } from 'node:worker_threads'
import type { Dialect } from '../model.js'
import { workerEntry } from './entry.js'
import type { Input, Output, TaskName } from './tasks.js'
import type { Order, WorkerData } from './worker.js'

/** Something to be done, of a task that another thread can do as well. */
export interface Work<N extends TaskName> {
  task: N
  inputs: Input<N>[]
  /** How much work an input is, in characters of source. */
  sizeOf(input: Input<N>): number
  /** Does one on this thread. */
  here(input: Input<N>): Output<N>
}

export interface Threads {
  /** Results for each input, in their order. A little work is done on this thread alone. */
  run<N extends TaskName>(work: Work<N>): Promise<Output<N>[]>
  /** Ends the other threads. */
  close(): void
}

/** Work for which one more thread is started: 0.2 s of it. A thread costs 0.3 s of processor time, beside the others. */
const WORTH_A_THREAD = 500_000
/** What is handed over at a time, so that all threads end at about the same time. */
const PORTION = 30_000
/** Portions that a thread is handed ahead, so that it goes on while this one is busy. */
const AHEAD = 3

/** Inputs from an index up to another one. */
interface Portion {
  from: number
  to: number
}

interface Thread {
  /** Whether it can be handed something. */
  isFree(): boolean
  /** Its results as JSON; null where it could not do it. */
  hand(order: Order): Promise<string | null>
  end(): void
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
  return {
    async run(work) {
      const portions = portionsOf(work.inputs.map(work.sizeOf))
      const total = portions.reduce((sum, { size }) => sum + size, 0)
      const wanted = Math.min(jobs - 1, Math.floor(total / WORTH_A_THREAD))
      while (threads.length < wanted) threads.push(startThread(entry(), { dialects }, onDeath))
      // A little work is done sooner here, also where threads are at hand: they have nothing loaded for it yet.
      return share(work, portions, threads.slice(0, wanted))
    },
    close() {
      for (const thread of threads) thread.end()
    },
  }
}

/** This thread does its share, and between two portions hands others to the threads that have nothing to do. */
async function share<N extends TaskName>(
  { task, inputs, here }: Work<N>,
  portions: Portion[],
  threads: Thread[],
): Promise<Output<N>[]> {
  const outputs = new Array<Output<N>>(inputs.length)
  const failed: Portion[] = []
  const handed = new Set<Promise<void>>()
  const hand = (thread: Thread, portion: Portion): void => {
    const answer = thread.hand({ task, inputs: inputs.slice(portion.from, portion.to) }).then(json => {
      handed.delete(answer)
      if (json === null) failed.push(portion)
      else
        for (const [at, output] of (JSON.parse(json) as Output<N>[]).entries())
          outputs[portion.from + at] = output
    })
    handed.add(answer)
  }
  for (;;) {
    for (const thread of threads) {
      while (thread.isFree() && portions.length > 0) hand(thread, portions.shift() as Portion)
    }
    const own = failed.shift() ?? portions.shift()
    if (own) {
      for (let at = own.from; at < own.to; at++) outputs[at] = here(inputs[at])
      if (threads.length > 0) await messages()
    } else if (handed.size > 0) await Promise.race(handed)
    else return outputs
  }
}

/** Lets what other threads sent come in. */
function messages(): Promise<void> {
  return new Promise(resolve => setImmediate(resolve))
}

function portionsOf(sizes: number[]): (Portion & { size: number })[] {
  const portions: (Portion & { size: number })[] = []
  let size = 0
  let from = 0
  for (const [at, each] of sizes.entries()) {
    size += each
    if (size < PORTION && at < sizes.length - 1) continue
    portions.push({ from, to: at + 1, size })
    size = 0
    from = at + 1
  }
  return portions
}

function startThread(entry: URL, workerData: WorkerData, onDeath: (reason: string) => void): Thread {
  const worker = new Worker(entry, { workerData, execArgv: [] })
  let state: 'starting' | 'ready' | 'ended' = 'starting'
  // Orders are answered in their order.
  const waiting: ((json: string | null) => void)[] = []
  const answer = (json: string | null): void => {
    waiting.shift()?.(json)
    // A thread that has nothing to do keeps no process from ending; one whose answer is waited for does.
    if (waiting.length === 0) worker.unref()
  }
  const end = (): void => {
    state = 'ended'
    while (waiting.length > 0) answer(null)
    void worker.terminate()
  }
  const die = (reason: string): void => {
    if (state === 'ended') return
    onDeath(reason)
    end()
  }
  worker.on('message', (message: string) => {
    if (state === 'starting') state = 'ready'
    else if (state === 'ready') answer(message)
  })
  worker.on('error', error => die(error instanceof Error ? error.message : String(error)))
  worker.on('messageerror', error => die(error.message))
  worker.on('exit', code => die(`it ended with status ${code}`))
  worker.unref()
  return {
    isFree: () => state === 'ready' && waiting.length < AHEAD,
    end,
    hand(order) {
      try {
        worker.postMessage(order)
      } catch {
        // What can't be copied, for it is nested too deep, is done here.
        return Promise.resolve(null)
      }
      worker.ref()
      return new Promise(resolve => waiting.push(resolve))
    },
  }
}
