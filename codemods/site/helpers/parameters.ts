/** What the parameters of a function are at a call of it. */
import type { Binding } from '../bindings.js'
import type { Node } from '../parse.js'
import { isAssigned, isPure } from '../purity.js'
import { Refusal } from '../refusal.js'
import { bare, codeOf, type SourceFile } from '../source-file.js'
import { ADVICE, type Helper } from './helper.js'
import type { Meanings } from './rendering.js'

/** What a parameter is that gets a name of its own. */
export interface Named {
  name: string
  code: string
}

/**
 * Gives each parameter its meaning: what the call hands over, or a name for it.
 *
 * @param fresh a name that is nowhere in the code
 * @returns constants that have to stand before the body
 * @throws Refusal
 */
export function bindParameters(
  helper: Helper,
  file: SourceFile,
  call: Node,
  meanings: Meanings,
  fresh: (name: string) => string,
): Named[] {
  const { fn } = helper
  const given: Node[] = call.arguments
  const named: Named[] = []
  if (given.some(each => each.type === 'SpreadElement')) throw unknown('its arguments are spread')
  if (given.length > fn.params.length) throw unknown('it gets more than it takes')
  for (const [at, param] of (fn.params as Node[]).entries()) bind(param, given[at] ?? null)
  return named

  function unknown(why: string): Refusal {
    const shown = codeOf(file, call).replace(/\s+/g, ' ').slice(0, 60)
    return new Refusal(`a piece of its SQL text comes from \`${shown}\`, and ${why}`, ADVICE)
  }

  function bind(param: Node, argument: Node | null): undefined {
    const value = argument && bare(argument)
    switch (param.type) {
      case 'Identifier':
        // What the compiler was told of it, it has to be told where it is written instead.
        if (value && isPath(value) && argument.type === 'TSAsExpression' && !isAssignedTo(param))
          return mean(param, `(${codeOf(file, argument)})`)
        if (value) return name(param, value)
        throw unknown(`nothing is given for \`${param.name}\``)
      case 'AssignmentPattern':
        return withDefault(param, value)
      case 'ObjectPattern':
        if (value) return destructure(param, value)
        throw unknown('nothing is given for its fields')
      default:
        throw unknown('its parameters are not written one by one')
    }
  }

  function withDefault({ left, right }: Node, value: Node | null): undefined {
    if (value && isNeverUndefined(value)) return bind(left, value)
    if (!/^(?:String|Numeric|Boolean)Literal$/.test(right.type) || left.type !== 'Identifier')
      throw unknown('a parameter may have its default, which is no text or number')
    const own = codeOf(helper.file, right)
    if (!value) return mean(left, own)
    if (!isPure(value)) throw unknown(`\`${codeOf(file, value)}\` is made for it`)
    const code = codeOf(file, value)
    constant(left, `${code} === undefined ? ${own} : ${code}`)
  }

  /** Texts, lists and objects that are written, here or in the constant that is handed over. */
  function isNeverUndefined(value: Node): boolean {
    const WRITTEN = /Literal$|^(?:Array|Object)Expression$/
    if (WRITTEN.test(value.type)) return true
    const binding = value.type === 'Identifier' ? file.bindings.of(value) : null
    const init: Node | null = binding && !binding.isAmbiguous ? binding.declaration.init : null
    if (binding?.kind === 'const' && init && binding.declaration.id === binding.identifier)
      return WRITTEN.test(bare(init).type)
    // A parameter with a default of its own.
    const params: Node[] = binding?.kind === 'param' ? (binding.declaration.params ?? []) : []
    return params.some(
      each =>
        each.type === 'AssignmentPattern' &&
        each.left === binding!.identifier &&
        WRITTEN.test(each.right.type) &&
        !isAssigned(binding!.references),
    )
  }

  function destructure({ properties }: Node, value: Node): undefined {
    for (const property of properties as Node[]) {
      const field: string | undefined =
        property.type === 'ObjectProperty' && !property.computed ? property.key.name : undefined
      if (field === undefined) throw unknown('its fields are not written one by one')
      const target: Node = property.value
      if (value.type === 'ObjectExpression') {
        const own = value.properties.find((each: Node) => each.key?.name === field)
        if (own?.type !== 'ObjectProperty') throw unknown(`nothing is given for \`${field}\``)
        bind(target, own.value)
        continue
      }
      if (!isPath(value)) throw unknown('what it gets is made for it')
      const code = `${codeOf(file, value)}.${field}`
      if (target.type === 'Identifier') mean(target, code)
      else if (target.type === 'AssignmentPattern' && isLiteral(target.right))
        constant(target.left, `${code} === undefined ? ${codeOf(helper.file, target.right)} : ${code}`)
      else throw unknown('its fields are not written one by one')
    }
  }

  function name(param: Node, value: Node): undefined {
    if (value.type === 'ObjectExpression') {
      const fields = fieldsOf(value)
      if (!fields) throw unknown('the object that it gets is not written field by field')
      meanings.set(bindingOf(param), fields)
      return
    }
    const isAsItIs = isPath(value) || isLiteral(value)
    if (isAsItIs && !isAssignedTo(param)) return mean(param, codeOf(file, value))
    if (!isPure(value)) throw unknown(`\`${codeOf(file, value).slice(0, 40)}\` is made for it`)
    constant(param, codeOf(file, value))
  }

  function fieldsOf({ properties }: Node): Map<string, string> | null {
    const fields = new Map<string, string>()
    for (const each of properties as Node[]) {
      if (each.type !== 'ObjectProperty' || each.computed || !isPure(each.value)) return null
      const code = codeOf(file, each.value)
      fields.set(
        each.key.name ?? each.key.value,
        isPath(each.value) || isLiteral(each.value) ? code : `(${code})`,
      )
    }
    return fields
  }

  function mean(param: Node, code: string): undefined {
    const binding = bindingOf(param)
    if (isAssigned(binding.references)) return constant(param, code)
    meanings.set(binding, code)
  }

  function constant(param: Node, code: string): undefined {
    const own = fresh(param.name)
    meanings.set(bindingOf(param), own)
    const word = isAssigned(bindingOf(param).references) ? 'let' : 'const'
    named.push({ name: own, code: `${word} ${own} = ${code};` })
  }

  function isAssignedTo(param: Node): boolean {
    return isAssigned(bindingOf(param).references)
  }

  function bindingOf(param: Node): Binding {
    const binding = helper.file.bindings.of(param)
    if (!binding || binding.isAmbiguous) throw unknown('its parameters have one name twice')
    return binding
  }
}

/** `filters`, `this.options.page`, `req.query.status` */
export function isPath(node: Node): boolean {
  const plain = bare(node)
  if (plain.type === 'Identifier') return plain.name !== 'undefined'
  return (
    plain.type === 'ThisExpression' ||
    (/^(?:Optional)?MemberExpression$/.test(plain.type) && !plain.computed && isPath(plain.object))
  )
}

function isLiteral({ type }: Node): boolean {
  return /^(?:String|Numeric|Boolean|Null)Literal$/.test(type)
}
