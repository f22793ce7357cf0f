import { hash } from 'node:crypto'
import { orderBy } from '../graph/index.js'
import type { DependencyMap } from '../model.js'
import type { Incident } from './incident.js'
import { incidents } from './incidents.js'
import { type Rule, type RuleName, ruleNames, rules, type ServiceFlags } from './rules/index.js'
import type { GateSettings } from './settings.js'
import type { Level, Violation } from './types.js'

/** All that the rules forbid on this map, every violation in state `new`: baseline and allowances come after. */
export function checkMap(map: DependencyMap, settings: GateSettings): Violation[] {
  const flags: ServiceFlags = {
    hasNoDatabase: service => ofService(settings, service)?.hasNoDatabase ?? false,
    isSeparated: service => ofService(settings, service)?.isSeparated ?? false,
  }
  const violations = incidents(map).flatMap(incident => judge(incident, settings, flags))
  violations.sort(
    orderBy(
      each => each.service,
      each => each.file,
      each => each.line,
      each => each.column,
      each => each.table ?? '',
      each => each.op,
    ),
  )
  const seen = new Map<string, number>()
  for (const violation of violations) violation.fingerprint = fingerprintOf(violation, seen)
  return violations
}

/** By own keys: a service may be called `constructor`. */
function ofService({ services }: GateSettings, service: string) {
  return Object.hasOwn(services, service) ? services[service] : undefined
}

const SEVERITY: Record<Level, number> = { error: 2, warn: 1, off: 0 }

/** The most severe rule that forbids an incident makes it a violation. */
function judge(incident: Incident, settings: GateSettings, flags: ServiceFlags): Violation[] {
  let strongest: RuleName | null = null
  let level: Level = 'off'
  for (const name of ruleNames) {
    const own =
      ofService(settings, incident.service)?.rules[name] ?? settings.rules[name] ?? rules[name].level
    if (SEVERITY[own] <= SEVERITY[level] || !rules[name].forbids(incident, flags)) continue
    strongest = name
    level = own
  }
  return strongest === null ? [] : [violationOf(incident, strongest, level === 'error' ? 'error' : 'warning')]
}

function violationOf(incident: Incident, name: RuleName, severity: Violation['severity']): Violation {
  const rule: Rule = rules[name]
  const { service, owner, table, op, file, line, column, endLine, sql, dialect, accessId } = incident
  return {
    rule: name,
    severity,
    state: 'new',
    service,
    owner,
    table,
    op,
    file,
    line,
    column,
    endLine,
    sql,
    dialect,
    accessId,
    migration: incident.kind === 'migration',
    fingerprint: '',
    message: rule.message(incident),
    ownerEvidence: incident.ownerEvidence,
    advice: rule.advice(incident),
    command: ['explain', `${file}:${line}`],
    related: incident.related,
    allowedBy: null,
  }
}

/** Stays while lines move. `seen` counts equal ones, in the order of the code. */
function fingerprintOf({ service, table, op, file, sql }: Violation, seen: Map<string, number>): string {
  const same = JSON.stringify([service, table, op, file, sql?.replace(/\s+/g, ' ').trim() ?? null])
  const count = seen.get(same) ?? 0
  seen.set(same, count + 1)
  return hash('sha256', `${same}\0${count}`, 'hex').slice(0, 16)
}
