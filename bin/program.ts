/** What the tool is called where it is, for command lines that it prints: they have to work as they stand. */
import { realpathSync } from 'node:fs'
import { isWithin } from '../analyzers/workspace/paths.js'

/** Parts of a path behind which packages lie. */
const PACKAGES = '/node_modules/'

/**
 * By where the running script is. One that lies in the packages of the project, or in what npx fetched, is on no PATH but that
 * of npm's scripts: `npx seamripper` finds it, with pnpm and yarn's `node_modules` too. Yarn's Plug'n'Play has no such folder,
 * there `yarn seamripper` does. Everything else is taken for installed: `seamripper`.
 *
 * @param script `process.argv[1]`: the path that was started, links as they were given
 * @param folder where the command line is typed
 */
export function programAt(script: string, folder: string): string {
  const path = script.replaceAll('\\', '/')
  if (/\/\.yarn\/(?:.*\/)?(?:cache|unplugged|__virtual__)\//.test(path)) return 'yarn seamripper'
  const at = path.indexOf(PACKAGES)
  if (at === -1) return 'seamripper'
  const home = path.slice(0, at)
  const isOfProject = isWithin(real(folder), real(home))
  return isOfProject || /\/_npx\/[^/]+$/.test(home) ? 'npx seamripper' : 'seamripper'
}

function real(folder: string): string {
  try {
    return realpathSync(folder).replaceAll('\\', '/')
  } catch {
    return folder.replaceAll('\\', '/')
  }
}

/** Of this run. */
export const program = programAt(process.argv[1] ?? '', process.cwd())
