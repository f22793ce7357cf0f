/** Who uses a table, one of each service. */
import { compare } from '../order.js'
import type { OwnedTable, TableModel, TableUse } from './types.js'

/** The first of each service. */
export function distinctServices(models: TableModel[]): TableModel[] {
  return [...new Map(models.toReversed().map(model => [model.service, model])).values()].sort((a, b) =>
    compare(a.service, b.service),
  )
}

/** First write of each service. */
export function writersOf(table: OwnedTable): Map<string, TableUse> {
  return firstUses(table, use => use.op === 'write')
}

/** By service, the first in the order of files and lines. */
export function firstUses(table: OwnedTable, isMeant: (use: TableUse) => boolean): Map<string, TableUse> {
  const first = new Map<string, TableUse>()
  const ordered = table.uses
    .filter(isMeant)
    .sort((a, b) => compare(a.service, b.service) || compare(a.file, b.file) || a.line - b.line)
  for (const use of ordered) if (!first.has(use.service)) first.set(use.service, use)
  return first
}

/**
 * Uses of a table without those by which a script fills it to begin with, where others write it: seeders fill everyone's
 * tables. Where no one else does, who brings the rows is the best sign that there is.
 */
export function usesButSeeding(uses: TableUse[]): TableUse[] {
  return unlessAlone(uses, use => isSeeder(use.file))
}

/**
 * In the same way, without what a central script puts into the tables that it makes; nor that of a service which runs such
 * a script and has one like it.
 */
export function usesButFilling(
  { uses, creations }: OwnedTable,
  central: { has(holder: string): boolean },
): TableUse[] {
  const runners = new Set(creations.flatMap(({ runBy = [] }) => runBy))
  return unlessAlone(
    uses,
    ({ scriptOf }) =>
      scriptOf !== undefined && (scriptOf === null || central.has(scriptOf) || runners.has(scriptOf)),
  )
}

/** Without uses of a kind, if others write. */
function unlessAlone(uses: TableUse[], isMeant: (use: TableUse) => boolean): TableUse[] {
  const others = uses.filter(use => !isMeant(use))
  return others.some(use => use.op === 'write') ? others : uses
}

/** `prisma/seed.ts`, `db-seed.js`, `seedUsers.ts`, `users.seeder.ts`, `seeders/users.js`; not `seeds.controller.ts`. */
function isSeeder(file: string): boolean {
  return /(?:^|\/)(?:seeds|seeders?)\/[^/]*$|(?:^|[/._-])seed(?:s|er|ers|ing)?(?:[-_][\w-]*|[A-Z]\w*)?\.[cm]?[jt]s$/.test(
    file,
  )
}
