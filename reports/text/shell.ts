import { plain } from './plain.js'

/** A word for a POSIX shell, quoted if it has to be. */
export function shellWord(text: string): string {
  const word = plain(text)
  return /^[\w./:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** How the tool was started, for command lines that it prints. */
export interface Invocation {
  /** What starts it again: `seamripper`, `npx seamripper`. */
  program: string
  /** The analysed folder as the user typed it. */
  root: string
}

/** A command line of the tool, with the root unless it is the current folder. */
export function command(words: string[], { program, root }: Invocation): string {
  return [program, ...[...words, ...(root === '.' ? [] : [root])].map(shellWord)].join(' ')
}
