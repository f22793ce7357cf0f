/** Programs that a bundler has put together and minified: what they were made of is elsewhere, and dense to read. */

/** Smaller files cost nothing to read. */
const MIN_BYTES = 16 * 1024
/** Longer lines are not written by hand, but for data in one text. */
const LONG_LINE = 500
/** In code that no one laid out, a mark of these comes at least every so many characters; in a text of data hardly any. */
const MARKS = /[(){};]/g
const CHARACTERS_A_MARK = 40

const NEWLINE = 0x0a

/** Whether a file of JavaScript, by its bytes, is nearly all in long lines of code. */
export function isMinified(path: string, bytes: Buffer): boolean {
  if (bytes.length < MIN_BYTES || !/\.[cm]?js$/.test(path)) return false
  // Nearly all files are told by one look into their middle.
  if (![1, 2, 3].some(quarter => isInLongLine(bytes, Math.floor((bytes.length * quarter) / 4)))) return false
  const dense = bytes
    .toString('latin1')
    .split('\n')
    .filter(
      line => line.length > LONG_LINE && (line.match(MARKS)?.length ?? 0) > line.length / CHARACTERS_A_MARK,
    )
  return dense.reduce((sum, line) => sum + line.length, 0) > bytes.length * 0.8
}

function isInLongLine(bytes: Buffer, at: number): boolean {
  const end = bytes.indexOf(NEWLINE, at)
  return (end === -1 ? bytes.length : end) - bytes.lastIndexOf(NEWLINE, at) > LONG_LINE
}
