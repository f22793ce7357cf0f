/** What an expression stands for, followed through names, imports, properties and functions that give it. */
import { keyName, returnsOf } from '../connection/functions.js'
import { pathIn } from '../connection/parameters.js'
import { type Binding, isFunction } from './bindings.js'
import { type Declared, type Files, imported } from './imported.js'
import type { Node } from './parse.js'
import { bare, type SourceFile } from './source-file.js'

const MAX_HOPS = 12

/**
 * The expressions that it may be, such as the literal of an object. What can't be followed (a parameter, what a package
 * gives, a variable that changes) is among them as it is written.
 */
export function valuesOf(file: SourceFile, expression: Node, files: Files, hops = MAX_HOPS): Declared[] {
  const node = bare(expression)
  const found = hops === 0 ? null : stepFrom(file, node, files, hops)
  return found === null
    ? [{ file, node }]
    : found.flatMap(each => valuesOf(each.file, each.node, files, hops - 1))
}

/** What a name, a property or a call stands for, one step on; null where that is not known, or nothing else. */
function stepFrom(file: SourceFile, node: Node, files: Files, hops: number): Declared[] | null {
  switch (node.type) {
    case 'AwaitExpression':
      return [{ file, node: node.argument }]
    case 'ConditionalExpression':
      return [node.consequent, node.alternate].map(each => ({ file, node: each }))
    case 'LogicalExpression':
      // What `a && b` is otherwise adds nothing, and is false.
      return (node.operator === '&&' ? [node.right] : [node.left, node.right]).map(each => ({
        file,
        node: each,
      }))
    case 'Identifier':
      return ofName(file, node, files, hops)
    case 'MemberExpression':
    case 'OptionalMemberExpression': {
      const name = keyName(node)
      if (name === null) return anyPropertyOf(valuesOf(file, node.object, files, hops - 1))
      if (node.object.type === 'ThisExpression') return fieldValues(file, node, name)
      const module = node.object.type === 'Identifier' ? file.bindings.of(node.object) : null
      if (module?.declaration.type === 'ImportNamespaceSpecifier')
        return ofDeclared(imported(file, module, files, name))
      return propertiesOf(valuesOf(file, node.object, files, hops - 1), [name], files, hops)
    }
    case 'CallExpression':
      return ofCall(file, node, files)
    default:
      return null
  }
}

function ofName(file: SourceFile, name: Node, files: Files, hops: number): Declared[] | null {
  const binding = file.bindings.of(name)
  const declarator = binding?.kind === 'import' ? null : binding?.declaration
  const path = declarator?.id?.type === 'ObjectPattern' ? pathIn(declarator.id, binding!.identifier) : null
  return path && declarator!.init && !isAssigned(binding!)
    ? propertiesOf(valuesOf(file, declarator!.init, files, hops - 1), path, files, hops)
    : ofDeclared(declaredBy(file, name, files))
}

/** What a declaration gives its name for good. */
function ofDeclared(found: Declared | null): Declared[] | null {
  if (!found || /^(?:Function|Class)/.test(found.node.type)) return null
  const { file, node } = found
  if (node.type !== 'VariableDeclarator') return [found]
  const binding = node.id.type === 'Identifier' ? file.bindings.of(node.id) : null
  return binding && node.init && !isAssigned(binding) ? [{ file, node: node.init }] : null
}

function isAssigned({ references, isAmbiguous }: Binding): boolean {
  return isAmbiguous || references.some(({ node, around }) => around.at(-1)?.left === node)
}

function ofCall(file: SourceFile, { callee, arguments: given }: Node, files: Files): Declared[] | null {
  const isFrozen = callee.object?.name === 'Object' && keyName(callee) === 'freeze'
  const isCopied = callee.name === 'structuredClone' && !file.bindings.of(callee)
  if ((isFrozen || isCopied) && given.length === 1) return [{ file, node: given[0] }]
  if (callee.name === 'require' && !file.bindings.of(callee)) return ofRequired(file, given[0], files)
  const found = callee.type === 'Identifier' ? declaredBy(file, callee, files) : null
  const fn =
    found && bare(found.node.type === 'VariableDeclarator' ? (found.node.init ?? callee) : found.node)
  if (!found || !fn || !isFunction(fn) || fn.generator || !fn.body) return null
  const returned = returnsOf(fn)
  return returned.length === 0 ? null : returned.map(each => ({ file: found.file, node: each }))
}

/** What a module of the code gives to `require`: what it exports as a whole, or the module itself, of which names are asked for. */
function ofRequired(file: SourceFile, module: Node | undefined, files: Files): Declared[] | null {
  const path = module?.type === 'StringLiteral' ? files.resolve(file.path, module.value) : null
  const source = path === null ? null : files.sourceOf(path)
  if (!source) return null
  const whole = (source.bindings.saying.get('exports') ?? []).flatMap((each): Node[] => {
    const [assignment, member] = source.bindings.around(each).slice(-2) as (Node | undefined)[]
    const isWhole = member?.object?.name === 'module' && assignment?.left === member
    return isWhole ? [assignment!.right] : []
  })
  const [only, ...others] = whole
  if (others.length > 0) return null
  return [{ file: source, node: only ?? source.program }]
}

/** What a module gives a name by `exports.name = …`, if it does so once. */
function exportedAs({ bindings }: SourceFile, name: string): Node | null {
  const given = (bindings.saying.get(name) ?? []).flatMap((each): Node[] => {
    const [assignment, member] = bindings.around(each).slice(-2) as (Node | undefined)[]
    const holder: Node | undefined = member?.property === each && !member.computed ? member.object : undefined
    const isOfModule =
      holder?.name === 'exports' || (holder?.object?.name === 'module' && keyName(holder) === 'exports')
    return isOfModule && assignment?.left === member ? [assignment!.right] : []
  })
  return given.length === 1 ? given[0]! : null
}

/** What declares a name: a declarator, a function, a class, or what a module exports as its default. */
function declaredBy(file: SourceFile, name: Node, files: Files): Declared | null {
  const binding = file.bindings.of(name)
  if (!binding || binding.isAmbiguous || binding.kind === 'param') return null
  return binding.kind === 'import' ? imported(file, binding, files) : { file, node: binding.declaration }
}

/** A property of each of these; null where one of them is no literal of an object that has it. */
function propertiesOf(of: Declared[], path: string[], files: Files, hops: number): Declared[] | null {
  const [name, ...rest] = path
  if (name === undefined) return of
  const found: Declared[] = []
  for (const { file, node } of of) {
    if (node.type === 'Program') {
      const given = exportedAs(file, name)
      if (!given) return null
      found.push({ file, node: given })
      continue
    }
    const list: Node[] = node.type === 'ObjectExpression' ? node.properties : []
    const at = list.findLastIndex(each => keyName(each) === name)
    const property = list[at]
    const isLast =
      property?.type === 'ObjectProperty' &&
      !list.slice(at).some(each => each.type === 'SpreadElement' || each.computed)
    if (!isLast) return null
    found.push({ file, node: property.value })
  }
  return rest.length === 0
    ? found
    : propertiesOf(
        found.flatMap(each => valuesOf(each.file, each.node, files, hops - 1)),
        rest,
        files,
        hops,
      )
}

/** All properties that an object's literal has, for one by a key that is only known when it runs; null for other objects. */
function anyPropertyOf(of: Declared[]): Declared[] | null {
  const isPlain = of.every(
    ({ node }) =>
      node.type === 'ObjectExpression' &&
      node.properties.length > 0 &&
      node.properties.every((each: Node) => each.type === 'ObjectProperty' && !each.computed),
  )
  return isPlain
    ? of.flatMap(({ file, node }) => node.properties.map((each: Node) => ({ file, node: each.value })))
    : null
}

/** What a class gives its field, where it is not handed to the constructor. */
function fieldValues(file: SourceFile, member: Node, name: string): Declared[] | null {
  const cls = file.bindings.around(member).findLast(each => /^Class(?:Decl|Expr)/.test(each.type))
  const field = cls?.body.body.find(
    (each: Node) => /^Class(?:Private)?Property$/.test(each.type) && keyName(each) === name,
  )
  const assigned = (file.bindings.saying.get(name) ?? []).flatMap(each => {
    const around = file.bindings.around(each)
    const [target, assignment] = [around.at(-1), around.at(-2)]
    return assignment?.type === 'AssignmentExpression' && assignment.left === target
      ? [assignment.right as Node]
      : []
  })
  const values: Node[] = [...(field?.value ? [field.value] : []), ...assigned]
  return !field || values.length === 0 ? null : values.map(each => ({ file, node: each }))
}
