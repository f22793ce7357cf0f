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
  const judged = judgeBy(settings)
  const violations = incidents(map).flatMap(incident => judged(incident))
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

/** What no rule forbids because the config switches those off that would. */
export function switchedOff(map: DependencyMap, settings: GateSettings): Violation[] {
  const judged = judgeBy(settings)
  const byDefault = judgeBy({
    ...settings,
    rules: {},
    services: Object.fromEntries(
      Object.entries(settings.services).map(([name, service]) => [name, { ...service, rules: {} }]),
    ),
  })
  return incidents(map).flatMap(incident => (judged(incident).length > 0 ? [] : byDefault(incident)))
}

/** Judges incidents by the rules as far as these settings have them on: by one at most. */
function judgeBy(settings: GateSettings): (incident: Incident) => Violation[] {
  const flags: ServiceFlags = {
    hasNoDatabase: service => ofService(settings, service)?.hasNoDatabase ?? false,
    isSeparated: service => ofService(settings, service)?.isSeparated ?? false,
  }
  const levels = new Map<string, RuleLevel[]>()
  return incident => {
    let found = levels.get(incident.service)
    if (found === undefined) {
      found = levelsOf(incident.service, settings)
      levels.set(incident.service, found)
    }
    return judge(incident, found, flags)
  }
}

/** By own keys: a service may be called `constructor`. */
function ofService({ services }: GateSettings, service: string) {
  return Object.hasOwn(services, service) ? services[service] : undefined
}

const SEVERITY: Record<Level, number> = { error: 2, warn: 1, off: 0 }

/** A rule that is on. */
interface RuleLevel {
  name: RuleName
  level: Level
}

/** The rules that are on for a service, the most severe first. */
function levelsOf(service: string, settings: GateSettings): RuleLevel[] {
  const own = ofService(settings, service)?.rules
  return ruleNames
    .map(name => ({ name, level: own?.[name] ?? settings.rules[name] ?? rules[name].level }))
    .filter(({ level }) => level !== 'off')
    .sort((a, b) => SEVERITY[b.level] - SEVERITY[a.level])
}

/** The most severe rule that forbids an incident makes it a violation. */
function judge(incident: Incident, levels: RuleLevel[], flags: ServiceFlags): Violation[] {
  for (const { name, level } of levels) {
    const rule: Rule = rules[name]
    if (rule.forbids(incident, flags))
      return [violationOf(incident, name, level === 'error' ? 'error' : 'warning')]
  }
  return []
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
