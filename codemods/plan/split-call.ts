/** The foreign part of a statement becomes one call for all rows; the own part stays. */

import { listed } from '../../analyzers/listed.js'
import type { Access } from '../../analyzers/model.js'
import { describe } from '../describe/describe.js'
import { refuseSessionState } from '../describe/session.js'
import type { Protocol } from '../drivers/driver.js'
import type { OwnPart } from '../operation.js'
import type { Repository } from '../repository/index.js'
import type { Node } from '../site/parse.js'
import { refuseCallback, refuseUnpromised } from '../site/promised.js'
import { isPure, isStable } from '../site/purity.js'
import { Refusal } from '../site/refusal.js'
import type { TextEdit } from '../site/result.js'
import { bare, codeOf, type SourceFile } from '../site/source-file.js'
import { readSiteStatement } from '../site/statement.js'
import {
  choicesIn,
  fullText,
  optionalParts,
  optionalRanges,
  type TemplatePart,
  valuesIn,
  withOptional,
} from '../site/template.js'
import { headEdits, textEdits } from '../site/text-edits.js'
import { planSplit, SPLIT_ADVICE, type Split } from '../split/split.js'
import { losesFilters, placeholders, renumbered } from '../split/text.js'
import { whyVarying } from '../split/variants.js'
import { readStatement } from '../sql/read.js'
import { applyEdits } from '../transforms/text-edits.js'
import type { RewriteDialect } from '../wire.js'
import { describeContext, dialectOf } from './database.js'
import { refuseAskedErrors } from './errors.js'
import { callsInLoop } from './loop.js'
import { operationOf, type Planned, useAlone } from './operation.js'
import { isOfOneOfOwners, ownersOf, WRITE_OUT_ADVICE } from './owner.js'
import type { AccessPlan, PlanOptions } from './plan.js'
import { clientModule, clientOf, placeOf, readSite } from './site.js'
import { refuseRest } from './split-rest.js'
import { onlyTextOf } from './text-to-split.js'
import { refuseBoundConnection, refuseTransaction } from './transaction.js'

/** What is lost where no filter is left. */
export const READS_ALL =
  'its filters go with the other part: every row is read, and the keys of all are handed over; where there are many, ask the owner for the keys first'
const REFUSED = 'own and foreign tables in one statement'

/** What is kept of a split beside its calls. */
export function orderAndKeys({ order, held, spare }: Split): Pick<OwnPart, 'order' | 'held' | 'spare'> {
  return {
    ...(spare.length === 0 ? {} : { spare: spare.map(({ id }) => id) }),
    ...(order.length === 0 ? {} : { order }),
    ...(held.length === 0
      ? {}
      : { held: held.map(({ from, fromColumns }) => ({ table: from, column: fromColumns[0]! })) }),
  }
}

/** What the database did with the joined rows, and no longer does. */
export function lostWithJoin({ order, held, spare }: Split, dialect: RewriteDialect): string[] {
  const lost = held.map(({ from, fromColumns, to }) => {
    const [name, other] = [from, to].map(id => id.split('/').at(-1)!)
    const isSpare = spare.some(({ id }) => id === to)
    return `${isSpare ? `rows of ${name} are there without the join with ${other}` : `its LIMIT counts rows of ${name} before the join with ${other}`}: the same while each has one, which the foreign key of ${fromColumns[0]} no longer sees to once they are in databases of their own`
  })
  if (order.length === 0) return lost
  lost.push('its rows are put in order after the join: with more than 20000 keys it throws an error')
  if (dialect === 'mysql')
    lost.push('its databases rank rows with DENSE_RANK(): MySQL 8, MariaDB 10.2, or later')
  return lost
}

/** Whether a statement has own tables and others', all of them read. */
export function isOverBoth(access: Access): boolean {
  const used = access.tables.filter(table => !table.system)
  return (
    access.kind === 'sql' &&
    used.every(table => table.op === 'read' && table.owner !== null && !table.via) &&
    used.some(table => table.owner === access.service) &&
    used.some(table => table.owner !== access.service)
  )
}

/**
 * Each foreign part becomes one call for all rows, and is joined to what the rest of the statement gives.
 *
 * @throws Refusal with the first reason against it
 */
export function planSplitCall(
  access: Access,
  plan: AccessPlan,
  repository: Repository,
  options: PlanOptions,
): Planned {
  refuseTransaction(access, plan, options)
  const dialect = dialectOf(access, repository)
  const onlyText = onlyTextOf(access, dialect, repository)
  const parts = onlyText ? null : partsOf(access, dialect, repository)
  const sql = onlyText?.text ?? fullText(parts!, dialect).text
  const split = planSplit(access, { of: access.service, refused: REFUSED }, sql, dialect, repository)
  const varying = parts && whyVarying(split, parts, sql, dialect)
  if (varying) throw new Refusal(`${REFUSED}: ${varying}`, SPLIT_ADVICE)
  const own = [...split.own, ...renumbered(sql, dialect, split.gone, split.own)]
  if (!readStatement(applyEdits(sql, own), dialect, repository.parsers)) {
    throw new Refusal('what is left of its SQL without the foreign part is no statement')
  }
  const site = readSite(access, repository)
  refuseBoundConnection(access, site, plan, options, repository)
  refuseAskedErrors(site, plan, repository)
  const { file, call, protocol, wrapper } = site
  refuseRest(wrapper)
  if (!wrapper && call.type === 'CallExpression') refuseCallback(call, placeholders(sql, dialect).length > 0)
  refuseUnpromised(file, call)
  refuseOneOfMany(protocol, split, wrapper !== null)
  const text = wrapper?.text ?? 0
  const isBuilt = parts !== null
  if (!(isBuilt ? headEdits : textEdits)(file, call, text, sql, own)) {
    throw new Refusal('its SQL text is not written beside the call', SPLIT_ADVICE)
  }
  const argument = wrapper ? wrapper.values : 1
  const values = valuesOf(split, { file, call, argument, sql, dialect, protocol })
  const context = describeContext(access, dialect, repository)
  const described = split.parts.map(part => describe(withCode(part.template, values), context))
  const making = { access, dialect, method: 'query', strategy: 'split', isDiscarded: false, wrapper } as const
  const before = { parts: [{ kind: 'text' as const, text: sql }] }
  const calls = split.parts.map(({ owner }, at) =>
    operationOf({ ...making, before, owner, described: described[at]! }, repository),
  )
  const ownPart: OwnPart = {
    text: applyEdits(sql, own),
    ...(parts ? { variants: variantsOf(parts, sql, own, dialect) } : {}),
    method: protocol.method,
    tables: access.tables.filter(table => table.owner === access.service).map(table => table.id!),
    gone: split.gone,
    ...orderAndKeys(split),
    joins: split.parts.map(({ join, template }, at) => {
      const [keys, ...others] = described[at]!.arguments
      const [, ...places] = [...valuesIn(template)].sort(([a], [b]) => a - b)
      return {
        ...join,
        operation: calls[at]!.operation.id,
        parameter: keys!.name,
        values: others.map(({ name }, index) => ({ name, place: Number(places[index]![1].value.code) })),
      }
    }),
  }
  for (const { use } of calls) use.split = ownPart
  const isAlone = split.parts.length === 0
  const told = split.parts.map(({ owner, join }) => `${owner} for ${join.foreignKey}`)
  plan.reason = isAlone
    ? `nothing is asked of ${listed(split.spare.map(({ name }) => name))}: it is right without`
    : `one call for all rows: ${[...new Set(told)].join(', ')}`
  if (!isAlone) {
    plan.loop = callsInLoop(file, call, false)
    if (plan.loop) plan.lost.push(plan.loop)
    plan.lost.push('its parts are read one after the other, no longer at one moment')
  }
  if (!isAlone && losesFilters(sql, own, dialect)) plan.lost.push(READS_ALL)
  plan.lost.push(...lostWithJoin(split, dialect))
  return {
    plan,
    isDiscarded: false,
    calls,
    ...(isAlone
      ? {
          alone: {
            dialect,
            use: useAlone(access, { ...before, arguments: [] }, ownPart, wrapper, dialect, repository),
          },
        }
      : {}),
    editFor: operations => ({
      kind: 'split',
      ...placeOf(access, file, call),
      result: protocol.result,
      isWrite: false,
      typeArgument: protocol.typeArgument,
      sql,
      text,
      isBuilt,
      own,
      values: split.gone.length === 0 || argument === null ? null : { argument, gone: split.gone },
      runtime: clientModule(access, 'runtime/join', repository),
      order: split.order,
      joins: split.parts.map(({ owner, join }, at) => {
        const [keys, ...others] = described[at]!.arguments
        return {
          ...join,
          client: clientOf(access, owner, repository),
          operation: operations[at]!.name,
          parameter: keys!.name,
          arguments: others,
        }
      }),
    }),
  }
}

/**
 * One row may be joined as well as all, where that is the one that came first after the join.
 *
 * @throws Refusal
 */
function refuseOneOfMany({ result }: Protocol, { keepsFirst, parts }: Split, isWrapped: boolean): void {
  if (/^(?:tuple|object|rows)$/.test(result)) return
  // A row that has no counterpart is given as null.
  const mayGo = parts.some(({ join }) => join.kind !== 'left')
  if (keepsFirst && (result === 'row' || (result === 'first' && !mayGo))) return
  throw new Refusal(
    isWrapped
      ? 'a function between the call and the driver takes one row out of its result'
      : 'its driver gives one row of its result, or the values of one column',
    SPLIT_ADVICE,
  )
}

/**
 * The parts of a text that grows, or of one with lists as long as the values that come.
 *
 * @throws Refusal
 */
export function partsOf(access: Access, dialect: RewriteDialect, repository: Repository): TemplatePart[] {
  const { file, call, protocol, wrapper } = readSite(access, repository)
  const { parts } = readSiteStatement(file, call, protocol, null, dialect, wrapper, repository)
  refuseSessionState(fullText(parts, dialect).text, dialect)
  const [chosen] = choicesIn(parts).values()
  if (chosen) {
    const code = chosen.choice.code.replace(/\s+/g, ' ').slice(0, 60)
    if (isOfOneOfOwners(access, repository)) {
      throw new Refusal(
        `it is a statement over tables of ${listed(ownersOf(access))}, one of which is chosen by \`${code}\``,
        WRITE_OUT_ADVICE,
      )
    }
    throw new Refusal(
      `own and foreign tables in one statement, of which a piece is chosen by \`${code}\``,
      SPLIT_ADVICE,
    )
  }
  return parts
}

/** The whole statement and its own part with none of what is there under conditions, and with each alone. */
function variantsOf(
  parts: TemplatePart[],
  sql: string,
  own: TextEdit[],
  dialect: RewriteDialect,
): NonNullable<OwnPart['variants']> {
  // Nothing is changed behind the first of them.
  const [first] = optionalRanges(parts, dialect)
  if (!first) return []
  const head = applyEdits(sql.slice(0, first.start), own)
  const tests = new Set(optionalParts(parts).map(({ test }) => test))
  return [null, ...tests].map(only => {
    const kept = withOptional(parts, ({ test }) => test === only)
    const before = fullText(kept, dialect).text
    return { before, text: head + before.slice(first.start) }
  })
}

interface Site {
  file: SourceFile
  call: Node
  argument: number | null
  sql: string
  dialect: RewriteDialect
  protocol: Protocol
}

/**
 * The expressions of the values, by the places of their placeholders.
 *
 * @throws Refusal where those that go with the foreign parts can't be told from the others
 */
function valuesOf({ parts, gone }: Split, { file, call, argument, sql, dialect, protocol }: Site): string[] {
  const isAsked = parts.some(({ template }) => template.some(part => part.kind === 'value' && !part.list))
  if (!isAsked) return []
  const list = argument === null ? undefined : (call.arguments?.[argument] as Node | undefined)
  const elements: (Node | null)[] = list && bare(list).type === 'ArrayExpression' ? bare(list).elements : []
  const all = placeholders(sql, dialect)
  const isListed =
    protocol.values === 'list' &&
    all.every(({ token }) => /^(?:\?|\$\d+)$/.test(token.value)) &&
    elements.length === new Set(all.map(({ value }) => value)).size &&
    elements.every(each => each !== null && each.type !== 'SpreadElement')
  if (!isListed)
    throw new Refusal('the values that go with its foreign part are not listed one by one beside the call')
  // A list that mysql2 writes out in `IN (?)` is one value here, and many there.
  const isList = all.some(
    ({ token, value }) => gone.includes(value) && /\bIN\s*\(\s*$/i.test(sql.slice(0, token.start)),
  )
  if (isList && dialect === 'mysql') throw new Refusal('a list of values goes with its foreign part')
  // They are handed over after the own part was read.
  const asked = parts.flatMap(({ template }) =>
    template.flatMap(part => (part.kind === 'value' && !part.list ? [elements[Number(part.code)]!] : [])),
  )
  if (!asked.every(each => isPure(each) && isStable(each, file.bindings)))
    throw new Refusal('a value that goes with its foreign part may be another one by then')
  return elements.map(each => codeOf(file, each!))
}

/** The template with the expressions of the call site. */
function withCode(template: TemplatePart[], values: string[]): TemplatePart[] {
  return template.map(part =>
    part.kind === 'value' && !part.list ? { ...part, code: values[Number(part.code)]! } : part,
  )
}
