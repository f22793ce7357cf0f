import type { StaleEntry } from '../../analyzers/gate/index.js'
import { listed as inWords } from '../../analyzers/listed.js'
import { number } from '../text/words.js'

type Reason = StaleEntry['reasons'][number]

/** What a stale entry is about: `read shop/customers in services/orders/src/index.ts`. */
export function staleUse({ op, table, source }: StaleEntry): string {
  return `${table === null ? op : `${op} ${table}`} in ${source}`
}

/** What became of it, as the rest of a sentence that begins with what it is about. */
export function staleFate({ service, listed, found, reasons }: StaleEntry): string {
  const [first, ...others] = reasons
  if (found === 0 && first !== undefined && others.length === 0) return wholly(first, service)
  const change = `is down from ${number(listed)} to ${number(found)}`
  if (others.length === 0 && (first === undefined || first.reason === 'mended')) return change
  return `${change}: ${inWords(reasons.map(each => `${number(each.count)} ${partly(each, service)}`))}`
}

/** True if it is off the baseline by `--prune`, and that is all: of what may be there still, elsewhere, a hint tells. */
export function isGone({ reasons }: StaleEntry): boolean {
  return !reasons.some(({ reason }) => reason === 'moved' || reason === 'other-database')
}

/** What to do about it, as one sentence. */
export function staleAdvice(entry: StaleEntry): string {
  if (isGone(entry)) return '"seamripper baseline --prune" takes it off.'
  return entry.reasons.some(({ reason }) => reason === 'moved')
    ? '"seamripper baseline --write" lists it at its new place, and accepts all else that is new.'
    : `If ${entry.service} did not move to that database, say in seamripper.yml which one it connects to; if it did, "seamripper baseline --prune" takes it off.`
}

function wholly({ reason, to }: Reason, service: string): string {
  switch (reason) {
    case 'mended':
      return 'is mended'
    case 'moved':
      return `is in ${to} now, as it seems`
    case 'allowed':
      return 'is allowed now'
    case 'rule-off':
      return 'is forbidden by no rule that is on'
    case 'own-table':
      return `is no crossing any more: the table belongs to ${service} now`
    case 'other-database':
      return `is in another database now, as it seems: ${to}`
    case 'open-owner':
      return 'is no crossing for sure any more: the owner of the table is open now'
    default:
      return `is a ${reason} now`
  }
}

function partly({ reason, to }: Reason, service: string): string {
  switch (reason) {
    case 'mended':
      return 'mended'
    case 'moved':
      return `probably in ${to} now`
    case 'allowed':
      return 'allowed now'
    case 'rule-off':
      return 'by a rule that is off'
    case 'own-table':
      return `of a table that belongs to ${service} now`
    case 'other-database':
      return `probably of ${to} now, in another database`
    case 'open-owner':
      return 'of a table whose owner is open now'
    default:
      return `now a ${reason}`
  }
}
