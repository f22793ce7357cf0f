import { code, table, text } from '../text/markdown.js'
import { capital } from '../text/words.js'
import { cellOf, columnsOf, outcome, zeroNote } from './columns.js'
import type { ProgressReport } from './report.js'

/** The table as a document, with what has moved and what is separated by name, and what is counted below it. */
export const report: ProgressReport = {
  render(progress) {
    const { points, notes } = progress
    const last = points.at(-1)!
    const shown = columnsOf(progress)
    const dated = points.some(({ date }) => date !== null)
    const zero = zeroNote(progress)
    const lines = [
      '# Progress',
      '',
      text(outcome(progress)),
      '',
      ...table(
        ['Revision', ...(dated ? ['Date'] : []), ...shown.map(({ heading }) => capital(heading))],
        points.map(point => [
          code(point.label),
          ...(dated ? [point.date ?? ''] : []),
          ...shown.map(column => cellOf(column, point)),
        ]),
        dated ? 2 : 1,
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
      '## What is counted',
      '',
      ...shown.map(({ heading, title }) => `- **${capital(heading)}**: ${title}`),
      ...(zero === null ? [] : [`- ${zero}`]),
      ...notes.map(note => `- ${text(note)}`),
    ]
    return `${lines.join('\n')}\n`
  },
}
