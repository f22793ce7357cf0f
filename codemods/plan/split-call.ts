/** The foreign part of a statement becomes one call for all rows; the own part stays. */
import type { Access } from '../../analyzers/model.js'
import { describe } from '../describe/describe.js'
import { refuseSessionState } from '../describe/session.js'
import type { Repository } from '../repository/index.js'
import { Refusal } from '../site/refusal.js'
import { textEdits } from '../site/text-edits.js'
import { readStatement } from '../sql/read.js'
import { applyEdits } from '../transforms/text-edits.js'
import { dialectOf, tablesOf } from './database.js'
import { operationOf, type Planned } from './operation.js'
import type { AccessPlan, PlanOptions } from './plan.js'
import { callOf, clientModule, readSite } from './site.js'
import { planSplit, SPLIT_ADVICE } from './split.js'
import { refuseTransaction } from './transaction.js'

/** The owner of the foreign tables of a statement that has own tables too; null for any other statement. */
export function foreignOwner(access: Access): string | null {
  if (
    access.kind !== 'sql' ||
    access.tables.some(table => table.op !== 'read' || table.owner === null || table.via)
  )
    return null
  const owners = new Set(access.tables.map(table => table.owner!))
  const others = [...owners].filter(owner => owner !== access.service)
  return owners.size === 2 && others.length === 1 ? others[0]! : null
}

/**
 * The foreign part becomes one call for all rows, and is joined to what the rest of the statement gives.
 *
 * @throws Refusal with the first reason against it
 */
export function planSplitCall(
  access: Access,
  plan: AccessPlan,
  repository: Repository,
  options: PlanOptions,
): Planned {
  refuseTransaction(access, plan, options)
  const dialect = dialectOf(access, repository)
  // The text is judged first: it is at hand, and most are refused by it, while the code has to be parsed.
  const onlyText = repository.sites.get(access.id)?.onlyText
  const sql = onlyText?.text
  if (sql === undefined || onlyText?.repeats.length !== 0) {
    throw new Refusal(
      'own and foreign tables in one statement, whose SQL text is not one and known',
      SPLIT_ADVICE,
    )
  }
  refuseSessionState(sql, dialect)
  const split = planSplit(access, sql, dialect, repository)
  const described = describe(split.template, {
    dialect,
    parsers: repository.parsers,
    findTable: tablesOf(access, repository),
  })
  if (!readStatement(applyEdits(sql, split.own), dialect, repository.parsers)) {
    throw new Refusal('what is left of its SQL without the foreign part is no statement')
  }
  const { file, call, protocol, wrapper } = readSite(access, repository)
  if (protocol.result !== 'tuple' && protocol.result !== 'object' && protocol.result !== 'rows') {
    throw new Refusal('a function between the call and the driver takes one row out of its result')
  }
  const text = wrapper?.text ?? 0
  if (!textEdits(file, call, text, sql, split.own)) {
    throw new Refusal('its SQL text is not written beside the call', SPLIT_ADVICE)
  }
  plan.reason = `${split.owner} gives its part for all rows in one call, joined by ${split.join.foreignKey}`
  plan.lost.push('the two parts are read one after the other, no longer at one moment')
  return {
    ...operationOf(
      {
        access,
        plan,
        owner: split.owner,
        dialect,
        described,
        method: 'query',
        strategy: 'split',
        isDiscarded: false,
      },
      repository,
    ),
    edit: {
      kind: 'split',
      ...callOf(access, split.owner, file, call, repository),
      result: protocol.result,
      isWrite: false,
      typeArgument: protocol.typeArgument,
      sql,
      text,
      own: split.own,
      runtime: clientModule(access, 'runtime/join', repository),
      join: { ...split.join, parameter: described.arguments[0]!.name },
    },
  }
}
