/** The operation that a planned access calls, and its use of it. */
import type { OnlyText } from '../../analyzers/link/statements.js'
import type { Access } from '../../analyzers/model.js'
import { matchesTable } from '../../analyzers/owners/patterns.js'
import type { Described } from '../describe/describe.js'
import { callDriver } from '../drivers/index.js'
import { faceOf } from '../faces.js'
import type { AloneUse, CallStatement, Operation, OperationUse, OwnPart } from '../operation.js'
import { opened } from '../repository/connection-options.js'
import type { Repository } from '../repository/index.js'
import { Refusal } from '../site/refusal.js'
import type { SiteStatement } from '../site/statement.js'
import type { RewriteDialect } from '../wire.js'
import type { Wrapper } from '../wrapper/wrapper.js'
import { driverCalledIn } from './database.js'
import { identityOf } from './identity.js'
import type { AccessPlan, CallSiteEdit } from './plan.js'
import { refuseUnknownZone } from './unknown-zone.js'
import { withoutTexts } from './without-texts.js'

/** An access that can be rewritten, before its operations have names. */
export interface Planned {
  plan: AccessPlan
  /** What the rewritten code calls: one, or one for each foreign part of a split. */
  calls: PlannedCall[]
  /** Where it calls no one afterwards: what is kept of it. */
  alone?: AloneUse
  /** Nothing looks at its result. */
  isDiscarded: boolean
  /** The edit, once the operations of `calls` have names, in their order. */
  editFor: (operations: Operation[]) => CallSiteEdit
}

export interface PlannedCall {
  described: Described
  operation: Omit<Operation, 'name' | 'uses'>
  use: OperationUse
}

interface Making {
  access: Access
  owner: string
  dialect: RewriteDialect
  described: Described
  method: Operation['method']
  strategy: OperationUse['strategy']
  isDiscarded: boolean
  before: Omit<CallStatement, 'arguments'>
  wrapper: Wrapper | null
}

/** The operation and its use. */
export function operationOf(making: Making, repository: Repository): PlannedCall {
  const { access, owner, dialect, described, method } = making
  const connection = repository.optionsOf(access, driverCalledIn(access, making.wrapper))
  refuseUnknownZone(access, described, connection, dialect, repository)
  const reads = making.wrapper?.reads ?? access.driver
  const options = making.isDiscarded ? opened({}) : connection
  const faces = described.columns.map(column => {
    const [first, ...others] = (making.wrapper?.drivers ?? [access.driver]).map(each => ({
      driver: each,
      face: faceOf(column.type, each, options, dialect),
    }))
    const other = others.find(({ face }) => face !== first!.face)
    if (!other) return first!.face
    throw new Refusal(
      `it runs on ${first!.driver} or ${other.driver}, which make different values of its column \`${column.name}\``,
      'cast the column to text in the statement, or give both the same',
    )
  })
  const driver = dialect === 'mysql' ? 'mysql2' : 'pg'
  const statement = withoutDatabase(described.statement, access, dialect)
  const id = identityOf({ owner, dialect, method, statement, parameters: described.parameters })
  const own = access.tables.filter(table => table.owner === owner)
  const tables = own.map(table => table.id!)
  const writes = own.filter(({ op }) => op === 'write').map(table => table.id!)
  return {
    described,
    operation: {
      id,
      owner,
      datastore: access.datastore!,
      dialect,
      driver,
      method,
      statement,
      parameters: described.parameters,
      columns: described.columns,
      kind: described.kind,
      idempotent: described.kind !== 'write',
      reference: described.kind !== 'write' && isReference(tables, repository),
      tables: [...new Set(tables)].sort(),
      ...(writes.length === 0 ? {} : { writes: [...new Set(writes)].sort() }),
      endpoint: null,
      event: null,
    },
    use: {
      service: access.service,
      file: access.file,
      access: access.id,
      strategy: making.strategy,
      driver: reads,
      faces,
      options: { ...callDriver(reads)?.options?.[dialect], ...connection.options },
      before: withoutTexts({
        ...making.before,
        arguments: described.arguments.map(({ name, code }) => ({ name, code })),
      }),
    },
  }
}

/** The use of a call site that calls no one any more. */
export function useAlone(
  access: Access,
  before: CallStatement,
  split: OwnPart,
  wrapper: Wrapper | null,
  dialect: RewriteDialect,
  repository: Repository,
): OperationUse {
  const reads = wrapper?.reads ?? access.driver
  return {
    service: access.service,
    file: access.file,
    access: access.id,
    strategy: 'split',
    driver: reads,
    faces: [],
    options: {
      ...callDriver(reads)?.options?.[dialect],
      ...repository.optionsOf(access, driverCalledIn(access, wrapper)).options,
    },
    before,
    split,
  }
}

/** What the call site ran, before anything is made of it. */
export function asWritten(
  { parts, values }: SiteStatement,
  onlyText: OnlyText | null,
): Omit<CallStatement, 'arguments'> {
  if (values === undefined || onlyText === null) return { parts }
  return { parts: [{ kind: 'text', text: onlyText.text }], values }
}

function isReference(tables: string[], { workspace }: Repository): boolean {
  const { reference } = workspace.config.rewrite
  return tables.every(id => reference.some(pattern => matchesTable(pattern, id)))
}

/** Database names in front of tables go: the owner's connection has its own. */
function withoutDatabase(
  statement: Operation['statement'],
  access: Access,
  dialect: RewriteDialect,
): Operation['statement'] {
  if (dialect !== 'mysql') return statement
  const names = new Set(access.tables.flatMap(table => (table.schema === null ? [] : [table.schema])))
  if (names.size === 0) return statement
  const escaped = [...names].map(name => name.replace(/[^\w]/g, '\\$&')).join('|')
  const qualifier = new RegExp(
    `(?<![\\w\`.'"])(?:\`(?:${escaped})\`|(?:${escaped}))\\s*\\.\\s*(?=[\\w\`])`,
    'g',
  )
  return statement.map(part => {
    if (part.kind === 'text') return { ...part, text: part.text.replace(qualifier, '') }
    return 'parts' in part ? { ...part, parts: withoutDatabase(part.parts, access, dialect) } : part
  })
}
