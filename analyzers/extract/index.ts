/** Stage 2: one file in, its facts out. Reads no neighbour, so facts can be cached and made in parallel. */
import type {
  Directive,
  ModuleExportName,
  Program,
  Statement,
  TSImportEqualsDeclaration,
} from '@oxc-project/types'
import type { Diagnostic } from '../model.js'
import { joinValues } from './environment.js'
import type { FileFacts, NodeId } from './facts.js'
import { lowerExpression } from './lower-expression.js'
import { declareClass, deferFunction } from './lower-function.js'
import { hoist, lowerStatement, namesOf } from './lower-statement.js'
import type { Lowering } from './lowering.js'
import { createLowering, runDeferred } from './lowering.js'
import { parseSource } from './parse.js'
import { lineAt, lineStartsOf } from './positions.js'

const MAX_VALUES = 50

/** Facts of one source file. Never throws: what can't be read is a diagnostic. */
export function extractFacts(file: string, written: string): FileFacts {
  const source = file.endsWith('.json') ? asModule(written) : written
  const { program, errors } = parseSource(file, source)
  const l = createLowering(file, source)
  const diagnostics: Diagnostic[] = [...errors]
  if (program) {
    lowerProgram(l, program, offset =>
      diagnostics.push({
        severity: 'error',
        code: 'nested-too-deep',
        message: 'only partly analysed: this statement is nested too deep',
        file,
        line: lineAt(lineStartsOf(source), offset),
      }),
    )
  }
  const variables = Object.create(null) as Record<string, NodeId>
  for (const [name, values] of l.moduleValues) {
    // A name that is given hundreds of values grows: its last value has them all.
    const told = values.length > MAX_VALUES ? [values[0], values[values.length - 1]] : values
    variables[name] = told.reduce((a, b) => joinValues(l, a, b))
  }
  return {
    file,
    nodes: l.nodes,
    functions: l.functions,
    classes: l.classes,
    interfaces: l.interfaces,
    fieldTypes: l.fieldTypes,
    variables,
    shared: l.shared,
    sharedTypes: l.sharedTypes,
    imports: l.imports,
    exports: l.exports,
    reexports: l.reexports,
    calls: l.calls,
    catches: l.catches,
    lineStarts: lineStartsOf(source),
    diagnostics,
  }
}

/** What a JSON file is to the file that imports or requires it. Its lines stay where they are. */
function asModule(json: string): string {
  return `module.exports = ${json}`
}

/** Runs a step; code nested too deep for it is told, with its place, and the rest goes on. */
function guarded(l: Lowering, offset: number, onTooDeep: (offset: number) => void, step: () => void): void {
  const { scope, fn, cls, jumps } = l
  try {
    step()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    Object.assign(l, { scope, fn, cls, jumps, env: l.env ?? l.lastEnv.copy() })
    onTooDeep(offset)
  }
}

function lowerProgram(l: Lowering, program: Program, onTooDeep: (offset: number) => void): void {
  for (const statement of program.body) {
    if (statement.type === 'ImportDeclaration') lowerImport(l, statement)
    else if (statement.type === 'TSImportEqualsDeclaration') lowerImportEquals(l, statement)
  }
  hoist(l, program.body)
  for (const statement of program.body)
    guarded(l, statement.start, onTooDeep, () => lowerTopLevel(l, statement))
  while (l.deferred.length > 0) guarded(l, 0, onTooDeep, () => runDeferred(l))
}

function lowerImport(l: Lowering, statement: Statement & { type: 'ImportDeclaration' }): void {
  const module = statement.source.value
  for (const specifier of statement.specifiers) {
    const name =
      specifier.type === 'ImportNamespaceSpecifier'
        ? '*'
        : specifier.type === 'ImportDefaultSpecifier'
          ? 'default'
          : exportName(specifier.imported)
    l.imports[specifier.local.name] = { module, name }
  }
}

/** `import pg = require('pg')`: what the module exports as a whole, as a default import of a CommonJS module has it. */
function lowerImportEquals(l: Lowering, { id, moduleReference }: TSImportEqualsDeclaration): void {
  if (moduleReference.type === 'TSExternalModuleReference')
    l.imports[id.name] = { module: moduleReference.expression.value, name: 'default' }
}

function exportName(name: ModuleExportName): string {
  return name.type === 'Literal' ? name.value : name.name
}

function lowerTopLevel(l: Lowering, statement: Statement | Directive): void {
  switch (statement.type) {
    case 'ImportDeclaration':
      break
    case 'ExportAllDeclaration':
      l.reexports.push({
        module: statement.source.value,
        name: '*',
        as: statement.exported ? exportName(statement.exported) : '*',
      })
      break
    case 'ExportNamedDeclaration':
      if (statement.declaration) {
        lowerStatement(l, statement.declaration as Statement)
        for (const name of declaredNames(statement.declaration as Statement)) exportVariable(l, name, name)
      }
      for (const specifier of statement.specifiers) {
        const name = exportName(specifier.local)
        const as = exportName(specifier.exported)
        if (statement.source) l.reexports.push({ module: statement.source.value, name, as })
        else if (Object.hasOwn(l.imports, name)) {
          const { module, name: imported } = l.imports[name]
          l.reexports.push({ module, name: imported, as })
        } else exportVariable(l, as, name)
      }
      break
    case 'ExportDefaultDeclaration': {
      const { declaration } = statement
      if (declaration.type === 'FunctionDeclaration') {
        if (declaration.id) exportVariable(l, 'default', declaration.id.name)
        else l.exports.default = deferFunction(l, declaration, 'default')
      } else if (declaration.type === 'ClassDeclaration') l.exports.default = declareClass(l, declaration)
      else if (declaration.type === 'TSInterfaceDeclaration') {
        lowerStatement(l, declaration)
        exportVariable(l, 'default', declaration.id.name)
      } else if (declaration.type !== 'TSDeclareFunction') {
        if (declaration.type === 'TSEmptyBodyFunctionExpression') break
        l.exports.default = lowerExpression(
          l,
          declaration as Parameters<typeof lowerExpression>[1],
          'default',
        )
      }
      break
    }
    case 'TSExportAssignment':
      l.exports.default = lowerExpression(l, statement.expression)
      break
    default:
      lowerStatement(l, statement as Statement)
  }
}

function exportVariable(l: Lowering, as: string, name: string): void {
  l.exports[as] = l.add({ kind: 'variable', name })
}

function declaredNames(declaration: Statement): string[] {
  switch (declaration.type) {
    case 'VariableDeclaration':
      return declaration.declarations.flatMap(({ id }) => namesOf(id))
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
    case 'TSEnumDeclaration':
    case 'TSModuleDeclaration':
      return declaration.id && 'name' in declaration.id ? [declaration.id.name] : []
    default:
      return []
  }
}
