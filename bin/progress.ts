import { number } from '../reports/text/words.js'

/** Milliseconds between two drawings: terminals are slow. */
const INTERVAL = 50

/** The part of a stream that the line needs. */
export interface Terminal {
  isTTY?: boolean
  columns?: number
  write(text: string): unknown
}

/**
 * One line that is written over again; silent where the stream is no terminal. Ctrl-C clears it before it ends the program
 * as ever, for what the shell writes next would stand behind it.
 */
export function progressLine(
  stream: Terminal,
  now: () => number = Date.now,
  program: Pick<NodeJS.Process, 'once' | 'off' | 'kill' | 'pid'> = process,
) {
  let drawn: number | null = null
  let stageDrawn = ''
  const interrupted = (): void => {
    clear()
    // Without a handler now: the shell sees what ended it, and gives 130.
    program.kill(program.pid, 'SIGINT')
  }
  return {
    show(stage: string, done: number, total: number): void {
      if (!stream.isTTY) return
      if (drawn !== null && stage === stageDrawn && now() - drawn < INTERVAL) return
      if (drawn === null) program.once('SIGINT', interrupted)
      drawn = now()
      stageDrawn = stage
      const text = total > 0 ? `${stage} ${number(done)} of ${number(total)}` : stage
      stream.write(`\r\u001b[K${text.slice(0, (stream.columns || 80) - 1)}`)
    },
    clear,
  }

  function clear(): void {
    if (drawn !== null) stream.write('\r\u001b[K')
    drawn = null
    program.off('SIGINT', interrupted)
  }
}
