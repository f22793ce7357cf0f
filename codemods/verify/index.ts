/** Runs operations the old way and the new on real databases, and compares values and their types. */
import { generateFiles } from '../generate/index.js'
import type { Operation, OperationUse, OwnPart } from '../operation.js'
import type { Scratch } from './databases.js'
import { oldDriver } from './drivers/index.js'
import { compile } from './generated.js'
import { NotVerified } from './not-verified.js'
import type { Task, VerifyOptions } from './task.js'
import { DRIVERS } from './unit-databases.js'
import { calledBy, type Unit, unitsOf } from './units.js'
import { type Outcome, verifyUnit } from './verify-unit.js'

export type { VerifyOptions } from './task.js'

/** What one consumer calls in place of a statement. */
export interface Verification {
  /** One, or one for each foreign part of a split; none for a call site that calls no one. */
  operations: Operation[]
  /** Such a call site. */
  alone?: OperationUse
  consumer: string
  strategy: OperationUse['strategy']
  outcome: Outcome
}

/**
 * Verifies all operations, one call site of each kind after the other.
 *
 * @throws VerifyError where no database can be had
 */
export async function verify(options: VerifyOptions): Promise<Verification[]> {
  const { operations, alone = [], repository, onProgress } = options
  const units = [...unitsOf(operations), ...alone.map(each => ({ operations: [], alike: [], ...each }))]
  const verified: Verification[] = []
  const files = generateFiles(operations, repository)
  const compiled = compile(files, repository.workspace.root)
  const scratches = new Map<string, Scratch>()
  try {
    for (const unit of units) {
      onProgress?.('verify', verified.length, units.length)
      const outcome = await outcomeOf({ ...unit, files, compiled, scratches, options })
      const { service, strategy } = unit.use
      const called = unit.operations
      const alone = called.length === 0 ? { alone: unit.use } : {}
      verified.push({ operations: called, ...alone, consumer: service, strategy, outcome })
    }
  } finally {
    compiled.remove()
    for (const scratch of scratches.values()) await scratch.drop()
  }
  return verified
}

async function outcomeOf(task: Task): Promise<Outcome> {
  try {
    refuse(task)
    return await verifyVariants(task)
  } catch (error) {
    if (error instanceof NotVerified) return { kind: 'not verified', reason: error.message }
    throw error
  }
}

/**
 * Of a split whose text grows each variant: not all need to find rows, but none may give others.
 *
 * @throws NotVerified where no variant is verified
 */
async function verifyVariants(task: Task): Promise<Outcome> {
  const { use } = task
  const { variants = [], ...split } = use.split ?? {}
  let found = null as (Outcome & { kind: 'equal' }) | null
  let reason = null as NotVerified | null
  for (const variant of [null, ...variants]) {
    const before = variant && { ...use.before!, parts: [{ kind: 'text' as const, text: variant.before }] }
    const as = variant && { ...use, before: before!, split: { ...(split as OwnPart), text: variant.text } }
    try {
      const outcome = await verifyUnit(as ? { ...task, use: as } : task)
      if (outcome.kind !== 'equal') return outcome
      found = { ...outcome, calls: outcome.calls + (found?.calls ?? 0), kept: found?.kept ?? outcome.kept }
    } catch (error) {
      if (!(error instanceof NotVerified)) throw error
      reason ??= error
    }
  }
  return found ?? Promise.reject(reason)
}

/** @throws NotVerified for what is not run */
function refuse({ operations, use }: Unit): void {
  for (const { endpoint, owner } of operations) {
    if (endpoint === null) continue
    throw new NotVerified(
      `${endpoint.method} ${endpoint.path} of ${owner} answers it, which is written by hand, and only generated code is run here. Test the endpoint there, or take it out of rewrite.endpoints to have an operation that can be verified`,
    )
  }
  const isKept = use.before && (use.strategy !== 'split' || use.split)
  if (!isKept || calledBy(use.split).some(called => !operations.some(({ id }) => id === called))) {
    throw new NotVerified('it was rewritten by a version that did not keep the statement of the call site')
  }
  if (!oldDriver(use.driver) && !Object.values(DRIVERS).includes(use.driver)) {
    throw new NotVerified(`statements of ${use.driver} are not run`)
  }
}
