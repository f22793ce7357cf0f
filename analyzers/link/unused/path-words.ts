/** Words that may be paths of programs, found again by the file that they may mean. */

/** Folders that a path of a built program has instead of others, or beside. */
const buildFolder = /^(?:\.{0,2}|src|dist|build|out|output|lib|app|esm|cjs|es|\$.*)$/

export interface PathWords {
  /** Whether some word ends as the path of a file does, extensions and build folders aside. */
  name(path: string): boolean
}

/**
 * @param words `dist/jobs/nightly.js`, `src/handlers/order.create` (a file and what it exports)
 * @example
 * pathWords(['dist/jobs/nightly.js']).name('services/billing/src/jobs/nightly.ts') // true
 */
export function pathWords(words: string[]): PathWords {
  const byLast = new Map<string, string[][]>()
  for (const word of words) {
    const segments = segmentsOf(word)
    const last = segments.pop()
    // Every service has an index, which is known to be a program where it is one.
    if (last === undefined || last === '*' || (last === 'index' && segments.length === 0)) continue
    for (const name of new Set([last, last.replace(/\.[^.]*$/, '')])) {
      const known = byLast.get(name)
      if (known) known.push(segments)
      else byLast.set(name, [segments])
    }
  }
  return {
    name(path) {
      const segments = segmentsOf(path)
      const last = segments.pop()!
      return (byLast.get(last) ?? []).some(
        before =>
          before.length <= segments.length &&
          before.every((segment, at) => segment === segments[segments.length - before.length + at]),
      )
    },
  }
}

function segmentsOf(path: string): string[] {
  return path
    .replace(/\.[cm]?[jt]sx?$/, '')
    .split('/')
    .filter(segment => !buildFolder.test(segment))
}
