import { groupBy } from '../../analyzers/graph/index.js'
import { xml } from '../text/xml.js'
import { findings, textOf } from './findings.js'
import type { CheckReport } from './report.js'

/** Where the whole check is meant: of a format that knows nothing but places in files. */
const EVERYWHERE = '.'

/** What is new, as Checkstyle would write it. */
export const report: CheckReport = {
  render(result, context) {
    const fresh = findings(result).filter(({ state }) => state === 'new')
    const lines = [...groupBy(fresh, ({ file }) => file)].flatMap(([file, of]) => [
      `  <file name="${xml(context.prefix + file)}">`,
      ...of.map(finding => {
        const { kind, severity, line, column } = finding
        const at = `line="${line}"${column === null ? '' : ` column="${column}"`}`
        const text = xml(textOf(finding, context))
        return `    <error ${at} severity="${severity}" message="${text}" source="seamripper.${kind}"/>`
      }),
      '  </file>',
    ])
    return documentOf(lines)
  },
  refusal: problems =>
    documentOf(
      [...groupBy(problems, ({ file }) => file ?? EVERYWHERE)].flatMap(([file, of]) => [
        `  <file name="${xml(file)}">`,
        ...of.map(
          ({ line, message }) =>
            `    <error line="${line ?? 1}" severity="error" message="${xml(message)}" source="seamripper.not-checked"/>`,
        ),
        '  </file>',
      ]),
    ),
}

function documentOf(lines: string[]): string {
  return `${['<?xml version="1.0" encoding="UTF-8"?>', '<checkstyle version="4.3">', ...lines, '</checkstyle>'].join('\n')}\n`
}
