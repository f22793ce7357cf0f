/** Where a service keeps its code, how it imports, and what it depends on. */

import type { Workspace } from '../../analyzers/workspace/types.js'
import type { ImportExtension, Language } from '../generate/file.js'
import { allowsJs, isModulePackage, manifestAbove, rootDirOf } from './manifests.js'

export interface Home {
  service: string
  /** Folder of generated files, relative to the root. */
  folder: string
  /** How the service writes relative imports of TypeScript files. */
  extension: ImportExtension
  framework: 'express' | 'fastify' | null
  language: Language
}

export const FOLDER = 'seamripper'

export function homeOf(
  service: string,
  workspace: Workspace,
  textOf: (path: string) => string | null,
): Home | null {
  const found = workspace.services.find(each => each.name === service)
  if (!found) return null
  const base = found.path === '.' ? '' : `${found.path}/`
  const own = workspace.files.filter(file => file.owner === service && file.kind === 'source')
  const compiled = rootDirOf(workspace.root, `${base}tsconfig.json`)
  const sources = [...(compiled === null ? [] : [compiled]), `${base}src`]
  const source = sources.find(folder => own.some(file => file.path.startsWith(`${folder}/`)))
  const pack = workspace.packages.find(each => each.path === found.path)
  const dependencies = new Set(pack?.dependencies ?? [])
  const paths = own.map(file => file.path)
  const language = languageOf(paths, base, workspace.root, textOf)
  return {
    service,
    folder: source === undefined ? `${base}${FOLDER}` : `${source}/${FOLDER}`,
    extension: language === 'typescript' ? (extensionOf(paths, textOf) ?? '') : EXTENSIONS[language],
    language,
    framework: dependencies.has('express') ? 'express' : dependencies.has('fastify') ? 'fastify' : null,
  }
}

const EXTENSIONS = { module: '.js', commonjs: '' } as const

/**
 * JavaScript where all of its code is, and nothing compiles that together with TypeScript.
 *
 * @param base folder of the service, with a slash, or empty for the root
 */
function languageOf(
  paths: string[],
  base: string,
  root: string,
  textOf: (path: string) => string | null,
): Language {
  if (paths.length === 0 || paths.some(path => /\.[cm]?tsx?$/.test(path))) return 'typescript'
  const config = manifestAbove(root, `${base}x`, 'tsconfig.json')
  if (config !== null && allowsJs(root, config)) return 'typescript'
  if (isModulePackage(root, `${base}x`)) return 'module'
  // Modules of a package that is not said to be of such are compiled or bundled.
  const texts = paths.slice(0, 50).map(path => textOf(path) ?? '')
  const modules = texts.filter(text => /^(?:import|export)\b/m.test(text)).length
  return modules * 2 > texts.length ? 'module' : 'commonjs'
}

/** The extension that most relative imports of these files have; null where they have none. */
export function extensionOf(
  paths: string[],
  textOf: (path: string) => string | null,
): Home['extension'] | null {
  const counts = { '': 0, '.js': 0, '.ts': 0 }
  for (const path of paths.slice(0, 50)) {
    for (const [, specifier] of (textOf(path) ?? '').matchAll(/\bfrom\s+['"](\.{1,2}\/[^'"]*)['"]/g)) {
      const extension = /\.(?:js|ts)$/.exec(specifier!)?.[0] as '.js' | '.ts' | undefined
      counts[extension ?? '']++
    }
  }
  if (Object.values(counts).every(count => count === 0)) return null
  if (counts['.js'] > counts[''] && counts['.js'] >= counts['.ts']) return '.js'
  return counts['.ts'] > counts[''] ? '.ts' : ''
}
