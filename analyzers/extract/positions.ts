/** Offsets of a text to lines and columns, both from 1. */

/** Offsets at which the lines of a text start. */
export function lineStartsOf(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** Line (from 1) of an offset, by binary search. */
export function lineAt(lineStarts: number[], offset: number): number {
  let low = 0
  let high = lineStarts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (lineStarts[middle] <= offset) low = middle
    else high = middle - 1
  }
  return low + 1
}

/** Column (from 1) of an offset. */
export function columnAt(lineStarts: number[], offset: number): number {
  return offset - lineStarts[lineAt(lineStarts, offset) - 1] + 1
}
