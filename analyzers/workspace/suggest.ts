/** "Did you mean …": the nearest of the words that would have been right. */
import { distance } from 'fastest-levenshtein'

/**
 * The known word nearest to `word`: a third of its letters, or two, may differ (`paht`); else one that
 * contains it (`billing` for `billing-service`). Null when none is near.
 */
export function nearest(word: string, known: readonly string[]): string | null {
  const wanted = word.toLowerCase()
  const limit = wanted.length < 3 ? 1 : Math.max(2, Math.floor(wanted.length / 3))
  let best: string | null = null
  let fewest = limit + 1
  for (const candidate of known) {
    const letters = distance(wanted, candidate.toLowerCase())
    const isNearer =
      letters < fewest ||
      (letters === fewest && best !== null && sameStart(wanted, candidate) > sameStart(wanted, best))
    if (isNearer) {
      best = candidate
      fewest = letters
    }
  }
  if (best !== null || wanted.length < 3) return best
  return known.find(candidate => candidate.toLowerCase().includes(wanted)) ?? null
}

/** How many letters two words begin with alike: of two equally near words the one that begins alike is meant. */
function sameStart(word: string, candidate: string): number {
  const end = [...candidate.toLowerCase()].findIndex((letter, index) => letter !== word[index])
  return end === -1 ? candidate.length : end
}

/** A sentence to add to a message, or nothing. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearest(word, known)
  return near === null ? '' : ` Did you mean "${near}"?`
}
