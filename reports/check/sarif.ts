import type { Location, Log, ReportingDescriptor, Result, Suppression } from 'sarif'
import { rules } from '../../analyzers/gate/index.js'
import { urlPath } from '../text/link.js'
import { plain } from '../text/plain.js'
import { command } from '../text/shell.js'
import { type Finding, findingKinds, findings } from './findings.js'
import { hintText } from './hint.js'
import { ownerLine } from './owner-line.js'
import type { CheckContext, CheckReport } from './report.js'
import { waysOn } from './ways-on.js'

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'
/** What locations are relative to: the top of the repository. */
const BASE = 'SRCROOT'
/** Raised if equal findings ever get other fingerprints than before. */
const FINGERPRINT = 'seamripper/v1'

/** SARIF 2.1.0: all that rules forbid, with what is known or allowed as suppressed. */
export const report: CheckReport = {
  render(result, context) {
    const log: Log = {
      $schema: SCHEMA,
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'seamripper',
              semanticVersion: context.version,
              rules: Object.keys(findingKinds).map(descriptor),
            },
          },
          columnKind: 'utf16CodeUnits',
          originalUriBaseIds: { [BASE]: { description: { text: 'The top of the repository.' } } },
          results: findings(result).map(finding => resultOf(finding, context)),
        },
      ],
    }
    return `${JSON.stringify(log, null, 2)}\n`
  },
}

function descriptor(kind: string): ReportingDescriptor {
  const { title, help, strict = false } = findingKinds[kind]!
  const ways = kind in rules ? `\n\n${waysOn(strict)}` : ''
  return {
    id: kind,
    name: title.replace(/\W+(\w?)/g, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: title },
    fullDescription: { text: help },
    help: {
      text: `${help}${ways.replaceAll('**', '')}`,
      markdown: `${help}${ways}`,
    },
    properties: { tags: ['architecture', 'maintainability'], precision: 'high' },
  }
}

const KINDS = Object.keys(findingKinds)

function resultOf(finding: Finding, context: CheckContext): Result {
  const { kind, severity, file, line, endLine, column, message, advice, hints, violation } = finding
  const known = hints.map(hint => ` ${hintText(hint, context)}`).join('')
  const more = violation === null ? '' : ` More: ${command(violation.command, context)}`
  return {
    ruleId: kind,
    ruleIndex: KINDS.indexOf(kind),
    level: severity,
    message: { text: messageText(`${message} ${advice}${known}${more}`) },
    locations: [
      {
        physicalLocation: {
          artifactLocation: artifact(file, context),
          region: { startLine: line, ...(column === null ? {} : { startColumn: column }), endLine },
        },
      },
    ],
    relatedLocations: related(finding, context),
    partialFingerprints: { [FINGERPRINT]: finding.fingerprint },
    suppressions: suppressions(finding),
    ...(violation === null
      ? {}
      : {
          properties: {
            service: violation.service,
            owner: violation.owner,
            table: violation.table,
            op: violation.op,
            sql: violation.sql,
            state: violation.state,
          },
        }),
  }
}

/** Where the table is defined, and what else helps to understand it. */
function related({ related, violation }: Finding, context: CheckContext): Location[] {
  const evidence = violation?.ownerEvidence
  const owner = evidence && violation.owner !== null ? [{ ...evidence, message: ownerLine(violation) }] : []
  return [...owner, ...related].map(({ file, line, message }, id) => ({
    id,
    physicalLocation: { artifactLocation: artifact(file, context), region: { startLine: line } },
    message: { text: messageText(message) },
  }))
}

/** Nothing is suppressed by an empty list; without a list it would not be known. */
function suppressions({ state, violation }: Finding): Suppression[] {
  if (state === 'new') return []
  const suppression = { kind: 'external', status: 'accepted' } as const
  if (state === 'baseline') return [{ ...suppression, justification: 'On the baseline, in a seam-todo.yml.' }]
  if (state === 'earlier') return [{ ...suppression, justification: 'Was there before the change.' }]
  const { reason, until, file } = violation!.allowedBy!
  const justification = plain(until === null ? reason : `${reason} (until ${until})`)
  // Comments are in code, the other allowances in the config.
  return [{ ...suppression, kind: /\.ya?ml$/.test(file) ? 'external' : 'inSource', justification }]
}

function artifact(file: string, { prefix }: CheckContext) {
  return { uri: urlPath(prefix + file), uriBaseId: BASE }
}

/** Braces would be placeholders, brackets links. */
function messageText(text: string): string {
  return plain(text)
    .replace(/[{}]/g, '$&$&')
    .replace(/[\\[\]]/g, '\\$&')
}
