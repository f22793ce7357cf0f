/** SQL in a template with its values in place: pieces of other templates, and lists, among them. */
import { negated } from './conditions.js'
import type { Node } from './parse.js'
import { isPure, isStable } from './purity.js'
import { Refusal } from './refusal.js'
import { bare, codeOf, type SourceFile } from './source-file.js'
import type { TemplatePart } from './template.js'

/** @throws Refusal for what a template makes of a value that is not followed: names, rows to insert */
export function readTag(file: SourceFile, call: Node): TemplatePart[] {
  let slot = 0
  const tag = codeOf(file, call.tag)
  const slonik = slonikTag(file, call.tag)

  const read = (template: Node): TemplatePart[] =>
    template.quasi.quasis.flatMap((quasi: Node, at: number): TemplatePart[] => {
      const expression: Node | undefined = template.quasi.expressions[at]
      const text: TemplatePart = { kind: 'text', text: quasi.value.cooked ?? '' }
      return expression ? [text, ...partsOf(bare(expression), text.text)] : [text]
    })

  /** A piece, of this tag or a constant that holds one; null for a value. */
  const pieceOf = (node: Node): TemplatePart[] | null => {
    if (node.type === 'TaggedTemplateExpression') return read(node)
    if (node.type === 'MemberExpression' && codeOf(file, node) === 'Prisma.empty') return []
    if (node.type === 'ConditionalExpression') return choiceOf(node)
    if (node.type !== 'Identifier') return null
    const binding = file.bindings.of(node)
    const init = binding?.kind === 'const' && !binding.isAmbiguous ? binding.declaration.init : null
    return init ? pieceOf(bare(init)) : null
  }

  /** `${status ? sql`AND status = ${status}` : sql``}` */
  const choiceOf = ({ test, consequent, alternate }: Node): TemplatePart[] | null => {
    const [yes, no] = [pieceOf(bare(consequent)), pieceOf(bare(alternate))]
    if (!yes || !no) return null
    if (!isPure(test) || !isStable(test, file.bindings)) {
      throw new Refusal('a condition of its SQL text can not be evaluated a second time')
    }
    const code = codeOf(file, test)
    const isEmpty = (parts: TemplatePart[]): boolean =>
      parts.every(part => part.kind === 'text' && part.text.trim() === '')
    return [
      ...(isEmpty(yes) ? [] : [{ kind: 'optional' as const, test: code, parts: yes }]),
      ...(isEmpty(no) ? [] : [{ kind: 'optional' as const, test: negated(code), parts: no }]),
    ]
  }

  const partsOf = (node: Node, before: string): TemplatePart[] => {
    const piece = pieceOf(node)
    if (piece) return piece
    if (
      slonik !== null &&
      node.type === 'CallExpression' &&
      codeOf(file, node.callee).startsWith(`${slonik}.`)
    ) {
      return ofSlonik(node, before)
    }
    if (node.type === 'CallExpression' && isOfTag(node)) {
      const [list, ...more] = node.arguments as Node[]
      const isParenthesized = /\bIN\s*\(\s*$/i.test(before)
      const value = list && more.length === 0 ? listed(codeOf(file, list)) : null
      if (value && isJoin(node) && isParenthesized) return [value]
      if (value && !isJoin(node) && /\bIN\s*$/i.test(before)) {
        return [{ kind: 'text', text: '(' }, value, { kind: 'text', text: ')' }]
      }
      throw new Refusal(
        `\`${codeOf(file, node).slice(0, 60)}\` makes names or rows of its SQL text`,
        'give the owner an operation that takes what is chosen there, and write that by hand',
      )
    }
    return [{ kind: 'value', slot: slot++, code: codeOf(file, node) }]
  }

  /** What slonik makes of a value besides binding it: `sql.json(x)` is `$1::json`. */
  const ofSlonik = (node: Node, before: string): TemplatePart[] => {
    const [first, second] = node.arguments as Node[]
    const bound = (text: string): TemplatePart[] => [
      { kind: 'value', slot: slot++, code: codeOf(file, first!) },
      { kind: 'text', text },
    ]
    switch (node.callee.property?.name) {
      case 'json':
        return bound('::json')
      case 'jsonb':
        return bound('::jsonb')
      case 'array':
        if (second?.type === 'StringLiteral' && /^\w+$/.test(second.value))
          return bound(`::${second.value}[]`)
        break
      case 'join': {
        const isComma =
          second &&
          new RegExp(`^${slonik}(?:\\.fragment)?`).test(codeOf(file, second)) &&
          second.quasi?.quasis.length === 1 &&
          second.quasi.quasis[0].value.cooked.trim() === ','
        const isList = first && first.type !== 'ArrayExpression' && /\bIN\s*\(\s*$/i.test(before)
        if (isComma && isList && isPlainList(file, first)) return [listed(codeOf(file, first))]
        break
      }
      default:
        break
    }
    throw new Refusal(
      `\`${codeOf(file, node).replace(/\s+/g, ' ').slice(0, 60)}\` makes names, rows or moments of its SQL text`,
      'give the owner an operation that takes what is chosen there, and write that by hand',
    )
  }

  const listed = (code: string): TemplatePart => ({ kind: 'value', slot: slot++, code, list: true })
  const isJoin = ({ callee }: Node): boolean => codeOf(file, callee) === 'Prisma.join'
  const isOfTag = (node: Node): boolean =>
    codeOf(file, node.callee) === tag || /^Prisma\.(?:join|raw)$/.test(codeOf(file, node.callee))

  return read(call)
}

/** A list of values, and not of pieces. */
function isPlainList(file: SourceFile, node: Node): boolean {
  const init = node.type === 'Identifier' ? file.bindings.of(node)?.declaration.init : null
  return (
    (node.type === 'Identifier' || node.type === 'MemberExpression') &&
    !(init && codeOf(file, init).includes('`'))
  )
}

/** `sql` of `sql.type(schema)`…``, `sql.unsafe`…``; null for a tag that is no part of slonik's. */
function slonikTag(file: SourceFile, tag: Node): string | null {
  const member = tag.type === 'CallExpression' ? tag.callee : tag
  const isPart =
    member.type === 'MemberExpression' &&
    /^(?:type|typeAlias|unsafe|fragment)$/.test(member.property.name) &&
    member.object.type === 'Identifier'
  if (isPart) return codeOf(file, member.object)
  // Before its version 33 the tag was the whole.
  const binding = tag.type === 'Identifier' ? file.bindings.of(tag) : null
  const from =
    binding?.kind === 'import' ? file.bindings.around(binding.declaration).at(-1)!.source.value : ''
  return /slonik/.test(from) ? codeOf(file, tag) : null
}
