import { listed } from '../../analyzers/listed.js'
/** The one service that a statement moves to. */
import type { Access } from '../../analyzers/model.js'
import { splitScript } from '../../analyzers/sql/split.js'
import type { Repository } from '../repository/index.js'
import { Refusal } from '../site/refusal.js'
import { ownersUnder, viewOfSeveral } from './advice.js'

/** What to do where whose tables a statement is over is chosen where it runs. */
export const WRITE_OUT_ADVICE =
  'write the statement out for each table, and the choice between them as code: each is an operation of its owner then'

/** @throws Refusal where there is none, or more than one */
export function onlyOwner(access: Access, repository: Repository): string {
  const open = access.tables.find(table => !table.system && table.owner === null)
  if (open) {
    throw new Refusal(`nobody is known to own ${open.table}`, 'say who does under `owners` in seamripper.yml')
  }
  const ofNoSchema = access.tables.find(table => table.system)
  if (ofNoSchema && repository.makesTemporary(access.file, ofNoSchema.table))
    throw new Refusal(
      `${ofNoSchema.table} is a temporary table, which only this connection has`,
      `ask ${listed(ownersOf(access))} for its part by a call first, and hand that to a statement here`,
    )
  if (ofNoSchema)
    throw new Refusal(
      'it reads the catalogue of the database itself',
      'let the owner answer what is asked about its tables, or leave it to the migrations',
    )
  if (access.kind !== 'sql') throw new Refusal('it calls a stored routine')
  const view = viewOfSeveral(access.tables)
  const owners = ownersOf(access)
  if (owners.length > 1 && isSeveral(access, repository)) {
    throw new Refusal(
      `its text is of several statements, over tables of ${listed(owners)}`,
      'execute each statement by a call of its own: those over tables of one other service are operations of it then',
    )
  }
  if (isOfOneOfOwners(access, repository)) {
    throw new Refusal(
      `it is a statement over tables of ${listed(owners)}, one of which is chosen where it runs`,
      WRITE_OUT_ADVICE,
    )
  }
  if (owners.length > 1) {
    throw new Refusal(
      view !== undefined
        ? `it goes through ${view}, which joins tables of ${listed(ownersUnder(view, access.tables))}`
        : `one statement joins tables of ${listed(owners)}`,
    )
  }
  if (access.tables.some(table => table.op === 'ddl'))
    throw new Refusal('it changes the schema', `make it a migration of ${owners[0]}`)
  return owners[0]!
}

/** Whether it is over tables of several owners that are not joined: one of them is chosen where it runs. */
export function isOfOneOfOwners(access: Access, repository: Repository): boolean {
  return (
    access.kind === 'sql' &&
    !access.crossServiceJoin &&
    ownersOf(access).length > 1 &&
    !isSeveral(access, repository)
  )
}

/** Whether its text holds more than one statement. */
function isSeveral({ sql, datastore }: Access, { map }: Repository): boolean {
  const dialect = map.datastores.find(({ id }) => id === datastore)?.dialect
  return sql !== null && dialect !== undefined && splitScript(sql, dialect).length > 1
}

/** Owners of all tables of a statement. */
export function ownersOf({ tables }: Access): string[] {
  return [...new Set(tables.flatMap(table => table.owner ?? []))].sort()
}
