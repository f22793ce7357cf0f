/** Settings that refer to others: `${OTHER:-default}`. */
import { dirname } from 'node:path/posix'
import type { Environment, ServiceSetting } from './environment.js'
import type { Setting } from './types.js'

const REFERENCE = /\$\{([A-Za-z_]\w*)(?::?[-?+]([^{}]*))?\}|\$([A-Za-z_]\w*)/g

/** References to what refers to something else, one in the other. */
const MAX_DEPTH = 4
/** Real settings have ten at most; of a text that has each name many times, each would bring as many again. */
const MAX_REFERENCES = 200

/**
 * A setting's value, with what the same file, the `.env` beside it, or the service's environment says in place of its
 * references. One of which nothing is said stays as it is written.
 *
 * @param byName all settings of the repository
 */
export function withReferences(
  setting: ServiceSetting,
  byName: ReadonlyMap<string, Setting[]>,
  environment: Environment,
): string {
  let left = MAX_REFERENCES
  return replaced(setting.value, 0)

  function replaced(value: string, depth: number): string {
    if (depth > MAX_DEPTH || !value.includes('$')) return value
    return value.replace(REFERENCE, (whole, braced, fallback, bare) => {
      if (--left < 0) return whole
      const meant = meantBy(braced ?? bare, fallback !== undefined)
      const text: string | undefined = meant ? meant.value : fallback
      return text === undefined ? whole : replaced(text, depth + 1)
    })
  }

  function meantBy(name: string, hasDefault: boolean): { value: string } | null {
    const folder = dirname(setting.file)
    const all = byName.get(name) ?? []
    const inFolder = all.filter(each => dirname(each.file) === folder)
    const found =
      inFolder.find(each => each.file === setting.file && each.targets.length === 0) ??
      inFolder.find(each => each.source === 'env') ??
      inFolder.find(each => each.source === 'example') ??
      environment
        .get(name)
        // Compose knows nothing of what another file deploys with: its own default counts then.
        ?.find(each => each.name !== setting.name && (!hasDefault || each.source !== 'deployment'))
    return found && found.value !== '' ? found : null
  }
}
