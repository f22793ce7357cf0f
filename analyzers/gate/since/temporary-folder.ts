import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Makes a temporary folder, and takes it away after `use`; also where a signal, such as Ctrl-C, ends the program in it. */
export async function withTemporaryFolder<T>(
  prefix: string,
  use: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), prefix))
  const takeAway = () => rmSync(folder, { recursive: true, force: true })
  const ended = (signal: NodeJS.Signals): void => {
    takeAway()
    // Without a handler now: the shell sees what ended it.
    process.kill(process.pid, signal)
  }
  for (const signal of SIGNALS) process.once(signal, ended)
  try {
    return await use(folder)
  } catch (error) {
    // Ctrl-C ends git as well, and what fails by that is no fault: the signal is heard in a turn of the event loop.
    await setTimeout(20)
    throw error
  } finally {
    for (const signal of SIGNALS) process.off(signal, ended)
    takeAway()
  }
}
