/** `--since`: judges what a change introduces, by the state that it began from. */
import { resolve } from 'node:path'
import type { Repository } from '../../repository.js'
import { ConfigError } from '../../workspace/config-error.js'
import { switchedOff } from '../check-map.js'
import { presentTables } from '../former-tables.js'
import { GateError } from '../gate-error.js'
import type { Git } from '../git/git.js'
import { judge } from '../judge.js'
import { settingsOf } from '../settings.js'
import type { GateResult, Since } from '../types.js'
import { changeOfKnown } from './change-of-known.js'
import { configAt, putIgnored, withCheckout } from './checkout.js'
import { introduced, lenient } from './introduced.js'
import { keptOwners, withReasons } from './kept-owners.js'
import { presentServices } from './renamed-services.js'

interface SinceOptions {
  root: string
  git: Git
  today: string
  load: Load
  configFile: string | undefined
  tellChange: boolean
}

/**
 * Analyses a folder, with another config than its own if one is given, and with owners of tables, by their ids, of which
 * it says none.
 */
export type Load = (
  root: string,
  configFile: string | undefined,
  owners?: Record<string, string>,
) => Promise<Repository>

/** A state of the repository and what the gate says of it. */
interface Judged {
  repository: Repository
  result: GateResult
}

/**
 * Takes out of a result what was there when the work since a revision began. That state is analysed as well, by its
 * own config and baseline, unless there is nothing to take out and nobody asks what was mended.
 *
 * @throws GateError if that state can't be judged
 */
export async function onlySince(since: Since, whole: Judged, options: SinceOptions): Promise<GateResult> {
  const { git, tellChange } = options
  const renames = git.renamesSince(since.commit)
  const isSame = isQuiet(whole) && !tellChange
  const before = isSame ? whole : await judgeBefore(since, whole.repository.workspace, options)
  const { map, workspace } = whole.repository
  const names = {
    renamed: (path: string) => renames.get(path) ?? path,
    presentTable: presentTables(map.tables),
    presentService: presentServices(before.repository.map.services, map.services, renames),
  }
  const now = isSame ? whole : await withKeptOwners(whole, before, names, options)
  const result = introduced(now.result, before.result, {
    ...since,
    ...names,
    changedLines: path => {
      const former = [...renames].find(([, to]) => to === path)?.[0] ?? path
      return git.changedLines(since.commit, path, former)
    },
  })
  if (!tellChange) return result
  const off = switchedOff(now.repository.map, settingsOf(workspace.config))
  return { ...result, change: changeOfKnown(now.result, before.result, now.repository.map, off, names) }
}

async function judgeBefore(
  { ref, commit }: Since,
  { root, config, files }: Repository['workspace'],
  { git, today, load, configFile }: SinceOptions,
): Promise<Judged> {
  const ignored = files.filter(({ isIgnored }) => isIgnored).map(({ path }) => path)
  return withCheckout(git, commit, root, async folder => {
    putIgnored(root, folder, ignored)
    const judged = async (file: string | undefined): Promise<Judged> => {
      const repository = await load(folder, file)
      return { repository, result: await judge(repository, { today, git, commit }) }
    }
    try {
      return await judged(configAt(folder, root, configFile))
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
    }
    // A change that mends the config is judged by the mended one.
    try {
      return await judged(config.file === null ? undefined : resolve(root, config.file))
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      throw new GateError(
        `${ref} can't be compared with: the config or baseline of the commit ${commit.slice(0, 12)} is wrong.\n${error.message}`,
      )
    }
  })
}

/** The present state as if the config said whose the tables are of which the change takes the owner away. */
async function withKeptOwners(
  now: Judged,
  before: Judged,
  names: Parameters<typeof keptOwners>[2],
  { git, today, load, root, configFile }: SinceOptions,
): Promise<Judged> {
  const kept = keptOwners(now.repository.map, before.repository.map, names)
  if (kept.length === 0) return now
  const owners = Object.fromEntries(kept.map(({ id, owner }) => [id, owner]))
  const repository = withReasons(await load(root, configFile, owners), kept)
  const result = await judge(repository, { today, git, commit: null })
  return { repository, result: lenient(result, now.result) }
}

/**
 * True where there is nothing that the state before could take out, or whose tables' owners it could tell: uses of open
 * tables are told, unless their rule is off.
 */
function isQuiet({ result, repository }: Judged): boolean {
  const { violations, stale, unusedAllows, problems } = result
  const isNothingNew = violations.every(({ state }) => state !== 'new')
  const isTidy = stale.length === 0 && unusedAllows.length === 0 && problems.length === 0
  return isNothingNew && isTidy && !hidesOpenTables(repository)
}

function hidesOpenTables({ map, workspace }: Repository): boolean {
  const { rules, services } = settingsOf(workspace.config)
  const levels = [rules, ...Object.values(services).map(service => service.rules)]
  return (
    levels.some(level => level['unowned-table'] === 'off') &&
    map.tables.some(({ ownerConfidence }) => ownerConfidence === 'open')
  )
}
