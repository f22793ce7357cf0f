import { extname } from 'node:path'
import { BadUsage } from './bad-usage.js'

/**
 * The format to write: the one that was asked for, or else the one whose files end like the output, or else the first.
 *
 * @throws BadUsage if the ending is that of several formats, or of none
 */
export function formatFor<Format extends string>(
  formats: Record<Format, { describe: string; ending?: string }>,
  given: Format | undefined,
  output: string | undefined,
): Format {
  if (given !== undefined) return given
  const names = Object.keys(formats) as Format[]
  // A device such as /dev/stdout, and a name without an ending, say nothing of a format; `.txt` is text for people.
  const ending = extname(output ?? '').toLowerCase()
  if (ending === '' || ending === '.txt' || ending === '.log') return names[0]!
  const fitting = names.filter(name => formats[name].ending === ending)
  if (fitting.length > 1) {
    throw new BadUsage(`${output} can be of several formats. Say which: --format ${fitting.join(' or ')}.`)
  }
  if (fitting.length === 0) {
    const endings = [...new Set(names.flatMap(name => formats[name].ending ?? []))]
    throw new BadUsage(
      `No format has files that end in ${ending}. Known endings: ${endings.join(', ')}; or say which with --format.`,
    )
  }
  return fitting[0]!
}
