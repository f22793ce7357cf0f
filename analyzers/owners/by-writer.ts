import type { Evidence } from '../model.js'
import type { Context } from './context.js'
import type { OwnedTable, Ownership, TableModel } from './types.js'
import { distinctServices, firstUses, writersOf } from './uses.js'

/**
 * By who writes it. Who only deletes the rows that others read, as a script that empties tables does, has not made them. A
 * service that alone has models of it, which are not read, may write it as well: where the writer has none, it is open
 * which of the two it belongs to.
 */
export function byWriter(table: OwnedTable, context: Context, noted: Evidence[]): Ownership | null {
  const writers = [...writersOf(table).values()]
  const modellers = distinctServices(table.models.filter(model => model.isOwn))
  if (writers.length === 0) return byModel(table, modellers, context, noted)
  if (writers.length !== 1) return null
  const { service, file, line } = writers[0]!
  const others = modellers.filter(model => model.service !== service)
  if (others.length > 0 && table.models.every(model => model.service !== service)) {
    noted.push(...others.map(model => evidenceOf(model, 'open:')))
    return null
  }
  const isUsed = table.uses.some(use => use.service !== service)
  if (isUsed && table.uses.every(use => use.service !== service || !use.changes)) {
    noted.push({ file, line, reason: `open: ${service} does no more than to delete its rows` })
    return null
  }
  const readers = new Set(table.uses.filter(use => use.service !== service).map(use => use.service)).size
  const reason = `only ${service} writes it${readers > 0 ? `, ${readers} ${readers === 1 ? 'other reads' : 'others read'} it` : ''}`
  return {
    owner: service,
    confidence: 'only-writer',
    evidence: [{ file, line, reason }, ...unreadWays(table, writers[0]!, context), ...noted],
  }
}

/** Nothing that is read writes it, but others read it: the only service that has a model of it. */
function byModel(
  table: OwnedTable,
  modellers: TableModel[],
  context: Context,
  noted: Evidence[],
): Ownership | null {
  const [model] = modellers
  // Who only changes rows may do so to another's.
  if (!model || model.write !== null || table.models.some(({ service }) => service !== model.service))
    return null
  const { service, by, file, line } = model
  const reason = `only ${service} has a ${by} for it, and no statement writes it`
  return {
    owner: service,
    confidence: 'only-writer',
    evidence: [{ file, line, reason }, ...unreadWays(table, model, context), ...noted],
  }
}

/** Whose rows they are: others only change or delete them. Those that a view brings are of whoever writes what it reads. */
export function byAdder(table: OwnedTable, context: Context, noted: Evidence[]): Ownership | null {
  const adders = [...firstUses(table, use => use.adds).values()]
  if (adders.length !== 1 || writersOf(table).size < 2) return null
  if (table.filledByView) {
    noted.push({ ...table.filledByView, reason: 'open: a materialized view puts rows into it' })
    return null
  }
  const { service, file, line } = adders[0]!
  const others = [...writersOf(table).keys()].filter(writer => writer !== service)
  const reason = `only ${service} adds rows to it, ${others.join(', ')} ${others.length === 1 ? 'changes' : 'change'} them`
  return {
    owner: service,
    confidence: 'only-adder',
    evidence: [{ file, line, reason }, ...unreadWays(table, adders[0]!, context), ...noted],
  }
}

/**
 * Others on the same database that may write it in ways that are not read: the only writer may be one of several. Where
 * the models of another are known and none names the table, that one does not.
 */
function unreadWays(
  { datastore, models }: OwnedTable,
  { service, file, line }: { service: string; file: string; line: number },
  { connections, unread, modelled }: Context,
): Evidence[] {
  const others = distinctServices(models.filter(model => model.service !== service))
  const [model] = others
  const unnamed = [...unread].filter(
    ([name, { isNamed }]) =>
      name !== service &&
      !others.some(other => other.service === name) &&
      !(isNamed && modelled.has(name)) &&
      connections[name]?.some(store => store.datastore === datastore),
  )
  const count = others.length + unnamed.length - 1
  const more = count > 0 ? `, and ${count} more may` : ''
  if (model) return [evidenceOf(model, 'not certain:', `, which may write it${more}`)]
  const [first] = unnamed
  if (!first) return []
  const [other, { how }] = first
  return [
    { file, line, reason: `not certain: ${other} may write it too, by the ${how}, not read here${more}` },
  ]
}

function evidenceOf({ service, by, write, file, line }: TableModel, state: string, end = ''): Evidence {
  const what = write === null ? `has a ${by} for it` : `writes it by a ${by}`
  return { file, line, reason: `${state} ${service} ${what}${end}` }
}
