/** SQL in `.sql` files that nothing was seen to execute. */
import { bareText, bareTextsOf, saysNothing } from '../bare-texts.js'
import { scriptPlaces } from '../trace/places.js'
import type { AssemblyInput } from './index.js'

/** Blocks of `.sql` files with queries (whole files, where they have no blocks) that no execution contains. */
export function unexecutedBlocks({
  trace,
  queryFiles,
  sqlFiles,
}: AssemblyInput): { file: string; line: number; text: string }[] {
  if (queryFiles.length === 0) return []
  const executed = new Map<string, number[]>()
  for (const execution of trace.executions.values()) {
    for (const { file, line } of scriptPlaces(execution)) {
      const lines = executed.get(file)
      if (lines) lines.push(line)
      else executed.set(file, [line])
    }
  }
  // Tools that make code of `.sql` files (pgtyped) leave the text as it is. It is seldom needed.
  let texts: Set<string> | null = null
  const isText = (sql: string): boolean => {
    texts ??= new Set([...trace.executions.values()].flatMap(bareTextsOf))
    return texts.has(bareText(sql))
  }
  return queryFiles.flatMap(file => {
    const sections = sqlFiles.sections(file)
    // Where code asks for them by name, headings of nothing but a name begin blocks too.
    const areAsked =
      sections.length > 1 && executed.get(file)?.some(line => line >= sections[1].line) === true
    const blocks = areAsked ? sections : sqlFiles.blocks(file)
    return blocks.flatMap((block, index) => {
      const end = blocks[index + 1]?.line ?? Number.MAX_SAFE_INTEGER
      const isExecuted = executed.get(file)?.some(line => line >= block.line && line < end)
      return isExecuted || saysNothing(block.text) || isText(block.text)
        ? []
        : [{ file, line: block.line, text: block.text }]
    })
  })
}
