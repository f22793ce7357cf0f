/** Statements over own and foreign tables: each foreign part as an operation, and what of the text stays. */
import type { Access } from '../../analyzers/model.js'
import type { JoinEdit } from '../plan/plan.js'
import type { Repository } from '../repository/index.js'
import { Refusal } from '../site/refusal.js'
import type { TextEdit } from '../site/result.js'
import type { TemplatePart } from '../site/template.js'
import { type Clauses, clausesOf, type Range } from '../sql/clauses.js'
import { readStatement } from '../sql/read.js'
import type { Expr, Query, Select } from '../sql/tree.js'
import type { RewriteDialect } from '../wire.js'
import { isAggregated, isNullOfNulls, whyUnlike } from './checks.js'
import { type Scope, same, scopeOf } from './scope.js'
import { semiJoin } from './semi-join.js'
import { conditionPieces, itemEdits, pieces, placeholdersIn, sourceEdits, termEdits } from './text.js'

export interface Split {
  parts: ForeignPart[]
  own: TextEdit[]
  /** Placeholders, by their order in the text, that go with the foreign parts. */
  gone: number[]
}

/** One call: all rows of one foreign table for the keys of the own rows. */
export interface ForeignPart {
  owner: string
  /** The operation's statement; the code of a value is the place of its placeholder in the whole text. */
  template: TemplatePart[]
  join: Omit<JoinEdit, 'client' | 'operation' | 'parameter' | 'arguments'>
}

/** What a person would do with a join that can't be taken apart. */
export const SPLIT_ADVICE =
  'ask the owner for its part with one call for all rows, or keep a copy of its columns up to date by events'

/** In place of a source: a column of which it is not known where it belongs, or a query over others' tables. */
const UNKNOWN = -1

/** A term of ON or WHERE, with the sources whose columns it looks at. */
export interface Term {
  range: Range
  expr: Expr
  text: string
  /** Source in whose ON it stands; null for WHERE. */
  of: number | null
  mentions: ReadonlySet<number>
}

/** What is known of a statement that is taken apart. */
export interface SplitContext {
  sql: string
  dialect: RewriteDialect
  select: Select
  query: Query
  clauses: Clauses
  scope: Scope
  /** By the index of the source. */
  isForeign: (source: number) => boolean
  no: (reason: string) => Refusal
  repository: Repository
  /** Service whose tables are its own. */
  home: string
}

/** A foreign table while it is taken out: how it is joined, and what goes with it. */
interface Foreign {
  source: number
  kind: 'inner' | 'left' | 'anti'
  key: { foreign: string; own: { source: number; name: string } }
  moved: Term[]
  /** What asks for rows without a counterpart: said by the kind of the join. */
  missing: Term | null
}

/** Whose part of a statement stays together, and how it is called where it can't be taken apart. */
export interface Home {
  of: string
  refused: string
}

/** @throws Refusal with the first reason for which the parts can't be shown to give the same together */
export function planSplit(
  access: Access,
  home: Home,
  sql: string,
  dialect: RewriteDialect,
  repository: Repository,
): Split {
  const no = (reason: string): Refusal => new Refusal(`${home.refused}: ${reason}`, SPLIT_ADVICE)
  const context = readContext(access, home.of, sql, dialect, repository, no)
  const { select, clauses, isForeign } = context
  const terms = termsOf(context)
  const semis = terms.flatMap(term => {
    const part = term.of === null ? semiJoin(term, context) : null
    return part ? [{ term, part }] : []
  })
  const isSemi = (term: Term): boolean => semis.some(each => each.term === term)
  const rest = terms.filter(term => !isSemi(term))
  if (rest.some(term => term.mentions.has(UNKNOWN)))
    throw no('a condition looks at something that is not known')
  const foreign = select.from.flatMap((_, source) =>
    isForeign(source) ? [foreignOf(source, rest, context)] : [],
  )
  if (foreign.length === 0 && semis.length === 0)
    throw no('what it takes from others is in a query of its own')
  if (foreign.length === select.from.length) throw no('it takes nothing of its own tables')
  const consumed = new Set<Term>(semis.map(({ term }) => term))
  for (const { moved, missing } of foreign)
    for (const term of missing ? [...moved, missing] : moved) consumed.add(term)
  const keys = rest.filter(term => foreign.some(each => isKeyOf(term, each, context)))
  for (const term of keys) consumed.add(term)
  for (const term of rest) {
    if (!consumed.has(term) && [...term.mentions].some(isForeign))
      throw no('its filters compare own and foreign columns, or columns of two foreign tables')
  }
  refuseCutRows(foreign, semis.length > 0, context)
  refuseForeignOrder(context)

  const taken = takeItems(foreign, context)
  const parts: ForeignPart[] = []
  const added: { code: string; name: string }[] = []
  const keyOf = (own: { source: number; name: string }): { ownKey: string; addedKey: boolean } => {
    const shown = taken.shownAs(own)
    if (shown !== null) return { ownKey: shown, addedKey: false }
    const code = `${select.from[own.source]!.alias}.${own.name}`
    const name = added.find(each => each.code === code)?.name ?? freeName(own.name, added)
    if (!/^[\w.]+$/.test(code)) throw no('the name of its key needs quotes')
    if (!added.some(each => each.name === name)) added.push({ code, name })
    return { ownKey: name, addedKey: true }
  }
  for (const each of foreign) parts.push(partOf(each, taken, keyOf(each.key.own), context))
  for (const { part } of semis) {
    const { own, ...made } = part
    parts.push({ ...made, join: { ...made.join, ...keyOf(own) } })
  }
  const own = [
    ...itemEdits(clauses, taken.gone, added, sql),
    ...sourceEdits(context, consumed, terms),
    ...termEdits(context, consumed, terms),
  ]
  const goneRanges = [...[...consumed].map(term => term.range), ...taken.gone.map(at => clauses.items[at]!)]
  return { parts, own, gone: placeholdersIn(sql, dialect, goneRanges) }

  function freeName(name: string, others: { name: string }[]): string {
    const base = `seam_${name}`
    let free = base
    for (let number = 2; others.some(each => each.name === free); number++) free = `${base}${number}`
    return free
  }
}

/** @throws Refusal for what is no plain SELECT of tables that are known */
function readContext(
  access: Access,
  home: string,
  sql: string,
  dialect: RewriteDialect,
  repository: Repository,
  no: SplitContext['no'],
): SplitContext {
  const statement = readStatement(sql, dialect, repository.parsers)
  if (statement?.kind !== 'select') throw no('it is no plain SELECT')
  const { query } = statement
  const [select] = query.branches
  if (!select || query.branches.length > 1 || query.ctes.length > 0)
    throw no('it is put together of several queries')
  if (select.distinct || select.groupBy.length > 0 || select.having) throw no('it groups its rows')
  if (select.items.some(item => isAggregated(item.expr)) || query.orderBy.some(isAggregated))
    throw no('it counts or adds up its rows')
  if (query.locks) throw no('it locks rows')
  if (select.from.some(source => source.query !== null)) throw no('it has a query in FROM')
  if (select.from.some(({ join }) => join === 'right' || join === 'full'))
    throw no('it has a right or full join')
  const clauses = clausesOf(sql, dialect)
  if (
    !clauses ||
    clauses.items.length !== select.items.length ||
    clauses.sources.length !== select.from.length
  )
    throw no('its joins are not understood')
  const scope = scopeOf(select, access, home, repository)
  const isForeign = (source: number): boolean => scope.tables[source]!.owner !== home
  const unknown = scope.tables.findIndex(table => !table?.owner)
  if (unknown !== -1) throw no('the owner of a table is not known')
  return { sql, dialect, select, query, clauses, scope, isForeign, no, repository, home }
}

/** The terms of all ONs and of WHERE. */
function termsOf({ sql, dialect, clauses, scope, repository, no }: SplitContext): Term[] {
  const read = (range: Range, of: number | null): Term => {
    const text = sql.slice(range.start, range.end)
    const statement = readStatement(`SELECT 1 FROM t WHERE ${text}`, dialect, repository.parsers)
    const expr = statement?.kind === 'select' ? statement.query.branches[0]?.where : null
    if (!expr) throw no('a condition of it is not understood')
    const mentions = scope.mentions(expr)
    return { range, expr, text, of, mentions: mentions ?? new Set([UNKNOWN]) }
  }
  return [
    ...clauses.sources.flatMap(({ on }, source) => (on?.terms ?? []).map(range => read(range, source))),
    ...(clauses.where?.terms ?? []).map(range => read(range, null)),
  ]
}

/** @throws Refusal where it is not joined by a key, or something looks at it that can't go with it */
function foreignOf(source: number, terms: Term[], context: SplitContext): Foreign {
  const { select, scope, dialect, no } = context
  const own = terms.filter(term => term.of === source)
  const others = terms.filter(term => term.of !== source && term.mentions.has(source))
  let kind: Foreign['kind'] = select.from[source]!.join === 'left' ? 'left' : 'inner'
  // What a left join asks for filters no rows.
  if (others.some(({ of }) => of !== null && select.from[of]!.join === 'left'))
    throw no('an own left join has conditions on foreign columns')
  const filters = others.filter(term => isAlone(term, source))
  const isMissing = filters.find(term => asksForNone(term, source, context))
  if (kind === 'left' && isMissing) {
    if (filters.length > 1) throw no('its filters look at columns of a left join')
    kind = 'anti'
  } else if (kind === 'left' && filters.length > 0) {
    if (!filters.every(rejectsNull)) throw no('its filters look at columns of a left join')
    kind = 'inner'
  }
  // Only what has to hold for every row may be taken from anywhere.
  const candidates = kind === 'inner' ? [...own, ...others] : own
  const keys = candidates.flatMap(term => {
    const key = keyIn(term, source, context)
    return key ? [{ term, key }] : []
  })
  const [first] = keys
  if (!first) throw no('no column of the foreign table is compared with an own one')
  if (keys.length > 1) throw no('it is joined by more than one column')
  const unlike = whyUnlike(
    { table: scope.tables[first.key.own.source]!, name: first.key.own.name },
    { table: scope.tables[source]!, name: first.key.foreign },
    dialect,
  )
  if (unlike) throw no(unlike)
  const moved = [...own, ...others].filter(term => term !== first.term && isAlone(term, source))
  if (others.some(term => term !== first.term && !isAlone(term, source)))
    throw no('its filters compare own and foreign columns, or columns of two foreign tables')
  if (kind !== 'inner' && own.some(term => term !== first.term && !moved.includes(term)))
    throw no('its join has conditions on own columns')
  return {
    source,
    kind,
    key: first.key,
    moved: moved.filter(term => kind !== 'anti' || term !== isMissing),
    missing: kind === 'anti' ? isMissing! : null,
  }
}

/** True for what looks at columns of this source, or at none. */
function isAlone({ mentions }: Term, source: number): boolean {
  return [...mentions].every(each => each === source)
}

/** `o.patient_id = p.id`, one side of an own table. */
function keyIn(term: Term, source: number, { scope, isForeign }: SplitContext): Foreign['key'] | null {
  const { expr, text } = term
  if (expr.kind !== 'compare' || expr.op !== '=' || /\bDISTINCT\b/i.test(text)) return null
  const sides = [expr.left, expr.right].map(side =>
    side.kind === 'column' ? { name: side.name, source: scope.sourceOf(side) } : null,
  )
  const foreign = sides.find(side => side?.source === source)
  const own = sides.find(side => side && side.source !== null && side.source !== source)
  if (!foreign || !own || isForeign(own.source!)) return null
  return {
    foreign: scope.column(source, foreign.name)?.name ?? foreign.name,
    own: { source: own.source!, name: own.name },
  }
}

/** The comparison that is the key of a foreign table, wherever it stands. */
function isKeyOf(term: Term, { source, key, kind }: Foreign, context: SplitContext): boolean {
  if (kind !== 'inner' && term.of !== source) return false
  const found = keyIn(term, source, context)
  return (
    found !== null &&
    found.foreign === key.foreign &&
    found.own.source === key.own.source &&
    found.own.name === key.own.name
  )
}

/** `p.id IS NULL`, of a column that is there in every row: asks for rows without a counterpart. */
function asksForNone({ expr }: Term, source: number, { scope }: SplitContext): boolean {
  if (expr.kind !== 'is-null' || expr.negated || expr.of.kind !== 'column') return false
  const column = scope.column(source, expr.of.name)
  return column !== null && (!column.nullable || scope.tables[source]!.primaryKey.includes(column.name))
}

/** True for what no row of NULLs fulfils: a left join with it is an inner one. */
function rejectsNull({ expr, text }: Term): boolean {
  // IS DISTINCT FROM is read as a comparison.
  if (/\bDISTINCT\b/i.test(text)) return false
  if (expr.kind === 'is-null') return expr.negated && expr.of.kind === 'column'
  if (expr.kind === 'in' || expr.kind === 'between') return expr.of.kind === 'column'
  return (
    expr.kind === 'compare' &&
    /^(?:=|<>|!=|<|<=|>|>=|like)$/.test(expr.op) &&
    (expr.left.kind === 'column' || expr.right.kind === 'column')
  )
}

/** @throws Refusal where LIMIT would cut other rows than it did */
function refuseCutRows(foreign: Foreign[], hasSemi: boolean, { query, scope, no }: SplitContext): void {
  if (!query.limit && !query.offset) return
  if (hasSemi || foreign.some(({ kind }) => kind !== 'left')) throw no('its LIMIT counts rows after the join')
  const isUnique = ({ source, key }: Foreign): boolean => scope.isUnique(source, key.foreign)
  if (!foreign.every(isUnique)) throw no('its LIMIT counts rows after a join that may multiply them')
}

/** @throws Refusal where rows are in an order that the own part can't give */
function refuseForeignOrder({ query, select, scope, isForeign, no }: SplitContext): void {
  const foreignNames = new Set(
    select.items.flatMap(({ expr, alias }) => {
      const isOwn = [...(scope.mentions(expr) ?? [UNKNOWN])].every(
        source => source !== UNKNOWN && !isForeign(source),
      )
      return isOwn || expr.kind === 'star' ? [] : [(alias ?? nameOf(expr)).toLowerCase()]
    }),
  )
  for (const expr of query.orderBy) {
    const isForeignName =
      expr.kind === 'column' && expr.table === null && foreignNames.has(expr.name.toLowerCase())
    // A name that a result column has means that column.
    const mentions =
      expr.kind === 'column' && expr.table === null && select.items.some(item => item.alias === expr.name)
        ? []
        : [...(scope.mentions(expr) ?? [UNKNOWN])]
    if (isForeignName || mentions.some(source => source === UNKNOWN || isForeign(source)))
      throw no('its order looks at foreign columns')
    if (expr.kind === 'literal') throw no('its order is by position')
  }
}

interface TakenItems {
  /** Items of the list that are foreign. */
  gone: number[]
  /** Columns by the foreign table that they come from. */
  columns: Map<number, { name: string; column: string; reckoned: Range | null }[]>
  /** Name that an own column has in the result; null where it is not in it. */
  shownAs: (own: { source: number; name: string }) => string | null
}

/** @throws Refusal for what is made of own and foreign columns */
function takeItems(foreign: Foreign[], context: SplitContext): TakenItems {
  const { select, clauses, scope, isForeign, dialect, no } = context
  const gone: number[] = []
  const kept: { name: string; source: number | null; column: string | null }[] = []
  const columns: TakenItems['columns'] = new Map(foreign.map(({ source }) => [source, []]))
  select.items.forEach(({ expr, alias }, at) => {
    if (expr.kind === 'star') {
      const starred = select.from.flatMap((source, index) =>
        expr.table === null || same(source.alias, expr.table) ? [index] : [],
      )
      if (starred.some(isForeign)) throw no('it takes all columns of the foreign table')
      for (const source of starred) {
        const names = scope.tables[source]!.columns.map(column => column.name)
        if (names.length === 0) throw no('the columns of an own table are not known')
        kept.push(...names.map(name => ({ name, source, column: name })))
      }
      return
    }
    const mentions = scope.mentions(expr)
    if (mentions === null) throw no('a column of its result is not known')
    const sources = [...mentions]
    const name = alias ?? nameOf(expr)
    if (name === '__proto__') throw no('a column of its result has a name that objects have themselves')
    if (!sources.some(isForeign)) {
      const source = expr.kind === 'column' ? scope.sourceOf(expr) : null
      kept.push({ name, source, column: expr.kind === 'column' ? expr.name : null })
      return
    }
    if (sources.length > 1) throw no('it reckons with columns of two owners')
    const [source] = sources
    const { kind } = foreign.find(each => each.source === source)!
    if (kind === 'anti') throw no('it takes columns of rows that are not there')
    const isReckoned = expr.kind !== 'column'
    if (isReckoned && (alias === null || (kind === 'left' && !isNullOfNulls(expr, dialect))))
      throw no('it reckons with foreign columns')
    columns
      .get(source!)!
      .push(
        expr.kind === 'column'
          ? { name, column: expr.name, reckoned: null }
          : { name, column: name, reckoned: clauses.items[at]! },
      )
    gone.push(at)
  })
  const names = [...columns.values()].flat().map(({ name }) => name.toLowerCase())
  const hasTwins =
    new Set(names).size < names.length || kept.some(({ name }) => names.includes(name.toLowerCase()))
  if (hasTwins) throw no('two columns of its result have one name')
  for (const { source, kind } of foreign) {
    if (kind === 'left' && columns.get(source)!.length === 0 && scope.isUnique(source, keyName(source)))
      throw no('nothing of the foreign table is used')
  }
  return {
    gone,
    columns,
    shownAs: own =>
      kept.find(each => each.source === own.source && same(each.column ?? '', own.name))?.name ?? null,
  }

  function keyName(source: number): string {
    return foreign.find(each => each.source === source)!.key.foreign
  }
}

/** The operation of one foreign table, and how its rows are joined. */
function partOf(
  { source, kind, key, moved }: Foreign,
  taken: TakenItems,
  own: { ownKey: string; addedKey: boolean },
  { select, scope, sql, dialect, no }: SplitContext,
): ForeignPart {
  const { alias, table } = select.from[source]!
  const columns = taken.columns.get(source)!
  const plain = [
    ...new Set([key.foreign, ...columns.filter(each => !each.reckoned).map(each => each.column)]),
  ]
  const reckoned = columns.filter(each => each.reckoned)
  if (![...plain, alias, table!].every(name => /^[A-Za-z_]\w*$/.test(name)))
    throw no('a name of the foreign part needs quotes')
  if (reckoned.some(({ column }) => plain.some(name => same(name, column))))
    throw no('two columns of the foreign part have one name')
  const as = same(alias, table!) ? '' : ` ${alias}`
  return {
    owner: scope.tables[source]!.owner!,
    template: [
      { kind: 'text', text: `SELECT ${plain.map(name => `${alias}.${name}`).join(', ')}` },
      ...reckoned.flatMap(each => [
        { kind: 'text' as const, text: ', ' },
        ...pieces(sql, dialect, each.reckoned!),
      ]),
      { kind: 'text', text: ` FROM ${table}${as} WHERE ${alias}.${key.foreign} IN (` },
      { kind: 'value', slot: 0, code: 'keys', list: true },
      { kind: 'text', text: ')' },
      ...moved.flatMap(term => conditionPieces(sql, dialect, term)),
    ],
    join: {
      kind,
      ...own,
      foreignKey: key.foreign,
      columns: columns.map(({ name, column }) => ({ name, column })),
    },
  }
}

/** Name that the database gives a column that is one; '' for what is none. */
function nameOf(expr: Expr): string {
  return expr.kind === 'column' ? expr.name : ''
}
