import type { Op } from '../../model.js'
import type { Token } from '../tokenizer.js'
import { readName } from './names.js'
import type { Walk } from './walk.js'

/** Where the reader of a statement's head stopped, and what follows there. */
export interface HeadEnd {
  next: number
  /** statement: a query or another statement. body: statements of a routine. rest: nothing that names tables. */
  follows: 'statement' | 'body' | 'rest'
}

type HeadReader = (walk: Walk, at: number) => HeadEnd

/**
 * Reads the head of a statement that is neither a query nor a change of rows: DDL, maintenance, COPY, LOCK,
 * SHOW. `at` is its verb. Null if the verb is none of these.
 */
export function readAdministration(walk: Walk, at: number): HeadEnd | null {
  const read = HEADS[walk.tokens[at]!.upper]
  return read ? read(walk, at) : null
}

const HEADS: Record<string, HeadReader | undefined> = {
  CREATE: readCreate,
  ALTER: readAlter,
  DROP: (walk, at) => readDrop(walk, at),
  RENAME: readRename,
  TRUNCATE: (walk, at) => list(walk, skip(walk, at + 1, 'TABLE', 'ONLY', 'IF', 'EXISTS'), 'write'),
  LOCK: readLock,
  COPY: readCopy,
  LOAD: readLoad,
  UNLOAD: (_walk, at) => ({ next: at + 1, follows: 'rest' }),
  DESCRIBE: readDescribe,
  DESC: readDescribe,
  EXPLAIN: readDescribe,
  SHOW: readShow,
  COMMENT: readComment,
  VACUUM: readMaintenance,
  ANALYZE: readMaintenance,
  ANALYSE: readMaintenance,
  OPTIMIZE: readMaintenance,
  REPAIR: readMaintenance,
  CHECK: (walk, at) => list(walk, skip(walk, at + 1, 'TABLE', 'TABLES'), 'read'),
  CHECKSUM: (walk, at) => list(walk, skip(walk, at + 1, 'TABLE', 'TABLES'), 'read'),
  CLUSTER: readMaintenance,
  REINDEX: readReindex,
  // `UPDATE STATISTICS t` of T-SQL; any other UPDATE is no administration.
  UPDATE: (walk, at) => list(walk, at + 2, 'ddl'),
  REFRESH: (walk, at) => list(walk, skip(walk, at + 1, 'MATERIALIZED', 'VIEW', 'CONCURRENTLY'), 'write'),
  PREPARE: readPrepare,
  DECLARE: readDeclare,
  DO: readDo,
  UNDROP: (walk, at) => list(walk, skip(walk, at + 1, 'TABLE'), 'ddl'),
  HANDLER: (walk, at) => list(walk, at + 1, 'read'),
  GRANT: readGrant,
  REVOKE: readGrant,
  DENY: readGrant,
  DISABLE: readTriggerSwitch,
  ENABLE: readTriggerSwitch,
  // No tables of its own in any of these; what stands in parentheses is read as usual.
  USE: rest,
  FETCH: rest,
  MOVE: rest,
  IMPORT: rest,
  CLOSE: rest,
  SAVEPOINT: rest,
  LISTEN: rest,
  NOTIFY: rest,
  KILL: rest,
  FLUSH: readFlush,
  ATTACH: rest,
  DETACH: rest,
  PRAGMA: readPragma,
}

function rest(_walk: Walk, at: number): HeadEnd {
  return { next: at + 1, follows: 'rest' }
}

/** Index of the delimiter that ends the statement at `at`. */
function endOf(walk: Walk, at: number): number {
  let i = at
  while (i < walk.to && walk.tokens[i]!.kind !== 'end') i++
  return i
}

/** Index after those of the given words that stand here, in any order. */
function skip(walk: Walk, at: number, ...words: string[]): number {
  let i = at
  while (i < walk.to && words.includes(walk.tokens[i]!.upper)) i++
  return i
}

/** `IF [NOT] EXISTS` */
const skipIfExists = (walk: Walk, at: number) =>
  walk.tokens[at]?.upper === 'IF' ? skip(walk, at + 1, 'NOT', 'EXISTS') : at

const isComma = (token: Token | undefined) => token?.kind === 'op' && token.value === ','
const opens = (token: Token | undefined) => token?.kind === 'op' && token.value === '('

/** Reads one table and adds it. Returns the index after it, or `at` if there is none. */
function table(walk: Walk, at: number, op: Op): number {
  const name = readName(walk.tokens, at, walk.to, walk.text, walk.dialect.name === 'bigquery')
  if (!name) return at
  walk.add(name, op)
  return name.next
}

/** `a, b [*], ONLY c`: one table or more. */
function list(walk: Walk, at: number, op: Op): HeadEnd {
  let i = at
  for (;;) {
    i = skip(walk, i, 'ONLY')
    const next = table(walk, i, op)
    if (next === i) break
    i = next
    if (walk.tokens[i]?.value === '*') i++
    if (opens(walk.tokens[i])) i = walk.afterParenthesis(i)
    if (i >= walk.to || !isComma(walk.tokens[i])) break
    i++
  }
  return { next: i, follows: 'rest' }
}

/** `RENAME TABLE a TO b, c TO d`; the other RENAMEs are of users. */
function readRename(walk: Walk, at: number): HeadEnd {
  let i = skip(walk, at + 1, 'TABLE', 'TABLES')
  if (i === at + 1) return rest(walk, at)
  i = skipIfExists(walk, i)
  for (;;) {
    i = table(walk, i, 'ddl')
    if (i >= walk.to || walk.tokens[i]?.upper !== 'TO') return { next: i, follows: 'rest' }
    const after = table(walk, i + 1, 'ddl')
    if (after === i + 1 || !isComma(walk.tokens[after])) return { next: after, follows: 'rest' }
    i = after + 1
  }
}

/** `GRANT SELECT, UPDATE ON t TO r`: privileges are named like verbs, and REVOKE has a FROM of its own. */
function readGrant(walk: Walk, at: number): HeadEnd {
  const to = find(walk, at + 1, 'TO', 'FROM')
  return { next: to < 0 ? endOf(walk, at) : Math.min(to + 2, walk.to), follows: 'rest' }
}

/** `DISABLE TRIGGER t ON a` of T-SQL */
function readTriggerSwitch(walk: Walk, at: number): HeadEnd {
  const on = walk.tokens[at + 1]?.upper === 'TRIGGER' ? find(walk, at + 2, 'ON') : -1
  const ofTable = on >= 0 && !['DATABASE', 'ALL'].includes(walk.tokens[on + 1]?.upper ?? '')
  return !ofTable ? rest(walk, at) : { next: table(walk, on + 1, 'ddl'), follows: 'rest' }
}

/** `FLUSH TABLES a, b WITH READ LOCK`: a lock, which reads (see `readLock`). */
function readFlush(walk: Walk, at: number): HeadEnd {
  const names = skip(walk, at + 1, 'LOCAL', 'NO_WRITE_TO_BINLOG')
  const i = skip(walk, names, 'TABLE', 'TABLES')
  return i === names || walk.tokens[i]?.upper === 'WITH' ? rest(walk, at) : list(walk, i, 'read')
}

const CREATE_MODIFIERS = new Set(
  `OR REPLACE GLOBAL LOCAL TEMP TEMPORARY UNLOGGED EXTERNAL TRANSIENT VIRTUAL FOREIGN UNIQUE FULLTEXT SPATIAL CLUSTERED
  NONCLUSTERED COLUMNSTORE RECURSIVE MATERIALIZED SECURE DYNAMIC HYBRID ICEBERG ALGORITHM DEFINER SQL SECURITY INVOKER UNDEFINED MERGE
  TEMPTABLE CONSTRAINT EDITIONABLE NONEDITIONABLE FORCE NO AGGREGATE ALTER LIVE WINDOW ONLINE OFFLINE BITMAP SNAPSHOT`.split(
    /\s+/,
  ),
)

/** Index of the word that says what is created: TABLE, VIEW, INDEX, TRIGGER, … */
function kindOfCreate(walk: Walk, at: number): number {
  let i = at
  while (i < walk.to) {
    const token = walk.tokens[i]!
    // `DEFINER = 'a'@'b'`, `ALGORITHM = MERGE`
    if (token.value === '=') i += 2
    else if (token.kind === 'placeholder' && token.value.startsWith('@')) i++
    else if (token.kind === 'op' && token.value === '@') i += 2
    else if (token.upper === 'CURRENT_USER')
      i = opens(walk.tokens[i + 1]) ? walk.afterParenthesis(i + 1) : i + 1
    else if (CREATE_MODIFIERS.has(token.upper) || (token.kind === 'hole' && !walk.tokens[i + 1]?.hole)) i++
    else break
  }
  return i
}

function readCreate(walk: Walk, at: number): HeadEnd {
  const kind = kindOfCreate(walk, at + 1)
  const word = walk.tokens[kind]?.upper ?? ''
  switch (word) {
    case 'TABLE':
      return readCreateTable(walk, skipIfExists(walk, kind + 1))
    case 'VIEW':
      return readCreateView(walk, skipIfExists(walk, kind + 1), isRecursive(walk, at, kind))
    case 'SCHEMA': {
      // `CREATE SCHEMA s CREATE TABLE …`
      const element = find(walk, kind + 1, 'CREATE')
      return element < 0 ? rest(walk, kind) : { next: element, follows: 'statement' }
    }
    case 'INDEX': {
      const on = find(walk, kind + 1, 'ON')
      return on < 0 ? rest(walk, kind) : list(walk, skip(walk, on + 1, 'ONLY'), 'ddl')
    }
    case 'STATISTICS':
      return { next: kind + 1, follows: 'rest' }
    case 'POLICY': {
      const on = find(walk, kind + 1, 'ON')
      return on < 0 ? rest(walk, kind) : { next: table(walk, on + 1, 'ddl'), follows: 'rest' }
    }
    case 'RULE': {
      // A condition may come before DO, with which the statement begins.
      const to = find(walk, kind + 1, 'TO')
      return to < 0 ? rest(walk, kind) : { next: table(walk, to + 1, 'ddl'), follows: 'rest' }
    }
    case 'TRIGGER':
      return readCreateTrigger(walk, kind)
    case 'PROCEDURE':
    case 'PROC':
    case 'FUNCTION':
    case 'EVENT':
      return readCreateRoutine(walk, kind)
    default:
      return { next: kind + 1, follows: 'rest' }
  }
}

const isRecursive = (walk: Walk, from: number, to: number) =>
  walk.tokens.slice(from, to).some(token => token.upper === 'RECURSIVE')

/** How far the head of a statement may reach, in tokens. A bound, so that hostile text stays linear. */
const LOOK_AHEAD = 1500

/** Index of a word before the end of the statement, skipping what stands in parentheses; or -1. */
function find(walk: Walk, at: number, ...words: string[]): number {
  const to = Math.min(walk.to, at + LOOK_AHEAD)
  for (let i = at; i < to; i++) {
    const token = walk.tokens[i]!
    if (token.kind === 'end') return -1
    if (opens(token)) {
      i = walk.afterParenthesis(i) - 1
      continue
    }
    if (token.kind === 'word' && words.includes(token.upper) && walk.tokens[i - 1]?.value !== '.') return i
  }
  return -1
}

function readCreateTable(walk: Walk, at: number): HeadEnd {
  let i = table(walk, at, 'ddl')
  while (i < walk.to) {
    const token = walk.tokens[i]!
    const next = walk.tokens[i + 1]
    if (token.kind === 'end') break
    // The next element of CREATE SCHEMA
    if (token.upper === 'CREATE') return { next: i, follows: 'statement' }
    if (walk.dialect.goBatches && isNextOfBatch(walk, i)) break
    if (token.upper === 'LIKE' || token.upper === 'CLONE') i = table(walk, i + 1, 'read')
    else if (token.upper === 'PARTITION' && next?.upper === 'OF') i = table(walk, i + 2, 'ddl')
    else if (token.upper === 'INHERITS' && opens(next)) i = list(walk, i + 2, 'read').next + 1
    else if (opens(token)) {
      // `CREATE TABLE t (SELECT …)` of MySQL
      if (next?.upper === 'SELECT' || next?.upper === 'WITH') return { next: i, follows: 'statement' }
      i = readTableElements(walk, i)
    } else if (token.upper === 'AS' && walk.dialect.name === 'clickhouse' && next && !isQueryStart(next)) {
      i = table(walk, i + 1, 'read')
    } else if (isQueryStart(token) && token.kind === 'word') return { next: i, follows: 'statement' }
    else if (token.upper === 'AS' && next && (isQueryStart(next) || opens(next)))
      return { next: i + 1, follows: 'statement' }
    else i++
  }
  return { next: i, follows: 'rest' }
}

/** Words that begin T-SQL's next statement where no semicolon ends a definition. */
const NEXT_OF_BATCH = new Set(
  'INSERT UPDATE DELETE MERGE SELECT EXEC EXECUTE IF ELSE END CREATE TRUNCATE DECLARE PRINT'.split(' '),
)

/** True for `INSERT …`, `DROP TABLE …` and the like; but `ON DELETE CASCADE`, `ALTER COLUMN`, `DROP CONSTRAINT`. */
function isNextOfBatch(walk: Walk, at: number): boolean {
  const { kind, upper } = walk.tokens[at]!
  const before = walk.tokens[at - 1]?.upper ?? ''
  if (kind !== 'word' || ['ON', ',', 'AS', 'COLUMN', 'CONSTRAINT'].includes(before)) return false
  if (upper === 'ALTER' || upper === 'DROP')
    return ['TABLE', 'VIEW'].includes(walk.tokens[at + 1]?.upper ?? '')
  return NEXT_OF_BATCH.has(upper)
}

/** `(LIKE a, x int, LIKE b INCLUDING ALL)`: only these of the elements name other tables. */
function readTableElements(walk: Walk, at: number): number {
  const end = walk.afterParenthesis(at)
  for (let i = at + 1; i < end; i++) {
    const before = walk.tokens[i - 1]
    if (opens(walk.tokens[i])) i = walk.afterParenthesis(i) - 1
    else if (walk.tokens[i]!.upper === 'LIKE' && (i === at + 1 || isComma(before))) table(walk, i + 1, 'read')
  }
  return end
}

const isQueryStart = (token: Token) =>
  ['SELECT', 'WITH', 'VALUES', 'TABLE', 'FROM', 'EXECUTE'].includes(token.upper)

function readCreateView(walk: Walk, at: number, isRecursive: boolean): HeadEnd {
  const view = isRecursive ? readName(walk.tokens, at, walk.to, walk.text) : null
  if (view) walk.hidden.add(view.name.toLowerCase())
  let i = table(walk, at, 'ddl')
  if (walk.tokens[i]?.upper === 'TO') i = table(walk, i + 1, 'write')
  const as = find(walk, i, 'AS')
  return as < 0 ? { next: i, follows: 'rest' } : { next: as + 1, follows: 'statement' }
}

function readCreateTrigger(walk: Walk, kind: number): HeadEnd {
  const on = find(walk, kind + 1, 'ON')
  if (on < 0) return rest(walk, kind)
  let i = table(walk, on + 1, 'ddl')
  // PostgreSQL: `EXECUTE FUNCTION f()`; T-SQL: `AS …`; MySQL and SQLite: `FOR EACH ROW …`, `BEGIN …`
  for (; i < walk.to; i++) {
    const token = walk.tokens[i]!
    if (opens(token)) {
      i = walk.afterParenthesis(i) - 1
      continue
    }
    if (token.upper === 'EXECUTE' || token.upper === 'EXEC') {
      const name = readName(walk.tokens, skip(walk, i + 1, 'FUNCTION', 'PROCEDURE'), walk.to, walk.text)
      if (name) walk.routine(name)
      return { next: name?.next ?? i + 1, follows: 'rest' }
    }
    if (token.upper === 'BEGIN' || (token.upper === 'AS' && walk.dialect.goBatches)) {
      // The changed rows, to triggers of T-SQL
      if (walk.dialect.goBatches) walk.hidden.add('inserted').add('deleted')
      return { next: i, follows: 'body' }
    }
    if (token.upper === 'ROW' && walk.tokens[i - 1]?.upper === 'EACH') {
      let next = i + 1
      if (['FOLLOWS', 'PRECEDES'].includes(walk.tokens[next]?.upper ?? '')) next += 2
      // A condition `WHEN (…)` before the function or the body
      if (walk.tokens[next]?.upper === 'WHEN' || walk.tokens[next]?.upper === 'EXECUTE') continue
      return { next, follows: 'body' }
    }
    // SQLite's condition needs no parentheses; the body begins where it ends.
    if (token.upper === 'WHEN' && !opens(walk.tokens[i + 1])) return { next: i, follows: 'body' }
  }
  return { next: i, follows: 'rest' }
}

/**
 * Head of a routine. A body in quotes (`AS $$ … $$`) is given to `walk.quotedBody`; one in the open
 * (`BEGIN …`, `AS SELECT …`, `RETURN …`) follows.
 */
function readCreateRoutine(walk: Walk, kind: number): HeadEnd {
  const name = readName(walk.tokens, skipIfExists(walk, kind + 1), walk.to, walk.text)
  let i = name?.next ?? kind + 1
  const sqlLanguage = find(walk, i, 'LANGUAGE')
  const language = sqlLanguage < 0 ? '' : (walk.tokens[sqlLanguage + 1]?.value ?? '').toLowerCase()
  for (; i < walk.to; i++) {
    const token = walk.tokens[i]!
    if (opens(token)) {
      i = walk.afterParenthesis(i) - 1
      continue
    }
    if (token.upper === 'AS' && walk.tokens[i + 1]?.kind === 'string') {
      if (language === '' || language === 'sql' || language === 'plpgsql')
        walk.quotedBody(walk.tokens[i + 1]!, language)
      return { next: i + 2, follows: 'rest' }
    }
    if (token.kind !== 'word') continue
    if (BODY_STARTS.has(token.upper)) return { next: i, follows: 'body' }
    if (token.upper === 'DO' && walk.tokens[kind]!.upper === 'EVENT') return { next: i + 1, follows: 'body' }
    // `RETURNS TABLE (…) AS …` and `SET x = …` of the head are passed over by going on.
    if (token.upper === 'AS' && (walk.dialect.goBatches || walk.dialect.name === 'unknown')) {
      return { next: i + 1, follows: 'body' }
    }
  }
  return { next: i, follows: 'rest' }
}

const BODY_STARTS = new Set([
  'BEGIN',
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'REPLACE',
  'CALL',
  'RETURN',
  'WITH',
  'IF',
  'CASE',
])

/** New name of the table just read, in the same schema. Returns the index of its last token. */
function renamed(walk: Walk, at: number): number {
  const before = walk.refs[walk.refs.length - 1]
  const next = table(walk, at, 'ddl')
  const ref = walk.refs[walk.refs.length - 1]
  if (before && ref && ref !== before) ref.schema ??= before.schema
  return next - 1
}

/** MySQL's `RENAME b`, unlike `RENAME COLUMN x TO y` and PostgreSQL's `RENAME x TO y`. */
function isRenamedTable(walk: Walk, at: number): boolean {
  if (!walk.dialect.versionComments || ['COLUMN', 'INDEX', 'KEY'].includes(walk.tokens[at]?.upper ?? ''))
    return false
  return walk.tokens[at + 1]?.upper !== 'TO'
}

const ALTERED = new Set(['TABLE', 'VIEW'])

function readAlter(walk: Walk, at: number): HeadEnd {
  const kind = kindOfCreate(walk, at + 1)
  const word = walk.tokens[kind]?.upper ?? ''
  if (word === 'PROCEDURE' || word === 'PROC' || word === 'FUNCTION') {
    return walk.dialect.goBatches ? readCreateRoutine(walk, kind) : rest(walk, kind)
  }
  if (['TRIGGER', 'POLICY', 'RULE'].includes(word) || (word === 'INDEX' && walk.dialect.goBatches)) {
    const on = find(walk, kind + 1, 'ON')
    return on < 0 ? rest(walk, kind) : { next: table(walk, on + 1, 'ddl'), follows: 'rest' }
  }
  if (word === 'EVENT') {
    const does = find(walk, kind + 1, 'DO')
    return does < 0 ? rest(walk, kind) : { next: does + 1, follows: 'body' }
  }
  if (!ALTERED.has(word)) return { next: kind + 1, follows: 'rest' }
  let i = skip(walk, kind + 1, 'IF', 'EXISTS', 'ONLY', 'ALL')
  // `ALTER TABLE ALL IN TABLESPACE …`
  if (walk.tokens[i]?.upper === 'IN') return rest(walk, i)
  i = table(walk, i, 'ddl')
  if (word === 'VIEW') {
    const as = find(walk, i, 'AS')
    if (as >= 0) return { next: as + 1, follows: 'statement' }
  }
  for (; i < walk.to && walk.tokens[i]!.kind !== 'end'; i++) {
    const token = walk.tokens[i]!
    const next = walk.tokens[i + 1]?.upper ?? ''
    if (walk.dialect.goBatches && isNextOfBatch(walk, i)) break
    if (opens(token)) i = walk.afterParenthesis(i) - 1
    else if (token.upper === 'RENAME' && (next === 'TO' || next === 'AS')) i = renamed(walk, i + 2)
    else if (token.upper === 'RENAME' && isRenamedTable(walk, i + 1)) {
      i = renamed(walk, i + 1)
    } else if (token.upper === 'SWAP' && next === 'WITH') i = table(walk, i + 2, 'ddl') - 1
    else if (token.upper === 'WITH' && next === 'TABLE') i = table(walk, i + 2, 'ddl') - 1
    else if ((token.upper === 'ATTACH' || token.upper === 'DETACH') && next === 'PARTITION') {
      if (walk.dialect.name !== 'clickhouse') i = table(walk, i + 2, 'ddl') - 1
      // `ADD CHECK (…) NO INHERIT` names no table.
    } else if (
      (token.upper === 'INHERIT' || (token.upper === 'NO' && next === 'INHERIT')) &&
      next !== '' &&
      !['NO', ')'].includes(walk.tokens[i - 1]?.upper ?? '')
    ) {
      i = table(walk, token.upper === 'NO' ? i + 2 : i + 1, 'ddl') - 1
    }
  }
  return { next: i, follows: 'rest' }
}

function readDrop(walk: Walk, at: number): HeadEnd {
  const kind = kindOfCreate(walk, at + 1)
  switch (walk.tokens[kind]?.upper) {
    case 'TABLE':
    case 'TABLES':
    case 'VIEW':
    case 'DICTIONARY':
      return list(walk, skipIfExists(walk, kind + 1), 'ddl')
    case 'INDEX':
    case 'TRIGGER':
    case 'POLICY':
    case 'RULE': {
      const on = find(walk, kind + 1, 'ON')
      return on < 0 ? rest(walk, kind) : { next: table(walk, on + 1, 'ddl'), follows: 'rest' }
    }
    default:
      return rest(walk, kind)
  }
}

/**
 * `LOCK TABLES a READ, b AS x WRITE` and `LOCK TABLE a, b IN SHARE MODE`. Whatever its mode, a lock changes no row:
 * it reads, so that it makes no service a writer of the table.
 */
function readLock(walk: Walk, at: number): HeadEnd {
  let i = skip(walk, at + 1, 'TABLE', 'TABLES', 'ONLY')
  if (i === at + 1 && walk.dialect.name !== 'postgresql') return rest(walk, at)
  while (i < walk.to) {
    const next = table(walk, i, 'read')
    if (next === i) break
    i = next
    while (i < walk.to && walk.tokens[i]!.kind !== 'end' && !isComma(walk.tokens[i])) i++
    if (!isComma(walk.tokens[i])) break
    i = skip(walk, i + 1, 'ONLY')
  }
  return { next: i, follows: 'rest' }
}

/** `COPY t (…) FROM …` writes, `COPY t TO …` reads, `COPY (query) TO …`; `COPY INTO t FROM @stage` (Snowflake). */
function readCopy(walk: Walk, at: number): HeadEnd {
  const i = skip(walk, at + 1, 'INTO', 'BINARY')
  if (opens(walk.tokens[i])) return { next: i, follows: 'statement' }
  const name = readName(walk.tokens, i, walk.to, walk.text)
  if (!name) return rest(walk, at)
  let next = name.next
  if (opens(walk.tokens[next])) next = walk.afterParenthesis(next)
  if (walk.tokens[at + 1]?.upper === 'INTO') {
    if (!name.variable) {
      walk.add(name, 'write')
      return { next, follows: 'rest' }
    }
    const from = find(walk, next, 'FROM')
    if (from < 0) return rest(walk, next)
    if (opens(walk.tokens[from + 1])) return { next: from + 1, follows: 'statement' }
    return { next: table(walk, from + 1, 'read'), follows: 'rest' }
  }
  walk.add(name, walk.tokens[next]?.upper === 'TO' ? 'read' : 'write')
  return { next, follows: 'rest' }
}

/** `LOAD DATA [LOCAL] INFILE '…' [REPLACE | IGNORE] INTO TABLE t`; but `LOAD INDEX INTO CACHE t` */
function readLoad(walk: Walk, at: number): HeadEnd {
  const into = walk.tokens[at + 1]?.upper === 'INDEX' ? -1 : find(walk, at + 1, 'INTO')
  if (into < 0) return rest(walk, at)
  return { next: table(walk, skip(walk, into + 1, 'TABLE'), 'write'), follows: 'rest' }
}

/** `EXPLAIN [ANALYZE] [VERBOSE] [FORMAT = x] [(…)] statement`, `EXPLAIN QUERY PLAN …`, `DESCRIBE t [column]` */
function readDescribe(walk: Walk, at: number): HeadEnd {
  let i = skip(
    walk,
    at + 1,
    'ANALYZE',
    'ANALYSE',
    'VERBOSE',
    'EXTENDED',
    'PARTITIONS',
    'QUERY',
    'PLAN',
    'FOR',
    'PIPELINE',
    'AST',
    'SYNTAX',
    'ESTIMATE',
    'FORMATTED',
  )
  if (walk.tokens[i]?.upper === 'FORMAT') {
    i += walk.tokens[i + 1]?.value === '=' ? 3 : 2
    i = skip(walk, i, 'ANALYZE')
  }
  if (
    opens(walk.tokens[i]) &&
    !isQueryStart(walk.tokens[i + 1] ?? walk.tokens[i]!) &&
    !opens(walk.tokens[i + 1])
  ) {
    i = walk.afterParenthesis(i)
  }
  const token = walk.tokens[i]
  if (!token || i >= walk.to) return rest(walk, at)
  const starts = [
    'SELECT',
    'WITH',
    'INSERT',
    'UPDATE',
    'DELETE',
    'REPLACE',
    'MERGE',
    'VALUES',
    'CREATE',
    'EXECUTE',
    'DECLARE',
    'REFRESH',
    'FROM',
  ]
  if (starts.includes(token.upper) || opens(token)) return { next: i, follows: 'statement' }
  // `EXPLAIN FOR CONNECTION 5`
  if (token.upper === 'CONNECTION' && walk.tokens[i - 1]?.upper === 'FOR') return rest(walk, i)
  i = skip(walk, i, 'TABLE', 'VIEW')
  return { next: table(walk, i, 'read'), follows: 'rest' }
}

/** `SHOW COLUMNS | INDEX FROM t [FROM db]`, `SHOW CREATE TABLE t`; the other SHOWs name no table. */
function readShow(walk: Walk, at: number): HeadEnd {
  const i = skip(walk, at + 1, 'FULL', 'EXTENDED')
  const word = walk.tokens[i]?.upper ?? ''
  if (word === 'CREATE' && ['TABLE', 'VIEW'].includes(walk.tokens[i + 1]?.upper ?? '')) {
    return { next: table(walk, i + 2, 'read'), follows: 'rest' }
  }
  if (['COLUMNS', 'FIELDS', 'INDEX', 'INDEXES', 'KEYS'].includes(word)) {
    if (!['FROM', 'IN'].includes(walk.tokens[i + 1]?.upper ?? '')) return rest(walk, at)
    const first = walk.refs.length
    const next = table(walk, i + 2, 'read')
    const ref = walk.refs[first]
    const database = readName(walk.tokens, next + 1, walk.to, walk.text)
    if (ref && database && ['FROM', 'IN'].includes(walk.tokens[next]?.upper ?? '')) {
      if (!database.unknown) ref.schema = database.name
    }
  }
  return { next: endOf(walk, i), follows: 'rest' }
}

/** `COMMENT ON TABLE t IS`, `COMMENT ON COLUMN t.c IS` */
function readComment(walk: Walk, at: number): HeadEnd {
  const i = skip(walk, at + 1, 'IF', 'EXISTS', 'ON', 'MATERIALIZED', 'FOREIGN')
  const kind = walk.tokens[i]?.upper
  const name = readName(walk.tokens, i + 1, walk.to, walk.text)
  if (!name) return rest(walk, at)
  if (kind === 'TABLE' || kind === 'VIEW') walk.add(name, 'ddl')
  else if (kind === 'COLUMN') {
    // The last part is the column.
    const of = readName(walk.tokens, i + 1, name.next - 2, walk.text)
    if (of) walk.add(of, 'ddl')
  } else if (kind === 'TRIGGER' || kind === 'CONSTRAINT' || kind === 'POLICY' || kind === 'RULE') {
    const on = find(walk, i + 1, 'ON')
    if (on >= 0 && walk.tokens[on + 1]?.upper !== 'DOMAIN') table(walk, on + 1, 'ddl')
  }
  return { next: endOf(walk, name.next), follows: 'rest' }
}

/**
 * Maintenance changes how a table is stored and no row of it, so it counts as ddl: MySQL runs OPTIMIZE as an ALTER,
 * PostgreSQL asks for the privilege to maintain the table, not for one to read or write it.
 */
function readMaintenance(walk: Walk, at: number): HeadEnd {
  let i = at + 1
  if (opens(walk.tokens[i])) i = walk.afterParenthesis(i)
  i = skip(walk, i, 'FULL', 'FREEZE', 'VERBOSE', 'ANALYZE', 'ANALYSE', 'LOCAL', 'NO_WRITE_TO_BINLOG', 'QUICK')
  if (walk.tokens[at]!.upper === 'ANALYZE' && walk.tokens[i]?.upper === 'SELECT')
    return { next: i, follows: 'statement' }
  // `VACUUM INTO 'file'` of SQLite
  if (walk.tokens[i]?.upper === 'INTO') return rest(walk, i)
  // `CLUSTER index ON t`, as it was written once
  if (walk.tokens[at]!.upper === 'CLUSTER' && walk.tokens[i + 1]?.upper === 'ON') i += 2
  return list(walk, skip(walk, i, 'TABLE', 'TABLES'), 'ddl')
}

function readReindex(walk: Walk, at: number): HeadEnd {
  let i = at + 1
  if (opens(walk.tokens[i])) i = walk.afterParenthesis(i)
  if (walk.tokens[i]?.upper !== 'TABLE') return rest(walk, i)
  return list(walk, skip(walk, i + 1, 'CONCURRENTLY'), 'ddl')
}

/** `PREPARE p AS statement`; MySQL: `PREPARE p FROM 'statement'` */
function readPrepare(walk: Walk, at: number): HeadEnd {
  const i = find(walk, at + 1, 'AS', 'FROM')
  if (i < 0) return rest(walk, at)
  if (walk.tokens[i]!.upper === 'AS') return { next: i + 1, follows: 'statement' }
  const literal = walk.tokens[i + 1]
  if (literal?.kind === 'string') walk.quotedStatement(literal.value, literal.start)
  return { next: i + 1, follows: 'rest' }
}

/** `DECLARE c CURSOR … FOR query`; any other declaration has no tables but in its default value. */
function readDeclare(walk: Walk, at: number): HeadEnd {
  const cursor = find(walk, at + 1, 'CURSOR')
  if (cursor >= 0) {
    const query = find(walk, cursor + 1, 'FOR')
    if (query >= 0) return { next: query + 1, follows: 'statement' }
  }
  const handler = find(walk, at + 1, 'HANDLER')
  if (handler >= 0) {
    const condition = find(walk, handler, 'FOUND', 'SQLEXCEPTION', 'SQLWARNING')
    if (condition >= 0) return { next: condition + 1, follows: 'body' }
  }
  return { next: at + 1, follows: 'rest' }
}

/** `DO [LANGUAGE x] $$ … $$` of PostgreSQL; `DO expression` of MySQL */
function readDo(walk: Walk, at: number): HeadEnd {
  for (let i = at + 1; i < walk.to && i < at + 4; i++) {
    const token = walk.tokens[i]!
    if (token.kind !== 'string') continue
    const named = find(walk, at + 1, 'LANGUAGE')
    const language = named < 0 ? 'plpgsql' : (walk.tokens[named + 1]?.value ?? '').toLowerCase()
    if (language === 'plpgsql' || language === 'sql') walk.quotedBody(token, language)
    return { next: i + 1, follows: 'rest' }
  }
  return rest(walk, at)
}

/** `PRAGMA table_info(t)` */
function readPragma(walk: Walk, at: number): HeadEnd {
  const name = readName(walk.tokens, at + 1, walk.to, walk.text)
  if (name && PRAGMAS_OF_TABLES.has(name.name.toLowerCase()) && opens(walk.tokens[name.next])) {
    const argument = walk.tokens[name.next + 1]
    if (argument?.kind === 'string') {
      walk.add(
        {
          name: argument.value,
          schema: null,
          unknown: argument.hole,
          variable: false,
          at: argument.start,
          next: 0,
        },
        'read',
      )
    } else table(walk, name.next + 1, 'read')
  }
  return { next: endOf(walk, at), follows: 'rest' }
}

const PRAGMAS_OF_TABLES = new Set(['table_info', 'table_xinfo', 'index_list', 'foreign_key_list'])
