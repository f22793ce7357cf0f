import { plain } from './plain.js'

/** A word for a POSIX shell, quoted if it has to be. */
export function shellWord(text: string): string {
  const word = plain(text)
  return /^[\w./:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

/** A command line of the tool, with the root unless it is the current folder. */
export function command(words: string[], root: string): string {
  return ['seamripper', ...words, ...(root === '.' ? [] : [root])].map(shellWord).join(' ')
}
