/** A call site's SQL as an operation: its kind, parameters and columns, or why it can't be one. */
import type { Table } from '../../analyzers/model.js'
import type { Parsers } from '../../analyzers/sql/parsers.js'
import { nameChoices } from '../names/choice-names.js'
import { mainSource, nameCandidates, untoldBy } from '../names/operation-name.js'
import { ofOtherTable, parameterNames } from '../names/parameter-names.js'
import { identifier, wordsOf } from '../names/words.js'
import type { OperationKind, Parameter, ResultColumn, RowColumn, StatementPart } from '../operation.js'
import { negated, opposedIn } from '../site/conditions.js'
import { OneOfSeveral, Refusal } from '../site/refusal.js'
import { ROWS_ADVICE } from '../site/rows-added.js'
import {
  choicesIn,
  fullText,
  type OptionalPart,
  optionalParts,
  type RowsPart,
  type TemplatePart,
  valuesIn,
  withChosen,
  withOptional,
} from '../site/template.js'
import { type ParameterUse, parametersOf, resultOf } from '../sql/parameters.js'
import { readStatement, tokensOf } from '../sql/read.js'
import { childrenOf, conjuncts, type Expr, queryIn, type Source, type Statement } from '../sql/tree.js'
import type { FindTable, Typing } from '../sql/typing.js'
import type { RewriteDialect } from '../wire.js'
import { refuseSessionState } from './session.js'
import { tidy } from './text.js'

export interface Described {
  kind: OperationKind
  statement: StatementPart[]
  parameters: Parameter[]
  columns: ResultColumn[]
  /** What the call site hands over for each parameter, in order. */
  arguments: Argument[]
  /** What of them is told by a type alone: the names of parameters that take no other values than these. */
  told: string[]
  /** Names that it could have, best first. */
  names: string[]
  /** How much of it these leave out. */
  untold: number
}

export interface Argument {
  name: string
  code: string
  /** What it is one of, where the compiler does not know. */
  values?: string[]
}

export interface DescribeContext {
  dialect: RewriteDialect
  parsers: Parsers
  findTable: FindTable
  /** Tables of the statement that no migration or schema file creates. */
  uncreated: string[]
  /** Those whose columns are not known, for not all is read of what creates them: each with its place. */
  unread: string[]
}

/** @throws Refusal */
export function describe(template: TemplatePart[], context: DescribeContext): Described {
  const { dialect, parsers } = context
  const tidied = tidy(template, dialect)
  const { text, slots: placed } = fullText(tidied, dialect)
  refuseSessionState(text, dialect)
  const statement = readStatement(text, dialect, parsers)
  if (!statement && (isStatementWithFewer(tidied, context) || opposedTest(tidied) !== null)) {
    throw oneOfSeveral(tidied, 'its SQL text has one of several parts')
  }
  if (!statement && /\bvalues\s*(?:\$1|\?)\s*(?:$|;|on\s|as\s)/i.test(text))
    throw new Refusal('it adds as many rows as it is given, by one placeholder', ROWS_ADVICE)
  if (!statement)
    throw new Refusal('the parser does not take its SQL, or it is no plain SELECT, INSERT, UPDATE or DELETE')
  if (statement.kind === 'select' && locks(statement)) {
    throw new Refusal(
      'it locks rows, and a lock ends with the call',
      'give the owner one operation that does all that the lock was for',
    )
  }
  refuseBrokenVariants(tidied, context)
  refuseOtherChoices(tidied, context)

  const missing: string[] = []
  const typing: Typing = {
    dialect,
    findTable: context.findTable,
    itemText: itemTexts(text, dialect),
    onMissing: (table, column) => missing.push(`${table ?? 'any of its tables'} a column \`${column}\``),
  }
  const unknown: UnknownType = { ...context, missing }
  const found = parametersOf(statement, typing)
  const parts = withTypedTwins(tidied, placed, found)
  const { slots } = fullText(parts, dialect)
  const uses = usesBySlot(found, slots, parts, unknown)
  const values = [...valuesIn(parts)].sort(([a], [b]) => a - b)
  const ordered = values.map(([slot]) => uses.get(slot)!)
  const kind = kindOf(statement, context.findTable)
  const columns = columnsOf(statement, typing, unknown)
  const flags = flagsOf(parts)
  const main = mainSource(statement)?.table ?? null
  const named = ordered.map(use => ofOtherTable(use, main))
  const names = parameterNames(named)
  const nameOf = new Map(values.map(([slot], at) => [slot, names[at]!]))
  const rows = rowsIn(parts)
  const inRows = new Set(rows.flatMap(({ parts: row }) => [...valuesIn(row).keys()]))
  const rowsName = rows.length > 0 ? freeOf('rows', names) : ''
  const columnsOfRow = values.flatMap(([slot], at): RowColumn[] => {
    const { type, column } = ordered[at]!
    return inRows.has(slot) ? [{ name: names[at]!, type: type!, column }] : []
  })
  const alone = [...values.keys()].filter(at => !inRows.has(values[at]![0]))
  const parameters = alone.map((at): Parameter => {
    const { value, test } = values[at]![1]
    const { type, column } = ordered[at]!
    return {
      name: names[at]!,
      type: value.list ? { kind: 'list', of: type! } : type!,
      optional: test !== null,
      column,
    }
  })
  const choices = [...choicesIn(parts)].sort(([a], [b]) => a - b)
  const choiceNames = nameChoices(
    choices.map(([, chosen]) => chosen),
    new Set(names),
  )
  choices.forEach(([slot], at) => void nameOf.set(slot, choiceNames[at]!))
  const flagNames = nameFlags(flags, new Set([...names, ...choiceNames]), dialect)
  const valued = valuesByTest(parts)
  const whenOf = (test: string): string =>
    valued.has(test) ? nameOf.get(valued.get(test)!)! : flagNames.get(test)!
  return {
    kind,
    statement: statementParts(parts, whenOf, nameOf, rowsName),
    parameters: [
      ...parameters,
      ...rows.map(
        (): Parameter => ({
          name: rowsName,
          type: { kind: 'rows', columns: columnsOfRow },
          optional: false,
          column: null,
        }),
      ),
      ...choices.map(
        ([, { choice, test }], at): Parameter => ({
          name: choiceNames[at]!,
          type: {
            kind: 'choice',
            values: choice.values,
            ...(choice.isQuoted ? { isQuoted: true } : {}),
          },
          optional: test !== null,
          column: null,
        }),
      ),
      ...[...flagNames.values()].map(
        (name): Parameter => ({ name, type: { kind: 'flag' }, optional: true, column: null }),
      ),
    ],
    columns,
    arguments: [
      ...alone.map(at => {
        const { value, test } = values[at]![1]
        return { name: names[at]!, code: argumentCode(value.code, test) }
      }),
      ...rows.map(({ code }) => ({ name: rowsName, code })),
      ...choices.map(([, { choice, test }], at) => ({
        name: choiceNames[at]!,
        code: test === null ? choice.code : `${test} ? ${inBrackets(choice.code)} : undefined`,
        ...(choice.isWide ? { values: choice.values } : {}),
      })),
      ...[...flagNames].map(([test, name]) => ({ name, code: `Boolean(${test})` })),
    ],
    told: choices.flatMap(([, { choice }], at) => (choice.isTold ? [choiceNames[at]!] : [])),
    untold: untoldBy(statement),
    names: nameCandidates({
      statement,
      kind,
      parameters: named.map((use, at) =>
        values[at]![1].test === null ? use : { ...use, role: 'other' as const },
      ),
      changesVary:
        ordered.some(({ role }, at) => role === 'write' && values[at]![1].test !== null) ||
        (kind === 'write' && choices.length > 0),
      key: onlyKey(mainSource(statement), context.findTable),
      conditionsVary: flagNames.size > 0,
      // What is there for a join says nothing of what is asked for.
      columns: columns.map(column => column.name).filter(name => !name.startsWith('seam_')),
      addsMany: rows.length > 0,
    }),
  }
}

function onlyKey(source: Source | null, findTable: FindTable): string | null {
  const [first, ...others] = source?.table ? (findTable(source.schema, source.table)?.primaryKey ?? []) : []
  return others.length === 0 ? (first ?? null) : null
}

/** What may be the reason that a type is not known. */
interface UnknownType extends DescribeContext {
  /** Columns that a table does not have, in words. */
  missing: string[]
}

function locks(statement: Statement & { kind: 'select' }): boolean {
  return statement.query.locks
}

/** By a condition under which one part is there, and without which another one. */
function oneOfSeveral(parts: TemplatePart[], reason: string): Refusal {
  const advice = 'make one operation of each variant, and call the one that is meant'
  const test = opposedTest(parts)
  return test === null ? new Refusal(reason, advice) : new OneOfSeveral(test, reason, advice)
}

function opposedTest(parts: TemplatePart[]): string | null {
  const tests = optionalParts(parts).map(({ test }) => test)
  for (const test of tests) {
    for (const other of tests) {
      const opposed = opposedIn(test, other)
      if (opposed !== null) return opposed
    }
  }
  return null
}

/** Whether it is one without the parts that stand where others do: `a ? 'name' : 'id'`. */
function isStatementWithFewer(parts: TemplatePart[], { dialect, parsers }: DescribeContext): boolean {
  const [kept, others] = [new Set<string>(), new Set<string>()]
  for (const { test } of optionalParts(parts)) {
    if (others.has(test)) continue
    kept.add(test)
    others.add(negated(test))
  }
  const { text } = fullText(
    withOptional(parts, ({ test }) => kept.has(test)),
    dialect,
  )
  return kept.size > 0 && readStatement(text, dialect, parsers) !== null
}

/**
 * Whichever of its texts stands for a choice, the statement takes the same values and gives the same columns.
 *
 * @throws Refusal
 */
function refuseOtherChoices(parts: TemplatePart[], { dialect, parsers, findTable }: DescribeContext): void {
  const shapeOf = (list: TemplatePart[]): string | null => {
    const { text, slots } = fullText(list, dialect)
    refuseSessionState(text, dialect)
    const statement = readStatement(text, dialect, parsers)
    const typing: Typing = { dialect, findTable, itemText: itemTexts(text, dialect), onMissing: () => {} }
    return (
      statement &&
      JSON.stringify([
        kindOf(statement, findTable),
        resultOf(statement, typing),
        [...parametersOf(statement, typing)],
        slots,
      ])
    )
  }
  const choices = choicesIn(parts)
  const shape = choices.size === 0 ? null : shapeOf(parts)
  for (const [slot, { choice }] of choices) {
    for (const value of choice.values.slice(1)) {
      if (shapeOf(withChosen(parts, slot, value)) === shape) continue
      throw new Refusal(
        `with \`${value.replace(/\s+/g, ' ').slice(0, 40)}\` chosen, its SQL gives other columns than with \`${choice.values[0]!.replace(/\s+/g, ' ').slice(0, 40)}\`, takes other values, or is no statement`,
        'make one operation of each variant, and call the one that is meant',
      )
    }
  }
}

/** Every part under a condition may be missing: the rest has to be a statement all the same. */
function refuseBrokenVariants(parts: TemplatePart[], { dialect, parsers }: DescribeContext): void {
  const optional = optionalParts(parts)
  // Parts under one test come and go together.
  const tests = [...new Set(optional.map(({ test }) => test))]
  const variants =
    tests.length === 0
      ? []
      : [
          () => false,
          ...tests.map(
            only =>
              ({ test }: OptionalPart): boolean =>
                test === only,
          ),
        ]
  for (const keep of variants) {
    const { text } = fullText(withOptional(parts, keep), dialect)
    if (!readStatement(text, dialect, parsers)) {
      throw oneOfSeveral(parts, 'without one of its conditional parts its SQL is no statement')
    }
  }
}

/**
 * `(? IS NULL OR ward_id = ?)` with one name for both: the first has no type of its own, and is the same parameter.
 *
 * @param placed slots by place
 */
function withTypedTwins(
  parts: TemplatePart[],
  placed: number[],
  found: Map<number, ParameterUse>,
): TemplatePart[] {
  const isTyped = new Set(placed.filter((_, index) => found.get(index)?.type))
  const values = valuesIn(parts)
  const twins = new Map<number, number>()
  for (const [slot, { value, test }] of values) {
    if (isTyped.has(slot) || value.list || !IS_NAME.test(value.code)) continue
    for (const [other, { value: twin, test: under }] of values)
      if (isTyped.has(other) && !twin.list && twin.code === value.code && under === test)
        twins.set(slot, other)
  }
  return twins.size === 0 ? parts : withSlots(parts, twins)
}

/** What gives the same each time that it is evaluated. */
const IS_NAME = /^[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)*$/

function withSlots(parts: TemplatePart[], slots: Map<number, number>): TemplatePart[] {
  return parts.map((part): TemplatePart => {
    if (part.kind === 'text') return part
    if (part.kind === 'value') return { ...part, slot: slots.get(part.slot) ?? part.slot }
    if (part.kind === 'choice') return part
    return { ...part, parts: withSlots(part.parts, slots) } as TemplatePart
  })
}

/** @throws Refusal for a parameter whose type nothing tells */
function usesBySlot(
  found: Map<number, ParameterUse>,
  slots: number[],
  parts: TemplatePart[],
  context: UnknownType,
): Map<number, ParameterUse> {
  const uses = new Map<number, ParameterUse>()
  const values = valuesIn(parts)
  slots.forEach((slot, index) => {
    const use = found.get(index)
    const known = uses.get(slot)
    if (!use) throw new Refusal(`parameter ${index + 1} of its SQL stands where no value is expected`)
    if (!known || (known.type === null && use.type !== null)) uses.set(slot, use)
  })
  for (const [slot, use] of uses) {
    if (use.type === null) {
      throw unknownType(
        context,
        use.column === null
          ? `nothing tells the type of its parameter ${slots.indexOf(slot) + 1}`
          : `the type of column ${use.column}, which a parameter meets, is not known`,
        'cast it, so that its type is told (`CAST(? AS …)`)',
      )
    }
    // One of several values in `IN (?, ?)` is one value.
    const isOne = !values.get(slot)?.value.list && use.type.kind !== 'array'
    if (isOne && use.role === 'list') uses.set(slot, { ...use, role: 'equal' })
    if (isOne && use.role === 'unlisted') uses.set(slot, { ...use, role: 'unequal' })
  }
  return uses
}

/** Nothing tells a type: most often because no file creates the table, or gives it the column. */
function unknownType({ uncreated, unread, missing }: UnknownType, reason: string, advice: string): Refusal {
  const tables = uncreated.length > 0 ? uncreated : unread
  if (tables.length === 0 && missing.length > 0) {
    return new Refusal(
      `no migration or schema file gives ${missing[0]}`,
      "correct the statement, or add the column to the owner's migrations (a dump of its schema has all of them), and run this again",
    )
  }
  if (tables.length === 0) return new Refusal(reason, advice)
  const why =
    uncreated.length > 0
      ? `no migration or schema file creates ${tables.join(', ')}`
      : `not all is read of what creates ${tables.join(', ')}`
  return new Refusal(
    `${why}, and so the types of the columns are not known`,
    `put the definition into the owner's migrations (\`mysqldump --no-data\`, \`pg_dump --schema-only\` write ${tables.length === 1 ? 'it' : 'them'}), and run this again`,
  )
}

/** @throws Refusal */
function columnsOf(statement: Statement, typing: Typing, context: UnknownType): ResultColumn[] {
  const columns = resultOf(statement, typing)
  if (columns === null) {
    throw unknownType(
      context,
      'the columns of its result are not all known',
      'list the columns in the statement, each with a name',
    )
  }
  const byName = new Map<string, ResultColumn>()
  for (const { name, type, nullable } of columns) {
    if (type === null) {
      throw unknownType(
        context,
        `the type of its result column \`${name}\` is not known`,
        'cast it in the statement, so that its type is told (`CAST(… AS …)`)',
      )
    }
    // Of two columns with one name the driver keeps the value of the last.
    byName.set(name, { name, type, nullable })
  }
  return [...byName.values()]
}

function kindOf(statement: Statement, findTable: FindTable): OperationKind {
  if (statement.kind !== 'select') return 'write'
  const { branches, limit } = statement.query
  const [select] = branches
  if (branches.length !== 1 || !select) return 'rows'
  if (select.groupBy.length === 0 && select.items.every(item => isAggregate(item.expr))) {
    return select.having ? 'one' : 'count'
  }
  if (limit?.kind === 'literal' && limit.text === '1') return 'one'
  const [source] = select.from
  if (select.from.length !== 1 || !source?.table) return 'rows'
  const table = findTable(source.schema, source.table)
  return table && isUniqueBy(table, conjuncts(select.where)) ? 'one' : 'rows'
}

function isAggregate(expr: Expr): boolean {
  if (expr.kind === 'call' && !expr.window && AGGREGATES.has(expr.name)) return true
  if (expr.kind === 'column' || expr.kind === 'star' || queryIn(expr)) return false
  const children = childrenOf(expr)
  return children.some(isAggregate) && children.every(child => isAggregate(child) || isConstant(child))
}

function isConstant(expr: Expr): boolean {
  return expr.kind === 'literal' || expr.kind === 'parameter'
}

const AGGREGATES = new Set([
  'count',
  'sum',
  'avg',
  'min',
  'max',
  'group_concat',
  'string_agg',
  'array_agg',
  'json_agg',
  'jsonb_agg',
  'json_arrayagg',
  'json_objectagg',
  'json_object_agg',
  'jsonb_object_agg',
])

function isUniqueBy(table: Table, terms: Expr[]): boolean {
  const fixed = new Set(
    terms.flatMap(term => {
      if (term.kind !== 'compare' || term.op !== '=') return []
      const [column, value] = term.left.kind === 'column' ? [term.left, term.right] : [term.right, term.left]
      const bound = value.kind === 'cast' ? value.of : value
      return column.kind === 'column' && isConstant(bound) ? [column.name.toLowerCase()] : []
    }),
  )
  return table.primaryKey.length > 0 && table.primaryKey.every(name => fixed.has(name.toLowerCase()))
}

/** The first value or choice of each test: where the test does not hold, none is handed over. */
function valuesByTest(parts: TemplatePart[]): Map<string, number> {
  const found = new Map<string, number>()
  for (const { test, parts: inner } of optionalParts(parts)) {
    const [first] = [...valuesIn(inner).keys(), ...choicesIn(inner).keys()]
    if (first !== undefined && !found.has(test)) found.set(test, first)
  }
  return found
}

/** Tests of parts without values, and without others that have some: a flag makes these appear. */
function flagsOf(parts: TemplatePart[]): OptionalPart[] {
  const known = new Set(valuesByTest(parts).keys())
  return optionalParts(parts).filter(({ test }) => !known.has(test) && known.add(test))
}

/** `onlyActive` for `AND is_active = 1`, `withoutParent` for `AND parent_id IS NULL`, by its test: named after the first thing that the part speaks of. */
function nameFlags(flags: OptionalPart[], taken: Set<string>, dialect: RewriteDialect): Map<string, string> {
  const named = new Map<string, string>()
  for (const flag of flags) {
    const text = flag.parts.map(part => (part.kind === 'text' ? part.text : '')).join('')
    const tokens = tokensOf(text, dialect)
    const word = tokens.find(
      (token, at) =>
        (token.kind === 'word' || token.kind === 'name') &&
        !NO_COLUMNS.test(token.upper) &&
        (COMPARISONS.test(tokens[at + 1]?.upper ?? '') || isComparing(tokens[at + 1])),
    )
    // `AND (SELECT COUNT(*) FROM visits …) > 0`, `JOIN visits …`: what it looks into.
    const table = tokens.find((_, at) => /^(?:FROM|JOIN)$/.test(tokens[at - 1]?.upper ?? ''))
    const words = wordsOf((word ?? table)?.value ?? '').filter(each => each !== 'is')
    const [, isNot] = /\bIS\s+(NOT\s+)?NULL\b/i.exec(text) ?? [null, null]
    const isAboutNull =
      word !== undefined && tokens[tokens.indexOf(word) + 1]?.upper === 'IS' && isNot !== null
    const thing = words.length > 1 && words.at(-1) === 'id' ? words.slice(0, -1) : words
    const base = isAboutNull
      ? identifier([isNot === undefined ? 'without' : 'with', ...thing], 'only')
      : identifier(['only', ...words], 'only')
    let name = words.length === 0 ? 'variant' : base
    for (let number = 2; taken.has(name); number++) name = `${base}${number}`
    taken.add(name)
    named.set(flag.test, name)
  }
  return named
}

/** Words in front of a parenthesis or a sign that name no column. */
const NO_COLUMNS =
  /^(?:AND|OR|NOT|ON|WHERE|HAVING|WHEN|THEN|ELSE|IN|ANY|ALL|EXISTS|AS|IS|LIKE|BETWEEN|SELECT)$/
const COMPARISONS = /^(?:IS|IN|LIKE|ILIKE|BETWEEN|NOT|REGEXP)$/

function isComparing(token: { kind: string; value: string } | undefined): boolean {
  return token?.kind === 'op' && /^[=<>!~@-]/.test(token.value)
}

function statementParts(
  parts: TemplatePart[],
  whenOf: (test: string) => string,
  nameOf: Map<number, string>,
  rowsName: string,
): StatementPart[] {
  return parts.map((part): StatementPart => {
    if (part.kind === 'text') return { kind: 'text', text: part.text }
    if (part.kind === 'value') {
      return { kind: 'parameter', parameter: nameOf.get(part.slot)!, ...(part.list ? { list: true } : {}) }
    }
    if (part.kind === 'choice') return { kind: 'choice', parameter: nameOf.get(part.slot)! }
    const inner = statementParts(part.parts, whenOf, nameOf, rowsName)
    if (part.kind === 'rows') return { kind: 'rows', parameter: rowsName, parts: inner }
    if (part.kind === 'joined') return { kind: 'joined', separator: part.separator, parts: inner }
    return { kind: 'optional', when: whenOf(part.test), parts: inner }
  })
}

function rowsIn(parts: TemplatePart[]): RowsPart[] {
  return parts.filter(part => part.kind === 'rows')
}

function freeOf(base: string, taken: string[]): string {
  let name = base
  for (let number = 2; taken.includes(name); number++) name = `${base}${number}`
  return name
}

/** What gives something whatever it gets. */
const NEVER_MISSING = /^(?:String|Number|Boolean|BigInt|parseInt|parseFloat|Math\.\w+)\(/

function inBrackets(code: string): string {
  return /^[\w$.?!]+$/.test(code) ? code : `(${code})`
}

/** What is handed over for a value under a condition: undefined where that does not hold, and never else. */
function argumentCode(code: string, test: string | null): string {
  if (test === null) return code
  if (test === code) return `${code} || undefined`
  if (test === `${code} !== undefined`) return code
  const isTested = test.split('&&').some(term => term.trim() === code)
  // Compilers refuse `??` after what is never null.
  const mayBeMissing =
    !isTested &&
    !NEVER_MISSING.test(code) &&
    /^[\w$.?![\]]+$|^[\w$.?!]+\(.*\)$/.test(code) &&
    !/^\d/.test(code)
  return `${test} ? ${mayBeMissing ? `(${code} ?? null)` : code} : undefined`
}

/** Texts of the outermost select list, by which MySQL names what has no alias. */
function itemTexts(text: string, dialect: RewriteDialect): (index: number) => string | null {
  const tokens = tokensOf(text, dialect)
  const from = tokens.findIndex(token => token.upper === 'SELECT' || token.upper === 'RETURNING')
  if (from === -1 || tokens[0]!.upper === 'WITH') return () => null
  const items: string[] = []
  let depth = 0
  let start = from + 1
  while (tokens[start] && /^(?:DISTINCT|ALL)$/.test(tokens[start]!.upper)) start++
  for (let at = start; at <= tokens.length; at++) {
    const token = tokens[at]
    if (token?.value === '(') depth++
    if (token?.value === ')') depth--
    const isEnd =
      !token ||
      (depth === 0 && (token.upper === 'FROM' || token.value === ',' || token.kind === 'end')) ||
      depth < 0
    if (!isEnd) continue
    items.push(at > start ? text.slice(tokens[start]!.start, tokens[at - 1]!.end) : '')
    start = at + 1
    if (token?.value !== ',') break
  }
  return index => items[index] ?? null
}
