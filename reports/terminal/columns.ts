import stringWidth from 'fast-string-width'
import { plain } from '../text/plain.js'

export type Paint = (text: string) => string

/** One cell; its text may come from the analysed code and is made harmless here. */
export interface Cell {
  text: string
  align?: 'left' | 'right'
  paint?: Paint
}

/** The last cell of a row: free text, and where the row's thing is, which starts a line if both don't fit on one. */
export interface LastCell {
  text: string
  paint?: Paint
  place?: string
}

/** A row: cells that are aligned, then one that fills the line. */
export type Row = [...cells: Cell[], last: LastCell]

export const NO_BREAK_SPACE = '\u00a0'

const GAP = '  '
const INDENT = '  '
/** Where the last column starts when there is no room for it: below its row. */
const BELOW = '      '

/** A column of names is never cut to less than this. */
const NARROWEST = 12

/**
 * Lays rows out in aligned columns within a width. The last column wraps between words, or moves below its row
 * in all rows if one does not fit beside. Where the others alone are too wide, long texts lose their middle.
 * A word of the last column that is longer than a line (a path) stays whole: people copy it.
 */
export function columns(rows: Row[], width: number, headings?: Row): string[] {
  const all = headings ? [headings, ...rows] : rows
  const aligned = all.map(row =>
    (row.slice(0, -1) as Cell[]).map(cell => ({ ...cell, text: plain(cell.text) })),
  )
  const widths = columnWidths(aligned, width)
  const starts = aligned.map(
    cells => INDENT + cells.map((cell, index) => pad(cell, widths[index]!) + GAP).join(''),
  )
  const used = INDENT.length + total(widths)
  const beside = all.map(row => flow(row.at(-1) as LastCell, width - used))
  const left = Math.max(0, width - used)
  const fits = beside.every(lines => lines.every(line => stringWidth(line.text) <= left))
  return starts
    .flatMap((start, at) => {
      if (fits) {
        return beside[at]!.map(
          (line, index) => (index === 0 ? start : ' '.repeat(used)) + line.paint(line.text),
        )
      }
      const isHeading = headings !== undefined && at === 0
      const below = isHeading ? [] : flow(all[at]!.at(-1) as LastCell, width - BELOW.length)
      const lines = below.filter(line => line.text !== '').map(line => BELOW + line.paint(line.text))
      return start.trim() === '' ? lines : [start, ...lines]
    })
    .map(line => line.trimEnd())
}

/** Widths of the aligned columns: as wide as their texts, the widest cut until all fit into a line. */
function columnWidths(rows: Cell[][], width: number): number[] {
  const widths: number[] = []
  for (const row of rows) {
    for (const [index, cell] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, stringWidth(cell.text))
    }
  }
  for (let excess = INDENT.length + total(widths) - GAP.length - width; excess > 0; excess--) {
    const widest = Math.max(...widths)
    if (widest <= NARROWEST) break
    widths[widths.lastIndexOf(widest)] = widest - 1
  }
  return widths
}

function total(widths: number[]): number {
  return widths.reduce((sum, each) => sum + each + GAP.length, 0)
}

/** The lines of a last cell: one if all fits, else the text, wrapped, and then the place. */
function flow(cell: LastCell, width: number): { text: string; paint: Paint }[] {
  const paint: Paint = text => (text === '' || !cell.paint ? text : cell.paint(text))
  const text = plain(cell.text)
  if (cell.place === undefined) return wrap(text, width).map(line => ({ text: line, paint }))
  const place = plain(cell.place)
  const joined = text === '' ? place : `${text}${GAP}${place}`
  if (stringWidth(joined) <= width) return [{ text: joined, paint }]
  return [...wrap(text, width), place].map(line => ({ text: line, paint }))
}

/**
 * Breaks text at spaces into lines of at most `width` columns; a longer word gets a line of its own. A no-break
 * space holds words together and becomes a space.
 */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line === '') line = word
    else if (stringWidth(line) + 1 + stringWidth(word) <= width) line += ` ${word}`
    else {
      lines.push(line)
      line = word
    }
  }
  return [...lines, line].map(each => each.replaceAll(NO_BREAK_SPACE, ' '))
}

/** Takes out the middle of a text that is wider than `limit` columns. */
export function shorten(text: string, limit: number): string {
  if (stringWidth(text) <= limit) return text
  const characters = [...text]
  const half = Math.floor((limit - 1) / 2)
  const head = take(characters, half).join('')
  const tail = take(characters.reverse(), half).reverse().join('')
  return `${head}…${tail}`
}

/** The first characters that fit into so many columns. */
function take(characters: string[], limit: number): string[] {
  const taken: string[] = []
  let width = 0
  for (const character of characters) {
    width += stringWidth(character)
    if (width > limit) break
    taken.push(character)
  }
  return taken
}

function pad(cell: Cell, width: number): string {
  const fitting = shorten(cell.text, width)
  const space = ' '.repeat(width - stringWidth(fitting))
  const text = fitting === '' || !cell.paint ? fitting : cell.paint(fitting)
  return cell.align === 'right' ? space + text : text + space
}
