/** The files that describe packages and their builds, read and sorted by what they are. */
import { basename } from 'node:path'
import type { Diagnostic } from '../model.js'
import {
  isCommandFile,
  isComposeFile,
  isDeploymentDescriptor,
  isDockerfile,
  isTerraform,
} from './classify.js'
import { type ComposeService, readCompose } from './docker.js'
import { type JsonFile, parseJson } from './json.js'
import { baseName } from './paths.js'
import { programWords, programWordsOfPackage } from './program-words.js'
import { decode, readBytes, reasonOf, sizeLimits } from './read.js'

export interface TextFile {
  path: string
  text: string
}

export interface Manifests {
  /** Name of the root folder itself. */
  rootFolder: string
  packages: JsonFile[]
  tsConfigs: JsonFile[]
  /** deno.json, deno.jsonc and import maps. */
  importMaps: JsonFile[]
  /** project.json of nx. */
  nxProjects: JsonFile[]
  nestCli: JsonFile[]
  /** pnpm-workspace.yaml, lerna.json and rush.json: they list the packages of the workspace. */
  memberLists: TextFile[]
  dockerfiles: TextFile[]
  terraform: TextFile[]
  /** Paths of serverless.yml and the like, which say enough by being there. */
  descriptors: string[]
  compose: ComposeService[]
  /** Words of all of these, and of shell scripts, that may be the path of a program. */
  programWords: Set<string>
  diagnostics: Diagnostic[]
}

/** Reads the manifests at `paths` below `root`. One that can't be read ends as a diagnostic. */
export async function readManifests(root: string, paths: readonly string[]): Promise<Manifests> {
  const manifests: Manifests = {
    rootFolder: basename(root),
    packages: [],
    tsConfigs: [],
    importMaps: [],
    nxProjects: [],
    nestCli: [],
    memberLists: [],
    dockerfiles: [],
    terraform: [],
    descriptors: [],
    compose: [],
    programWords: new Set(),
    diagnostics: [],
  }
  for (const path of paths) {
    const name = baseName(path)
    if (isDeploymentDescriptor(name)) manifests.descriptors.push(path)
    const text = readText(root, path, isCommandFile(path) ? [] : manifests.diagnostics)
    if (text === null) continue
    if (name !== 'package.json') addWords(programWords(text))
    if (isDeploymentDescriptor(name) || isCommandFile(path)) continue
    if (isComposeFile(name)) manifests.compose.push(...(await readCompose(path, text)))
    else if (isDockerfile(name)) manifests.dockerfiles.push({ path, text })
    else if (isTerraform(name)) manifests.terraform.push({ path, text })
    else if (name === 'pnpm-workspace.yaml' || name === 'lerna.json' || name === 'rush.json') {
      manifests.memberLists.push({ path, text })
    } else {
      const file = parseJson(path, text)
      manifests.diagnostics.push(...file.diagnostics)
      jsonFilesNamed(name, manifests).push(file)
      if (name === 'package.json') addWords(programWordsOfPackage(file))
    }
  }
  return manifests

  function addWords(words: string[]): void {
    for (const word of words) manifests.programWords.add(word)
  }
}

function jsonFilesNamed(name: string, manifests: Manifests): JsonFile[] {
  if (name === 'package.json') return manifests.packages
  if (name === 'project.json') return manifests.nxProjects
  if (/^(?:deno\.jsonc?|import_map\.json)$/.test(name)) return manifests.importMaps
  return name === 'nest-cli.json' ? manifests.nestCli : manifests.tsConfigs
}

function readText(root: string, path: string, diagnostics: Diagnostic[]): string | null {
  const failed = (reason: string): null => {
    const message = `Could not be read: ${reason}`
    diagnostics.push({ severity: 'warning', code: 'unreadable-file', message, file: path, line: null })
    return null
  }
  try {
    const { bytes } = readBytes(`${root}/${path}`, sizeLimits.settings)
    if (bytes === null) return failed('it is too large for what its name says it is')
    const result = decode(bytes, path)
    return 'text' in result ? result.text : failed(result.diagnostic.message)
  } catch (error) {
    return failed(reasonOf(error))
  }
}
