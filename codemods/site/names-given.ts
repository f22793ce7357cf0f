/** Names of tables and columns that are among a call's values: `raw('UPDATE ?? SET a = ? WHERE id = ?', [TABLE, a, id])`. */
import type { Node } from './parse.js'
import type { Value } from './place.js'
import { isPure } from './purity.js'
import { bare, type SourceFile } from './source-file.js'

/**
 * The values without those that `??` stands for, which the linker has filled in. All of them where the text is not written
 * out, has as many placeholders as values in no way that is sure, or where what gives a name does more than that.
 */
export function withoutNames(file: SourceFile, text: Node, values: Node | null, listed: Value[]): Value[] {
  const elements: (Node | null)[] = values ? (bare(values).elements ?? []) : []
  const marks: string[] = writtenText(file, text)?.match(/\?\??/g) ?? []
  const isOfEach = marks.length === listed.length && elements.length === listed.length
  if (!isOfEach || !marks.includes('??')) return listed
  const isName = (index: number): boolean => marks[index] === '??'
  const areSure = elements.every(
    (each, index) => each !== null && each.type !== 'SpreadElement' && (!isName(index) || isPure(each)),
  )
  return areSure ? listed.filter((_, index) => !isName(index)) : listed
}

/** What is written of a text: all of it, but what a template has in `${}`. */
function writtenText(file: SourceFile, node: Node): string | null {
  const plain = bare(node)
  if (plain.type === 'StringLiteral') return plain.value
  if (plain.type === 'TemplateLiteral')
    return plain.quasis.map(({ value }: Node) => value.cooked ?? '').join(' ')
  const binding = plain.type === 'Identifier' ? file.bindings.of(plain) : null
  const init = binding?.kind === 'const' && !binding.isAmbiguous ? binding.declaration.init : null
  return init && bare(init).type !== 'Identifier' ? writtenText(file, init) : null
}
