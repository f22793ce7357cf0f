/** The words that the config has for the gate, which decides what they do. */

/** Names of its rules, the more special ones first. */
export const ruleNames = [
  'separated-service',
  'no-database',
  'cross-service-transaction',
  'cross-service-write',
  'cross-service-join',
  'cross-service-read',
  'cross-service-foreign-key',
  'cross-service-migration',
  'unowned-table',
  'unresolved-table',
] as const
export type RuleName = (typeof ruleNames)[number]

/** Operations, in the order in which they are listed. */
export const gateOps = ['read', 'join', 'write', 'transaction', 'ddl', 'foreign-key', 'unresolved'] as const
export type GateOp = (typeof gateOps)[number]

export function isGateOp(text: string): text is GateOp {
  return (gateOps as readonly string[]).includes(text)
}
