import type { Statement } from './statements.js'

/** A comment that lets one statement be, as an example. */
const ALLOWANCE = '// seamripper-allow read patients -- the API is not there yet, until 2027-01-31'

/** The same for the first of these that a plain word names the table of: it can be copied. */
export function allowanceOf(statements: readonly Statement[]): string {
  const violation = statements.flat().find(({ table }) => table !== null && /^[\w./-]+$/.test(table))
  if (violation === undefined) return ALLOWANCE
  const { op, table, file } = violation
  const mark = file.endsWith('.sql') ? '--' : '//'
  return `${mark} seamripper-allow ${op} ${table} -- the API is not there yet, until 2027-01-31`
}

const MEND = '**Mend it**, as the message says.'
const OWNER = '**Correct the owner** under `owners` in `seamripper.yml`, if it is wrong.'

/**
 * What can be done about a violation, as a list in Markdown. It has to be enough by itself: where a report is read, there
 * is no guide.
 */
export function waysOn(isStrict: boolean): string {
  const ways = isStrict
    ? [MEND, OWNER]
    : [
        MEND,
        `**Say why it may stay**, by a comment above the statement (\`${ALLOWANCE}\`, in SQL with \`--\` in front), or under \`allow\` in \`seamripper.yml\`.`,
        OWNER,
        '**Accept it for now** with `seamripper baseline --write`: reviewers see the new lines of `seam-todo.yml`.',
      ]
  return ways.map((way, at) => `${at + 1}. ${way}`).join('\n')
}
