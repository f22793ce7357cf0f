import picocolors from 'picocolors'
import { columns, type Row, wrap } from '../terminal/columns.js'
import { plain } from '../text/plain.js'
import { outcome, progressColumns } from './columns.js'
import type { ProgressReport } from './report.js'

/** A table for the terminal, a revision a line. */
export const report: ProgressReport = {
  render(progress, { width, colour }) {
    const { bold, dim } = picocolors.createColors(colour)
    const row = (label: string, date: string, cells: string[], paint?: (text: string) => string): Row => [
      ...[label, date].map(text => ({ text, ...(paint ? { paint } : {}) })),
      ...cells.map(text => ({ text, align: 'right' as const, ...(paint ? { paint } : {}) })),
      { text: '' },
    ]
    const lines = [
      bold('Progress'),
      ...columns(
        progress.points.map(point =>
          row(
            point.label,
            point.date ?? '',
            progressColumns.map(({ text }) => text(point)),
          ),
        ),
        width,
        row(
          'revision',
          'date',
          progressColumns.map(({ heading }) => heading),
          dim,
        ),
      ),
      '',
      plain(outcome(progress)),
      '',
      ...progress.notes.flatMap(note => wrap(plain(note), width).map(dim)),
    ]
    return `${lines.join('\n')}\n`
  },
}
