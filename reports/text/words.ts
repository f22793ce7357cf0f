import type { Tally } from '../../analyzers/graph/index.js'
import type { Coverage, DependencyMap } from '../../analyzers/model.js'

/** A whole number with thousands separated: `12,345`. By hand, for to load the tables of locales takes 12 ms. */
export function number(value: number): string {
  return String(value).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** A number with its noun: `1 table`, `2 tables`, `3 accesses`. */
export function count(value: number, singular: string, plural = `${singular}s`): string {
  return `${number(value)} ${value === 1 ? singular : plural}`
}

/** `3 reads, 1 write, 2 joins`: what is not zero. */
export function operations(of: Omit<Tally, 'accesses'>): string {
  return [
    of.reads > 0 ? count(of.reads, 'read') : '',
    of.writes > 0 ? count(of.writes, 'write') : '',
    of.ddl > 0 ? `${number(of.ddl)} DDL` : '',
    of.joins > 0 ? count(of.joins, 'join') : '',
  ]
    .filter(part => part !== '')
    .join(', ')
}

/** With a capital at its beginning. */
export function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

/** The first items, and how many there are more: `a, b, and 7 more`. */
export function first(items: string[], most: number, separator = ', '): string {
  const hidden = items.length - most
  return items.slice(0, most).join(separator) + (hidden > 0 ? `${separator}and ${number(hidden)} more` : '')
}

/** How many files were left out, and why: `31 tests, 1 compiled twin`. */
export function leftOutFiles({ leftOut }: Coverage): { total: number; reasons: string } {
  const counted = Object.entries(leftOut).filter(([, files]) => files > 0)
  const reasons = counted.map(([reason, files]) => {
    const words = reason.replace(/(?<=[a-z])[A-Z]/g, letter => ` ${letter.toLowerCase()}`)
    return `${number(files)} ${files === 1 ? words.replace(/s$/, '') : words}`
  })
  return { total: counted.reduce((sum, [, files]) => sum + files, 0), reasons: reasons.join(', ') }
}

/** What reaches tables beside the map, in a few words; null if nothing is known to. Diagnostics say more. */
export function notReadWords({ diagnostics }: DependencyMap): string | null {
  const packages = diagnostics.filter(({ code }) => code === 'not-read').length
  return packages === 0
    ? null
    : `what ${count(packages, 'package')} ${packages === 1 ? 'does' : 'do'} without SQL text`
}

/** `shop (mysql)`; the name alone where the dialect is not known. */
export function withDialect({ id, dialect }: DependencyMap['datastores'][number], name = id): string {
  return dialect === 'unknown' ? name : `${name} (${dialect})`
}

/** `file:line`, as editors and `explain` take it. */
export function place(at: { file: string; line: number }): string {
  return `${at.file}:${at.line}`
}
