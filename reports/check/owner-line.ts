import type { Violation } from '../../analyzers/gate/index.js'
import { place } from '../text/words.js'

/** Whose the table is, and why. */
export function ownerLine({ table, owner, ownerEvidence }: Violation): string {
  const because = ownerEvidence === null ? '' : `: ${ownerEvidence.reason} (${place(ownerEvidence)})`
  return `${table} belongs to ${owner}${because}`
}
