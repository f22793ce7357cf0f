/** What each further thread runs: tasks in, results out, until it is ended. */
import { type MessagePort, workerData } from 'node:worker_threads'
import type { Dialect } from '../model.js'
import { createTasks, type TaskName } from './tasks.js'

/** What a thread is told before its first task. */
export interface WorkerData {
  dialects: Dialect[]
  /** Where orders come from and answers go. */
  port: MessagePort
}

export interface Order {
  task: TaskName
  inputs: unknown[]
}

const { port, dialects } = workerData as WorkerData
const tasks = createTasks(dialects)

/** Orders are answered in their order, also where the first ones wait for parsers to be loaded. */
let last = Promise.resolve()
port.on('message', (order: Order) => {
  last = last.then(() => answer(order))
})

async function answer({ task, inputs }: Order): Promise<void> {
  const run = tasks[task] as (input: unknown) => unknown
  const outputs: unknown[] = []
  for (const input of inputs) outputs.push(await run(input))
  // As text, for it is read faster than a clone of the values: 4.3 MB of facts in 50 ms instead of 70.
  port.postMessage(JSON.stringify(outputs))
}

port.postMessage('ready')
