import { plain } from '../text/plain.js'
import { type Finding, findings, textOf } from './findings.js'
import type { CheckReport } from './report.js'

/**
 * GitLab's code quality report. What is known is in it too, as `info`: GitLab compares with the report of the target
 * branch by fingerprints, and so tells what a merge request adds and what it mends.
 */
export const report: CheckReport = {
  render(result, context) {
    const issues = findings(result)
      .filter(({ state }) => state !== 'allowed')
      .map(finding => ({
        description: plain(textOf(finding, context)),
        check_name: `seamripper/${finding.kind}`,
        fingerprint: finding.fingerprint,
        severity: severityOf(finding),
        location: {
          path: context.prefix + finding.file,
          lines: { begin: finding.line, end: finding.endLine },
        },
      }))
    return `${JSON.stringify(issues, null, 2)}\n`
  },
}

function severityOf({ state, severity }: Finding): 'info' | 'minor' | 'critical' {
  if (state !== 'new') return 'info'
  return severity === 'error' ? 'critical' : 'minor'
}
