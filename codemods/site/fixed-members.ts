/** Members that nothing changes: of the literal of an object, or of a class. Their values are constants as well. */
import { keyName } from '../connection/functions.js'
import { isFunction } from './bindings.js'
import { type Declared, type Files, imported } from './imported.js'
import { type Node, visit } from './parse.js'
import { bare, type SourceFile } from './source-file.js'

/** `schema` of `const config = { schema: 'clinic' }`; null for one that may have another value by now. */
export function fixedProperty({ file, node }: Declared, name: string, files: Files): Declared | null {
  const object = node.type === 'VariableDeclarator' && node.init ? bare(node.init) : null
  if (object?.type !== 'ObjectExpression' || node.id.type !== 'Identifier') return null
  const properties: Node[] = object.properties
  // A spread, a getter or a key that is made may stand in its place.
  if (!properties.every(each => each.type === 'ObjectProperty' && !each.computed)) return null
  const value = properties.findLast(each => keyName(each) === name)?.value
  return value && areOnlyRead({ file, node }, files) ? { file, node: value } : null
}

/** `schema` of `this.schema` or `Repository.schema`, where the class gives it a value and nothing another one. */
export function fixedField(file: SourceFile, member: Node, files: Files): Declared | null {
  const name = keyName(member)
  const of = bare(member.object)
  const cls =
    name === null ? null : of.type === 'ThisExpression' ? classOfThis(file, of) : classNamed(file, of)
  const fields: Node[] = (cls?.body.body ?? []).filter((each: Node) => keyName(each) === name)
  const [field, ...others] = fields
  const isField = field && /^Class(?:Private)?Property$/.test(field.type) && field.value
  if (!isField || others.length > 0 || (of.type !== 'ThisExpression' && !field.static)) return null
  const isOwn = field.type === 'ClassPrivateProperty' || field.accessibility === 'private'
  if (isAssignedAsWhole(cls!)) return null
  const isOnlyHere = isOwn ? !isWritten(file, name!) : isSaidOnce(cls!, field, name!, files)
  return isOnlyHere ? { file, node: field.value } : null
}

function classNamed(file: SourceFile, node: Node): Node | null {
  const declared = node.type === 'Identifier' ? file.bindings.of(node)?.declaration : null
  return declared?.type === 'ClassDeclaration' ? declared : null
}

/** The class whose `this` it is. */
function classOfThis(file: SourceFile, node: Node): Node | null {
  const around = file.bindings.around(node)
  const at = around.findLastIndex(each => isFunction(each) && each.type !== 'ArrowFunctionExpression')
  const body = around[at - 1]
  return body?.type === 'ClassBody' ? around[at - 2]! : null
}

/** A field that others see is one for all objects where no class has another of that name, and nobody writes to one. */
function isSaidOnce(cls: Node, field: Node, name: string, { mentions }: Files): boolean {
  if (!mentions || mentions.unreadable(name).length > 0) return false
  return mentions.of(name).every(({ node, around }) => {
    const parent = around.at(-1)!
    if (parent === field) return true
    const isMember = /^Class(?:Private)?(?:Property|Method)$/.test(parent.type) && parent.key === node
    // What inherits nothing can't stand in its place.
    const heir = isMember ? around.at(-3) : null
    if (heir && heir !== cls && heir.superClass) return false
    return !isTarget(around)
  })
}

/** `Object.assign(this, options)` */
function isAssignedAsWhole(cls: Node): boolean {
  let found = false
  visit(cls.body, ({ type, callee, arguments: given }) => {
    found ||=
      type === 'CallExpression' && callee.object?.name === 'Object' && given[0]?.type === 'ThisExpression'
  })
  return found
}

function isWritten(file: SourceFile, name: string): boolean {
  return (file.bindings.saying.get(name) ?? []).some(each => isTarget(file.bindings.around(each)))
}

/** Whether what says a name is a member that is written to. */
function isTarget(around: Node[]): boolean {
  const member = around.at(-1)!
  if (!/^(?:Optional)?MemberExpression$/.test(member.type)) return false
  const user = around.at(-2)!
  if (/^(?:AssignmentExpression|AssignmentPattern|ForInStatement|ForOfStatement)$/.test(user.type))
    return user.left === member
  if (user.type === 'UnaryExpression') return user.operator === 'delete'
  const isPattern = user.type === 'ObjectProperty' && around.at(-3)!.type === 'ObjectPattern'
  return user.type === 'UpdateExpression' || user.type === 'ArrayPattern' || isPattern
}

/** Whether all that the code does with an object is to take members of it, also in files that import it. */
function areOnlyRead(declared: Declared, files: Files): boolean {
  const { file, node } = declared
  const name: string = node.id.name
  const own = file.bindings.of(node.id)
  if (own?.kind !== 'const' || own.isAmbiguous) return false
  if (!own.references.every(({ around }) => isTaken(around) || isExport(around))) return false
  const isExported =
    file.bindings.around(node).some(({ type }) => type === 'ExportNamedDeclaration') ||
    own.references.some(({ around }) => isExport(around))
  if (!isExported) return !(file.bindings.saying.get('exports') ?? []).length
  const { mentions } = files
  if (!mentions || mentions.unreadable(name).length > 0) return false
  return mentions.of(name).every(({ file: at, node: said, around }) => {
    if (at === file) return true
    const parent = around.at(-1)!
    // `constants.config.schema = …`, `const { config } = require(…)`.
    if (/^(?:Optional)?MemberExpression$/.test(parent.type) && parent.property === said)
      return isTaken(around.slice(0, -1), parent)
    if (parent.type === 'ObjectProperty')
      return parent.key === said && around.at(-2)!.type !== 'ObjectPattern'
    const binding = said.type === 'Identifier' ? at.bindings.of(said) : null
    if (binding?.kind !== 'import') return true
    const isSame = imported(at, binding, files)?.node === node
    return !isSame || /^Import/.test(parent.type) || isTaken(around)
  })
}

function isTaken(around: Node[], of?: Node): boolean {
  const member = around.at(-1)!
  const isRead =
    /^(?:Optional)?MemberExpression$/.test(member.type) && !member.computed && (!of || member.object === of)
  return isRead && !isTarget(around)
}

function isExport(around: Node[]): boolean {
  return around.at(-1)!.type === 'ExportSpecifier'
}
