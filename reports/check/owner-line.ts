import type { Violation } from '../../analyzers/gate/index.js'
import { place } from '../text/words.js'

/** Whose the table is, and why. */
export function ownerLine({ table, owner, ownerEvidence }: Violation): string {
  const because = ownerEvidence === null ? '' : `: ${ownerEvidence.reason} (${place(ownerEvidence)})`
  return `${table} belongs to ${owner}${because}`
}

/** Why the table is its owner's, as a sentence behind one that says whose it is. Null where that is not known. */
export function ownerReason({ table, owner, ownerEvidence }: Violation): string | null {
  if (owner === null || ownerEvidence === null) return null
  return `Owner of ${table}: ${ownerEvidence.reason} (${place(ownerEvidence)}).`
}
