/** Templates behind a tag: `sql`SELECT …``. */
import type { Driver } from '../../drivers/driver.js'
import { driverOfModule, unknownDriver } from '../../drivers/index.js'
import type { CallFacts, FileFacts, NodeId } from '../../extract/facts.js'
import { untyped } from '../../extract/untyped.js'
import type { Target } from '../targets.js'
import { LOGGER, NO_SINK } from './names.js'
import type { Sink } from './sink.js'

/** Names of tags that execute, or make a part of what does: which of the two, the texts that they end in tell. */
const TAG = /^(?:sql|db|tx|trx|pg|client|conn|connection|transaction)$/i

const PRISMA = /^\$(?:query|execute)Raw$/

/** A template behind a tag that could not be found (an untyped parameter, a class of a package). */
export function unknownTag(call: CallFacts, target: Target): Sink | null {
  if (target.kind === 'external') return externalTag(call, target)
  // `options.client`, of which an interface tells no more than the name, is as good as unknown.
  if (target.kind !== 'unknown' && target.kind !== 'interface') return null
  const isPrisma = PRISMA.test(target.method)
  const name = target.method.split('.').at(-1) ?? ''
  if (NO_SINK.test(name) || (target.kind === 'unknown' && LOGGER.test(target.receiver))) return null
  return tagSink(call, isPrisma ? 'known' : TAG.test(name) ? 'named' : 'shaped')
}

/**
 * `sql` of a file that does not say where it has it from: part of a file, or of one put together by a build. The same of a file
 * that is not there, and Prisma's of any module; packages have tags that only make parts for a builder.
 */
function externalTag(call: CallFacts, { module, path }: Target & { kind: 'external' }): Sink | null {
  const name = path.at(-1) ?? ''
  if (module !== '' && PRISMA.test(name)) return tagSink(call, 'known')
  const isOfFile = module === '' ? path.length === 1 : module.startsWith('.')
  return isOfFile && TAG.test(name) ? tagSink(call, 'named') : null
}

function tagSink(call: CallFacts, certainty: Sink['certainty']): Sink {
  return {
    driver: unknownDriver,
    origin: null,
    sql: call.node,
    keys: [],
    values: null,
    certainty,
    before: '',
  }
}

/** Whether a tag gets a template by hand, as another tag was given it: `sql(strings, ...values)`. */
export function isGivenTemplate(facts: FileFacts, args: NodeId[]): boolean {
  return args.length === 2 && facts.nodes[args[0]].kind !== 'spread' && facts.nodes[args[1]].kind === 'spread'
}

/** Whether it is a template behind a driver's tag that makes a statement and executes none: `sql` of slonik. */
export function isBehindTextTag(facts: FileFacts, id: NodeId): boolean {
  const node = untyped(facts, id)
  if (node.kind !== 'tagged') return false
  const found = exportOf(facts, node.tag)
  return found !== null && (driverOfModule(found.module)?.texts.includes(found.name) ?? false)
}

/** What of a module a name of the file stands for, where it says so itself: by an import or by `require`. */
function exportOf(facts: FileFacts, id: NodeId): { module: string; name: string } | null {
  const node = untyped(facts, id)
  switch (node.kind) {
    case 'import':
      return facts.imports[node.name] ?? null
    case 'variable':
      return Object.hasOwn(facts.variables, node.name)
        ? memberOfModule(facts, facts.variables[node.name])
        : null
    default:
      return memberOfModule(facts, id)
  }
}

function memberOfModule(facts: FileFacts, id: NodeId): { module: string; name: string } | null {
  const node = untyped(facts, id)
  const of = node.kind === 'member' ? untyped(facts, node.of) : null
  return node.kind === 'member' && of?.kind === 'module' ? { module: of.module, name: node.name } : null
}

/** Whether a template behind this part of a driver executes. */
export function isTag(driver: Driver, path: string[]): boolean {
  return driver.tags.includes(path.at(-1) ?? '')
}
