/** Texts that get their values before they are handed on: `pgp.as.format(sql, values)`, and functions that do only that. */
import { functionsRun, linkedCall, returnsOf } from '../connection/functions.js'
import type { Repository } from '../repository/index.js'
import type { Node } from '../site/parse.js'
import { bare, type SourceFile } from '../site/source-file.js'

export interface Formatted {
  /** Driver that writes the values into the text. */
  driver: string
  text: Node
  values: Node | null
}

const MAX_HOPS = 3

/** @returns null for what is no such call */
export function formattedBy(
  file: SourceFile,
  node: Node,
  repository: Repository,
  hops = MAX_HOPS,
): Formatted | null {
  if (node.type !== 'CallExpression' || hops === 0) return null
  const list: Node[] = node.arguments
  if (list.length === 0 || list.length > 2 || list.some(each => each.type === 'SpreadElement')) return null
  const linked = linkedCall(file, node, repository)
  if (linked?.driver?.name === 'pg-promise' && linked.runs.length === 0) {
    const isFormat = linked.driver.path.slice(-2).join('.') === 'as.format'
    return isFormat ? { driver: 'pg-promise', text: list[0]!, values: list[1] ?? null } : null
  }
  if (!linked || linked.isOpen || linked.driver !== null || linked.runs.length !== 1) return null
  const [found] = functionsRun(linked, repository)
  const isOnlyThat = found && (found.fn.body.type !== 'BlockStatement' || found.fn.body.body.length === 1)
  if (!found || !isOnlyThat || found.fn.async || found.fn.generator) return null
  const [given] = returnsOf(found.fn)
  const inner = given ? formattedBy(found.file, bare(given), repository, hops - 1) : null
  if (!inner) return null
  const handed = (expression: Node): Node | null => {
    const at = found.fn.params.findIndex(
      (param: Node) => param.type === 'Identifier' && param.name === bare(expression).name,
    )
    return at === -1 ? null : (list[at] ?? null)
  }
  const text = handed(inner.text)
  const values = inner.values === null ? null : handed(inner.values)
  const isLeftOut = inner.values !== null && values === null && list.length > 1
  return text && !isLeftOut ? { driver: inner.driver, text, values } : null
}
