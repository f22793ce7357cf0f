/** The lists in which a monorepo names its packages: npm, yarn, pnpm, lerna, rush. */
import ignore, { type Ignore } from 'ignore'
import type { Diagnostic, Evidence } from '../model.js'
import { isCostly } from './gitignore.js'
import { isObject, type JsonFile, lineOfKey, parseJson, stringAt, stringsOf } from './json.js'
import type { Manifests, TextFile } from './manifests.js'
import { baseName, folderOf } from './paths.js'
import { parseYaml } from './yaml.js'

/** Tells for a folder where it is listed as a member of the workspace, or null. */
export type FindMember = (folder: string) => Evidence | null

/** One list: its globs as patterns of the root, with the line of each. */
interface MemberList {
  file: string
  patterns: Ignore
  lines: Map<string, number>
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
    for (const list of lists) {
      const line = lineOfMember(list, folder)
      if (line !== null) return { file: list.file, line, reason: 'is a member of the workspace' }
    }
    return null
  }
  return { findMember, diagnostics }
}

function lineOfMember({ patterns, lines }: MemberList, folder: string): number | null {
  if (folder === '.' || lines.size === 0) return null
  const { ignored, rule } = patterns.test(`${folder}/`)
  if (!ignored || rule === undefined) return null
  // As a gitignore pattern `packages/*` holds for all below packages/a as well; as a glob it does not.
  const home = folderOf(folder)
  const isBelowMember = !rule.pattern.includes('**') && home !== '.' && patterns.ignores(`${home}/`)
  return isBelowMember ? null : (lines.get(rule.pattern) ?? 1)
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
  const patterns = ignore({ allowRelativePaths: true })
  const lines = new Map<string, number>()
  for (const [glob, line] of globs) {
    const negation = glob.startsWith('!') ? '!' : ''
    const body = glob
      .slice(negation.length)
      .replace(/^\.?\//, '')
      .replace(/\/$/, '')
    const pattern = `${negation}/${home === '.' ? '' : `${home}/`}${body}`
    if (isCostly(pattern)) continue
    patterns.add(pattern)
    lines.set(pattern, line)
  }
  return { file, patterns, lines }
}
