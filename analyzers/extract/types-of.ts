/** Type annotations to the names that matter: `Promise<Pool | null>` -> ['Promise', 'Pool']. */
import type { TSSignature, TSType, TSTypeAnnotation, TSTypeName } from '@oxc-project/types'

const MAX_NAMES = 40

/**
 * Named types in an annotation, outermost first; of primitives `string`, literal texts and numbers with a `'`
 * before, and what `keyof` is said of with that.
 */
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
        if (type.operator === 'keyof')
          names.push(...typeNames(type.typeAnnotation).map(name => `keyof ${name}`))
        else visit(type.typeAnnotation)
        break
      case 'TSTypeQuery':
        if (type.exprName.type !== 'TSImportType') names.push(nameOf(type.exprName))
        break
      case 'TSLiteralType':
        if (type.literal.type === 'Literal' && /^(?:string|number)$/.test(typeof type.literal.value)) {
          names.push(`'${type.literal.value}`)
        }
        break
      case 'TSIndexedAccessType':
        // Any of them: `(typeof NAMES)[number]`, `(typeof TABLES)[keyof typeof TABLES]`.
        if (/^(?:TSNumberKeyword|TSTypeOperator)$/.test(type.indexType.type)) visit(type.objectType)
        break
      case 'TSParenthesizedType':
        visit(type.typeAnnotation)
        break
      case 'TSStringKeyword':
        names.push('string')
        break
    }
  }
  if (annotation) visit(annotation.type === 'TSTypeAnnotation' ? annotation.typeAnnotation : annotation)
  return names
}

/** The named types of the fields that an interface or the type of an object lists. */
export function fieldTypesOf(members: readonly TSSignature[]): Record<string, string[]> {
  const fields = Object.create(null) as Record<string, string[]>
  for (const member of members) {
    if (member.type !== 'TSPropertySignature' || member.computed || member.key.type !== 'Identifier') continue
    const types = typeNames(member.typeAnnotation).filter(isNamed)
    if (types.length > 0) fields[member.key.name] = types
  }
  return fields
}

/** The same of a type: of an object, or of several at once. */
export function fieldTypesIn(type: TSType): Record<string, string[]> {
  if (type.type === 'TSTypeLiteral') return fieldTypesOf(type.members)
  if (type.type !== 'TSIntersectionType') return {}
  return Object.assign(
    Object.create(null),
    ...type.types.map(part => (part.type === 'TSTypeLiteral' ? fieldTypesOf(part.members) : {})),
  ) as Record<string, string[]>
}

function isNamed(type: string): boolean {
  return type !== 'string' && !type.startsWith("'")
}

const MAX_TYPES_OF_FIELD = 4

/** The types of a field of what is declared so: those that are written there, or `Deps.pool` of a type by name. */
export function typesOfField(annotation: TSTypeAnnotation | null | undefined, field: string): string[] {
  if (!annotation) return []
  const written = fieldTypesIn(annotation.typeAnnotation)
  if (Object.hasOwn(written, field)) return written[field]
  return typeNames(annotation)
    .filter(isNamed)
    .slice(0, MAX_TYPES_OF_FIELD)
    .map(type => `${type}.${field}`)
}

/** Whether a declared type is one of arrays or Sets to which something can be added: `string[]`, `Array<string>`. */
export function isListType(annotation: TSTypeAnnotation | TSType): boolean {
  const type = annotation.type === 'TSTypeAnnotation' ? annotation.typeAnnotation : annotation
  switch (type.type) {
    case 'TSArrayType':
      return true
    case 'TSTypeReference':
      return /^(?:Array|Set)$/.test(nameOf(type.typeName))
    default:
      return false
  }
}

function nameOf(name: TSTypeName): string {
  if (name.type === 'Identifier') return name.name
  if (name.type === 'TSQualifiedName') return `${nameOf(name.left)}.${name.right.name}`
  return 'this'
}
