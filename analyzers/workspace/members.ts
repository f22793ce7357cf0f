/** The lists in which a monorepo names its packages: npm, yarn, pnpm, lerna, rush. */
import picomatch from 'picomatch'
import type { Evidence } from '../model.js'
import { isObject, type JsonFile, lineOfKey, parseJson, stringAt, stringsOf } from './json.js'
import type { Manifests, TextFile } from './manifests.js'
import { baseName, folderOf } from './paths.js'
import { parseYaml } from './yaml.js'

/** One list, as globs of folders relative to the root. */
interface MemberList {
  file: string
  globs: { line: number; matches: (folder: string) => boolean; negated: boolean }[]
}

/** Tells for a folder where it is listed as a member of the workspace, or null. */
export type FindMember = (folder: string) => Evidence | null

/** Reads all lists of the repository. */
export async function readMembers(manifests: Manifests): Promise<FindMember> {
  const lists = manifests.packages.map(fromPackageJson)
  for (const file of manifests.memberLists) lists.push(await fromMemberList(file))
  return folder => {
    for (const { file, globs } of lists) {
      const last = globs.findLast(glob => glob.matches(folder))
      if (last && !last.negated) return { file, line: last.line, reason: 'is a member of the workspace' }
    }
    return null
  }
}

/** `workspaces` of npm and yarn: an array, or an object with `packages`. */
function fromPackageJson(manifest: JsonFile): MemberList {
  const { workspaces } = manifest.value
  const globs = stringsOf(isObject(workspaces) ? workspaces.packages : workspaces)
  return listOf(
    manifest.path,
    globs.map(glob => [glob, lineOfKey(manifest, 'workspaces', glob)]),
  )
}

async function fromMemberList(file: TextFile): Promise<MemberList> {
  if (baseName(file.path) === 'pnpm-workspace.yaml') return fromPnpm(file)
  const json = parseJson(file.path, file.text)
  const folders = Array.isArray(json.value.projects)
    ? json.value.projects.map(project => (isObject(project) ? stringAt(project, 'projectFolder') : null))
    : stringsOf(json.value.packages)
  const globs = folders.filter(folder => folder !== null)
  return listOf(
    file.path,
    globs.map(glob => [glob, lineOfKey(json, glob)]),
  )
}

async function fromPnpm(file: TextFile): Promise<MemberList> {
  const value = (await parseYaml(file.text)).toValue()
  const lines = file.text.split('\n')
  const globs = isObject(value) ? stringsOf(value.packages) : []
  return listOf(
    file.path,
    globs.map(glob => [glob, lines.findIndex(line => line.includes(glob)) + 1]),
  )
}

function listOf(file: string, globs: [glob: string, line: number][]): MemberList {
  const home = folderOf(file)
  return {
    file,
    globs: globs.map(([glob, line]) => {
      const negated = glob.startsWith('!')
      const body = (negated ? glob.slice(1) : glob).replace(/^\.\//, '').replace(/\/$/, '')
      return { line, negated, matches: picomatch(home === '.' ? body : `${home}/${body}`) }
    }),
  }
}
