/** Code that changes the session which it runs in: what runs after it depends on that. */

const TEXT = String.raw`(?:query|execute|raw|unsafe|run)\w*\s*(?:<[^>()]*>)?\(?\s*['"\`]\s*`
const SETTING = String.raw`SET\s+(?:SESSION|LOCAL|ROLE|NAMES|TIME\s+ZONE|time_zone|search_path|\w+\.\w+)\b`
const SETS = new RegExp(String.raw`\bset_config\s*\(|${TEXT}${SETTING}`, 'i')
const BEGINS = new RegExp(
  String.raw`${TEXT}(?:BEGIN|START\s+TRANSACTION)\b|\.(?:beginTransaction|startTransaction|begin)\s*\(`,
  'i',
)
const ENDS = /['"`]\s*(?:COMMIT|ROLLBACK|END)\b|\.(?:commit|rollback)\w*\s*\(/i

/** Whether code makes a setting of the session. */
export function setsSession(code: string): boolean {
  return SETS.test(code)
}

/** Whether code begins a transaction. */
export function beginsTransaction(code: string): boolean {
  return BEGINS.test(code)
}

/** Whether code ends one. */
export function endsTransaction(code: string): boolean {
  return ENDS.test(code)
}
