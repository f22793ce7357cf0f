/** A write becomes an event that the owner applies later. */
import type { Access } from '../../analyzers/model.js'
import { matchesTable } from '../../analyzers/owners/patterns.js'
import { type Described, describe } from '../describe/describe.js'
import { clientNames } from '../generate/client/names.js'
import { publisherOf } from '../generate/events/names.js'
import type { Repository } from '../repository/index.js'
import { type Node, parseSource, visit } from '../site/parse.js'
import { isPure } from '../site/purity.js'
import { Refusal } from '../site/refusal.js'
import { readResult } from '../site/result.js'
import { codeOf, type SourceFile } from '../site/source-file.js'
import { readSiteStatement } from '../site/statement.js'
import { publishPlace } from '../transforms/beside.js'
import { describeContext, dialectOf } from './database.js'
import { refuseAskedOfEvent } from './errors.js'
import { asWritten, operationOf, type Planned } from './operation.js'
import { onlyOwner } from './owner.js'
import type { AccessPlan } from './plan.js'
import { placeOf, readSite, relativeModule } from './site.js'

/** A write of which the config says that the owner may apply it later. */
export function isLater(access: Access, { workspace }: Repository): boolean {
  return isWriteTo(access, workspace.config.rewrite.later)
}

/** A write of which the config says that it stays, and is published beside. */
export function isBeside(access: Access, { workspace }: Repository): boolean {
  return isWriteTo(access, workspace.config.rewrite.beside)
}

function isWriteTo({ tables }: Access, patterns: string[]): boolean {
  return (
    tables.some(table => table.op === 'write') &&
    tables.every(({ id }) => id !== null && patterns.some(pattern => matchesTable(pattern, id)))
  )
}

/**
 * The write becomes an event, written by the connection that the write ran on: in its transaction, if there is one.
 *
 * @throws Refusal with the first reason against it
 */
export function planEvent(access: Access, plan: AccessPlan, repository: Repository): Planned {
  return planPublishing(access, plan, repository, false)
}

/**
 * The write stays, and an event is published after it, by the same connection.
 *
 * @throws Refusal with the first reason against it
 */
export function planEventBeside(access: Access, plan: AccessPlan, repository: Repository): Planned {
  return planPublishing(access, plan, repository, true)
}

function planPublishing(access: Access, plan: AccessPlan, repository: Repository, beside: boolean): Planned {
  const owner = onlyOwner(access, repository)
  const dialect = dialectOf(access, repository)
  const site = readSite(access, repository)
  const { file, call, protocol } = site
  const template = readSiteStatement(file, call, protocol, site.onlyText, dialect, site.wrapper, repository)
  const context = describeContext(access, dialect, repository)
  const described = describe(template.parts, context)
  // A write that stays gives what it gave.
  const isDiscarded =
    beside || readResult(file, call, protocol.written, true, null, site.wrapper?.unfollowed).isDiscarded
  const receiver = call.callee?.object as Node | undefined
  if (!isDiscarded) throw new Refusal('its result is looked at, which an event does not have')
  if (site.wrapper || !receiver) throw new Refusal('the connection that it runs on is not seen at the call')
  if (!beside) refuseAskedOfEvent(site, repository)
  if (beside) refuseUnrepeatable(file, call, described)
  plan.reason = beside
    ? 'it stays, and is published beside, the config says'
    : `${owner} may apply it later, the config says`
  plan.lost.push(...lossesOf(access, owner, described, beside))
  const names = clientNames(
    owner,
    repository.map.services.map(service => service.name),
  )
  const home = repository.homeOf(access.service)!
  const before = asWritten(template, site.onlyText)
  const making = {
    access,
    owner,
    dialect,
    described,
    method: protocol.method,
    isDiscarded,
    before,
    wrapper: null,
  }
  return {
    plan,
    isDiscarded,
    calls: [operationOf({ ...making, strategy: 'event' }, repository)],
    editFor: ([operation]) => ({
      kind: 'event',
      ...placeOf(access, file, call),
      operation: operation!.name,
      publish: publisherOf(operation!.event!),
      isBeside: beside,
      making: template.making,
      client: {
        name: names.client.replace(/Client$/, 'Events'),
        module: relativeModule(access.file, `${home.folder}/events/${names.file}${home.extension}`),
      },
      result: protocol.written,
      isWrite: true,
      typeArgument: protocol.typeArgument,
      connection: codeOf(file, receiver),
      arguments: described.arguments,
    }),
  }
}

const BY_THE_MOMENT =
  /\b(?:now|sysdate|curdate|curtime|current_timestamp|current_date|current_time|localtimestamp|utc_timestamp|clock_timestamp|uuid|rand|random|gen_random_uuid|uuid_generate_v4)\b/i

/** What the code has now and loses. */
function lossesOf(access: Access, owner: string, { statement }: Described, beside: boolean): string[] {
  const moment = BY_THE_MOMENT.exec(statement.map(part => (part.kind === 'text' ? part.text : '')).join(' '))
  return [
    ...(beside
      ? [`as long as both use one database, ${owner} must not apply the events: the write is made already`]
      : ['what is read right after it may not have it yet']),
    ...(beside && access.transaction === null
      ? ['outside of a transaction the write may be made and the event not']
      : []),
    ...(moment ? [`\`${moment[0]}\` is what it is when ${owner} applies the event`] : []),
  ]
}

/**
 * The values are read once more, after the write.
 *
 * @throws Refusal where they, or the place, don't allow that
 */
function refuseUnrepeatable(file: SourceFile, call: Node, { arguments: values }: Described): void {
  if (!publishPlace(file, call))
    throw new Refusal('the write is no statement by itself after which an event could be published')
  const assigned = new Set<string>()
  visit(file.program, node => {
    const target = node.type === 'AssignmentExpression' ? node.left : node.argument
    const isWrite = node.type === 'AssignmentExpression' || node.type === 'UpdateExpression'
    if (isWrite && target?.type === 'Identifier') assigned.add(target.name)
  })
  const isStable = (code: string): boolean => {
    const statement = parseSource('value.ts', `(${code})`)?.body[0] as Node | undefined
    if (!statement?.expression || !isPure(statement.expression) || /\bnew\s+Date\s*\(\s*\)/.test(code))
      return false
    let isFixed = true
    visit(statement, node => {
      if (node.type === 'Identifier' && assigned.has(node.name)) isFixed = false
    })
    return isFixed
  }
  if (!values.every(({ code }) => isStable(code)))
    throw new Refusal('its values can not be read once more for the event', 'keep them in constants')
}
