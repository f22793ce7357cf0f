import type { Setting, SettingsFile, SettingsReader } from '../types.js'
import { child, environmentOf, type Tree, text } from './tree.js'
import { readYaml } from './yaml.js'

/** Kubernetes manifests, Helm values and the like: YAML that holds `env` blocks or a ConfigMap's `data`. */
export const kubernetesReader: SettingsReader = {
  name: 'kubernetes',
  matches: path =>
    /\.ya?ml$/.test(path) &&
    !/(^|\/)(docker-)?compose[^/]*$/.test(path) &&
    (/(^|\/)(k8s|kubernetes|kube|helm|charts?|manifests|deploy|deployments?|infra|infrastructure|kustomize|overlays|base)\//.test(
      path,
    ) ||
      /(^|\/)(values|deployment|configmap|statefulset|serverless|app|service)[\w.-]*\.ya?ml$/.test(path)),
  read: file => ({ settings: readManifests(file) }),
}

const BLOCKS =
  /^(env|environment|envs|extraEnv|extraEnvVars|envVars|environmentVariables|configMap|config|data|stringData|variables)$/

function readManifests(file: SettingsFile): Setting[] {
  // Most YAML of a repository has nothing to do with databases: reading it all would cost more than it tells.
  if (!/database|db_|_db|mysql|postgres|pg[dh]/i.test(file.text)) return []
  const settings: Setting[] = []
  for (const root of readYaml(file.text).roots) {
    const kind = text(child(root, 'kind'))
    if (kind === 'Secret') continue
    const name = text(child(child(root, 'metadata'), 'name'))
    collect(root, name === null ? [] : [name], 0)
  }
  return settings

  function collect(tree: Tree, targets: string[], depth: number): void {
    if (depth > 20) return
    if (tree.kind === 'list') {
      for (const item of tree.items) {
        const name = text(child(item, 'name'))
        collect(item, name === null ? targets : [...targets, name], depth + 1)
      }
      return
    }
    if (tree.kind !== 'map') return
    for (const entry of tree.entries) {
      if (BLOCKS.test(entry.key)) {
        for (const item of environmentOf(entry.value)) {
          settings.push({ ...item, file: file.path, source: 'deployment', targets })
        }
      }
      // In Helm values the key above the block is the service's name.
      collect(entry.value, [...targets, entry.key], depth + 1)
    }
  }
}
