/**
 * How right services, owners and crossings of a map are, against labels written by hand.
 *
 *   node test/accuracy/score-owners.mjs LABELS.json ROOT [--verbose]
 *
 * An owner is right where it is the labelled one, or one of those that the labels call acceptable (null: open). Where
 * the tool leaves an owner open that the labels know, it says less, and nothing wrong: that is counted apart.
 * A crossing is a service and a table of another one. Those of tables that the tool leaves open are no misses of its own.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const [labelsFile, root, ...flags] = process.argv.slice(2)
const labels = JSON.parse(readFileSync(labelsFile, 'utf8'))
const seamripper = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'dist', 'bin', 'seamripper.js')
const map = JSON.parse(
  execFileSync(process.execPath, [seamripper, 'map', root, '--format', 'json', '--no-cache'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  }),
)
const told = []

const names = new Map(map.services.map(service => [service.path, service.name]))
const missing = labels.services.filter(service => !names.has(service.path))
for (const { path } of missing) told.push(`no service  ${path}`)
/** Our name of a labelled service. */
const nameOf = name => names.get(labels.services.find(service => service.name === name)?.path) ?? name

const owners = { right: 0, open: 0, wrong: 0 }
const openTables = new Set()
for (const label of labels.owners) {
  const ours = map.tables.find(table => isLabelled(table, label))
  const acceptable = (label.acceptable ?? [label.owner]).map(owner => (owner === null ? null : nameOf(owner)))
  const owner = ours?.owner ?? null
  const verdict = acceptable.includes(owner) ? 'right' : owner === null ? 'open' : 'wrong'
  owners[verdict]++
  if (owner === null) openTables.add(label.table)
  if (verdict !== 'right')
    told.push(
      `${verdict.padEnd(10)}  ${label.table}: ${owner ?? (ours ? 'open' : 'no table')} instead of ${label.owner}`,
    )
}

const scope = labels.scope?.crossingsFrom ?? labels.services.map(({ name }) => name)
const covered = new Set(scope.map(nameOf))
const ours = new Set()
for (const access of map.accesses) {
  // What a library executes is done by those that reach it; what creates tables for all of them is no crossing of each.
  const isOwn = access.reachedVia === 'own'
  const runBy = isOwn ? [access.service] : access.reachedBy
  for (const table of access.tables)
    for (const service of runBy)
      if (
        table.crossService &&
        table.owner !== service &&
        covered.has(service) &&
        (isOwn || table.op !== 'ddl')
      )
        ours.add(`${service} -> ${tableName(table)}`)
}
const crossings = { right: 0, missed: 0, open: 0, extra: 0 }
const labelled = new Set()
for (const label of labels.crossings) {
  const key = `${nameOf(label.from)} -> ${label.table}`
  labelled.add(key)
  const verdict = ours.has(key)
    ? 'right'
    : openTables.has(label.table)
      ? 'open'
      : label.certainty === 'debatable'
        ? null
        : 'missed'
  if (verdict) crossings[verdict]++
  if (verdict === 'missed') told.push(`missed      ${key}`)
}
const accepted = new Set([
  ...labelled,
  ...(labels.openAccesses ?? []).map(access => `${nameOf(access.service)} -> ${access.table}`),
])
for (const key of ours) {
  if (accepted.has(key)) continue
  crossings.extra++
  told.push(`extra       ${key}`)
}

if (flags.includes('--verbose')) for (const line of told) console.log(line)
console.log(
  `${labels.repository}: services ${labels.services.length - missing.length} of ${labels.services.length}; ` +
    `owners ${owners.right} right, ${owners.open} left open, ${owners.wrong} wrong; ` +
    `crossings ${crossings.right} right, ${crossings.open} of tables left open, ${crossings.missed} missed, ${crossings.extra} extra`,
)

function isLabelled(table, label) {
  if (label.schema !== undefined) return table.name === label.name && table.schema === label.schema
  return (
    table.name === label.table &&
    (label.database === undefined || table.datastore === label.database || label.database === null)
  )
}

/** Labels write the schema where there are several. */
function tableName({ table, schema, id }) {
  const label = labels.owners.find(each => each.schema !== undefined && each.name === table)
  if (!label) return table
  return `${schema ?? map.tables.find(each => each.id === id)?.schema}.${table}`
}
