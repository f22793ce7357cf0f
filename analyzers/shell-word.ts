/** A word for a POSIX shell, quoted if it has to be: of commands that people copy. */
export function shellWord(word: string): string {
  return /^[\w./:@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
