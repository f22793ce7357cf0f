/** Whether a JavaScript file can use the generated clients, which are TypeScript. */
import { posix } from 'node:path'
import { objectAt, stringAt } from '../../analyzers/workspace/json.js'
import { Refusal } from '../site/refusal.js'
import { isCommonJs, type SourceFile } from '../site/source-file.js'
import { manifestAbove, readManifest } from './manifests.js'

const MAX_EXTENDS = 5

/**
 * @param root of the repository
 * @param isPackage the clients are a package of their own, which is built
 * @throws Refusal where nothing compiles the clients together with it
 */
export function refuseUncompiled(file: SourceFile, isPackage: boolean, root: string): void {
  if (isPackage) return
  const config = manifestAbove(root, file.path, 'tsconfig.json')
  if (config === null || !allowsJs(root, config, MAX_EXTENDS)) {
    throw new Refusal(
      'the file is JavaScript, the client is TypeScript, and no tsconfig.json compiles both',
      'set `allowJs` in the tsconfig.json that its service is compiled by, or give the clients a package that is built (`rewrite.clients`)',
    )
  }
  const manifest = manifestAbove(root, file.path, 'package.json')
  const isModule = manifest !== null && stringAt(readManifest(root, manifest) ?? {}, 'type') === 'module'
  if (isCommonJs(file) && isModule) {
    throw new Refusal(
      'the file is CommonJS, and the client, as all of its package, an ES module',
      'make the file an ES module, or load the client with `await import()` by hand',
    )
  }
}

function allowsJs(root: string, path: string, hops: number): boolean {
  const value = readManifest(root, path) ?? {}
  const options = objectAt(value, 'compilerOptions')
  if (typeof options.allowJs === 'boolean') return options.allowJs
  if (options.checkJs === true) return true
  const base = stringAt(value, 'extends')
  if (base === null || !base.startsWith('.') || hops === 0) return false
  const next = posix.join(posix.dirname(path), base)
  return allowsJs(root, next.endsWith('.json') ? next : `${next}.json`, hops - 1)
}
