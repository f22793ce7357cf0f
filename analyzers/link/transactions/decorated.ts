/** Methods that a decorator runs in a transaction: `@Transactional()`. */
import type { DecoratorFacts, FileFacts, FunctionId } from '../../extract/facts.js'
import { codeOf } from '../evaluator/code-of.js'
import { parametersOf } from './connection.js'

/** Decorators that begin one, by name: of packages, or of a project's own around a storage. */
const BEGINS = /^(?:\w*transactional|(?:with|in|use|run)\w*transaction)$/i

/** Decorators of these packages have all that is run until the method's end on the connection of its transaction. */
const FOR_ALL_RUN = /^(?:typeorm-transactional(?:-cls-hooked)?|@nestjs-cls\/transactional|@mikro-orm\/.+)$/

/** `Propagation.SUPPORTS`, `{ propagation: 'NEVER' }`: the method begins none. */
const BEGINS_NONE = /\b(?:NOT_?SUPPORTED|NEVER|SUPPORTS)$/i

/** What a parameter is called, or its type is, that a decorator gives the connection: `tx?: Tx`. */
const IS_CONNECTION = /(?:tx|trx|transaction|conn|connection|manager|client|session)$/i

export interface Decorated {
  fn: FunctionId
  /** Names of its parameters that may be the connection, see `namesOf`. */
  connections: string[]
  /** All that is run meanwhile is part of the transaction, whatever connection it names. */
  isForAll: boolean
}

/** The methods of a file that run in a transaction by their decorators. */
export function decoratedIn(facts: FileFacts): Decorated[] {
  return facts.functions.flatMap(({ decorators, params }, fn): Decorated[] => {
    const begin = decorators?.find(({ name }) => BEGINS.test(name))
    if (begin === undefined || beginsNone(facts, begin)) return []
    const names = parametersOf(facts, fn)
    const connections = names.filter((_, index) =>
      [params[index].name, ...params[index].types].some(each => IS_CONNECTION.test(each)),
    )
    return [{ fn, connections, isForAll: FOR_ALL_RUN.test(facts.imports[begin.name]?.module ?? '') }]
  })
}

function beginsNone(facts: FileFacts, { args }: DecoratorFacts): boolean {
  return args.some(arg => {
    const node = facts.nodes[arg]
    const options = node.kind === 'object' ? node.entries.map(([, value]) => value) : [arg]
    return options.some(each => {
      const option = facts.nodes[each]
      return BEGINS_NONE.test(option.kind === 'text' ? option.text : codeOf(facts, each))
    })
  })
}
