/** Types whose values are pools: a transaction has another type. */
import { posix } from 'node:path'
import type { Repository } from '../repository/index.js'
import type { Node } from '../site/parse.js'
import { visit } from '../site/parse.js'
import type { SourceFile } from '../site/source-file.js'
import { keyName } from './functions.js'

/** pg, mysql2, mariadb: Pool. pg-promise: IDatabase. Slonik: DatabasePool. */
const POOLS = new Set(['Pool', 'DataSource', 'Sequelize', 'PrismaClient', 'IDatabase', 'DatabasePool'])

/** Whether an annotation names a pool and nothing else. */
export function isPoolType(annotation: Node | null | undefined): boolean {
  const type = annotation?.type === 'TSTypeAnnotation' ? annotation.typeAnnotation : annotation
  if (!type) return false
  if (type.type === 'TSParenthesizedType') return isPoolType(type.typeAnnotation)
  if (type.type === 'TSUnionType') {
    const present = type.types.filter((each: Node) => !/^TS(?:Undefined|Null)Keyword$/.test(each.type))
    return present.length > 0 && present.every(isPoolType)
  }
  return type.type === 'TSTypeReference' && POOLS.has(nameOfType(type) ?? '')
}

function nameOfType({ typeName }: Node): string | null {
  return typeName?.type === 'TSQualifiedName' ? typeName.right.name : (typeName?.name ?? null)
}

/** The annotation of a property of a type, as far as types and interfaces of the repository tell it. */
export function typeOfProperty(
  file: SourceFile,
  annotation: Node | null,
  path: string[],
  repository: Repository,
): Node | null {
  const [first, ...rest] = path
  const type = annotation?.type === 'TSTypeAnnotation' ? annotation.typeAnnotation : annotation
  if (!type || first === undefined) return type ?? null
  const found =
    type.type === 'TSTypeLiteral'
      ? { file, members: type.members as Node[] }
      : type.type === 'TSTypeReference'
        ? membersOf(file, nameOfType(type) ?? '', repository)
        : null
  const member = found?.members.find(each => keyName(each) === first)
  return found && member?.typeAnnotation
    ? typeOfProperty(found.file, member.typeAnnotation, rest, repository)
    : null
}

function membersOf(
  file: SourceFile,
  name: string,
  repository: Repository,
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
  const path = source === undefined ? null : repository.resolve(file.path, source)
  const next = path === null ? null : repository.sourceOf(posix.normalize(path))
  return next && hops > 0 ? membersOf(next, name, repository, hops - 1) : null
}
