/** Gives 1-based lines of growing offsets in a text, counted once through. */
export function lineCounter(text: string): (offset: number) => number {
  let line = 1
  let counted = 0
  return offset => {
    for (let at = text.indexOf('\n', counted); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++
    counted = Math.max(counted, offset)
    return line
  }
}
