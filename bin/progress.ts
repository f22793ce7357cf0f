import { number } from '../reports/text/words.js'

/** Milliseconds between two drawings: terminals are slow. */
const INTERVAL = 50

/** The part of a stream that the line needs. */
export interface Terminal {
  isTTY?: boolean
  columns?: number
  write(text: string): unknown
}

/** One line that is written over again; silent where the stream is no terminal. */
export function progressLine(stream: Terminal, now: () => number = Date.now) {
  let drawn: number | null = null
  let stageDrawn = ''
  return {
    show(stage: string, done: number, total: number): void {
      if (!stream.isTTY) return
      if (drawn !== null && stage === stageDrawn && now() - drawn < INTERVAL) return
      drawn = now()
      stageDrawn = stage
      const text = total > 0 ? `${stage} ${number(done)} of ${number(total)}` : stage
      stream.write(`\r\u001b[K${text.slice(0, (stream.columns || 80) - 1)}`)
    },
    clear(): void {
      if (drawn !== null) stream.write('\r\u001b[K')
      drawn = null
    },
  }
}
