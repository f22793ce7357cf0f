/** Names that a rewrite leaves without a use, and that could not be taken away: what makes them may do more. */
import type { Binding } from './site/bindings.js'
import { visit } from './site/parse.js'
import { openSource, type SourceFile } from './site/source-file.js'

export interface Leftover {
  file: string
  /** In the file as it is after the rewrite. */
  line: number
  name: string
  /** unused: nothing uses it. parameter: the same, and callers hand it over. idle: a connection that is only given back. */
  kind: 'unused' | 'parameter' | 'idle'
}

/** Variables, parameters and imports that something used before, and nothing does after; and connections that nothing runs on. */
export function leftoversOf(file: string, before: string, after: string): Leftover[] {
  const [old, now] = [openSource(file, before), openSource(file, after)]
  if (!old || !now) return []
  const wereUnused = unusedNames(old).map(({ name }) => name)
  return unusedNames(now).flatMap(({ name, start, kind }) => {
    const at = wereUnused.indexOf(name)
    if (at !== -1) {
      wereUnused.splice(at, 1)
      return []
    }
    return [{ file, line: after.slice(0, start).split('\n').length, name, kind }]
  })
}

const GIVES_BACK = /^(?:release|releaseConnection|end|close|destroy)$/
const KINDS = new Set(['const', 'let', 'var', 'param', 'import'])

function unusedNames({
  program,
  bindings,
}: SourceFile): (Omit<Leftover, 'file' | 'line'> & { start: number })[] {
  const found: ReturnType<typeof unusedNames> = []
  visit(program, node => {
    if (node.type !== 'Identifier') return
    const binding = bindings.of(node)
    if (binding?.identifier !== node || !KINDS.has(binding.kind)) return
    const isExported = bindings.around(binding.declaration).at(-2)?.type === 'ExportNamedDeclaration'
    if (isExported || node.name.startsWith('_')) return
    const isIdle =
      binding.kind !== 'import' && binding.references.length > 0 && binding.references.every(isGivenBack)
    if (binding.references.length > 0 && !isIdle) return
    const kind = isIdle ? 'idle' : binding.kind === 'param' ? 'parameter' : 'unused'
    found.push({ name: node.name, start: node.start, kind })
  })
  return found
}

/** `client.release()`, also where that asks first whether there is one. */
function isGivenBack({ node, around }: Binding['references'][number]): boolean {
  const [outer, parent] = around.slice(-2)
  if (parent?.type === 'IfStatement') return parent.test === node
  if (parent?.type === 'LogicalExpression')
    return parent.left === node && outer?.type === 'ExpressionStatement'
  return (
    /^(?:Optional)?MemberExpression$/.test(parent?.type ?? '') &&
    parent!.object === node &&
    GIVES_BACK.test(parent!.property.name ?? '') &&
    /^(?:Optional)?CallExpression$/.test(outer?.type ?? '') &&
    outer!.callee === parent
  )
}
