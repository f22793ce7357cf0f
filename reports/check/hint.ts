import type { Hint } from '../../analyzers/gate/index.js'
import { shellWord } from '../../analyzers/shell-word.js'
import { plain } from '../text/plain.js'
import { command, type Invocation } from '../text/shell.js'

/** The lines for the shell that a hint gives, to be run where the check was, one after the other. */
export function hintCommands({ git, command: words }: Hint, invocation: Invocation): string[] {
  const own = command(words, invocation)
  if (git === null) return [own]
  const { root } = invocation
  return [plain(root === '.' ? git : `(cd ${shellWord(root)} && ${git})`), own]
}

/** All of it as one text, for formats that show one beside the code. */
export function hintText(hint: Hint, invocation: Invocation): string {
  return `${hint.file}: ${hint.message} ${hintCommands(hint, invocation).join(', then ')}`
}
