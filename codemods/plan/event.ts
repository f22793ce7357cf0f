/** A write becomes an event that the owner applies later. */
import type { Access } from '../../analyzers/model.js'
import { matchesTable } from '../../analyzers/owners/patterns.js'
import { describe } from '../describe/describe.js'
import { clientNames } from '../generate/client/names.js'
import { publisherOf } from '../generate/events/names.js'
import type { Repository } from '../repository/index.js'
import type { Node } from '../site/parse.js'
import { Refusal } from '../site/refusal.js'
import { readResult } from '../site/result.js'
import { codeOf } from '../site/source-file.js'
import { readSiteStatement } from '../site/statement.js'
import { dialectOf, tablesOf } from './database.js'
import { operationOf, type Planned } from './operation.js'
import { onlyOwner } from './owner.js'
import type { AccessPlan } from './plan.js'
import { placeOf, readSite, relativeModule } from './site.js'

/** A write of which the config says that the owner may apply it later. */
export function isLater(access: Access, { workspace }: Repository): boolean {
  const { later } = workspace.config.rewrite
  const written = access.tables.filter(table => table.op === 'write')
  return (
    written.length > 0 &&
    access.tables.every(({ id }) => id !== null && later.some(pattern => matchesTable(pattern, id)))
  )
}

/**
 * The write becomes an event, written by the connection that the write ran on: in its transaction, if there is one.
 *
 * @throws Refusal with the first reason against it
 */
export function planEvent(access: Access, plan: AccessPlan, repository: Repository): Planned {
  const owner = onlyOwner(access)
  const dialect = dialectOf(access, repository)
  const site = readSite(access, repository, true)
  const { file, call, protocol } = site
  const template = readSiteStatement(file, call, protocol, site.onlyText, dialect, site.wrapper)
  const context = { dialect, parsers: repository.parsers, findTable: tablesOf(access, repository) }
  const described = describe(template, context)
  const { isDiscarded } = readResult(file, call, protocol.written, true)
  const receiver = call.callee?.object as Node | undefined
  if (!isDiscarded) throw new Refusal('its result is looked at, which an event does not have')
  if (site.wrapper || !receiver) throw new Refusal('the connection that it runs on is not seen at the call')
  plan.reason = `${owner} may apply it later, the config says`
  plan.lost.push('what is read right after it may not have it yet')
  const names = clientNames(
    owner,
    repository.map.services.map(service => service.name),
  )
  const home = repository.homeOf(access.service)!
  const making = { access, owner, dialect, described, method: protocol.method, isDiscarded }
  return {
    plan,
    isDiscarded,
    calls: [operationOf({ ...making, strategy: 'event' }, repository)],
    editFor: ([operation]) => ({
      kind: 'event',
      ...placeOf(access, file, call),
      operation: operation!.name,
      publish: publisherOf(operation!.event!),
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
