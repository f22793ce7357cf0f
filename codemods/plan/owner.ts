/** The one service that a statement moves to. */
import type { Access } from '../../analyzers/model.js'
import { Refusal } from '../site/refusal.js'

/** @throws Refusal where there is none, or more than one */
export function onlyOwner(access: Access): string {
  const open = access.tables.find(table => !table.system && table.owner === null)
  if (open) {
    throw new Refusal(`nobody is known to own ${open.table}`, 'say who does under `owners` in seamripper.yml')
  }
  if (access.tables.some(table => table.system))
    throw new Refusal('it reads the catalogue of the database itself')
  if (access.kind !== 'sql')
    throw new Refusal('it calls a stored routine', 'give the owner an operation that calls it')
  const via = access.tables.find(table => table.via !== undefined)
  const owners = [...new Set(access.tables.map(table => table.owner!))].sort()
  if (owners.length > 1) {
    const own = owners.filter(owner => access.reachedBy.includes(owner))
    throw new Refusal(
      via
        ? `it goes through ${via.via}, which joins tables of ${list(owners)}`
        : `one statement joins tables of ${list(owners)}`,
      own.length > 0
        ? 'ask the owner for its part with one call for all rows, or keep a copy of its columns up to date by events'
        : 'let one of them have an endpoint for it, which asks the others',
    )
  }
  if (access.tables.some(table => table.op === 'ddl'))
    throw new Refusal('it changes the schema', 'make it a migration of the owner')
  return owners[0]!
}

function list(names: string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`
}
