/** How long work may go on, in milliseconds, before what waits for the program gets its turn. */
const INTERVAL = 100

/**
 * Lets signals and the messages of threads come in, if it is a while since they could: for loops of much work, so that
 * Ctrl-C is heard in them.
 */
export function createBreath(now: () => number = Date.now): () => Promise<void> {
  let last = now()
  return async () => {
    if (now() - last < INTERVAL) return
    await new Promise(resolve => setImmediate(resolve))
    last = now()
  }
}
