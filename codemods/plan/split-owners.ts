/** A statement over tables of several other services: one call for the part that stands first, and one for each other. */

import { listed } from '../../analyzers/listed.js'
import type { Access } from '../../analyzers/model.js'
import { describe } from '../describe/describe.js'
import type { OwnPart } from '../operation.js'
import type { Repository } from '../repository/index.js'
import type { Node } from '../site/parse.js'
import { isPure, isStable } from '../site/purity.js'
import { Refusal } from '../site/refusal.js'
import { readResult, rowHelperOf } from '../site/result.js'
import { bare, type SourceFile } from '../site/source-file.js'
import { readSiteStatement } from '../site/statement.js'
import { fullText, type TemplatePart, type TemplateValue, valuesIn } from '../site/template.js'
import { editedParts } from '../split/own-template.js'
import { planSplit, SPLIT_ADVICE, type Split } from '../split/split.js'
import { losesFilters, placeholders } from '../split/text.js'
import { whyVarying } from '../split/variants.js'
import { readStatement } from '../sql/read.js'
import { applyEdits } from '../transforms/text-edits.js'
import type { RewriteDialect } from '../wire.js'
import { describeContext, dialectOf } from './database.js'
import { refuseAskedErrors } from './errors.js'
import { refuseOddParameters } from './lift.js'
import { callsInLoop } from './loop.js'
import { operationOf, type Planned } from './operation.js'
import { ownersOf } from './owner.js'
import type { AccessPlan, PlanOptions } from './plan.js'
import { clientModule, clientOf, placeOf, readSite } from './site.js'
import { lostWithJoin, orderAndKeys, partsOf, READS_ALL } from './split-call.js'
import { refuseRest } from './split-rest.js'
import { onlyTextOf } from './text-to-split.js'
import { refuseBoundConnection, refuseTransaction } from './transaction.js'

/** Whether a statement reads tables of several others, and nothing else. */
export function isOverOthers(access: Access): boolean {
  return (
    access.kind === 'sql' &&
    access.tables.every(
      ({ system, op, owner, via }) =>
        !system && op === 'read' && owner !== null && owner !== access.service && !via,
    ) &&
    ownersOf(access).length > 1
  )
}

/** @throws Refusal with the first reason against it */
export function planSplitOwners(
  access: Access,
  plan: AccessPlan,
  repository: Repository,
  options: PlanOptions,
): Planned {
  refuseTransaction(access, plan, options)
  const dialect = dialectOf(access, repository)
  const joins = `one statement joins tables of ${listed(ownersOf(access))}`
  const onlyText = onlyTextOf(access, dialect, repository)
  const grown = onlyText ? null : partsOf(access, dialect, repository)
  const sql = onlyText?.text ?? fullText(grown!, dialect).text
  const { owner, split } = firstSplit(access, sql, dialect, repository, joins)
  const varying = grown && whyVarying(split, grown, sql, dialect)
  if (varying) throw new Refusal(`${joins}: ${varying}`, SPLIT_ADVICE)
  const site = readSite(access, repository)
  refuseBoundConnection(access, site, plan, options, repository)
  refuseAskedErrors(site, plan, repository)
  const { file, call, protocol, wrapper } = site
  refuseRest(wrapper)
  const form = protocol.result
  if (/values?$/.test(form)) throw new Refusal(`${joins}, and its driver gives the values of one column`)
  const { isDiscarded } = readResult(file, call, form, false, null, wrapper?.unfollowed)
  const given = onlyText
    ? givenFor(
        readSiteStatement(file, call, protocol, onlyText, dialect, wrapper, repository).parts,
        sql,
        dialect,
      )
    : []
  refuseLaterValues(split, { file, call, argument: wrapper ? wrapper.values : 1 }, given)
  const context = describeContext(access, dialect, repository)
  const ownText = applyEdits(sql, split.own)
  const templates = [
    grown ? grownTemplate(grown, split, dialect) : ownTemplate(ownText, split, given, sql, dialect),
    ...split.parts.map(part => part.template.map(each => withGiven(each, given))),
  ]
  const described = templates.map(each => describe(each, context))
  for (const each of described) refuseOddParameters(each, wrapper?.reads ?? access.driver, dialect)
  const making = {
    access,
    dialect,
    method: protocol.method,
    strategy: 'split',
    isDiscarded,
    wrapper,
  } as const
  const before = { parts: grown ?? [{ kind: 'text' as const, text: sql }] }
  const owners = [owner, ...split.parts.map(part => part.owner)]
  const calls = owners.map((each, at) => {
    const method = at === 0 ? protocol.method : 'query'
    return operationOf({ ...making, before, method, owner: each, described: described[at]! }, repository)
  })
  const [first, ...others] = described
  /** Parameters of a part but its keys, with the places of their values among all. */
  const placed = (at: number): { name: string; place: number }[] => {
    if (grown) return []
    return [...valuesIn(at === 0 ? templates[0]! : split.parts[at - 1]!.template)]
      .sort(([a], [b]) => a - b)
      .flatMap(([, { value }], index) => {
        const { name } = described[at]!.arguments[index]!
        if (at > 0 && value.list && value.code === 'keys') return []
        return [
          { name, place: at === 0 ? given.findIndex(each => each?.slot === value.slot) : Number(value.code) },
        ]
      })
  }
  const ownPart: OwnPart = {
    text: ownText,
    method: protocol.method,
    tables: [],
    gone: split.gone,
    ...orderAndKeys(split),
    first: { operation: calls[0]!.operation.id, values: placed(0), ...(grown ? { grows: true } : {}) },
    joins: split.parts.map(({ join }, at) => ({
      ...join,
      operation: calls[at + 1]!.operation.id,
      parameter: others[at]!.arguments[0]!.name,
      values: placed(at + 1),
    })),
  }
  for (const { use } of calls) use.split = ownPart
  const told = split.parts.map(part => `${part.owner} for ${part.join.foreignKey}`)
  plan.reason =
    told.length === 0
      ? `nothing is asked of ${listed(split.spare.map(({ name }) => name))}: one call of ${owner}`
      : `one call of ${owner}, then one for all rows: ${[...new Set(told)].join(', ')}`
  if (rowHelperOf(form))
    plan.lost.push('for a wrong number of rows it throws a RowCountError, and no error of the driver')
  if (wrapper?.doesMore) plan.lost.push(`what ${wrapper.name} does beside, such as logging and checks`)
  plan.loop = callsInLoop(file, call, false)
  if (plan.loop) plan.lost.push(plan.loop)
  if (told.length > 0) plan.lost.push('its parts are read one after the other, no longer at one moment')
  if (losesFilters(sql, split.own, dialect)) plan.lost.push(READS_ALL)
  plan.lost.push(...lostWithJoin(split, dialect))
  return {
    plan,
    isDiscarded,
    calls,
    editFor: operations => ({
      kind: 'lift',
      ...placeOf(access, file, call),
      client: clientOf(access, owner, repository),
      operation: operations[0]!.name,
      result: form,
      rows: clientModule(access, 'runtime/rows', repository),
      isWrite: false,
      valueColumn: null,
      typeArgument: protocol.typeArgument,
      arguments: first!.arguments,
      otherwise: null,
      joined:
        split.parts.length === 0
          ? null
          : {
              runtime: clientModule(access, 'runtime/join', repository),
              order: split.order,
              joins: split.parts.map((part, at) => {
                const [keys, ...more] = others[at]!.arguments
                return {
                  ...part.join,
                  client: clientOf(access, part.owner, repository),
                  operation: operations[at + 1]!.name,
                  parameter: keys!.name,
                  arguments: more,
                }
              }),
            },
    }),
  }
}

/** By the first of the owners, in the order of the text, whose part can be asked first; one that keeps a filter before others. */
function firstSplit(
  access: Access,
  sql: string,
  dialect: RewriteDialect,
  repository: Repository,
  joins: string,
): { owner: string; split: Split } {
  let refusal: Refusal | null = null
  let unfiltered: { owner: string; split: Split } | null = null
  for (const owner of ownersInOrder(access, sql, dialect, repository)) {
    try {
      const split = planSplit(access, { of: owner, refused: joins }, sql, dialect, repository)
      const left = applyEdits(sql, split.own)
      if (!readStatement(left, dialect, repository.parsers)) continue
      if (!losesFilters(sql, split.own, dialect)) return { owner, split }
      unfiltered ??= { owner, split }
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      refusal ??= error
    }
  }
  if (unfiltered) return unfiltered
  throw refusal ?? new Refusal(joins, SPLIT_ADVICE)
}

function ownersInOrder(
  access: Access,
  sql: string,
  dialect: RewriteDialect,
  { parsers }: Repository,
): string[] {
  const statement = readStatement(sql, dialect, parsers)
  const sources = statement?.kind === 'select' ? (statement.query.branches[0]?.from ?? []) : []
  const found = sources.flatMap(({ table }) => {
    const known = access.tables.find(each => each.table.toLowerCase() === table?.toLowerCase())
    return known?.owner ?? []
  })
  return found.length === 0 ? ownersOf(access) : [...new Set(found)]
}

/** Its parameters are those that are there under conditions, too. */
function grownTemplate(parts: TemplatePart[], { own }: Split, dialect: RewriteDialect): TemplatePart[] {
  const edited = editedParts(parts, own, dialect)
  if (!edited) throw new Refusal('what would change of its SQL text is between parts of it', SPLIT_ADVICE)
  return edited
}

/** What the call gives for each value, by its number. */
function givenFor(
  parts: TemplatePart[],
  sql: string,
  dialect: RewriteDialect,
): (TemplateValue | undefined)[] {
  const values = parts.filter(part => part.kind === 'value')
  const given: (TemplateValue | undefined)[] = []
  for (const [at, { token, value }] of placeholders(sql, dialect).entries()) {
    if (!/^(?:\?|\$\d+)$/.test(token.value))
      throw new Refusal('its placeholders have names, and it goes to several owners', SPLIT_ADVICE)
    given[value] ??= values[at]
  }
  return given
}

/** The text that is left, with the values of its placeholders. */
function ownTemplate(
  ownText: string,
  { gone }: Split,
  given: (TemplateValue | undefined)[],
  sql: string,
  dialect: RewriteDialect,
): TemplatePart[] {
  const kept = placeholders(sql, dialect).filter(({ value }) => !gone.includes(value))
  const parts: TemplatePart[] = []
  let at = 0
  for (const [index, { token, value }] of placeholders(ownText, dialect).entries()) {
    // Those without numbers are in the order that they were in.
    const number = dialect === 'mysql' ? kept[index]!.value : value
    parts.push({ kind: 'text', text: ownText.slice(at, token.start) }, given[number]!)
    at = token.end
  }
  parts.push({ kind: 'text', text: ownText.slice(at) })
  return parts.filter(part => part.kind !== 'text' || part.text !== '')
}

/** The expression of the call in place of the number of a value. */
function withGiven(part: TemplatePart, given: (TemplateValue | undefined)[]): TemplatePart {
  if (part.kind !== 'value' || part.list) return part
  const value = given[Number(part.code)]!
  if (value.list) throw new Refusal('a list of values goes with a part that is asked later')
  return { ...part, code: value.code }
}

/** @throws Refusal for values that may be others when the second call is made */
function refuseLaterValues(
  { parts }: Split,
  { file, call, argument }: { file: SourceFile; call: Node; argument: number | null },
  given: (TemplateValue | undefined)[],
): void {
  const asked = parts.flatMap(({ template }) => [...valuesIn(template).values()])
  const codes = asked.flatMap(({ value }) => (value.list ? [] : [given[Number(value.code)]!.code]))
  const list = argument === null ? undefined : (call.arguments?.[argument] as Node | undefined)
  const elements: (Node | null)[] = list && bare(list).type === 'ArrayExpression' ? bare(list).elements : []
  const isSame = (node: Node | null): boolean =>
    node === null ||
    !codes.includes(file.text.slice(node.start, node.end)) ||
    (isPure(node) && isStable(node, file.bindings))
  const isTold = elements.length > 0 || codes.every(code => /^[\w$.[\]]+$/.test(code))
  if (codes.length > 0 && !(isTold && elements.every(isSame)))
    throw new Refusal('a value that goes with its second part may be another one by then')
}
