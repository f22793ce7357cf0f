export { createThreads, type Threads, type Work } from './threads.js'
