import type { DependencyMap } from '../../analyzers/model.js'
import type { Report } from '../report.js'
import { number } from '../text/words.js'
import * as findings from './findings.js'
import type { Frame } from './frame.js'
import { overview } from './overview.js'
import { diagram, matrixTable, order } from './picture.js'
import { services } from './services.js'
import { tables } from './tables.js'

/** GitHub shows larger documents as source only. */
const MOST_BYTES = 500_000
/** Rows a list, where all of them would be more. */
const FEWER_ROWS = [100, 50, 25, 10, 5, 2, 1]

/** The dependency map as a document: who reaches into whom, with links to the lines. */
export const report: Report = {
  render(map, { linkTemplate: template }) {
    let text = documentOf(map, { template, most: Number.POSITIVE_INFINITY })
    for (const most of FEWER_ROWS) {
      if (Buffer.byteLength(text) <= MOST_BYTES) break
      text = documentOf(map, { template, most })
    }
    return text
  },
}

function documentOf(map: DependencyMap, frame: Frame): string {
  const lines = [
    '# Dependency map',
    '',
    'Which service reads and writes whose tables. Written by `seamripper map --format markdown`: run it again rather than edit this.',
    ...(Number.isFinite(frame.most)
      ? [
          '',
          `Lists end after ${number(frame.most)} rows, so that GitHub shows the document. All is in \`seamripper map --format html\`, and as rows in \`--format csv\`.`,
        ]
      : []),
    ...overview(map),
    ...diagram(map),
    ...matrixTable(map),
    ...order(map),
    ...services(map, frame),
    ...tables(map, frame),
    ...findings.joins(map, frame),
    ...findings.transactions(map, frame),
    ...findings.foreignKeys(map, frame),
    ...findings.migrations(map, frame),
    ...findings.unreached(map, frame),
    ...findings.unused(map, frame),
    ...findings.unresolved(map, frame),
    ...findings.diagnostics(map, frame),
  ]
  return `${lines.join('\n')}\n`
}
