/** Columns where the output is no terminal. */
const DEFAULT_WIDTH = 100
/** Narrower terminals wrap by themselves; on wider ones lines get hard to follow. */
const NARROWEST = 60
const WIDEST = 160

/** The part of a stream that tells how to write to it. */
export interface Stream {
  isTTY?: boolean
  columns?: number
}

/** Columns to fill on a stream. */
export function widthOf(stream: Stream): number {
  if (!stream.isTTY || !stream.columns) return DEFAULT_WIDTH
  return Math.min(WIDEST, Math.max(NARROWEST, stream.columns))
}

/**
 * Whether to colour: `--color` or `--no-color`, else NO_COLOR (https://no-color.org), else FORCE_COLOR, else
 * whether the stream is a terminal that can.
 */
export function wantsColour(stream: Stream, flag: boolean | undefined, env: NodeJS.ProcessEnv): boolean {
  if (flag !== undefined) return flag
  if (env.NO_COLOR) return false
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false'
  return stream.isTTY === true && env.TERM !== 'dumb'
}
