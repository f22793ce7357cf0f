import { groupBy } from '../../analyzers/graph/index.js'
import { command } from '../text/shell.js'
import { place } from '../text/words.js'
import { xml } from '../text/xml.js'
import { type Finding, findingKinds, findings } from './findings.js'
import { hintText } from './hint.js'
import { ownerLine } from './owner-line.js'
import type { CheckContext, CheckReport } from './report.js'

/**
 * JUnit: a rule is a suite, what it forbids a test case of a service. New errors fail, what is known or allowed is
 * skipped; warnings pass and say so. A rule with nothing to tell is one test that passes.
 */
export const report: CheckReport = {
  render(result, context) {
    const byKind = groupBy(findings(result), ({ kind }) => kind)
    const suites = Object.keys(findingKinds).map(kind => suite(kind, byKind.get(kind) ?? [], context))
    return `${['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites name="seamripper">', ...suites.flat(), '</testsuites>'].join('\n')}\n`
  },
  refusal: problems =>
    `${[
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<testsuites name="seamripper">',
      `  <testsuite name="check" tests="${problems.length}" failures="0" errors="${problems.length}" skipped="0">`,
      ...problems.flatMap(({ file, line, message }, index) => [
        `    <testcase classname="seamripper.check" name="could be made${index === 0 ? '' : ` (${index + 1})`}">`,
        `      <error type="not-checked" message="${xml(message)}">${xml(file === null ? message : `${file}:${line ?? 1}: ${message}`)}</error>`,
        '    </testcase>',
      ]),
      '  </testsuite>',
      '</testsuites>',
    ].join('\n')}\n`,
}

function suite(kind: string, of: Finding[], context: CheckContext): string[] {
  const seen = new Map<string, number>()
  const cases =
    of.length === 0
      ? [`    <testcase classname="seamripper.${kind}" name="${xml(findingKinds[kind]!.title)}: none"/>`]
      : of.flatMap(finding => testCase(finding, seen, context))
  const failures = of.filter(fails).length
  const skipped = of.filter(({ state }) => state !== 'new').length
  return [
    `  <testsuite name="${kind}" tests="${Math.max(1, of.length)}" failures="${failures}" errors="0" skipped="${skipped}">`,
    ...cases,
    '  </testsuite>',
  ]
}

function fails({ state, severity }: Finding): boolean {
  return state === 'new' && severity === 'error'
}

function testCase(finding: Finding, seen: Map<string, number>, context: CheckContext): string[] {
  const { kind, state, message } = finding
  const head = `    <testcase classname="seamripper.${kind}" name="${xml(nameOf(finding, seen))}">`
  const body = () => details(finding, context).map(xml).join('\n')
  if (fails(finding)) {
    return [
      head,
      `      <failure type="${kind}" message="${xml(message)}">${body()}</failure>`,
      '    </testcase>',
    ]
  }
  if (state === 'new') return [head, `      <system-out>${body()}</system-out>`, '    </testcase>']
  const why = { baseline: 'on the baseline', allowed: 'allowed', earlier: 'was there before the change' }
  const reason = finding.violation?.allowedBy ? `: ${finding.violation.allowedBy.reason}` : ''
  return [head, `      <skipped message="${xml(`${why[state]}${reason}`)}"/>`, '    </testcase>']
}

/** Without the line, so that a system that follows tests by name sees the same one while code moves. */
function nameOf({ violation, message, file }: Finding, seen: Map<string, number>): string {
  const what = violation
    ? `${violation.service}: ${violation.op}${violation.table === null ? '' : ` ${violation.table}`}`
    : message
  const name = `${what} in ${file}`
  const count = (seen.get(name) ?? 0) + 1
  seen.set(name, count)
  return count === 1 ? name : `${name} (${count})`
}

function details(
  { message, advice, violation, related, hints, ...at }: Finding,
  context: CheckContext,
): string[] {
  return [
    `${context.prefix}${place(at)}`,
    message,
    ...(violation?.sql ? [`SQL: ${violation.sql}`] : []),
    ...(violation && violation.owner !== null ? [`Owner: ${ownerLine(violation)}`] : []),
    ...related.map(other => `See: ${place(other)}: ${other.message}`),
    `Instead: ${advice}`,
    ...hints.map(hint => `Baseline: ${hintText(hint, context)}`),
    ...(violation ? [`More: ${command(violation.command, context)}`] : []),
  ]
}
