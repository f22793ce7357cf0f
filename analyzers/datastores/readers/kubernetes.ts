import { dialectOfImage } from '../dialects.js'
import type { FileEvidence, Setting, SettingsFile, SettingsReader } from '../types.js'
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
  read: readManifests,
}

const BLOCKS =
  /^(env|environment|envs|extraEnv|extraEnvVars|envVars|environmentVariables|configMap|config|data|stringData|variables)$/

/** What runs containers, and takes variables from ConfigMaps. */
const WORKLOADS = /^(Deployment|StatefulSet|DaemonSet|ReplicaSet|Rollout|Job|CronJob|Pod|DeploymentConfig)$/

function readManifests(file: SettingsFile): Pick<FileEvidence, 'settings' | 'configMapUses'> {
  const settings: Setting[] = []
  const configMapUses: FileEvidence['configMapUses'] = []
  // Most YAML of a repository has nothing to do with databases: reading it all would cost more than it tells.
  if (!/database|db_|_db|mysql|postgres|pg[dh]|configMap/i.test(file.text)) return { settings, configMapUses }
  for (const root of readYaml(file.text).roots) {
    const kind = text(child(root, 'kind'))
    if (kind === 'Secret') continue
    const name = text(child(child(root, 'metadata'), 'name'))
    const workload = name !== null && kind !== null && WORKLOADS.test(kind) ? name : null
    const from =
      workload !== null ? { workload } : name !== null && kind === 'ConfigMap' ? { configMap: name } : {}
    collect(root, name === null ? [] : [name], 0)

    function collect(tree: Tree, targets: string[], depth: number): void {
      if (depth > 20) return
      if (tree.kind === 'list') {
        for (const item of tree.items) {
          const named = text(child(item, 'name'))
          collect(item, named === null ? targets : [...targets, named], depth + 1)
        }
        return
      }
      if (tree.kind !== 'map') return
      // What a database server is started with is for itself.
      const image = text(child(tree, 'image'))
      if (image !== null && dialectOfImage(image) !== null) return
      for (const entry of tree.entries) {
        if (BLOCKS.test(entry.key)) {
          for (const item of environmentOf(entry.value)) {
            settings.push({ ...item, file: file.path, source: 'deployment', targets, ...from })
          }
        }
        const used = /^configMap(?:Key)?Ref$/.test(entry.key) ? text(child(entry.value, 'name')) : null
        if (used !== null && workload !== null) configMapUses.push({ configMap: used, workload })
        // In Helm values the key above the block is the service's name.
        collect(entry.value, [...targets, entry.key], depth + 1)
      }
    }
  }
  return { settings, configMapUses }
}
