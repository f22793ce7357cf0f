/** The call in the source, and what takes its place. */
import { join, posix } from 'node:path'
import type { LinkedCall } from '../../analyzers/link/call-graph.js'
import type { Access } from '../../analyzers/model.js'
import { linkedCall } from '../connection/functions.js'
import { whyNot } from '../drivers/index.js'
import { clientNames } from '../generate/client/names.js'
import { markOf } from '../repository/encoding.js'
import type { Repository } from '../repository/index.js'
import { refuseUnloadable } from '../repository/javascript.js'
import type { Node } from '../site/parse.js'
import { Refusal } from '../site/refusal.js'
import { callAt, codeOf, type SourceFile } from '../site/source-file.js'
import { bodiesOf } from '../wrapper/implementations.js'
import { protocolAt } from '../wrapper/promisified.js'
import { readWrapper, type Wrapper, type WrapperContext } from '../wrapper/wrapper.js'
import { dialectOf } from './database.js'
import type { ClientImport } from './plan.js'

/** The call in the source, and how its driver is called. */
export function readSite(access: Access, repository: Repository) {
  const site = repository.sites.get(access.id)
  const file = repository.sourceOf(access.file)
  const call = site && file ? callAt(file, site.start, site.end) : null
  if (site && !file) throw new Refusal('its file can not be parsed', 'mend the errors of syntax in it')
  if (!site || !file || !call) throw new Refusal('the call could not be found in the source')
  if (markOf(join(repository.workspace.root, access.file)) === null)
    throw new Refusal('its file is not in UTF-8', 'save the file as UTF-8, and run this again')
  if (site.isDriverInferred) refuseFormerDrivers(access, repository)
  const clients = repository.clientsOf(access.service)
  if (!clients || !repository.homeOf(access.service))
    throw new Refusal('the code belongs to no service or library')
  if (!file.isTypeScript) refuseUnloadable(file, clients, repository.workspace.root)
  const method = methodOf(call)
  const dialect = dialectOf(access, repository)
  const linked = linkedCall(file, call, repository)
  const object: Node | null = linked && linked.interfaces.length > 0 ? (call.callee?.object ?? null) : null
  const wrapper =
    linked && wrapperOf(file, call, linked, object, { driver: access.driver, dialect, repository })
  if (wrapper) return { file, call, protocol: wrapper.protocol, onlyText: site.onlyText, wrapper, object }
  const protocol = protocolAt(file, access.driver, { method, node: call, dialect }, repository)
  if (!protocol) throw new Refusal(...whyNot(access.driver, method))
  return { file, call, protocol, onlyText: site.onlyText, wrapper: null, object }
}

/**
 * The functions of the repository that a call runs, read as one; null where it runs none, but the driver's.
 *
 * @param object what has the method of an interface that is called
 * @throws Refusal
 */
function wrapperOf(
  file: SourceFile,
  call: Node,
  linked: LinkedCall,
  object: Node | null,
  context: WrapperContext,
): Wrapper | null {
  const { repository } = context
  const found = bodiesOf(linked, repository, object && repository.connections.classesOf(file, object))
  if (found?.length === 0) return null
  if (found && linked.driver === null) return readWrapper(found, context)
  throw new Refusal(
    `not all that \`${codeOf(file, call.callee ?? call.tag).replace(/\s+/g, '')}\` may run is seen`,
    'give what it runs on the type of one class, and run this again',
  )
}

/**
 * A service's only driver is inferred for what tells none. Statements that were moved ran on others, maybe: the first
 * run could not tell, and what is left must not look clearer to the next one.
 *
 * @throws Refusal
 */
function refuseFormerDrivers({ driver, service, reachedBy }: Access, { existing }: Repository): void {
  const services = new Set([service, ...reachedBy])
  const uses = existing.flatMap(operation => operation.uses)
  if (uses.some(use => services.has(use.service) && use.driver !== driver))
    throw new Refusal(...whyNot('unknown', ''))
}

function methodOf(call: Node): string {
  const callee = call.callee ?? call.tag
  return callee?.property?.name ?? callee?.name ?? ''
}

/** Where the call is. */
export function placeOf({ line, column }: Access, file: SourceFile, call: Node) {
  return { line, column, code: codeOf(file, call) }
}

/** The client that takes the place of a call. */
export function clientOf(access: Access, owner: string, repository: Repository): ClientImport {
  const names = clientNames(
    owner,
    repository.map.services.map(service => service.name),
  )
  return { name: names.client, module: clientModule(access, `clients/${names.file}`, repository) }
}

/** How the file of an access imports a generated file of the clients (`clients/clinical`, `runtime/join`). */
export function clientModule(access: Access, file: string, repository: Repository): string {
  const { folder, extension, package: name } = repository.clientsOf(access.service)!
  return name ?? relativeModule(access.file, `${folder}/${file}${extension}`)
}

/** How a file imports another: `./x`, `../seamripper/clients/clinical`. */
export function relativeModule(from: string, to: string): string {
  const path = posix.relative(posix.dirname(from), to)
  return path.startsWith('.') ? path : `./${path}`
}
