/** What Dockerfiles and compose files say about folders of the repository: which of them get deployed. */
import { isObject, objectAt, stringAt } from './json.js'
import { baseName, folderOf, isWithin, joinInside } from './paths.js'
import { programsIn } from './scripts.js'
import { parseYaml } from './yaml.js'

/** A folder that something builds an image of, or runs in a container. */
export interface Deployment {
  /** Folder relative to the root. */
  folder: string
  file: string
  line: number
  reason: string
}

interface Instruction {
  keyword: string
  rest: string
  line: number
}

/**
 * The folders that a Dockerfile deploys, of `folders`. In order of trust: the folder it lies in, the folder
 * it is named after (`Dockerfile.cache_worker`, `docker/backend/Dockerfile`), the one where it starts its
 * command, the only one it copies.
 */
export function readDockerfile(path: string, text: string, folders: readonly string[]): Deployment[] {
  const home = folderOf(path)
  if (folders.includes(home) && (home !== '.' || folders.length === 1)) {
    return [{ folder: home, file: path, line: 1, reason: 'has a Dockerfile' }]
  }
  const named = folders.find(folder => folder !== '.' && isNamedAfter(path, folder))
  if (named !== undefined) {
    return [{ folder: named, file: path, line: 1, reason: 'a Dockerfile is named after it' }]
  }
  const instructions = instructionsOf(text)
  const started = instructions
    .filter(({ keyword }) => keyword === 'WORKDIR' || keyword === 'CMD' || keyword === 'ENTRYPOINT')
    .reverse()
  for (const { keyword, rest, line } of started) {
    const folder = mentioned(rest, folders)[0]
    if (folder !== undefined)
      return [{ folder, file: path, line, reason: `${keyword} of a Dockerfile names it` }]
  }
  const copied = instructions
    .filter(({ keyword }) => keyword === 'COPY' || keyword === 'ADD')
    .flatMap(({ rest, line }) => mentioned(rest, folders).map(folder => ({ folder, line })))
  const first = copied[0]
  return first !== undefined && copied.every(({ folder }) => folder === first.folder)
    ? [{ ...first, file: path, reason: 'the only package that a Dockerfile copies' }]
    : []
}

/** The instructions of a Dockerfile, each with its continued lines. */
export function instructionsOf(text: string): Instruction[] {
  const instructions: Instruction[] = []
  let open: Instruction | null = null
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.trim()
    if (line === '' || line.startsWith('#')) return
    const content = line.endsWith('\\') ? line.slice(0, -1) : line
    if (open !== null) {
      open.rest += ` ${content}`
    } else {
      const [keyword, ...rest] = content.split(/\s+/)
      open = { keyword: keyword!.toUpperCase(), rest: rest.join(' '), line: index + 1 }
      instructions.push(open)
    }
    if (!line.endsWith('\\')) open = null
  })
  return instructions
}

/** Folders whose path ends a path in `text`, or has more below it: `/usr/app/services/api` names services/api. */
export function mentioned(text: string, folders: readonly string[]): string[] {
  const paths = text.split(/[\s"',[\]=]+/).map(word => `/${word.replace(/^\.?\/+/, '').replace(/\/$/, '')}/`)
  const found = folders.filter(folder => folder !== '.' && paths.some(path => path.includes(`/${folder}/`)))
  return found.filter(folder => !found.some(other => other !== folder && isWithin(other, folder)))
}

/** Folders that hold the deployment of others, one folder or file for each. */
const deploymentFolder =
  /^(?:docker|dockerfiles|deploy|deployment|deployments|build|infra|containers|images)$/

function isNamedAfter(path: string, folder: string): boolean {
  const name = baseName(path)
  const suffix = /^dockerfile\.(.+)$/i.exec(name)?.[1] ?? /^(.+)\.dockerfile$/i.exec(name)?.[1]
  if (suffix !== undefined) return sameName(suffix, baseName(folder))
  const home = folderOf(path)
  return deploymentFolder.test(baseName(folderOf(home))) && sameName(baseName(home), baseName(folder))
}

function sameName(a: string, b: string): boolean {
  const plain = (name: string): string => name.toLowerCase().replace(/[_.-]/g, '')
  return plain(a) === plain(b)
}

/** What one service of a compose file builds or runs. Paths are relative to the root. */
export interface ComposeService {
  name: string
  file: string
  line: number
  context: string | null
  dockerfile: string | null
  workingDir: string | null
  /** What its entrypoint and command start, as it is written there. */
  programs: string[]
}

/** Whether a compose file, going by its name, starts what tests need: `docker-compose.test.yml`. */
export function isComposeOfTests(path: string): boolean {
  return /[._-](test|tests|dbtests|e2e|end2end|ci|integration)[._-][^/]*$/.test(path)
}

/** The services of a compose file that may be built from this repository or run a part of it; none of one for tests. */
export async function readCompose(path: string, text: string): Promise<ComposeService[]> {
  if (isComposeOfTests(path) || !/\b(?:build|working_dir|command|entrypoint)\s*:/.test(text)) return []
  const file = await parseYaml(text)
  const value = file.toValue()
  const services = isObject(value) ? objectAt(value, 'services') : {}
  return Object.entries(services).flatMap(([name, service]): ComposeService[] => {
    if (!isObject(service)) return []
    const build = isObject(service.build) ? { context: '.', ...service.build } : { context: service.build }
    const context = inside(folderOf(path), stringAt(build, 'context'))
    return [
      {
        name,
        file: path,
        line: file.lineOfKey('services', name),
        context,
        dockerfile: context === null ? null : inside(context, stringAt(build, 'dockerfile')),
        workingDir: stringAt(service, 'working_dir'),
        programs: programsIn(
          [service.entrypoint, service.command].flat().filter(word => typeof word === 'string'),
        ),
      },
    ]
  })
}

function inside(folder: string, path: string | null): string | null {
  return path === null ? null : joinInside(folder, path)
}

/** The folder, of `folders`, that a compose service builds, runs in, or starts a program of. */
export function deploymentOf(service: ComposeService, folders: readonly string[]): Deployment | null {
  const { name, file, line, context, dockerfile, workingDir, programs } = service
  const candidates = [dockerfile === null ? null : folderOf(dockerfile), context]
  const built = candidates.find(
    folder => folder !== null && folders.includes(folder) && (folder !== '.' || folders.length === 1),
  )
  if (built) return { folder: built, file, line, reason: `is built as the compose service ${name}` }
  const home = workingDir === null ? undefined : mentioned(workingDir, folders)[0]
  if (home !== undefined)
    return { folder: home, file, line, reason: `the compose service ${name} runs in it` }
  // One image for all programs of a monorepo, each of which has a service that starts it.
  for (const program of programs) {
    const folder = mentioned(program, folders)[0]
    if (folder !== undefined)
      return { folder, file, line, reason: `the compose service ${name} starts its ${baseName(program)}` }
  }
  return null
}
