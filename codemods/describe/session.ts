/** What ties a statement to its connection, its user or its moment: it can't be run by someone else, elsewhere. */
import { Refusal } from '../site/refusal.js'
import { tokensOf } from '../sql/read.js'
import type { RewriteDialect } from '../wire.js'

const FUNCTIONS = new Set(
  `LAST_INSERT_ID FOUND_ROWS ROW_COUNT CONNECTION_ID GET_LOCK RELEASE_LOCK SLEEP USER CURRENT_USER SESSION_USER
  SYSTEM_USER DATABASE SCHEMA CURRENT_DATABASE CURRENT_SCHEMA CURRENT_SETTING SET_CONFIG CURRVAL LASTVAL NEXTVAL SETVAL
  PG_ADVISORY_LOCK PG_ADVISORY_XACT_LOCK PG_TRY_ADVISORY_LOCK PG_TRY_ADVISORY_XACT_LOCK PG_NOTIFY PG_SLEEP TXID_CURRENT
  PG_BACKEND_PID LOAD_FILE PG_READ_FILE DBLINK`.split(/\s+/),
)
/** Without parentheses, too. */
const WORDS = new Set(['CURRENT_USER', 'SESSION_USER', 'SQL_CALC_FOUND_ROWS', 'OUTFILE', 'DUMPFILE'])

/** @throws Refusal */
export function refuseSessionState(text: string, dialect: RewriteDialect): void {
  const tokens = tokensOf(text, dialect)
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'placeholder' && token.value.startsWith('@')) {
      throw new Refusal(`it uses the variable \`${token.value}\` of its connection`)
    }
    if (token.kind !== 'word') continue
    const isCalled = tokens[at + 1]?.value === '('
    if (WORDS.has(token.upper) || (isCalled && FUNCTIONS.has(token.upper))) {
      throw new Refusal(
        `it uses \`${token.upper}\`, which depends on its connection`,
        'give the owner one operation that does all that belongs together',
      )
    }
  }
}
