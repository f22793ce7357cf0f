/** What to do with every cross-service access, and the operations that this needs. */
import type { Access } from '../../analyzers/model.js'
import type { FoundDifferent, OperationUse } from '../operation.js'
import type { Repository } from '../repository/index.js'
import { CHOSEN_ADVICE } from '../site/pieces.js'
import { Refusal } from '../site/refusal.js'
import { SPLIT_ADVICE } from '../split/split.js'
import { stillUsed } from '../uses.js'
import { adviceFor } from './advice.js'
import { withoutContradictions } from './contradictions.js'
import { assignEndpoints, withoutUntoldResults } from './endpoints.js'
import { isBeside, isLater, planEvent, planEventBeside } from './event.js'
import { planLift } from './lift.js'
import { nameEvents, nameOperations } from './names.js'
import type { Planned } from './operation.js'
import { isOfOneOfOwners, WRITE_OUT_ADVICE } from './owner.js'
import type { AccessPlan, PlanOptions, RewritePlan } from './plan.js'
import { isOverBoth, planSplitCall } from './split-call.js'
import { isOverOthers, planSplitOwners } from './split-owners.js'

/** @param different what `verify` found different */
export function planRewrites(
  repository: Repository,
  options: PlanOptions,
  different: FoundDifferent[] = [],
): RewritePlan {
  const planned: Planned[] = []
  const accesses: AccessPlan[] = []
  const published = publishedIn(repository)
  const unused = new Set(repository.map.unusedFiles.map(({ file }) => file))
  for (const access of repository.map.accesses) {
    if (access.migration || !access.tables.some(table => table.crossService)) continue
    const plan = emptyPlan(access, unused.has(access.file))
    accesses.push(plan)
    if (isBeside(access, repository) && published.has(access.id)) {
      plan.strategy = 'event'
      plan.reason = 'it stays, and is published beside already'
      continue
    }
    try {
      const made = strategyFor(access, repository)(access, plan, repository, options)
      if (options.mayDiffer !== true) refuseDifferent(made, different)
      planned.push(made)
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      plan.reason = error.message
      plan.advice = advised(error, access, repository)
    }
  }
  const agreed = withoutContradictions(planned, repository)
  const operations = nameOperations(agreed, repository.existing)
  nameEvents([...operations.values()], repository)
  assignEndpoints([...operations.values()], repository)
  for (const { plan, calls, editFor } of withoutUntoldResults(agreed, operations)) {
    const called = calls.map(({ operation }) => operations.get(operation.id)!)
    plan.edit = editFor(called)
    plan.strategy = plan.edit.kind === 'lift' && plan.edit.joined ? 'split' : plan.edit.kind
    plan.operations = [...new Set(called.map(({ id }) => id))]
  }
  const alone = agreed.flatMap(each => each.alone ?? [])
  return { schemaVersion: 1, accesses, alone, operations: [...operations.values()] }
}

/** What a person would do instead: told with the reason, or by what the statement does and whose tables it touches. */
function advised({ advice }: Refusal, access: Access, repository: Repository): string {
  if (advice === CHOSEN_ADVICE && isOfOneOfOwners(access, repository)) return WRITE_OUT_ADVICE
  return advice === null || advice === SPLIT_ADVICE ? adviceFor(access, repository) : advice
}

/** The first of the ways that could do for an access; each tells why where it can't. */
function strategyFor(access: Access, repository: Repository): typeof planLift {
  if (isLater(access, repository)) return planEvent
  if (isBeside(access, repository)) return planEventBeside
  if (isOverOthers(access)) return planSplitOwners
  return isOverBoth(access) ? planSplitCall : planLift
}

/** Accesses of which an earlier run made events that the code still publishes. */
function publishedIn(repository: Repository): Set<string> {
  const isEvent = ({ strategy }: OperationUse): boolean => strategy === 'event'
  const events = repository.existing.filter(({ uses }) => uses.some(isEvent))
  const uses = stillUsed(events, repository).flatMap(operation => operation.uses.filter(isEvent))
  return new Set(uses.map(({ access }) => access))
}

/** @throws Refusal for what gives something else than before */
function refuseDifferent({ plan, calls, alone }: Planned, different: FoundDifferent[]): void {
  const found = different.find(({ id, consumer, strategy }) =>
    alone
      ? id === plan.access
      : calls.some(
          ({ operation, use }) =>
            id === operation.id && consumer === use.service && strategy === use.strategy,
        ),
  )
  if (!found) return
  throw new Refusal(
    `verify found that it would give something else: ${found.shown.join('; ')}`,
    'run `seamripper verify --plan` again after an update, and report it if it stays',
  )
}

/** The plan of an access that nothing is known of yet. */
function emptyPlan(access: Access, isUnused: boolean): AccessPlan {
  const foreign = access.tables.filter(table => table.crossService)
  return {
    access: access.id,
    service: access.service,
    reachedBy: access.reachedBy,
    file: access.file,
    line: access.line,
    column: access.column,
    isUnused,
    owners: [...new Set(foreign.map(table => table.owner!))].sort(),
    tables: [...new Set(foreign.map(table => table.id!))].sort(),
    strategy: 'by hand',
    reason: '',
    advice: null,
    lost: [],
    loop: null,
    operations: [],
    edit: null,
  }
}
