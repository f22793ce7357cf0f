/** The part of the config that is for `rewrite`: which tables are treated how, where clients go, endpoints that exist. */
import type { ParsedNode } from 'yaml'
import type { ConfigNodes } from './config-nodes.js'
import { joinInside } from './paths.js'
import { didYouMean } from './suggest.js'
import type { EndpointConfig, RewriteConfig } from './types.js'
import type { KeyedNode } from './yaml.js'

const rewriteKeys = ['reference', 'later', 'beside', 'clients', 'endpoints'] as const
const endpointKeys = ['method', 'path', 'answer', 'field'] as const
const methods: readonly EndpointConfig['method'][] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']
const answers: readonly NonNullable<EndpointConfig['answer']>[] = ['object', 'list']

export function emptyRewrite(): RewriteConfig {
  return { reference: [], later: [], beside: [], clients: null, endpoints: {} }
}

export function readRewrite(nodes: ConfigNodes, node: ParsedNode): RewriteConfig {
  const rewrite = emptyRewrite()
  for (const member of nodes.members(node, 'rewrite', rewriteKeys)) {
    const where = `rewrite.${member.key}`
    nodes.remember(where, member.line)
    if (member.key === 'clients') rewrite.clients = readFolder(nodes, member, where)
    else if (member.key === 'endpoints') rewrite.endpoints = readEndpoints(nodes, member, where)
    else rewrite[member.key] = nodes.texts(member, where)
  }
  return rewrite
}

function readFolder(nodes: ConfigNodes, member: KeyedNode, where: string): string | null {
  const text = nodes.text(member, where)
  if (text === null) return null
  const inside = text === '' ? null : joinInside('.', text)
  if (inside === null)
    nodes.report(
      member.line,
      `${where} is "${text}"; the folder of a package inside the analysed root is expected, relative to it`,
    )
  return inside
}

function readEndpoints(nodes: ConfigNodes, member: KeyedNode, where: string): Record<string, EndpointConfig> {
  if (member.value === null) return {}
  const endpoints: [string, EndpointConfig][] = []
  for (const { key: operation, line, value } of nodes.members(member.value, where)) {
    const at = `${where}.${operation}`
    nodes.remember(at, line)
    if (!/^.+\.[A-Za-z]\w*$/.test(operation)) {
      nodes.report(line, `${at}: an operation is expected, as service.name: clinical.getPatientById`)
      continue
    }
    const endpoint = value === null ? null : readEndpoint(nodes, value, at, line)
    if (value === null) nodes.report(line, `${at} is empty; { method, path, answer, field } is expected`)
    if (endpoint !== null) endpoints.push([operation, endpoint])
  }
  return Object.fromEntries(endpoints)
}

function readEndpoint(
  nodes: ConfigNodes,
  node: ParsedNode,
  where: string,
  line: number,
): EndpointConfig | null {
  const endpoint: EndpointConfig = { method: 'GET', path: '', answer: null, field: null }
  const given = nodes.members(node, where, endpointKeys)
  for (const member of given) {
    const at = `${where}.${member.key}`
    nodes.remember(at, member.line)
    const text = nodes.text(member, at)
    if (text === null) continue
    if (member.key === 'method') endpoint.method = oneOf(nodes, text, methods, at, member.line) ?? 'GET'
    if (member.key === 'answer') endpoint.answer = oneOf(nodes, text, answers, at, member.line)
    if (member.key === 'path') endpoint.path = readPath(nodes, text, at, member.line)
    if (member.key === 'field') endpoint.field = readField(nodes, text, at, member.line)
  }
  if (given.some(({ key }) => key === 'path')) return endpoint.path === '' ? null : endpoint
  nodes.report(line, `${where} has no path. Give that of the endpoint: /api/v1/patients/{id}`)
  return null
}

function oneOf<T extends string>(
  nodes: ConfigNodes,
  text: string,
  known: readonly T[],
  where: string,
  line: number,
): T | null {
  const found = known.find(each => each === text)
  if (found !== undefined) return found
  nodes.report(line, `${where} is "${text}".${didYouMean(text, known)} Known: ${known.join(', ')}`)
  return null
}

/** `/api/v1/patients/{id}`: a path alone, which can lead nowhere else. */
function readPath(nodes: ConfigNodes, text: string, where: string, line: number): string {
  const segment = String.raw`(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2}|\{[A-Za-z]\w*\})`
  const isPath =
    new RegExp(`^(?:/${segment}+)+/?$`).test(text) && !text.split('/').some(part => /^\.{1,2}$/.test(part))
  if (isPath) return text
  nodes.report(
    line,
    `${where} is "${text}"; a path is expected, with parameters of the operation in braces: /api/v1/patients/{id}`,
  )
  return ''
}

/** `data`, or `data.patients`: where in the answer the rows are. */
function readField(nodes: ConfigNodes, text: string, where: string, line: number): string | null {
  if (/^[A-Za-z_$][\w$-]*(?:\.[A-Za-z_$][\w$-]*)*$/.test(text)) return text
  nodes.report(line, `${where} is "${text}"; the name of a property is expected: data, or data.patients`)
  return null
}
