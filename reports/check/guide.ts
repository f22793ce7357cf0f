import type { CheckContext } from './report.js'

/** Address of the guide of this version, as the package holds it. */
export function guide({ version }: Pick<CheckContext, 'version'>): string {
  return `https://unpkg.com/seamripper@${version}/docs/gate.md`
}
