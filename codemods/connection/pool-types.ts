/** Types whose values are pools: a transaction has another type. */

import { nameOfType } from '../site/declared-types.js'
import type { Node } from '../site/parse.js'

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
