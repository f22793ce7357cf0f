import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BadUsage } from './bad-usage.js'

/** Sites: the address of a line in `<site>:OWNER/REPOSITORY@REF`. */
const SITES: Record<string, (repository: string, ref: string) => string> = {
  github: (repository, ref) => `https://github.com/${repository}/blob/${ref}/{file}#L{line}`,
  gitlab: (repository, ref) => `https://gitlab.com/${repository}/-/blob/${ref}/{file}#L{line}`,
  bitbucket: (repository, ref) => `https://bitbucket.org/${repository}/src/${ref}/{file}#lines-{line}`,
}

/** Editors: the address that opens a line on this machine, given the root as the path of a URL. */
const EDITORS: Record<string, (root: string) => string> = {
  ...Object.fromEntries(
    ['vscode', 'vscode-insiders', 'vscodium', 'cursor', 'windsurf', 'zed'].map(name => [
      name,
      (root: string) => `${name}://file${root}/{file}:{line}`,
    ]),
  ),
  idea: root => `idea://open?file=${root}/{file}&line={line}`,
}

/** Schemes under which a browser runs or shows what the address itself says. */
const REFUSED = ['javascript:', 'data:', 'vbscript:', 'blob:', 'about:', 'view-source:', 'filesystem:']

/** For `--help` and messages. */
export const LINK_PRESETS = [
  ...Object.keys(SITES).map(name => `${name}:OWNER/REPO[@REF]`),
  ...Object.keys(EDITORS),
]

/**
 * The template that links are made from (see `reports/text/link.ts`): a preset, or a URL with `{file}` and `{line}`.
 *
 * @throws BadUsage if it is neither, or would run code
 */
export function linkTemplate(given: string, root: string): string {
  const site = /^(\w+):([\w.-]+(?:\/[\w.-]+)+)(?:@([\w./-]+))?$/.exec(given)
  if (site && Object.hasOwn(SITES, site[1]!))
    return SITES[site[1]!]!(site[2]!, site[3] ?? 'HEAD').replace(
      '{file}',
      `${prefixInRepository(root)}{file}`,
    )
  if (Object.hasOwn(EDITORS, given))
    return EDITORS[given]!(pathToFileURL(resolve(root)).pathname.replace(/\/$/, ''))
  const help = `Give one of ${LINK_PRESETS.join(', ')}, or a URL such as https://git.example.com/shop/{file}#L{line}.`
  const protocol = protocolOf(given)
  if (protocol === null) throw new BadUsage(`--link-template "${given}" is no URL. ${help}`)
  if (REFUSED.includes(protocol))
    throw new BadUsage(`--link-template must not begin with ${protocol} ${help}`)
  if (!given.includes('{file}'))
    throw new BadUsage(`--link-template needs {file}, where the file's path goes. ${help}`)
  return given
}

/** As a browser reads it; null for what is no absolute URL. A placeholder can't be the scheme. */
function protocolOf(template: string): string | null {
  try {
    return new URL(template.replaceAll(/\{(?:file|line)\}/g, '0')).protocol
  } catch {
    return null
  }
}

/** The way from the top of the git repository down to the root: sites know files from there. */
function prefixInRepository(root: string): string {
  const from = resolve(root)
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, '.git'))) {
      const path = relative(folder, from)
      return path === '' ? '' : `${path.split(/[/\\]/).map(encodeURIComponent).join('/')}/`
    }
    if (folder === dirname(folder)) return ''
  }
}
