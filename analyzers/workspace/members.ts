/** The lists in which a monorepo names its packages: npm, yarn, pnpm, lerna, rush. */
import type { Diagnostic, Evidence } from '../model.js'
import { matchesGlob } from './glob.js'
import { isObject, type JsonFile, lineOfKey, parseJson, stringAt, stringsOf } from './json.js'
import type { Manifests, TextFile } from './manifests.js'
import { baseName, folderOf } from './paths.js'
import { parseYaml } from './yaml.js'

/** Tells for a folder where it is listed as a member of the workspace, or null. */
export type FindMember = (folder: string) => Evidence | null

/** One list: its globs, relative to the root. */
interface MemberList {
  file: string
  globs: { glob: string; isNegated: boolean; line: number }[]
}

/** Reads all lists of the repository. */
export async function readMembers(
  manifests: Manifests,
): Promise<{ findMember: FindMember; diagnostics: Diagnostic[] }> {
  const diagnostics: Diagnostic[] = []
  const lists = manifests.packages.map(fromPackageJson)
  for (const file of manifests.memberLists) {
    const isYaml = baseName(file.path) === 'pnpm-workspace.yaml'
    lists.push(isYaml ? await fromPnpm(file, diagnostics) : fromJson(file, diagnostics))
  }
  const findMember: FindMember = folder => {
    for (const { file, globs } of lists) {
      const last = globs.findLast(({ glob }) => matchesGlob(glob, folder))
      if (last && !last.isNegated) return { file, line: last.line, reason: 'is a member of the workspace' }
    }
    return null
  }
  return { findMember, diagnostics }
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

/** lerna.json and rush.json, which names its projects one by one. */
function fromJson(file: TextFile, diagnostics: Diagnostic[]): MemberList {
  const json = parseJson(file.path, file.text)
  diagnostics.push(...json.diagnostics)
  const folders = Array.isArray(json.value.projects)
    ? json.value.projects.map(project => (isObject(project) ? stringAt(project, 'projectFolder') : null))
    : stringsOf(json.value.packages)
  const globs = folders.filter(folder => folder !== null)
  return listOf(
    file.path,
    globs.map(glob => [glob, lineOfKey(json, glob)]),
  )
}

async function fromPnpm({ path, text }: TextFile, diagnostics: Diagnostic[]): Promise<MemberList> {
  const yaml = await parseYaml(text)
  for (const { line, message } of yaml.errors.slice(0, 1)) {
    const what = `Is not valid YAML (${message}); the packages that it lists are not known as members.`
    diagnostics.push({ severity: 'warning', code: 'invalid-yaml', message: what, file: path, line })
  }
  const value = yaml.toValue()
  const lines = text.split('\n')
  const globs = isObject(value) ? stringsOf(value.packages) : []
  return listOf(
    path,
    globs.map(glob => [glob, lines.findIndex(line => line.includes(glob)) + 1]),
  )
}

function listOf(file: string, globs: [glob: string, line: number][]): MemberList {
  const home = folderOf(file)
  return {
    file,
    globs: globs.map(([text, line]) => {
      const isNegated = text.startsWith('!')
      const glob = text
        .slice(isNegated ? 1 : 0)
        .replace(/^\.?\//, '')
        .replace(/\/$/, '')
      return { glob: home === '.' ? glob : `${home}/${glob}`, isNegated, line }
    }),
  }
}
