/** Owners that were inferred where a change began, and that it takes away without a word: they are kept for judging it. */
import type { DependencyMap, Table } from '../../model.js'
import type { Repository } from '../../repository.js'
import type { Change } from './introduced.js'

/** A table with the owner that it had. */
export type KeptOwner = Pick<Table, 'id' | 'ownerConfidence' | 'evidence'> & { owner: string }

/**
 * Tables whose owner is open now, or another by who writes them while the former one still does. Who begins to write
 * another service's table would else take its owner away, and cross nothing. What the config says, now or then, stands, and so
 * does what scripts and databases tell now.
 *
 * @param names present names of what the change renamed
 */
export function keptOwners(
  now: DependencyMap,
  before: DependencyMap,
  { renamed, presentTable, presentService }: Pick<Change, 'renamed' | 'presentTable' | 'presentService'>,
): KeptOwner[] {
  const present = new Map(now.tables.map(table => [table.id, table]))
  const services = new Set(now.services.filter(({ kind }) => kind === 'service').map(({ name }) => name))
  return before.tables.flatMap((former): KeptOwner[] => {
    const { ownerConfidence, evidence } = former
    const id = presentTable(former.id)
    const table = present.get(id)
    const owner = former.owner === null ? null : presentService(former.owner)
    if (table === undefined || owner === null || ownerConfidence === 'config' || !services.has(owner))
      return []
    if (table.owner === owner || !isTakenAway(table, owner, now)) return []
    const [reason] = evidence
    const place = placeNow(table, owner) ?? (reason && { file: renamed(reason.file), line: reason.line })
    if (!reason || !place) return []
    return [
      {
        id,
        owner,
        ownerConfidence,
        evidence: [{ ...place, reason: `before this change, ${reason.reason}` }],
      },
    ]
  })
}

function isTakenAway({ id, owner, ownerConfidence }: Table, former: string, now: DependencyMap): boolean {
  if (owner === null) return ownerConfidence === 'open'
  const isGuess = ownerConfidence === 'only-writer' || ownerConfidence === 'only-adder'
  return isGuess && now.accesses.some(access => writes(access, former, id))
}

function writes({ reachedBy, tables }: DependencyMap['accesses'][number], service: string, id: string) {
  return reachedBy.includes(service) && tables.some(table => table.id === id && table.op === 'write')
}

/** Where the former owner stands among those who could be it. */
function placeNow({ evidence }: Table, owner: string): { file: string; line: number } | undefined {
  const found = evidence.find(({ reason }) => reason.startsWith(`open: ${owner} `))
  return found && { file: found.file, line: found.line }
}

/** A repository that was analysed with these owners given, with the reasons that they had. */
export function withReasons(repository: Repository, kept: readonly KeptOwner[]): Repository {
  const byId = new Map(kept.map(({ id, ...ownership }) => [id, ownership]))
  const tables = repository.map.tables.map(table => ({ ...table, ...byId.get(table.id) }))
  return { ...repository, map: { ...repository.map, tables } }
}
