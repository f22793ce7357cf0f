import type { GateResult, Hint } from '../../../analyzers/gate/index.js'
import { wrap } from '../../terminal/columns.js'
import type { Colours } from '../../terminal/section.js'
import { plain } from '../../text/plain.js'
import { command } from '../../text/shell.js'
import { count, place } from '../../text/words.js'
import { hintCommands } from '../hint.js'
import type { CheckContext } from '../report.js'
import { isGone, staleFate, staleUse } from '../stale.js'

/** What is to be tidied: entries of the baseline that list more than there is, allowances that are unused or can't be read. */
export function leftovers(
  { stale, unusedAllows, problems, hints }: GateResult,
  context: CheckContext,
  { red, yellow, bold, cyan }: Colours,
): string[] {
  // What is to be done about those that are elsewhere the hints say.
  const gone = stale.filter(isGone)
  return [
    ...problems.flatMap(problem => [
      `${bold(plain(place(problem)))}  ${red('error')}  ${plain(problem.message)}`,
      '',
    ]),
    ...shortened(
      stale.map(
        entry =>
          `${bold(plain(place(entry)))}  ${red('stale')}  ${plain(`${staleUse(entry)} ${staleFate(entry)}`)}`,
      ),
      context,
    ),
    ...(gone.length > 0
      ? [
          `Take ${gone.length === 1 ? 'it' : 'them'} off the baseline: ${cyan(command(['baseline', '--prune'], context))}`,
          '',
        ]
      : stale.length > 0
        ? ['']
        : []),
    ...shortened(
      unusedAllows.map(
        allow =>
          `${bold(plain(place(allow)))}  ${yellow('unused')}  ${plain(`${allow.text}: ${allow.message}`)}`,
      ),
      context,
    ),
    ...(unusedAllows.length > 0 ? [''] : []),
    ...hints.flatMap(hint => [...hintLines(hint, context, { bold, cyan }), '']),
  ]
}

/** A hint with its commands, each on a line of its own to be copied. */
function hintLines(
  hint: Hint,
  context: CheckContext,
  { bold, cyan }: Pick<Colours, 'bold' | 'cyan'>,
): string[] {
  const [first, ...more] = wrap(plain(`${hint.file}: ${hint.message}`), context.width)
  return [bold(first!), ...more, ...hintCommands(hint, context).map(line => `  ${cyan(line)}`)]
}

function shortened(lines: string[], { top }: CheckContext): string[] {
  const hidden = lines.length - top
  return hidden > 0 ? [...lines.slice(0, top), `… and ${count(hidden, 'more', 'more')}`] : lines
}
