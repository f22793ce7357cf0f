/** Plain rules: what kind of crossing asks for what. */
import { type Crossing, groupBy, isJoined, orderBy } from '../../analyzers/graph/index.js'
import { listed } from '../../analyzers/listed.js'
import type { Access, DependencyMap, ForeignKey } from '../../analyzers/model.js'
import { count } from '../text/words.js'
import type { Advice, Place } from './explanation.js'

/** What to do about crossings, by owner: joins, reads, writes, definitions; then the transactions that would break. */
export function adviceFor(crossings: Crossing[]): Advice[] {
  return [...groupBy(crossings, crossing => crossing.owner)]
    .sort(orderBy(([owner]) => owner))
    .flatMap(([owner, all]) => {
      const joins = all.filter(isReadBeside)
      const fetched = all.filter(crossing => crossing.read && !isReadBeside(crossing))
      const copies = fetched.filter(
        ({ access, join }) =>
          join &&
          access.tables.some(used => used.op === 'write' && used.owner !== owner && isJoined(access, used)),
      )
      const reads = fetched.filter(crossing => !copies.includes(crossing))
      const writes = all.filter(crossing => crossing.write)
      const ddl = all.filter(crossing => crossing.ddl)
      return [
        ...advise(
          'join',
          joins,
          tables =>
            `Split the join with ${tables} of ${owner}: query the other tables alone and get these rows by their keys from the API of ${owner}, or ask ${owner} for an endpoint that answers the whole question.`,
        ),
        ...advise(
          'read',
          reads,
          tables =>
            `Read ${tables} through an API client of ${owner} instead of SQL; cache what seldom changes.`,
        ),
        ...advise(
          'copy',
          copies,
          tables =>
            `Get the rows of ${tables} from the API of ${owner} first, then write what comes of them by a statement that names no table of ${owner}.`,
        ),
        ...advise(
          'write',
          writes,
          tables => `Let ${owner} write ${tables}: call its API, or publish an event that it handles.`,
        ),
        ...advise(
          'ddl',
          ddl,
          tables => `Move what defines or changes ${tables} to the migrations of ${owner}.`,
        ),
      ]
    })
    .concat(transactionAdvice(crossings))
}

/**
 * Whether the statement brings the crossed table's rows together with those of another owner. `INSERT … SELECT` reads
 * in one place and writes in another: there is no join to split.
 */
function isReadBeside({ read, join, access }: Crossing): boolean {
  const owners = access.tables
    .filter(used => used.op === 'read' && !used.system && isJoined(access, used))
    .map(({ owner }) => owner)
  return read && join && new Set(owners).size > 1
}

function advise(rule: Advice['rule'], crossings: Crossing[], text: (tables: string) => string): Advice[] {
  if (crossings.length === 0) return []
  const tables = [...new Set(crossings.map(crossing => crossing.table))].sort()
  return [{ rule, text: text(listed(tables)), places: placesOf(crossings) }]
}

function transactionAdvice(crossings: Crossing[]): Advice[] {
  const inside = crossings.filter(({ write, access }) => write && access.transaction !== null)
  return [...groupBy(inside, ({ access }) => access.transaction!)].map(([begin, group]) => ({
    rule: 'transaction',
    text: `${count(new Set(group.map(({ access }) => access)).size, 'write')} to tables of ${listed([...new Set(group.map(({ owner }) => owner))])} ${group.length === 1 ? 'is' : 'are'} part of the transaction that begins at ${begin}. A call or an event can't be rolled back with it: make it idempotent, send it after the commit (an outbox), and say how to undo it.`,
    places: placesOf(group),
  }))
}

/** Cross-service foreign keys: the database can't hold them once the tables lie apart. */
export function foreignKeyAdvice(keys: ForeignKey[]): Advice[] {
  const crossing = keys.filter(key => key.crossService)
  if (crossing.length === 0) return []
  return [
    {
      rule: 'foreign-key',
      text: `Drop ${crossing.length === 1 ? 'the foreign key' : `${crossing.length} foreign keys`} between tables of two services before the tables part: keep the column as a plain id, and check it when the row is written.`,
      places: crossing.map(({ file, line }) => ({ file, line })),
    },
  ]
}

/** Tables without an owner: crossings can't be told until it is set. `services` are the likely ones. */
export function openOwnerAdvice(tables: string[], services: string[]): Advice[] {
  if (tables.length === 0) return []
  const [first = 'name-of-the-service', ...others] = services
  const comment = others.length > 0 ? `  # or ${others.join(', ')}` : ''
  const entries = tables.map(table => `  ${yamlScalar(table)}: ${yamlScalar(first)}${comment}`)
  return [
    {
      rule: 'open-owner',
      text: `Set the owner in seamripper.yml ("seamripper init" writes one):\nowners:\n${entries.join('\n')}`,
      places: [],
    },
  ]
}

/** Each place once, by file and line. */
export function placesOf(crossings: { access: Place }[]): Place[] {
  const places = new Map(crossings.map(({ access: { file, line } }) => [`${file}:${line}`, { file, line }]))
  return [...places.values()].sort(
    orderBy(
      place => place.file,
      place => place.line,
    ),
  )
}

/** A YAML scalar, quoted if it has to be. */
function yamlScalar(text: string): string {
  return /^[A-Za-z_][\w./-]*$/.test(text) ? text : JSON.stringify(text)
}

/** That nothing is seen to run the file of these accesses. */
export function unusedAdvice(map: DependencyMap, accesses: Access[]): Advice[] {
  const unused = map.unusedFiles.find(({ file }) => accesses.some(access => access.file === file))
  if (unused === undefined) return []
  const importers =
    unused.importedBy.length === 0
      ? 'no import, manifest or text of the repository names it'
      : `only ${listed(unused.importedBy)} import${unused.importedBy.length === 1 ? 's' : ''} it, which nothing runs either`
  return [
    {
      rule: 'unused',
      text: `Nothing is seen to run ${unused.file}: ${importers}. Delete it if it is dead, rather than rewrite it.`,
      places: [{ file: unused.file, line: 1 }],
    },
  ]
}
