import { distance } from 'fastest-levenshtein'

/** Most names to suggest. */
const MOST = 3

/** The names that someone may have meant, the nearest first; none if none is near. */
export function nearest(word: string, names: Iterable<string>): string[] {
  const lower = word.toLowerCase()
  const limit = Math.max(2, Math.floor(word.length / 3))
  return [...new Set(names)]
    .map(name => ({ name, far: distance(lower, name.toLowerCase()) }))
    .filter(({ name, far }) => far <= limit || (lower.length > 2 && name.toLowerCase().includes(lower)))
    .sort((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, MOST)
    .map(({ name }) => name)
}
