/** Changes as a unified diff: what people wrote first, then what is generated. */
import { createTwoFilesPatch } from 'diff'
import pc from 'picocolors'
import type { Change, Removal } from './changes.js'

export function diffOf(changes: Change[], removals: Removal[], colour: boolean): string {
  const paint = pc.createColors(colour)
  const all = [...changes, ...removals.map(removal => ({ ...removal, isGenerated: true, after: null }))]
  return all
    .sort((a, b) => Number(a.isGenerated) - Number(b.isGenerated) || (a.path < b.path ? -1 : 1))
    .map(({ path, before, after }) => {
      const patch = createTwoFilesPatch(
        before === null ? '/dev/null' : `a/${path}`,
        after === null ? '/dev/null' : `b/${path}`,
        before ?? '',
        after ?? '',
        '',
        '',
        { context: 3 },
      )
      return patch
        .split('\n')
        .slice(1)
        .map(line => {
          if (line.startsWith('+++') || line.startsWith('---')) return paint.bold(line)
          if (line.startsWith('@@')) return paint.cyan(line)
          if (line.startsWith('+')) return paint.green(line)
          return line.startsWith('-') ? paint.red(line) : line
        })
        .join('\n')
    })
    .join('')
}
