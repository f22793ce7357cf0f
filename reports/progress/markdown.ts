import { code, table, text } from '../text/markdown.js'
import { outcome, progressColumns } from './columns.js'
import type { ProgressReport } from './report.js'

/** The table as a document, with what has moved and what is separated by name. */
export const report: ProgressReport = {
  render(progress) {
    const last = progress.points.at(-1)!
    const lines = [
      '# Progress',
      '',
      text(outcome(progress)),
      '',
      ...table(
        ['Revision', 'Date', ...progressColumns.map(({ title }) => title)],
        progress.points.map(point => [
          code(point.label),
          point.date ?? '',
          ...progressColumns.map(column => column.text(point)),
        ]),
      ),
      ...(last.separated.length > 0 ? ['', `Separated: ${last.separated.map(code).join(', ')}`] : []),
      ...(last.moved.length > 0
        ? [
            '',
            '## Tables moved',
            '',
            ...table(
              ['Table', 'From', 'To'],
              last.moved.map(({ table, from, to }) => [code(table), code(from), code(to)]),
            ),
          ]
        : []),
      '',
      ...progress.notes.map(note => `- ${text(note)}`),
    ]
    return `${lines.join('\n')}\n`
  },
}
