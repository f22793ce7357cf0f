/** The whole statement becomes an operation of the owner. */
import type { Access } from '../../analyzers/model.js'
import { type Described, describe } from '../describe/describe.js'
import type { Protocol, ResultForm } from '../drivers/driver.js'
import { callDriver } from '../drivers/index.js'
import type { DriverOptions } from '../operation.js'
import type { Repository } from '../repository/index.js'
import { type Assumed, decidedBy, negated } from '../site/conditions.js'
import { eitherOr } from '../site/either-or.js'
import type { MakingCall } from '../site/helpers/calls.js'
import type { Node } from '../site/parse.js'
import { OneOfSeveral, Refusal } from '../site/refusal.js'
import { readResult, rowHelperOf } from '../site/result.js'
import { readSiteStatement } from '../site/statement.js'
import type { RewriteDialect } from '../wire.js'
import { describeContext, dialectOf, driverCalledIn } from './database.js'
import { refuseAskedErrors } from './errors.js'
import { callsInLoop } from './loop.js'
import { asWritten, operationOf, type Planned } from './operation.js'
import { onlyOwner } from './owner.js'
import type { AccessPlan, Otherwise, PlanOptions } from './plan.js'
import { clientModule, clientOf, placeOf, readSite } from './site.js'
import { refuseBoundConnection, refuseTransaction } from './transaction.js'

/** @throws Refusal with the first reason against it */
export function planLift(
  access: Access,
  plan: AccessPlan,
  repository: Repository,
  options: PlanOptions,
): Planned {
  const owner = onlyOwner(access, repository)
  refuseTransaction(access, plan, options)
  const dialect = dialectOf(access, repository)
  const site = readSite(access, repository)
  refuseBoundConnection(access, site, plan, options, repository)
  const { file, call, protocol } = site
  const choice = site.onlyText
    ? null
    : eitherOr(file, call, site.wrapper?.text ?? 0, site.wrapper ? site.wrapper.values : 1)
  const { options: connection } = repository.optionsOf(access, driverCalledIn(access, site.wrapper))
  const read = (each: Node, assumed: readonly Assumed[] = []): Variant => {
    const template = readSiteStatement(
      file,
      each,
      protocol,
      site.onlyText,
      dialect,
      site.wrapper,
      repository,
      call,
      assumed,
    )
    const described = describe(template.parts, describeContext(access, dialect, repository))
    refuseOddParameters(described, site.wrapper?.reads ?? access.driver, dialect)
    return {
      described,
      making: template.making ?? [],
      before: asWritten(template, site.onlyText),
      isWrite: described.kind === 'write',
      column: onlyColumn(protocol, described),
      form: resultForm(protocol, described, connection),
    }
  }
  const { variants, tests } = choice
    ? { variants: choice.calls.map(each => read(each)), tests: [choice.test] }
    : variantsBy(assumed => read(call, assumed))
  const [one, ...others] = variants
  const { isWrite, column, form: first } = one!
  if (others.some(other => other.isWrite !== isWrite || other.column !== column))
    throw new Refusal('it runs one of two statements, which give their results in different forms')
  // Which of several rows are expected does not depend on the statement, unless one of them can give but one.
  const form = others.some(other => other.form !== first) ? protocol.result : first
  const { isDiscarded } = readResult(file, call, form, isWrite, column, site.wrapper?.unfollowed)
  refuseAskedErrors(site, plan, repository)
  plan.reason = `all of its tables belong to ${owner}`
  if (rowHelperOf(form)) {
    plan.lost.push('for a wrong number of rows it throws a RowCountError, and no error of the driver')
  }
  if (site.wrapper?.doesMore) {
    plan.lost.push(`what ${site.wrapper.name} does beside, such as logging and checks`)
  }
  if (access.reachedBy.includes(owner))
    plan.lost.push(`${owner}, which uses this code too, calls itself over the network`)
  for (const name of new Set(variants.flatMap(({ described }) => described.told)))
    plan.lost.push(`values of \`${name}\` other than those of its type, which are refused now`)
  if (variants.some(({ described }) => described.parameters.some(({ type }) => type.kind === 'rows')))
    plan.lost.push(
      'more than 10,000 rows, or 1 MB of them, in one call, which are refused now; none at all is an error of the client, and no longer of the database',
    )
  plan.loop = callsInLoop(file, call, isWrite)
  if (plan.loop) plan.lost.push(plan.loop)
  for (const { described } of variants) {
    const zone = sessionZoneOf(site.wrapper?.reads ?? access.driver, described, dialect)
    if (zone !== null && !plan.lost.includes(zone)) plan.lost.push(zone)
  }
  const { wrapper } = site
  const making = { access, owner, dialect, method: protocol.method, isDiscarded, wrapper }
  return {
    plan,
    isDiscarded,
    calls: variants.map(({ described, before }) =>
      operationOf({ ...making, described, before, strategy: 'lift' }, repository),
    ),
    editFor: operations => ({
      kind: 'lift',
      ...placeOf(access, file, call),
      client: clientOf(access, owner, repository),
      operation: operations[0]!.name,
      result: form,
      rows: clientModule(access, 'runtime/rows', repository),
      isWrite,
      valueColumn: column,
      typeArgument: protocol.typeArgument,
      arguments: variants[0]!.described.arguments,
      joined: null,
      making: variants.flatMap(({ making }) => making),
      otherwise: tests.reduceRight<Otherwise | null>(
        (otherwise, test, at) => ({
          test,
          operation: operations[at + 1]!.name,
          arguments: variants[at + 1]!.described.arguments,
          otherwise,
        }),
        null,
      ),
    }),
  }
}

interface Variant {
  described: Described
  making: MakingCall[]
  before: ReturnType<typeof asWritten>
  isWrite: boolean
  column: string | null
  form: ResultForm
}

interface Variants {
  variants: Variant[]
  /** The condition of each but the last: it is what is run if that holds, and no one before did. */
  tests: string[]
}

/** More would be a call that nobody reads. */
const MOST_TESTS = 3

/**
 * One statement, or one of several by conditions that the call can ask.
 *
 * @param read the statement where conditions hold or not
 * @throws Refusal
 */
function variantsBy(
  read: (assumed: readonly Assumed[]) => Variant,
  assumed: readonly Assumed[] = [],
): Variants {
  try {
    return { variants: [read(assumed)], tests: [] }
  } catch (error) {
    const isOpen = error instanceof OneOfSeveral && decidedBy(assumed, error.test) === undefined
    if (!isOpen || assumed.length === MOST_TESTS) throw error
    const { test } = error
    const yes = variantsBy(read, [...assumed, { code: test, holds: true }])
    const no = variantsBy(read, [...assumed, { code: test, holds: false }])
    if (yes.tests.length === 0) return joined(test, yes, no)
    if (no.tests.length === 0) return joined(negated(test), no, yes)
    throw error
  }
}

function joined(test: string, { variants: [yes] }: Variants, no: Variants): Variants {
  return { variants: [yes!, ...no.variants], tests: [test, ...no.tests] }
}

/** @throws Refusal where the driver gives the values of one column, and there are more */
function onlyColumn({ result }: Protocol, { columns }: Described): string | null {
  if (!/ values?$|^values$/.test(result)) return null
  const [column, ...others] = columns
  if (column && others.length === 0) return column.name
  throw new Refusal(`it gives the values of one column, and its statement has ${columns.length}`)
}

/** @throws Refusal for a value that the driver would have changed before the database sees it */
export function refuseOddParameters({ parameters }: Described, name: string, dialect: RewriteDialect): void {
  const odd = callDriver(name)?.oddParameters?.[dialect] ?? []
  for (const { type, column } of parameters) {
    const { kind } = type.kind === 'list' ? type.of : type
    if (!odd.some(each => each === kind)) continue
    throw new Refusal(
      `${name} reads a value of type ${kind} in a way of its own${column === null ? '' : ` (${column})`}`,
      'cast the placeholder to text and from there (`${x}::text::date`), if it is a text',
    )
  }
}

const BY_THE_ZONE =
  /\b(?:current_date|curdate|current_time|curtime|localtime|localtimestamp|date_trunc|date_part|extract|to_char|from_unixtime|unix_timestamp)\b|::\s*date\b|\bas\s+date\b/i
/** On PostgreSQL a moment, which is the same everywhere; MySQL's is what a clock on the wall says. */
const MOMENT = /\b(?:now|current_timestamp)\b/i

/**
 * What of a statement may depend on the zone of a session, where its driver sets that and the owner's does not.
 *
 * @throws Refusal where it does
 */
function sessionZoneOf(name: string, { statement }: Described, dialect: RewriteDialect): string | null {
  const zone = callDriver(name)?.sessionZone
  if (zone === undefined) return null
  const text = statement.map(part => (part.kind === 'text' ? part.text : '')).join(' ')
  const [moment] = MOMENT.exec(text) ?? []
  const [found] = BY_THE_ZONE.exec(text) ?? (dialect === 'mysql' && moment ? [moment] : [])
  const sessions = `${name} has its sessions in ${zone === 'Z' ? 'UTC' : zone}`
  if (found !== undefined) {
    throw new Refusal(
      `${sessions}, which \`${found.trim()}\` depends on; the owner's may be in another zone`,
      'compute the value in the code and hand it over, or name the zone in the statement',
    )
  }
  return moment === undefined
    ? null
    : `${sessions}; compared with a column without a zone, \`${moment}\` is by the zone of the server now`
}

/** What the call gives, as far as that depends on the statement and on the connection. */
function resultForm(
  { result, written }: Protocol,
  { kind, columns }: Described,
  options: DriverOptions | null,
): ResultForm {
  if (written === 'counted' && kind === 'write' && columns.length > 0) return result
  if (result === 'none' && columns.length > 0)
    throw new Refusal(
      'its method rejects where there are rows, and its statement gives rows',
      'ask for the rows, and throw where there are some',
    )
  if (kind === 'write') return written === 'big header' && options?.insertIdAsNumber ? 'header' : written
  // There is no second row.
  if (result === 'optional' && kind !== 'rows') return 'row'
  return result === 'optional or undefined' && kind !== 'rows' ? 'first' : result
}
