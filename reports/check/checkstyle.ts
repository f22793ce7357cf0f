import { groupBy } from '../../analyzers/graph/index.js'
import { xml } from '../text/xml.js'
import { findings, textOf } from './findings.js'
import type { CheckReport } from './report.js'

/** What is new, as Checkstyle would write it. */
export const report: CheckReport = {
  render(result, { prefix }) {
    const fresh = findings(result).filter(({ state }) => state === 'new')
    const lines = [...groupBy(fresh, ({ file }) => file)].flatMap(([file, of]) => [
      `  <file name="${xml(prefix + file)}">`,
      ...of.map(finding => {
        const { kind, severity, line, column } = finding
        const at = `line="${line}"${column === null ? '' : ` column="${column}"`}`
        const text = xml(textOf(finding))
        return `    <error ${at} severity="${severity}" message="${text}" source="seamripper.${kind}"/>`
      }),
      '  </file>',
    ])
    return `${['<?xml version="1.0" encoding="UTF-8"?>', '<checkstyle version="4.3">', ...lines, '</checkstyle>'].join('\n')}\n`
  },
}
