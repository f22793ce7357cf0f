/** One further thread, as the first one sees it. */
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads'
import type { Order, WorkerData } from './worker.js'

export interface Thread {
  /** Whether it can be handed something. */
  isFree(): boolean
  /** Its results as JSON; null where it could not do it. */
  hand(order: Order): Promise<string | null>
  /** Takes what it has sent, also while this thread lets nothing else run. */
  receive(): void
  end(): void
}

/**
 * @param ahead orders that it is given before it answered the first of them
 * @param onDeath called with the reason when it ended by itself
 */
export function startThread(
  entry: URL,
  told: Omit<WorkerData, 'port'>,
  ahead: number,
  onDeath: (reason: string) => void,
): Thread {
  const { port1: port, port2 } = new MessageChannel()
  const workerData: WorkerData = { ...told, port: port2 }
  const worker = new Worker(entry, { workerData, transferList: [port2], execArgv: [] })
  let state: 'starting' | 'ready' | 'ended' = 'starting'
  // Orders are answered in their order.
  const waiting: ((json: string | null) => void)[] = []
  const answer = (json: string | null): void => {
    waiting.shift()?.(json)
    // A thread that has nothing to do keeps no process from ending; one whose answer is waited for does.
    if (waiting.length === 0) unref()
  }
  const unref = (): void => {
    worker.unref()
    port.unref()
  }
  const take = (message: string): void => {
    if (state === 'starting') state = 'ready'
    else if (state === 'ready') answer(message)
  }
  const end = (): void => {
    state = 'ended'
    port.close()
    while (waiting.length > 0) answer(null)
    void worker.terminate()
  }
  const die = (reason: string): void => {
    if (state === 'ended') return
    onDeath(reason)
    end()
  }
  port.on('message', take)
  port.on('messageerror', error => die(error instanceof Error ? error.message : String(error)))
  worker.on('error', error => die(error instanceof Error ? error.message : String(error)))
  worker.on('exit', code => die(`it ended with status ${code}`))
  unref()
  return {
    isFree: () => state === 'ready' && waiting.length < ahead,
    receive() {
      if (state === 'ended') return
      for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) take(next.message)
    },
    end,
    hand(order) {
      try {
        port.postMessage(order)
      } catch {
        // What can't be copied, for it is nested too deep, is done here.
        return Promise.resolve(null)
      }
      worker.ref()
      port.ref()
      return new Promise(resolve => waiting.push(resolve))
    },
  }
}
