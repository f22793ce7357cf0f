/** What types and interfaces that are written in the code tell. */
import { posix } from 'node:path'
import type { Files } from './imported.js'
import { type Node, visit } from './parse.js'
import type { SourceFile } from './source-file.js'

export function nameOfType({ typeName }: Node): string | null {
  return typeName?.type === 'TSQualifiedName' ? typeName.right.name : (typeName?.name ?? null)
}

/** The annotation of a property of a type, as far as types and interfaces of the files tell it. */
export function typeOfProperty(
  file: SourceFile,
  annotation: Node | null,
  path: string[],
  files: Files,
): Node | null {
  const [first, ...rest] = path
  const type = annotation?.type === 'TSTypeAnnotation' ? annotation.typeAnnotation : annotation
  if (!type || first === undefined) return type ?? null
  const found =
    type.type === 'TSTypeLiteral'
      ? { file, members: type.members as Node[] }
      : type.type === 'TSTypeReference'
        ? membersOf(file, nameOfType(type) ?? '', files)
        : null
  const member = found?.members.find(each => !each.computed && (each.key?.name ?? each.key?.value) === first)
  return found && member?.typeAnnotation
    ? typeOfProperty(found.file, member.typeAnnotation, rest, files)
    : null
}

function membersOf(
  file: SourceFile,
  name: string,
  files: Files,
  hops = 5,
): { file: SourceFile; members: Node[] } | null {
  let found: Node[] | null = null
  let imported: Node | null = null
  visit(file.program, (node, around) => {
    if (node.type === 'TSInterfaceDeclaration' && node.id.name === name) found = node.body.body
    if (node.type === 'TSTypeAliasDeclaration' && node.id.name === name)
      found = node.typeAnnotation.members ?? found
    if (node.type === 'ImportSpecifier' && node.local.name === name) imported = around.at(-1)!
  })
  if (found) return { file, members: found }
  const source = (imported as Node | null)?.source?.value
  const path = source === undefined ? null : files.resolve(file.path, source)
  const next = path === null ? null : files.sourceOf(posix.normalize(path))
  return next && hops > 0 ? membersOf(next, name, files, hops - 1) : null
}
