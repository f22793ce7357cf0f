import { shellWord } from '../../analyzers/shell-word.js'
import { plain } from './plain.js'

/** How the tool was started, for command lines that it prints. */
export interface Invocation {
  /** What starts it again: `seamripper`, `npx seamripper`. */
  program: string
  /** The analysed folder as the user typed it. */
  root: string
}

/** A command line of the tool, with the root unless it is the current folder. */
export function command(words: string[], { program, root }: Invocation): string {
  return [program, ...[...words, ...(root === '.' ? [] : [root])].map(word => shellWord(plain(word)))].join(
    ' ',
  )
}
