/** What files of a service share by a web framework's application or request, as the linker found it: see `extract/shared.ts`. */
import { isHolder, isHolderType } from '../../analyzers/extract/shared-names.js'
import type { Repository } from '../repository/index.js'
import { type Node, visit } from '../site/parse.js'
import { bare, codeOf, type SourceFile } from '../site/source-file.js'
import { keyName, returnsOf } from './functions.js'
import { annotationOf, identifierOf } from './parameters.js'

export interface SharedValue {
  file: SourceFile
  node: Node
  /** Each request has one of its own, which a hook may have begun a transaction on. */
  isOfRequest: boolean
}

/**
 * The values of what a path leads to, and what is taken of them; null where it leads to nothing that is shared.
 *
 * @param inside what is taken of a parameter: `server`, `db`
 */
export function sharedBehind(
  file: SourceFile,
  param: Node,
  inside: string[],
  repository: Repository,
): { values: SharedValue[]; rest: string[] } | null {
  const annotation = annotationOf(param)
  const isTyped = annotation !== null && isHolderType(codeOf(file, annotation).replace(/^:\s*/, ''))
  const path = [isTyped ? 'app' : (identifierOf(param)?.name ?? ''), ...inside]
  const shared = repository.calls.sharedIn(file.path)
  const at = path.findIndex(
    (name, index) => index > 0 && isHolder(path[index - 1]!) && shared.some(each => each.name === name),
  )
  if (at === -1) return null
  const name = path[at]!
  const files = new Set(shared.filter(each => each.name === name).map(each => each.file))
  const values = [...files].flatMap(each => {
    const source = repository.sourceOf(each)
    return source ? valuesIn(source, name) : []
  })
  return values.length === 0 ? null : { values, rest: path.slice(at + 1) }
}

function valuesIn(file: SourceFile, name: string): SharedValue[] {
  const values: SharedValue[] = []
  const add = (node: Node, isRequests: boolean) =>
    values.push({ file, node, isOfRequest: isRequests && isTaken(file, node) })
  visit(file.program, node => {
    const { type, callee, arguments: given, left, right } = node
    if (type === 'CallExpression' && callee.type === 'MemberExpression' && given.length === 2) {
      const method = keyName(callee) ?? ''
      if (/^(?:decorate(?:Request|Reply)?|set)$/.test(method) && given[0].value === name)
        for (const each of madeBy(given[1])) add(each, /^decorateRe/.test(method))
    }
    if (type === 'AssignmentExpression' && left.type === 'MemberExpression' && keyName(left) === name) {
      const of: Node = left.object
      const holder: string = of.name ?? keyName(of) ?? ''
      if (isHolder(holder)) add(right, OF_REQUEST.test(holder))
    }
  })
  return values
}

const OF_REQUEST = /^(?:re[qs]|request|response|reply|ctx|context|state|locals)$/i

/** Whether a value is made when it is shared, by what is waited for: `req.db = await pool.connect()`. */
function isTaken(file: SourceFile, value: Node): boolean {
  const node = bare(value)
  if (node.type === 'AwaitExpression') return true
  const declared = node.type === 'Identifier' ? file.bindings.of(node)?.declaration : null
  return declared?.type === 'VariableDeclarator' && declared.init?.type === 'AwaitExpression'
}

/** What a value gives: of an object with a getter, what that does. */
function madeBy(value: Node): Node[] {
  const getter =
    value.type === 'ObjectExpression'
      ? value.properties.find((each: Node) => keyName(each) === 'getter')
      : null
  if (!getter) return [value]
  return returnsOf(getter.type === 'ObjectMethod' ? getter : getter.value)
}
