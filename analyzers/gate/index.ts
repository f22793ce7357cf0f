/** The gate: what a repository has that it must not have, and which of it is known and accepted. */
import { dayOf } from './day.js'
import { GateError } from './gate-error.js'
import { Git } from './git/git.js'
import { withHints } from './hints/index.js'
import { judge } from './judge.js'
import { type Load, onlySince } from './since/index.js'
import type { GateResult, Since } from './types.js'

export { ALLOW_FORM } from './allow/grammar.js'
export { type BaselineUpdate, pruneBaseline, writeBaseline } from './baseline/update.js'
export { GateError } from './gate-error.js'
export { type RuleName, ruleNames, rules } from './rules/index.js'
export type { Rule } from './rules/rule.js'
export { defaultSettings, type GateSettings, settingsOf } from './settings.js'
export type { Load } from './since/index.js'
export type * from './types.js'

export interface GateOptions {
  /** Folder of the monorepo. */
  root: string
  /** The config that the user gave instead of `seamripper.yml`. */
  configFile?: string
  /** A revision: only what the work since then introduces is judged. */
  since?: string
  /** With `since`: tell also what the work mended and what it put on a baseline. Costs a second analysis in any case. */
  tellChange?: boolean
  /** Analyses the folder, and with `since` the state that the work began from. */
  load: Load
  /** Last days of allowances are compared with this one, `YYYY-MM-DD`; that of UTC if absent. */
  today?: string
}

/**
 * Judges a repository by its rules, its allowances and its baseline.
 *
 * @throws ConfigError if the config or a baseline is wrong
 * @throws GateError if there is nothing to compare with
 */
export async function checkGate(options: GateOptions): Promise<GateResult> {
  const { root, configFile, since, tellChange = false, load, today = dayOf(new Date()) } = options
  return Git.use(root, async git => {
    const base = since === undefined ? null : baseOf(since, git)
    const repository = await load(root, configFile)
    const now = await judge(repository, { today, git, commit: null })
    const result =
      base === null
        ? now
        : await onlySince(
            base,
            { repository, result: now },
            { root, git: git!, today, load, configFile, tellChange },
          )
    return withHints(result, repository, git)
  })
}

/** Asked for before the analysis, which takes longer than a slip of the pen is worth. */
function baseOf(ref: string, git: Git | null): Since {
  if (git === null) {
    throw new GateError('--since needs a git repository, and git to read it: this folder is in none.')
  }
  return { ref, commit: git.mergeBase(ref) }
}
