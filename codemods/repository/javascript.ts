/** Whether a JavaScript file can use the generated clients. */
import { Refusal } from '../site/refusal.js'
import { isCommonJs, type SourceFile } from '../site/source-file.js'
import type { ClientsHome } from './clients.js'
import { allowsJs, isModulePackage, manifestAbove } from './manifests.js'

/**
 * @param root of the repository
 * @throws Refusal where it can't load the clients as they are generated
 */
export function refuseUnloadable(
  file: SourceFile,
  { language, package: shared }: ClientsHome,
  root: string,
): void {
  if (shared !== null) return
  if (language === 'typescript') refuseUncompiled(file, root)
  const isCommonJsClient = language === 'commonjs'
  if (isCommonJsClient && !isCommonJs(file)) {
    throw new Refusal(
      'the file is an ES module, and the client, as other code of its package, CommonJS',
      'say `"type": "module"` in its package.json, or load the client with `createRequire` by hand',
    )
  }
  const isModuleClient = language === 'module' || isModulePackage(root, file.path)
  if (!isCommonJsClient && isModuleClient && isCommonJs(file)) {
    throw new Refusal(
      'the file is CommonJS, and the client, as other code of its package, an ES module',
      'make the file an ES module, or load the client with `await import()` by hand',
    )
  }
}

/** @throws Refusal where nothing compiles the clients together with it */
function refuseUncompiled(file: SourceFile, root: string): void {
  const config = manifestAbove(root, file.path, 'tsconfig.json')
  if (config !== null && allowsJs(root, config)) return
  throw new Refusal(
    'the file is JavaScript, the client, as other code of its service, TypeScript, and no tsconfig.json compiles both',
    'set `allowJs` in the tsconfig.json that its service is compiled by, or give the clients a package that is built (`rewrite.clients`)',
  )
}
