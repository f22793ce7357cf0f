import { defaultSchemaToNull } from '../../catalogue/index.js'
import type { Dialect } from '../../model.js'
import { matchesTable } from '../../owners/patterns.js'
import type { AllowEntry } from '../../workspace/types.js'
import { generalOp } from '../ops.js'
import { type Rule, rules } from '../rules/index.js'
import type { GateOp, Violation } from '../types.js'

/** One acceptance with a reason, from the config or from a comment. */
export interface Allowance {
  file: string
  line: number
  /** As it is written, on one line. */
  text: string
  reason: string
  until: string | null
  /** It is about this place, whatever is done there. */
  isAbout(violation: Violation): boolean
  /** Empty for all. */
  ops: readonly string[]
  /** Ids, names or patterns; empty for what has no table. */
  tables: readonly string[]
}

/** The allowances of the config. */
export function configured(allow: readonly AllowEntry[], file: string | null): Allowance[] {
  return allow.map(({ line, from, table, op, reason, until }) => ({
    file: file ?? '.',
    line,
    text: `allow ${from.join(', ')}: ${[op.join(', '), table.join(', ')].filter(part => part !== '').join(' ')}`,
    reason,
    until,
    isAbout: violation => from.includes('*') || from.includes(violation.service),
    ops: op,
    tables: table,
  }))
}

/** True if the allowance is about this place, its table and its operation. */
export function allows(allowance: Allowance, violation: Violation): boolean {
  return (
    coversOp(allowance.ops, violation.op) &&
    coversTable(allowance.tables, violation) &&
    allowance.isAbout(violation)
  )
}

/** `read` accepts joins too, `write` transactions. */
function coversOp(ops: readonly string[], op: GateOp): boolean {
  const general = generalOp(op)
  return ops.length === 0 || ops.includes(op) || (general !== null && ops.includes(general))
}

/** True if one of these ids, names and patterns means the table. */
export function coversTable(
  tables: readonly string[],
  { table, dialect }: Pick<Violation, 'table' | 'dialect'>,
): boolean {
  if (table === null) return tables.length === 0 || tables.includes('*')
  return tables.some(
    pattern =>
      matchesTable(pattern, table) || table.endsWith(`/${pattern}`) || isQualified(pattern, table, dialect),
  )
}

/** A name as statements have it: `billing.invoices`, `billing.*`, and with the schema that an id leaves out `public.invoices`. */
function isQualified(pattern: string, table: string, dialect: Dialect): boolean {
  const parts = pattern.split('.')
  if (parts.length === 1 || pattern.includes('/')) return false
  const path = parts
    .filter((part, index) => index !== parts.length - 2 || defaultSchemaToNull(part, dialect))
    .join('/')
  return matchesTable(path, table) || matchesTable(`**/${path}`, table)
}

/** True for what neither an allowance nor the baseline accepts. */
export function isStrict({ rule }: Violation): boolean {
  const { strict }: Rule = rules[rule]
  return strict === true
}
