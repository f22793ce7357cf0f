export type { Input, Output, TaskName } from './tasks.js'
export { createThreads, type Job, type Threads, type Work } from './threads.js'
