/** What an import means, through files that only hand it on. */
import { keyName } from '../connection/functions.js'
import type { Mentions } from '../connection/mentions.js'
import type { Binding } from './bindings.js'
import { fixedField, fixedProperty } from './fixed-members.js'
import type { Node } from './parse.js'
import { bare, type SourceFile } from './source-file.js'

/** How a file finds others. */
export interface Files {
  sourceOf(path: string): SourceFile | null
  resolve(from: string, specifier: string): string | null
  /** Every place where the source says a name, where it can be asked. */
  mentions?: Mentions
}

/** A declaration: a function, a class, a declarator, or the expression of a default export. */
export interface Declared {
  file: SourceFile
  node: Node
}

const MAX_HOPS = 5

/** @param member what is taken of the module, where all of it is imported as one object */
export function imported(
  file: SourceFile,
  binding: Binding,
  files: Files,
  member: string | null = null,
): Declared | null {
  const name = nameOf(binding.declaration, binding.name, member)
  return name === null ? null : exportedFrom(file.path, moduleOf(file, binding), name, files, MAX_HOPS)
}

/** `pg` of a name that `import { DatabaseError } from 'pg'` declares. */
export function moduleOf(file: SourceFile, { declaration }: Binding): string {
  return file.bindings.around(declaration).at(-1)!.source.value
}

function nameOf({ type, imported }: Node, local: string, member: string | null): string | null {
  if (type === 'ImportNamespaceSpecifier') return member
  return type === 'ImportDefaultSpecifier' ? 'default' : (imported?.name ?? local)
}

function exportedFrom(
  from: string,
  module: string,
  name: string,
  files: Files,
  hops: number,
): Declared | null {
  const path = files.resolve(from, module)
  const file = path === null ? null : files.sourceOf(path)
  if (!file || hops === 0) return null
  for (const statement of file.program.body as Node[]) {
    const declared = statement.declaration
    const isDefault = statement.type === 'ExportDefaultDeclaration'
    if (isDefault && name === 'default') return declaredBy(file, declared)
    const found =
      declared?.id?.name === name && !isDefault
        ? declared
        : declared?.declarations?.find((each: Node) => each.id.name === name)
    if (found) return { file, node: found }
    const hands = statement.specifiers?.find((each: Node) => each.exported?.name === name)
    if (hands && !statement.source) return declaredBy(file, hands.local)
    const isAll = statement.type === 'ExportAllDeclaration'
    if (!statement.source || (!isAll && !hands)) continue
    const inner = exportedFrom(file.path, statement.source.value, hands?.local?.name ?? name, files, hops - 1)
    if (inner) return inner
  }
  return null
}

/** What an exported expression is declared by, if it is a name. */
function declaredBy(file: SourceFile, node: Node): Declared | null {
  if (node.type !== 'Identifier') return { file, node }
  const binding = file.bindings.of(node)
  return binding && binding.kind !== 'import' ? { file, node: binding.declaration } : null
}

/** Expressions that are looked at for one text. */
const MAX_PARTS = 200

/** The text of a constant, also of another file, that is made of such and of nothing else; null for others. */
export function constantText(
  file: SourceFile,
  expression: Node,
  files: Files,
  budget = { left: MAX_PARTS },
): string | null {
  const node = bare(expression)
  if (budget.left-- <= 0) return null
  if (node.type === 'StringLiteral') return node.value
  if (node.type === 'TemplateLiteral') {
    const values = node.expressions.map((each: Node) => constantText(file, each, files, budget))
    if (values.includes(null)) return null
    return node.quasis
      .map((each: Node, at: number) => `${each.value.cooked ?? ''}${values[at] ?? ''}`)
      .join('')
  }
  if (node.type === 'MemberExpression' && !node.computed) {
    const holder = bare(node.object)
    const found = holder.type === 'Identifier' ? declarationOf(file, holder, files) : null
    const member = found && memberOf(found, node.property.name)
    const fixed = member
      ? { file: found!.file, node: member }
      : ((found && fixedProperty(found, keyName(node) ?? '', files)) ?? fixedField(file, node, files))
    return fixed ? constantText(fixed.file, fixed.node, files, budget) : null
  }
  const found = node.type === 'Identifier' ? declarationOf(file, node, files) : null
  return found && isConstant(found) ? constantText(found.file, found.node.init, files, budget) : null
}

/** Where a name is declared, in this file or another. */
function declarationOf(file: SourceFile, name: Node, files: Files): Declared | null {
  const binding = file.bindings.of(name)
  if (!binding || binding.isAmbiguous) return null
  return binding.kind === 'import' ? imported(file, binding, files) : { file, node: binding.declaration }
}

function isConstant({ file, node }: Declared): boolean {
  return (
    node.type === 'VariableDeclarator' &&
    Boolean(node.init) &&
    file.bindings.around(node).at(-1)?.kind === 'const'
  )
}

/** The value of a member that nothing changes: of an enum, or of an object that is `as const`. */
function memberOf(declared: Declared, name: string): Node | null {
  const { node } = declared
  const isNamed = ({ id, key, computed }: Node): boolean =>
    !computed && ((id ?? key)?.name ?? (id ?? key)?.value) === name
  if (node.type === 'TSEnumDeclaration') {
    return (node.members ?? node.body?.members ?? []).find(isNamed)?.initializer ?? null
  }
  const { init } = node
  const isFixed = init?.type === 'TSAsExpression' && init.typeAnnotation.typeName?.name === 'const'
  if (!isFixed || !isConstant(declared) || init.expression.type !== 'ObjectExpression') return null
  const { properties } = init.expression
  if (properties.some(({ type }: Node) => type === 'SpreadElement')) return null
  return properties.find(isNamed)?.value ?? null
}
