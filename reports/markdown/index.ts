import type { Report } from '../report.js'
import * as findings from './findings.js'
import { overview } from './overview.js'
import { diagram, matrixTable, order } from './picture.js'
import { services } from './services.js'
import { tables } from './tables.js'

/** The dependency map as a document: who reaches into whom, with links to the lines. */
export const report: Report = {
  render(map, { linkTemplate }) {
    const lines = [
      '# Dependency map',
      '',
      'Which service reads and writes whose tables. Written by `seamripper map --format markdown`: run it again rather than edit this.',
      ...overview(map),
      ...diagram(map),
      ...matrixTable(map),
      ...order(map),
      ...services(map, linkTemplate),
      ...tables(map, linkTemplate),
      ...findings.joins(map, linkTemplate),
      ...findings.transactions(map, linkTemplate),
      ...findings.foreignKeys(map, linkTemplate),
      ...findings.migrations(map, linkTemplate),
      ...findings.unreached(map, linkTemplate),
      ...findings.unused(map, linkTemplate),
      ...findings.unresolved(map, linkTemplate),
      ...findings.diagnostics(map, linkTemplate),
    ]
    return `${lines.join('\n')}\n`
  },
}
