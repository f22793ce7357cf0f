/** How a foreign table is joined to the own ones: by which key, and which conditions go with it. */
import type { ForeignKey } from '../../analyzers/model.js'
import { whyUnlike } from './checks.js'
import type { SplitContext, Term } from './context.js'
import { same } from './scope.js'

/** A foreign table while it is taken out: how it is joined, and what goes with it. */
export interface Foreign {
  source: number
  kind: 'inner' | 'left' | 'anti'
  key: { foreign: string; own: { source: number; name: string } }
  moved: Term[]
  /** What asks for rows without a counterpart: said by the kind of the join. */
  missing: Term | null
  /** Each row has one counterpart: a left join by a unique column, or an inner one that a foreign key holds to that. */
  keepsRows: boolean
  /** The foreign key that says so; null where none is needed. */
  heldBy: ForeignKey | null
}

/** @throws Refusal where it is not joined by a key, or something looks at it that can't go with it */
export function foreignOf(source: number, terms: Term[], context: SplitContext): Foreign {
  const { select, scope, dialect, isForeign, no } = context
  const own = terms.filter(term => term.of === source)
  const others = terms.filter(term => term.of !== source && term.mentions.has(source))
  let kind: Foreign['kind'] = select.from[source]!.join === 'left' ? 'left' : 'inner'
  // What a left join asks for filters no rows.
  const optional = others.find(({ of }) => of !== null && select.from[of]!.join === 'left')
  if (optional) {
    const [joined, looked] = [optional.of!, source].map(at => select.from[at]!.table)
    throw no(
      isForeign(optional.of!)
        ? `the left join of ${joined} has conditions on columns of ${looked}, which is foreign too`
        : 'an own left join has conditions on foreign columns',
    )
  }
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
  if (!first) throw no(`no column of ${select.from[source]!.table} is compared with an own one`)
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
  const isUnique = scope.isUnique(source, first.key.foreign)
  const heldBy =
    kind === 'inner' && isUnique && moved.length === 0 ? holding(first.key, source, context) : null
  return {
    source,
    kind,
    key: first.key,
    moved: moved.filter(term => kind !== 'anti' || term !== isMissing),
    missing: kind === 'anti' ? isMissing! : null,
    keepsRows: isUnique && (kind === 'left' || heldBy !== null),
    heldBy,
  }
}

/** The declared foreign key by which every row has a counterpart. */
function holding(
  { own, foreign }: Foreign['key'],
  source: number,
  { select, scope, dialect, repository }: SplitContext,
): ForeignKey | null {
  const column = scope.column(own.source, own.name)
  const table = scope.tables[own.source]!
  const isThere = column && (!column.nullable || table.primaryKey.includes(column.name))
  // Of a left join's row that is not there, the column is NULL.
  if (!isThere || select.from[own.source]!.join === 'left') return null
  const isOne = (names: string[], name: string): boolean => names.length === 1 && same(names[0]!, name)
  return (
    repository.map.foreignKeys.find(
      key =>
        key.from === table.id &&
        key.to === scope.tables[source]!.id &&
        isOne(key.fromColumns, own.name) &&
        isOne(key.toColumns, foreign) &&
        !(dialect === 'mysql' && isOfColumn(key, repository.textOf(key.file))),
    ) ?? null
  )
}

/** `patient_id CHAR(36) REFERENCES patients (id)`: MySQL reads it before version 9, and holds to nothing. */
function isOfColumn({ fromColumns, line }: ForeignKey, script: string | null): boolean {
  const text = script?.split('\n')[line - 1] ?? ''
  return new RegExp(`\\b${fromColumns[0]}[\`"]?\\s+\\w(?:(?!FOREIGN)[^;])*?\\bREFERENCES\\b`, 'i').test(text)
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
export function isKeyOf(term: Term, { source, key, kind }: Foreign, context: SplitContext): boolean {
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
