/** Statements in code that nothing is seen to run: texts for people, parts of a builder's, or of a driver that is not known. */
import { lineAt } from '../extract/positions.js'
import type { Diagnostic } from '../model.js'
import type { FileOutline } from './outline.js'
import type { Trace } from './trace/executions.js'
import { textPlaces } from './trace/places.js'

const MESSAGE =
  'nothing is seen to run this statement, so its tables are not on the map for it: it may be text, a part of a query builder, dead, or run by a driver that the tool does not know'

/**
 * Statements of which no execution has a piece. What could not be told is told as unresolved.
 *
 * @param lineStarts offsets at which the lines of a file start
 */
export function unrunStatements(
  outlines: FileOutline[],
  trace: Trace,
  lineStarts: (file: string) => number[],
): Diagnostic[] {
  const told = new Map<string, Set<number>>()
  const tell = (file: string, line: number): void => {
    const lines = told.get(file)
    if (lines) lines.add(line)
    else told.set(file, new Set([line]))
  }
  for (const execution of trace.executions.values())
    for (const { file, line } of textPlaces(execution)) tell(file, line)
  for (const { site } of trace.untold.values()) {
    const starts = lineStarts(site.file)
    const end = lineAt(starts, site.end)
    for (let line = lineAt(starts, site.start); line <= end; line++) tell(site.file, line)
  }
  return outlines.flatMap(({ file, statements }) => {
    const lines = told.get(file)
    const unrun = statements.filter(
      places => !places.some(({ line, endLine }) => hasSome(lines, line, endLine)),
    )
    return [...new Set(unrun.flat().map(({ line }) => line))].map(
      (line): Diagnostic => ({ severity: 'info', code: 'unrun-statement', message: MESSAGE, file, line }),
    )
  })
}

function hasSome(lines: Set<number> | undefined, from: number, to: number): boolean {
  if (lines === undefined) return false
  for (let line = from; line <= to; line++) if (lines.has(line)) return true
  return false
}
