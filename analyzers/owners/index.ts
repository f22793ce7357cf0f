/** The one service that each table belongs to, with the evidence for it. */
import type { Evidence } from '../model.js'
import { byConfig } from './by-config.js'
import { byDatabase } from './by-database.js'
import { bySchema, isMadeAround } from './by-schema.js'
import { byScripts } from './by-scripts.js'
import { byAdder, byWriter } from './by-writer.js'
import { centralHolders, isMigrator } from './central.js'
import { type Context, createContext } from './context.js'
import type { OwnedTable, OwnerInput, Ownership } from './types.js'
import { firstUses, usesButFilling, usesButSeeding, writersOf } from './uses.js'

export type {
  Creation,
  OwnedTable,
  OwnerInput,
  Ownership,
  TableModel,
  TableUse,
  UnreadWay,
} from './types.js'
export { ownersWithoutTable } from './without-table.js'

/**
 * Decides the owner of each table, by the first of these that tells one:
 *
 * 1. the configuration;
 * 2. the service whose own scripts create it; scripts in one central place (see `centralHolders`) don't count,
 *    unless no other service uses the table, or their folder or file is named after a service that does;
 * 3. the database that it lies in, if that is one service's by connection or by name, or the schema, if that bears the
 *    name of one that connects to it;
 * 4. the only service that writes it, or, where no statement does, that has a model of it;
 * 5. the only one that adds rows to it, while others change them.
 *
 * Else it is open, and the evidence names those who could be it.
 * @returns by table id
 */
export function decideOwners(given: OwnerInput): Map<string, Ownership> {
  // What migrations fill and change tells of no owner either.
  const used = given.tables.map(table => ({
    ...table,
    uses: usesButSeeding(table.uses.filter(use => !isMigrator(use.service))),
  }))
  const central = centralHolders(used, given.services)
  const tables = used.map(table => ({ ...table, uses: usesButFilling(table, central) }))
  const context = createContext({ ...given, tables }, central)
  return new Map(tables.map(table => [table.id, decideOwner(table, context)]))
}

function decideOwner(table: OwnedTable, context: Context): Ownership {
  const noted: Evidence[] = []
  const inferred = (isMadeAround(table, context) ? bySchema(table, context, noted) : null) ??
    byScripts(table, context, noted) ??
    byDatabase(table, context, noted) ??
    bySchema(table, context, noted) ??
    byWriter(table, context, noted) ??
    byAdder(table, context, noted) ?? { owner: null, confidence: 'open', evidence: candidates(table, noted) }
  const configured = byConfig(table, context)
  if (configured === null) return inferred
  // `init` writes down what was inferred: why it was stays worth telling.
  const isSame = configured.owner !== null && configured.owner === inferred.owner
  return isSame ? { ...configured, evidence: [...configured.evidence, ...inferred.evidence] } : configured
}

/** For an open table: who writes it, or, if no one does, who reads it. */
function candidates(table: OwnedTable, noted: Evidence[]): Evidence[] {
  const writers = writersOf(table)
  const shown = writers.size > 0 ? writers : firstUses(table, use => use.op === 'read')
  const verb = writers.size > 0 ? 'writes' : 'reads'
  const found = [...shown.values()].map(({ service, file, line }) => ({
    file,
    line,
    reason: `open: ${service} ${verb} it`,
  }))
  return [...noted, ...found]
}
