/** `--since`: judges what a change introduces, by the state that it began from. */
import { existsSync } from 'node:fs'
import { isAbsolute, join, relative, resolve } from 'node:path'
import type { Repository } from '../../repository.js'
import { ConfigError } from '../../workspace/config-error.js'
import { GateError } from '../gate-error.js'
import type { Git } from '../git/git.js'
import { judge } from '../judge.js'
import type { GateResult, Since } from '../types.js'
import { changeOfKnown } from './change-of-known.js'
import { withCheckout } from './checkout.js'
import { introduced } from './introduced.js'

interface SinceOptions {
  git: Git
  today: string
  load: Load
  configFile: string | undefined
  tellChange: boolean
}

/** Analyses a folder, with another config than its own if one is given. */
export type Load = (root: string, configFile: string | undefined) => Promise<Repository>

/**
 * Takes out of a result what was there when the work since a revision began. That state is analysed as well, by its
 * own config and baseline, unless there is nothing to take out and nobody asks what was mended.
 *
 * @throws GateError if that state can't be judged
 */
export async function onlySince(
  { ref, commit }: Since,
  now: GateResult,
  { workspace }: Repository,
  { git, today, load, configFile, tellChange }: SinceOptions,
): Promise<GateResult> {
  const before =
    isQuiet(now) && !tellChange
      ? now
      : await withCheckout(git, commit, workspace.root, async folder => {
          const judgeBefore = async (config: string | undefined) =>
            judge(await load(folder, config), { today, git, commit })
          try {
            return await judgeBefore(configAt(folder, workspace.root, configFile))
          } catch (error) {
            if (!(error instanceof ConfigError)) throw error
          }
          // A change that mends the config is judged by the mended one.
          const { file } = workspace.config
          try {
            return await judgeBefore(file === null ? undefined : resolve(workspace.root, file))
          } catch (error) {
            if (!(error instanceof ConfigError)) throw error
            throw new GateError(
              `${ref} can't be compared with: the config or baseline of the commit ${commit.slice(0, 12)} is wrong.\n${error.message}`,
            )
          }
        })
  const present = git.renamesSince(commit)
  const renamed = (path: string) => present.get(path) ?? path
  const result = introduced(now, before, {
    ref,
    commit,
    renamed,
    changedLines: path => {
      const former = [...present].find(([, to]) => to === path)?.[0] ?? path
      return git.changedLines(commit, path, former)
    },
  })
  return tellChange ? { ...result, change: changeOfKnown(now, before, renamed) } : result
}

function isQuiet({ violations, stale, unusedAllows, problems }: GateResult): boolean {
  const isNothingNew = violations.every(({ state }) => state !== 'new')
  return isNothingNew && stale.length === 0 && unusedAllows.length === 0 && problems.length === 0
}

/** The config that was given, as it was in the other state; one outside of the root is the same in both. */
function configAt(folder: string, root: string, configFile: string | undefined): string | undefined {
  if (configFile === undefined) return undefined
  const path = relative(root, resolve(configFile))
  if (path.startsWith('..') || isAbsolute(path)) return configFile
  return existsSync(join(folder, path)) ? join(folder, path) : configFile
}
