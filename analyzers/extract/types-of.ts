/** Type annotations to the names that matter: `Promise<Pool | null>` -> ['Promise', 'Pool']. */
import type { TSType, TSTypeAnnotation, TSTypeName } from '@oxc-project/types'

const MAX_NAMES = 40

/** Named types in an annotation, outermost first; of primitives `string`, and literal texts with a `'` before. */
export function typeNames(annotation: TSTypeAnnotation | TSType | null | undefined): string[] {
  const names: string[] = []
  const visit = (type: TSType): void => {
    if (names.length >= MAX_NAMES) return
    switch (type.type) {
      case 'TSTypeReference':
        names.push(nameOf(type.typeName))
        for (const argument of type.typeArguments?.params ?? []) visit(argument)
        break
      case 'TSUnionType':
      case 'TSIntersectionType':
        for (const part of type.types) visit(part)
        break
      case 'TSArrayType':
        visit(type.elementType)
        break
      case 'TSTypeOperator':
        visit(type.typeAnnotation)
        break
      case 'TSTypeQuery':
        if (type.exprName.type !== 'TSImportType') names.push(nameOf(type.exprName))
        break
      case 'TSLiteralType':
        if (type.literal.type === 'Literal' && typeof type.literal.value === 'string') {
          names.push(`'${type.literal.value}`)
        }
        break
      case 'TSStringKeyword':
        names.push('string')
        break
    }
  }
  if (annotation) visit(annotation.type === 'TSTypeAnnotation' ? annotation.typeAnnotation : annotation)
  return names
}

function nameOf(name: TSTypeName): string {
  if (name.type === 'Identifier') return name.name
  if (name.type === 'TSQualifiedName') return `${nameOf(name.left)}.${name.right.name}`
  return 'this'
}
