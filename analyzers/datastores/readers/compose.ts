import { dirname, join, normalize } from 'node:path/posix'
import { isComposeOfTests } from '../../workspace/docker.js'
import { programsIn } from '../../workspace/scripts.js'
import { dialectOfImage } from '../dialects.js'
import { readVariableName } from '../names.js'
import type { DatabaseServer, Deployment, Setting, SettingsFile, SettingsReader } from '../types.js'
import { child, environmentOf, type Tree, text } from './tree.js'
import { readYaml } from './yaml.js'

/** Docker compose files: what each service runs with, and which database servers are started. */
export const composeReader: SettingsReader = {
  name: 'compose',
  // `deploy/billing.yaml` can be one too: the text tells.
  matches: path =>
    /\.ya?ml$/.test(path) &&
    !isComposeOfTests(path) &&
    !/(^|\/)(\.github|pnpm-(lock|workspace)\.yaml$)/.test(path),
  read: readCompose,
}

function readCompose(file: SettingsFile): ReturnType<SettingsReader['read']> {
  if (!isComposeFile(file)) return {}
  const { roots, error } = readYaml(file.text)
  const settings: Setting[] = []
  const servers: DatabaseServer[] = []
  const deployments: Deployment[] = []
  const folder = dirname(file.path)

  for (const root of roots) {
    const services = child(root, 'services')
    if (services?.kind !== 'map') continue
    for (const { key: name, value: service, line } of services.entries) {
      const environment = environmentOf(child(service, 'environment'))
      const image = text(child(service, 'image'))
      const dialect = image === null ? null : dialectOfImage(image)
      if (dialect && child(service, 'build') === null) {
        const database = environment.find(item => readVariableName(item.name)?.role === 'database')
        servers.push({
          name,
          alias: text(child(service, 'container_name')) ?? text(child(service, 'hostname')),
          dialect,
          database: database?.value ?? null,
          file: file.path,
          line: database?.line ?? line,
        })
        continue
      }
      for (const item of environment) {
        settings.push({ ...item, file: file.path, source: 'deployment', targets: [name] })
      }
      deployments.push({
        name,
        file: file.path,
        line,
        buildPath: buildPath(service, folder),
        image: child(service, 'build') === null ? image : null,
        envFiles: listOf(child(service, 'env_file')).map(path => within(folder, path)),
        dependsOn: [...listOf(child(service, 'depends_on')), ...listOf(child(service, 'links'))].map(
          entry => entry.split(':', 1)[0]!,
        ),
      })
    }
  }
  const diagnostics = error
    ? [
        {
          severity: 'warning' as const,
          code: 'settings-syntax',
          message: `not read in full: ${error.message}`,
          file: file.path,
          line: error.line,
        },
      ]
    : []
  return { settings, servers, deployments, diagnostics }
}

function isComposeFile({ path, text: content }: SettingsFile): boolean {
  if (/(^|\/)(docker-)?compose[^/]*$/.test(path)) return true
  return /^services:\s*$/m.test(content) && /^[ \t]+(image|build):/m.test(content)
}

/**
 * The folder whose code is run: that of the Dockerfile if it lies deeper than the context; of one image for several, that
 * of the program that is started in it.
 */
function buildPath(service: Tree, folder: string): string | null {
  const build = child(service, 'build')
  const plain = text(build)
  if (plain === null && build?.kind !== 'map') return null
  const context = within(folder, plain ?? text(child(build, 'context')) ?? '.')
  const dockerfile = text(child(build, 'dockerfile'))
  const dockerFolder = dockerfile === null ? '.' : dirname(dockerfile)
  if (dockerFolder !== '.') return within(context, dockerFolder)
  const program = programsIn(['entrypoint', 'command'].flatMap(key => listOf(child(service, key))))[0]
  return program === undefined ? context : within(context, dirname(program))
}

/** Items of a list, or keys of a map, or the text itself; `{ path: x }` of newer compose files too. */
function listOf(tree: Tree | null): string[] {
  if (tree?.kind === 'map') return tree.entries.map(entry => entry.key)
  if (tree?.kind === 'list')
    return tree.items.map(item => text(item) ?? text(child(item, 'path'))).filter(item => item !== null)
  const plain = text(tree)
  return plain === null ? [] : [plain]
}

function within(folder: string, path: string): string {
  return normalize(join(folder, path)).replace(/\/$/, '') || '.'
}
