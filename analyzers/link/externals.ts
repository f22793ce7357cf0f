/** What calls into packages give: handles of drivers, SQL text from their helpers, paths, contents of `.sql` files. */

import type { Driver } from '../drivers/driver.js'
import { driverOfModule } from '../drivers/index.js'
import type { FileFacts } from '../extract/facts.js'
import { looksLikeSql } from '../sql/looks-like-sql.js'
import type { Evaluator } from './evaluate.js'
import { memberOf } from './evaluate.js'
import { fillPlaceholders } from './placeholders.js'
import type { Piece, Value } from './values.js'
import { choiceOf, knownText, piecesOf, roughText, textValue, unknown } from './values.js'

/** A call of something that is not in the repository, or that could not be found. */
export function callExternal(
  e: Evaluator,
  callee: Value,
  args: Value[],
  facts: FileFacts,
  at: number,
  code: string,
): Value {
  const origin = `${facts.file}@${at}`
  if (callee.kind === 'external') {
    const driver = driverOfModule(callee.module)
    const path = callee.path.filter(name => name !== 'default')
    if (driver) {
      const text = callText(e, driver, path, () => args, code)
      if (text) return text
      const name = path.join('.') || 'default'
      if (driver.factories.includes(name) || driver.handles.includes(path.at(-1) ?? '')) {
        return { kind: 'handle', driver, origin }
      }
      // Something made by a driver's own static method (`Pool.fromConfig()`) may well be a handle of it.
      if (path.length > 1 && driver.handles.includes(path[0])) return { kind: 'handle', driver, origin }
    }
    const known = callNodeModule(callee.module, path, args)
    if (known) return known
    if (path.at(-1) === 'promisify' && args[0]) return args[0]
  }
  const fromFile = e.sqlFiles.fromLoader(args, facts.file)
  if (fromFile) return fromFile
  if (QUOTES.test(code.replace(/\(\)$/, '')) && args[0]) return args[0]
  return textKeptBy(e, code, args) ?? unknown(code)
}

/** Functions of Node's own modules that make paths. */
function callNodeModule(module: string, path: string[], args: Value[]): Value | null {
  const name = path.at(-1) ?? ''
  switch (module.replace(/^node:/, '')) {
    case 'path':
    case 'path/posix':
      if (name === 'join' || name === 'resolve') {
        const pieces = args.flatMap((arg, index): Piece[] =>
          index === 0
            ? piecesOf(arg, 'path')
            : [{ kind: 'text', text: '/', file: '', line: 0 }, ...piecesOf(arg, 'path')],
        )
        return { kind: 'text', pieces }
      }
      if (name === 'dirname') return args[0] ? folderOf(args[0]) : null
      return name === 'normalize' ? (args[0] ?? null) : null
    case 'url':
      return name === 'fileURLToPath' || name === 'pathToFileURL' ? (args[0] ?? null) : null
    default:
      return null
  }
}

function folderOf(path: Value): Value | null {
  const known = knownText(path)
  return known === null ? null : textValue(known.slice(0, Math.max(0, known.lastIndexOf('/'))))
}

/**
 * SQL text that a helper of a driver builds: `as.format(text, values)`, `sql.identifier(['t'])`, `helpers.insert(…)`.
 * @returns null when the path names no such helper
 */
export function callText(
  e: Evaluator,
  driver: Driver,
  path: string[],
  args: () => Value[],
  code: string,
): Value | null {
  const name = path.join('.')
  const last = path.at(-1) ?? ''
  if (QUOTES.test(name)) return identifier(args(), code)
  const helped = path.length > 0 ? callTagHelper(last, args, code) : null
  if (helped) return helped
  if (last === 'unnest')
    return { kind: 'text', pieces: [{ kind: 'text', text: 'unnest(?)', file: '', line: 0 }], fragment: true }
  if (name.endsWith('helpers.ColumnSet')) return args()[1] ?? unknown(code)
  if (name.endsWith('helpers.TableName')) return args()[0] ?? unknown(code)
  if (name.endsWith('helpers.insert') || name.endsWith('helpers.update'))
    return helperStatement(e, last, args(), code)
  if (name.endsWith('helpers.concat')) return joined(args(), code, '; ')
  if (!driver.texts.includes(name) && !driver.texts.includes(last)) return null
  const [text, values] = args()
  if (!text || path.length === 0) return null
  if (text.kind === 'array') return text
  return { kind: 'text', pieces: fillPlaceholders(e, piecesOf(text, code), values), fragment: true }
}

/** What the helpers of a tag give, by their names; null for any other method. */
export function callTagHelper(method: string, args: () => Value[], code: string): Value | null {
  switch (method) {
    case 'identifier':
    case 'ident':
    case 'id':
      return identifier(args(), code)
    case 'join':
      return joined(args(), code)
    case 'raw':
    case 'unsafe':
    case 'literal':
    case 'fragment': {
      const [text] = args()
      return text?.kind === 'text' || text?.kind === 'param' || text?.kind === 'choice'
        ? { kind: 'text', pieces: piecesOf(text, code), fragment: true }
        : null
    }
    default:
      return null
  }
}

/** Functions that quote a name. */
const QUOTES = /(?:^|\.)(?:escapeId|escapeIdentifier|quoteIdent|quoteIdentifier|as\.name|as\.alias)$/

/** `${sql('users')}` of postgres.js is a name; `${sql(row)}` and `${sql(rows, 'a')}` are columns or values. */
export function identifierOfTag(driver: Driver, args: Value[], code: string): Value | null {
  if (!driver.tags.includes('')) return null
  const [first] = args
  if (first?.kind === 'text' && args.length === 1) return identifier(args, code)
  return first?.kind === 'object' || first?.kind === 'array' ? textValue('?') : null
}

/** `sql.identifier(['schema', 'table'])`. */
function identifier(args: Value[], code: string): Value {
  const [names] = args
  const items = names?.kind === 'array' ? names.items : args
  const pieces = items.flatMap((item, index): Piece[] =>
    index === 0
      ? piecesOf(item, code)
      : [{ kind: 'text', text: '.', file: '', line: 0 }, ...piecesOf(item, code)],
  )
  return { kind: 'text', pieces: pieces.length > 0 ? pieces : [{ kind: 'hole', code }], fragment: true }
}

/** `sql.join(fragments, sql`, `)`, `Prisma.join(values)`. */
function joined(args: Value[], code: string, fallback = ', '): Value {
  const [items, glue] = args
  if (items?.kind !== 'array' || items.items.length === 0) return textValue('?')
  const separator: Piece[] = glue
    ? piecesOf(glue, code)
    : [{ kind: 'text', text: fallback, file: '', line: 0 }]
  const pieces = items.items.flatMap((item, index): Piece[] => {
    const own: Piece[] =
      item.kind === 'text' || item.kind === 'choice' || item.kind === 'param'
        ? piecesOf(item, code)
        : [{ kind: 'text', text: '?', file: '', line: 0 }]
    return index === 0 ? own : [...separator, ...own]
  })
  return { kind: 'text', pieces, fragment: true }
}

/** The statement that `helpers.insert(data, columns, table)` builds: its table lies in the second or third argument. */
function helperStatement(e: Evaluator, verb: string, args: Value[], code: string): Value {
  const named = args[2] ?? args[1]
  const table = named && tableOf(e, named)
  const name: Piece[] = table ? piecesOf(table, code) : [{ kind: 'hole', code }]
  const text = (value: string): Piece => ({ kind: 'text', text: value, file: '', line: 0 })
  const pieces =
    verb === 'insert'
      ? [text('INSERT INTO '), ...quoted(name), text(' (x) VALUES (?)')]
      : [text('UPDATE '), ...quoted(name), text(' AS t SET x = ?')]
  return { kind: 'text', pieces, fragment: true }
}

/** The name in a ColumnSet, a TableName or plain text. */
function tableOf(e: Evaluator, value: Value): Value {
  if (value.kind === 'choice') {
    const told = value.of.map(each => tableOf(e, each)).filter(each => each.kind === 'text')
    return told.length === 0 ? value : choiceOf(told)
  }
  return value.kind === 'object' ? tableOf(e, memberOf(e, value, 'table')) : value
}

function quoted(name: Piece[]): Piece[] {
  const quote: Piece = { kind: 'text', text: '"', file: '', line: 0 }
  return [quote, ...name, quote]
}

/**
 * A function that could not be found and gets SQL text most likely gives it back changed a little: `format(sql, …)`,
 * `dedent`. Names that send or show text are no such functions.
 */
function textKeptBy(e: Evaluator, code: string, args: Value[]): Value | null {
  if (/(?:log|info|warn|error|debug|quer|exec|run|fetch|any|none|one|all|get)\w*(?:\(\))?$/i.test(code))
    return null
  for (const arg of args) {
    if (arg.kind === 'text' && looksLikeSql(roughText(arg.pieces))) {
      const values: Value = { kind: 'array', items: args.slice(args.indexOf(arg) + 1), open: false }
      return { ...arg, pieces: fillPlaceholders(e, arg.pieces, values) }
    }
    if (
      arg.kind === 'param' &&
      arg.path.length === 0 &&
      args.length <= 2 &&
      /format|sql|trim|dedent|bind|prepare/i.test(code)
    )
      return arg
  }
  return null
}

/** Whether a value is text with no unknown piece. */
export function isKnown(value: Value | undefined): value is Value {
  return value !== undefined && knownText(value) !== null
}
