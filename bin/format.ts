import { extname } from 'node:path'
import { BadUsage } from './bad-usage.js'

/**
 * The format to write: the one that was asked for, or else the one whose files end like the output, or else the first.
 *
 * @throws BadUsage if the ending is that of several formats
 */
export function formatFor<Format extends string>(
  formats: Record<Format, { describe: string; ending?: string }>,
  given: Format | undefined,
  output: string | undefined,
): Format {
  if (given !== undefined) return given
  const names = Object.keys(formats) as Format[]
  const ending = extname(output ?? '').toLowerCase()
  const fitting = names.filter(name => ending !== '' && formats[name].ending === ending)
  if (fitting.length > 1) {
    throw new BadUsage(`${output} can be of several formats. Say which: --format ${fitting.join(' or ')}.`)
  }
  return fitting[0] ?? names[0]!
}
