import { nothingTold } from '../told.js'
import type { ConnectionFact, SettingsFile } from '../types.js'

/** A connection of a file of which nothing is known yet. */
export function noConnection(file: Pick<SettingsFile, 'path' | 'owner'>, line: number): ConnectionFact {
  return {
    file: file.path,
    line,
    openedAt: null,
    owner: file.owner,
    name: null,
    driver: null,
    ...nothingTold(),
  }
}

/** `$NAME`, `${NAME}`, `${NAME:-default}`, `env:NAME` as the whole of a value: a reference, not a text. */
export function environmentReference(value: string): { name: string; fallback: string | null } | null {
  const match = /^(?:\$\{?([A-Za-z_]\w*)(?::?-([^}]*))?\}?|env:([A-Za-z_]\w*))$/.exec(value.trim())
  if (!match) return null
  return { name: (match[1] ?? match[3])!, fallback: match[2] ?? null }
}
