/** Type-checks files of a folder, with the types of this project's packages. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

const types = fileURLToPath(new URL('../../../node_modules/@types', import.meta.url))

/** Errors under `--strict`, each behind its path below the folder. `more`: options besides. */
export function typeErrors(root: string, files: string[], more: ts.CompilerOptions = {}): string[] {
  const program = ts.createProgram(
    files.map(file => join(root, file)),
    {
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.Preserve,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      types: ['node'],
      typeRoots: [types],
      ...more,
    },
  )
  return ts
    .getPreEmitDiagnostics(program)
    .map(
      ({ file, messageText }) =>
        `${file?.fileName.slice(root.length)} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    )
}
