/** .gitignore files at every level, with git's own order: the last matching pattern wins. */
import ignore, { type Ignore } from 'ignore'

/** The rules that hold in a folder: those of the folders above it, then its own. */
export interface IgnoreRules {
  /** `path` is relative to the root; a folder ends in `/`. */
  ignores(path: string): boolean
  /**
   * Rules for a folder (relative to the root, `` for the root) that has a .gitignore of its own. `readText`
   * is called when a path is first tested: in a checkout with everything tracked, never.
   */
  extend(folder: string, readText: () => string): IgnoreRules
}

export const noIgnoreRules: IgnoreRules = rulesOf(() => null)

function rulesOf(createManager: () => Ignore | null): IgnoreRules {
  let manager: Ignore | null | undefined
  const managerOnce = (): Ignore | null => {
    if (manager === undefined) manager = createManager()
    return manager
  }
  return {
    ignores: path => managerOnce()?.ignores(path) ?? false,
    extend: (folder, readText) => rulesOf(() => withPatterns(managerOnce(), folder, readText())),
  }
}

function withPatterns(above: Ignore | null, folder: string, text: string): Ignore {
  const manager = ignore({ allowRelativePaths: true })
  if (above !== null) manager.add(above)
  for (const line of text.replace(/^\ufeff/, '').split(/\r?\n/)) {
    const pattern = anchored(line, folder)
    if (pattern !== null) manager.add(pattern)
  }
  return manager
}

/** More wildcards than that in one name of a path, or more `**`, have no use but to make matching slow. */
const maxWildcards = 3

/**
 * Whether a pattern could take ages to match: patterns become regular expressions, and the time for
 * `*a*a*a*a*b` grows with the power of its stars. A hostile repository chooses the names too.
 */
export function isCostly(pattern: string): boolean {
  const names = pattern.split('/')
  const starsOf = (name: string): number => name.split('*').length - 1
  return (
    names.some(name => name !== '**' && starsOf(name) > maxWildcards) ||
    names.filter(name => name === '**').length > maxWildcards
  )
}

/**
 * One pattern of `folder/.gitignore` as a pattern of the root, so that all levels are one ordered list.
 * gitignore(5): a pattern with a slash at its start or in its middle is relative to its own folder,
 * any other matches at every depth below it.
 */
function anchored(line: string, folder: string): string | null {
  if (line.trim() === '' || line.startsWith('#')) return null
  if (folder === '') return line
  const negated = line.startsWith('!')
  const body = negated ? line.slice(1) : line
  const slash = body.indexOf('/')
  const isAnchored = slash !== -1 && slash < body.trimEnd().length - 1
  const below = isAnchored ? body.replace(/^\//, '') : `**/${body}`
  return `${negated ? '!' : ''}/${escapeGlob(folder)}/${below}`
}

function escapeGlob(path: string): string {
  return path.replace(/[\\*?[\]!# ]/g, '\\$&')
}
