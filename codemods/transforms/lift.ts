/** Calls of a driver become calls of a client, or are joined with them. All other bytes of the file stay. */
import type { Argument } from '../describe/describe.js'
import { quoted } from '../generate/text.js'
import type { CallSiteEdit, EventEdit, LiftEdit, Otherwise } from '../plan/plan.js'
import type { Binding } from '../site/bindings.js'
import { type Node, visit } from '../site/parse.js'
import { readResult, rowHelperOf, type TextEdit } from '../site/result.js'
import { codeOf, openSource, type SourceFile } from '../site/source-file.js'
import { statementAround } from '../site/statement.js'
import { besideEdits } from './beside.js'
import { importEdits, localNames, type WantedImport } from './imports.js'
import { arrowsOf, indentationAt, layoutOf, MAX_WIDTH } from './layout.js'
import { notesOf } from './notes.js'
import { readResults, shortened, withResults } from './read-results.js'
import { spentImports, spentPools, spentStatements } from './spent.js'
import { joinerFor, joinsCode, orderEnd, orderStart, splitEdits } from './split.js'
import { applyEdits, removal } from './text-edits.js'

/**
 * Rewrites the call sites of one file. An edit whose call is not there any more (the file has changed, or the edit was
 * made before) is left out, so that a second run changes nothing.
 *
 * @returns the new text; the same text where there is nothing to do
 */
export function liftCalls(path: string, text: string, edits: CallSiteEdit[]): string {
  const file = openSource(path, text)
  if (!file) return text
  const found = edits
    .flatMap(edit => {
      const call = callOf(file, edit)
      return call ? [{ edit, call }] : []
    })
    // A call among another's values goes along with that one; the next run finds it.
    .filter(({ call }, _, all) => !all.some(other => other.call !== call && contains(other.call, call)))
  if (found.length === 0) return text
  const wanted = distinct(
    found.flatMap(({ edit }) => [...clientsOf(edit), ...helperOf(edit), ...joinerOf(edit)]),
  )
  const locals = localNames(file, wanted)
  const results = found.map(({ edit, call }) =>
    isReplaced(edit)
      ? readResult(file, call, edit.result, edit.isWrite, edit.kind === 'lift' ? edit.valueColumn : null)
      : null,
  )
  const replaced = found.filter(({ edit }) => isReplaced(edit)).map(({ call }) => call)
  const readings = results.flatMap(result => result?.edits ?? [])
  const read = readResults(file, readings)
  // What a call hands over is written with it.
  const changes: TextEdit[] = shortened(
    file,
    readings.filter(each => !replaced.some(call => contains(call, each))),
  )
  for (const [at, { edit, call }] of found.entries()) {
    if (edit.kind === 'split') {
      changes.push(...splitEdits(file, call, edit, locals))
      continue
    }
    const client = locals.get(edit.client.name)!
    const result = results[at]
    const codeOfCall = (of: LiftEdit | EventEdit, place?: Place): string => {
      const handed = of.arguments.map(each => ({ ...each, code: withResults(each.code, call, read) }))
      return callCode(file, call, { ...of, arguments: handed }, client, result?.isDiscarded ?? true, place)
    }
    const codeFrom = (of: LiftEdit | EventEdit, place?: Place): string => {
      const otherwise = of.kind === 'lift' ? of.otherwise : null
      if (!otherwise || of.kind !== 'lift') return codeOfCall(of, place)
      return chosen(
        file,
        otherwise.test,
        each => codeOfCall(of, each),
        each => codeFrom({ ...of, ...otherwise }, each),
        place ?? placeOf(file, call),
        place === undefined,
      )
    }
    const code = codeFrom(edit)
    const joined = edit.kind === 'lift' ? edit.joined : null
    const joins = joined?.joins.map(join => ({
      ...join,
      arguments: join.arguments.map(each => ({ ...each, code: withResults(each.code, call, read) })),
    }))
    const order = joined?.order ?? []
    const rows = joins
      ? `${orderStart(order, locals)}${locals.get('joinRows')}(${code}${joinsCode(file, call, joins, locals)})${orderEnd(file, order)}`
      : code
    if (!result) {
      changes.push(...besideEdits(file, call, code))
      continue
    }
    const [helper] = helperOf(edit)
    const after = helper ? result.after.replace(helper.name, locals.get(helper.name)!) : result.after
    changes.push({ start: call.start, end: call.end, text: `${rows}${arrowsOf(file, after)}` })
  }
  const handedOver = found.flatMap(({ edit, call }) => {
    if (edit.kind === 'split') return []
    const given = [...edit.arguments, ...argumentsOfJoins(edit)].map(({ code }) => code)
    return [...given, ...(edit.kind === 'lift' ? codesOf(edit.otherwise) : [])].map(code => ({ code, call }))
  })
  const isHandedOver = (binding: Binding): boolean => {
    const scope = scopeOf(file, binding)
    return handedOver.some(({ code, call }) => contains(scope, call) && mentions(code, binding.name))
  }
  const lifted = found.filter(({ edit }) => edit.kind === 'lift').map(({ call }) => call)
  const making = found.flatMap(({ edit }) => edit.making ?? [])
  const statements = [...spentStatements(file, replaced, making, isHandedOver), ...spentPools(file, lifted)]
  const calling = new Set(replaced.map(call => statementAround(file, call).start))
  const removals = withoutOverlap(whole(text, statements, calling).map(range => removal(text, range)))
  const kept = changes.filter(each => !removals.some(range => contains(range, each)))
  const gone = [...replaced, ...statements]
  // What the new calls hand over is still used.
  const imports = spentImports(file, gone)
  const stillUsed = (name: string): boolean => kept.some(change => mentions(change.text, name))
  const spent = imports.filter(specifier => !stillUsed(specifier.local.name))
  return applyEdits(text, [...kept, ...removals, ...importEdits(file, wanted, locals, spent)])
}

/** The block in which a name means this. */
function scopeOf(file: SourceFile, { declaration }: Binding): Range {
  const around = file.bindings.around(declaration)
  return around.findLast(({ type }) => type === 'BlockStatement') ?? file.program
}

/** What joins the rows of several calls. */
function joinerOf(edit: CallSiteEdit): WantedImport[] {
  const joining = edit.kind === 'split' ? edit : edit.kind === 'lift' ? edit.joined : null
  if (!joining || joining.joins.length === 0) return []
  const names = [...(joining.order.length === 0 ? [] : ['inOrder']), joinerFor(edit)]
  return names.map(name => ({ name, module: joining.runtime }))
}

function argumentsOfJoins(edit: LiftEdit | EventEdit): { name: string; code: string }[] {
  return edit.kind === 'lift' ? (edit.joined?.joins ?? []).flatMap(join => join.arguments) : []
}

/** The function of the runtime that the new code calls beside the client. */
function helperOf(edit: CallSiteEdit): WantedImport[] {
  const name = edit.kind === 'lift' ? rowHelperOf(edit.result) : null
  return name && edit.kind === 'lift' ? [{ name, module: edit.rows }] : []
}

/** The clients that it calls, or the publisher. */
function clientsOf(edit: CallSiteEdit): WantedImport[] {
  if (edit.kind === 'split') return edit.joins.map(({ client }) => client)
  const others = edit.kind === 'lift' ? (edit.joined?.joins ?? []) : []
  return [edit.client, ...others.map(({ client }) => client)]
}

function callOf(file: SourceFile, edit: CallSiteEdit): Node | null {
  const start = offsetOf(file.text, edit.line, edit.column)
  let found: Node | null = null
  visit(file.program, node => {
    const isCall = node.type === 'CallExpression' || node.type === 'TaggedTemplateExpression'
    if (isCall && node.start === start && codeOf(file, node) === edit.code) found = node
  })
  return found
}

/** `clinicalClient.getPatientById<RowDataPacket>({ id })` */
function callCode(
  file: SourceFile,
  call: Node,
  edit: LiftEdit | EventEdit,
  client: string,
  isDiscarded: boolean,
  place: Place = placeOf(file, call),
): string {
  const type =
    isDiscarded || edit.kind === 'event' || !file.isTypeScript ? '' : `<${rowType(file, call, edit)}>`
  const isEvent = edit.kind === 'event'
  const head = isEvent
    ? `${client}.${edit.publish}(${edit.connection}, `
    : `${client}.${edit.operation}${type}(`
  if (edit.arguments.length === 0) return isEvent ? `${head}{})` : `${head})`
  const entries = edit.arguments.map(argument => entryOf(file, argument))
  const { step, newline } = layoutOf(file)
  const { indentation, column } = place
  const line = `${head}{ ${entries.join(', ')} })`
  const notes = notesOf(file, call)
  const areNoted = edit.arguments.some(({ code }) => notes.has(code))
  if (!areNoted && column + line.length <= MAX_WIDTH && !line.includes('\n')) return line
  const inner = indentation + step
  const written = entries.map((entry, at) => {
    const { above, behind } = notes.get(edit.arguments[at]!.code) ?? { above: [], behind: null }
    const lines = [...above, `${entry},${behind === null ? '' : ` ${behind}`}`]
    return lines.map(each => `${inner}${each}${newline}`).join('')
  })
  return `${head}{${newline}${written.join('')}${indentation}})`
}

/** `id`, `name: body.name`, `direction: order as 'ASC' | 'DESC'` */
function entryOf(file: SourceFile, { name, code, values }: Argument): string {
  if (values && file.isTypeScript) {
    const { quote } = layoutOf(file)
    const types = values.map(value => quoted(value, quote))
    if (code.endsWith(' : undefined')) types.push('undefined')
    return `${name}: ${/^[\w$.?!]+$/.test(code) ? code : `(${code})`} as ${types.join(' | ')}`
  }
  return name === code ? name : `${name}: ${code}`
}

/** Where code is written. */
interface Place {
  column: number
  indentation: string
}

function placeOf({ text }: SourceFile, { start }: Node): Place {
  return {
    column: start - (text.lastIndexOf('\n', start - 1) + 1),
    indentation: indentationAt(text, start),
  }
}

/** What the other calls hand over and ask. */
function codesOf(otherwise: Otherwise | null): string[] {
  if (!otherwise) return []
  const { test, arguments: given, otherwise: more } = otherwise
  return [test, ...given.map(({ code }) => code), ...codesOf(more)]
}

/**
 * `(all ? client.listA() : client.listB({ id }))`
 *
 * @param yes the calls, as they are at a place
 * @param isFirst whether it stands in no other one
 */
function chosen(
  file: SourceFile,
  test: string,
  yes: (place: Place) => string,
  no: (place: Place) => string,
  { column, indentation }: Place,
  isFirst: boolean,
): string {
  const { step, newline } = layoutOf(file)
  const [open, close] = isFirst ? ['(', ')'] : ['', '']
  const asked = / \? .* : /.test(test) ? `(${test})` : test
  const line = `${open}${asked} ? ${yes({ column: 0, indentation })} : ${no({ column: 0, indentation })}${close}`
  if (column + line.length <= MAX_WIDTH && !line.includes('\n')) return line
  const inner = isFirst ? `${indentation}${step}` : indentation
  const place = { column: inner.length + 2, indentation: inner }
  return `${open}${asked}${newline}${inner}? ${yes(place)}${newline}${inner}: ${no(place)}${close}`
}

/** The type that the code gave its rows, or `any`, which they had where it gave none. */
function rowType(file: SourceFile, call: Node, edit: LiftEdit | EventEdit): string {
  const [argument] = call.typeParameters?.params ?? call.typeArguments?.params ?? []
  if (!argument) return 'any'
  const code = codeOf(file, argument)
  if (edit.isWrite && edit.result === 'tuple') return code
  if (edit.typeArgument === 'row') return code
  if (edit.result === 'object' || edit.isWrite) return 'any'
  if (argument.type === 'TSArrayType') return codeOf(file, argument.elementType)
  const [element] = argument.typeParameters?.params ?? []
  if (argument.typeName?.name === 'Array' && element) return codeOf(file, element)
  return argument.type === 'TSAnyKeyword' || argument.type === 'TSUnknownKeyword' ? 'any' : `${code}[number]`
}

interface Range {
  start: number
  end: number
}

/**
 * What goes with these statements: their comments, and the blank lines between them.
 *
 * @param calling where statements begin that call instead
 */
function whole(text: string, statements: Node[], calling: ReadonlySet<number>): Range[] {
  const ranges = together(text, statements).map(
    range => upToCall(text, range, calling) ?? withComment(text, range),
  )
  return together(text, ranges)
}

/** Ranges one after the other as one, with the blank lines between them. */
function together(text: string, all: Range[]): Range[] {
  const ranges: Range[] = []
  for (const { start, end } of all.toSorted((a, b) => a.start - b.start)) {
    const last = ranges.at(-1)
    if (last && text.slice(last.end, start).trim() === '') last.end = Math.max(last.end, end)
    else ranges.push({ start, end })
  }
  return ranges
}

/** With the blank lines up to the call that follows, where a comment stands above: it is about that now. Null elsewhere. */
function upToCall(text: string, { start, end }: Range, calling: ReadonlySet<number>): Range | null {
  const between = /^[ \t]*(?:\r?\n[ \t]*)+/.exec(text.slice(end))?.[0] ?? ''
  const line = lineStart(text, start)
  const above = commentAbove(text, line)
  if (above === null || !calling.has(end + between.length)) return null
  if (text.slice(line, start).trim() !== '' || OF_TOOLS.test(text.slice(above, line))) return null
  return { start, end: lineStart(text, end + between.length) - 1 }
}

/** Comments that say how what stands below is to be read, and not what it is for. */
const OF_TOOLS = /\blanguage\s*=|eslint-|prettier-|biome-|@ts-|\/\*\s*sql\b/i

/**
 * With the comment lines right above, where they can mean nothing else: nothing stands right below, or what has a
 * comment of its own.
 */
function withComment(text: string, { start, end }: Range): Range {
  const lineEnd = text.indexOf('\n', end)
  const isAlone = lineEnd !== -1 && /^\s*(?:\/\/.*)?$/.test(text.slice(end, lineEnd).trimEnd())
  if (!isAlone || !/^[^\S\n]*(?:\n|\}|\/[/*])/.test(text.slice(lineEnd + 1))) return { start, end }
  let from = start
  for (let line = lineStart(text, start); line > 0; ) {
    const above = commentAbove(text, line)
    if (above === null) break
    from = line = above
  }
  return { start: from, end }
}

/** Where the comment begins that ends right above a line; null where there is none on lines of its own. */
function commentAbove(text: string, line: number): number | null {
  const above = lineStart(text, line - 1)
  const code = text.slice(above, line).trim()
  if (code.startsWith('//')) return above
  if (!code.endsWith('*/')) return null
  const open = text.lastIndexOf('/*', line)
  const start = lineStart(text, open)
  return text.slice(start, open).trim() === '' ? start : null
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

/** Whether another call takes the place of the one that is there. */
function isReplaced(edit: CallSiteEdit): boolean {
  return edit.kind === 'lift' || (edit.kind === 'event' && !edit.isBeside)
}

function contains(outer: Range, inner: Range): boolean {
  return inner.start >= outer.start && inner.end <= outer.end
}

function withoutOverlap(edits: TextEdit[]): TextEdit[] {
  const sorted = edits.toSorted((a, b) => a.start - b.start || b.end - a.end)
  const kept: TextEdit[] = []
  for (const edit of sorted) {
    const last = kept.at(-1)
    if (!last || edit.start >= last.end) kept.push(edit)
    else last.end = Math.max(last.end, edit.end)
  }
  return kept
}

function distinct(wanted: WantedImport[]): WantedImport[] {
  return [...new Map(wanted.map(each => [`${each.name}\0${each.module}`, each])).values()].sort((a, b) =>
    a.name < b.name ? -1 : 1,
  )
}

function offsetOf(text: string, line: number, column: number): number {
  let at = 0
  for (let number = 1; number < line; number++) {
    const end = text.indexOf('\n', at)
    if (end === -1) return -1
    at = end + 1
  }
  return at + column - 1
}

/** Whether code may use what is called so: never no where it does. */
function mentions(code: string, name: string): boolean {
  return new RegExp(`(?<![\\w$]|(?<!\\.\\.)\\.)${name.replaceAll('$', '\\$')}(?![\\w$])`).test(code)
}
