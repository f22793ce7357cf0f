/** The whole statement becomes an operation of the owner. */
import type { Access } from '../../analyzers/model.js'
import { describe } from '../describe/describe.js'
import type { Repository } from '../repository/index.js'
import type { Node } from '../site/parse.js'
import { Refusal } from '../site/refusal.js'
import { readResult } from '../site/result.js'
import type { SourceFile } from '../site/source-file.js'
import { readSiteStatement } from '../site/statement.js'
import { dialectOf, tablesOf } from './database.js'
import { operationOf, type Planned } from './operation.js'
import { onlyOwner } from './owner.js'
import type { AccessPlan, PlanOptions } from './plan.js'
import { callOf, readSite } from './site.js'
import { refuseTransaction } from './transaction.js'

/** @throws Refusal with the first reason against it */
export function planLift(
  access: Access,
  plan: AccessPlan,
  repository: Repository,
  options: PlanOptions,
): Planned {
  const owner = onlyOwner(access)
  refuseTransaction(access, plan, options)
  const dialect = dialectOf(access, repository)
  const site = readSite(access, repository)
  const { file, call, protocol } = site
  const template = readSiteStatement(file, call, protocol, site.onlyText, dialect, site.wrapper)
  const described = describe(template.parts, {
    dialect,
    parsers: repository.parsers,
    findTable: tablesOf(access, repository),
  })
  const isWrite = described.kind === 'write'
  if (isWrite && site.wrapper && protocol.result !== 'nothing') refuseWrittenResult(file, call)
  const result = readResult(file, call, protocol.result, isWrite)
  plan.reason = `all of its tables belong to ${owner}`
  if (access.reachedBy.includes(owner))
    plan.lost.push(`${owner}, which uses this code too, calls itself over the network`)
  return {
    ...operationOf(
      {
        access,
        plan,
        owner,
        dialect,
        described,
        method: protocol.method,
        strategy: 'lift',
        isDiscarded: result.isDiscarded,
      },
      repository,
    ),
    edit: {
      kind: 'lift',
      ...callOf(access, owner, file, call, repository),
      result: protocol.result,
      isWrite,
      typeArgument: protocol.typeArgument,
      arguments: described.arguments,
    },
  }
}

/**
 * What a wrapper makes of a write's result is made for rows.
 *
 * @throws Refusal where the result is looked at
 */
function refuseWrittenResult(file: SourceFile, call: Node): void {
  if (readResult(file, call, 'rows', false).isDiscarded) return
  throw new Refusal('a function between the call and the driver makes something of the result of the write')
}
