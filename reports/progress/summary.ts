import stringWidth from 'fast-string-width'
import picocolors from 'picocolors'
import type { Progress } from '../../analyzers/progress/index.js'
import { columns, type Paint, type Row, wrap } from '../terminal/columns.js'
import { plain } from '../text/plain.js'
import { cellOf, columnsOf, outcome, type ProgressColumn, zeroNote } from './columns.js'
import type { ProgressReport } from './report.js'

/** A table for the terminal, a revision a line; two below each other where one is too wide. */
export const report: ProgressReport = {
  render(progress, { width, colour }) {
    const { bold, dim } = picocolors.createColors(colour)
    const zero = zeroNote(progress)
    const lines = [
      bold('Progress'),
      ...tables(progress, width, dim),
      '',
      ...wrap(plain(outcome(progress)), width),
      '',
      ...[...(zero === null ? [] : [zero]), ...progress.notes].flatMap(note =>
        wrap(plain(note), width).map(dim),
      ),
    ]
    return `${lines.join('\n')}\n`
  },
}

function tables(progress: Progress, width: number, dim: Paint): string[] {
  const shown = columnsOf(progress)
  const whole = table(progress, shown, Number.POSITIVE_INFINITY, dim)
  if (whole.every(line => stringWidth(line) <= width)) return whole
  // The crossings by kind, and what became of the rest.
  const half = shown.findIndex(({ heading }) => heading === 'separated')
  return [
    ...table(progress, shown.slice(0, half), width, dim),
    '',
    ...table(progress, shown.slice(half), width, dim),
  ]
}

function table({ points }: Progress, shown: ProgressColumn[], width: number, dim: Paint): string[] {
  const dated = points.some(({ date }) => date !== null)
  const row = (label: string, date: string, cells: string[], paint?: Paint): Row => [
    ...(dated ? [label, date] : [label]).map(text => ({ text, ...(paint ? { paint } : {}) })),
    ...cells.map(text => ({ text, align: 'right' as const, ...(paint ? { paint } : {}) })),
    { text: '' },
  ]
  return columns(
    points.map(point =>
      row(
        point.label,
        point.date ?? '',
        shown.map(column => cellOf(column, point)),
      ),
    ),
    width,
    row(
      'revision',
      'date',
      shown.map(({ heading }) => heading),
      dim,
    ),
  )
}
