/**
 * The mark behind a count: `src/list.ts: 4 # ~3f9a`. Two branches that each mend another one of five uses both write a 4,
 * and git would take that for one and the same change: 4, where 3 are left. With the mark the lines differ, and the merge
 * is a conflict. It says which uses are left, by their SQL and the names around them, never by lines; so two branches that
 * mended the very same one agree. Nothing is judged by it.
 */
import { hash } from 'node:crypto'
import type { ReadFile } from '../../workspace/types.js'
import { isSqlFile } from '../incidents.js'
import type { Violation } from '../types.js'
import { type NamesAround, namesAround } from './names-around.js'

/** Of 65,536 marks two are the same by chance seldom enough: git then says nothing, and the check does. */
const LENGTH = 4
const MARK = new RegExp(`^~([0-9a-f]{${LENGTH}})(?:\\s+(.*))?$`)

/** The mark of the uses that an entry counts. */
export function markOf(uses: readonly Violation[], read: ReadFile): string {
  const around = new Map<string, NamesAround>()
  const namesOf = ({ file, line, column }: Violation) => {
    let names = around.get(file)
    if (names === undefined) {
      const content = isSqlFile(file) ? null : read(file)
      names = content !== null && 'text' in content ? namesAround(file, content.text) : () => []
      around.set(file, names)
    }
    return names(line, column)
  }
  const told = uses.map(use =>
    JSON.stringify([use.sql?.replace(/\s+/g, ' ').trim() ?? null, ...namesOf(use)]),
  )
  return hash('sha256', told.sort().join('\n'), 'hex').slice(0, LENGTH)
}

/** A comment behind a count in its parts: the mark, and what people wrote. */
export function splitMark(comment: string): { mark: string | null; rest: string } {
  const [, mark, rest = ''] = MARK.exec(comment) ?? []
  return mark === undefined ? { mark: null, rest: comment } : { mark, rest }
}

export function withMark(mark: string | null, rest: string): string {
  return [...(mark === null ? [] : [`~${mark}`]), rest].join(' ').trim()
}
