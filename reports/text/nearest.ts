import { distance } from 'fastest-levenshtein'

/** Most names to suggest. */
const MOST = 3

/**
 * The names that someone may have meant, the nearest first; none if none is near. Those that hold the word are
 * near; of the others, those that are not much farther than the nearest.
 */
export function nearest(word: string, names: Iterable<string>): string[] {
  const lower = word.toLowerCase()
  const all = [...new Set(names)]
    .map(name => ({
      name,
      far: distance(lower, name.toLowerCase()),
      holds: lower.length > 2 && name.toLowerCase().includes(lower),
    }))
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
  const limit = Math.min(Math.max(2, Math.floor(word.length / 3)), 2 * (all[0]?.far ?? 0) + 1)
  return all
    .filter(({ far, holds }) => holds || far <= limit)
    .slice(0, MOST)
    .map(({ name }) => name)
}
