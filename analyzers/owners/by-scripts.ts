import { isCalledAfter } from '../datastores/names.js'
import type { Evidence, Service } from '../model.js'
import { isMigrator } from './central.js'
import type { Context } from './context.js'
import type { Creation, OwnedTable, Ownership } from './types.js'
import { writersOf } from './uses.js'

/** By the scripts that create the table. What they say without deciding goes to `noted`. */
export function byScripts(table: OwnedTable, context: Context, noted: Evidence[]): Ownership | null {
  const own = table.creations.filter(({ service }) => service !== null && !context.central.has(service))
  // A service that runs what a library creates brings a script for it as well as one that holds it.
  const alsoRun = table.creations.filter(({ runBy = [] }) => own.length > 0 && runBy.length > 0)
  const holders = new Set([
    ...own.map(creation => creation.service!),
    ...alsoRun.flatMap(({ runBy = [] }) => runBy),
  ])
  if (holders.size === 1) return migrated(table, [...holders][0]!, context)
  if (holders.size > 1) {
    const chosen = amongHolders(table, [...holders]) ?? withinAround(table, [...holders], context)
    if (chosen !== null) return migrated(table, chosen, context)
    for (const { file, line, service } of own)
      noted.push({ file, line, reason: `created by a script of ${service} too` })
    for (const { file, line, service, runBy = [] } of alsoRun)
      noted.push({ file, line, reason: `created by ${service} too, which ${runBy.join(', ')} run` })
    return null
  }
  const alone = aloneWith(table, context)
  if (alone) return alone
  const named = new Set<string>()
  for (const { file, line, service } of table.creations) {
    const why =
      service === null
        ? 'which belongs to no service'
        : `which tells no owner: ${context.central.get(service)}`
    const namesake = serviceInPath(file, service, context)
    if (namesake && table.uses.some(use => use.service === namesake.name)) {
      named.add(namesake.name)
      noted.push({ file, line, reason: `created by a central script that is named after ${namesake.name}` })
    } else noted.push({ file, line, reason: `created by a central script, ${why}` })
  }
  if (named.size !== 1) return null
  return { owner: [...named][0]!, confidence: 'migration', evidence: noted }
}

/** A table of a central place that no other service uses is the holder's, if the holder is a service. */
function aloneWith({ creations, uses }: OwnedTable, { services }: Context): Ownership | null {
  const owner = creations[0]?.service
  const isService = services.some(service => service.name === owner && service.kind === 'service')
  if (!owner || !isService || isMigrator(owner)) return null
  if ([...creations, ...uses].some(item => item.service !== owner)) return null
  const evidence = creations.map(({ file, line }) => ({
    file,
    line,
    reason: `created by a script of ${owner}, and no other service uses it`,
  }))
  return { owner, confidence: 'migration', evidence }
}

function migrated(table: OwnedTable, owner: string, { central }: Context): Ownership {
  const isOther = ({ service }: Creation): number => Number(service !== owner)
  const creations = table.creations.toSorted((a, b) => isOther(a) - isOther(b))
  const evidence = creations.map(({ file, line, service, library, ifNotExists }) => {
    if (service === owner) {
      const holder = library === undefined ? owner : `${library}, a library that only ${owner} uses`
      return { file, line, reason: `created by a script of ${holder}` }
    }
    const who = service === null ? 'a script of no service' : `a script of ${service}`
    const how = ifNotExists ? ', if it is not there' : ''
    return {
      file,
      line,
      reason: `created by ${who} too${how}${service !== null && central.has(service) ? ' (central)' : ''}`,
    }
  })
  return { owner, confidence: 'migration', evidence }
}

/**
 * Several services bring a script for one table: the one that creates it while the others say IF NOT EXISTS, unless its
 * code leaves the table alone; else the only one of them that writes it.
 */
function amongHolders(table: OwnedTable, holders: string[]): string | null {
  const firm = new Set(
    table.creations
      .filter(item => !item.ifNotExists)
      .flatMap(({ service, runBy = [] }) => [service, ...runBy]),
  )
  const creating = holders.filter(holder => firm.has(holder))
  const writers = writersOf(table)
  const writing = holders.filter(holder => writers.has(holder))
  const writer = writing.length === 1 && writers.size === 1 ? writing[0]! : null
  if (creating.length !== 1) return writer
  const isUsed = table.uses.some(use => use.service === creating[0])
  return isUsed ? creating[0]! : (writer ?? creating[0]!)
}

/**
 * Of the service at the root, around the others, and one of these that both make a table: the inner one, if it adds rows to
 * it. A script at the root may be there to set up all.
 */
function withinAround({ uses }: OwnedTable, holders: string[], { services }: Context): string | null {
  const around = services.find(({ path, kind }) => path === '.' && kind === 'service')?.name
  const inner = holders.filter(holder => holder !== around)
  return inner.length === 1 && uses.some(({ service, adds }) => service === inner[0] && adds)
    ? inner[0]!
    : null
}

/**
 * The service that the file of a central script, or a folder between it and its holder's, is named after; the
 * innermost counts.
 */
function serviceInPath(file: string, holder: string | null, { services, deployed }: Context): Service | null {
  const folder = services.find(service => service.name === holder)?.path ?? '.'
  const below = file.startsWith(`${folder}/`) ? file.slice(folder.length + 1) : file
  const parts = below
    .replace(/\.\w+$/, '')
    .split('/')
    .reverse()
  for (const [depth, part] of parts.entries()) {
    // A file's name holds a version and a description beside the service: `V3__billing-service.sql`.
    const words =
      depth === 0
        ? [part, part.replace(/^[VRB]?[\d._-]+/i, '').replace(/[-_.](schema|tables|init)$/i, '')]
        : [part]
    for (const word of words) {
      const named = word === '' ? null : deployed.named(word)
      if (named) return named
      // A script tells of the things, `03_customers.sql`, and the service is called after one.
      const plural = services.filter(each => each.kind === 'service' && isCalledAfter(word, each))
      if (plural.length === 1) return plural[0]!
    }
  }
  return null
}
