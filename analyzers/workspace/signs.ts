/** The signs by which a service is told from a library: images, scripts, entry files, names, dependents. */
import type { Evidence } from '../model.js'
import { innermost, isStarted } from './candidates.js'
import { isToolConfig } from './classify.js'
import { conventionOf, isTool } from './conventions.js'
import type { Deployment } from './docker.js'
import { type JsonFile, lineAt, lineOfKey, objectAt, stringAt, stringMembers } from './json.js'
import type { Manifests } from './manifests.js'
import { type BuildOutput, type ModuleFiles, probeModule, sourceCandidates } from './modules.js'
import { folderOf, isWithin, joinInside } from './paths.js'
import { startScripts } from './scripts.js'
import type { ReadFile, WorkspacePackage } from './types.js'

/** A sign that a folder is a service (positive weight) or a library (negative). */
export interface Sign {
  weight: number
  evidence: Evidence
}

/** What the signs are read from. */
export interface SignContext {
  manifests: Manifests
  packages: readonly WorkspacePackage[]
  sources: ModuleFiles
  outputs: Map<string, BuildOutput[]>
  read: ReadFile
  /** All folders that are a service or a library. */
  folders: ReadonlySet<string>
  deployments: readonly Deployment[]
  /** Folders of the packages that depend on a package, by its name. */
  dependents: ReadonlyMap<string, string[]>
}

/** All signs of one folder; `found` is why it was looked at. */
export function signsOf(path: string, found: Evidence, context: SignContext): Sign[] {
  const manifest = context.manifests.packages.find(file => folderOf(file.path) === path)
  const hasOthers = isAround(path, manifest, context)
  const scripts = manifest === undefined ? [] : scriptSigns(path, manifest, hasOthers, context)
  const entries = entrySigns(path, manifest, context)
  // One image for all members of a workspace, each started by its own command, deploys these and not the folder around them.
  const isImageOfMembers = hasOthers && path !== '.' && scripts.length === 0 && entries.length === 0
  const running = [
    ...(isImageOfMembers
      ? []
      : context.deployments.filter(({ folder }) => folder === path).map(deploymentSign)),
    ...(isStarted(found) ? [{ weight: 3, evidence: found }] : []),
    ...scripts,
    ...(manifest === undefined ? [] : commandSigns(path, manifest, context)),
  ]
  const isRun = manifest !== undefined || running.length > 0 || entries.length > 0
  const signs = [
    ...running,
    ...projectSigns(path, context.manifests),
    ...entries,
    ...conventionOf(path, hasOthers, isRun).map(({ weight, reason }) => ({
      weight,
      evidence: { ...found, reason },
    })),
    ...dependentSigns(path, running.length > 0, context),
    ...(manifest === undefined ? [] : publishedSigns(manifest)),
  ]
  const seen = new Set<string>()
  return signs.filter(({ evidence }) => {
    const isNew = !seen.has(evidence.reason)
    seen.add(evidence.reason)
    return isNew
  })
}

function deploymentSign({ file, line, reason }: Deployment): Sign {
  return { weight: 3, evidence: { file, line, reason } }
}

/** `projectType` of nx and `type` of a Nest project say it outright. */
function projectSigns(path: string, manifests: Manifests): Sign[] {
  const nx = manifests.nxProjects
    .filter(file => folderOf(file.path) === path)
    .map(file => declaredSign(stringAt(file.value, 'projectType'), file, lineOfKey(file, 'projectType')))
  const nest = manifests.nestCli.map(file => {
    const projects = objectAt(file.value, 'projects')
    const name = Object.keys(projects).find(key => stringAt(objectAt(projects, key), 'root') === path)
    if (name === undefined) return null
    return declaredSign(stringAt(objectAt(projects, name), 'type'), file, lineOfKey(file, 'projects', name))
  })
  return [...nx, ...nest].filter(sign => sign !== null)
}

function declaredSign(type: string | null, file: JsonFile, line: number): Sign | null {
  const evidence = (reason: string): Evidence => ({ file: file.path, line, reason })
  if (type === 'application') return { weight: 5, evidence: evidence('is declared an application') }
  return type === 'library' ? { weight: -5, evidence: evidence('is declared a library') } : null
}

/** The root of the repository, or of a workspace within it (`backend/` with its `services/*`), with packages below. */
function isAround(
  path: string,
  manifest: JsonFile | undefined,
  { folders, manifests }: SignContext,
): boolean {
  if (path === '.') return folders.size > 1
  const listsMembers =
    manifest?.value.workspaces !== undefined ||
    manifests.memberLists.some(file => folderOf(file.path) === path)
  return listsMembers && [...folders].some(folder => folder !== path && isWithin(folder, path))
}

/** A script that runs a file of the package counts more than one that runs who knows what. */
function scriptSigns(path: string, manifest: JsonFile, hasOthers: boolean, context: SignContext): Sign[] {
  const scripts = startScripts(manifest)
  const evidence = (line: number, reason: string): Evidence => ({ file: manifest.path, line, reason })
  for (const { name, line, programs } of scripts) {
    const file = programs.map(program => findProgram(path, program, context)).find(found => found !== null)
    // Around its packages, what lies in `scripts/` starts these, or a tunnel to them.
    if (file && !(hasOthers && isTool(file, path)))
      return [{ weight: 4, evidence: evidence(line, `its script ${name} runs ${file}`) }]
  }
  // At the root of a workspace `dev` starts its packages, so only what runs the root's own sources counts there.
  const plain = scripts.find(script => (hasOthers ? script.servesFolder : script.isPlain))
  return plain ? [{ weight: 3, evidence: evidence(plain.line, `its script ${plain.name} starts it`) }] : []
}

/**
 * A command that is the package itself: its main module, or, where it offers nothing for import and no one does, over packages
 * of the repository. A tool that a library has beside what it is for is none.
 */
function commandSigns(path: string, manifest: JsonFile, context: SignContext): Sign[] {
  const main = stringAt(manifest.value, 'main')
  const module = main === null ? null : findProgram(path, main, context)
  if (module === null && !isNothingButCommands(path, manifest, context)) return []
  const bin = stringAt(manifest.value, 'bin')
  const commands = bin === null ? stringMembers(objectAt(manifest.value, 'bin')) : [['', bin] as const]
  return commands
    .map(([name, program]) => ({ name, program: findProgram(path, program, context) }))
    .filter(({ program }) => program !== null && (module === null || program === module))
    .slice(0, 1)
    .map(({ name, program }) => ({
      weight: 3,
      evidence: {
        file: manifest.path,
        line: name === '' ? lineOfKey(manifest, 'bin') : lineOfKey(manifest, 'bin', name),
        reason: `its command${name === '' ? '' : ` ${name}`} runs ${program}${module === null ? '' : ', its main module'}`,
      },
    }))
}

/** Whether a package is over others of the repository, none of which depends on it or could import it. */
function isNothingButCommands(path: string, manifest: JsonFile, { dependents }: SignContext): boolean {
  const isOffered = ENTRIES.some(field => manifest.value[field] !== undefined)
  const users = dependents.get(stringAt(manifest.value, 'name') ?? '') ?? []
  return !isOffered && users.length === 0 && [...dependents.values()].some(all => all.includes(path))
}

function findProgram(folder: string, program: string, context: SignContext): string | null {
  const path = joinInside(folder, program)
  if (path === null) return null
  for (const candidate of sourceCandidates(path, folder, context.outputs.get(folder) ?? [])) {
    const found = probeModule(candidate, context.sources)
    if (found !== null && isOwn(found, folder, context)) return found
  }
  return null
}

/** A program of the folder itself, no tool's settings and nothing of a package inside it. */
function isOwn(file: string, folder: string, context: SignContext): boolean {
  return !isToolConfig(file) && innermost(context.folders, folderOf(file)) === folder
}

const entryStems = [
  'src/main',
  'src/server',
  'src/index',
  'src/app',
  'main',
  'server',
  'index',
  'app',
  'src/worker',
]
const serverCall =
  /\.listen\s*\(|\bcreateServer\s*\(|\bNestFactory\.create|\bWorker\.create\s*\(|\bstartStandaloneServer\s*\(|\beachMessage\s*:|\bexports\.handler\s*=|\bexport (?:const|async function|function) handler\b/

/** An entry file that listens, or waits for work. */
function entrySigns(path: string, manifest: JsonFile | undefined, context: SignContext): Sign[] {
  const started = manifest === undefined ? [] : startScripts(manifest).flatMap(script => script.programs)
  const programs = started.map(program => findProgram(path, program, context))
  const conventional = entryStems.map(stem => {
    const entry = joinInside(path, stem)
    return entry === null ? null : probeModule(entry, context.sources)
  })
  for (const file of new Set([...programs, ...conventional])) {
    const result = file === null ? null : context.read(file)
    if (file === null || result === null || !('text' in result)) continue
    const match = serverCall.exec(result.text)
    if (match === null) continue
    const what = match[0].replace(/[\s(=:]+$/, '').replace(/^\./, '')
    return [
      {
        weight: 2,
        evidence: { file, line: lineAt(result.text, match.index), reason: `its entry has ${what}` },
      },
    ]
  }
  return []
}

/**
 * Being imported by other packages speaks for a library: strongly so when nothing starts or deploys the folder,
 * less when something does, as services share types and clients too.
 */
function dependentSigns(path: string, isRun: boolean, context: SignContext): Sign[] {
  const name = context.packages.find(pkg => pkg.path === path)?.name
  const dependents = name === undefined ? [] : (context.dependents.get(name) ?? [])
  const first = dependents[0]
  if (name === undefined || first === undefined) return []
  const manifest = context.manifests.packages.find(file => folderOf(file.path) === first)
  const others = dependents.length === 1 ? 'one package depends' : `${dependents.length} packages depend`
  const evidence = {
    file: manifest?.path ?? '.',
    line: manifest === undefined ? 1 : lineOfKey(manifest, name),
    reason: `${others} on it`,
  }
  return [{ weight: isRun ? -2 : -4, evidence }]
}

/** Fields that name what others import. */
const ENTRIES = ['exports', 'main', 'types']

/** Entry points for others to import. */
function publishedSigns(manifest: JsonFile): Sign[] {
  const key = ENTRIES.find(field => manifest.value[field] !== undefined)
  if (key === undefined || manifest.value.bin !== undefined) return []
  const reason = `offers its ${key} for import`
  return [{ weight: -1, evidence: { file: manifest.path, line: lineOfKey(manifest, key), reason } }]
}
