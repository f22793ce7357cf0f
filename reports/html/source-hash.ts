import { createHash } from 'node:crypto'

/** How the policy of a page names a script or style of its own. */
export function sourceHash(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
