/** Endpoints that the owners' people wrote, in place of generated ones: what the config says of them. */

import { didYouMean } from '../../analyzers/workspace/suggest.js'
import type { Config, EndpointConfig } from '../../analyzers/workspace/types.js'
import type { Endpoint, Operation } from '../operation.js'
import type { Repository } from '../repository/index.js'
import { RewriteError } from '../rewrite-error.js'
import type { Planned } from './operation.js'

/**
 * Gives operations the endpoints that the config has for them, and takes those away that it has no more.
 *
 * @throws RewriteError for an endpoint that no operation can be answered by
 */
export function assignEndpoints(operations: Operation[], { workspace }: Repository): void {
  const { config } = workspace
  for (const [key, endpoint] of Object.entries(config.rewrite.endpoints))
    checkEndpoint(key, endpoint, operations, config)
  for (const operation of operations) {
    const key = keyOf(operation)
    const found = Object.hasOwn(config.rewrite.endpoints, key) ? config.rewrite.endpoints[key]! : null
    operation.endpoint = found && endpointOf(found, operation)
  }
}

/** Without the lifts whose result an endpoint doesn't tell. */
export function withoutUntoldResults(planned: Planned[], operations: Map<string, Operation>): Planned[] {
  return planned.filter(({ plan, calls, isDiscarded }) => {
    const untold = calls
      .map(({ operation }) => operations.get(operation.id)!)
      .find(({ endpoint, kind }) => endpoint !== null && kind === 'write')
    if (untold === undefined || isDiscarded) return true
    const endpoint = untold.endpoint!
    plan.reason = `its result is looked at, which ${endpoint.method} ${endpoint.path} does not tell`
    plan.advice =
      'take the endpoint of the operation out of the config, so that one is generated that tells it'
    return false
  })
}

function keyOf({ owner, name }: Operation): string {
  return `${owner}.${name}`
}

function endpointOf({ method, path, answer, field }: EndpointConfig, { kind }: Operation): Endpoint {
  // What is answered to a write is not looked at.
  return { method, path, answer: answer ?? (kind === 'one' || kind === 'write' ? 'object' : 'list'), field }
}

function checkEndpoint(key: string, endpoint: EndpointConfig, operations: Operation[], config: Config): void {
  const line = config.lines[`rewrite.endpoints.${key}`]
  const fail = (message: string): RewriteError =>
    new RewriteError(
      `${config.file}${line === undefined ? '' : `:${line}`}: rewrite.endpoints.${key}: ${message}`,
    )
  const operation = operations.find(each => keyOf(each) === key)
  if (!operation) {
    const known = operations.map(keyOf)
    throw fail(
      `there is no such operation.${didYouMean(key, known)} See what there is: seamripper rewrite --plan`,
    )
  }
  const names = operation.parameters.map(({ name }) => name)
  for (const [, name] of endpoint.path.matchAll(/\{(\w+)\}/g)) {
    const parameter = operation.parameters.find(each => each.name === name)
    if (!parameter) {
      const told = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`
      throw fail(`the operation has no parameter ${name}, ${told}.${didYouMean(name!, names)}`)
    }
    if (parameter.optional || parameter.type.kind === 'list' || parameter.type.kind === 'array')
      throw fail(
        `${name} can't be part of the path: ${parameter.optional ? 'it may be left out' : 'it is a list'}`,
      )
  }
  if (operation.kind === 'write' && endpoint.method === 'GET')
    throw fail('it writes, which GET must not. Give the method of the endpoint: POST, PUT, PATCH or DELETE')
}
