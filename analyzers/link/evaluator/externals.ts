/** What calls into packages give: handles of drivers, SQL text from their helpers, contents of `.sql` files. */
import { driverOfModule, isPrepared } from '../../drivers/index.js'
import type { FileFacts } from '../../extract/facts.js'
import { looksLikeSql } from '../../sql/looks-like-sql.js'
import { withoutLiterals } from './arguments.js'
import { callTagHelper, callText, identifier, QUOTES } from './driver-texts.js'
import { callNodeModule, importedByGlob } from './node-modules.js'
import type { Piece } from './pieces.js'
import { piecesOf, roughText } from './pieces.js'
import { fillPlaceholders } from './placeholders.js'
import { callDataLast } from './ramda.js'
import type { Evaluator } from './state.js'
import { definedTable } from './table-definitions.js'
import { typedStatement } from './typed-sql.js'
import type { Value } from './values.js'
import { knownText, unknown } from './values.js'

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
    const typed = typedStatement(e, callee.module, path, facts.file)
    if (typed) return typed
    // `require('sqlite3').verbose()` gives the module back.
    if (driver && path.at(-1) === 'verbose') return { ...callee, path: callee.path.slice(0, -1) }
    const made = driver?.tagFactories?.[path.join('.')]
    if (made !== undefined) return { ...callee, path: [made] }
    if (driver) {
      const text = callText(e, driver, path, () => args, code)
      if (text) return isPrepared(driver) ? { kind: 'handle', driver, origin: null, statement: text } : text
      const name = path.join('.') || 'default'
      if (driver.factories.includes(name) || driver.handles.includes(path.at(-1) ?? '')) {
        return { kind: 'handle', driver, origin }
      }
      // Something made by a driver's own static method (`Pool.fromConfig()`) may well be a handle of it, unless it executes.
      const executes = Object.hasOwn(driver.executes, path.at(-1) ?? '')
      if (path.length > 1 && driver.handles.includes(path[0]) && !executes)
        return { kind: 'handle', driver, origin }
    }
    const helped = TAG_MODULE.test(callee.module) ? callTagHelper(path.at(-1) ?? '', () => args, code) : null
    if (helped) return helped
    // yesql gets a folder as well, and gives what fills in the statements of its files.
    if (fillsText(callee.module) && args[0])
      return (
        e.sqlFiles.fromFolder(args.slice(0, 1), facts.file) ??
        filledIn(e, statementOf(args[0], code), args[1])
      )
    const known =
      callDataLast(e, callee.module, path, args, code) ??
      callNodeModule(e, callee.module, path, args, facts.file, code) ??
      definedTable(e, { ...callee, path }, args, code)
    if (known) return known
    if (PROMISIFIES.test(code.replace(/\(\)$/, '')) && args[0]) return args[0]
  }
  if (code === 'import.meta.glob') return importedByGlob(e, args, facts.file) ?? unknown(code)
  const helped = callee.kind === 'external' ? null : callHelper(e, args, code)
  if (helped) return helped
  const told = withoutLiterals(args)
  const fromFile = e.sqlFiles.fromLoader(told, facts.file)
  if (fromFile) return fromFile
  const [first] = told
  if (QUOTES.test(code.replace(/\(\)$/, '')) && first) return identifier(args, code)
  // `format('%I.%I', schema, table)`, whatever it is a part of.
  if (first?.kind === 'text' && /%I/.test(knownText(first) ?? ''))
    return { ...first, pieces: formatted(e, first, args), fragment: true }
  // `memoize(async sql => …)`: what is called later is the function that it got.
  if (e.targetsOnly && (first?.kind === 'function' || isExecutingMethod(first))) return first
  return textKeptBy(e, code, told, args) ?? e.sqlFiles.fromFolder(told, facts.file) ?? unknown(code)
}

/** pg-promise's helpers by their names alone: `pgp.helpers.insert(row, columns)` of a `pgp` that callers hand over. */
function callHelper(e: Evaluator, args: Value[], code: string): Value | null {
  const name = /(?:^|\.)pgp\.(helpers\.\w+)(?:\(\))?$/.exec(code)?.[1]
  const driver = name === undefined ? null : driverOfModule('pg-promise')
  return driver && callText(e, driver, (name as string).split('.'), () => args, code)
}

/** Helpers that make promises of callbacks, of one function or of all methods of an object. */
const PROMISIFIES = /promisify(?:All)?$|^pify$/i

function isExecutingMethod(value: Value | undefined): boolean {
  return value?.kind === 'method' && Object.hasOwn(value.driver.executes, value.path.at(-1) ?? '')
}

/** A text with the values behind it filled in. */
function formatted(e: Evaluator, text: Value & { kind: 'text' }, args: Value[]): Piece[] {
  const values: Value = { kind: 'array', items: args.slice(args.indexOf(text) + 1), open: false }
  return fillPlaceholders(e, text.pieces, () => values)
}

/** Packages whose functions get a statement and give it back, ready for a driver: filled in, or as a stream that is to be run. */
const TEXT_MODULE = /^(?:yesql|named-placeholders|sqlstring|sql-params|pg-named-parameters|pg-copy-streams)$/

/** Whether a package only gives a statement back: what it is given is not executed by it. */
export function fillsText(module: string): boolean {
  return TEXT_MODULE.test(module)
}

/** Packages of a template tag, whose helpers are imported by their own names: `import sql, { raw, join } from …`. */
const TAG_MODULE = /^sql-template-tag$/

/** `SqlString.format('DELETE FROM ?? WHERE id = ?', ['users', id])`: names are written out, values stay placeholders. */
function filledIn(e: Evaluator, statement: Value, values: Value | undefined): Value {
  return statement.kind === 'text' && values !== undefined
    ? { ...statement, pieces: fillPlaceholders(e, statement.pieces, () => values) }
    : statement
}

/** A statement with its values, whose text has a name of its own: `named(text)(values).text`. */
function statementOf(text: Value, code: string): Value {
  return text.kind === 'text' || text.kind === 'param' || text.kind === 'choice'
    ? { kind: 'text', pieces: piecesOf(text, code), fragment: true }
    : text
}

/**
 * A function that could not be found and gets SQL text most likely gives it back changed a little: `format(sql, …)`,
 * `dedent`. Names that send or show text are no such functions.
 *
 * @param told the arguments but for those that can be no text
 */
function textKeptBy(e: Evaluator, code: string, told: Value[], args: Value[]): Value | null {
  if (/(?:log|info|warn|error|debug|quer|exec|run|fetch|any|none|one|all|get)\w*(?:\(\))?$/i.test(code))
    return null
  for (const arg of told) {
    if (arg.kind === 'text' && looksLikeSql(roughText(arg.pieces))) {
      return { ...arg, pieces: formatted(e, arg, args) }
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
