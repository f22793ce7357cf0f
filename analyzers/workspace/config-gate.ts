/** The parts of the config that are for the gate: levels of rules, what services must not have, and what is allowed. */
import type { ParsedNode } from 'yaml'
import type { ConfigNodes } from './config-nodes.js'
import { isDay } from './dates.js'
import { type GateOp, gateOps, isGateOp, type RuleName, ruleNames } from './gate-names.js'
import { didYouMean } from './suggest.js'
import type { AllowEntry, RuleLevel, ServiceGate } from './types.js'
import type { KeyedNode } from './yaml.js'

/** Keys of a service that are for the gate. */
export const gateKeys = ['rules', 'database', 'separated'] as const

const levels: readonly RuleLevel[] = ['error', 'warn', 'off']
const allowKeys = ['from', 'table', 'op', 'reason', 'until'] as const

export function isGateKey(key: string): key is (typeof gateKeys)[number] {
  return (gateKeys as readonly string[]).includes(key)
}

/** `rules`: what each does when it is broken. */
export function readLevels(
  nodes: ConfigNodes,
  node: ParsedNode,
  where: string,
): Partial<Record<RuleName, RuleLevel>> {
  const found: [RuleName, RuleLevel][] = []
  for (const member of nodes.members(node, where)) {
    if (!isRuleName(member.key)) {
      const hint = didYouMean(member.key, ruleNames)
      nodes.report(
        member.line,
        `${where} has an unknown rule "${member.key}".${hint} Known here: ${ruleNames.join(', ')}`,
      )
    }
    nodes.remember(`${where}.${member.key}`, member.line)
    const level = nodes.text(member, `${where}.${member.key}`)
    if (level === null) continue
    if (isLevel(level)) {
      if (isRuleName(member.key)) found.push([member.key, level])
    } else {
      const hint = didYouMean(level, levels)
      nodes.report(member.line, `${where}.${member.key} is "${level}".${hint} Known: ${levels.join(', ')}`)
    }
  }
  return Object.fromEntries(found)
}

function isRuleName(text: string): text is RuleName {
  return (ruleNames as readonly string[]).includes(text)
}

function isLevel(text: string): text is RuleLevel {
  return (levels as readonly string[]).includes(text)
}

/** One of a service's keys for the gate; what it says goes into `gate`. */
export function readServiceGate(
  nodes: ConfigNodes,
  member: KeyedNode,
  where: string,
  gate: ServiceGate,
): void {
  const at = `${where}.${member.key}`
  if (member.key === 'rules') {
    if (member.value !== null) gate.rules = readLevels(nodes, member.value, at)
    return
  }
  if (member.key === 'database') {
    const text = nodes.text(member, at)
    if (text === 'none') gate.database = text
    else if (text !== null) {
      nodes.report(
        member.line,
        `${at} is "${text}"; only none is known, for a service that must have no database`,
      )
    }
    return
  }
  const value = member.value !== null && 'value' in member.value ? member.value.value : null
  if (typeof value === 'boolean') gate.separated = value
  else
    nodes.report(
      member.line,
      `${at} is ${member.value === null ? 'empty' : nodes.describe(member.value)}; true or false is expected`,
    )
}

/** `allow`: what is accepted, by whom and until when. */
export function readAllow(nodes: ConfigNodes, node: ParsedNode): AllowEntry[] {
  const items = nodes.yaml.itemsOf(node)
  if (items === null) {
    const line = nodes.lineOf(node)
    nodes.report(
      line,
      `allow is ${nodes.describe(node)}; a list of { from, table, op, reason, until } is expected`,
    )
    return []
  }
  return items.map((item, index) => readAllowEntry(nodes, item, `allow, item ${index + 1},`))
}

function readAllowEntry(nodes: ConfigNodes, item: ParsedNode, where: string): AllowEntry {
  const line = nodes.lineOf(item)
  const entry: AllowEntry = { line, from: [], table: [], op: [], reason: '', until: null }
  const members = nodes.members(item, where, allowKeys)
  for (const member of members) {
    const at = `${where} ${member.key}`
    if (member.key === 'reason') {
      const reason = nodes.text(member, at)
      entry.reason = reason?.trim() ?? ''
      if (reason !== null && entry.reason === '') nodes.report(member.line, `${where} ${missing.reason}`)
    } else if (member.key === 'until') entry.until = readDay(nodes, member, at)
    else if (member.key === 'op') entry.op = readOps(nodes, member, at)
    else entry[member.key] = nodes.texts(member, at)
  }
  for (const key of ['from', 'table', 'reason'] as const) {
    if (!members.some(member => member.key === key)) nodes.report(line, `${where} ${missing[key]}`)
  }
  return entry
}

const missing = {
  from: "has no from: give the service that may cross, or '*' for all",
  table: 'has no table: give its id or a pattern, such as nilecare/facilities',
  reason: 'has no reason: say why it is accepted',
}

function readOps(nodes: ConfigNodes, member: KeyedNode, where: string): GateOp[] {
  return nodes.texts(member, where).filter((name): name is GateOp => {
    if (isGateOp(name)) return true
    nodes.report(
      member.line,
      `${where} is "${name}".${didYouMean(name, gateOps)} Known: ${gateOps.join(', ')}`,
    )
    return false
  })
}

function readDay(nodes: ConfigNodes, member: KeyedNode, where: string): string | null {
  const text = nodes.text(member, where)
  if (text === null || isDay(text)) return text
  nodes.report(member.line, `${where} is "${text}"; a day such as 2027-01-31 is expected`)
  return null
}
