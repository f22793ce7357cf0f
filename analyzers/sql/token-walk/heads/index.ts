import type { Walk } from '../walk.js'
import { readAlter, readDrop, readRename } from './alter.js'
import { readCopy, readLoad } from './bulk.js'
import { readCreate } from './create.js'
import { readDeclare, readDo, readPrepare } from './embedded.js'
import { type HeadEnd, type HeadReader, list, rest, skip } from './head.js'
import { readDescribe, readPragma, readShow } from './inspect.js'
import { readFlush, readLock } from './lock.js'
import { readComment, readGrant, readMaintenance, readReindex } from './maintain.js'
import { readTriggerSwitch } from './routine.js'

/**
 * Reads the head of a statement that is neither a query nor a change of rows: DDL, maintenance, COPY, LOCK,
 * SHOW. `at` is its verb. Null if the verb is none of these.
 */
export function readHead(walk: Walk, at: number): HeadEnd | null {
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
  // `UPDATE STATISTICS t` of T-SQL; any other UPDATE changes rows.
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
  UNLISTEN: rest,
  NOTIFY: rest,
  KILL: rest,
  FLUSH: readFlush,
  ATTACH: rest,
  DETACH: rest,
  PRAGMA: readPragma,
}
