import type { Report } from '../report.js'
import * as findings from './findings.js'
import { overview } from './overview.js'
import { diagram, matrixTable, order } from './picture.js'
import { services } from './services.js'
import { tables } from './tables.js'

/** The dependency map as a document: who reaches into whom, with links to the lines. */
export const report: Report = {
  render(map, { linkPrefix }) {
    const lines = [
      '# Dependency map',
      '',
      'Which service reads and writes whose tables. Written by `seamripper map --format markdown`: run it again rather than edit this.',
      ...overview(map),
      ...diagram(map),
      ...matrixTable(map),
      ...order(map),
      ...services(map, linkPrefix),
      ...tables(map, linkPrefix),
      ...findings.joins(map, linkPrefix),
      ...findings.transactions(map, linkPrefix),
      ...findings.foreignKeys(map, linkPrefix),
      ...findings.migrations(map, linkPrefix),
      ...findings.unreached(map, linkPrefix),
      ...findings.unresolved(map, linkPrefix),
      ...findings.diagnostics(map, linkPrefix),
    ]
    return `${lines.join('\n')}\n`
  },
}
