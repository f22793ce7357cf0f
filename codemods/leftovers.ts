/** Names that a rewrite leaves without a use, and that could not be taken away: what makes them may do more. */
import { visit } from './site/parse.js'
import { openSource, type SourceFile } from './site/source-file.js'

export interface Leftover {
  file: string
  /** In the file as it is after the rewrite. */
  line: number
  name: string
  /** Callers hand it over. */
  isParameter: boolean
}

/** Variables, parameters and imports that something used before, and nothing does after. */
export function leftoversOf(file: string, before: string, after: string): Leftover[] {
  const [old, now] = [openSource(file, before), openSource(file, after)]
  if (!old || !now) return []
  const wereUnused = unusedNames(old).map(({ name }) => name)
  return unusedNames(now).flatMap(({ name, start, isParameter }) => {
    const at = wereUnused.indexOf(name)
    if (at !== -1) {
      wereUnused.splice(at, 1)
      return []
    }
    return [{ file, line: after.slice(0, start).split('\n').length, name, isParameter }]
  })
}

const KINDS = new Set(['const', 'let', 'var', 'param', 'import'])

function unusedNames({
  program,
  bindings,
}: SourceFile): (Omit<Leftover, 'file' | 'line'> & { start: number })[] {
  const found: ReturnType<typeof unusedNames> = []
  visit(program, node => {
    if (node.type !== 'Identifier') return
    const binding = bindings.of(node)
    if (binding?.identifier !== node || binding.references.length > 0 || !KINDS.has(binding.kind)) return
    const isExported = bindings.around(binding.declaration).at(-2)?.type === 'ExportNamedDeclaration'
    if (isExported || node.name.startsWith('_')) return
    found.push({ name: node.name, start: node.start, isParameter: binding.kind === 'param' })
  })
  return found
}
