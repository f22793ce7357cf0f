import type { GateOp } from '../workspace/gate-names.js'

/** A join is a read with more to mend, a transaction such a write. */
const GENERAL: Partial<Record<GateOp, GateOp>> = { join: 'read', transaction: 'write' }

/** The operation of which this one is a special case: `read` for `join`, `write` for `transaction`. */
export function generalOp(op: GateOp): GateOp | null {
  return GENERAL[op] ?? null
}
