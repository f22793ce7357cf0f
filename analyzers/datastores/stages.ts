/** Databases of one platform that are the same one in different places: `shop` and `shop_dev`. */
import { groupBy } from '../graph/group-by.js'
import type { Diagnostic, Evidence } from '../model.js'
import type { Connection } from './connection.js'
import { compatible } from './dialects.js'

/** Where a database runs, as the last word of its name; the first of these is what is taken. */
const STAGES = [
  'prod',
  'production',
  'preprod',
  'staging',
  'stage',
  'uat',
  'qa',
  'dev',
  'development',
  'local',
]
const STAGE = new RegExp(`^(.+)[_-](${STAGES.join('|')})$`, 'i')

type Placed = Connection & { service: string; database: string }

/**
 * Gives connections of different services to `shop_dev`, `shop_prod` and `shop` the same database: one file was written on a
 * developer's machine and another for what is deployed. It is the plain one where some connection names it. A service that
 * connects to several of them copies from one to the other, so these stay apart.
 */
export function withoutStages<T extends Placed>(
  connections: T[],
): { connections: T[]; diagnostics: Diagnostic[] } {
  const meant = new Map<T, string>()
  const diagnostics: Diagnostic[] = []
  for (const group of groupBy(connections, ({ database }) => stemOf(database).toLowerCase()).values()) {
    const names = [...new Set(group.map(({ database }) => database))].sort(byStage)
    const [taken, ...others] = names
    if (taken === undefined || others.length === 0 || isToldApart(group)) continue
    for (const connection of group) if (connection.database !== taken) meant.set(connection, taken)
    diagnostics.push(told(taken, others, group))
  }
  return {
    connections: connections.map(connection => {
      const database = meant.get(connection)
      return database === undefined ? connection : { ...connection, database }
    }),
    diagnostics,
  }
}

/** Whether one service uses several of them, or their dialects differ. */
function isToldApart(group: Placed[]): boolean {
  const first = group[0]!
  const ofOne = [...groupBy(group, ({ service }) => service).values()]
  return (
    ofOne.some(own => new Set(own.map(({ database }) => database)).size > 1) ||
    group.some(({ dialect }) => !compatible(dialect, first.dialect))
  )
}

function stemOf(database: string): string {
  return STAGE.exec(database)?.[1] ?? database
}

function byStage(a: string, b: string): number {
  return rankOf(a) - rankOf(b) || (a < b ? -1 : 1)
}

function rankOf(database: string): number {
  return STAGES.indexOf(STAGE.exec(database)?.[2]?.toLowerCase() ?? '')
}

function told(taken: string, others: string[], group: Placed[]): Diagnostic {
  const [place] = group.flatMap(({ database, evidence }): Evidence[] => (database === taken ? [] : evidence))
  const [first] = group.filter(({ database }) => database !== taken)
  return {
    severity: 'info',
    code: 'datastore-stages',
    message:
      `${others.join(', ')} ${others.length > 1 ? 'are' : 'is'} taken to be ${taken} in another place. If it is another ` +
      `database, say so in seamripper.yml: services.${first!.service}.datastore`,
    file: place?.file ?? null,
    line: place?.line ?? null,
  }
}
