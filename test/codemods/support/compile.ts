/** Type-checks files that exist in memory only, as a service would compile them. */
import { join } from 'node:path'
import ts from 'typescript'

const STRICT: ts.CompilerOptions = {
  strict: true,
  noImplicitOverride: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  noImplicitReturns: true,
  noFallthroughCasesInSwitch: true,
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  isolatedModules: true,
  erasableSyntaxOnly: true,
  skipLibCheck: true,
  noEmit: true,
  types: ['node'],
  target: ts.ScriptTarget.ES2020,
  lib: ['lib.es2020.d.ts'],
}

/** How services are compiled, with all that they may have switched on. */
export const COMPILERS = {
  commonjs: {
    ...STRICT,
    module: ts.ModuleKind.CommonJS,
    moduleResolution: ts.ModuleResolutionKind.Node10,
    esModuleInterop: false,
  },
  bundler: {
    ...STRICT,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    verbatimModuleSyntax: true,
  },
  nodenext: { ...STRICT, module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
} satisfies Record<string, ts.CompilerOptions>

const root = join(import.meta.dirname, '../../..')
/** Where the files are imagined to be: inside of this repository, so that they find its packages. */
const folder = join(root, 'test/codemods/imagined')

/** Declarations of the language and of packages are the same for all. */
const declarations = new Map<string, ts.SourceFile | undefined>()

/**
 * Errors of the compiler, as `file: message`.
 *
 * @param files paths, relative, to texts
 */
export function problemsOf(files: Map<string, string>, options: ts.CompilerOptions): string[] {
  const texts = new Map([...files].map(([path, text]) => [join(folder, path), text]))
  const host = ts.createCompilerHost(options)
  const { fileExists, readFile, getSourceFile } = host
  host.fileExists = file => texts.has(file) || fileExists(file)
  host.readFile = file => texts.get(file) ?? readFile(file)
  host.directoryExists = () => true
  host.getCurrentDirectory = () => root
  host.getSourceFile = (file, target, ...more) => {
    const text = texts.get(file)
    if (text !== undefined) return ts.createSourceFile(file, text, target)
    if (!declarations.has(file)) declarations.set(file, getSourceFile(file, target, ...more))
    return declarations.get(file)
  }
  const names = [...texts.keys()].filter(file => file.endsWith('.ts'))
  return ts.getPreEmitDiagnostics(ts.createProgram(names, options, host)).map(({ file, messageText }) => {
    const message = ts.flattenDiagnosticMessageText(messageText, ' ')
    return file === undefined ? message : `${file.fileName.replace(`${folder}/`, '')}: ${message}`
  })
}
