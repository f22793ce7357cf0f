/** Parameters and patterns: what they are called, and which property of what is handed over they take. */
import type { Node } from '../site/parse.js'
import { keyName } from './functions.js'

/** The identifier of a parameter, without its default and modifiers. */
export function identifierOf(param: Node): Node | null {
  if (param.type === 'TSParameterProperty') return identifierOf(param.parameter)
  if (param.type === 'AssignmentPattern') return identifierOf(param.left)
  return param.type === 'Identifier' ? param : null
}

export function annotationOf(param: Node): Node | null {
  if (param.type === 'TSParameterProperty') return annotationOf(param.parameter)
  if (param.type === 'AssignmentPattern') return annotationOf(param.left)
  return param.typeAnnotation ?? null
}

/** Properties that lead to an identifier of a pattern; null where it is not in it, or not by properties alone. */
export function pathIn(pattern: Node, identifier: Node): string[] | null {
  switch (pattern.type) {
    case 'Identifier':
      return pattern === identifier ? [] : null
    case 'TSParameterProperty':
      return pathIn(pattern.parameter, identifier)
    case 'AssignmentPattern':
      return pathIn(pattern.left, identifier)
    case 'ObjectPattern':
      for (const property of pattern.properties as Node[]) {
        const name = keyName(property)
        const inner = property.type === 'ObjectProperty' ? pathIn(property.value, identifier) : null
        if (inner !== null && name !== null) return [name, ...inner]
      }
      return null
    default:
      return null
  }
}
