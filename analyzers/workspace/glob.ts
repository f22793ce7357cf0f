/**
 * Globs of folders as workspace lists have them: `*` and `?` in a name, `**` for any number of names. Matched
 * without regular expressions, in time of the product of the lengths, as a hostile repository writes them.
 */

/** Whether `glob` is the folder `path` itself; not what lies below it. */
export function matchesGlob(glob: string, path: string): boolean {
  return matches(glob.split('/'), path.split('/'), name => name === '**', matchesName)
}

function matchesName(glob: string, name: string): boolean {
  return matches(
    [...glob],
    [...name],
    letter => letter === '*',
    (letter, actual) => letter === '?' || letter === actual,
  )
}

/** Wildcard matching that only ever goes back to the last star. */
function matches(
  pattern: readonly string[],
  text: readonly string[],
  isStar: (item: string) => boolean,
  fits: (item: string, actual: string) => boolean,
): boolean {
  let at = 0
  let star = -1
  let starText = 0
  for (let index = 0; index < text.length; ) {
    if (at < pattern.length && isStar(pattern[at]!)) {
      star = at++
      starText = index
    } else if (at < pattern.length && fits(pattern[at]!, text[index]!)) {
      at++
      index++
    } else if (star !== -1) {
      at = star + 1
      index = ++starText
    } else {
      return false
    }
  }
  while (at < pattern.length && isStar(pattern[at]!)) at++
  return at === pattern.length
}
