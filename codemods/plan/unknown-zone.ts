/** Dates that a call hands over, where it is not known by which clock its driver writes them. */
import type { Access } from '../../analyzers/model.js'
import type { Described } from '../describe/describe.js'
import type { Opened } from '../repository/connection-options.js'
import type { Repository } from '../repository/index.js'
import { isFunction } from '../site/bindings.js'
import type { Node } from '../site/parse.js'
import { Refusal } from '../site/refusal.js'
import { codeOf, type SourceFile } from '../site/source-file.js'
import type { RewriteDialect } from '../wire.js'

const DATES = new Set(['date', 'timestamp'])
/** What begins as a text or a number, or comes from a request as JSON has it. */
const BEGINS_AS_TEXT =
  /^(?:['"`\d]|String\(|Number\(|Date\.now\(|req(?:uest)?\.(?:params|query|body|headers)\b)/
const ENDS_AS_TEXT =
  /\.(?:to\w*String|toJSON|toISODate|toFormat|format|slice|substring|substr|trim|replace|getTime|valueOf)\([^()]*\)$|\.split\([^()]*\)\[\d\]$/
const MAX_HOPS = 4

/**
 * mysql2 and mariadb write a `Date` by the connection's `timezone`: where that is not known, neither is what the client
 * has to send for one.
 *
 * @throws Refusal for what may be a `Date`, and meets a date
 */
export function refuseUnknownZone(
  access: Access,
  { parameters, arguments: given }: Described,
  { unknown }: Opened,
  dialect: RewriteDialect,
  repository: Repository,
): void {
  if (unknown === null || dialect !== 'mysql') return
  const file = repository.sourceOf(access.file)
  for (const { name, type } of parameters) {
    const kinds =
      type.kind === 'list'
        ? [type.of.kind]
        : type.kind === 'rows'
          ? type.columns.map(each => each.type.kind)
          : [type.kind]
    const argument = given.find(each => each.name === name)
    if (!kinds.some(kind => DATES.has(kind)) || !argument) continue
    if (file && type.kind !== 'rows' && isText(file, access.line, argument.code)) continue
    throw new Refusal(
      `it is not known how its connection was opened, and so not by which clock it writes the date \`${argument.code}\`: ${unknown}`,
      'open it with options that are written out, in an object that is a constant, or hand the date over as text',
    )
  }
}

/** Whether the code of a value tells that it is a text or a number, by itself or by the type of its name. */
function isText(file: SourceFile, line: number, code: string, hops = 0): boolean {
  if (BEGINS_AS_TEXT.test(code) || ENDS_AS_TEXT.test(code)) return true
  if (hops === MAX_HOPS || !/^[\w$]+$/.test(code)) return false
  const node = (file.bindings.saying.get(code) ?? []).find(
    each =>
      each.type === 'Identifier' &&
      file.bindings
        .around(each)
        .some(at => isFunction(at) && at.loc.start.line <= line && at.loc.end.line >= line),
  )
  const binding = node && file.bindings.of(node)
  if (!binding || binding.isAmbiguous) return false
  const type: Node | undefined = binding.identifier.typeAnnotation?.typeAnnotation
  if (type) return isTextType(type)
  const { init, id } = binding.declaration
  if (binding.kind !== 'const' || id !== binding.identifier || !init) return false
  return isText(file, line, codeOf(file, init), hops + 1)
}

function isTextType({ type, types, literal }: Node): boolean {
  if (type === 'TSUnionType') return (types as Node[]).every(isTextType)
  if (type === 'TSLiteralType') return literal.type !== 'Identifier'
  return /^TS(?:String|Number|Null|Undefined)Keyword$/.test(type)
}
